"""The exercises of notebook 01: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb01 as answers

from rnnlib.check import nb01, nb01_windows
from rnnlib.check.core import judge

EXERCISES = [
    (nb01.score, answers.SCORE_RIGHT, answers.SCORE_WRONG),
    (nb01.windows, answers.WINDOWS_RIGHT, answers.WINDOWS_WRONG),
    (nb01.weights, answers.WEIGHTS_RIGHT, answers.WEIGHTS_WRONG),
    (nb01.ngrams, answers.NGRAMS_RIGHT, answers.NGRAMS_WRONG),
    (nb01.first, answers.FIRST_RIGHT, answers.FIRST_WRONG),
]
CASES = [nb01.SCORE_CASES, nb01_windows.WINDOW_CASES, nb01_windows.WEIGHT_CASES,
         nb01_windows.NGRAM_CASES, nb01_windows.FIRST_CASES]


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
    assert not report.passed and message in told(report), report


def told(report):
    """The known mistake that a report names."""
    return repr(report).split("known mistake: ", 1)[-1].split("\n")[0]


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
        said = [line for case in cases for line in judge(mistake, case, 5.0, cases)[1]]
        assert f"known mistake: {what}" in said, (what, said)
