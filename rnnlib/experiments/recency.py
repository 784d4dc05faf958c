"""What the state remembers of the text behind it: a linear probe for the symbol k steps back (K08).

    python -m rnnlib.experiments.recency             every unit and seed
    python -m rnnlib.experiments.recency gru         one unit

A character model is trained on a text; then its weights are fixed, it reads held-out text, and one
matrix for each k tries to name the character that was read k steps before.
"""

import sys
import time
from dataclasses import dataclass

import torch

from .. import models, trace, train
from ..batches import Segments
from ..datasets import load
from ..text import Vocab
from ..trace_probes import commonest, recency
from .record import append, measured
from .units import unit

UNITS = ("rnn", "simple_gru", "gru", "lstm")


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of one character model, and how far back the probe looks."""

    unit: str
    D: int = 32
    H: int = 64
    B: int = 32
    T: int = 64
    lr: float = 5e-3
    steps: int = 1200
    keep: float = 1.0
    back: int = 30
    seed: int = 0

    def setting(self):
        """What was varied, for the records."""
        return {name: getattr(self, name) for name in ("unit", "D", "H", "lr", "steps", "keep")}


def corpus(data):
    """The vocabulary of a text, and its training and held-out parts as ids."""
    vocab = Vocab.of([data.train, data.valid, data.test], specials=())
    return vocab, vocab.encode(data.train), vocab.encode(data.test)


def character_model(recipe, size):
    """A language model with fresh weights around the unit."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed + 100)
        cell = unit(recipe.unit, recipe.D, recipe.H, recipe.keep, recipe.seed)
        return models.LanguageModel(size, recipe.D, cell)


def fit(recipe, ids, size):
    """A character model trained on ids (N,)."""
    model = character_model(recipe, size)
    settings = train.Settings(recipe.steps, lr=recipe.lr, warmup=50, decay=train.cosine,
                              every=recipe.steps, seed=recipe.seed)
    list(train.fit(model, Segments(ids, recipe.B, recipe.T), models.next_symbol, settings))
    return model


@torch.no_grad()
def states(model, ids, B=40, T=400):
    """The unit over held-out text: the tensors of its state (B, T, H) by name, and ids (B, T)."""
    rows, cell = ids[: B * T].view(B, T), model.layer.cell
    seen = trace.parts(cell, model.E(rows))
    return {name: seen[name] for name in cell.states}, rows


def run(recipe, data):
    """One model as records: accuracy of the probe k steps back, baseline, nats per character.

    back_k probes h; for a unit with a context c, whole_k probes h and c together.
    """
    began = time.process_time()
    vocab, ids, held = corpus(data)
    model = fit(recipe, ids, len(vocab))
    seen, rows = states(model, held)
    read = {"back": seen["h"]}
    if len(seen) > 1:
        read["whole"] = torch.cat(list(seen.values()), -1)
    total, count = models.held_out(model, Segments(held[:20_001], 20, 500))
    values = {f"{name}_{k}": value for name, h in read.items()
              for k, value in enumerate(recency(h, rows, len(vocab), recipe.back))}
    values |= {"commonest": commonest(rows), "nats": total / count}
    seconds = time.process_time() - began
    return measured("K08", recipe.setting(), recipe.seed, values, seconds, data)


def main(names=(), seeds=(0, 1, 2)):
    """Run, print and append."""
    torch.set_num_threads(1)
    data = load("tinyshakespeare")
    for name in names or UNITS:
        for seed in seeds:
            records = run(Recipe(name, seed=seed), data)
            append(records)
            said = " ".join(f"{r.metric} {r.value:.3f}" for r in records[::5])
            print(f"{name} seed={seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
