"""What a wider beam writes where a text may go on in many ways: likelier, repetitive (K19).

    python -m rnnlib.experiments.open_ended          three seeds
    python -m rnnlib.experiments.open_ended 1        one of them

A character model is trained for each seed.  Prompts from held-out text are continued greedily, by
beams, and by sampling; each continuation is measured beside the one that really stands in the text.
"""

import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from statistics import fmean

import torch

from .. import decode, train
from ..batches import Segments
from ..cells import LSTMCell
from ..datasets import load
from ..models import LanguageModel, next_symbol
from ..text import Vocab
from .record import append, measured

CLAIM = "K19"
WIDTHS = (1, 2, 4, 8, 16, 32)
WINDOW = 8
"""Repetition counts windows of so many characters that came before."""


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of the character model; prompts, and characters read and written."""

    D: int = 48
    H: int = 192
    dropout: float = 0.1
    B: int = 32
    T: int = 64
    steps: int = 1500
    lr: float = 5e-3
    prompts: int = 100
    read: int = 60
    length: int = 200
    seed: int = 0


def learn(data, recipe: Recipe) -> tuple:
    """A character model of the training part of a text, and its vocabulary."""
    vocab = Vocab.of([data.train, data.valid, data.test], specials=())
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        cell = LSTMCell(recipe.D, recipe.H)
        model = LanguageModel(len(vocab), recipe.D, cell, dropout=recipe.dropout)
    settings = train.Settings(recipe.steps, lr=recipe.lr, warmup=recipe.steps // 30,
                              decay=train.cosine, every=recipe.steps, seed=recipe.seed)
    segments = Segments(vocab.encode(data.train), recipe.B, recipe.T)
    list(train.fit(model, segments, next_symbol, settings))
    return model.eval(), vocab


def passages(ids: torch.Tensor, recipe: Recipe) -> tuple:
    """Pieces of a text (N,) that do not overlap, drawn at random: prompts and what follows each.

    prompts (B, read), what follows (B, length).
    """
    generator = torch.Generator().manual_seed(recipe.seed)
    whole = recipe.read + recipe.length
    pieces = ids[: len(ids) // whole * whole].view(-1, whole)
    pieces = pieces[torch.randperm(len(pieces), generator=generator)[: recipe.prompts]]
    return pieces[:, : recipe.read], pieces[:, recipe.read :]


def repeated(text: list, n: int = WINDOW) -> float:
    """Share of a text's windows of n symbols that already came earlier in it."""
    windows = [tuple(text[t : t + n]) for t in range(len(text) - n + 1)]
    return 1 - len(set(windows)) / len(windows)


def shared(texts: list, n: int = WINDOW) -> float:
    """Share of the windows of n symbols, over all texts, that another one of the texts has too."""
    sets = [{tuple(text[t : t + n]) for t in range(len(text) - n + 1)} for text in texts]
    often = Counter(window for one in sets for window in one)
    return fmean(often[window] > 1 for one in sets for window in one)


@torch.no_grad()
def score(model, prompt, text) -> torch.Tensor:
    """Mean log-probability of each symbol of a text (B, T) after a prompt (B, S): (B,)."""
    whole = torch.cat([prompt, text], 1)
    log_probs = torch.log_softmax(model(whole[:, :-1])[0], -1)[:, prompt.shape[1] - 1 :]
    return log_probs.gather(-1, text[..., None]).mean((1, 2))


def continuations(model, prompt, recipe: Recipe) -> dict:
    """{(search, size): text (B, length)} for greedy, all beams, and three ways to sample."""
    first, state = decode.prime(model.step, prompt, model.start(len(prompt)))
    texts = {}
    for width in WIDTHS:
        best = decode.beam(model.step, first, state, width, None, recipe.length)
        texts["fixed", width] = torch.tensor([one[0].ids for one in best])
    filters = {("sample", 1.0): lambda x: x,
               ("sample", 0.7): lambda x: decode.temperature(x, 0.7),
               ("top-p", 0.9): lambda x: decode.top_p(x, 0.9)}
    for key, filtered in filters.items():
        choose = decode.sampler(recipe.seed, filtered)
        texts[key] = decode.generate(model.step, first, state, choose, recipe.length).ids
    return texts


def run(recipe: Recipe, data) -> list:
    """Train, go on with prompts in every way, and return the records of one seed."""
    began = time.process_time()
    model, vocab = learn(data, recipe)
    prompt, truth = passages(vocab.encode(data.test), recipe)
    texts = continuations(model, prompt, recipe) | {("the text itself", 0): truth}
    values = {}
    for key, text in texts.items():
        words = ["".join(vocab.decode(row)).split() for row in text]
        values[key] = {
            "log_probability": score(model, prompt, text).mean().item(),
            "repeated": 100 * fmean(repeated(row) for row in text.tolist()),
            "shared": 100 * shared(text.tolist()),
            "different_words": 100 * fmean(len(set(row)) / max(len(row), 1) for row in words),
        }
    seconds = time.process_time() - began
    common = {"task": "going on with a text"}
    common |= {n: v for n, v in asdict(recipe).items() if n in ("H", "steps", "length", "prompts")}
    return [record for (kind, size), found in values.items()
            for record in measured(CLAIM, {**common, "search": kind, "size": size}, recipe.seed,
                                   found, seconds, data)]


def main(seeds=(0, 1, 2)):
    """Run, print and append."""
    torch.set_num_threads(1)
    data = load("tinyshakespeare")
    for seed in map(int, seeds):
        records = run(Recipe(seed=seed), data)
        append(records)
        for record in records:
            print(f"seed {seed} {record.setting['search']:16} {record.setting['size']:5} "
                  f"{record.metric:16}{record.value:8.3f}", flush=True)
        print(f"{records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or (0, 1, 2))
