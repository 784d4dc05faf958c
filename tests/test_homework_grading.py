"""Parts of the grader: values on the wire, who handed in what, tables, feedback, going on."""
import csv
import json
import types

import homework_toys as toys
import nbformat
import pytest
import torch

from rnnlib.check import core
from rnnlib.check.exercise import Exercise
from rnnlib.grading import feedback, frames, inside, tables, wire
from rnnlib.grading.library import make_library
from rnnlib.grading.submissions import answers, cells_to_run, find, which
from rnnlib.release.assignment import load


@pytest.fixture
def assignment(tmp_path):
    return load("hw90", toys.write_homework(tmp_path / "source"))


VALUES = [
    None, True, -3, 2.5, float("inf"), "text with ünïcode \ud800", [1, [2.0, "a"]], (1, (2,)), {},
    {"a": 1, 3: [torch.tensor(2.0)]}, torch.tensor(3.5), torch.zeros(0, 3), torch.eye(3).T,
    torch.tensor([True, False]), torch.arange(6).reshape(2, 3), torch.tensor([1 + 2j]),
    torch.tensor([float("nan"), 1e-300], dtype=torch.float64), torch.ones(2, dtype=torch.bfloat16)]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_out_as_it_went_in(value):
    back = wire.unpack(json.loads(json.dumps(wire.pack(value))))
    assert repr(back) == repr(value) and type(back) is type(value)
    if isinstance(value, torch.Tensor):
        assert back.dtype == value.dtype and back.shape == value.shape


def test_values_of_other_types_are_known_by_their_name_alone():
    class Strange:
        pass

    assert type(wire.unpack(wire.pack(Strange()))).__name__ == "Strange"
    assert type(wire.unpack(wire.pack(10**30))).__name__ == "int"
    deep = []
    for _ in range(100):
        deep = [deep]
    wire.unpack(wire.pack(deep))


@pytest.mark.parametrize("packed", [
    {"tensor": ["float32", [2], "AAAA"]}, {"tensor": ["float32", [-1], "AAAAAA=="]},
    {"tensor": ["object", [1], "AAAA"]}, {"made": ["os", "system", {}]}, {"list": 3}, {"what": 1},
    {"list": [], "tuple": []}, [1], {"dict": [[1]]}, {"other": 1}, {"tensor": ["float32", [0], 5]},
    {"dict": [[{"tuple": [{"list": []}]}, 1]]}])
def test_what_is_no_value_is_refused(packed):
    with pytest.raises(wire.Broken):
        wire.unpack(packed)


def test_only_toys_of_the_checks_are_rebuilt():
    with pytest.raises(wire.Broken):
        wire.unpack({"made": ["rnnlib.grading.wire", "Other", {}]}, make=True)


def test_a_message_that_is_too_long_or_late_or_cut_is_noticed():
    ours, theirs = frames.pair()
    frames.send(theirs, {"a": "x" * 1000})
    with pytest.raises(frames.TooMuch):
        frames.receive(ours, most=100)
    ours, theirs = frames.pair()
    with pytest.raises(frames.TooLate):
        frames.receive(ours, seconds=0.2)
    theirs.send(b"\0\0\0\5[")
    theirs.close()
    with pytest.raises(frames.Gone):
        frames.receive(ours, seconds=1)


# --- one definition: exercise -------------------------------------------------------------------


def test_points_follow_the_weights_and_are_halves():
    def cases(seed):
        return [core.Case("a", [(1,)], lambda n: n, weight=0),
                core.Case("b", [(2,)], lambda n: n), core.Case("c", [(7,)], lambda n: n)]

    exercise = Exercise("f", 5, cases)
    assert exercise.score(lambda n: n) == 5
    assert exercise.score(lambda n: min(n, 3)) == 2.5
    assert exercise.score(lambda n: 1) == 0
    assert exercise.score(None) == 0


def test_a_case_may_accept_several_answers():
    def even(value, n):
        return None if value % 2 == 0 else f"{value} is odd"

    exercise = Exercise("f", 4, lambda seed: [core.Case("even", [(3,)], None, accepts=even)])
    assert exercise(lambda n: 2 * n).passed
    assert "9 is odd" in repr(exercise(lambda n: 9))
    assert "cannot be read as an answer" in repr(exercise(lambda n: "ab"))


