"""Every assignment is in order."""
import pytest

from rnnlib import homework
from rnnlib.release.assignment import load, sources
from rnnlib.release.proving import prove

NAMES = list(sources())


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_gets_all_points_the_stubs_none_and_the_release_leaks_nothing(name):
    assert prove(load(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_expected_depends_on_the_seed(name):
    """Or a student could write the expected values down."""
    for exercise in load(name).exercises:
        shown = [repr(case.inputs) for case in exercise.cases(0)]
        assert shown != [repr(case.inputs) for case in exercise.cases(1)], exercise.name
        assert shown == [repr(case.inputs) for case in exercise.cases(0)], exercise.name


def test_an_unknown_homework_is_one_sentence(capsys):
    assert homework.main(["release", "hw99"]) == 2
    assert "there is no homework 'hw99'" in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_one_sentence(capsys):
    assert homework.main(["grade", "no/such/folder"]) == 2
    assert "is not a folder" in capsys.readouterr().err
