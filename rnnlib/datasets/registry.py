"""What data/datasets.toml says about each data set."""

import difflib
import functools
import tomllib
from dataclasses import dataclass

from .. import DATA

REGISTRY = DATA / "datasets.toml"


@dataclass(frozen=True)
class File:
    """One file of a real data set, as it is kept on the machine.

    `inside` is its path in the zip that `url` gives, if it gives one. If the file itself is kept
    as a zip, `member` (with its own size and hash) is the path of what is read from it.
    """

    name: str
    url: str
    bytes: int
    sha256: str
    inside: str = ""
    member: str = ""
    member_bytes: int = 0
    member_sha256: str = ""


@dataclass(frozen=True)
class Real:
    """A real data set: where it comes from, what it may be used for, what must be found in it."""

    name: str
    folder: str
    title: str
    task: str
    offline: str
    licence: str
    citation: str
    splits: str
    unit: str
    counts: dict
    files: tuple
    tokens: dict | None = None

    @property
    def bytes(self):
        """Size on disk of all files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Offline:
    """A data set that is always there: made by the library."""

    name: str
    title: str
    task: str
    made: str
    licence: str
    splits: str
    unit: str


@functools.cache
def entries():
    """All data sets by name, the real ones first."""
    table = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))
    found = {}
    for name, row in table["real"].items():
        files = tuple(File(**file) for file in row.pop("files"))
        found[name] = Real(name=name, files=files, **row)
    for name, row in table["offline"].items():
        found[name] = Offline(name=name, **row)
    return found


def names():
    """The names that `load` knows."""
    return list(entries())


def entry(name):
    """The row of one data set; ValueError with the nearest name if there is none."""
    if name not in entries():
        raise ValueError(_unknown(name, names()))
    return entries()[name]


def real(name):
    """The row of a real data set; ValueError for one that the library makes itself."""
    row = entry(name)
    if isinstance(row, Offline):
        known = ", ".join(n for n, r in entries().items() if isinstance(r, Real))
        raise ValueError(f"{name} is made by the library and needs no download: "
                         f"the data sets to fetch are {known}")
    return row


def _unknown(name, known):
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the names are {', '.join(known)}"
    return f"there is no data set named {name!r}: {hint}"
