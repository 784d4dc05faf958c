"""The exercises of notebook 08: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb08 as answers

from rnnlib.check import nb08

NAMES = ["both", "joined", "count", "norm", "convolve"]


def every(kind):
    """(name of the exercise, answer) for all answers of one kind."""
    return [(name, answer) for name in NAMES
            for answer in getattr(answers, f"{name.upper()}_{kind}")]


@pytest.mark.parametrize("name, function", every("RIGHT"))
def test_a_right_answer_passes(name, function):
    report = getattr(nb08, name)(function)
    assert report.passed, repr(report)


@pytest.mark.parametrize("name, answer", every("WRONG"))
def test_a_wrong_answer_is_told_its_mistake(name, answer):
    function, message = answer
    report = getattr(nb08, name)(function)
    assert not report.passed
    assert "known mistake: " in repr(report), repr(report)
    assert message in repr(report).split("known mistake: ", 1)[-1].split("\n")[0], repr(report)


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_is_told_not_yet(name):
    def stub(*given):
        raise NotImplementedError

    assert repr(getattr(nb08, name)(stub)).startswith("not yet")
