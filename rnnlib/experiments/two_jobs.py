"""One state with two jobs: the decision now and a memory for later (C82).

    python -m rnnlib.experiments.two_jobs

A sequence of symbols ends with a go sign. Job later: at the go sign, name the first symbol.  Job
now: at every step, add this symbol and the one before it, modulo S.  Each unit learns each job
alone, then both with the same state.
"""

import hashlib
import sys
import time
from dataclasses import asdict, dataclass, replace

import torch
from torch import nn
from torch.nn import functional as F

from .. import bptt, train
from .record import append, measured
from .units import unit

S = 4
"""How many symbols there are: guessing is right once in S."""

UNITS = ("orthogonal", "rnn", "simple_gru", "gru", "lstm")
LENGTHS = (4, 8, 12)


@dataclass(frozen=True)
class Recipe:
    """A unit with H numbers in its state; `jobs` is "now", "later" or "both"."""

    unit: str
    T: int
    jobs: str = "both"
    H: int = 16
    B: int = 64
    lr: float = 5e-3
    steps: int = 1500
    keep: float = 3.0
    seed: int = 0


class Symbols:
    """Endless batches: x (B, T + 1, S + 1) one-hot, the sums (B, T - 1), the first symbols (B,)."""

    name = "two_jobs"

    def __init__(self, B, T, seed):
        self.B, self.T, self.seed = B, T, seed

    def __getitem__(self, step):
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step + 1)
        s = torch.randint(0, S, (self.B, self.T), generator=generator)
        x = F.one_hot(torch.cat([s, torch.full((self.B, 1), S)], 1), S + 1).float()
        return x, (s[:, 1:] + s[:, :-1]) % S, s[:, 0]

    @property
    def sha256(self):
        """A hash that changes with what the task makes."""
        x, _, _ = Symbols(4, self.T, 0)[0]
        return hashlib.sha256(x.numpy().tobytes()).hexdigest()


class Worker(nn.Module):
    """A unit whose state is read twice: by `now` at every step, by `later` at the last."""

    def __init__(self, recipe):
        super().__init__()
        self.cell = unit(recipe.unit, S + 1, recipe.H, recipe.keep, recipe.seed)
        with torch.random.fork_rng():
            torch.manual_seed(recipe.seed + 100)
            self.now, self.later = nn.Linear(recipe.H, S), nn.Linear(recipe.H, S)

    def forward(self, x):
        """Scores for the sums (B, T - 1, S) and for the first symbol (B, S)."""
        h, _ = bptt.run(self.cell, x)
        return self.now(h[:, 1:-1]), self.later(h[:, -1])


def losses(model, batch):
    """Mean cross-entropy of each job."""
    x, sums, first = batch
    now, later = model(x)
    return {"now": F.cross_entropy(now.flatten(0, 1), sums.flatten()),
            "later": F.cross_entropy(later, first)}


def only(job):
    """A loss for `train.fit` that counts one job."""
    return lambda model, batch, carry: (losses(model, batch)[job], len(batch[0]), None)


def both(model, batch, carry):
    """A loss for `train.fit` that adds both jobs."""
    return sum(losses(model, batch).values()), len(batch[0]), None


LOSSES = {"now": only("now"), "later": only("later"), "both": both}


def run(recipe):
    """One unit trained on one or both jobs, as records: share right of each job."""
    began, model = time.process_time(), Worker(recipe)
    settings = train.Settings(recipe.steps, recipe.lr, every=recipe.steps, seed=recipe.seed)
    batches = Symbols(recipe.B, recipe.T, recipe.seed)
    list(train.fit(model, batches, LOSSES[recipe.jobs], settings))
    x, sums, first = Symbols(2000, recipe.T, recipe.seed + 10_000)[0]
    with torch.no_grad():
        now, later = model(x)
    values = {"now": (now.argmax(-1) == sums).double().mean().item(),
              "later": (later.argmax(-1) == first).double().mean().item()}
    values = {job: value for job, value in values.items() if recipe.jobs in (job, "both")}
    setting = {name: value for name, value in asdict(recipe).items() if name not in ("seed", "B")}
    return measured("two_jobs", setting, recipe.seed, values, time.process_time() - began, batches)


def recipes(name):
    """The runs of one unit; the LSTM also with half as many units, so 16 numbers in all."""
    found = [Recipe(name, T, jobs) for T in LENGTHS for jobs in LOSSES]
    return found + [Recipe(name, T, H=8) for T in LENGTHS if name == "lstm"]


def main(names=(), seeds=(0, 1, 2, 3, 4)):
    """Run, print and append."""
    torch.set_num_threads(1)
    for recipe in [recipe for name in names or UNITS for recipe in recipes(name)]:
        for seed in seeds:
            records = run(replace(recipe, seed=seed))
            append(records)
        said = " ".join(f"{record.metric} {record.value:.3f}" for record in records)
        print(f"{recipe}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
