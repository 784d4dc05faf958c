"""What becomes of one context vector: given once or at every step, the source turned round or
convolved.

    python -m rnnlib.experiments.context_figures            every kind, task and seed
    python -m rnnlib.experiments.context_figures 2          one seed

A second measure for K21 beside the French sentences of translators: dates and sentences of a
grammar.  All models of a task have as many weights as the one that is given the context only at the
start, and all make the same number of updates on the same pairs in the same order.
"""

import itertools
import sys
import time
from dataclasses import replace

import torch

from ..datasets import load
from ..objectives import nats
from .fixed_context import KINDS, TASKS, Corpus, Recipe, Writer, fit, weights_in, widest
from .record import append, measured, recorded, run_key

CLAIM = "context_figures"
SEEDS = (0, 1, 2)
RECIPES = {"dates": Recipe(steps=2000), "sentences": Recipe(steps=1000)}
"""Sizes and training by task; the other kinds get an H of their own, for as many weights."""
BOTH = ("start", "every step", "reversed")
"""Kinds that learn both tasks; the others learn sentences only."""
MOST = 1000
"""Pairs that are written for the exact matches."""


def recipe_of(name: str, kind: str, data, seed: int) -> Recipe:
    """The recipe of one kind of model, as large as that of kind "start" on the same task."""
    one, plain = replace(RECIPES[name], seed=seed), Corpus.of(TASKS[name], "start", data)
    if kind in ("start", "reversed"):
        return replace(one, kind=kind)
    most = weights_in(one.model(len(plain.sources), len(plain.targets)))
    return widest(replace(one, kind=kind), Corpus.of(TASKS[name], kind, data), most)


def halves(examples, cut) -> dict[str, list]:
    """The pairs with the shorter and those with the longer half of the sources."""
    middle = sorted(len(cut(x)) for x, _ in examples)[len(examples) // 2]
    return {"short": [pair for pair in examples if len(cut(pair[0])) <= middle],
            "long": [pair for pair in examples if len(cut(pair[0])) > middle]}


def run(name: str, kind: str, data, seed: int) -> list:
    """Train one model and measure it: the records."""
    corpus, recipe = Corpus.of(TASKS[name], kind, data), recipe_of(name, kind, data, seed)
    model = recipe.model(len(corpus.sources), len(corpus.targets))
    began = time.process_time()
    for _ in fit(model, corpus, recipe):
        pass
    seconds = time.process_time() - began
    total, count = nats(model, corpus.pairs(corpus.test, 8000, 0))
    writer, test = Writer(model, corpus, {}), data.test[:MOST]
    values = {"nats": total / count, "exact": writer.right(test), "parameters": weights_in(model)}
    values |= {f"exact_{half}": writer.right(some) for half, some in halves(test, corpus.task.cut)
               .items()}
    return measured(CLAIM, {"task": name} | recipe.setting(), seed, values, seconds, data)


def main(seeds=SEEDS) -> None:
    """Every run that is not recorded yet, appended as it comes."""
    torch.set_num_threads(1)
    datas = {name: load(task.data) for name, task in TASKS.items()}
    for kind, name, seed in itertools.product(KINDS, TASKS, seeds):
        if kind not in BOTH and name != "sentences":
            continue
        data = datas[name]
        setting = {"task": name} | recipe_of(name, kind, data, seed).setting()
        if run_key(setting, seed, data) not in recorded(CLAIM):
            found = run(name, kind, data, seed)
            append(found)
            said = " ".join(f"{r.metric} {r.value:.3f}" for r in found)
            print(f"{name} {kind} {seed}: {said}, {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SEEDS)
