"""Read a string, write it down: how much fits through a fixed context, by length (K20).

    python -m rnnlib.experiments.copied_strings                every decoder, three seeds
    python -m rnnlib.experiments.copied_strings 0 attention    one seed, one decoder

Random strings of ten letters: nothing can be guessed, so what is written has come through the
context.  Trained on strings of 1 to 10 letters, tested up to 20.  The three decoders of translators
with as many weights each; wrong are edits for each 100 letters.
"""

import random
import sys
import time
from dataclasses import dataclass

import torch

from ..layers_built import weights
from ..metrics_texts import exact_matches, symbol_errors
from ..text import BOS, EOS, UNK, Vocab
from . import translators
from .joined_sentences import written
from .record import append, measured, recorded, run_key
from .translators import Corpus, Recipe

CLAIM = "K20"
SEEDS = (0, 1, 2)
DECODERS = ("start", "every step", "attention")
LETTERS = "abcdefghij"
LONGEST = 10
"""Letters of the longest string that is trained on."""

LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20)
"""Letters of the strings that are tested; the last four are longer than any seen in training."""


@dataclass(frozen=True)
class Strings:
    """Where the strings come from, for records: they are drawn with the seed of the run."""

    name: str = "random strings"
    sha256: str = ""


def recipe(decoder: str, seed: int = 0) -> Recipe:
    """The recipe of one copier."""
    return Recipe(decoder, D=16, H=32, G=64, dropout=0.0, tokens=2000, passes=3, lr=6e-3, seed=seed)


def strings(rng, count: int, lengths) -> list:
    """Random strings as pairs (string, the same string), each a tuple of letters."""
    found = [tuple(rng.choices(LETTERS, k=rng.choice(lengths))) for _ in range(count)]
    return [(one, one) for one in found]


def corpus_of(seed: int, count: int = 40_000) -> Corpus:
    """Strings to learn from."""
    rng, lengths = random.Random(seed), range(1, LONGEST + 1)
    return Corpus(Vocab([UNK, *LETTERS]), Vocab([UNK, BOS, EOS, *LETTERS]),
                  strings(rng, count, lengths), strings(rng, 300, lengths), [])


def quality(model, corpus: Corpus, count: int = 300) -> dict[str, float]:
    """For each length the edits for 100 letters, and the share of strings that are all right."""
    values, rng = {}, random.Random("test")
    for length in LENGTHS:
        sources = [one for one, _ in strings(rng, count, [length])]
        texts, gold = written(model, corpus, sources), [[one] for one in sources]
        edits, letters = symbol_errors(texts, gold)
        right, of = exact_matches(texts, gold)
        values |= {f"wrong_{length}": 100 * edits / letters, f"exact_{length}": 100 * right / of}
    return values


def run(recipe: Recipe, count: int = 40_000) -> tuple:
    """Train one copier and measure it: (model, corpus, values, seconds)."""
    begin, corpus = time.process_time(), corpus_of(recipe.seed, count)
    model = recipe.model(len(corpus.sources), len(corpus.targets))
    *_, last = translators.fit(model, corpus, recipe)
    seconds = time.process_time() - begin
    values = {"parameters": weights(model), "nats": last.held_out}
    return model, corpus, values | quality(model, corpus), seconds


def setting(recipe: Recipe) -> dict:
    """What a record says about a run."""
    return recipe.setting() | {"task": "copy", "letters": len(LETTERS), "longest": LONGEST}


def main(*chosen: str) -> None:
    """The seeds and decoders named, or all; goes on where it was stopped."""
    torch.set_num_threads(1)
    for seed in [int(word) for word in chosen if word.isdigit()] or SEEDS:
        for name in [word for word in chosen if word in DECODERS] or DECODERS:
            one = recipe(name, seed)
            if run_key(setting(one), seed, Strings()) in recorded(CLAIM):
                continue
            *_, values, seconds = run(one)
            append(measured(CLAIM, setting(one), seed, values, seconds, Strings()))
            said = "  ".join(f"{n}: {values[f'wrong_{n}']:.1f}" for n in LENGTHS)
            print(f"{name:12}{seed}  {seconds:4.0f} s  wrong by length  {said}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
