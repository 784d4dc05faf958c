"""What an experiment found, as lines of data that say how they came about.

Every number in the course's texts and tables comes from such lines, in data/results/.
"""

import hashlib
import json
import platform
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import torch
from filelock import FileLock

from .. import DATA
from ..checkpoints import replace

RESULTS = DATA / "results"
"""One file of JSON lines for each claim."""


@dataclass(frozen=True)
class Record:
    """One number and how it came about.

    Args:
        claim: the id of the claim (K05), or the name of the experiment (char_model).
        setting: what was varied, as plain values: {"cell": "LSTM", "H": 64}.
        seed: of this run.
        metric: what was measured: "perplexity".
        value: the number.
        seconds: how long the run took.
        data: name of the data set it was measured on, as `datasets.load` gave it.
        data_sha256: hash of that data.
        versions: of python, torch and rnnlib.
    """

    claim: str
    setting: dict
    seed: int
    metric: str
    value: float
    seconds: float
    data: str
    data_sha256: str
    versions: dict


def versions() -> dict[str, str]:
    """The versions a result depends on: python, torch, rnnlib."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "rnnlib": version("rnnlib"),
    }


def measured(
    claim: str, setting: dict, seed: int, values: dict, seconds: float, data
) -> list[Record]:
    """A record for each metric in `values`, with the name and hash of the data and the versions.

    `data` is what `datasets.load` returned, or anything with a name and a sha256.
    """
    common = {"seconds": seconds, "data": data.name, "data_sha256": data.sha256}
    return [
        Record(claim, dict(setting), seed, metric, float(value), versions=versions(), **common)
        for metric, value in values.items()
    ]


def results_file(claim: str, folder=RESULTS) -> Path:
    """Where the records of a claim are kept."""
    if not claim.isidentifier():
        raise ValueError(f"expected a claim such as K05 or char_model, got {claim!r}")
    return Path(folder) / f"{claim}.jsonl"


def run_key(setting: dict, seed: int, data) -> tuple:
    """What makes two runs of an experiment the same run; equal for the run and its records."""
    return json.dumps(setting, sort_keys=True), seed, data.name, data.sha256


def recorded(claim: str, folder=RESULTS) -> set[tuple]:
    """`run_key` of every run of a claim that is recorded: an interrupted grid can go on."""
    path = results_file(claim, folder)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {
        (json.dumps(r["setting"], sort_keys=True), r["seed"], r["data"], r["data_sha256"])
        for r in map(json.loads, lines)
    }


def append(records: Iterable[Record], folder=RESULTS) -> None:
    """Add records to data/results/<claim>.jsonl, one JSON line each: all lines of a file or none.

    Two programs may append at the same time; neither loses a line of the other.
    """
    lines: dict[Path, list[str]] = {}
    for record in records:
        line = json.dumps(asdict(record), ensure_ascii=False, sort_keys=True)
        lines.setdefault(results_file(record.claim, folder), []).append(line + "\n")
    for path, new in lines.items():
        with FileLock(_lock(path)):
            old = path.read_bytes() if path.exists() else b""
            replace(path, old + "".join(new).encode())


def _lock(path: Path) -> str:
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return str(Path(tempfile.gettempdir()) / f"rnnlib-{name}.lock")
