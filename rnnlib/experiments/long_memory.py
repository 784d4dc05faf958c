"""How long a dependency each unit learns: the adding problem and copying at growing length (K13).

    python -m rnnlib.experiments.long_memory                 every unit, task and seed
    python -m rnnlib.experiments.long_memory adding lstm     one task, one unit

A run that is recorded already is not made again.
"""

import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass

import torch
from torch.nn import functional as F

from .. import train
from ..datasets.synthetic import Stream
from .record import RESULTS, append, measured, recorded, run_key
from .units import Reader, unit

BASELINE = {"adding": 1 / 6, "copying": 1 / 8}
"""What a model without a memory reaches: a mean squared error, a share of symbols."""

LENGTHS = {"adding": (10, 25, 50, 100, 200, 400, 800), "copying": (2, 5, 10, 20, 40)}
LONGEST = {"rnn": 200, "orthogonal": 200, "lstm": 400}
"""Units that give up at this length or before it run no further."""

UNITS = {
    "adding": ("rnn", "orthogonal", "irnn", "simple_gru", "gru", "lstm"),
    "copying": ("rnn", "simple_gru", "gru", "lstm"),
}
RATES = {"orthogonal": (1e-3,), "irnn": (1e-3,), "adding rnn": (1e-2, 1e-3)}
"""Learning rates; the simple RNN may choose the better of two.  For all others 0.01."""


@dataclass(frozen=True)
class Recipe:
    """One run: a unit with H numbers in its state learns a task of length T."""

    task: str
    unit: str
    T: int
    lr: float = 1e-2
    H: int = 32
    B: int = 64
    steps: int = 2000
    keep: float = 3.0
    seed: int = 0

    def model(self):
        """A reader with fresh weights."""
        D, K, steps = {"adding": (2, 1, 1), "copying": (10, 8, 5)}[self.task]
        with torch.random.fork_rng():
            torch.manual_seed(self.seed + 100)
            return Reader(unit(self.unit, D, self.H, self.keep, self.seed), K, steps)

    def stream(self):
        """The batches it learns from."""
        return Stream(self.task, self.B, self.T, self.seed)

    def setting(self):
        """What was varied, for the records."""
        names = ("task", "unit", "T", "lr", "H", "steps", "keep")
        return {name: value for name, value in asdict(self).items() if name in names}


def loss(model, batch, carry):
    """Mean squared error of a number, or mean cross-entropy of symbols, for `train.fit`."""
    x, y = batch
    scores = model(x)
    if y.is_floating_point():
        return F.mse_loss(scores[:, 0], y), len(x), None
    return F.cross_entropy(scores.flatten(0, 1), y.flatten()), len(x), None


def quality(model, batch):
    """Mean squared error (adding) or share of right symbols (copying) on a batch."""
    x, y = batch
    scores = model(x)
    if y.is_floating_point():
        return F.mse_loss(scores[:, 0], y).item()
    return (scores.argmax(-1) == y).float().mean().item()


def learned(task, value):
    """Whether a quality counts as learned well enough to stop."""
    return value < 0.003 if task == "adding" else value > 0.98


def curve(recipe, every=100):
    """Train until learned or `recipe.steps`: the records of `fit`, held_out is the quality.

    It is measured on fresh sequences; nothing is chosen by it except the moment to stop.
    """
    held = Stream(recipe.task, 500, recipe.T, seed=10_000 + recipe.seed)[0]
    settings = train.Settings(recipe.steps, lr=recipe.lr, every=every, seed=recipe.seed)
    evaluate = lambda model: quality(model, held)  # noqa: E731
    for record in train.fit(recipe.model(), recipe.stream(), loss, settings, evaluate):
        yield record
        if learned(recipe.task, record.held_out):
            break


def run(recipe):
    """One run as records: the quality at the end, the updates, the seconds of one processor."""
    began = time.process_time()
    last, failed = None, 0
    try:
        for record in curve(recipe):
            last = record
    except FloatingPointError:
        failed = 1
    name = {"adding": "mse", "copying": "accuracy"}[recipe.task]
    values = {name: last.held_out if last else BASELINE[recipe.task],
              "updates": last.step if last else 0, "failed": failed}
    seconds = time.process_time() - began
    return measured("K13", recipe.setting(), recipe.seed, values, seconds, recipe.stream())


def reach(records, least=0.01):
    """How long a sum each unit learns: dict unit -> (longest length learned, next one or None).

    A length counts as learned when every seed's error is below `least`, at one learning rate.  The
    second number is the first length at which that was not so; None when no longer one was tried.
    """
    worst = defaultdict(lambda: defaultdict(dict))
    for r in records:
        if r.metric == "mse":
            at = worst[r.setting["unit"]][r.setting["T"]]
            at[r.setting["lr"]] = max(r.value, at.get(r.setting["lr"], 0))
    found = {}
    for name, lengths in worst.items():
        lost = min((T for T, rates in lengths.items() if min(rates.values()) >= least),
                   default=None)
        found[name] = max((T for T in lengths if lost is None or T < lost), default=None), lost
    return found


def recipes(task, name, seeds):
    """The runs of one unit on one task."""
    rates = RATES.get(name) or RATES.get(f"{task} {name}") or (1e-2,)
    lengths = [T for T in LENGTHS[task] if T <= LONGEST.get(name, T)]
    return [Recipe(task, name, T, lr, seed=seed) for T in lengths for lr in rates for seed in seeds]


def main(tasks=(), names=(), seeds=(0, 1, 2), folder=RESULTS):
    """Run what is missing, print and append."""
    torch.set_num_threads(1)
    every = [r for task in tasks or LENGTHS for name in names or UNITS[task]
             for r in recipes(task, name, seeds)]
    there = recorded("K13", folder)
    for recipe in every:
        if run_key(recipe.setting(), recipe.seed, recipe.stream()) in there:
            continue
        records = run(recipe)
        append(records, folder)
        said = " ".join(f"{record.metric} {record.value:.4g}" for record in records)
        print(f"{recipe.task} {recipe.unit} T={recipe.T} lr={recipe.lr:g} seed={recipe.seed}: "
              f"{said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    main([w for w in words if w in LENGTHS], [w for w in words if w not in LENGTHS])
