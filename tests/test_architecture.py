"""The shape of the library: who may import whom, and how big things may get."""

import ast
import io
import pathlib
import statistics
import tokenize

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "rnnlib"
ROWS = """
    shapes text crf attention metrics decode plots checkpoints schedules
    cells check
    lectures bptt datasets batches
    layers
    models
    objectives train trace stepping
    experiments
    widgets
    claims syllabus runner release machine
    grading
    homework
    cli
"""
RANK = {name: rank for rank, row in enumerate(ROWS.strip().splitlines()) for name in row.split()}
ONLY = {  # packages that only these may import
    "ipywidgets": {"widgets"},
    "matplotlib": {"plots", "widgets"},
    "papermill": {"runner"},
    "nbclient": {"runner"},
    "nbformat": {"runner", "release"},
}
SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
           tokenize.ENDMARKER)
FILES = sorted(LIBRARY.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def module(path):
    """The dotted name of a file inside rnnlib: ("plots", "style"), () for rnnlib itself."""
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


MODULES = {module(path): path for path in FILES}


def part(name):
    """The row entry a module belongs to: its first part, files such as bptt_lstm to bptt."""
    first = name[0]
    return first if first in RANK else first.partition("_")[0]


def imported(path):
    """The modules of rnnlib that a file imports, as tuples; and the other packages, as strings."""
    inside, outside = set(), set()
    package = module(path) if path.name == "__init__.py" else module(path)[:-1]
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            outside |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            outside.add(node.module.split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] + tuple((node.module or "").split("."))
            base = tuple(word for word in base if word)
            for alias in node.names:
                inside.add((*base, alias.name) if (*base, alias.name) in MODULES else base)
    return inside, outside


def functions():
    """Every function of the library: (where, node, its lines of code)."""
    for path in FILES:
        tokens = list(tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline))
        for node in ast.walk(TREES[path]):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield where, node, code_lines(tokens, node)


def code_lines(tokens, node):
    """How many lines of a function hold code: no comments, no docstring, no blank lines."""
    first = node.body[0]
    doc = ast.get_docstring(node, clean=False) is not None
    skip = range(first.lineno, first.end_lineno + 1) if doc else ()
    lines = {n for token in tokens if token.type not in SKIPPED
             for n in range(token.start[0], token.end[0] + 1)}
    return len([n for n in lines if node.lineno <= n <= node.end_lineno and n not in skip])


@pytest.mark.parametrize("path", FILES, ids=lambda path: ".".join(module(path)) or "rnnlib")
def test_imports_go_only_to_rows_above(path):
    """An import of an unknown part means: give the new module a place in ROWS."""
    inside, outside = imported(path)
    assert "rnnlib" not in outside, "inside rnnlib imports are relative"
    me = part(module(path)) if module(path) else None
    assert me is None or me in RANK, f"{me} has no row in ROWS"
    for name in inside - {()}:
        assert me is not None, "rnnlib/__init__.py imports nothing of rnnlib"
        assert part(name) == me or RANK[part(name)] < RANK[me], f"{me} must not import {name}"


@pytest.mark.parametrize("package", ONLY)
def test_packages_stay_where_they_belong(package):
    users = {part(module(path)) for path in FILES if package in imported(path)[1]}
    assert users <= ONLY[package]


def test_no_import_goes_in_a_circle():
    edges = {name: imported(path)[0] & MODULES.keys() for name, path in MODULES.items()}
    while True:
        leaves = [name for name, to in edges.items() if not to & edges.keys() - {name}]
        if not leaves:
            break
        for name in leaves:
            del edges[name]
    assert not edges, f"in a circle, or waiting for one: {sorted(edges)}"


def test_each_file_name_is_used_once():
    stems = [path.parent.name if path.name == "__init__.py" else path.stem for path in FILES]
    assert sorted(set(stems)) == sorted(stems)


def test_files_stay_short():
    long = {str(path.relative_to(ROOT)): n for path in FILES
            if (n := path.read_text("utf-8").count("\n")) > 300}
    assert not long


def test_functions_stay_short():
    sizes = {where: lines for where, _, lines in functions()}
    assert not {where: lines for where, lines in sizes.items() if lines > 40}
    ninth = statistics.quantiles(sizes.values(), n=10)[-1]
    longest = sorted(sizes, key=sizes.get)[-12:]
    assert ninth <= 16, f"nine of ten functions have at most {ninth:.0f} lines; longest: {longest}"


def test_functions_take_few_parameters():
    for where, node, _ in functions():
        a = node.args
        names = {arg.arg for arg in a.posonlyargs + a.args + a.kwonlyargs} - {"self", "cls", "ctx"}
        assert len(names) <= 6 or node.name in ("forward", "backward"), where
        assert a.kwarg is None or node.name == "__init_subclass__", f"{where} takes **{a.kwarg.arg}"


def test_public_functions_and_classes_say_what_they_are():
    """At the top level; methods that fill in a documented one need no words of their own."""
    silent = [f"{path.relative_to(ROOT)}:{node.lineno} {node.name}" for path in FILES
              for node in TREES[path].body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
              and node.name[0] != "_" and not ast.get_docstring(node)]
    assert not silent


def test_there_is_no_drawer_for_everything():
    assert not {path.stem for path in FILES} & {"utils", "util", "helpers", "common", "misc"}


def test_lines_fit_on_the_screen():
    files = FILES + sorted((ROOT / "tests").rglob("*.py")) + [ROOT / "course.py"]
    wide = [f"{path.relative_to(ROOT)}:{number}" for path in files
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
            if len(line) > 100]
    assert not wide
