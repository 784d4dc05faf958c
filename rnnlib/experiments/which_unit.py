"""Which unit for which amount of data: four units, three tasks, five training sizes (K14, K15).

    python -m rnnlib.experiments.which_unit                  everything, five seeds
    python -m rnnlib.experiments.which_unit agreement 3 4    one task, two more seeds

Every unit gets the same data and the same number of updates.  It comes twice: with as many numbers
in its state as the GRU, and with as many weights.  Every run is made with both learning rates; the
one with the better mean on the dev part counts, for each unit and size.

A run that is recorded already is not made again: an interrupted grid goes on where it stopped.
"""

import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import fmean

import torch

from .. import train
from ..metrics import interval
from .record import RESULTS, append, measured, recorded, run_key
from .small_tasks import TASKS
from .units import unit

UNITS = ("rnn", "simple_gru", "gru", "lstm")
BLOCKS = {"rnn": 1, "simple_gru": 2, "gru": 3, "lstm": 4}
D, H = 32, 48
RATES = (4e-3, 2e-2)
STATE, WEIGHTS, LONGER = "equal state", "equal weights", "equal state, four times the updates"


@dataclass(frozen=True)
class Recipe:
    """One run: a unit learns a task from n examples; `width` says what is equal to the GRU's."""

    task: str
    unit: str
    width: str
    n: int | None
    lr: float
    updates: int
    seed: int = 0

    @property
    def H(self):
        """Numbers in the state: the GRU's, or as many as give the GRU's number of weights."""
        return width(self.unit) if self.width == WEIGHTS else H


def weights(name, size):
    """How many weights a unit has: a block is W (H, D), U (H, H), b (H,)."""
    return BLOCKS[name] * size * (D + size + 1)


def width(name):
    """The H at which a unit comes closest to the number of weights of the GRU."""
    return min(range(1, 4 * H), key=lambda size: abs(weights(name, size) - weights("gru", H)))


