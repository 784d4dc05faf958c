"""Normalisation between layers: the loss of deep stacks over learning rates (K27).

    python -m rnnlib.experiments.norm_rates              both kinds, three seeds
    python -m rnnlib.experiments.norm_rates 0            one seed
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
    """The trials of a seed: four layers of each cell, and one layer to compare with."""
    for cell, layers in (("rnn", 1), ("rnn", 4), ("gru", 4)):
        for kind in KINDS:
            for lr in RATES:
                yield Trial(kind, cell, layers, lr, seed)


def main(seeds=(0, 1, 2)):
    """Run, print and append."""
    task = task_of("slots", 1500)
    for seed in seeds:
        for trial in grid(seed):
            append(records := run(task, trial))
            print(f"{trial}: nats {records[-2].value:.3f}", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (0, 1, 2))
