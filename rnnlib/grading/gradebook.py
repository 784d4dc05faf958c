"""Scores into nbgrader's database, where its formgrader and its export find them. Needs the extra
[grading]."""

import os
import sys

from ..release.assignment import by_id, flags
from .tables import safe_text


def write_gradebook(path, assignment, results, entered):
    """Write the points of a class into the database at `path`, made if it does not exist.

    Raises ValueError when nbgrader is not installed.
    """
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise ValueError("the gradebook is nbgrader's: install the extra [grading]") from None
    own = os.path.join(sys.prefix, "Scripts" if os.name == "nt" else "bin")
    os.environ["PATH"] = own + os.pathsep + os.environ.get("PATH", "")  # it starts `alembic`
    with Gradebook(f"sqlite:///{path.resolve()}") as book:
        describe(book, assignment)
        for student, result in results.items():
            book.update_or_create_student(student)
            book.update_or_create_submission(assignment.name, student)
            enter(book, assignment, result, entered)
        book.db.commit()


def describe(book, assignment):
    """Tell the gradebook what the assignment consists of."""
    place = assignment.path.stem, assignment.name
    book.update_or_create_assignment(assignment.name)
    book.update_or_create_notebook(*place)
    for grade_id, cell in by_id(assignment.notebook).items():
        entry = flags(cell)
        worth = {"max_score": float(entry.get("points", 0)), "cell_type": cell.cell_type}
        if entry.get("task"):
            book.update_or_create_task_cell(grade_id, *place, **worth)
        elif entry.get("grade"):
            book.update_or_create_grade_cell(grade_id, *place, **worth)
        if entry.get("solution"):
            book.update_or_create_solution_cell(grade_id, *place)


def enter(book, assignment, result, entered):
    """Enter one student's points: those of a program as automatic, those of a person as manual."""
    place = assignment.path.stem, assignment.name, result["student"]
    for one in result["exercises"]:
        grade = book.find_grade(f"test_{one['name']}", *place)
        grade.auto_score, grade.needs_manual_grade = one["points"], False
    for question in assignment.questions:
        grade = book.find_grade(question.grade_id, *place)
        key = safe_text(result["student"]), question.grade_id
        points, _ = entered.get(key, (None, ""))
        grade.manual_score, grade.needs_manual_grade = points, points is None
