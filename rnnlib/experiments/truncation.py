"""Truncated backpropagation through time: what a window of k steps loses, and what it saves.

    python -m rnnlib.experiments.truncation 5      five seeds, appended to data/results/

A text is cut into segments of k characters, and the error goes back to the beginning of its own
segment only (notes: "fixed-length segments").  The state may be carried into the next segment,
detached from its past, or not carried at all.  `bias` compares the gradient with the one of full
backpropagation over T characters, `trained` the models that come out, `cost` time and memory.
Taught in notebooks/03_training_through_time.ipynb.
"""

import sys
import time
from dataclasses import asdict, dataclass

import torch

from .. import cells, metrics, models, trace, train
from ..batches import Segments
from ..checkpoints import detach
from ..datasets import load
from ..text import Vocab
from .record import append, measured

CLAIM = "truncation"
WEIGHTS = ("U", "W")


@dataclass(frozen=True)
class Settings:
    """Sizes of the model (D, H), of a batch (B rows of T characters), and what is tried.

    windows: the k whose gradients are compared, divisors of T, at first and after `updates`.
    tried: the k that models are trained with in `runs` updates; divisors of `segment`, the
    characters per row in one update.
    """

    D: int = 32
    H: int = 128
    B: int = 32
    T: int = 256
    windows: tuple = (1, 2, 4, 8, 16, 32, 64, 128, 256)
    tried: tuple = (1, 4, 16, 64)
    updates: int = 2000
    runs: int = 1000
    segment: int = 64
    lr: float = 3e-3


def carried(state):
    """What a segment is given from the one before: its last state, detached from the past."""
    return detach(state)


def dropped(state):
    """What a segment is given when no state is carried: nothing, it starts from zeros."""
    return None


PASSED_ON = {"carried": carried, "not carried": dropped}


@dataclass(frozen=True)
class Corpus:
    """A text as ids, to train on and held out, with its vocabulary."""

    data: object
    vocab: Vocab
    train: torch.Tensor
    held_out: torch.Tensor

    @classmethod
    def of(cls, data):
        """The splits train and valid of a text, numbered by its characters."""
        vocab = Vocab.of([data.train, data.valid], specials=())
        return cls(data, vocab, vocab.encode(data.train), vocab.encode(data.valid))

    def batch(self, settings, position):
        """Held-out rows (x (B, T), y (B, T)); another position is another stretch of the text."""
        x, y, _ = Segments(self.held_out, settings.B, settings.T)[position]
        return x, y


