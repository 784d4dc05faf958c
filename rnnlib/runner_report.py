"""What `course.py run` prints: which cell runs, the time left, the table at the end."""

import json
import sys
import time
from functools import cache

TIMES = "timings.json"


@cache
def code_cells(path):
    """Dict place -> first line of each code cell of the notebook at `path` that is not empty."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {place: "".join(cell["source"]).strip().splitlines()[0]
            for place, cell in enumerate(cells)
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip()}


def left(outcome, before):
    """Estimated seconds left: by the seconds of an earlier run, else by the share of cells done."""
    cells, earlier = code_cells(outcome.path), before.get(outcome.path.stem, {})
    todo = [place for place in cells if place not in outcome.cells]
    if earlier:
        return sum(earlier.get(str(place), 0) for place in todo)
    done = len(cells) - len(todo)
    return outcome.seconds / done * len(todo) if done else None


def status(outcome, before):
    """One notebook being executed: `02_simple_rnn cell 3 of 40, 12 s, about 9 s left`."""
    cells = list(code_cells(outcome.path))
    number = cells.index(outcome.cell) + 1 if outcome.cell in cells else 0
    rest = left(outcome, before)
    more = "" if rest is None else f", about {rest:.0f} s left"
    return f"{outcome.path.stem} cell {number} of {len(cells)}, {outcome.seconds:.0f} s{more}"


class Progress:
    """Live progress: one line that is rewritten in a terminal, else a line now and then."""

    def __init__(self, count, folder, every=10):
        self.count, self.folder, self.every = count, folder, every
        self.number, self.last = 0, time.monotonic()
        self.live = sys.stderr.isatty()
        try:
            self.before = json.loads((folder / TIMES).read_text())
        except (OSError, ValueError):
            self.before = {}

    def show(self, outcomes):
        """Say where the notebooks at work are."""
        if self.live:
            line = " | ".join(status(outcome, self.before) for outcome in outcomes)
            self._write("\r" + line[:118].ljust(118))
        elif time.monotonic() - self.last > self.every:
            self.last = time.monotonic()
            for outcome in outcomes:
                self._write(status(outcome, self.before) + "\n")

    def ended(self, outcome):
        """Say that a notebook is over, and how it went."""
        self.number += 1
        how = f"FAILED, {outcome.errors[0]}" if outcome.errors else "ok"
        line = f"[{self.number}/{self.count}] {outcome.path.stem} {outcome.seconds:.1f} s: {how}"
        self._write(("\r" + " " * 118 + "\r" if self.live else "") + line + "\n")

    def close(self, outcomes):
        """Keep the seconds by cell, so that the next run can say how long it will take."""
        for outcome in outcomes:
            if not outcome.errors:
                self.before[outcome.path.stem] = outcome.cells
        (self.folder / TIMES).write_text(json.dumps(self.before))
        self._write("\r" + " " * 118 + "\r" if self.live else "")

    def _write(self, text):
        print(text, end="", file=sys.stderr, flush=True)


def table(outcomes):
    """The table at the end: how, seconds, peak memory, cells that warned, slowest cells."""
    width = max([len(outcome.path.stem) for outcome in outcomes], default=8)
    lines = [f"{'notebook':{width}}  result  seconds  peak MB  stderr  slowest cells"]
    for outcome in outcomes:
        cells = code_cells(outcome.path)
        slow = sorted(outcome.cells.items(), key=lambda pair: -pair[1])[:3]
        slowest = ", ".join(f"{cells[place][:24]!r} {s:.1f} s" for place, s in slow if s > 0.05)
        how = "FAILED" if outcome.errors else "ok"
        lines.append(f"{outcome.path.stem:{width}}  {how:6}  {outcome.seconds:7.1f}  "
                     f"{outcome.peak / 1e6:7.0f}  {outcome.warned or '':6}  {slowest}")
    for outcome in outcomes:
        where = code_cells(outcome.path).get(outcome.cell, "")
        for error in outcome.errors:
            at = f" (last cell: {where[:60]!r})" if where else ""
            lines.append(f"{outcome.path.stem}: {error}{at}")
    return "\n".join(lines)
