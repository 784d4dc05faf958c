"""What becomes of one context vector: given once or at every step, the source turned round or
convolved.

    python -m rnnlib.experiments.context_figures                    every kind, task and seed
    python -m rnnlib.experiments.context_figures reversed dates 0   one run

A second measure for K21 beside the French sentences of translators: strings of letters to be
written again, dates, and sentences of a grammar.  All models of a task have as many weights as the
one that is given the context only at the start, and all make the same number of updates on the same
pairs in the same order.
"""

import hashlib
import itertools
import random
import sys
import time
from dataclasses import dataclass, replace

import torch

from ..datasets import load
from ..layers_built import weights
from ..objectives import nats
from .fixed_context import KINDS, TASKS, Corpus, Recipe, Writer, fit, widest
from .record import append, measured, recorded, run_key

CLAIM = "context_figures"
SEEDS = (0, 1, 2, 3, 4)
RECIPES = {"strings": Recipe(D=16, H=64, forget=0.0, tokens=600, steps=400, lr=1e-2),
           "dates": Recipe(steps=2000, lr=6e-3), "sentences": Recipe(steps=1000)}
"""Sizes and training by task; the other kinds get an H of their own, for as many weights."""
MOST = 1000
"""Pairs that are written for the exact matches."""


@dataclass(frozen=True)
class Strings:
    """Strings of three to eight letters, each to be written again as it is."""

    name: str = "strings"
    sha256: str = ""
    train: list = ()
    valid: list = ()
    test: list = ()

    @classmethod
    def of(cls, count=6000, letters="abcdefgh") -> "Strings":
        """So many different strings; a tenth is for the test, a tenth for validation."""
        rng, found = random.Random("strings"), {}
        while len(found) < count:
            text = "".join(rng.choice(letters) for _ in range(rng.randint(3, 8)))
            found[text] = text
        pairs, tenth = list(found.items()), count // 10
        sha256 = hashlib.sha256(" ".join(found).encode()).hexdigest()
        return cls("strings", sha256, pairs[2 * tenth :], pairs[tenth : 2 * tenth], pairs[:tenth])


def data_of(name: str):
    """The data of a task."""
    return Strings.of() if name == "strings" else load(TASKS[name].data)


def recipe_of(name: str, kind: str, data, seed: int) -> Recipe:
    """The recipe of one kind of model, as large as that of kind "start" on the same task."""
    one, plain = replace(RECIPES[name], seed=seed), Corpus.of(TASKS[name], "start", data)
    if kind in ("start", "reversed"):
        return replace(one, kind=kind)
    most = weights(one.model(len(plain.sources), len(plain.targets)))
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
    values = {"nats": total / count, "exact": writer.right(test), "parameters": weights(model)}
    values |= {f"exact_{half}": writer.right(some) for half, some in halves(test, corpus.task.cut)
               .items()}
    return measured(CLAIM, {"task": name} | recipe.setting(), seed, values, seconds, data)


def main(*chosen: str) -> None:
    """The kinds, tasks and seeds named, or all: every run that is not recorded yet."""
    torch.set_num_threads(1)
    kinds, tasks = ([word for word in chosen if word in these] or these for these in (KINDS, TASKS))
    seeds = [int(word) for word in chosen if word.isdigit()] or SEEDS
    for kind, name, seed in itertools.product(kinds, tasks, seeds):
        data = data_of(name)
        setting = {"task": name} | recipe_of(name, kind, data, seed).setting()
        if run_key(setting, seed, data) not in recorded(CLAIM):
            found = run(name, kind, data, seed)
            append(found)
            print(name, kind, seed, *(f"{r.metric} {r.value:.3f}" for r in found), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