def run(recipe, task):
    """One run as records: test metrics, best dev, updates done, weights, seconds an update."""
    problem = task.problem(recipe.n, recipe.seed)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed + 100)
        model = problem.model(unit(recipe.unit, D, recipe.H, 1.0, recipe.seed))
    settings = train.Settings(recipe.updates, recipe.lr, warmup=20, decay=train.cosine,
                              every=recipe.updates // 10, patience=4, seed=recipe.seed)
    began = time.process_time()
    records = list(train.fit(model, problem.batches, problem.loss, settings, problem.dev))
    seconds = time.process_time() - began
    values = problem.test(model)
    values |= {"dev": min(record.held_out for record in records), "updates": records[-1].step,
               "weights": weights(recipe.unit, recipe.H)}
    return measured("K14", setting(recipe, task), recipe.seed, values, seconds, task.data)


def setting(recipe, task):
    """What was varied, for the records."""
    found = asdict(recipe) | {"n": task.count(recipe.n), "H": recipe.H, "D": D}
    del found["seed"], found["updates"]
    return found


def grid(name, task, seed):
    """Every run of a task for a seed; equal weights at every size for the LSTM only."""
    for n, updates in zip(task.sizes, task.updates, strict=True):
        rows = [(kind, STATE) for kind in UNITS]
        rows += [(kind, WEIGHTS) for kind in UNITS if kind == "lstm" or n is None and kind != "gru"]
        for kind, equal in rows:
            for lr in RATES:
                yield Recipe(name, kind, equal, n, lr, updates, seed)


def longer(name, task, seed):
    """GRU and LSTM on all data of a task with four times the updates."""
    for kind in ("gru", "lstm"):
        for lr in RATES:
            yield Recipe(name, kind, LONGER, None, lr, 4 * task.updates[-1], seed)


def chosen(records, metric):
    """(task, unit, width, n) -> dict seed -> value, each at the rate with the lower dev.

    The GRU stands in both widths.
    """
    dev, found = defaultdict(list), defaultdict(dict)
    for r in records:
        key = tuple(r.setting[name] for name in ("task", "unit", "width", "n"))
        if r.metric == "dev":
            dev[key, r.setting["lr"]].append(r.value)
        if r.metric == metric:
            found[key, r.setting["lr"]][r.seed] = r.value
    best = {}
    for key in {key for key, _ in found}:
        lr = min((lr for k, lr in found if k == key), key=lambda lr: fmean(dev[key, lr]))
        best[key] = found[key, lr]
    gru = {(task, name, WEIGHTS, n): value for (task, name, equal, n), value in best.items()
           if name == "gru" and equal == STATE}
    return best | gru


SCORES = {"agreement": "accuracy", "intents": "accuracy", "characters": "bits"}
TITLES = {"agreement": "number of a verb", "intents": "intent", "characters": "next character"}
LOWER = {"bits"}
"""Metrics of which less is better."""


def by_size(records, task, equal):
    """(sizes, dict unit -> means, dict unit -> half-widths) of a task's score over the sizes."""
    best = {key: value for key, value in chosen(records, SCORES[task]).items()
            if key[0] == task and key[2] == equal}
    sizes = sorted({n for _, unit, _, n in best if unit == "lstm"})
    names = [name for name in UNITS if all((task, name, equal, n) in best for n in sizes)]
    found = {name: [interval(list(best[task, name, equal, n].values())) for n in sizes]
             for name in names}
    return (sizes, {name: [mean for mean, _ in rows] for name, rows in found.items()},
            {name: [half for _, half in rows] for name, rows in found.items()})


def ahead(records, task, equal, metric=None):
    """(sizes, means, half-widths) of how far the LSTM is ahead of the GRU, seed by seed.

    Positive: the LSTM is better.  A difference of the same seed has the same training examples.
    """
    metric = metric or SCORES[task]
    best = {key: value for key, value in chosen(records, metric).items()
            if key[0] == task and key[2] == equal}
    sizes, sign = sorted({key[3] for key in best}), -1 if metric in LOWER else 1
    gaps = [paired(best[task, "lstm", equal, n], best[task, "gru", equal, n], sign) for n in sizes]
    return sizes, [mean for mean, _ in gaps], [half for _, half in gaps]


def paired(one, other, sign=1):
    """(mean, half-width) of the differences of two dicts seed -> value, seed by seed."""
    return interval([sign * (one[seed] - other[seed]) for seed in sorted(one.keys() & other)])


def gains(records, task, equal):
    """Rows (fewer, more, mean, half): what one more block of weights brings on all data.

    From unit to unit in the order of `UNITS`, seed by seed; positive: better.
    """
    metric = SCORES[task]
    best = {key: value for key, value in chosen(records, metric).items()
            if key[0] == task and key[2] == equal}
    n, sign = max(key[3] for key in best), -1 if metric in LOWER else 1
    for fewer, more in pairwise(UNITS):
        yield fewer, more, *paired(best[task, more, equal, n], best[task, fewer, equal, n], sign)


def all_sizes(records, equal=STATE):
    """Every task's `by_size`, by title."""
    return {title: by_size(records, task, equal) for task, title in TITLES.items()}


def all_ahead(records):
    """Every task's `ahead` for both meanings of equal: dict title -> (sizes, dict width -> ...)."""
    found = {}
    for task, title in TITLES.items():
        rows = {equal: ahead(records, task, equal) for equal in (STATE, WEIGHTS)}
        found[title] = rows[STATE][0], {equal: row[1:] for equal, row in rows.items()}
    return found


def at_all(records, task, equal, metric=None):
    """dict unit -> (mean, half-width) of a task's score, or another metric, on all data."""
    best = {key: value for key, value in chosen(records, metric or SCORES[task]).items()
            if key[0] == task and key[2] == equal}
    n = max(key[3] for key in best)
    return {name: interval(list(best[task, name, equal, n].values())) for name in UNITS
            if (task, name, equal, n) in best}


def verdicts(records):
    """Rows (task, width, n, mean, half, who): who is ahead where the interval leaves zero out.

    After a single seed there is no interval, and nobody is ahead.
    """
    for task in SCORES:
        for equal in (STATE, WEIGHTS):
            for n, mean, half in zip(*ahead(records, task, equal), strict=True):
                who = ("LSTM" if mean > 0 else "GRU") if abs(mean) > half else "no difference"
                yield task, equal, n, mean, half, who


def missing(recipes, task, folder=RESULTS):
    """Those recipes of which no run on the task's data is recorded."""
    there = recorded("K14", folder)
    return [recipe for recipe in recipes
            if run_key(setting(recipe, task), recipe.seed, task.data) not in there]


def main(names=(), seeds=(), folder=RESULTS):
    """Every run that is missing, appended as they come, a seed of all tasks at a time."""
    torch.set_num_threads(1)
    tasks = {name: TASKS[name]() for name in names or TASKS}
    for seed in seeds or range(5):
        for name, task in tasks.items():
            began = time.process_time()
            recipes = [*grid(name, task, seed)]
            recipes += longer(name, task, seed) if name == "characters" else []
            for recipe in missing(recipes, task, folder):
                append(run(recipe, task), folder)
            print(name, "seed", seed, f"{time.process_time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    main([w for w in words if w in TASKS], [int(w) for w in words if w.isdigit()])
