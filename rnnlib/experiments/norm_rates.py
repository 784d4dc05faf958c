"""Normalisation between layers: the loss of deep stacks over learning rates (K27).

    python -m rnnlib.experiments.norm_rates              both kinds, three seeds
    python -m rnnlib.experiments.norm_rates rnn 0        one cell, one seed
"""

import sys
import time
from dataclasses import dataclass, replace

import torch

from .. import cells
from ..batches_labeled import Examples
from ..layers import concatenate
from ..layers_built import joined, normalised, weights
from .directions import task_of
from .labelers import Recipe, fit, model, reader
from .record import append, measured

KINDS = {"plain": joined(concatenate), "normalised": normalised}
RATES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
RECIPE = Recipe(inputs="words", D=64, H=32, dropout=0.0, forget=0, updates=120, tokens=400)
NETWORKS = (("rnn", 1), ("rnn", 4), ("gru", 4))
"""Cell and number of layers."""
HELD = 300
"""Utterances of the dev part on which the loss is measured, ten times in a run."""


@dataclass(frozen=True)
class Trial:
    """One run: a kind of stack of a cell, so deep, with one learning rate."""

    kind: str
    cell: str
    layers: int
    lr: float
    seed: int = 0


def held_out(task, numbers):
    """A function from a model to its mean nats for a word of the dev part."""
    texts, labels = (part[:HELD] for part in task.dev)
    batches = Examples(numbers, texts, labels, task.kinds, tokens=8000)

    @torch.no_grad()
    def nats(labeler):
        found = [labeler.loss(*batches[k]) for k in range(batches.per_pass)]
        return sum(total.item() for total, _ in found) / sum(count for _, count in found)

    return nats


def run(task, trial):
    """One run as records: nats_12, nats_24, ... by updates done, and the last of them."""
    recipe = replace(RECIPE, lr=trial.lr, seed=trial.seed)

    def layer(size, recipe):
        return KINDS[trial.kind](cells_of(trial.cell), size, recipe.H, trial.layers)

    began, numbers = time.process_time(), reader(task)
    labeler = model(task, numbers, recipe, layer)
    records, _ = fit(labeler, task, numbers, recipe, held_out(task, numbers))
    values = {f"nats_{record.step}": record.held_out for record in records}
    values |= {"nats": records[-1].held_out, "weights": weights(labeler.layer)}
    setting = {name: getattr(trial, name) for name in ("kind", "cell", "layers", "lr")}
    seconds = time.process_time() - began
    return measured("K27", setting, trial.seed, values, seconds, task.data)


def cells_of(name):
    """The cell of a name."""
    return {"rnn": cells.RNNCell, "gru": cells.GRUCell}[name]


def grid(seed):
    """The trials of a seed: one layer of simple RNNs, four of them, four of GRUs."""
    for cell, layers in NETWORKS:
        for kind in KINDS:
            for lr in RATES:
                yield Trial(kind, cell, layers, lr, seed)


def main(cells=(), seeds=(0, 1, 2)):
    """Run, print and append."""
    task = task_of("slots", 1500)
    for seed in seeds:
        for trial in [trial for trial in grid(seed) if trial.cell in (cells or ("rnn", "gru"))]:
            append(records := run(task, trial))
            print(f"{trial}: nats {records[-2].value:.3f}", flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    main([w for w in given if not w.isdigit()], [int(w) for w in given if w.isdigit()] or (0, 1, 2))
