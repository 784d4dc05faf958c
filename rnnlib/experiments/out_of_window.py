"""A cue that moves out of reach: window models and recurrent nets by distance (K01).

    python -m rnnlib.experiments.out_of_window             all models and seeds
    python -m rnnlib.experiments.out_of_window 0           one seed

Made: twenty words, one of them a cue ("one" or "many"), the others fill; after the last word, which
cue was it?  Real: prefixes of sentences up to a verb, singular or plural (Linzen et al. 2016), by
how many words they have.  Every model reads embedded words, so the derivative of its scores by each
position can be taken: outside the window it is 0, exactly.
"""

import hashlib
import math
import sys
import time
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .. import bptt, train
from ..datasets import load
from ..models import WindowLM
from ..text import PAD, UNK, Vocab
from .agreement import NUMBERS, Prefixes
from .record import append, measured
from .units import unit

CUES = ("one", "many")
FILL = "so very old and dark was the long road that led us far away from home".split()
WORDS = (*CUES, *sorted(set(FILL)))
T, N = 20, 5
"""Words in a sequence, and words in the window."""

MODELS = {"window 5": 5, "window 10": 10, "rnn": None, "gru": None}
"""Width of the window, None for a recurrent net, which has none."""


class Cues:
    """Endless batches of (ids (B, T), which cue (B,), its distance from the last word (B,))."""

    name = "cues"

    def __init__(self, B=64, seed=0, T=T):
        self.B, self.seed, self.T = B, seed, T

    def __getitem__(self, step):
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step + 1)
        ids = torch.randint(2, len(WORDS), (self.B, self.T), generator=generator)
        y = torch.randint(2, (self.B,), generator=generator)
        distance = torch.randint(self.T, (self.B,), generator=generator)
        return ids.scatter(1, self.T - 1 - distance[:, None], y[:, None]), y, distance

    @property
    def sha256(self):
        """A hash that changes with what the task makes."""
        return hashlib.sha256(self[0][0].numpy().tobytes()).hexdigest()


class Window(nn.Module):
    """K scores from the last `width` embedded words: a WindowLM whose output is the answer."""

    def __init__(self, size, K, width, D=16, H=32):
        super().__init__()
        self.E, self.inner = nn.Embedding(size, D), WindowLM(K, D, H, width)
        self.width = width

    def scores(self, e, lengths=None):
        """Scores (B, K) from embedded words (B, T, D); before the first word stand zeros."""
        e = F.pad(e, (0, 0, self.width, 0))
        if lengths is None:
            return self.inner.scores(e[:, -self.width:])[:, 0]
        place = torch.as_tensor(lengths)[:, None] + torch.arange(self.width)
        return self.inner.scores(e[torch.arange(len(e))[:, None], place])[:, 0]

    def forward(self, ids, lengths=None):
        """Scores (B, K) from ids (B, T)."""
        return self.scores(self.E(ids), lengths)


class Recurrent(nn.Module):
    """K scores from the state after the last word."""

    def __init__(self, size, K, cell):
        super().__init__()
        self.E, self.cell, self.V = nn.Embedding(size, cell.D), cell, nn.Linear(cell.H, K)

    def scores(self, e, lengths=None):
        """Scores (B, K) from embedded words (B, T, D)."""
        return self.V(bptt.run(self.cell, e, lengths=lengths)[1])

    def forward(self, ids, lengths=None):
        """Scores (B, K) from ids (B, T)."""
        return self.scores(self.E(ids), lengths)


