"""The exercises of notebook 06: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions import nb06 as answers

from rnnlib.check import nb06

NAMES = ["viterbi", "mean_loss", "before", "spans", "log_z"]
KINDS = ["VITERBI", "MEAN_LOSS", "BEFORE", "SPANS", "LOG_Z"]
PREFIXES = dict(zip(NAMES, KINDS, strict=True))


def every(kind):
    """(name of the exercise, answer) for all answers of one kind."""
    return [(name, answer) for name, prefix in PREFIXES.items()
            for answer in getattr(answers, f"{prefix}_{kind}")]


@pytest.mark.parametrize("name, function", every("RIGHT"))
def test_a_right_answer_passes(name, function):
    report = getattr(nb06, name)(function)
    assert report.passed, repr(report)


@pytest.mark.parametrize("name, answer", every("WRONG"))
def test_a_wrong_answer_is_told_its_mistake(name, answer):
    function, message = answer
    report = getattr(nb06, name)(function)
    assert not report.passed
    assert message in repr(report).split("known mistake: ", 1)[-1].split("\n")[0], repr(report)


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_is_told_not_yet(name):
    def stub(*given):
        raise NotImplementedError

    assert repr(getattr(nb06, name)(stub)).startswith("not yet")
