"""A class's submissions to results, several at a time; what is done already is not done again."""

import json
import multiprocessing
import multiprocessing.util
import os
import secrets
import signal
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from ..release.assignment import HOMEWORK, load
from .sandbox import Limits, Nursery
from .scoring import mark, stamp

BENCH = {}  # of this process: assignment, nursery, seed


@dataclass(frozen=True)
class Job:
    """What all workers know: which homework, where results go, what no submission may see."""

    homework: str
    output: Path
    secret: tuple = ()
    unsafe: bool = False
    limits: Limits = Limits()
    sources: Path = HOMEWORK


def grade_class(job, submissions, workers=None, again=False):
    """Grade all submissions that have no result yet; returns all results, by student.

    Results lie in output/results/STUDENT.json, the moment that each is there.
    """
    (job.output / "results").mkdir(parents=True, exist_ok=True)
    seed, assignment = class_seed(job.output), load(job.homework, job.sources)
    stamps = {one.student: stamp(one, assignment, seed) for one in submissions}
    found = {} if again else {name: kept(job, name, stamps[name]) for name in stamps}
    todo = [one for one in submissions if not found.get(one.student)]
    if len(todo) < len(submissions):
        print(f"{len(submissions) - len(todo)} are graded already", file=sys.stderr)
    for result in run(job, seed, todo, stamps, workers):
        found[result["student"]] = result
    return {name: found[name] for name in sorted(found)}


def run(job, seed, todo, stamps, workers):
    """Yield the result of each submission as it is done, with the progress on the screen."""
    count = min(workers or os.cpu_count() or 1, len(todo))
    progress = Progress(len(todo))
    way = here if count < 2 else in_workers
    for result in way(job, seed, [(one, stamps[one.student]) for one in todo], count):
        progress.ended(result)
        yield result
    progress.close()


def here(job, seed, todo, count):
    """Yield the results, one after the other, worked out in this process."""
    if todo:
        nursery = begin(job, seed)
        try:
            yield from (work(*one) for one in todo)
        finally:
            nursery.close()


def in_workers(job, seed, todo, count):
    """Yield the results as they come from several workers."""
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, spawn, begin_worker, (job, seed))
    try:
        waiting = {pool.submit(work, *one) for one in todo}
        while waiting:
            done, waiting = wait(waiting, timeout=5, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def begin_worker(job, seed):
    """In a new worker: begin, and end the nursery with the worker."""
    import torch
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    multiprocessing.util.Finalize(None, begin(job, seed).close, exitpriority=10)


def begin(job, seed):
    """Load the assignment and start its nursery, for all that this process will grade."""
    assignment = load(job.homework, job.sources)
    nursery = Nursery(assignment.closed, (*job.secret, job.output), job.unsafe, job.limits)
    BENCH.update(job=job, assignment=assignment, nursery=nursery, seed=seed)
    return nursery


def work(submission, kept_stamp):
    """Grade one submission and keep the result."""
    start = time.monotonic()
    result = mark(submission, BENCH["assignment"], BENCH["nursery"], BENCH["seed"])
    result |= {"stamp": kept_stamp, "seconds": round(time.monotonic() - start, 2)}
    place = BENCH["job"].output / "results" / f"{submission.student}.json"
    half = place.with_name(place.name + ".half")
    half.write_text(json.dumps(result, indent=1), encoding="utf-8")
    half.replace(place)
    return result


def kept(job, student, wanted):
    """The result of an earlier run that still holds, or None."""
    try:
        text = (job.output / "results" / f"{student}.json").read_text(encoding="utf-8")
        result = json.loads(text)
    except (OSError, ValueError):
        return None
    return result if result.get("stamp") == wanted else None


def class_seed(output):
    """The number that all hidden inputs of this class are drawn from; made once, kept secret."""
    place = output / "seed"
    if not place.exists():
        place.touch(mode=0o600)
        place.write_text(str(secrets.randbelow(2**31)))
    return int(place.read_text())


class Progress:
    """How many are done and how long the rest takes: one moving line in a terminal, else a line
    every ten seconds."""

    def __init__(self, count):
        self.count, self.done, self.start = count, 0, time.monotonic()
        self.first = self.last = 0.0  # when the first one was done, when a line was last printed
        self.live = sys.stderr.isatty()

    def ended(self, result):
        """One more is done."""
        self.done += 1
        used = time.monotonic() - self.start
        self.first = self.first or used
        rest = (used - self.first) / max(self.done - 1, 1) * (self.count - self.done)
        left = f", about {rest:.0f} s left" if self.done > 1 else ""
        line = f"graded {self.done} of {self.count} in {used:.0f} s{left}: {result['student']}"
        if self.live:
            print("\r" + line[:99].ljust(99), end="", file=sys.stderr, flush=True)
        elif used - self.last > 10 or self.done == self.count:
            self.last = used
            print(line, file=sys.stderr, flush=True)

    def close(self):
        """Leave the moving line."""
        if self.live and self.done:
            print(file=sys.stderr)
