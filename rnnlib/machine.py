"""What this machine has for the course: a line per fact, with a hint where something is missing."""

import os
import platform
import shutil
import sys
import time
from dataclasses import dataclass

import psutil
import torch

from . import ROOT
from .bptt import run
from .cells import LSTMCell
from .datasets import names
from .datasets.locating import find
from .datasets.registry import Real, entry

STEP = 200
"""Milliseconds for the training step below at which the notebooks still keep to their minutes."""


@dataclass(frozen=True)
class Fact:
    """A line of the report: what was looked at and found, whether it is enough, a hint if not."""

    what: str
    found: str
    enough: bool
    hint: str = ""

    def __str__(self):
        mark = "ok  " if self.enough else "look"
        return f"{mark}  {self.what:<16}{self.found}{'' if self.enough else '; ' + self.hint}"


def report():
    """The text of all facts, one per line, and a last line that sums up."""
    facts = [python(), libraries(), cores(), memory(), disk(), speed(), data()]
    missing = [fact.what for fact in facts if not fact.enough]
    last = "This machine is ready." if not missing else f"Read the hint for: {', '.join(missing)}."
    return "\n".join([*map(str, facts), last])


def python():
    """The version of Python."""
    return Fact(
        "Python",
        platform.python_version(),
        sys.version_info >= (3, 11),
        "the course needs 3.11 or newer",
    )


def libraries():
    """The version of torch and what it computes on."""
    return Fact("torch", torch.__version__.split("+")[0], True)


def cores():
    """How many processor cores this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Fact("processor cores", f"{count}", count >= 2, "everything works, at half the speed")


def memory():
    """Free memory in gigabytes."""
    free = psutil.virtual_memory().available / 1e9
    return Fact("free memory", f"{free:.0f} GB", free >= 2, "close other programs: 2 GB are needed")


def disk():
    """Free space beside the course, for data and results."""
    free = shutil.disk_usage(ROOT).free / 1e9
    return Fact("free disk", f"{free:.0f} GB", free >= 1, "make room: 1 GB is needed")


def speed():
    """Milliseconds of a training step: LSTM, 32 sequences of 64 steps, 128 units, best of 5."""
    cell, x = LSTMCell(128, 128), torch.randn(32, 64, 128)
    best = min(_seconds(cell, x) for _ in range(5)) * 1000
    hint = "the notebooks take longer than they say"
    return Fact("training step", f"{best:.0f} ms (up to {STEP} is fine)", best <= STEP, hint)


def data():
    """How many of the real data sets are on this machine; none is needed."""
    real = [name for name in names() if isinstance(entry(name), Real)]
    here = [name for name in real if find(entry(name))]
    return Fact("real data sets", f"{len(here)} of {len(real)} here (each has a stand-in)", True)


def _seconds(cell, x):
    start = time.perf_counter()
    run(cell, x)[0].sum().backward()
    return time.perf_counter() - start
