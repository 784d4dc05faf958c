"""One direction or two, and how the two are merged, at equal weights (K09).

    python -m rnnlib.experiments.directions                 both tasks, three seeds
    python -m rnnlib.experiments.directions slots 3 4       one task, two more seeds

Only the recurrent layer differs: every kind has the largest H with at most `BUDGET` weights.
What the last states remember is measured by `last_states`.
"""

import sys
from dataclasses import replace

from ..cells import GRUCell
from ..datasets import load
from ..layers_built import DIRECTIONS, normalised, weights, widest
from .labelers import Recipe, Task, accuracy, right, span_f1, trained
from .record import append, measured

TASKS = {"slots": "snips", "tags": "ewt"}
"""Slots of utterances, tags of sentences: the data set of each."""
KINDS = ("from the left", "from the right", "side by side", "added", "multiplied")
BUDGET, TEXTS = 25_000, 3000
RECIPE = Recipe(inputs="words", D=64, cell="gru", H=64, dropout=0.3, lr=8e-3, updates=400,
                tokens=500)


def task_of(name, texts=TEXTS, data=None):
    """A task with so many texts to learn from, the same ones in every run."""
    return Task.of(data or load(TASKS[name])).only(texts)


def built(kind, layers=1, cell=GRUCell, budget=BUDGET):
    """A function (size, recipe) to the layers of a kind, as wide as the budget allows."""
    build = (DIRECTIONS | {"normalised": normalised})[kind]

    def layer(size, recipe):
        def network(H):
            return build(cell, size, H, layers)

        return network(widest(network, budget))

    return layer


def score(task, model, reader):
    """What was reached on test: accuracy, and span F1 if the labels are BIO."""
    if not task.per_word:
        return {"accuracy": accuracy(model, reader, task.test, task.kinds)}
    shares = right(model, reader, task, task.test)
    values = {"accuracy": shares["all"], "known": shares["known"], "unknown": shares["unknown"]}
    if "O" in task.kinds:
        values["f1"] = span_f1(model, reader, task.test, task.kinds)
    return values


def run(task, name, kind, seed=0, recipe=RECIPE):
    """One run as records: scores on test, weights of the recurrent layer, seconds."""
    model, reader, seconds = trained(task, replace(recipe, seed=seed), built(kind))
    values = score(task, model, reader) | {"weights": weights(model.layer), "seconds": seconds}
    setting = {"what": "labels", "task": name, "kind": kind, "texts": len(task.train[0])}
    return measured("K09", setting, seed, values, seconds, task.data)


def main(names=(), seeds=(0, 1, 2)):
    """Run, print and append."""
    for name in names or TASKS:
        task = task_of(name)
        for seed in seeds:
            for kind in KINDS:
                records = run(task, name, kind, seed)
                append(records)
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
                print(f"{name} {kind} seed={seed}: {said} in {records[0].seconds:.0f} s",
                      flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    main([w for w in words if w in TASKS], [int(w) for w in words if w.isdigit()] or (0, 1, 2))
