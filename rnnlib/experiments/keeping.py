"""What to keep of the states: last, mean, max, both ends; one direction or two (K26, K09).

    python -m rnnlib.experiments.keeping intents 0      questions as they are, seed 0
    python -m rnnlib.experiments.keeping chatter 0      other words around the question, seed 0

Everything but the layer and what is kept of it is equal: words, training, and the number of weights
of one direction and of two.  In `chatter` a question of one of 30 intents stands inside of other
words, as in a letter; the texts to learn from have up to 40 of them, in front and behind.
"""

import random
import sys
import time
from dataclasses import dataclass

import torch

from .. import models
from ..batches_labeled import Reader
from ..datasets import load
from . import labelers
from .labelers import Recipe, Task
from .record import append, measured
from .text_figures import task_of

KEEPS = {"last": models.last_state, "mean": models.mean_state, "max": models.max_state,
         "ends": models.both_ends}
"""Name -> what is kept; `last` of two directions is what both have at the last word."""
WAYS = {1: (labelers.one_way, 64), 2: (labelers.layer, 40)}
"""Directions -> (layers, units in each): about equally many weights."""
LONGEST = (5, 7, 9, 12, 40)
"""Most words of a question in each group."""
CHATTER = (0, 5, 10, 20, 40)
"""Words around the question when it is tested."""
MOST = 40
"""Words around a question, at most, in training."""
LEAST = 2
"""How often a word must occur to have a vector of its own."""


@dataclass(frozen=True)
class Kept:
    """What is varied: the cell, the directions, and what is kept."""

    cell: str
    ways: int
    keep: str

    def recipe(self, task, seed):
        """How it is trained on a task."""
        layer, H = WAYS[self.ways]
        updates, tokens = {"intents": (900, 1000), "chatter": (450, 1500)}[task]
        return layer, Recipe("words", D=48, cell=self.cell, H=H, keep=KEEPS[self.keep], lr=5e-3,
                             updates=updates, tokens=tokens, seed=seed)


ONE_WAY = [Kept(cell, 1, keep) for cell in ("lstm", "rnn") for keep in ("last", "mean", "max")]
TWO_WAYS = [Kept("lstm", 2, keep) for keep in ("ends", "last", "max")]
VARIANTS = {"intents": ONE_WAY + TWO_WAYS, "chatter": ONE_WAY}
"""Task -> what is compared."""


# --- questions inside of chatter ------------------------------------------------------------------


def some_intents(task, n=30):
    """The task with n of its labels, at equal distances in the alphabet."""
    step = max(1, len(task.kinds) // n)
    kinds = task.kinds[::step][:n]
    parts = []
    for texts, labels in (task.train, task.dev, task.test):
        kept = [i for i, label in enumerate(labels) if label in set(kinds)]
        parts.append(([texts[i] for i in kept], [labels[i] for i in kept]))
    return Task(task.data, kinds, *parts)


def chatter():
    """Words of the course's own sentences, one after the other."""
    return [word.lower() for words, _ in load("treebank").train for word in words]


def around(words, front, behind, rng, other):
    """A text with so many other words in front of it and behind it."""
    def some(n):
        start = rng.randrange(len(other) - n)
        return other[start : start + n]

    return [*some(front), *words, *some(behind)]


def surrounded(texts, other, seed, most=MOST):
    """Texts with 0 to `most` other words around them, cut at a random place."""
    rng, found = random.Random(seed), []
    for words in texts:
        n = rng.randint(0, most)
        front = rng.randint(0, n)
        found.append(around(words, front, n - front, rng, other))
    return found


def in_chatter(task, other, seed=0):
    """The task with other words around every text."""
    parts = [(surrounded(texts, other, f"{seed}/{part}"), labels)
             for part, (texts, labels) in enumerate((task.train, task.dev, task.test))]
    return Task(task.data, task.kinds, *parts)


# --- measured -------------------------------------------------------------------------------------


def by_length(model, reader, part, kinds):
    """Percent right of all texts, and of those of up to 5, 7, 9 ... words: "right_5" ..."""
    texts, labels = part
    values = {"right": labelers.accuracy(model, reader, part, kinds)}
    for low, high in zip((0, *LONGEST), LONGEST, strict=False):
        kept = [i for i, words in enumerate(texts) if low < len(words) <= high]
        if kept:
            group = [texts[i] for i in kept], [labels[i] for i in kept]
            values[f"right_{high}"] = labelers.accuracy(model, reader, group, kinds)
    return values


def by_chatter(model, reader, part, kinds, other):
    """Percent right with so many other words behind every text, and with MOST in front of it."""
    (texts, labels), values = part, {}
    for name, front, behind in [("behind", 0, n) for n in CHATTER] + [("front", MOST, 0)]:
        rng = random.Random(front + behind)
        long = [around(words, front, behind, rng, other) for words in texts]
        values[f"{name}_{front + behind}"] = labelers.accuracy(model, reader, (long, labels), kinds)
    return values


def setting(task, kept):
    """What a record says about a run."""
    return {"task": task, "cell": kept.cell, "ways": kept.ways, "keep": kept.keep}


def tasks(name, seed=0):
    """(the task to learn, the same questions without other words)."""
    plain = task_of("intents")
    if name == "intents":
        return plain, plain
    plain = some_intents(plain)
    return in_chatter(plain, chatter(), seed), plain


def fitted(task, name, kept, seed):
    """One variant, trained: (model, reader)."""
    layer, recipe = kept.recipe(name, seed)
    reader = Reader.of(task.train[0], LEAST, str.lower)
    model = labelers.model(task, reader, recipe, layer)
    labelers.fit(model, task, reader, recipe)
    return model, reader


def run(name, kept, seed):
    """Train one variant and measure it: (data, values, seconds)."""
    (task, plain), began = tasks(name, seed), time.process_time()
    model, reader = fitted(task, name, kept, seed)
    if name == "chatter":
        values = by_chatter(model, reader, plain.test, task.kinds, chatter())
        values["right"] = labelers.accuracy(model, reader, task.test, task.kinds)
    else:
        values = by_length(model, reader, task.test, task.kinds)
    values["weights"] = sum(weight.numel() for weight in model.layer.parameters())
    return task.data, values, time.process_time() - began


def claims_of(kept):
    """Which claims a variant has to do with: one direction is half of both."""
    found = ["K26"] if kept.ways == 1 else ["K09"]
    return found + (["K09"] if kept in (Kept("lstm", 1, "last"), Kept("lstm", 1, "max")) else [])


def main(arguments=None):
    """Run and record all variants of a task with one seed."""
    torch.set_num_threads(1)
    name, seed = sys.argv[1:] if arguments is None else arguments
    for kept in VARIANTS[name]:
        data, values, seconds = run(name, kept, int(seed))
        claims = claims_of(kept) if name == "intents" else ["K26"]
        for claim in claims:
            append(measured(claim, setting(name, kept), int(seed), values, seconds, data))
        said = " ".join(f"{metric} {value:.1f}" for metric, value in values.items())
        print(f"{name} {kept} seed={seed}: {said} in {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
