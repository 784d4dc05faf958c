"""The planted answers of a homework, graded; for the tests of each homework."""
from rnnlib.release.assignment import load
from rnnlib.release.planted import matrix, planted_for, rows, too_few


def assert_all_graded_as_they_should_be(name):
    """Every planted mistake is told, every right answer gets all points, enough are planted."""
    folder = planted_for(load(name))
    found = rows(load(name), folder)
    assert found
    assert not [one for one in found if one.amiss], matrix(found)
    assert too_few(load(name), folder) == []
