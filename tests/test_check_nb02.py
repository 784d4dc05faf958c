"""The exercises of notebook 02: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb02 as answers

from rnnlib.check import nb02
from rnnlib.check.core import judge

EXERCISES = [
    (nb02.step, answers.STEPS, answers.WRONG_STEPS),
    (nb02.forward, answers.FORWARDS, answers.WRONG_FORWARDS),
    (nb02.parameters, answers.COUNTS, answers.WRONG_COUNTS),
    (nb02.slope, answers.SLOPES, answers.WRONG_SLOPES),
    (nb02.new_state, answers.STATES, answers.WRONG_STATES),
]


def named(row):
    """A short name for a case of pytest."""
    return row.__name__ if callable(row) else str(row)[:40].replace(" ", "_")


def names_given(report):
    """The known mistakes that a report names."""
    lines = repr(report).split("\n")
    return {line.split("known mistake: ")[1] for line in lines if "known mistake" in line}


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
    assert len(names_given(report)) <= 1, report


@pytest.mark.parametrize("check", [check for check, _, _ in EXERCISES], ids=named)
def test_a_stub_is_told_not_yet(check):
    def stub(*arguments):
        raise NotImplementedError

    assert repr(check(stub)).startswith("not yet")


CASES = [nb02.STEP_CASES, nb02.FORWARD_CASES, nb02.COUNT_CASES, nb02.SLOPE_CASES, nb02.STATE_CASES]


@pytest.mark.parametrize("cases", CASES, ids=lambda cases: cases[0].name.replace(" ", "_"))
def test_no_known_mistake_passes_every_case(cases):
    for what, mistake in cases[0].mistakes:
        verdicts = [judge(mistake, case, 5.0)[0] for case in cases]
        assert "does not hold" in verdicts, what


def test_a_slope_that_is_a_known_mistake_at_zero_alone_gets_no_name():
    assert names_given(nb02.slope(lambda h: -2 * h)) == set()
