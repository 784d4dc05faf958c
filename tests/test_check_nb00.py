"""The exercise of notebook 00: right answers pass, each wrong one is told its mistake."""
import pytest
from solutions.nb00 import RIGHT, WRONG

from rnnlib.check import nb00


@pytest.mark.parametrize("function", RIGHT)
def test_a_right_answer_passes(function):
    assert nb00.next_pairs(function).passed


@pytest.mark.parametrize("function, message", WRONG)
def test_a_wrong_answer_is_told_its_mistake(function, message):
    report = nb00.next_pairs(function)
    assert not report.passed and message in repr(report)


def test_a_stub_is_told_not_yet():
    def next_pairs(text):
        raise NotImplementedError

    assert repr(nb00.next_pairs(next_pairs)).startswith("not yet")
