"""Three decoders translate short sentences: quality by length of the source (K20, K21).

    python -m rnnlib.experiments.translators                every decoder, three seeds
    python -m rnnlib.experiments.translators 0 start        one seed, one decoder

The encoder, a bidirectional LSTM, is the same; the decoder gets the context vector as its first
state (start), at every step (every step), or looks at all states of the encoder (attention, as in
the notes).  The size of the decoder's state is chosen so that all have as many weights.  English to
French, Tatoeba; offline English to Spanish from the course's grammar.  Small letters, words that
occur fewer than three times unknown; texts are compared as words with spaces between.

A first series of 1,240 updates, not 3,075 (batches of 2000 tokens, 8 passes, dropout 0.3), is kept
in data/results/translators.jsonl: there attention was behind the context at every step.
"""

import sys
import time
from dataclasses import asdict, dataclass
from functools import cache

import torch

from .. import train
from ..attention import Bilinear
from ..batches import pad
from ..cells import LSTMCell
from ..datasets import load as load_data
from ..layers import OverTime
from ..layers_built import weights
from ..metrics_texts import bleu, chrf
from ..models import (
    AttentionDecoder,
    ContextDecoder,
    Decoder,
    EncoderDecoder,
    Pairs,
    RecurrentEncoder,
    both_ways,
    greedy_answers,
)
from ..objectives import likelihood, nats
from ..text import BOS, EOS, UNK, Vocab
from ..text import words as cut_words
from .record import append, measured, recorded, run_key

CLAIMS = {"K20": ("start", "every step", "attention"), "K21": ("start", "every step")}
"""Which decoders a claim compares."""

SEEDS = (0, 1, 2)
LIMIT = 20
"""Words that are written at most, the end marker included."""
BUCKETS = {"3-4": range(5), "5": [5], "6": [6], "7": [7], "8-": range(8, 99)}
"""Words of the source, punctuation counted."""


def start(recipe, size, encoder, G):
    """The context is the first state."""
    layer = OverTime(LSTMCell(recipe.D, G))
    return Decoder(size, recipe.D, layer, encoder, recipe.dropout)


def every_step(recipe, size, encoder, G):
    """The context at every step too."""
    layer = OverTime(LSTMCell(recipe.D + encoder.C, G))
    return ContextDecoder(size, recipe.D, layer, encoder, recipe.dropout)


def attention(recipe, size, encoder, G):
    """What the state before looked for, at every step."""
    layer = OverTime(LSTMCell(recipe.D + encoder.size, G))
    looking = Bilinear(G, encoder.size)
    return AttentionDecoder(size, recipe.D, layer, encoder, looking, recipe.dropout)


DECODERS = {"start": start, "every step": every_step, "attention": attention}


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of one translator; G is the state that attention gets."""

    decoder: str = "attention"
    D: int = 64
    H: int = 96
    G: int = 128
    dropout: float = 0.2
    tokens: int = 500
    passes: int = 5
    lr: float = 4e-3
    seed: int = 0

    def setting(self) -> dict:
        """What a record says about it."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}

    def model(self, sources: int, targets: int) -> EncoderDecoder:
        """A translator with fresh weights, the same for the same seed."""
        G = equal_size(self, sources, targets)
        return build(self, sources, targets, G)


