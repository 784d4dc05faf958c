"""Three tasks of which a model may see as little as one likes, to compare units fairly (K14, K15).

`task.problem(n, seed)` is everything a run needs when n examples may be learned from: agreement
(the number of the verb after a prefix), intents (what an utterance asks for), characters (what
comes next).  Nothing in a problem knows which unit will be trained on it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .. import bptt, metrics, models
from ..batches import Buckets, Segments, pad
from ..datasets import load
from ..text import PAD, UNK, Vocab

ROWS, STEPS = 16, 32
"""A batch of characters: 16 rows of 32.  A batch of sentences: about `TOKENS` words."""
TOKENS = 300


@dataclass(frozen=True)
class Problem:
    """model(cell) makes a model around a cell with D inputs; `batches` and `loss` go to `fit`.

    dev(model) is the number that says when to stop, the lower the better; test(model) is a dict
    metric -> value.
    """

    model: Callable
    batches: object
    loss: Callable
    dev: Callable
    test: Callable


class LastState(nn.Module):
    """Embedding E, a unit, and K scores from the state after the last word."""

    def __init__(self, size, cell, K, dropout=0.2):
        super().__init__()
        self.E, self.V = nn.Embedding(size, cell.D), nn.Linear(cell.H, K)
        self.cell, self.dropout = cell, nn.Dropout(dropout)

    def forward(self, ids, lengths):
        """Scores (B, K) from ids (B, T) and lengths (B,)."""
        _, last = bptt.run(self.cell, self.dropout(self.E(ids)), lengths=lengths)
        return self.V(self.dropout(self.cell.output(last)))


class Examples:
    """Pairs (words, class) as batches of ids: `examples[step]` is (ids, lengths, classes)."""

    def __init__(self, pairs, vocab, classes, tokens=TOKENS, seed=0):
        self.ids = [vocab.encode([word.lower() for word in words]) for words, _ in pairs]
        self.y = torch.tensor([classes.index(label) for _, label in pairs])
        self.buckets, self.pad = Buckets([len(ids) for ids in self.ids], tokens, seed), vocab.pad

    def __getitem__(self, step):
        return self.batch(self.buckets[step])

    def batch(self, rows):
        """The examples at these positions."""
        return *pad([self.ids[i] for i in rows], self.pad), self.y[rows]

    @torch.no_grad()
    def scored(self, model):
        """(nats per example, percent right)."""
        found = [(model(ids, lengths), y) for ids, lengths, y in map(self.batch, self.buckets)]
        scores, y = (torch.cat(parts) for parts in zip(*found, strict=True))
        right = (scores.argmax(1) == y).double().mean().item()
        return F.cross_entropy(scores, y).item(), 100 * right


def of_class(model, batch, carry):
    """Mean cross-entropy of the class, for `train.fit`."""
    ids, lengths, y = batch
    return F.cross_entropy(model(ids, lengths), y), len(y), None


@dataclass(frozen=True)
class Labelled:
    """Pairs (words, class): `pool` to learn from, `dev` to choose by, `tests` by metric."""

    data: object
    pool: list
    dev: list
    tests: dict
    classes: list
    sizes = (100, 300, 1000, 3000, None)
    updates = (150, 250, 400, 700, 1400)

    def problem(self, n, seed):
        """n pairs drawn by the seed; words seen once only are unknown words."""
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.randperm(len(self.pool), generator=generator).tolist()[: self.count(n)]
        pairs = [self.pool[i] for i in drawn]
        words = [[word.lower() for word in words] for words, _ in pairs]
        vocab = Vocab.of(words, least=2, specials=(PAD, UNK))
        dev = self.examples(self.dev, vocab)
        tests = {name: self.examples(rows, vocab) for name, rows in self.tests.items()}
        return Problem(
            lambda cell: LastState(len(vocab), cell, len(self.classes)),
            Examples(pairs, vocab, self.classes, seed=seed), of_class,
            lambda model: dev.scored(model)[0],
            lambda model: {name: rows.scored(model)[1] for name, rows in tests.items()})

    def examples(self, pairs, vocab):
        """Pairs to be scored, in large batches."""
        return Examples(pairs, vocab, self.classes, tokens=20_000)

    def count(self, n):
        """How many examples n stands for; None means all."""
        return len(self.pool) if n is None else min(n, len(self.pool))


@dataclass(frozen=True)
class Text:
    """A text: `pool` to learn from, `dev` to choose by, `held` to be tested on."""

    data: object
    pool: str
    dev: str
    held: str
    sizes = (3000, 10_000, 30_000, 100_000, None)
    updates = (200, 300, 500, 800, 1800)

    def problem(self, n, seed):
        """n characters in a row, from a place drawn by the seed."""
        vocab = Vocab.of([self.pool, self.dev, self.held], specials=())
        generator = torch.Generator().manual_seed(seed)
        room = len(self.pool) - self.count(n) + 1
        start = torch.randint(room, (1,), generator=generator).item()
        ids = vocab.encode(self.pool[start : start + self.count(n)])
        dev, held = (Segments(vocab.encode(text), 10, 250) for text in (self.dev, self.held))
        return Problem(
            lambda cell: models.LanguageModel(len(vocab), cell.D, cell, dropout=0.1),
            Segments(ids, ROWS, STEPS), models.next_symbol,
            lambda model: metrics.bits(*models.held_out(model, dev)),
            lambda model: {"bits": metrics.bits(*models.held_out(model, held))})

    def count(self, n):
        """How many characters n stands for; None means all."""
        return len(self.pool) if n is None else min(n, len(self.pool))


def agreement():
    """Singular or plural: a thousand prefixes of the training split are put aside to choose by.

    Tested on the valid split and on a thousand sentences whose last noun has the other number.
    """
    data = load("linzen")
    order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(1)).tolist()
    pairs = [data.train[i][:2] for i in order]
    cut = min(1000, len(pairs) // 5)
    misled = [(words, number) for words, number, attractors in data.test if attractors == 1]
    tests = {"accuracy": [row[:2] for row in data.valid], "one_attractor": misled[:1000]}
    return Labelled(data, pairs[cut:], pairs[:cut], tests, ["singular", "plural"])


def intents(name="snips"):
    """What an utterance asks for; `name` is a data set of (words, tags, intent)."""
    data = load(name)
    train, dev, test = ([(words, label) for words, _, label in split]
                        for split in (data.train, data.valid, data.test))
    return Labelled(data, train, dev, {"accuracy": test}, sorted({label for _, label in train}))


def characters():
    """Which character comes next in a text."""
    data = load("tinyshakespeare")
    return Text(data, data.train, data.valid[:20_001], data.test[:50_001])


TASKS = {"agreement": agreement, "intents": intents, "characters": characters}