def new_model(corpus, settings, seed):
    """A simple RNN over characters with fresh weights, the same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        cell = cells.RNNCell(settings.D, settings.H)
        return models.LanguageModel(len(corpus.vocab), settings.D, cell)


def loss(model, batch, k, pass_on, state=None):
    """(total nats, last state) of a batch (x (B, T), y (B, T)) in segments of k steps.

    pass_on: `carried` or `dropped`; the error never crosses from a segment into the one before.
    """
    x, y = batch
    total = 0.0
    for s in range(0, x.shape[1], k):
        logits, state = model(x[:, s : s + k], pass_on(state))
        total = total + metrics.cross_entropy(logits, y[:, s : s + k])[0]
    return total, state


def gradient(model, batch, k, pass_on):
    """The derivatives of the mean loss by U and W when the error goes back at most to the cut."""
    total, _ = loss(model, batch, k, pass_on)
    weights = [getattr(model.layer.cell, name) for name in WEIGHTS]
    return dict(zip(WEIGHTS, torch.autograd.grad(total / batch[1].numel(), weights), strict=True))


def compare(found, full):
    """How far a gradient is from the full one: cosine and relative error for U and for W.

    A gradient of zeros has no direction; its cosine counts as 0.
    """
    values = {}
    for name in WEIGHTS:
        a, b = found[name].flatten(), full[name].flatten()
        values[f"cosine_{name}"] = torch.cosine_similarity(a, b, dim=0).item()
        values[f"error_{name}"] = ((a - b).norm() / b.norm()).item()
    return values


def blame(model, batch):
    """How much the loss at a step of the first row blames each state: (T, T), see trace.reach."""
    x, y = (ids[:1] for ids in batch)
    return trace.reach(model.layer.cell, model.V, model.E(x), y)[0].double()


def bias_of(model, corpus, settings):
    """(setting, values) for every window, carried or not, and for another stretch of text."""
    batch, other = (corpus.batch(settings, position) for position in (0, 1))
    full = gradient(model, batch, settings.T, carried)
    for name, pass_on in PASSED_ON.items():
        for k in settings.windows:
            found = gradient(model, batch, k, pass_on)
            yield {"window": k, "state": name}, compare(found, full)
    found = gradient(model, other, settings.T, carried)
    yield {"window": settings.T, "state": "another text"}, compare(found, full)


def bias(corpus, settings, seed):
    """Records of how far truncated gradients are from the full one, before and after training."""
    model, found = new_model(corpus, settings, seed), []
    for updates in (0, settings.updates):
        begin = time.perf_counter()
        learn(model, corpus, settings, updates)
        for setting, values in bias_of(model.double(), corpus, settings):
            seconds = time.perf_counter() - begin
            setting = {**setting, "updates": updates}
            found += measured(CLAIM, setting, seed, values, seconds, corpus.data)
        model.float()
    return found


def learn(model, corpus, settings, updates):
    """Train a model with the state carried; nothing happens with updates = 0."""
    if updates:
        segments = Segments(corpus.train, settings.B, settings.segment)
        how = train.Settings(updates, settings.lr, every=updates)
        list(train.fit(model, segments, models.next_symbol, how))


def trained(corpus, settings, seed):
    """Records of held-out bits per character after training with each window, carried or not.

    Every model sees the same text in as many updates: the window changes the gradient alone.
    """
    found = []
    for name, pass_on in PASSED_ON.items():
        for k in settings.tried:
            begin, model = time.perf_counter(), new_model(corpus, settings, seed)
            how = train.Settings(settings.runs, settings.lr, every=settings.runs)
            segments = Segments(corpus.train, settings.B, settings.segment)
            list(train.fit(model, segments, windowed(k, pass_on), how))
            nats = models.held_out(model, Segments(corpus.held_out, settings.B, settings.segment))
            setting = {"window": k, "state": name, "updates": settings.runs}
            values, seconds = {"bits": metrics.bits(*nats)}, time.perf_counter() - begin
            found += measured(CLAIM, setting, seed, values, seconds, corpus.data)
    return found


def windowed(k, pass_on):
    """A loss for `train.fit` whose error goes back k steps at most."""

    def mean(model, batch, carry):
        x, y, fresh = batch
        total, state = loss(model, (x, y), k, pass_on, None if fresh else carry)
        return total / y.numel(), y.numel(), state

    return mean


def cost(corpus, settings, seed):
    """Records of bytes kept for the second pass and of seconds per character, for each window."""
    model, batch, found = new_model(corpus, settings, seed), corpus.batch(settings, 0), []
    for k in settings.windows:
        seconds = min(timed(model, batch, k) for _ in range(5))
        values = {"bytes": kept(model, batch, k), "seconds_per_character": seconds}
        setting = {"window": k, "state": "carried"}
        found += measured(CLAIM, setting, seed, values, seconds, corpus.data)
    return found


def timed(model, batch, k):
    """Seconds per character and row of a forward and a second pass over a batch, cut at k."""
    begin, state = time.perf_counter(), None
    x, y = batch
    for s in range(0, x.shape[1], k):
        total, state = loss(model, (x[:, s : s + k], y[:, s : s + k]), k, carried, state)
        total.backward()
    model.zero_grad()
    return (time.perf_counter() - begin) / y.numel()


def kept(model, batch, k):
    """Bytes that a segment of k steps keeps for the second pass, the weights not counted."""
    own, seen = {w.untyped_storage().data_ptr() for w in model.parameters()}, {}

    def note(tensor):
        storage = tensor.untyped_storage()
        seen[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        x, y = (ids[:, :k].contiguous() for ids in batch)
        total, _ = loss(model, (x, y), k, carried)  # while it lives, so does what it needs
        total.backward()
    model.zero_grad()
    return sum(size for place, size in seen.items() if place not in own)


def by_window(records):
    """(windows, lines, halves): mean and half-width over the seeds, for every state and window.

    What does not depend on the window, such as another text, is a level line.
    """
    values = {}
    for r in records:
        found = values.setdefault(r.setting["state"], {})
        found.setdefault(r.setting["window"], []).append(r.value)
    windows = sorted({k for found in values.values() for k in found})
    lines, halves = {}, {}
    for state, found in values.items():
        pairs = [metrics.interval(found[k if k in found else max(found)]) for k in windows]
        lines[state], halves[state] = ([pair[n] for pair in pairs] for n in (0, 1))
    return windows, lines, halves


def main(seeds):
    """Run everything for so many seeds on one thread and append what was found."""
    torch.set_num_threads(1)
    corpus, settings = Corpus.of(load("tinyshakespeare")), Settings()
    print(asdict(settings))
    for experiment in (bias, cost, trained):
        for seed in range(seeds):
            append(experiment(corpus, settings, seed))
            print(f"seed {seed}: {experiment.__name__} done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
