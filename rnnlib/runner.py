"""`course.py run`: execute notebooks without a browser, two at once, and say how each went.

Each notebook runs in a process of its own (`runner_worker`, papermill inside) with one thread and
two time limits, one per cell and one for all; a watchdog ends what does not end itself. Executed
notebooks lie in build/notebooks.
"""

import argparse
import ast
import contextlib
import difflib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import papermill
import psutil

from . import ROOT
from .runner_report import Progress, table
from .runner_save import save

NOTEBOOKS = ROOT / "notebooks"
OUTPUT = ROOT / "build" / "notebooks"
GRACE = 20  # seconds a worker may take beyond a cell's limit to say so itself
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


@dataclass(frozen=True)
class Limits:
    """Seconds that one cell and one notebook may take."""

    cell: float = 120
    notebook: float = 300


@dataclass
class Outcome:
    """How a notebook went: `errors` is empty when it went well."""

    path: Path
    output: Path
    errors: list = field(default_factory=list)
    warned: int = 0
    seconds: float = 0.0
    peak: int = 0
    cells: dict = field(default_factory=dict)
    cell: int | None = None


class Worker:
    """A notebook being executed in its own process: its events, its memory, its deadline."""

    def __init__(self, path, parameters, limits, folder):
        self.limits, self.start, self.heard = limits, time.monotonic(), time.monotonic()
        self.outcome = Outcome(path, folder / path.name)
        self.events = queue.Queue()
        job = {"source": str(path), "output": str(self.outcome.output),
               "parameters": parameters, "cell_seconds": limits.cell}
        self.log = open(self.outcome.output.with_suffix(".log"), "w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.runner_worker"], text=True, stderr=self.log,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | ONE_THREAD, cwd=ROOT)
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        """Put each event of the worker into the queue; None when there will be no more."""
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put(None)

    def step(self):
        """Take what has happened since the last call; True when the notebook is over."""
        self.outcome.seconds = time.monotonic() - self.start
        self.outcome.peak = max(self.outcome.peak, memory(self.process.pid))
        while not self.events.empty():
            event = self.events.get()
            self.heard = time.monotonic()
            if event is None or "done" in event:
                self._finish(event)
                return True
            if "begins" in event:
                self.outcome.cell = event["begins"]
            elif event["ended"] is not None:
                self.outcome.cells[event["ended"]] = event["seconds"]
        return self._overdue()

    def _finish(self, event):
        """Take the last event over into the outcome; None means that the worker just died."""
        if event is None:
            code = self.process.wait()
            self.outcome.errors.append(f"the process that ran it ended with code {code}")
        else:
            done = event["done"]
            self.outcome.warned = done["warned"]
            self.outcome.errors += [done["error"]] if done["error"] else []
            self.outcome.errors += [f"hidden in a widget: {error}" for error in done["hidden"]]
        self.stop()

    def _overdue(self):
        """End the worker when it is beyond a limit; True when it was."""
        now = time.monotonic()
        late = {f"the notebook took more than {self.limits.notebook:g} s":
                now - self.start > self.limits.notebook,
                f"a cell took more than {self.limits.cell:g} s and did not stop":
                now - self.heard > self.limits.cell + GRACE}
        why = [reason for reason, true in late.items() if true]
        if why:
            self.outcome.errors.append(why[0])
            self.stop()
        return bool(why)

    def stop(self):
        """End the process and, unless all went well, whatever it has started."""
        family = children(self.process.pid) if self.outcome.errors else []
        if self.outcome.errors:
            self.process.kill()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


