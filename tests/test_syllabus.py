"""The syllabus is true: what it names exists. And its checks notice when it is not."""

import copy
import json
import re

import pytest

from rnnlib import ROOT, syllabus


@pytest.fixture(scope="module")
def course():
    return syllabus.load()


@pytest.fixture
def changed(course):
    return copy.deepcopy(course)


def numbers(text):
    """The numbers in '1-3 5': 1 2 3 5."""
    spans = [[int(end) for end in part.split("-")] for part in text.split()]
    return [n for span in spans for n in range(span[0], span[-1] + 1)]


# --- the course -----------------------------------------------------------------------------------


def test_every_filled_cell_resolves_and_every_heading_is_covered(course):
    assert syllabus.faults(course) == []


def test_no_row_is_lost(course):
    concepts = "1-7 10-16 20-24 30-34 40-44 46 50-55 60-63 70-76 80-83 90-99 110-113 "
    concepts += "120-123 125-128 130-131 133-134 140-143"
    assert list(course["concepts"]) == [f"C{n:02}" for n in numbers(concepts)]
    assert list(course["claims"]) == [f"K{n:02}" for n in numbers("1-3 5-31")]
    assert [name[:2] for name in course["notebooks"]] == [f"{n:02}" for n in range(18)]


def test_every_row_says_something_and_no_title_twice(course):
    titles = [row["title"] for row in course["concepts"].values()]
    titles += [row["statement"] for row in course["claims"].values()]
    assert all(titles) and len(set(titles)) == len(titles)
    assert all(row["metric"] for row in course["claims"].values())
    assert all(row["question"].endswith("?") for row in course["notebooks"].values())


def test_the_map_in_the_readme_is_up_to_date(course):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == syllabus.with_map(readme, course), "run python -m rnnlib.syllabus"


def test_the_picture_in_the_readme_is_the_one_in_its_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "data/figures/step.png" in readme
    assert syllabus.PICTURE.read_bytes() == syllabus.picture(), "run python -m rnnlib.syllabus"


# --- a small course to break ----------------------------------------------------------------------


def row(**cells):
    empty = dict.fromkeys(("heading", "name", "exercise", "test"), "")
    return {"title": "A", "lectures": ["notes"], "notebook": "01_one", **empty, **cells}


def claim(**cells):
    empty = dict.fromkeys(("heading", "metric", "experiment", "verdict"), "")
    return {"statement": "B", "lectures": ["notes"], "notebook": "01_one", **empty, **cells}


def small(concept=None, claims=None, again=(), other=()):
    box = {"branch": 0, "place": [0, 0], "needs": []}
    one = {"title": "One", "question": "Why?", **box, "again": [*again], "other_headings": [*other]}
    two = {"title": "Two", "question": "How?", **box, "again": [], "other_headings": []}
    concepts = {"C01": concept or row()}
    return {
        "notebooks": {"01_one": one, "02_two": two},
        "concepts": concepts,
        "claims": {"K01": claims or claim()},
    }


def notebook(root, text, name="01_one"):
    cells = [{"cell_type": "code", "source": ["## no heading"]}]
    cells += [{"cell_type": "markdown", "source": text.splitlines(keepends=True)}]
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": cells}))
    return path


TEXT = "# Title\n## A memory\ntext\n### Deeper\n```\n## a comment\n```\n## Summary\n"


def test_headings_are_those_of_text_cells_outside_code(tmp_path):
    path = notebook(tmp_path, TEXT)
    assert syllabus.headings(path) == ["A memory", "Summary"]
    assert syllabus.headings(path, "#+") == ["Title", "A memory", "Deeper", "Summary"]


def test_a_finished_notebook_has_no_faults(tmp_path):
    notebook(tmp_path, TEXT)
    good = small(row(heading="A memory"), claim(heading="Deeper"), other=["Summary"])
    assert syllabus.faults(good, tmp_path) == []


HERE = {"heading": "A memory"}
BROKEN = [
    ({"heading": "Memory"}, "C01: 01_one.ipynb has no heading 'Memory'"),
    ({}, "C01: 01_one.ipynb exists, but no heading is named that teaches it"),
    ({"notebook": "02_two"} | HERE, "stands in 02_two.ipynb, which does not exist yet"),
    ({"notebook": "03_three"}, "C01: there is no notebook '03_three'"),
    ({"name": "rnnlib.cells.Nothing"} | HERE, "C01: name rnnlib.cells.Nothing cannot be imported"),
    ({"name": "rnnlib.nothing"} | HERE, "C01: name rnnlib.nothing cannot be imported"),
    ({"exercise": "rnnlib.check.nb99.x"} | HERE, "C01: exercise rnnlib.check.nb99.x cannot be"),
    ({"test": "tests/test_x.py::test_b"} | HERE, "there is no test tests/test_x.py::test_b"),
    ({"test": "tests/none.py::test_a"} | HERE, "there is no test tests/none.py::test_a"),
    ({"lectures": ["cs1"]} | HERE, "C01: lectures must be some of cs421"),
]


