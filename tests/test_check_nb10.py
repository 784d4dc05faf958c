"""The exercises of notebook 10: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb10 as answers

from rnnlib.check import nb10, nb10_units
from rnnlib.check.core import judge

EXERCISES = [
    (nb10.lstm, answers.LSTMS, answers.WRONG_LSTMS),
    (nb10.mend, answers.MENDED, answers.WRONG_MENDED),
    (nb10.share, answers.SHARES, answers.WRONG_SHARES),
    (nb10.gru, answers.GRUS, answers.WRONG_GRUS),
    (nb10.parameters, answers.COUNTS, answers.WRONG_COUNTS),
]
CASES = [nb10_units.LSTM_CASES, nb10_units.GRU_CASES, nb10.SHARE_CASES, nb10.COUNT_CASES,
         nb10.PUBLISHED_CASES]


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
    assert not report.passed and message in repr(report), report


@pytest.mark.parametrize("check", [check for check, _, _ in EXERCISES], ids=named)
def test_a_stub_is_told_not_yet(check):
    def stub(*arguments):
        raise NotImplementedError

    assert repr(check(stub)).startswith("not yet")


@pytest.mark.parametrize("cases", CASES, ids=lambda cases: cases[0].name.replace(" ", "_"))
def test_no_known_mistake_passes_every_case(cases):
    for what, mistake in cases[0].mistakes:
        verdicts = [judge(mistake, case, 5.0)[0] for case in cases]
        assert "does not hold" in verdicts, what


@pytest.mark.parametrize("cases", CASES, ids=lambda cases: cases[0].name.replace(" ", "_"))
def test_each_known_mistake_is_told_by_its_own_name(cases):
    """No earlier mistake in the list gives the same numbers in the case that shows it first."""
    for what, mistake in cases[0].mistakes:
        said = [line for case in cases for line in judge(mistake, case, 5.0)[1]]
        assert f"known mistake: {what}" in said, (what, said)
