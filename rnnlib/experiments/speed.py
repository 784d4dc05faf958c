"""How fast the hand-written passes train, against torch.nn, the readable loop, bare products.

    python -m rnnlib.experiments.speed             a table of ratios; more than 1 is faster than
    python -m rnnlib.experiments.speed --record    the same, appended to data/results/speed.jsonl

A step is forward and backward over one batch of random numbers, gradients by the input and every
weight included.  All racers of a line first prove that they compute the same, then run in turns,
and the ratio is the median of the ratios of single rounds: the speed of a machine wanders, and
milliseconds of one day say little about another.  Every line has a process of its own, because
what ran before decides which memory is at hand.  Nothing else should run meanwhile.
"""

import argparse
import contextlib
import functools
import gc
import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from types import SimpleNamespace

import torch
from tabulate import tabulate

from ..cells import GRUResetAfterCell, LSTMCell, RNNCell
from .racers import agree, products, ragged, whole
from .record import append, measured

CLAIM = "speed"
CELLS = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUResetAfterCell}
GOALS = {
    ("RNN", "torch.nn"): 1.3,
    ("GRU", "torch.nn"): 1.25,
    ("LSTM", "torch.nn"): 0.8,
    ("LSTM", "native"): 1.1,
    ("ragged T=100", "PackedSequence"): 1.5,
    ("ragged T=400", "PackedSequence"): 4.0,
}
"""The ratio to reach, as a geometric mean over the shapes (ragged: over the cells)."""


@dataclass(frozen=True)
class Settings:
    """What is measured: sizes (T, B, D, H), numbers of threads, and how long.

    rounds: turns of all racers; least: seconds that a racer runs in each; T of the ragged batches,
    which have B, D, H = `sizes`.
    """

    shapes: tuple = (
        (35, 20, 200, 200),
        (35, 32, 512, 512),
        (128, 64, 64, 256),
        (256, 32, 128, 128),
        (20, 64, 64, 64),
    )
    ragged: tuple = (100, 400)
    sizes: tuple = (32, 128, 128)
    threads: tuple = (1, 2)
    rounds: int = 7
    least: float = 0.03
    seed: int = 0


@dataclass(frozen=True)
class Line:
    """One comparison: what ran (a cell, or ragged and T), where, and how much faster ours was."""

    what: str
    cell: str
    shape: tuple
    threads: int
    milliseconds: float
    ratios: dict
    seconds: float


def turns(racers, settings):
    """Seconds per step of every racer in every round, the racers taking turns: name -> list."""
    often, times = {}, {name: [] for name in racers}
    for name, step in racers.items():
        step()  # the first call pays for memory and caches
        often[name] = max(1, round(settings.least / clock(step, 1)))
    for _ in range(settings.rounds):
        for name, step in racers.items():
            times[name].append(clock(step, often[name]))
    return times


def clock(step, often):
    """Seconds per call."""
    gc.disable()
    begin = time.perf_counter()
    for _ in range(often):
        step()
    seconds = (time.perf_counter() - begin) / often
    gc.enable()
    return max(seconds, 1e-9)


def ratios(times):
    """How much faster `ours` is than each other racer: the median over rounds of theirs / ours."""
    return {
        name: statistics.median(b / a for a, b in zip(times["ours"], theirs, strict=True))
        for name, theirs in times.items()
        if name != "ours"
    }


def race(label, racers, bare, settings):
    """A line, after all racers proved that they agree; `bare` are racers without results."""
    begin = time.perf_counter()
    agree(racers)
    times = turns(racers | bare, settings)
    best, seconds = statistics.median(times["ours"]) * 1e3, time.perf_counter() - begin
    return Line(*label, torch.get_num_threads(), best, ratios(times), seconds)


@contextlib.contextmanager
def threads(count):
    """Compute on this many threads inside, and on as many as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def jobs(settings):
    """A function without arguments for every line: each cell at each shape, then ragged batches."""
    for count in settings.threads:
        for name in CELLS:
            for shape in settings.shapes:
                yield functools.partial(full, name, shape, count, settings)
        for T in settings.ragged:
            for name in ("LSTM", "GRU"):
                shape = T, *settings.sizes
                yield functools.partial(short, name, shape, count, settings)


def full(name, shape, count, settings):
    """The line of one cell at one shape, with the limit set by the bare products beside it."""
    T, B, D, H = shape
    torch.manual_seed(settings.seed)
    with threads(count):
        cell = CELLS[name](D, H)
        bare = {"products": products(cell, torch.empty(B, T, D))}
        return race((name, name, shape), whole(cell, T, B), bare, settings)


def short(name, shape, count, settings):
    """The line of one cell on a ragged batch."""
    T, B, D, H = shape
    torch.manual_seed(settings.seed)
    with threads(count):
        racers = ragged(CELLS[name](D, H), T, B)
        return race((f"ragged T={T}", name, shape), racers, {}, settings)


def apart(job):
    """What the job returns, run in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(job).result()


def here(job):
    """What the job returns, run in this process."""
    return job()


def means(found):
    """The geometric mean of a ratio over all lines of a kind: (what, threads, rival) -> mean."""
    groups = {}
    for line in found:
        for rival, ratio in line.ratios.items():
            groups.setdefault((line.what, line.threads, rival), []).append(ratio)
    return {key: statistics.geometric_mean(values) for key, values in groups.items()}


def table(found):
    """The means beside the figures to reach, as text."""
    rows = []
    for (what, count, rival), mean in means(found).items():
        goal = GOALS.get((what, rival))
        verdict = "" if goal is None else "reached" if mean >= goal else "missed"
        rows.append((what, rival, count, f"{mean:.2f}", goal, verdict))
    heads = ("training", "against", "threads", "times as fast", "to reach", "")
    return tabulate(rows, heads, missingval="", disable_numparse=True)


def told(line):
    """One line of the measurement as text."""
    against = "  ".join(f"{rival} {ratio:.2f}" for rival, ratio in line.ratios.items())
    where = f"{line.what:<13}{line.cell:<5} T,B,D,H={line.shape} threads {line.threads}"
    return f"{where}: {line.milliseconds:.1f} ms; {against}"


def records(line, seed):
    """The line as records, one for each rival."""
    T, B, D, H = line.shape
    setting = {"what": line.what, "cell": line.cell, "threads": line.threads}
    setting |= {"T": T, "B": B, "D": D, "H": H, "cpu": torch.backends.cpu.get_cpu_capability()}
    data = SimpleNamespace(name="random numbers", sha256="")
    return [
        record
        for rival, ratio in line.ratios.items()
        for record in measured(
            CLAIM, {**setting, "against": rival}, seed, {"ratio": ratio}, line.seconds, data
        )
    ]


def main(arguments=None, settings=Settings(), place=apart):  # noqa: B008
    """Measure, print every line as it comes and the means at the end; place: `apart` or `here`."""
    parser = argparse.ArgumentParser(prog="bench", description="How fast this machine trains.")
    parser.add_argument("--threads", type=int, nargs="+", default=settings.threads)
    parser.add_argument("--rounds", type=int, default=settings.rounds, help="more are steadier")
    parser.add_argument("--record", action="store_true", help="append to data/results/speed.jsonl")
    given = parser.parse_args(arguments)
    settings = replace(settings, threads=tuple(given.threads), rounds=given.rounds)
    found = []
    for job in jobs(settings):
        found.append(place(job))
        print(told(found[-1]), flush=True)
    print(f"\n{table(found)}")
    if given.record:
        append(record for line in found for record in records(line, settings.seed))


if __name__ == "__main__":
    main()
