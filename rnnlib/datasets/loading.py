"""`load(name)`: real data when it is on the machine, otherwise the offline default of its task."""

import hashlib
import json
from dataclasses import dataclass

from .locating import read
from .offline import MAKERS
from .parsing import READERS
from .registry import Real, entry

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class Data:
    """A data set with its splits: `train`, `valid`, `test` are each one text (str) or a list.

    `name` is the data set that was really loaded, `real` whether it is real data, `sha256` a hash
    that changes with the content; `source` says in one line what it is.
    """

    name: str
    real: bool
    source: str
    sha256: str
    licence: str
    citation: str
    train: str | list
    valid: str | list
    test: str | list

    def __repr__(self):
        return f"Data({self.name}: {self.source})"


def load(name):
    """Load a data set and print in one line which data it is.

    Real data is looked for in $RNNLIB_DATA and in the user's cache; without it the offline default
    of the same task is made. Nothing is downloaded.

    Raises:
        ValueError: an unknown name, or real data that is damaged.
    """
    row = entry(name)
    if not isinstance(row, Real):
        data = _offline(row)
        print(f"{name}: {data.source}")
        return data
    texts = read(row)
    if texts is not None:
        data = _real(row, texts)
        print(f"{name}: {data.source}")
        return data
    data = _offline(entry(row.offline))
    print(f"{name} ({row.title}) is not on this machine; in its place {data.name}: {data.source}; "
          f"for the real one, {megabytes(row.bytes)}: python3 course.py data fetch {name}")
    return data


def megabytes(size):
    """A size in words: 1.1 MB."""
    return f"{max(size / 1e6, 0.1):.1f} MB"


def _real(row, texts):
    parts = READERS[row.name](texts)
    check_counts(row, parts)
    hashes = "".join(file.sha256 for file in row.files)
    sha256 = row.files[0].sha256 if len(row.files) == 1 else _sha256(hashes)
    source = f"real data, {row.title}, {_amount(parts, row.unit)}; licence: {row.licence}"
    return Data(row.name, True, source, sha256, row.licence, row.citation, **parts)


def _offline(row):
    parts = MAKERS[row.name]()
    source = f"{row.title}, {_amount(parts, row.unit)}, {row.made}; licence: {row.licence}"
    sha256 = _sha256(json.dumps(parts, ensure_ascii=False))
    return Data(row.name, False, source, sha256, row.licence, "", **parts)


def check_counts(row, parts):
    """Compare what was parsed with the counts in the registry; ValueError if they differ."""
    for split in SPLITS:
        got, expected = len(parts[split]), row.counts[split]
        if got != expected:
            raise ValueError(_mismatch(row, split, (expected, got), row.unit))
        if row.tokens:
            words = sum(len(example[0]) for example in parts[split])
            if words != row.tokens[split]:
                raise ValueError(_mismatch(row, split, (row.tokens[split], words), "words"))


def _mismatch(row, split, numbers, unit):
    expected, got = numbers
    return (f"{row.name} was read wrongly: expected {expected:,} {unit} in {split}, got {got:,}; "
            "has its parser or its row in data/datasets.toml been changed?")


def _amount(parts, unit):
    return " / ".join(f"{len(parts[split]):,}" for split in SPLITS) + f" {unit}"


def _sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