def test_a_driver_calls_what_the_student_defined():
    exercise = Exercise("C", 4, lambda seed: [core.Case("twice", [(3,)], lambda n: 2 * n)],
                        through=lambda made, n: made(n).value)

    class Right:
        def __init__(self, n):
            self.value = 2 * n

    assert exercise(Right).passed and exercise.score(Right) == 4


def test_values_that_cannot_be_compared_are_wrong_and_nothing_is_raised():
    exercise = Exercise("f", 4, lambda seed: [
        core.Case("one", [(1,)], lambda n: n, [("a mistake", lambda n: n + 1)])])
    assert not exercise(lambda n: 10**400).passed


# --- what was handed in -------------------------------------------------------------------------


def hand_in(path, notebook=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook or toys.handed_in(), path)


def test_three_layouts_of_folders_are_understood(tmp_path, assignment):
    hand_in(tmp_path / "in" / "ann" / "hw90" / "hw90_toy.ipynb")
    hand_in(tmp_path / "in" / "ben" / "hw90_toy.ipynb")
    hand_in(tmp_path / "in" / "ben" / ".ipynb_checkpoints" / "hw90_toy.ipynb")
    hand_in(tmp_path / "in" / "cleo_hw90_toy.ipynb")
    hand_in(tmp_path / "in" / "dan" / "my answer.ipynb")
    hand_in(tmp_path / "in" / "eve" / "a.ipynb")
    hand_in(tmp_path / "in" / "eve" / "b.ipynb")
    found = {one.student: one for one in find(tmp_path / "in", assignment)}
    assert [name for name, one in found.items() if one.path] == ["ann", "ben", "cleo", "dan"]
    assert found["eve"].problem == "which of 2 notebooks is it?"


def test_the_homework_is_found_by_the_names_of_files(tmp_path):
    hand_in(tmp_path / "ann" / "hw2" / "x.ipynb")
    hand_in(tmp_path / "ben" / "hw2_bptt.ipynb")
    hand_in(tmp_path / "cleo" / "hw1_windows.ipynb")
    assert which(tmp_path, ["hw1", "hw2"]) == "hw2"
    with pytest.raises(ValueError, match="--homework"):
        which(tmp_path, ["hw7"])


def test_our_cells_set_up_and_a_students_tests_never_run(assignment):
    book = toys.handed_in("    return x", "    return x", test_running="boom()", setup="import os")
    kinds = {cell["source"]: cell["kind"] for cell in cells_to_run(assignment, book)}
    assert kinds[assignment.setup[0].source] == "whole"
    assert kinds["import os"] == "imports"
    assert kinds["def running(x):\n    return x"] == "whole"
    assert "boom()" not in kinds


def test_an_answer_is_its_cell_and_what_was_added_below(assignment):
    book = toys.handed_in(written_why="Because.")
    added = [nbformat.v4.new_markdown_cell(text) for text in ("More.", "My drawing:")]
    book.cells = [*book.cells[:8], added[0], *book.cells[8:], added[1]]
    assert answers(assignment, book) == {"written_why": "Because.\n\nMore.",
                                         "task_draw": "My drawing:"}


def test_students_find_no_checks_and_no_locked_modules(tmp_path):
    library = make_library(tmp_path, ("bptt",)) / "rnnlib"
    there = {str(path.relative_to(library)) for path in library.rglob("*.py")}
    assert {"cells.py", "layers.py", "grading/inside.py", "check/__init__.py"} <= there
    assert not [name for name in there if name.startswith(("check/nb", "release", "homework"))]
    assert not [name for name in there if name.startswith("check/hw") and "inside" not in name]
    assert "locked" in (library / "bptt_rnn.py").read_text()


# --- the student's side ------------------------------------------------------------------------


def run(source, kind="whole"):
    """The names that a cell defines, run as a student's process does."""
    notebook = types.ModuleType("__main__")
    inside.run_cell(notebook, {"source": source, "name": "c", "kind": kind})
    return {name: value for name, value in vars(notebook).items() if name[:2] != "__"}