def model(name, size, K=2, seed=0, sizes=(16, 32)):
    """A model of `MODELS` with fresh weights, embedding and hidden layer of the given sizes."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        if MODELS[name]:
            return Window(size, K, MODELS[name], *sizes)
        return Recurrent(size, K, unit(name, *sizes, seed=seed))


def loss(model, batch, carry):
    """Mean cross-entropy of the cue, for `train.fit`."""
    ids, y, _ = batch
    return F.cross_entropy(model(ids), y), len(y), None


def trained(name, seed=0, updates=1500):
    """A model that has learned to name the cue at all distances."""
    made = model(name, len(WORDS), seed=seed)
    settings = train.Settings(updates, lr=1e-2, decay=train.cosine, every=updates, seed=seed)
    list(train.fit(made, Cues(seed=seed), loss, settings))
    return made


@torch.no_grad()
def by_distance(model, seed=0, count=20_000):
    """Share of cues named rightly for each distance 0 ... T - 1 on fresh sequences: (T,)."""
    ids, y, distance = Cues(count, seed + 10_000)[0]
    right = (model(ids).argmax(1) == y).double()
    return torch.stack([right[distance == k].mean() for k in range(T)])


def gradient(model, ids):
    """Length of the derivative of each score by each position's embedding, summed over scores.

    ids (B, T); returns (B, T), in float64.
    """
    model = model.double()
    e = model.E(ids).detach().requires_grad_()
    found = torch.zeros(ids.shape, dtype=torch.float64)
    for k in range(model.scores(e).shape[1]):
        found += torch.autograd.grad(model.scores(e)[:, k].sum(), e)[0].norm(dim=-1)
    model.float()
    return found


def influences(scores, e):
    """How much the scores at each step depend on each input: (T, T), row t and column s.

    scores  a function from embedded words (1, T, D) to scores (1, T, K)
    e       (1, T, D); an entry is the length of the derivative of the sum of the scores at t
    """
    e = e.detach().requires_grad_()
    out = scores(e)[0].sum(-1)
    rows = [torch.autograd.grad(out[t], e, retain_graph=True)[0][0] for t in range(len(out))]
    return torch.stack(rows).norm(dim=-1)


def made_task(name, seed):
    """The made task as records: accuracy by distance, gradients in and out of the window."""
    began = time.process_time()
    net = trained(name, seed)
    values = {f"right_{k}": 100 * share for k, share in enumerate(by_distance(net, seed).tolist())}
    sizes = gradient(net, Cues(200, seed + 20_000)[0][0])
    values |= {f"log10_gradient_{k}": math.log10(size) for k, size in
               enumerate(sizes.mean(0).flip(0).tolist()) if size > 0}
    values |= {"largest_outside": sizes[:, :-N].max().item(), "weights": weights(net)}
    setting = {"task": "cue", "model": name}
    return measured("K01", setting, seed, values, time.process_time() - began, Cues())


def weights(net):
    """How many numbers a model has learned."""
    return sum(weight.numel() for weight in net.parameters())


@dataclass(frozen=True)
class Real:
    """How the readers of real prefixes are trained."""

    passes: int = 6
    sizes: tuple = (50, 64)


def of_number(model, batch, carry):
    """Mean cross-entropy of the number of the verb, for `train.fit`."""
    ids, lengths, y = batch
    return F.cross_entropy(model(ids, lengths), y), int(lengths.sum()), None


def real_task(name, data, seed, real=None):
    """Real prefixes as records: percent right by length and by attractors."""
    began, real = time.process_time(), real or Real()
    words = [[w.lower() for w in words] for words, _, _ in data.train]
    vocab = Vocab.of(words, least=2, specials=(PAD, UNK))
    prefixes = Prefixes(data.train, vocab, 1500, seed)
    net = model(name, len(vocab), len(NUMBERS), seed, real.sizes)
    steps = real.passes * prefixes.buckets.per_pass
    settings = train.Settings(steps, 3e-3, decay=train.cosine, every=steps, seed=seed)
    list(train.fit(net, prefixes, of_number, settings))
    values = {}
    for group, examples in groups(data).items():
        values[f"count_{group}"] = len(examples)
        right = Prefixes(examples, vocab, 20_000, 0).right(net)
        values[group] = 100 * sum(right) / len(right)
    setting = {"task": "agreement", "model": name}
    return measured("K01", setting, seed, values, time.process_time() - began, data)


def groups(data):
    """Prefixes that fit into the window, longer ones, and those misled by one attractor or more."""
    found = {"fits": [row for row in data.valid if len(row[0]) <= N],
             "longer": [row for row in data.valid if len(row[0]) > N],
             "one_attractor": [row for row in data.test if row[2] == 1][:5000],
             "two_attractors": [row for row in data.test if row[2] == 2]}
    return {name: examples for name, examples in found.items() if examples}


def main(seeds=(0, 1, 2)):
    """Run, print and append."""
    torch.set_num_threads(1)
    data = load("linzen")
    for seed in seeds:
        for name in MODELS:
            for records in (made_task(name, seed), real_task(name, data, seed)):
                append(records)
                said = " ".join(f"{record.metric} {record.value:.4g}" for record in records)
                print(f"{name} seed={seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (0, 1, 2))
