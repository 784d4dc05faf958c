"""One submission to its points: the functions run in the student's process, the comparison here."""

import hashlib
import time

from .. import ROOT
from ..check.exercise import no_function
from ..release.assignment import fingerprint
from .remote import Student
from .submissions import answers, cells_to_run, open_notebook

CHECK = ROOT / "rnnlib" / "check"


def mark(submission, assignment, nursery, seed):
    """The result of one submission as a dict of plain values.

    student, problem (why nothing could be graded, or ""), exercises (name, points, of, lines,
    look, seconds), notes on cells, answers for a person to grade, code by exercise.
    """
    result = {"student": submission.student, "homework": assignment.name, "problem": "",
              "file": submission.path.name if submission.path else "", "notes": {}, "answers": {},
              "exercises": [], "code": {}}
    try:
        notebook = open_notebook(submission)
    except (ValueError, OSError) as error:
        nothing = [entry(one, 0.0, [], 0.0) for one in assignment.exercises]
        return result | {"problem": str(error), "exercises": nothing}
    cells = cells_to_run(assignment, notebook)
    code = {cell["name"]: cell["source"] for cell in cells if cell["kind"] == "whole"}
    student = Student(nursery, cells)
    try:
        marks = [exercise_mark(one, student, code, seed) for one in assignment.exercises]
    finally:
        student.close()
    mine = {one.name: short(code.get(one.name, "")) for one in assignment.exercises}
    return result | {"exercises": marks, "notes": student.notes, "code": mine,
                     "answers": answers(assignment, notebook)}


def exercise_mark(exercise, student, code, seed):
    """The entry of one exercise; a fault of the grader costs no points but asks for a person."""
    start = time.monotonic()
    function = student.function(exercise)
    if function is None:
        points, report = 0.0, no_function(exercise.name)
    else:
        try:
            points, report = exercise.grade(function, seed)
        except Exception as error:
            said = f"could not be graded: {type(error).__name__}: {error}"
            return entry(exercise, 0.0, [said], 0.0) | {"look": ["grade this one by hand"]}
    text = code.get(exercise.name, "\n".join(code.values()))
    look = [said for word, said in exercise.look_for if word in text]
    return entry(exercise, points, list(report.lines), time.monotonic() - start) | {"look": look}


def entry(exercise, points, lines, seconds):
    """What is kept of one exercise."""
    return {"name": exercise.name, "points": points, "of": exercise.points,
            "lines": [short(line, 2000) for line in lines],
            "look": [], "seconds": round(seconds, 2)}


def short(text, most=50_000):
    """A text, or its beginning when it is longer than anybody will read."""
    return text if len(text) <= most else text[:most] + " ..."


def stamp(submission, assignment, seed):
    """A text that changes when the result of a submission may change."""
    found = hashlib.sha256()
    for path in definitions(assignment):
        found.update(path.read_bytes())
    for part in (str(seed), fingerprint(assignment.notebook), submission.problem):
        found.update(part.encode())
    path = submission.path
    if path is not None and not path.is_symlink() and path.is_file():
        found.update(path.read_bytes())
    return found.hexdigest()


def definitions(assignment):
    """The files that say what is right: the checks of an assignment and what compares."""
    beside = assignment.path.with_name(f"{assignment.name}.py")
    names = [*CHECK.glob(f"{assignment.name}*.py"), CHECK / "core.py", CHECK / "compare.py"]
    return sorted(names) + ([beside] if beside.exists() else [])
