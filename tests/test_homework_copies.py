"""Every student's copy runs from top to bottom before anything is written into it."""
import contextlib
import io

import matplotlib
import pytest

from rnnlib.release.assignment import flags, load, sources
from rnnlib.release.student_copy import student_copy


@pytest.mark.parametrize("name", list(sources()))
def test_a_copy_runs_as_it_is_given_out_and_says_not_yet(name):
    matplotlib.use("agg")
    names, said = {"__name__": "__main__"}, {}
    for number, cell in enumerate(student_copy(load(name).notebook).cells):
        if cell.cell_type == "code":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(cell.source, f"{name}, cell {number}", "exec"), names)
            said[flags(cell).get("grade_id")] = printed.getvalue()
    tests = {one: words for one, words in said.items() if str(one).startswith("test_")}
    assert tests and all(words.startswith("not yet") for words in tests.values()), tests