def build(recipe: Recipe, sources: int, targets: int, G: int) -> EncoderDecoder:
    """A translator whose decoder has a state of G numbers."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        layer = both_ways(LSTMCell, recipe.D, recipe.H)
        encoder = RecurrentEncoder(sources, recipe.D, layer, recipe.dropout)
        return EncoderDecoder(encoder, DECODERS[recipe.decoder](recipe, targets, encoder, G))


@cache
def equal_size(recipe: Recipe, sources: int, targets: int) -> int:
    """The size of state with which a decoder has as many weights as attention with G."""
    like = Recipe(**{**asdict(recipe), "decoder": "attention"})
    goal = weights(build(like, sources, targets, recipe.G))
    low, high = 1, 8 * recipe.G
    while low < high:
        middle = (low + high) // 2
        below = weights(build(recipe, sources, targets, middle)) < goal
        low, high = (middle + 1, high) if below else (low, middle)
    return low


@dataclass(frozen=True)
class Corpus:
    """Sentence pairs as lists of words, with the numbering of both sides."""

    sources: Vocab
    targets: Vocab
    train: list
    valid: list
    test: list

    @classmethod
    def of(cls, data, least=3) -> "Corpus":
        """The splits of a data set of pairs such as tatoeba or sentences."""
        parts = {name: [tuple(cut_words(side.lower()) for side in pair)
                        for pair in getattr(data, name)] for name in ("train", "valid", "test")}
        sides = list(zip(*parts["train"], strict=True))
        return cls(Vocab.of(sides[0], least, specials=(UNK,)),
                   Vocab.of(sides[1], least, specials=(UNK, BOS, EOS)), **parts)

    def pairs(self, examples, tokens: int, seed: int = 0) -> Pairs:
        """Batches of sentences with their translations."""
        sources = [self.sources.encode(source) for source, _ in examples]
        targets = [self.targets.encode(target) for _, target in examples]
        return Pairs(sources, targets, self.targets, tokens, seed)

    def source(self, sentences) -> tuple:
        """Sentences (lists of words) as `model.start(*source)` takes them."""
        return pad([self.sources.encode(sentence) for sentence in sentences], 0)


def fit(model, corpus: Corpus, recipe: Recipe):
    """Train a model; held_out in the records is nats for each word of the valid sentences."""
    held_out = corpus.pairs(corpus.valid, 8000)

    def evaluate(model) -> float:
        """Nats for each word."""
        total, count = nats(model, held_out)
        return total / count

    batches = corpus.pairs(corpus.train, recipe.tokens, recipe.seed)
    steps = recipe.passes * batches.per_pass
    settings = train.Settings(steps=steps, lr=recipe.lr, warmup=min(100, steps), seed=recipe.seed,
                              every=-(-steps // 5), decay=train.cosine)
    return train.fit(model, batches, likelihood, settings, evaluate)


def written(model, corpus: Corpus, sentences) -> list[str]:
    """The greedy translation of each sentence, as words with spaces between."""
    order, found = sorted(range(len(sentences)), key=lambda n: len(sentences[n])), {}
    for first in range(0, len(order), 250):
        chosen = order[first : first + 250]
        source = corpus.source([sentences[n] for n in chosen])
        answers = greedy_answers(model.eval(), source, corpus.targets, LIMIT)
        for n, answer in zip(chosen, answers, strict=True):
            found[n] = " ".join(corpus.targets.decode(answer.ids))
    return [found[n] for n in range(len(sentences))]


def quality(model, corpus: Corpus, examples) -> dict[str, float]:
    """BLEU and chrF of all examples, and of those of each length of source that occurs."""
    texts = written(model, corpus, [source for source, _ in examples])
    gold = [[" ".join(target)] for _, target in examples]
    values = {"bleu": bleu(texts, gold), "chrf": chrf(texts, gold)}
    for name, lengths in BUCKETS.items():
        here = [n for n, (source, _) in enumerate(examples) if len(source) in lengths]
        if here:
            chosen = [texts[n] for n in here], [gold[n] for n in here]
            values |= {f"bleu {name}": bleu(*chosen), f"chrf {name}": chrf(*chosen)}
    return values


def run(recipe: Recipe, data) -> tuple:
    """Train one translator and measure it on the test: (model, corpus, values, seconds)."""
    corpus, begin = Corpus.of(data), time.process_time()
    model = recipe.model(len(corpus.sources), len(corpus.targets))
    *_, last = fit(model, corpus, recipe)
    seconds = time.process_time() - begin
    values = {"parameters": weights(model), "nats": last.held_out}
    return model, corpus, values | quality(model, corpus, corpus.test), seconds


def records(recipe: Recipe, values: dict, seconds: float, data) -> list:
    """The records of one run, for each claim that compares its decoder."""
    return [record for claim, decoders in CLAIMS.items() if recipe.decoder in decoders
            for record in measured(claim, recipe.setting(), recipe.seed, values, seconds, data)]


def main(*chosen: str) -> None:
    """The seeds and decoders named, or all; goes on where it was stopped."""
    torch.set_num_threads(1)
    data = load_data("tatoeba")
    seeds = [int(word) for word in chosen if word.isdigit()] or SEEDS
    for seed in seeds:
        for name in [word for word in chosen if word in DECODERS] or DECODERS:
            recipe = Recipe(name, seed=seed)
            if run_key(recipe.setting(), seed, data) in recorded("K20"):
                continue
            *_, values, seconds = run(recipe, data)
            append(records(recipe, values, seconds, data))
            print(f"{name:12}{seed}  {seconds:6.0f} s  BLEU {values['bleu']:.1f}  "
                  f"chrF {values['chrf']:.1f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
