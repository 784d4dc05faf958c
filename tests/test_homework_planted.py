"""Every planted answer of every assignment is graded as it should be."""
import pytest

from rnnlib.release.assignment import load, sources
from rnnlib.release.planted import matrix, planted_for, rows, too_few


@pytest.mark.parametrize("name", list(sources()))
def test_every_planted_mistake_is_told_and_every_right_answer_gets_all_points(name):
    folder = planted_for(load(name))
    found = rows(load(name), folder)
    assert not [one for one in found if one.amiss], matrix(found)
    assert too_few(load(name), folder) == []
