"""What a class has handed in: who, which file, and which of its cells the grader runs."""

from dataclasses import dataclass
from pathlib import Path

from ..release.assignment import by_id, flags, read


@dataclass(frozen=True)
class Submission:
    """One student's file; `problem` says why there is none."""

    student: str
    path: Path | None
    problem: str = ""


def find(folder, assignment):
    """The submissions in a folder, by student.

    Three layouts: STUDENT/hwN/name.ipynb (nbgrader's `submitted`), STUDENT/name.ipynb and
    STUDENT.ipynb. Links are not followed: they could lead to another student's work.
    """
    found = []
    for place in sorted(folder.iterdir()):
        if place.name.startswith("."):
            continue
        if place.is_symlink():
            found.append(Submission(place.stem, None, "a link was handed in, not a file"))
        elif place.is_dir():
            found.append(of_folder(place, assignment))
        elif place.suffix == ".ipynb":
            found.append(Submission(place.stem.removesuffix(f"_{assignment.path.stem}"), place))
    return found


def of_folder(place, assignment):
    """The submission in a student's folder: under the name of the source, or the only one."""
    files = [path for path in sorted(place.rglob("*.ipynb"))
             if ".ipynb_checkpoints" not in path.parts and not any(
                 part.is_symlink() for part in (path, *path.parents) if place in part.parents)]
    named = [path for path in files if path.name == assignment.path.name]
    near = [path for path in files if assignment.name in path.relative_to(place).as_posix()]
    for choice in (named, near, files):
        if len(choice) == 1 or choice is named and choice:
            return Submission(place.name, choice[-1])
    said = f"which of {len(files)} notebooks is it?" if files else "there is no notebook"
    return Submission(place.name, None, said)


def which(folder, names):
    """The homework that most files of a folder name; raises ValueError when that is not clear."""
    words = [path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb")]
    counts = {name: sum(f"{name}_" in word or f"{name}/" in word or f"{name}." in word
                        for word in words) for name in names}
    best = sorted(counts, key=counts.get)[-2:]
    if not best or not counts[best[-1]] or len(best) > 1 and len({counts[n] for n in best}) == 1:
        raise ValueError(f"which homework is in {folder}? say it: --homework hwN")
    return best[-1]


def cells_to_run(assignment, notebook):
    """The cells for the student's process, as dicts with name, kind and source.

    Ours that set up, whole; the student's solutions, whole; definitions of cells that were added;
    imports of cells that were given. What a cell is, our notebook says, not the student's.
    """
    ours = by_id(assignment.notebook)
    cells = [{"name": f"set-up {number}", "kind": "whole", "source": cell.source}
             for number, cell in enumerate(assignment.setup, 1)]
    seen = set()
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        grade_id = flags(cell).get("grade_id")
        kind = kind_of(ours.get(grade_id) if isinstance(grade_id, str) else None)
        if kind:
            name = grade_id if kind == "whole" and grade_id not in seen else f"cell {number}"
            cells.append({"name": name, "kind": kind, "source": cell.source})
            seen.add(grade_id)
    return cells


def kind_of(cell):
    """How much of a student's cell is run, by our cell of the same id."""
    if cell is None:
        return "definitions"
    if flags(cell).get("solution"):
        return "whole"
    return None if flags(cell).get("grade") else "imports"


def answers(assignment, notebook):
    """{grade_id: what the student wrote} for the questions that a person grades.

    A written answer is its cell and the cells that the student added below; a task's cell is ours,
    so its answer is in the cells below alone.
    """
    ours, found, current = by_id(assignment.notebook), {}, None
    asked = {question.grade_id for question in assignment.questions}
    for cell in notebook.cells:
        grade_id = flags(cell).get("grade_id")
        known = isinstance(grade_id, str) and grade_id in ours
        if known:
            current = grade_id if grade_id in asked else None
        if current and not (known and flags(ours[current]).get("task")):
            found[current] = (found.get(current, "") + "\n\n" + cell.source).strip()[:100_000]
    return found


def open_notebook(submission):
    """The notebook of a submission; raises ValueError with one sentence."""
    if submission.path is None:
        raise ValueError(submission.problem)
    return read(submission.path)
