"""What is committed: notebooks that read well, no traces of one machine, papers in order."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from fnmatch import fnmatch

import nbformat
import pytest
import yaml

from rnnlib import DATA, ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 500_000  # bytes of a notebook
HOSTS = ["pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian"]
PATHS = ["/" + word + "/" for word in ("work", "farm", "Users")] + ["/root/" + ".", "C:" + "\\\\"]
TEXT = {".py", ".md", ".toml", ".txt", ".ipynb", ".yaml", ".yml", ".cff", ".json", ".jsonl", ""}
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def tracked():
    """The files of the project: those git knows, or all of them in a copy without git."""
    answer = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = answer.stdout.splitlines() if answer.returncode == 0 else []
    files = [ROOT / name for name in names] or list(ROOT.rglob("*"))
    return [path for path in files if path.is_file()
            and not {".venv", "build", ".git"} & set(path.relative_to(ROOT).parts)]


def code(notebook):
    """The code cells that are not empty."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def lines(cell):
    """How many lines of a cell are not blank."""
    return len([line for line in cell.source.splitlines() if line.strip()])


@every_notebook
def test_a_notebook_opens_on_any_machine(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata
    assert path.stat().st_size < LARGEST
    assert re.fullmatch(r"\d\d_[a-z_]+", path.stem)


@every_notebook
def test_the_second_code_cell_holds_the_parameters(path):
    cell = code(nbformat.read(path, as_version=4))[1]
    assert "parameters" in cell.metadata.get("tags", [])
    names = {target.id: ast.unparse(node.value) for node in ast.parse(cell.source).body
             if isinstance(node, ast.Assign) for target in node.targets}
    assert {"SEED", "FAST"} <= names.keys()
    assert names["FAST"] == "True", "tests cannot set parameters: the short version is the default"


@every_notebook
def test_a_notebook_is_committed_with_clean_outputs(path):
    cells = code(nbformat.read(path, as_version=4))
    outputs = [output for cell in cells for output in cell.outputs]
    assert outputs, "run it: course.py run NN --full --save"
    assert not [o for o in outputs if o.output_type == "error"]
    assert not [o for o in outputs if o.get("name") == "stderr" and o.text.strip()]
    counts = [cell.execution_count for cell in cells]
    assert counts == list(range(1, len(cells) + 1))


@every_notebook
def test_cells_are_short_and_explained(path):
    notebook = nbformat.read(path, as_version=4)
    sizes = [lines(cell) for cell in code(notebook)]
    assert max(sizes) <= 20
    assert statistics.median(sizes) <= 5
    text = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(text) >= 0.7 * len(sizes)


@every_notebook
def test_a_notebook_keeps_cell_ids_and_no_timings(path):
    cells = nbformat.read(path, as_version=4).cells
    assert len({cell.id for cell in cells}) == len(cells)
    assert not [cell.id for cell in cells if {"execution", "papermill"} & set(cell.metadata)]


def test_nothing_names_one_machine_or_a_package_host():
    found = []
    for path in tracked():
        if path.suffix not in TEXT or path.stat().st_size > 3_000_000:
            continue
        body = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in HOSTS + PATHS if word in body]
    assert not found


def test_the_neighbouring_folder_is_named_only_by_ci():
    word = ".." + "/shared"
    users = {str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size < 3_000_000
             and word in path.read_text(encoding="utf-8", errors="ignore")}
    assert users <= {".ci/run"}


def test_ci_runs_the_command_that_the_readme_names():
    command = "python3 course.py test"
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert command in [line.strip() for line in script]


def test_the_readme_names_every_verb():
    from rnnlib.cli import VERBS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [verb for verb in VERBS if f"course.py {verb}" not in readme]


def test_the_citation_file_has_its_keys():
    facts = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= facts.keys()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert facts["version"] == project["version"]


def test_every_data_file_is_described():
    """A line of data/README.md names a file, a folder (`grammars/`) or a pattern (`a/*.jsonl`)."""
    rows = re.findall(r"`([^`]+)`", (DATA / "README.md").read_text(encoding="utf-8"))
    names = [path.relative_to(DATA).as_posix() for path in tracked() if DATA in path.parents]
    missing = [name for name in names if name != "README.md" and not any(
        fnmatch(name, row) or (row.endswith("/") and name.startswith(row)) for row in rows)]
    assert not missing, f"data/README.md has no line for {missing}"


def test_requirements_are_exact_and_satisfy_the_floors():
    rows = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(row.split("==") for row in rows if row and not row.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]["dev"]
    floors = dict(row.split(">=") for row in project["dependencies"] + extras)
    for name, floor in floors.items():
        if name == "pre-commit":  # for those who commit; no test uses it
            continue
        assert tuple(map(int, pins[name].split("."))) >= tuple(map(int, floor.split("."))), name
    assert not [pin for pin in pins.values() if "+" in pin], "a build of one machine"


def test_the_environment_is_the_one_that_is_pinned():
    from importlib.metadata import version

    rows = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(row.split("==") for row in rows if row and not row.startswith("#"))
    assert {name: version(name).split("+")[0] for name in pins} == pins


def test_the_linter_that_runs_before_commits_has_nothing_to_say():
    answer = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=ROOT,
                            capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout[-2000:]
