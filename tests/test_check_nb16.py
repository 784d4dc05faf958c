"""The exercises of notebook 16: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb16 as answers

from rnnlib.check import nb16, nb16_cells
from rnnlib.check.core import judge

EXERCISES = [
    (nb16.fold, answers.FOLD_RIGHT, answers.FOLD_WRONG),
    (nb16.levels, answers.LEVELS_RIGHT, answers.LEVELS_WRONG),
    (nb16.chain_tree, answers.CHAIN_RIGHT, answers.CHAIN_WRONG),
    (nb16.gated, answers.GATED_RIGHT, answers.GATED_WRONG),
    (nb16.tree_lstm, answers.TREE_LSTM_RIGHT, answers.TREE_LSTM_WRONG),
]
CASES = [nb16.FOLD_CASES, nb16.LEVELS_CASES, nb16.CHAIN_CASES, nb16_cells.GATED_CASES,
         nb16_cells.TREE_LSTM_CASES]


def named(row):
    """A short name for a case of pytest."""
    return row.__name__ if callable(row) else str(row)[:40].replace(" ", "_")


@pytest.mark.parametrize(
    "check, function", [(check, f) for check, right, _ in EXERCISES for f in right], ids=named)
def test_a_right_answer_passes(check, function):
    report = check(function)
    assert report.passed, report


@pytest.mark.parametrize(
    "check, function, message",
    [(check, function, message) for check, _, wrong in EXERCISES for function, message in wrong],
    ids=named)
def test_a_wrong_answer_is_told_its_mistake(check, function, message):
    report = check(function)
    told = repr(report).split("known mistake: ", 1)[-1].split("\n")[0]
    assert not report.passed and message in told, report


@pytest.mark.parametrize("check", [check for check, _, _ in EXERCISES], ids=named)
def test_a_stub_is_told_not_yet(check):
    def stub(*arguments):
        raise NotImplementedError

    assert repr(check(stub)).startswith("not yet")


@pytest.mark.parametrize("cases", CASES, ids=lambda cases: cases[0].name.replace(" ", "_"))
def test_each_known_mistake_is_told_by_its_own_name(cases):
    """No earlier mistake in the list gives the same value in every case that shows it."""
    for what, mistake in cases[0].mistakes:
        said = [line for case in cases for line in judge(mistake, case, 5.0)[1]]
        assert f"known mistake: {what}" in said, (what, said)
