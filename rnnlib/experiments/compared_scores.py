"""Four ways to compare two states: dot, scaled dot, bilinear, additive (K22).

    python -m rnnlib.experiments.compared_scores                every way, three seeds
    python -m rnnlib.experiments.compared_scores 0 bilinear     one seed, one way

Translators with attention as in the notes, English to Spanish, the course's grammar.  With equal
sizes (Q = H) all four can be used; the matrix of `bilinear` comes on top of the weights.  With
unequal sizes the dot product is not defined; `bilinear` then gets an encoder half as large (narrow)
and a decoder so much larger that there are as many weights as with the dot product.
"""

import sys
import time
from dataclasses import asdict, dataclass
from functools import cache

import torch

from .. import train
from ..attention import Additive, Bilinear, DotProduct, ScaledDotProduct
from ..cells import LSTMCell
from ..datasets import load as load_data
from ..layers import OverTime
from ..layers_built import weights
from ..metrics_texts import exact_matches, symbol_errors
from ..models import AttentionDecoder, EncoderDecoder, RecurrentEncoder, both_ways, greedy_answers
from ..objectives import likelihood, nats
from . import word_links
from .record import append, measured, recorded, run_key
from .translators import Corpus

CLAIM = "K22"
SEEDS = (0, 1, 2)
LIMIT = 30
KINDS = {
    "dot": DotProduct,
    "scaled dot": ScaledDotProduct,
    "bilinear": Bilinear,
    "additive": lambda Q, H: Additive(Q, H, H),
}
FREE = ("bilinear",)
"""Ways that are also measured with states of different sizes."""

SIZES = {"equal": 1.0, "narrow": 0.5}
"""The size of an encoder state in units of the one that the dot product gets."""


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of one translator; H is the encoder's size where both are equal."""

    kind: str = "bilinear"
    sizes: str = "equal"
    D: int = 32
    H: int = 64
    dropout: float = 0.1
    tokens: int = 1000
    passes: int = 5
    lr: float = 6e-3
    seed: int = 0

    def setting(self) -> dict:
        """What a record says about it."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}

    def model(self, sources: int, targets: int) -> EncoderDecoder:
        """A translator with fresh weights, the same for the same seed."""
        return build(self, sources, targets, state_size(self, sources, targets))


def grid() -> list[tuple[str, str]]:
    """Every (kind, sizes) that is measured."""
    return [(kind, sizes) for sizes in SIZES for kind in KINDS if sizes == "equal" or kind in FREE]


def build(recipe: Recipe, sources: int, targets: int, Q: int) -> EncoderDecoder:
    """A translator whose decoder has a state of Q numbers."""
    D, half = recipe.D, int(recipe.H * SIZES[recipe.sizes] / 2)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        layer = both_ways(LSTMCell, D, half)
        encoder = RecurrentEncoder(sources, D, layer, recipe.dropout)
        attention = KINDS[recipe.kind](Q, encoder.size)
        cell = OverTime(LSTMCell(D + encoder.size, Q))
        decoder = AttentionDecoder(targets, D, cell, encoder, attention, recipe.dropout)
        return EncoderDecoder(encoder, decoder)


@cache
def state_size(recipe: Recipe, sources: int, targets: int) -> int:
    """The decoder's size: H, or with unequal sizes what brings the weights nearest to the dot's."""
    if recipe.sizes == "equal":
        return recipe.H
    dot = Recipe(**asdict(recipe) | {"kind": "dot", "sizes": "equal"})
    goal = weights(build(dot, sources, targets, recipe.H))
    return min(range(8, 3 * recipe.H),
               key=lambda Q: abs(weights(build(recipe, sources, targets, Q)) - goal))


def fit(recipe: Recipe, corpus: Corpus) -> tuple:
    """Train a translator: (model, dict nats_UPDATES -> nats for each word of the valid pairs)."""
    held_out, batches = corpus.pairs(corpus.valid, 8000), corpus.pairs(
        corpus.train, recipe.tokens, recipe.seed)

    def evaluate(model) -> float:
        """Nats for each word."""
        total, count = nats(model, held_out)
        return total / count

    model = recipe.model(len(corpus.sources), len(corpus.targets))
    steps = recipe.passes * batches.per_pass
    settings = train.Settings(steps=steps, lr=recipe.lr, warmup=min(50, steps), seed=recipe.seed,
                              every=batches.per_pass, decay=train.cosine)
    curve = train.fit(model, batches, likelihood, settings, evaluate)
    return model, {f"nats_{n}": record.held_out for n, record in enumerate(curve, 1)}


def quality(model, corpus: Corpus, pairs) -> dict[str, float]:
    """Wrong words for each 100, sentences all right, and links that attention finds, in percent.

    A link is found when the English word looked at most is the one that word_links names.
    """
    sources, targets = zip(*pairs, strict=True)
    answers = greedy_answers(model.eval(), corpus.source(sources), corpus.targets, LIMIT)
    found, gold = [corpus.targets.decode(one.ids) for one in answers], [[one] for one in targets]
    edits, words = symbol_errors(found, gold)
    right, of = exact_matches(found, gold)
    looks = [one.weights.argmax(1).tolist() for one in answers]
    linked = [looks[n][t] == j for n, (source, text) in enumerate(zip(sources, found, strict=True))
              for t, j in word_links.links(" ".join(source), " ".join(text)).items()]
    return {"wrong": 100 * edits / words, "exact": 100 * right / of,
            "linked": 100 * sum(linked) / max(1, len(linked))}


def run(recipe: Recipe, data, corpus: Corpus) -> list:
    """Train one translator, measure it on the test: the records."""
    begin = time.process_time()
    model, values = fit(recipe, corpus)
    seconds = time.process_time() - begin
    values |= {"parameters": weights(model)} | quality(model, corpus, corpus.test)
    return measured(CLAIM, recipe.setting(), recipe.seed, values, seconds, data)


def main(*chosen: str) -> None:
    """The seeds and kinds named, or all; goes on where it was stopped."""
    torch.set_num_threads(1)
    data = load_data("sentences")
    corpus, kinds = Corpus.of(data, least=1), [word for word in chosen if word in KINDS]
    for seed in [int(word) for word in chosen if word.isdigit()] or SEEDS:
        for kind, sizes in grid():
            recipe = Recipe(kind, sizes, seed=seed)
            done = run_key(recipe.setting(), seed, data) in recorded(CLAIM)
            if done or (kinds and kind not in kinds):
                continue
            found = run(recipe, data, corpus)
            append(found)
            said = " ".join(f"{r.metric} {r.value:.2f}" for r in found)
            print(f"{kind} {sizes} {seed}: {said} in {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
