"""The course as data: what each row of data/syllabus.toml promises, checked, and the README's map.

python -m rnnlib.syllabus      checks every filled cell, rewrites README's map and picture
"""

import ast
import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

from . import DATA, ROOT
from .checkpoints import replace

SYLLABUS = DATA / "syllabus.toml"
LECTURES = ("cs421", "cs447", "notes", "cs505", "bristol")
VERDICTS = ("", "holds", "holds under conditions", "does not hold here")
EVERYTHING = "all claims"
FIELDS = {
    "notebooks": {"title", "question", "branch", "place", "needs", "again", "other_headings"},
    "concepts": {"title", "lectures", "notebook", "heading", "name", "exercise", "test"},
    "claims": {"statement", "lectures", "notebook", "heading", "metric", "experiment", "verdict"},
}
MARKS = "<!-- map -->", "<!-- /map -->"
PICTURE = DATA / "figures" / "step.png"
SHOWN = "02_simple_rnn", "widget"
"""The notebook and the cell whose picture the README shows."""


def load(path=SYLLABUS) -> dict:
    """The syllabus: tables `notebooks`, `concepts`, `claims`, each from an id to a row of cells.

    Raises:
        ValueError: no TOML, a table missing, or a row with a cell too many or too few.
    """
    try:
        syllabus = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is no TOML ({error}): look at that line") from None
    missing = [f"[{table}.…]" for table in FIELDS if table not in syllabus]
    if missing:
        raise ValueError(f"{path} has no rows {', '.join(missing)}: is it the course's syllabus?")
    for table, fields in FIELDS.items():
        for key, row in syllabus[table].items():
            wrong = sorted(fields ^ set(row))
            if wrong:
                raise ValueError(
                    f"{path}: [{table}.{key}] must have the cells {', '.join(sorted(fields))}; "
                    f"too many or missing: {', '.join(wrong)}"
                )
    return syllabus


def faults(syllabus: dict, root: Path = ROOT) -> list[str]:
    """What is wrong, one sentence each; an empty list when every filled cell resolves."""
    return [*_rows(syllabus, root), *_uncovered(syllabus, root)]


def _rows(syllabus: dict, root: Path) -> Iterator[str]:
    for table in ("concepts", "claims"):
        for key, row in syllabus[table].items():
            for complaint in _row(row, syllabus, root):
                yield f"{key}: {complaint}"
    for name, notebook in syllabus["notebooks"].items():
        for key in notebook["again"]:
            if key not in syllabus["concepts"] | syllabus["claims"] and key != EVERYTHING:
                yield f"{name}: there is no row {key}"


def _row(row: dict, syllabus: dict, root: Path) -> Iterator[str]:
    if not row["lectures"] or not set(row["lectures"]) <= set(LECTURES):
        yield f"lectures must be some of {', '.join(LECTURES)}, got {row['lectures']}"
    if row["notebook"] not in syllabus["notebooks"]:
        yield f"there is no notebook {row['notebook']!r} in [notebooks]"
    else:
        yield from _heading(row, root)
    for cell in ("name", "exercise", "experiment"):
        if row.get(cell) and not _imports(row[cell]):
            yield f"{cell} {row[cell]} cannot be imported: is it spelled as in the library?"
    if row.get("test") and not _test_exists(row["test"], root):
        yield f"there is no test {row['test']}"
    verdict = row.get("verdict", "")
    if verdict not in VERDICTS or verdict and not row["experiment"]:
        yield f"a verdict is one of {VERDICTS[1:]} and needs an experiment, got {verdict!r}"


def _heading(row: dict, root: Path) -> Iterator[str]:
    path = root / "notebooks" / f"{row['notebook']}.ipynb"
    if not path.exists():
        if row["heading"]:
            yield f"heading {row['heading']!r} stands in {path.name}, which does not exist yet"
    elif not row["heading"]:
        if "title" in row:
            yield f"{path.name} exists, but no heading is named that teaches it"
    elif row["heading"] not in headings(path, "#+"):
        yield f"{path.name} has no heading {row['heading']!r}"


