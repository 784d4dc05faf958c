"""The exercises of notebook 14: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb14 as answers

from rnnlib.check import nb14, nb14_rewards
from rnnlib.check.core import judge

EXERCISES = [
    (nb14.alone, answers.ALONE_RIGHT, answers.ALONE_WRONG),
    (nb14.mix, answers.MIX_RIGHT, answers.MIX_WRONG),
    (nb14.risk, answers.RISK_RIGHT, answers.RISK_WRONG),
    (nb14.gradient, answers.GRADIENT_RIGHT, answers.GRADIENT_WRONG),
    (nb14.others, answers.OTHERS_RIGHT, answers.OTHERS_WRONG),
]
CASES = [nb14.ALONE_CASES, nb14.MIX_CASES, nb14_rewards.RISK_CASES, nb14_rewards.GRADIENT_CASES,
         nb14_rewards.OTHERS_CASES]


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