def test_lines_for_the_notebook_itself_are_left_out():
    assert run("%matplotlib inline\n!ls\nif True:\n    %time x = 1\n    y = 2\nprint?") == {"y": 2}


@pytest.mark.parametrize("kind, names", [
    ("whole", {"math", "SIZE", "x", "f", "C"}), ("definitions", {"math", "SIZE", "f", "C"}),
    ("imports", {"math"})])
def test_of_added_cells_only_definitions_run(kind, names):
    source = "import math\nSIZE = [2, 3]\nx = math.pi\ndef f(): ...\nclass C: ..."
    assert set(run(source, kind)) == names


def test_a_definition_that_fails_stops_no_other():
    assert set(run("import no_such_module\ndef f(): ...", "definitions")) == {"f"}


def test_a_class_is_called_through_its_driver():
    notebook = types.ModuleType("__main__")
    inside.run_cell(notebook, {"name": "c", "kind": "whole", "source":
                               "class C:\n    def __init__(self, n):\n        self.value = n"})
    reply = inside.call(notebook, {"name": "C", "through": ["homework_toys", "twice"],
                                   "arguments": [wire.pack(3)]})
    assert reply == {"value": 6}


def test_an_input_that_was_changed_in_place_comes_back():
    notebook = types.ModuleType("__main__")
    inside.run_cell(notebook, {"name": "c", "kind": "whole", "source": "def f(x):\n    x += 1"})
    reply = inside.call(notebook, {"name": "f", "arguments": [wire.pack(torch.zeros(2))]})
    assert wire.unpack(reply["changed"])[0].tolist() == [1, 1]


# --- tables and feedback ------------------------------------------------------------------------


def result(student="ann", **more):
    return {"student": student, "homework": "hw90", "problem": "", "file": "f", "notes": {},
            "answers": {"written_why": "Because."}, "code": {"running": "def running(x): ..."},
            "exercises": [
                {"name": "running", "points": 20.0, "of": 40, "lines": ["holds: a"], "look": []},
                {"name": "scaled", "points": 9.5, "of": 10, "lines": ["does not hold: b"],
                 "look": ["uses cumsum"]}]} | more


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_points_entered_by_a_person_are_kept_and_counted(tmp_path, assignment):
    results = {"ann": result(), "=ben": result("=ben")}
    tables.write_by_hand(tmp_path, assignment, results, {})
    text = (tmp_path / "by_hand.csv").read_text(encoding="utf-8-sig")
    text = text.replace("'=ben,written_why,6,,", "'=ben,written_why,6,4.5,\"well, nearly\"")
    (tmp_path / "by_hand.csv").write_text(text, encoding="utf-8")
    entered = tables.read_by_hand(tmp_path)
    tables.write_by_hand(tmp_path, assignment, results, entered)
    assert tables.read_by_hand(tmp_path) == entered
    tables.write_scores(tmp_path, assignment, results, entered)
    ann, ben = rows(tmp_path / "scores.csv")
    assert (ann["total"], ann["to grade by hand"], ben["total"]) == ("29.5", "2", "34")
    assert ben["student"] == "'=ben" and ben["written_why"] == "4.5"
    assert "scaled: uses cumsum" in ann["remarks"]
    assert "well, nearly" in feedback.page(assignment, results["=ben"], entered)


@pytest.mark.parametrize("points", ["7", "-1", "many"])
def test_points_that_cannot_be_are_refused_by_line(tmp_path, points):
    (tmp_path / "by_hand.csv").write_text(
        f"student,question,of,points,comment\nann,written_why,6,{points},\n")
    with pytest.raises(ValueError, match="line 2: expected points from 0 to 6"):
        tables.read_by_hand(tmp_path)


def test_feedback_shows_everything_as_text(assignment):
    bad = "<script>alert(1)</script>"
    one = result(bad, problem=bad, notes={bad: bad}, answers={"written_why": bad},
                 code={"running": bad})
    one["exercises"][0]["lines"] = [f"does not hold: {bad}"]
    text = feedback.page(assignment, one, {(tables.safe_text(bad), "written_why"): (1.0, bad)})
    assert "<script" not in text and text.count("&lt;script&gt;") >= 7
    assert "29.5" not in text and "30.5" in text
