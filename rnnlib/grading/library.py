"""The copy of rnnlib that students' code may import: without checks, oracles and solutions."""

from pathlib import Path

from .. import ROOT

OPEN = {"__init__", "wire", "frames", "inside", "isolation", "nursery"}  # of this package
COURSE = {"claims", "syllabus", "runner", "release", "machine", "homework", "cli", "experiments"}
STAND_IN = '''"""Answers every check with a word: the grader checks."""


class Anything:
    """Can be called, asked and printed."""

    def __call__(self, *given, **named):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __repr__(self):
        return "checked by the grader"


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything()
'''
LOCKED = '''"""This part of the library would solve the homework."""


class Locked:
    """Cannot be used here."""

    def __init__(self, *given, **named):
        raise PermissionError("this part of rnnlib is locked in this homework")


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Locked
'''


def make_library(folder, locked=()):
    """Write the open copy of rnnlib into a folder; modules named in `locked` cannot be used there.

    "bptt" locks bptt.py and bptt_*.py, "models" the package models.
    """
    source, target = ROOT / "rnnlib", Path(folder) / "rnnlib"
    for path in sorted(source.rglob("*.py")):
        first, *rest = path.relative_to(source).with_suffix("").parts
        text = open_text(path, first, rest, locked)
        if text is not None:
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    return Path(folder)


def open_text(path, first, rest, locked):
    """What stands in the copy of a file: its text, a stand-in, or nothing (None)."""
    if any(first == name or first.startswith(name + "_") for name in locked):
        return LOCKED
    if first == "check":
        if rest == ["__init__"]:
            return STAND_IN
        return path.read_text(encoding="utf-8") if rest[-1].endswith("_inside") else None
    if first in COURSE or any(first.startswith(name + "_") for name in COURSE):
        return None
    if first == "grading" and rest[-1] not in OPEN:
        return None
    return path.read_text(encoding="utf-8")


