"""The exercises of notebook 12: right answers pass, each wrong one is told its mistake."""
from exercise_answers import (  # noqa: F401  pytest finds them here
    pytest_generate_tests,
    test_a_right_answer_passes,
    test_a_stub_is_told_not_yet,
    test_a_wrong_answer_is_told_its_mistake,
    test_each_known_mistake_is_told_by_its_own_name,
)
from solutions import nb12 as answers

from rnnlib.check import nb12, nb12_context

EXERCISES = [
    (nb12.row, answers.ROW_RIGHT, answers.ROW_WRONG),
    (nb12.handed_over, answers.HANDED_RIGHT, answers.HANDED_WRONG),
    (nb12.forced_loss, answers.FORCED_RIGHT, answers.FORCED_WRONG),
    (nb12.at_every_step, answers.EVERY_RIGHT, answers.EVERY_WRONG),
]
CASES = [nb12.ROW_CASES, nb12_context.HANDED_CASES, nb12.FORCED_CASES, nb12_context.EVERY_CASES]
