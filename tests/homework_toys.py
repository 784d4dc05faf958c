"""A homework of two exercises and one question, and notebooks that students hand in, for tests."""
import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from rnnlib.grading.sandbox import Nursery, Refused

CHECKS = '''
import torch
from rnnlib.check.core import Case
from rnnlib.check.exercise import Exercise


def drawn(T, seed):
    return torch.randn(T, generator=torch.Generator().manual_seed(seed))


def running_cases(seed):
    return [Case("one number", [(drawn(1, seed),)], lambda x: x.cumsum(0), MISTAKES, weight=0),
            Case("three numbers", [(drawn(3, seed + 1),)], lambda x: x.cumsum(0), MISTAKES),
            Case("twelve", [(drawn(12, seed + 2),)], lambda x: x.cumsum(0), MISTAKES)]


def scaled_cases(seed):
    return [Case("times k", [(drawn(4, seed), 3.0)], lambda x, k: k * x, [])]


MISTAKES = [("only the last sum: return them all", lambda x: x.sum(0)),
            ("the mean: a sum is asked for", lambda x: x.cumsum(0) / len(x))]
running = Exercise("running", 40, running_cases, seconds=1.0)
scaled = Exercise("scaled", 10, scaled_cases, hidden=lambda seed: [
    Case("an empty list", [(torch.zeros(0), 2.0)], lambda x, k: k * x, [])], seconds=1.0,
    look_for=(("cumsum", "uses cumsum"),))
CLOSED = ("bptt",)
'''
RUNNING = "    return torch.cumsum(x, 0)"
SCALED = "    return k * x"
LONG_HIDDEN = "running.score(running_function_of_the_student)"


def need_locks():
    """Skip a test where the system cannot lock up a process."""
    try:
        Nursery(probe=True).close()
    except Refused as error:
        pytest.skip(str(error))


def twice(made, n):
    """A driver: makes an object of a student's class and asks it."""
    return made(n).value * 2


def entry(grade_id, **flags):
    """nbgrader's entries of a cell."""
    kind = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"grade_id": grade_id, "schema_version": 3} | kind | flags


def cell(source, nbgrader=None, tags=None):
    """A code cell with entries and tags."""
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return new_code_cell(source, metadata=metadata | ({"tags": tags} if tags else {}))


def marked(kind, body):
    """Lines between two markers, indented as the first of them."""
    indent = body[:len(body) - len(body.lstrip())]
    return f"{indent}### BEGIN {kind}\n{body}\n{indent}### END {kind}"


def source():
    """The source notebook."""
    cells = [
        new_markdown_cell("# Sums\n\nTwo exercises.", metadata={
            "nbgrader": entry("intro", locked=True)}),
        cell("import torch\n\n\ndef twice(x):\n    return 2 * x", entry("setup", locked=True),
             ["setup"]),
        cell(f"def running(x):\n    '''All sums.'''\n{marked('SOLUTION', RUNNING)}",
             entry("running", solution=True)),
        cell("print(7)\n" + marked("HIDDEN TESTS", LONG_HIDDEN),
             entry("test_running", grade=True, locked=True, points=40)),
        cell("running(torch.ones(3))  # try it"),
        cell(f"def scaled(x, k):\n{marked('SOLUTION', SCALED)}", entry("scaled", solution=True)),
        cell("print(8)", entry("test_scaled", grade=True, locked=True, points=10)),
        new_markdown_cell("Because addition does not forget, and so on.", metadata={
            "nbgrader": entry("written_why", grade=True, solution=True, points=6)}),
        new_markdown_cell("## Draw it\n" + marked("MARK SCHEME", "Two points for each axis drawn."),
                          metadata={"nbgrader": entry("task_draw", task=True, locked=True,
                                                      points=4)})]
    notebook = new_notebook(cells=cells, metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for number, one in enumerate(notebook.cells):
        one["id"] = f"toy{number}"
        if "nbgrader" in one.metadata:
            one.metadata.nbgrader["cell_type"] = one.cell_type
    notebook.cells[4].outputs = [nbformat.v4.new_output("stream", text="tensor([1., 2., 3.])")]
    notebook.cells[4].execution_count = 3
    return notebook


def write_homework(folder):
    """Write hw90_toy.ipynb and hw90.py into a folder; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(source(), folder / "hw90_toy.ipynb")
    (folder / "hw90.py").write_text(CHECKS, encoding="utf-8")
    return folder


def handed_in(running=None, scaled=None, **more):
    """A student's notebook: the bodies of both functions, whole cells for `more` ids."""
    from rnnlib.release.student_copy import student_copy

    notebook = copy.deepcopy(student_copy(source()))
    bodies = {"running": ("def running(x):\n", running), "scaled": ("def scaled(x, k):\n", scaled)}
    for one in notebook.cells:
        name = one.metadata.get("nbgrader", {}).get("grade_id")
        if name in bodies and bodies[name][1] is not None:
            one.source = bodies[name][0] + bodies[name][1]
        if name in more:
            one.source = more[name]
    return notebook
