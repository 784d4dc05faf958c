"""Subject-verb agreement with nouns of the other number in between: error by attractors (K13).

    python -m rnnlib.experiments.agreement            the baselines, then every unit and seed
    python -m rnnlib.experiments.agreement lstm       one unit

Trained on the train split (for the real data a part of numpred.val), tested on the valid split and
on sentences with 1 to 5 attractors (numpred.test.1-5).  A prefix is read up to the verb; the last
state says whether the verb will be singular or plural (after Linzen, Dupoux and Goldberg 2016).
"""

import math
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .. import bptt, train
from ..batches import Buckets, pad
from ..datasets import load
from ..text import PAD, UNK, Vocab
from .record import append, measured
from .units import unit

NUMBERS = ("singular", "plural")
GROUPS = ("held_out", *(f"attractors_{k}" for k in range(1, 6)))
"""The rows of the table of the real data; the course's grammar has attractors_0 too."""

UNITS = ("rnn", "simple_gru", "gru", "lstm")


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of one reader."""

    unit: str
    D: int = 50
    H: int = 64
    lr: float = 3e-3
    passes: int = 20
    dropout: float = 0.3
    keep: float = 1.0
    tokens: int = 1500
    seed: int = 0

    def setting(self):
        """What was varied, for the records."""
        names = ("unit", "D", "H", "lr", "passes", "keep")
        return {"task": "agreement", **{name: getattr(self, name) for name in names}}


class NumberReader(nn.Module):
    """Embedding E, a unit, and two scores from the state after the last word."""

    def __init__(self, size, recipe):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(recipe.seed + 100)
            self.E, self.V = nn.Embedding(size, recipe.D), nn.Linear(recipe.H, 2)
        self.cell = unit(recipe.unit, recipe.D, recipe.H, recipe.keep, recipe.seed)
        self.dropout = nn.Dropout(recipe.dropout)

    def forward(self, ids, lengths):
        """Scores (B, 2) from ids (B, T) and lengths (B,)."""
        _, last = bptt.run(self.cell, self.dropout(self.E(ids)), lengths=lengths)
        return self.V(self.dropout(self.cell.output(last)))


class Prefixes:
    """Examples (words, number, attractors) as batches of ids: `prefixes[step]`."""

    def __init__(self, examples, vocab, tokens, seed):
        self.ids = [vocab.encode([w.lower() for w in words]) for words, _, _ in examples]
        self.y = torch.tensor([NUMBERS.index(number) for _, number, _ in examples])
        self.buckets = Buckets([len(ids) for ids in self.ids], tokens, seed)
        self.pad = vocab.pad

    def __getitem__(self, step):
        rows = self.buckets[step]
        return *pad([self.ids[i] for i in rows], self.pad), self.y[rows]

    @torch.no_grad()
    def right(self, model):
        """For each example whether the model says its number: a list of bool."""
        model.eval()
        found = torch.zeros(len(self.y), dtype=torch.bool)
        for rows in self.buckets:
            ids, lengths = pad([self.ids[i] for i in rows], self.pad)
            found[rows] = model(ids, lengths).argmax(1) == self.y[rows]
        return found.tolist()


def groups(data):
    """Which examples each row of the table counts: dict name -> (split, positions)."""
    found = defaultdict(list)
    for i, (_, _, attractors) in enumerate(data.test):
        found[f"attractors_{attractors}"].append(i)
    held = {"held_out": ("valid", range(len(data.valid)))}
    return held | {name: ("test", found[name]) for name in sorted(found)}


def shares(data, right):
    """Percent right by group, from a dict split -> list of bool."""
    return {name: 100 * sum(right[split][i] for i in rows) / len(rows)
            for name, (split, rows) in groups(data).items()}


def bag(examples):
    """Naive Bayes over a bag of lower-cased words, add-one: a function words -> number.

    Words that were never seen are left out.
    """
    counts = {number: Counter() for number in NUMBERS}
    prior = Counter(number for _, number, _ in examples)
    for words, number, _ in examples:
        counts[number].update(word.lower() for word in words)
    vocab = set().union(*counts.values())
    total = {number: sum(counts[number].values()) + len(vocab) for number in NUMBERS}

    def guess(words):
        known = [w for w in map(str.lower, words) if w in vocab]
        scores = {n: math.log(prior[n]) + sum(math.log((counts[n][w] + 1) / total[n])
                                             for w in known) for n in NUMBERS}
        return max(NUMBERS, key=scores.get)

    return guess


def baselines(data):
    """Percent right by group of naive Bayes and of the constant answer singular."""
    guess = bag(data.train)
    models = {"naive_bayes": guess, "always_singular": lambda words: "singular"}
    splits = {"valid": data.valid, "test": data.test}
    return {name: shares(data, {split: [model(words) == number for words, number, _ in examples]
                                for split, examples in splits.items()})
            for name, model in models.items()}


def loss(model, batch, carry):
    """Mean cross-entropy of the number, for `train.fit`."""
    ids, lengths, y = batch
    return F.cross_entropy(model(ids, lengths), y), int(lengths.sum()), None


def fit(recipe, data):
    """Train one reader: `(model, vocab)`."""
    words = [[w.lower() for w in words] for words, _, _ in data.train]
    vocab = Vocab.of(words, least=2, specials=(PAD, UNK))
    prefixes = Prefixes(data.train, vocab, recipe.tokens, recipe.seed)
    model = NumberReader(len(vocab), recipe)
    steps = recipe.passes * prefixes.buckets.per_pass
    settings = train.Settings(steps, lr=recipe.lr, warmup=20, decay=train.cosine, every=steps,
                              seed=recipe.seed)
    list(train.fit(model, prefixes, loss, settings))
    return model, vocab


def run(recipe, data):
    """One reader as records: percent right by group."""
    began = time.process_time()
    model, vocab = fit(recipe, data)
    seconds = time.process_time() - began
    splits = {"valid": data.valid, "test": data.test}
    right = {split: Prefixes(examples, vocab, 20_000, 0).right(model)
             for split, examples in splits.items()}
    values = shares(data, right)
    return measured("K13", recipe.setting(), recipe.seed, values, seconds, data)


def main(names=(), seeds=(0, 1, 2)):
    """Run, print and append."""
    torch.set_num_threads(1)
    data = load("linzen")
    for name, values in baselines(data).items() if not names else ():
        setting = {"task": "agreement", "unit": name}
        append(measured("K13", setting, 0, values, 0.0, data))
    for name in names or UNITS:
        for seed in seeds:
            records = run(Recipe(name, seed=seed), data)
            append(records)
            said = " ".join(f"{record.value:.1f}" for record in records)
            print(f"{name} seed={seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
