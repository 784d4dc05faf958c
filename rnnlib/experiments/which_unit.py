"""Which unit for which amount of data: four units, three tasks, five sizes of training set (K14, K15).

    python -m rnnlib.experiments.which_unit                  everything, three seeds
    python -m rnnlib.experiments.which_unit agreement 3 4    one task, two more seeds

Every unit gets the same data and the same number of updates.  It comes twice: with as many numbers
in its state as the GRU, and with as many weights.  Every run is made with both learning rates; the
one with the better mean on the dev part counts, for each unit and size.
"""

import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from statistics import fmean

import torch

from .. import train
from .record import append, measured
from .small_tasks import TASKS
from .units import unit

UNITS = ("rnn", "simple_gru", "gru", "lstm")
BLOCKS = {"rnn": 1, "simple_gru": 2, "gru": 3, "lstm": 4}
D, H = 32, 48
RATES = (4e-3, 2e-2)
STATE, WEIGHTS = "equal state", "equal weights"


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
        return H if self.width == STATE else width(self.unit)


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
    setting = asdict(recipe) | {"n": task.count(recipe.n), "H": recipe.H, "D": D}
    del setting["seed"], setting["updates"]
    return measured("K14", setting, recipe.seed, values, seconds, task.data)


def grid(name, task, seed):
    """Every run of a task for a seed; equal weights at every size for the LSTM only."""
    for n, updates in zip(task.sizes, task.updates, strict=True):
        rows = [(kind, STATE) for kind in UNITS]
        rows += [(kind, WEIGHTS) for kind in UNITS if kind == "lstm" or n is None and kind != "gru"]
        for kind, equal in rows:
            for lr in RATES:
                yield Recipe(name, kind, equal, n, lr, updates, seed)


def chosen(records, metric):
    """(task, unit, width, n) -> dict seed -> value of a metric, each at the rate with the lower dev.

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
    gru = {(t, u, WEIGHTS, n): value for (t, u, _, n), value in best.items() if u == "gru"}
    return best | gru


def main(names=(), seeds=()):
    """Every run, appended as they come, a seed of all tasks at a time."""
    torch.set_num_threads(1)
    tasks = {name: TASKS[name]() for name in names or TASKS}
    for seed in seeds or range(3):
        for name, task in tasks.items():
            began = time.process_time()
            for recipe in grid(name, task, seed):
                append(run(recipe, task))
            print(name, "seed", seed, f"{time.process_time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    main([w for w in words if w in TASKS], [int(w) for w in words if w.isdigit()])
