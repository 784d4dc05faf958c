"""The same request at another place: weights for each place against a recurrent net (K02).

    python -m rnnlib.experiments.shifted           all models and seeds
    python -m rnnlib.experiments.shifted 0         one seed

A request of up to ten words stands in a row of twenty; all other places hold small talk that means
nothing.  In the test it begins s places after the first, with small talk before it; in training it
began at the first place, at the first three, or at all.  What is asked for is the intent of the
request (SNIPS; offline the course's own grammar).
"""

import random
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from .. import bptt, train
from ..datasets import load
from ..text import PAD, UNK, Vocab
from .record import append, measured
from .units import unit

TALK = "well so now then oh hm right okay hello good day thanks".split()
"""Small talk: drawn at random for the places that the request leaves free."""

T, LONGEST = 20, 10
SHIFTS = range(T - LONGEST + 1)
SIZES = (24, 48)
"""Embedding and hidden layer."""


class EachPlace(nn.Module):
    """K scores from all T embedded words side by side: every place has weights of its own."""

    def __init__(self, size, K, seed):
        super().__init__()
        D, H = SIZES
        self.E = nn.Embedding(size, D)
        self.out = nn.Sequential(nn.Linear(T * D, H), nn.Tanh(), nn.Linear(H, K))

    def forward(self, ids):
        """Scores (B, K) from ids (B, T)."""
        return self.out(self.E(ids).flatten(1))


class LastState(nn.Module):
    """K scores from the state of a recurrent net after the last word."""

    name = "rnn"

    def __init__(self, size, K, seed):
        super().__init__()
        D, H = SIZES
        self.E, self.V = nn.Embedding(size, D), nn.Linear(H, K)
        self.cell = unit(self.name, D, H, seed=seed)

    def forward(self, ids):
        """Scores (B, K) from ids (B, T)."""
        return self.V(bptt.run(self.cell, self.E(ids))[1])


class Gated(LastState):
    """The same with gates (notebook 10)."""

    name = "gru"


KINDS = {"feed-forward": EachPlace, "rnn": LastState, "gru": Gated}
RUNS = [("feed-forward", 1), ("feed-forward", 3), ("feed-forward", len(SHIFTS)),
        ("rnn", 3), ("gru", 1), ("gru", 3)]
"""(model, at how many places a request begins in training: the first ones)."""


class Requests:
    """Requests in rows of small talk, by shift: `requests[step]` is (ids (B, T), intents (B,))."""

    def __init__(self, examples, vocab, intents, shifts=(0,), seed=0):
        self.rows = [vocab.encode(words) for words, _ in examples]
        self.y = torch.tensor([intents.index(intent) for _, intent in examples])
        self.talk = vocab.encode(TALK)
        self.shifts, self.seed = shifts, seed

    def __getitem__(self, step, B=64):
        rng = random.Random(f"{self.seed}/{step}")
        rows = rng.choices(range(len(self.y)), k=B)
        return self.batch(rows, [rng.choice(self.shifts) for _ in rows], rng)

    def batch(self, rows, shifts, rng):
        """The requests with these numbers at these shifts, small talk around them."""
        ids = self.talk[torch.tensor(rng.choices(range(len(self.talk)), k=len(rows) * T))]
        ids = ids.view(len(rows), T)
        for b, (row, shift) in enumerate(zip(rows, shifts, strict=True)):
            ids[b, shift : shift + len(self.rows[row])] = self.rows[row]
        return ids, self.y[rows]

    @torch.no_grad()
    def right(self, model, shift):
        """Share of all requests whose intent is named rightly at one shift."""
        everything = range(len(self.y))
        ids, y = self.batch(everything, [shift] * len(self.y), random.Random(f"test {self.seed}"))
        return (model(ids).argmax(1) == y).double().mean().item()


def short(part):
    """The requests of at most ten words, as (words, intent)."""
    return [([w.lower() for w in words], intent) for words, _, intent in part
            if len(words) <= LONGEST]


def loss(model, batch, carry):
    """Mean cross-entropy of the intents, for `train.fit`."""
    ids, y = batch
    return F.cross_entropy(model(ids), y), len(y), None


def trained(name, places, data, seed=0, updates=1000):
    """A model trained with requests at the first places, and the requests it is tested on."""
    examples, tests = short(data.train), short(data.test)
    intents = sorted({intent for _, intent in examples})
    vocab = Vocab.of([TALK, TALK, *(words for words, _ in examples)], least=2, specials=(PAD, UNK))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = KINDS[name](len(vocab), len(intents), seed)
    settings = train.Settings(updates, lr=5e-3, decay=train.cosine, every=updates, seed=seed)
    batches = Requests(examples, vocab, intents, range(places), seed)
    list(train.fit(net, batches, loss, settings))
    return net, Requests(tests, vocab, intents, seed=seed)


def run(name, places, data, seed=0, updates=1000):
    """One model as records: percent right at each shift."""
    began = time.process_time()
    net, tests = trained(name, places, data, seed, updates)
    values = {f"right_{shift}": 100 * tests.right(net, shift) for shift in SHIFTS}
    values["weights"] = sum(weight.numel() for weight in net.parameters())
    setting = {"model": name, "places": places, "updates": updates}
    return measured("K02", setting, seed, values, time.process_time() - began, data)


def main(seeds=(0, 1, 2), sets=("snips", "slots")):
    """Run on the real data and on the course's own, print and append."""
    torch.set_num_threads(1)
    for data in map(load, sets):
        for seed in seeds:
            for name, places in RUNS:
                records = run(name, places, data, seed)
                append(records)
                said = " ".join(f"{record.value:.1f}" for record in records)
                print(f"{name} {places} {seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (0, 1, 2))
