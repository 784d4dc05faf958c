"""Every homework has a file of tests for its planted answers."""
from pathlib import Path

import pytest

from rnnlib.release.assignment import sources


@pytest.mark.parametrize("name", list(sources()))
def test_the_planted_answers_of_every_homework_are_tested(name):
    tests = Path(__file__).parent / f"test_homework_{name}_planted.py"
    assert f'assert_all_graded_as_they_should_be("{name}")' in tests.read_text(encoding="utf-8")
