"""The exercises of notebook 07: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb07 as answers

from rnnlib.check import nb07

NAMES = ["last", "pool", "ends", "pooled_errors", "answered"]


def every(kind):
    """(name of the exercise, answer) for all answers of one kind."""
    return [(name, answer) for name in NAMES
            for answer in getattr(answers, f"{name.upper()}_{kind}")]


@pytest.mark.parametrize("name, function", every("RIGHT"))
def test_a_right_answer_passes(name, function):
    report = getattr(nb07, name)(function)
    assert report.passed, repr(report)


@pytest.mark.parametrize("name, answer", every("WRONG"))
def test_a_wrong_answer_is_told_its_mistake(name, answer):
    function, message = answer
    report = getattr(nb07, name)(function)
    assert not report.passed
    assert message in repr(report).split("known mistake: ", 1)[-1].split("\n")[0], repr(report)


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_is_told_not_yet(name):
    def stub(*given):
        raise NotImplementedError

    assert repr(getattr(nb07, name)(stub)).startswith("not yet")


def test_each_exercise_knows_at_least_five_mistakes():
    assert all(len(getattr(answers, f"{name.upper()}_WRONG")) >= 5 for name in NAMES)