def children(pid):
    """The processes that a process has started, and those that these have started."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def memory(pid):
    """Bytes that everything started by a process occupies now (its kernel, not itself)."""
    total = 0
    for process in children(pid):
        with contextlib.suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def run(paths, parameters, limits=Limits(), folder=OUTPUT, at_once=2):
    """Execute the notebooks at `paths`; return an Outcome for each, in their order.

    parameters  dict name -> value for the cells tagged `parameters`; ValueError for a name that
                one of the notebooks does not have
    """
    for path in paths:
        check_parameters(path, parameters)
    folder.mkdir(parents=True, exist_ok=True)
    waiting, working, done = list(paths), [], []
    progress = Progress(len(paths), folder)
    try:
        while waiting or working:
            while waiting and len(working) < at_once:
                working.append(Worker(waiting.pop(0), parameters, limits, folder))
            time.sleep(0.2)
            for worker in [w for w in working if w.step()]:
                working.remove(worker)
                done.append(worker.outcome)
                progress.ended(worker.outcome)
            progress.show([w.outcome for w in working])
    finally:
        for worker in working:
            worker.outcome.errors.append("stopped")
            worker.stop()
    progress.close(done)
    return sorted(done, key=lambda outcome: paths.index(outcome.path))


def check_parameters(path, parameters):
    """ValueError for a parameter that the notebook at `path` does not have."""
    known = papermill.inspect_notebook(str(path)) if parameters else {}
    for name in parameters:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else "it has: " + ", ".join(known)
            raise ValueError(f"{path.stem} has no parameter {name!r}; {hint}")


def find(word, folder=NOTEBOOKS):
    """The path of the notebook that a word names: its number, its name, its file.

    ValueError naming the nearest one when there is none.
    """
    if word.endswith(".ipynb") and Path(word).is_file():
        return Path(word).resolve()
    stems = {path.stem: path for path in sorted(folder.glob("[0-9]*.ipynb"))}
    stem = Path(word).stem
    for name, path in stems.items():
        if stem in (name, name.partition("_")[0], name.partition("_")[2]):
            return path
    short = {name.partition("_")[2]: name for name in stems} | {name: name for name in stems}
    near = difflib.get_close_matches(stem, short, 1, 0.4)
    hint = f"did you mean {short[near[0]]}?" if near else "there are: " + ", ".join(stems)
    raise ValueError(f"there is no notebook {word!r}; {hint}")


def value(text):
    """The value of a parameter given as text: a Python literal, else the text itself."""
    try:
        return ast.literal_eval({"true": "True", "false": "False"}.get(text, text))
    except (ValueError, SyntaxError):
        return text


def parser():
    """The arguments of `course.py run`."""
    make = argparse.ArgumentParser("course.py run", description="Run notebooks without a browser.")
    make.add_argument("notebooks", nargs="*", help="numbers or names; all when none is named")
    make.add_argument("-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
                      help="set a parameter; may be repeated")
    make.add_argument("--full", action="store_true", help="the long version: FAST=False")
    make.add_argument("--save", action="store_true",
                      help="put the outputs of notebooks that went well back into their files")
    make.add_argument("--cell-seconds", type=float, help="limit of one cell (120; full 900)")
    make.add_argument("--notebook-seconds", type=float, help="limit of each (300; full 1800)")
    return make


def main(arguments):
    """Run the notebooks that the arguments name, print the table; 0 when all went well, else 1."""
    options = parser().parse_args(arguments)
    parameters = {name: value(text) for name, text in options.p}
    usual = Limits(900, 1800) if options.full else Limits()
    limits = Limits(options.cell_seconds or usual.cell, options.notebook_seconds or usual.notebook)
    try:
        paths = ([find(word) for word in options.notebooks]
                 or sorted(NOTEBOOKS.glob("[0-9]*.ipynb")))
        full = {"FAST": False} if options.full else {}
        outcomes = run(list(dict.fromkeys(paths)), full | parameters, limits, OUTPUT)
    except ValueError as error:
        print("course:", error, file=sys.stderr)
        return 2
    print(table(outcomes))
    for outcome in outcomes:
        if options.save and not outcome.errors:
            save(outcome.path, outcome.output)
    return int(any(outcome.errors for outcome in outcomes))
