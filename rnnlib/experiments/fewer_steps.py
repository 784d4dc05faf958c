"""Convolution below the recurrent layer: utterances read character by character (K30).

    python -m rnnlib.experiments.fewer_steps                 two tasks, five networks, three seeds
    python -m rnnlib.experiments.fewer_steps intents 0       one task, one seed

The tasks: the intent of an utterance, and the slot of every character.
"""

import sys
from dataclasses import replace

from ..cells import GRUCell
from ..datasets import load
from ..layers import Stacked
from ..layers_built import two_readers, weights
from ..layers_pointwise import Convolution, Shortened
from .directions import score
from .labelers import Recipe, Task, trained
from .record import append, measured

H, WIDTH = 64, 5
RECIPE = Recipe(inputs="words", D=32, H=H, dropout=0.2, forget=0, lr=5e-3, updates=200, tokens=2000)
TEXTS = 3000


def convolution(D):
    """A window of five characters."""
    return Convolution(D, 2 * H, WIDTH)


NETWORKS = {
    "recurrent": lambda D: two_readers(GRUCell, D, H),
    "two recurrent": lambda D: Stacked(two_readers(GRUCell, D, H), two_readers(GRUCell, 2 * H, H)),
    "convolution, recurrent": lambda D: Stacked(convolution(D), two_readers(GRUCell, 2 * H, H)),
    "convolution, recurrent on every 4th": lambda D: Stacked(
        convolution(D), Shortened(two_readers(GRUCell, 2 * H, H), 4)),
    "convolution alone": convolution,
}


def by_letter(words, slots):
    """The slot of every character: a word's slot, I-X after the first letter and within a span."""
    found = []
    for word, slot in zip(words, slots, strict=True):
        inside = slot.replace("B-", "I-")
        found += [inside if slot[0] == "I" else "O"] if found else []  # the space before it
        found += [slot] + [inside] * (len(word) - 1)
    return found


def task_of(name, data=None, texts=TEXTS):
    """The intents, or the slots, of utterances that are read as characters."""
    column = {"intents": 2, "slots": 1}[name]
    task = Task.of(data or load("snips"), column).only(texts)
    parts = []
    for words, labels in (task.train, task.dev, task.test):
        parts.append(([list(" ".join(text)) for text in words], labels if column == 2 else [
            by_letter(text, slots) for text, slots in zip(words, labels, strict=True)]))
    kinds = {label for slots in parts[0][1] for label in slots} if column == 1 else task.kinds
    return Task(task.data, sorted(kinds), *parts)


def run(task, name, network, seed=0, recipe=RECIPE):
    """One run as records: scores on test, weights, seconds of the training."""
    model, reader, seconds = trained(task, replace(recipe, seed=seed),
                                     lambda size, recipe: NETWORKS[network](size))
    values = score(task, model, reader) | {"weights": weights(model.layer), "seconds": seconds}
    setting = {"task": name, "network": network, "texts": len(task.train[0]),
               "updates": recipe.updates}
    return measured("K30", setting, seed, values, seconds, task.data)


def main(names=(), seeds=(0, 1, 2)):
    """Run, print and append."""
    for name in names or ("intents", "slots"):
        task = task_of(name)
        for seed in seeds:
            for network in NETWORKS:
                append(records := run(task, name, network, seed))
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
                print(f"{name} {network} seed={seed}: {said}", flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    main([w for w in given if not w.isdigit()], [int(w) for w in given if w.isdigit()] or (0, 1, 2))
