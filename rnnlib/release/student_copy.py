"""The student's copy of a source notebook: stubs for solutions, no hidden tests, no mark schemes,
no outputs, locked cells. Cell for cell what nbgrader releases."""

import copy
import hashlib

from nbformat import from_dict

from .assignment import flags
from .regions import EVERY, HIDDEN_TESTS, MARK_SCHEME, SOLUTION, cut, has

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)
CELL_KEPT = ("nbgrader", "deletable", "editable", "tags", "jupyter")
NOTEBOOK_KEPT = ("kernelspec", "language_info", "course")


def student_copy(source):
    """A copy of a notebook as a student gets it; raises ValueError where the source is wrong."""
    said = faults(source)
    if said:
        raise ValueError("; ".join(said))
    notebook = copy.deepcopy(source)
    notebook.metadata = from_dict({key: value for key, value in notebook.metadata.items()
                         if key in NOTEBOOK_KEPT})
    for cell in notebook.cells:
        clear(cell)
        lock(cell)
        if kept_safe(cell):
            flags(cell).update(checksum=checksum(cell), cell_type=cell.cell_type)
    return notebook


def clear(cell):
    """Take out of a cell what a student must not see."""
    stub = CODE_STUB if cell.cell_type == "code" else TEXT_STUB
    if flags(cell).get("solution") and not has(cell.source, SOLUTION):
        cell.source = "\n".join(stub)
    cell.source, _ = cut(cell.source, SOLUTION, stub)
    for markers in (HIDDEN_TESTS, MARK_SCHEME):
        cell.source, _ = cut(cell.source, markers)
    kept = {key: value for key, value in cell.metadata.items()
            if key in CELL_KEPT}
    cell.metadata = from_dict(kept)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    if flags(cell).get("solution") or flags(cell).get("task"):
        cell.pop("attachments", None)


def kept_safe(cell):
    """Whether nbgrader watches over a cell: answers, tests, and what is given."""
    return any(flags(cell).get(name) for name in ("grade", "solution", "locked"))


def locked(cell):
    """Whether a student must not edit a cell."""
    return kept_safe(cell) and not flags(cell).get("solution")


def lock(cell):
    """Say which cells may not be deleted, and which not be edited."""
    if kept_safe(cell):
        cell.metadata["deletable"] = False
    if locked(cell):
        cell.metadata["editable"] = False


def checksum(cell):
    """nbgrader's checksum, by which it notices that a student changed a cell."""
    entry = flags(cell)
    grade, solution = bool(entry.get("grade")), bool(entry.get("solution"))
    parts = [cell.source, cell.cell_type, grade, solution, locked(cell), entry["grade_id"]]
    parts += [float(entry["points"])] if grade else []
    text = "".join(str(part) for part in parts)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def faults(source):
    """Sentences on what is wrong with a source: ids that occur twice, regions in wrong cells."""
    said, seen = [], set()
    for number, cell in enumerate(source.cells):
        entry, where = flags(cell), f"cell {number}"
        name = entry.get("grade_id")
        if entry and (not name or name in seen):
            said.append(f"{where}: the grade_id {name!r} is missing or stands there twice")
        seen.add(name)
        if entry.get("grade") or entry.get("task"):
            if not isinstance(entry.get("points"), (int, float)):
                said.append(f"{where} has no points")
        rights = (entry.get("solution"), entry.get("grade") and not entry.get("solution"),
                  entry.get("task"))
        for markers, right in zip(EVERY, rights, strict=True):
            if has(cell.source, markers) and not right:
                said.append(f"{where}: {markers[0]} in a cell of another kind")
    return said
