"""An assignment: its source notebook, the exercises that are checked, the questions for a person.

The source is `notebooks/homework/hwN_slug.ipynb` in nbgrader's format, its exercises are those of
`rnnlib.check.hwN`. Every other part of homework works from this one description.
"""

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .. import ROOT
from ..check.exercise import Exercise
from .regions import MARK_SCHEME, SOLUTION, cut

HOMEWORK = ROOT / "notebooks" / "homework"
LARGEST = 20_000_000  # bytes of a notebook that is handed in
MOST_CELLS = 2000


@dataclass(frozen=True)
class Question:
    """What a person grades: its cell's id, its points, its first line, its rubric."""

    grade_id: str
    points: float
    title: str
    rubric: str


@dataclass(frozen=True)
class Assignment:
    """A homework: name (hw2), path of the source, notebook, exercises, questions for a person,
    modules of rnnlib that are closed to students' code."""

    name: str
    path: Path
    notebook: nbformat.NotebookNode
    exercises: tuple
    questions: tuple
    closed: tuple

    @property
    def points(self):
        """All points, those of the questions too."""
        return sum(part.points for part in (*self.exercises, *self.questions))

    @property
    def setup(self):
        """The code cells that are given and that the student's functions may need."""
        return [cell for cell in self.notebook.cells
                if cell.cell_type == "code" and "setup" in cell.metadata.get("tags", [])]


def flags(cell):
    """nbgrader's entries of a cell; an empty dict for a cell without."""
    found = cell.metadata.get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def by_id(notebook):
    """{grade_id: cell} of a notebook; of several with one id the last."""
    return {flags(cell)["grade_id"]: cell for cell in notebook.cells
            if isinstance(flags(cell).get("grade_id"), str)}


def read(path):
    """The notebook at a path; raises ValueError with one sentence for anything else."""
    if path.is_symlink() or not path.is_file():
        raise ValueError("this is not a file")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"the file has more than {LARGEST / 1e6:.0f} MB")
    try:
        text = path.read_text(encoding="utf-8")
        if len(json.loads(text)["cells"]) > MOST_CELLS:
            raise ValueError("too many cells to look at each")
        found = nbformat.reads(text, as_version=4)
        if all(isinstance(cell.source, str) and isinstance(cell.metadata, dict)
               for cell in found.cells):
            return found
    except Exception as error:  # whatever a reader may stumble over in a file of any content
        raise ValueError("this is not a notebook") from error
    raise ValueError("this is not a notebook")


def sources(folder=HOMEWORK):
    """{name: path} of all sources, in order; students' copies are none."""
    found = {path.stem.split("_")[0]: path for path in sorted(folder.glob("hw*_*.ipynb"))
             if SOLUTION[0] in path.read_text(encoding="utf-8")}
    names = [name for name in found if re.fullmatch(r"hw\d+", name)]
    return {name: found[name] for name in sorted(names, key=lambda name: int(name[2:]))}


def load(name, folder=HOMEWORK):
    """The assignment of a name; raises ValueError, with the names there are, for another one.

    An assignment of your own may have its exercises beside its notebook, in hwN.py.
    """
    found = sources(folder)
    if name not in found:
        raise ValueError(f"there is no homework {name!r}; there are: {', '.join(found) or 'none'}")
    beside = found[name].with_name(f"{name}.py")
    if not beside.exists():
        return assemble(found[name], importlib.import_module(f"..check.{name}", __package__))
    plan = importlib.util.spec_from_file_location(name, beside)
    module = importlib.util.module_from_spec(plan)
    plan.loader.exec_module(module)
    return assemble(found[name], module)


def assemble(path, module):
    """The assignment from a notebook and the module that has its exercises."""
    notebook = read(path)
    cells = by_id(notebook)
    exercises = [one for one in vars(module).values() if isinstance(one, Exercise)]
    order = {grade_id: place for place, grade_id in enumerate(cells)}
    exercises.sort(key=lambda one: order.get(f"test_{one.name}", len(order)))
    questions = tuple(question(cell) for cell in cells.values() if for_a_person(cell))
    return Assignment(path.stem.split("_")[0], path, notebook, tuple(exercises), questions,
                      tuple(getattr(module, "CLOSED", ())))


def for_a_person(cell):
    """Whether a cell has points that no program can give."""
    return bool(flags(cell).get("task") or flags(cell).get("grade") and flags(cell).get("solution"))


def question(cell):
    """The question of a cell that a person grades."""
    text, _ = cut(cell.source, MARK_SCHEME)
    title = next((line.strip("#* ") for line in text.splitlines() if line.strip()), "")
    _, rubric = cut(cell.source, MARK_SCHEME)
    kept = "\n".join(rubric) if flags(cell).get("task") else cell.source
    entry = flags(cell)
    return Question(entry["grade_id"], float(entry["points"]), title[:100], kept)


def fingerprint(notebook):
    """A notebook as text that changes when anything that counts does: sources and entries."""
    return json.dumps([[cell.source, cell.metadata.get("nbgrader"), cell.metadata.get("tags")]
                       for cell in notebook.cells], sort_keys=True)
