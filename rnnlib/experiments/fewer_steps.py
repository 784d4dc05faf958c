"""Convolution below the recurrent layer: intents read character by character (K30).

    python -m rnnlib.experiments.fewer_steps             five networks, three seeds
    python -m rnnlib.experiments.fewer_steps 0           one seed
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
RECIPE = Recipe(inputs="words", D=32, H=H, dropout=0.2, forget=0, lr=5e-3, updates=300, tokens=2000)
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


def task_of(data=None, texts=TEXTS):
    """Intents of utterances that are read as characters."""
    task = Task.of(data or load("snips"), column=2).only(texts)
    parts = [([list(" ".join(words)) for words in part[0]], part[1])
             for part in (task.train, task.dev, task.test)]
    return Task(task.data, task.kinds, *parts)


def run(task, name, seed=0, recipe=RECIPE):
    """One run as records: accuracy on test, weights, seconds of the training."""
    model, reader, seconds = trained(task, replace(recipe, seed=seed),
                                     lambda size, recipe: NETWORKS[name](size))
    values = score(task, model, reader) | {"weights": weights(model.layer), "seconds": seconds}
    setting = {"network": name, "texts": len(task.train[0]), "updates": recipe.updates}
    return measured("K30", setting, seed, values, seconds, task.data)


def main(seeds=(0, 1, 2)):
    """Run, print and append."""
    task = task_of()
    for seed in seeds:
        for name in NETWORKS:
            append(records := run(task, name, seed))
            said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
            print(f"{name} seed={seed}: {said}", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (0, 1, 2))
