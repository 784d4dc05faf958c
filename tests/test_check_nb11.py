"""The exercises of notebook 11: right answers pass, each wrong one is told its mistake."""
from exercise_answers import (  # noqa: F401  pytest finds them here
    pytest_generate_tests,
    test_a_right_answer_passes,
    test_a_stub_is_told_not_yet,
    test_a_wrong_answer_is_told_its_mistake,
    test_each_known_mistake_is_told_by_its_own_name,
)
from solutions import nb11 as answers

from rnnlib.check import nb11, nb11_pieces

EXERCISES = [
    (nb11.unknown, answers.UNKNOWN_RIGHT, answers.UNKNOWN_WRONG),
    (nb11.convolve, answers.CONVOLVE_RIGHT, answers.CONVOLVE_WRONG),
    (nb11.ends, answers.ENDS_RIGHT, answers.ENDS_WRONG),
    (nb11.merge, answers.MERGE_RIGHT, answers.MERGE_WRONG),
    (nb11.bits, answers.BITS_RIGHT, answers.BITS_WRONG),
    (nb11.columns, answers.COLUMNS_RIGHT, answers.COLUMNS_WRONG),
]
CASES = [nb11.UNKNOWN_CASES, nb11.CONVOLVE_CASES, nb11.ENDS_CASES, nb11_pieces.MERGE_CASES,
         nb11_pieces.BITS_CASES, nb11_pieces.COLUMNS_CASES]
