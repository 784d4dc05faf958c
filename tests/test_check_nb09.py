"""The exercises of notebook 09: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb09 as answers

from rnnlib.check import nb09
from rnnlib.check.core import judge

EXERCISES = [
    (nb09.jacobian, answers.JACOBIANS, answers.WRONG_JACOBIANS),
    (nb09.product, answers.PRODUCTS, answers.WRONG_PRODUCTS),
    (nb09.reach, answers.REACHES, answers.WRONG_REACHES),
    (nb09.clip, answers.CLIPS, answers.WRONG_CLIPS),
    (nb09.pairs, answers.PAIRS, answers.WRONG_PAIRS),
]


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


CASES = [
    nb09.JACOBIAN_CASES, nb09.PRODUCT_CASES, nb09.REACH_CASES, nb09.CLIP_CASES, nb09.PAIRS_CASES]


@pytest.mark.parametrize("cases", CASES, ids=lambda cases: cases[0].name.replace(" ", "_"))
def test_no_known_mistake_passes_every_case(cases):
    for what, mistake in cases[0].mistakes:
        verdicts = [judge(mistake, case, 5.0)[0] for case in cases]
        assert "does not hold" in verdicts, what
