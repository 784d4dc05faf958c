"""The exercises of notebook 15: right answers pass, each wrong one is told its mistake."""
from exercise_answers import (  # noqa: F401  pytest finds them here
    pytest_generate_tests,
    test_a_right_answer_passes,
    test_a_stub_is_told_not_yet,
    test_a_wrong_answer_is_told_its_mistake,
    test_each_known_mistake_is_told_by_its_own_name,
)
from solutions import nb15 as answers

from rnnlib.check import nb15

EXERCISES = [
    (nb15.encode, answers.ENCODE_RIGHT, answers.ENCODE_WRONG),
    (nb15.first_input, answers.FIRST_INPUT_RIGHT, answers.FIRST_INPUT_WRONG),
    (nb15.caption_loss, answers.CAPTION_LOSS_RIGHT, answers.CAPTION_LOSS_WRONG),
    (nb15.invented, answers.INVENTED_RIGHT, answers.INVENTED_WRONG),
]
CASES = [nb15.ENCODE_CASES, nb15.FIRST_INPUT_CASES, nb15.CAPTION_LOSS_CASES, nb15.INVENTED_CASES]
