"""One word, "no", in another place: a bag, a window and a recurrent net read the same words.

The sentences follow an example of lecture cs421: "I hope there are no more midterms" against "no I
hope there are more midterms".  Each holds "no" once: before "more", where it negates, or in front
or at the end, where it does not.  The question is whether more of something is hoped for.
"""

import hashlib
import itertools
import random
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .. import bptt, train
from ..cells import RNNCell
from ..text import PAD, UNK, Vocab

HOPES = ["i hope", "we hope", "they hope", "she hopes", "he hopes", "my friends hope",
         "the students hope", "i really hope", "we all hope", "everyone hopes"]
EXIST = ["there are", "there will be", "we find", "you see", "they bring", "we get"]
THINGS = """midterms exams lectures quizzes questions problems meetings delays surprises essays
tests holidays parties songs stories letters""".split()
TAILS = ["", "", "today", "this week", "in the summer", "on the way home",
         "until the end of the year", "in the last part of the course",
         "between now and the end of the semester"]
PLACES = ("inside", "inside", "front", "end")
ANSWERS = ("no more", "more")
N = 5
"""How many words the window model sees: the last ones."""


def sentences(held_out=False):
    """All sentences as (words, more or no more), a tenth of them held out by their hash."""
    found = []
    for parts in itertools.product(HOPES, EXIST, THINGS, sorted(set(TAILS)), range(len(PLACES))):
        text = written(*parts[:4], PLACES[parts[4]])
        tenth = int(hashlib.sha1(text.encode()).hexdigest(), 16) % 10 == 0
        if tenth == held_out:
            found.append((text.split(), ANSWERS[PLACES[parts[4]] != "inside"]))
    return found


def written(hope, exist, thing, tail, place):
    """One sentence, with "no" inside, in front or at the end."""
    words = [hope, exist, "more", thing, tail]
    words.insert({"inside": 2, "front": 0, "end": 5}[place], "no")
    return " ".join(filter(None, words))


class Sentences:
    """Batches of sentences drawn at random, filled up at the left: `sentences[step]`."""

    def __init__(self, examples, vocab, B=64, seed=0):
        self.ids = left([vocab.encode(words) for words, _ in examples], vocab.pad)
        self.y = torch.tensor([ANSWERS.index(answer) for _, answer in examples])
        self.B, self.seed = B, seed

    def __getitem__(self, step):
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        rows = torch.randint(len(self.y), (self.B,), generator=generator)
        return self.ids[rows], self.y[rows]


def left(rows, value):
    """Rows of ids in one batch (B, T), filled at the left, so that the last word stands last."""
    longest = max(len(row) for row in rows)
    return torch.stack([F.pad(row, (longest - len(row), 0), value=value) for row in rows])


class Bag(nn.Module):
    """Two scores from the sum of the vectors of all words: the order is gone after the sum."""

    def __init__(self, size, D=16, H=24):
        super().__init__()
        self.E = nn.Embedding(size, D, padding_idx=0)
        self.out = nn.Sequential(nn.Linear(D, H), nn.Tanh(), nn.Linear(H, 2))

    def forward(self, ids):
        return self.out(self.E(ids).sum(1))


class LastWords(nn.Module):
    """Two scores from the vectors of the last N words side by side: weights for each place."""

    def __init__(self, size, D=16, H=24, n=N):
        super().__init__()
        self.E, self.n = nn.Embedding(size, D, padding_idx=0), n
        self.out = nn.Sequential(nn.Linear(n * D, H), nn.Tanh(), nn.Linear(H, 2))

    def forward(self, ids):
        seen = F.pad(ids, (max(0, self.n - ids.shape[1]), 0))[:, -self.n:]
        return self.out(self.E(seen).flatten(1))


class OneByOne(nn.Module):
    """Two scores from the state of a simple recurrent net after the last word."""

    def __init__(self, size, D=16, H=24):
        super().__init__()
        self.E, self.cell = nn.Embedding(size, D, padding_idx=0), RNNCell(D, H)
        self.out = nn.Linear(H, 2)

    def forward(self, ids):
        lengths = (ids != 0).sum(1)
        ids = ids.new_zeros(ids.shape).masked_scatter(
            torch.arange(ids.shape[1]) < lengths[:, None], ids[ids != 0])
        return self.out(bptt.run(self.cell, self.E(ids), lengths=lengths)[1])


MODELS = {"bag": Bag, "window": LastWords, "rnn": OneByOne}


@dataclass(frozen=True)
class Reader:
    """A trained model with its vocabulary: `reader.more(words)` is the probability of "more"."""

    model: nn.Module
    vocab: Vocab

    @torch.no_grad()
    def more(self, words):
        """The probability that more is hoped for, a number."""
        return self.model(self.vocab.encode(words)[None]).softmax(-1)[0, 1].item()

    @torch.no_grad()
    def right(self, examples):
        """Share of the examples (words, answer) that are answered rightly."""
        batch = Sentences(examples, self.vocab)
        return (self.model(batch.ids).argmax(1) == batch.y).double().mean().item()


def loss(model, batch, carry):
    """Mean cross-entropy of the answers, for `train.fit`."""
    ids, y = batch
    return F.cross_entropy(model(ids), y), len(y), None


def readers(seed=0, updates=500):
    """The three models, trained on the same batches: dict name -> Reader."""
    examples = sentences()
    vocab = Vocab.of([words for words, _ in examples], specials=(PAD, UNK))
    batches, found = Sentences(examples, vocab, seed=seed), {}
    settings = train.Settings(updates, lr=1e-2, decay=train.cosine, every=updates, seed=seed)
    for name, kind in MODELS.items():
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = kind(len(vocab))
        list(train.fit(model, batches, loss, settings))
        found[name] = Reader(model, vocab)
    return found


def shuffled(words, number):
    """The words in an order that belongs to the number; 0 leaves them as they are."""
    words = list(words)
    if number:
        random.Random(number).shuffle(words)
    return words


def moved(words, place, to):
    """The words with the one at `place` taken out and put in at `to`, both from 0."""
    words = list(words)
    words.insert(to, words.pop(place))
    return words