@pytest.mark.parametrize("cells, said", BROKEN)
def test_a_cell_that_does_not_resolve_is_named(tmp_path, cells, said):
    notebook(tmp_path, TEXT)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("def test_a():\n    pass\n")
    found = syllabus.faults(small(row(**cells), other=["A memory", "Summary"]), tmp_path)
    assert len(found) == 1 and said in found[0]


def test_a_test_that_exists_is_found(tmp_path):
    (tmp_path / "test_x.py").write_text("class TestAll:\n    def test_a(self):\n        pass\n")
    assert syllabus.faults(small(row(test="test_x.py::test_a")), tmp_path) == []


def test_a_heading_that_no_row_names_is_noticed(tmp_path):
    notebook(tmp_path, TEXT)
    (said,) = syllabus.faults(small(row(heading="A memory")), tmp_path)
    assert said == "01_one.ipynb: no row and no other_headings name the heading 'Summary'"


def test_another_heading_that_is_gone_is_noticed(tmp_path):
    notebook(tmp_path, TEXT)
    course = small(row(heading="A memory"), other=["Summary", "Exercises"])
    assert syllabus.faults(course, tmp_path) == [
        "01_one.ipynb has no heading 'Exercises', which other_headings name"
    ]


def test_a_notebook_that_the_syllabus_does_not_know_is_noticed(tmp_path):
    notebook(tmp_path, TEXT, "05_new")
    assert syllabus.faults(small(), tmp_path) == ["05_new.ipynb is not in [notebooks]"]


@pytest.mark.parametrize("verdict, experiment", [("maybe", "rnnlib.claims"), ("holds", "")])
def test_a_verdict_is_one_of_three_and_needs_an_experiment(tmp_path, verdict, experiment):
    course = small(claims=claim(verdict=verdict, experiment=experiment))
    (said,) = syllabus.faults(course, tmp_path)
    assert "K01: a verdict is one of" in said and repr(verdict) in said


def test_a_row_taught_again_must_exist(tmp_path):
    assert syllabus.faults(small(again=["C99"]), tmp_path) == ["01_one: there is no row C99"]


# --- files and the map ----------------------------------------------------------------------------


def test_a_row_with_a_cell_too_few_or_too_many_is_refused(tmp_path):
    path = tmp_path / "syllabus.toml"
    path.write_text('[notebooks]\n[claims]\n[concepts.C01]\ntitle = "A"\ncolour = "red"\n')
    with pytest.raises(
        ValueError, match=r"\[concepts.C01\] must have .* missing: colour, exercise"
    ):
        syllabus.load(path)


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    path = tmp_path / "syllabus.toml"
    path.write_text("[concepts.C01\n")
    with pytest.raises(ValueError, match="is no TOML .*line 1"):
        syllabus.load(path)


def test_a_table_that_is_missing_is_refused(tmp_path):
    path = tmp_path / "syllabus.toml"
    path.write_text("")
    with pytest.raises(ValueError, match=r"has no rows \[notebooks.…\], \[concepts.…\]"):
        syllabus.load(path)


def test_the_map_links_what_exists_and_announces_what_comes(tmp_path):
    notebook(tmp_path, TEXT)
    lines = syllabus.readme_map(small(again=["K01"]), tmp_path).splitlines()
    assert lines[2] == "| [01 One](notebooks/01_one.ipynb) | Why? | C01 | K01 K01 |"
    assert lines[3] == "| 02 Two *(coming)* | How? |  |  |"


def test_neighbours_in_the_table_are_drawn_together(changed):
    table = re.findall(r"^\| \[?1[0267] .*$", syllabus.readme_map(changed), re.M)
    assert "| C90–C99 | K12 K14 K15 |" in table[0]
    assert "| C120–C126 C128 | K21 |" in table[1]
    assert table[3].endswith("|  | all |")


def test_only_what_stands_between_the_marks_is_replaced():
    made = syllabus.with_map("# A\n<!-- map -->\nold\n<!-- /map -->\nB\n", small())
    assert made.startswith("# A\n<!-- map -->\n| notebook |") and made.endswith(
        "<!-- /map -->\nB\n"
    )
    assert "old" not in made and made == syllabus.with_map(made, small())


@pytest.mark.parametrize("readme", ["no marks", "<!-- map -->", "<!-- /map --><!-- map -->"])
def test_a_readme_without_its_marks_is_refused(readme):
    with pytest.raises(ValueError, match="README.md needs one line <!-- map -->"):
        syllabus.with_map(readme, small())
