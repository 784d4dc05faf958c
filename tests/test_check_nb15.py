"""The exercises of notebook 15: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb15 as answers

from rnnlib.check import nb15
from rnnlib.check.core import judge

EXERCISES = [
    (nb15.encode, answers.ENCODE_RIGHT, answers.ENCODE_WRONG),
    (nb15.first_input, answers.FIRST_INPUT_RIGHT, answers.FIRST_INPUT_WRONG),
    (nb15.caption_loss, answers.CAPTION_LOSS_RIGHT, answers.CAPTION_LOSS_WRONG),
    (nb15.invented, answers.INVENTED_RIGHT, answers.INVENTED_WRONG),
]
CASES = [nb15.ENCODE_CASES, nb15.FIRST_INPUT_CASES, nb15.CAPTION_LOSS_CASES, nb15.INVENTED_CASES]


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
