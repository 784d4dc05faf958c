"""Every assignment's own solution, graded as a student's would be: locked up, without the modules
that are closed, its arguments and values sent back and forth."""
import homework_toys as toys
import pytest

from rnnlib.grading.sandbox import Nursery
from rnnlib.grading.scoring import mark
from rnnlib.grading.submissions import Submission
from rnnlib.release.assignment import load, sources


@pytest.mark.parametrize("name", list(sources()))
def test_the_solution_gets_all_points_when_it_is_locked_up(name):
    toys.need_locks()
    assignment = load(name)
    nursery = Nursery(assignment.closed)
    try:
        result = mark(Submission("solution", assignment.path), assignment, nursery, seed=4)
    finally:
        nursery.close()
    lost = [one for one in result["exercises"] if one["points"] != one["of"]]
    assert (lost, result["notes"], result["problem"]) == ([], {}, "")
    assert set(result["answers"]) <= {one.grade_id for one in assignment.questions}
