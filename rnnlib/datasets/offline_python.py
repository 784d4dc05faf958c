"""Real text that Python brings along: its documentation and the docstrings of its library."""

import ast
import sysconfig
from pathlib import Path

from .splits import by_hash, by_position, remainder

NOT_LIBRARY = {"test", "tests", "idlelib", "site-packages", "dist-packages", "lib2to3",
               "idle_test", "distutils", "turtledemo", "encodings", "pydoc_data", "__phello__"}
DENSE = 1400
"""A well documented module has a docstring for every so many bytes."""
PACKAGES = ("asyncio", "email", "http", "importlib", "logging", "multiprocessing", "unittest",
            "urllib", "xml", "json", "collections", "tkinter")


def pydoc():
    """The reference texts behind Python's `help`, topics in alphabetical order, cut by position."""
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise ValueError("this Python comes without its documentation (pydoc_data): install the "
                         "full Python of your system") from error
    return by_position("\n\n".join(topics[name] for name in sorted(topics)))


def docstrings():
    """Docstrings of the well documented modules as one text; no module is in two splits."""
    parts = {"train": [], "valid": [], "test": []}
    for path in _modules(_library()):
        name = path.relative_to(_library()).as_posix()
        place = {0: "test", 1: "valid"}.get(remainder(name, 10), "train")
        source = path.read_bytes()
        if source.count(b'"""') * DENSE > 2 * len(source):
            parts[place] += _docstrings(source)
    return {split: "\n\n".join(texts) for split, texts in parts.items()}


def packages():
    """First paragraphs of docstrings as (text, package), each text once."""
    found = {}
    for package in PACKAGES:
        for path in _modules(_library() / package):
            for docstring in _docstrings(path.read_bytes()):
                text = " ".join(docstring.split("\n\n")[0].split())
                if len(text.split()) >= 3:
                    found.setdefault(text, package)
    return by_hash(list(found.items()), key=lambda example: example[0])


def _library():
    return Path(sysconfig.get_paths()["stdlib"])


def _modules(folder):
    """The source files below a folder in alphabetical order, tests and installed packages out."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and path.name not in NOT_LIBRARY:
            yield from _modules(path)
        elif path.suffix == ".py":
            yield path


def _docstrings(source):
    nodes = ast.walk(ast.parse(source))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = (ast.get_docstring(node) for node in nodes if isinstance(node, kinds))
    return [text for text in texts if text]
