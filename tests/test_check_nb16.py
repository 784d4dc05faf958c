"""The exercises of notebook 16: right answers pass, each wrong one is told its mistake."""
from exercise_answers import (  # noqa: F401  pytest finds them here
    pytest_generate_tests,
    test_a_right_answer_passes,
    test_a_stub_is_told_not_yet,
    test_a_wrong_answer_is_told_its_mistake,
    test_each_known_mistake_is_told_by_its_own_name,
)
from solutions import nb16 as answers

from rnnlib.check import nb16, nb16_cells

EXERCISES = [
    (nb16.fold, answers.FOLD_RIGHT, answers.FOLD_WRONG),
    (nb16.levels, answers.LEVELS_RIGHT, answers.LEVELS_WRONG),
    (nb16.chain_tree, answers.CHAIN_RIGHT, answers.CHAIN_WRONG),
    (nb16.gated, answers.GATED_RIGHT, answers.GATED_WRONG),
    (nb16.tree_lstm, answers.TREE_LSTM_RIGHT, answers.TREE_LSTM_WRONG),
]
CASES = [nb16.FOLD_CASES, nb16.LEVELS_CASES, nb16.CHAIN_CASES, nb16_cells.GATED_CASES,
         nb16_cells.TREE_LSTM_CASES]
