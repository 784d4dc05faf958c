"""The exercises of notebook 13: right answers pass, each wrong one is told its mistake."""
from exercise_answers import (  # noqa: F401  pytest finds them here
    pytest_generate_tests,
    test_a_right_answer_passes,
    test_a_stub_is_told_not_yet,
    test_a_wrong_answer_is_told_its_mistake,
    test_each_known_mistake_is_told_by_its_own_name,
)
from solutions import nb13 as answers

from rnnlib.check import nb13, nb13_looking

EXERCISES = [
    (nb13.attend, answers.ATTEND_RIGHT, answers.ATTEND_WRONG),
    (nb13.step, answers.STEP_RIGHT, answers.STEP_WRONG),
    (nb13.scores, answers.SCORES_RIGHT, answers.SCORES_WRONG),
    (nb13.crossings, answers.CROSSINGS_RIGHT, answers.CROSSINGS_WRONG),
    (nb13.cover, answers.COVER_RIGHT, answers.COVER_WRONG),
]
CASES = [nb13.ATTEND_CASES, nb13_looking.STEP_CASES, nb13.SCORES_CASES, nb13.CROSSINGS_CASES,
         nb13_looking.COVER_CASES]
