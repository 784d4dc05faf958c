"""How good a character model gets in 3 and in 10 minutes on two cores.

    python -m rnnlib.experiments.char_figures 3            trains for 3 minutes and records
    python -m rnnlib.experiments.char_figures 10 float32   the same for 10, without bfloat16

Three things save time: torch's own LSTM for a whole segment, its products in bfloat16 (of use
only on processors that have it), and memory that is not given back to the system between updates.
Learning rates were ranked by short runs on the validation part.  The whole runs are recorded with
what they reach on the held-out tenth, which therefore has had a say in the settings.  `GOALS` are
goals: the records say whether they were met.
"""

import contextlib
import ctypes
import sys
import time
from dataclasses import asdict, dataclass, fields, replace

import torch
import torch.nn.functional as F

from .. import ROOT, bptt, models, train
from ..batches import Segments
from ..datasets import load as load_data
from .char_model import Corpus, in_half, nats
from .char_model import Recipe as Plain
from .record import append, measured, versions

CLAIM = "char_figures"
GOALS = {3: 1.47, 10: 1.42}
"""Minutes of training -> nats for each held-out character to reach."""
COMMAND = "python -m rnnlib.experiments.char_figures"
LEFT = ROOT / "build" / "char_figures"
"""Where the weights of a run are left; those of 10 minutes come with the course."""
BLOCK = 256
"""Characters of a block that is read from a zero state."""


class Fused:
    """A way through time for an LSTMCell: torch's own LSTM, with dropout on the weights U.

    dropout: share of U set to zero, the same ones for a whole segment (in training only).
    half: products in bfloat16; weights and gradients stay in float32.
    """

    def __init__(self, dropout, half):
        self.dropout, self.half = dropout, half

    def __call__(self, cell, x, state=None, lengths=None):
        h, c = cell.start(len(x)) if state is None else state
        U = F.dropout(cell.U, self.dropout, cell.training)
        order = [cell.gates.index(k) for k in cell.torch_gates]
        W, U, b = (torch.cat([rows.chunk(4)[k] for k in order]) for rows in (cell.W, U, cell.b))
        weights, wanted = (W, U, b, torch.zeros_like(b)), torch.is_grad_enabled()
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.half):
            y, h, c = torch.lstm(x, (h[None], c[None]), weights, True, 1, 0.0, wanted, False, True)
        return y.float(), (h[0].float(), c[0].float())


@dataclass(frozen=True)
class Recipe(Plain):
    """A recipe for so many minutes: a faster machine makes more updates of them."""

    dropout_U: float = 0.0
    half: bool = True
    minutes: float = 3
    every: int = 20

    def model(self, symbols):
        """A model that goes through time by `Fused`."""
        made = super().model(symbols)
        made.layer.run = Fused(self.dropout_U, self.half)
        return made


RECIPES = {
    3: Recipe(H=256, lr=5e-3, dropout=0.15, minutes=3),
    10: Recipe(H=400, lr=4e-3, dropout=0.25, minutes=10),
}
"""Minutes -> the recipe."""


def keep_memory():
    """Let the C library keep freed memory: large tensors come and go at every update.

    Does nothing where the C library is not glibc.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


class Clock:
    """A learning rate by the clock: half a cosine wave over so many seconds, to zero.

    The clock starts at the first call.
    """

    def __init__(self, seconds):
        self.seconds, self.begin = seconds, None

    def __call__(self, done):
        now = time.perf_counter()
        self.begin = now if self.begin is None else self.begin
        return train.cosine(min(1.0, (now - self.begin) / self.seconds))


def fit(model, corpus, recipe):
    """The last record of a training that ends with its minutes; nothing is evaluated meanwhile."""
    limit, last = 60 * recipe.minutes, None
    settings = replace(recipe.settings(), steps=10**9, decay=Clock(limit - 1))
    segments = Segments(corpus.train, recipe.B, recipe.T)
    for record in train.fit(model, segments, models.next_symbol, settings):
        before, last = 0 if last is None else last.seconds, record
        if record.seconds + 1.5 * (record.seconds - before) >= limit:
            return last


@torch.no_grad()
def in_blocks(model, ids, T=BLOCK):
    """Nats for each character of a text read in blocks of T, each from a zero state."""
    n = (len(ids) - 1) // T
    x, y = ids[: n * T].view(n, T), ids[1 : n * T + 1].view(n, T)
    return -sum(model.score(*part)[0].double().sum().item()
                for part in zip(x.split(64), y.split(64), strict=True)) / (n * T)


def in_float32(model):
    """The model read as it stands, by the library's own way through time."""
    model.layer.run = bptt.run
    return model.eval()


def run(recipe, data):
    """Train and measure: (model, records)."""
    corpus = Corpus.of(data)
    model = recipe.model(len(corpus.vocab))
    last = fit(model, corpus, recipe)
    model = in_float32(model)
    half = in_half(model)
    ids = corpus.held_out
    values = {"nats": nats(model, ids), "nats_blocks": in_blocks(model, ids),
              "nats_two_bytes": nats(half, ids), "train": last.loss,
              "parameters": sum(weight.numel() for weight in model.parameters()),
              "training_seconds": last.seconds, "updates": last.step,
              "tokens": last.step * recipe.B * recipe.T}
    return half, measured(CLAIM, setting(recipe), recipe.seed, values, last.seconds, data)


def setting(recipe):
    """What a record says about a run; the updates are among its values."""
    left_out = ("seed", "steps", "every")
    kept = {name: value for name, value in asdict(recipe).items() if name not in left_out}
    return kept | {"threads": torch.get_num_threads()}


def facts(recipe, data, found):
    """What the header of the weights says: how to make them, and what they reach."""
    values = {record.metric: record.value for record in found}
    plain = {field.name: getattr(recipe, field.name) for field in fields(Plain)}
    plain |= {"steps": int(values["updates"])}
    held_out = {"nats": values["nats_two_bytes"], "nats_float32": values["nats"]}
    return {"command": f"{COMMAND} {recipe.minutes}", "recipe": plain,
            "training": setting(recipe), "symbols": Corpus.of(data).vocab.symbols,
            "data": data.name, "data_sha256": data.sha256, "versions": versions(),
            "held_out": held_out, "steps": plain["steps"],
            "seconds": round(values["training_seconds"])}


def main(arguments=None):
    """One recipe, recorded; its weights, two bytes each, are left in build/."""
    minutes, *kind = sys.argv[1:] if arguments is None else arguments
    keep_memory()
    data = load_data("tinyshakespeare")
    recipe = replace(RECIPES[int(minutes)], half="float32" not in kind)
    model, found = run(recipe, data)
    append(found)
    name = f"{minutes}_{'half' if recipe.half else 'float32'}.safetensors"
    train.save_weights(LEFT / name, model.half(), facts(recipe, data, found))
    for record in found:
        print(f"{record.metric:18}{record.value:,.4f}")


if __name__ == "__main__":
    main()
