"""Is an assignment in order? Its solution gets all points, its stubs none, its release leaks
nothing, its points agree."""

import contextlib
import io
import tempfile
from pathlib import Path

from .assignment import by_id, flags
from .packing import release
from .student_copy import faults, student_copy

SEEDS = (1, 20, 300)  # of the inputs that a solution is tried on
POINTS = range(60, 101)


def prove(assignment):
    """Sentences on what is wrong with an assignment; an empty list when it is in order."""
    said = faults(assignment.notebook) + agreement(assignment)
    if said:
        return said
    said += [f"{name}: the solution gets {points:g} of {of} points with seed {seed}"
             for name, points, of, seed in earned(assignment, assignment.notebook)
             if points != of]
    stubs = student_copy(assignment.notebook)
    said += [f"{name}: the stub gets {points:g} points" for name, points, _, _
             in earned(assignment, stubs) if points]
    said += [f"{one.name}: a check of the stub says {str(report)!r}, not 'not yet'"
             for one, report in stub_reports(assignment, stubs)
             if not str(report).startswith("not yet")]
    with tempfile.TemporaryDirectory() as folder:
        try:
            release(assignment, Path(folder))
        except ValueError as error:
            said.append(str(error))
    return said


def agreement(assignment):
    """Sentences on what does not fit between the notebook and the exercises."""
    cells, said = by_id(assignment.notebook), []
    for one in assignment.exercises:
        solution, test = cells.get(one.name), cells.get(f"test_{one.name}")
        if solution is None or not flags(solution).get("solution"):
            said.append(f"{one.name}: no solution cell has this grade_id")
        if test is None or flags(test).get("points") != one.points:
            said.append(f"{one.name}: no cell test_{one.name} with {one.points} points")
    names = {f"test_{one.name}" for one in assignment.exercises}
    said += [f"{name}: a test of no exercise" for name, cell in cells.items()
             if flags(cell).get("grade") and not flags(cell).get("solution") and name not in names]
    if assignment.points not in POINTS:
        said.append(f"{assignment.points:g} points in all, not from 60 to 100")
    if not assignment.questions:
        said.append("no question is graded by hand")
    return said


def functions(assignment, notebook):
    """What the set-up cells and the solution cells of a notebook define; cells that fail are left
    where they fail."""
    ours, names = by_id(assignment.notebook), {"__name__": "__main__"}
    wanted = {name for name, cell in ours.items()
              if cell.cell_type == "code" and flags(cell).get("solution")}
    for cell in notebook.cells:
        chosen = flags(cell).get("grade_id") in wanted or "setup" in cell.metadata.get("tags", [])
        if cell.cell_type == "code" and chosen:
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, f"<{flags(cell).get('grade_id')}>", "exec"), names)
    return names


def earned(assignment, notebook):
    """(name, points, of, seed) of each exercise as a notebook solves it."""
    names = functions(assignment, notebook)
    tried = [(one, one.driven(names.get(one.name))) for one in assignment.exercises]
    return [(one.name, one.grade_quickly(function, seed)[0], one.points, seed)
            for one, function in tried for seed in SEEDS]


def stub_reports(assignment, stubs):
    """(exercise, Report) of the student's check on each stub."""
    names = functions(assignment, stubs)
    return [(one, one(names.get(one.name))) for one in assignment.exercises]
