"""The student's copy: stubs, locks, no hidden tests; searched for leaks; equal to nbgrader's."""
import json
import zipfile

import homework_toys as toys
import nbformat
import pytest

from rnnlib.release import leaks
from rnnlib.release.assignment import by_id, load, read, sources
from rnnlib.release.packing import release
from rnnlib.release.proving import prove
from rnnlib.release.regions import SOLUTION, cut
from rnnlib.release.student_copy import faults, student_copy


@pytest.fixture
def assignment(tmp_path):
    return load("hw90", toys.write_homework(tmp_path / "source"))


def test_a_region_is_cut_out_and_its_stub_is_indented():
    source = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\nf()"
    assert cut(source, SOLUTION, ("# HERE",)) == ("def f():\n    # HERE\nf()", ["    return 1"])


@pytest.mark.parametrize("source, said", [
    ("### BEGIN SOLUTION\nx", "has no END"),
    ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "stands twice")])
def test_a_region_that_is_not_closed_is_said(source, said):
    with pytest.raises(ValueError, match=said):
        cut(source, SOLUTION)


def test_the_student_gets_stubs_and_no_outputs():
    cells = by_id(student_copy(toys.source()))
    assert cells["running"].source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["test_running"].source == "print(7)"
    assert cells["written_why"].source == "YOUR ANSWER HERE"
    assert cells["task_draw"].source == "## Draw it"
    assert cells["test_running"].metadata.editable is False
    assert cells["running"].metadata.deletable is False
    assert "editable" not in cells["running"].metadata
    assert not [c for c in student_copy(toys.source()).cells if c.get("outputs")]


def test_a_copy_is_a_valid_notebook_and_the_source_is_left_alone():
    source = toys.source()
    before = nbformat.writes(source)
    nbformat.validate(student_copy(source))
    assert nbformat.writes(source) == before


def test_metadata_that_could_tell_is_left_out():
    source = toys.source()
    source.metadata["history"] = source.cells[2].metadata["solution"] = toys.RUNNING
    source.cells[7]["attachments"] = {"a.txt": {"text/plain": toys.RUNNING}}
    assert "cumsum" not in nbformat.writes(student_copy(source))


@pytest.mark.parametrize("change, said", [
    (lambda c: c[3].metadata.nbgrader.update(grade_id="running"), "stands there twice"),
    (lambda c: c[3].metadata.nbgrader.pop("points"), "has no points"),
    (lambda c: c[4].update(source=toys.marked("SOLUTION", "x = 1")), "in a cell of another kind"),
    (lambda c: c[2].update(source=toys.marked("HIDDEN TESTS", "x")), "in a cell of another kind")])
def test_a_source_with_a_fault_is_not_released(change, said):
    source = toys.source()
    change(source.cells)
    assert said in "; ".join(faults(source))
    with pytest.raises(ValueError, match=said):
        student_copy(source)


def test_a_release_is_a_folder_and_a_zip_with_the_same_in_it(assignment, tmp_path):
    place, packed = release(assignment, tmp_path / "out")
    with zipfile.ZipFile(packed) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {f"hw90/{p.name}": p.read_bytes() for p in place.iterdir()}
    assert set(inside) == {"hw90/hw90_toy.ipynb", "hw90/START.txt"}
    first = packed.read_bytes()
    assert release(assignment, tmp_path / "out")[1].read_bytes() == first


def test_no_line_of_a_solution_is_in_any_released_byte(assignment, tmp_path):
    place, packed = release(assignment, tmp_path / "out")
    secrets = leaks.secrets_of(assignment.notebook)
    assert set(secrets) == {toys.RUNNING.strip(), toys.SCALED.strip(), toys.LONG_HIDDEN,
                            "Because addition does not forget, and so on.",
                            "Two points for each axis drawn."}
    assert leaks.leaks([*place.iterdir(), packed], secrets) == []


@pytest.mark.parametrize("hide", [
    lambda book: book.cells[4].update(source=toys.RUNNING),
    lambda book: book.cells[4].metadata.update(tags=[toys.LONG_HIDDEN]),
    lambda book: book.metadata.update(course={"history": "Two points for each axis drawn."})])
def test_a_leak_is_found_in_sources_metadata_and_zips(hide, tmp_path):
    book = student_copy(toys.source())
    hide(book)
    path = tmp_path / "book.ipynb"
    nbformat.write(book, path)
    with zipfile.ZipFile(tmp_path / "book.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "book.ipynb")
    secrets = leaks.secrets_of(toys.source())
    for one in (path, tmp_path / "book.zip"):
        assert [line for _, line in leaks.leaks([one], secrets)]


def test_a_release_that_would_leak_leaves_nothing(assignment, tmp_path):
    assignment.notebook.cells[4].metadata["tags"] = [toys.RUNNING.strip()]
    with pytest.raises(ValueError, match="would give away"):
        release(assignment, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_the_toy_is_in_order_and_a_broken_solution_is_noticed(assignment):
    assert prove(assignment) == []
    assignment.notebook.cells[2].source = assignment.notebook.cells[2].source.replace(
        "torch.cumsum(x, 0)", "x")
    assert "running: the solution gets" in " ".join(prove(assignment))


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"cells": 7, "nbformat": 4}',
                                  "[" * 100000])
def test_what_is_not_a_notebook_is_one_sentence(tmp_path, text):
    (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(ValueError, match="this is not a notebook"):
        read(tmp_path / "x.ipynb")


def released_by_nbgrader(notebook):
    """The notebook after nbgrader's own steps of a release, those without a database."""
    preprocessors = pytest.importorskip(
        "nbgrader.preprocessors", reason="the extra [grading] (nbgrader) is not installed")
    resources = {"nbgrader": {"student": ".", "notebook": "hw"}}
    for name in ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata",
                 "ComputeChecksums", "ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums",
                 "CheckCellMetadata"):
        notebook, resources = getattr(preprocessors, name)().preprocess(notebook, resources)
    return notebook


@pytest.mark.parametrize("name", ["toy", *sources()])
def test_the_copy_equals_the_release_of_nbgrader_cell_for_cell(name):
    source = toys.source() if name == "toy" else load(name).notebook
    ours = student_copy(source)
    theirs = released_by_nbgrader(nbformat.reads(nbformat.writes(source), 4))
    assert len(ours.cells) == len(theirs.cells)
    for mine, other in zip(ours.cells, theirs.cells):
        assert json.loads(json.dumps(mine)) == json.loads(json.dumps(other))