def headings(notebook: Path, level: str = "##") -> list[str]:
    """The headings in a notebook's text cells; of all levels with level '#+'."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) + "\n" for c in cells if c["cell_type"] == "markdown")
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return [found.strip() for found in re.findall(rf"^(?:{level}) (.+)$", text, re.M)]


def _uncovered(syllabus: dict, root: Path) -> Iterator[str]:
    rows = [*syllabus["concepts"].values(), *syllabus["claims"].values()]
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        notebook = syllabus["notebooks"].get(path.stem)
        if notebook is None:
            yield f"{path.name} is not in [notebooks]"
            continue
        named = {row["heading"] for row in rows if row["notebook"] == path.stem}
        other, there = notebook["other_headings"], headings(path)
        for heading in there:
            if heading not in named and heading not in other:
                yield f"{path.name}: no row and no other_headings name the heading {heading!r}"
        for heading in other:
            if heading not in there:
                yield f"{path.name} has no heading {heading!r}, which other_headings name"


def _imports(name: str) -> bool:
    try:
        return resolve_name(name) is not None
    except (ImportError, AttributeError, ValueError):
        return False


def _test_exists(node: str, root: Path) -> bool:
    file, _, name = node.partition("::")
    path = root / file
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(part, ast.FunctionDef) and part.name == name for part in ast.walk(tree))


def boxes(syllabus: dict, root: Path = ROOT) -> list[tuple]:
    """The notebooks for `plots.course_map`: (number, title, branch, place, needs, ready) each."""
    return [
        (
            name[:2],
            row["title"],
            row["branch"],
            tuple(row["place"]),
            row["needs"],
            (root / "notebooks" / f"{name}.ipynb").exists(),
        )
        for name, row in syllabus["notebooks"].items()
    ]


def readme_map(syllabus: dict, root: Path = ROOT) -> str:
    """The map of the course as a Markdown table; notebooks that do not exist yet are coming."""
    lines = ["| notebook | question | concepts | claims |", "|---|---|---|---|"]
    for name, row in syllabus["notebooks"].items():
        label, path = f"{name[:2]} {row['title']}", f"notebooks/{name}.ipynb"
        link = f"[{label}]({path})" if (root / path).exists() else f"{label} *(coming)*"
        taught = [_ids(syllabus[table], name, row["again"]) for table in ("concepts", "claims")]
        if EVERYTHING in row["again"]:
            taught[1] = "all"
        lines.append(f"| {link} | {row['question']} | {taught[0]} | {taught[1]} |")
    return "\n".join(lines)


def _ids(table: dict, notebook: str, again: list[str]) -> str:
    """The ids of a notebook's rows, neighbours of the table drawn together: C10–C16 C06."""
    runs: list[list[str]] = []
    before = None
    for key, row in table.items():
        if row["notebook"] == notebook:
            runs = [*runs[:-1], [*runs[-1], key]] if before in sum(runs, []) else [*runs, [key]]
        before = key
    first = [f"{run[0]}–{run[-1]}" if len(run) > 2 else " ".join(run) for run in runs]
    return " ".join([*first, *(key for key in again if key in table)])


def with_map(readme: str, syllabus: dict, root: Path = ROOT) -> str:
    """A README's text with the map between the lines <!-- map --> and <!-- /map --> made anew.

    Raises:
        ValueError: the two lines are not there, once each and in this order.
    """
    start, end = MARKS
    before, found, rest = readme.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed or start in rest or end in after:
        raise ValueError(f"README.md needs one line {start} and, after it, one line {end}")
    return f"{before}{start}\n{readme_map(syllabus, root)}\n{end}{after}"


def picture(root: Path = ROOT) -> bytes:
    """The PNG that the README shows: the output of a cell of a committed notebook."""
    notebook, cell = SHOWN
    nb = json.loads((root / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    outputs = [output for part in nb["cells"] if part["id"] == cell for output in part["outputs"]]
    found = [o["data"]["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    if not found:
        raise ValueError(f"{notebook}.ipynb has no picture in the cell {cell}: was it saved?")
    return base64.b64decode(found[0])


def main() -> int:
    """Rewrite the README's map and picture, and print what is wrong; 1 if anything is."""
    syllabus = load()
    found = faults(syllabus)
    try:
        path = ROOT / "README.md"
        replace(path, with_map(path.read_text(encoding="utf-8"), syllabus).encode())
        replace(PICTURE, picture())
    except (ValueError, OSError) as error:
        found.append(str(error))
    tables = {table: len(syllabus[table]) for table in FIELDS}
    print("\n".join(found) or f"every filled cell resolves: {tables}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
