"""`course.py homework` from the command line to the files it writes, on a homework of two
exercises."""
import csv
import zipfile

import homework_toys as toys
import nbformat
import pytest

from rnnlib import ROOT, homework
from rnnlib.grading.sandbox import Refused
from rnnlib.release import whole_course
from rnnlib.release.assignment import load

GOOD = "    return x.cumsum(0)\n"
PLANTED = {
    "running": '''
RIGHT = [lambda x: x.cumsum(0), lambda x: x.flip(0).cumsum(0).flip(0) * 0 + x.cumsum(0)]
WRONG = [(lambda x: x.sum(0), "only the last sum"), (lambda x: x.cumsum(0) / len(x), "the mean"),
         (lambda x: x, "expected"), (lambda x: 2 * x.cumsum(0), "expected"),
         (lambda x: None, "not yet")]
''',
    "scaled": '''
RIGHT = [lambda x, k: k * x, lambda x, k: x * k]
WRONG = [(lambda x, k: x, "expected"), (lambda x, k: x + k, "expected"),
         (lambda x, k: k, "expected"), (lambda x, k: x / k, "expected"),
         (lambda x: x, "2 arguments")]
'''}


@pytest.fixture
def source(tmp_path):
    folder = toys.write_homework(tmp_path / "source")
    (folder / "planted" / "hw90").mkdir(parents=True)
    for name, text in PLANTED.items():
        (folder / "planted" / "hw90" / f"{name}.py").write_text(text)
    return folder


@pytest.fixture
def course(source):
    """Runs a command on the toy homework."""
    return lambda *words: homework.main(["--source", str(source), *map(str, words)])


def test_release_says_where_it_is(course, tmp_path, capsys):
    assert course("release", "hw90", "--output", tmp_path / "out") == 0
    assert "hw90.zip, 60 points" in capsys.readouterr().out
    assert (tmp_path / "out" / "hw90" / "hw90_toy.ipynb").exists()


def test_check_prints_the_matrix_of_planted_answers(course, capsys):
    assert course("check", "hw90", "--mutants") == 0
    said = capsys.readouterr().out
    assert "hw90: 2 exercises, 60 points, 14 planted answers: in order" in said
    assert "10 of 10 wrong answers caught" in said and "4 of 4 right ones accepted" in said
    assert "wrong  .xx              0  the mean" in said


@pytest.mark.parametrize("old, new, said", [
    ('"only the last sum"', '"another message"', "hears: known mistake: only the last sum"),
    ("lambda x: x,", "lambda x: x.cumsum(0),", "gets all points"),
    ("RIGHT = [lambda x: x.cumsum(0)", "RIGHT = [lambda x: x", "does not get all points"),
    ("(lambda x: None, \"not yet\")", "", "4 wrong and 2 right answers are planted")])
def test_check_says_which_planted_answer_is_amiss(course, source, capsys, old, new, said):
    path = source / "planted" / "hw90" / "running.py"
    path.write_text(path.read_text().replace(old, new))
    assert course("check") == 1
    assert said in capsys.readouterr().out


def test_a_class_is_graded_once_and_goes_on(course, tmp_path, capsys):
    toys.need_locks()
    folder, output = tmp_path / "in", tmp_path / "out"
    for name, scaled in (("ann", "    return k * x\n"), ("ben", "    return x\n")):
        (folder / name).mkdir(parents=True)
        nbformat.write(toys.handed_in(GOOD, scaled, written_why="It *adds* up."),
                       folder / name / "hw90_toy.ipynb")
    words = "grade", folder, "--homework", "hw90", "--output", output, "--workers", 1
    assert course(*words) == 0
    said = capsys.readouterr()
    assert "locked up: no network" in said.err and "graded 2 of 2" in said.err
    assert "2 submissions: median 47.5 of 50 points that a program gives, from 45 to 50" in said.out
    assert [row["total"] for row in table(output / "scores.csv")] == ["50", "45"]
    assert "It *adds* up." in (output / "feedback" / "ben.html").read_text()
    enter(output / "by_hand.csv", "ben,written_why,6,,", "ben,written_why,6,5.5,nice")
    (output / "results" / "ann.json").unlink()
    assert course(*words) == 0
    assert "graded 1 of 1" in capsys.readouterr().err
    assert [row["total"] for row in table(output / "scores.csv")] == ["50", "50.5"]
    assert "nice" in (output / "feedback" / "ben.html").read_text()
    assert table(output / "by_hand.csv")[2]["points"] == "5.5"


def table(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def enter(path, old, new):
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_points_reach_the_gradebook_of_nbgrader(source, tmp_path):
    api = pytest.importorskip("nbgrader.api", reason="the extra [grading] is not installed")
    from rnnlib.grading.gradebook import write_gradebook

    results = {"ann": {"student": "ann", "exercises": [
        {"name": "running", "points": 20.0}, {"name": "scaled", "points": 10.0}]}}
    path = tmp_path / "gradebook.db"
    for entered in ({}, {("ann", "written_why"): (4.5, "")}):
        write_gradebook(path, load("hw90", source), results, entered)
    with api.Gradebook(f"sqlite:///{path}") as book:
        submission = book.find_submission("hw90", "ann")
        assert (submission.score, submission.max_score) == (34.5, 60)
        assert book.find_grade("task_draw", "hw90_toy", "hw90", "ann").needs_manual_grade


def test_without_nbgrader_the_gradebook_is_one_sentence(source, tmp_path, monkeypatch):
    from rnnlib.grading.gradebook import write_gradebook

    monkeypatch.setitem(__import__("sys").modules, "nbgrader.api", None)
    with pytest.raises(ValueError, match="install the extra"):
        write_gradebook(tmp_path / "g.db", load("hw90", source), {}, {})


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="made from a git checkout")
def test_the_course_for_a_class_has_no_source_and_nothing_planted(tmp_path):
    path, _ = whole_course.course_copy(tmp_path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        text = [archive.read(name).decode() for name in names
                if name.startswith("course/notebooks/homework/")]
    assert {"course/course.py", "course/rnnlib/cells.py"} <= set(names)
    assert not [name for name in names if "planted" in name and not name.endswith("planted.py")]
    assert not [one for one in text if "### BEGIN SOLUTION\\n" in one]


def test_without_locks_only_unsafe_grades_and_says_so(course, tmp_path, capsys, monkeypatch):
    def no(*given, **named):
        raise Refused("no isolation on this system (not permitted)")

    nbformat.write(toys.handed_in(GOOD, "    return k * x\n"), file_in(tmp_path / "in" / "ann"))
    words = "grade", tmp_path / "in", "--homework", "hw90", "--output", tmp_path / "out"
    monkeypatch.setattr("rnnlib.homework.Nursery", no)
    assert course(*words) == 3
    said = capsys.readouterr().err
    assert "cannot lock up students' code" in said and "--unsafe" in said
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    assert course(*words, "--unsafe") == 0
    assert "NOT locked up" in capsys.readouterr().err
    assert table(tmp_path / "out" / "scores.csv")[0]["total"] == "50"


def file_in(folder):
    folder.mkdir(parents=True)
    return folder / "hw90_toy.ipynb"
