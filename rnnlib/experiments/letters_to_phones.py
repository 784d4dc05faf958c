"""From letters to phones with attention: the weights on CMUdict that are shipped.

    python -m rnnlib.experiments.letters_to_phones 0     trains with this seed and writes them

What ten minutes are good for: letters_figures.

Words of the letters a to z with all their pronunciations, stress removed, split by the hash of the
word.  A word is right when it equals one of its pronunciations; phone errors are edits to the
nearest one over its length.
"""

import copy
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import torch

from .. import DATA, ROOT, checkpoints, train
from ..attention import Bilinear
from ..batches import pad
from ..cells import LSTMCell
from ..datasets import load as load_data
from ..layers import OverTime, Stacked
from ..metrics_texts import symbol_errors, text_errors
from ..models import (
    AttentionDecoder,
    DeepAttentionDecoder,
    EncoderDecoder,
    Pairs,
    RecurrentEncoder,
    beam_answers,
    both_ways,
    greedy_answers,
)
from ..objectives import likelihood, nats
from ..text import BOS, EOS, Vocab
from .record import append, measured, versions

WEIGHTS = DATA / "weights" / "letters_to_phones.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.letters_to_phones"
LONGEST = 20
"""Letters and phones of the longest pairs that are trained on; one of 700 words is longer."""
LIMIT = 40
"""Phones that are written at most."""


@dataclass(frozen=True)
class Recipe:
    """Sizes of the model and how it is trained.

    H is the size of each direction of the encoder and depth its layers, G that of each decoder
    layer.  The decoder is "deep" or "notes": `DeepAttentionDecoder` or `AttentionDecoder`.
    """

    D: int = 64
    H: int = 128
    depth: int = 1
    G: int = 192
    decoder: str = "deep"
    dropout: float = 0.1
    tokens: int = 2000
    steps: int = 5000
    lr: float = 4e-3
    warmup: int = 200
    every: int = 500
    seed: int = 0

    def model(self, letters: int, phones: int) -> EncoderDecoder:
        """A model with fresh weights, the same for the same seed."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            layers = [both_ways(LSTMCell, self.D, self.H)]
            layers += [both_ways(LSTMCell, 2 * self.H, self.H) for _ in range(1, self.depth)]
            layer = Stacked(*layers, dropout=self.dropout) if self.depth > 1 else layers[0]
            encoder = RecurrentEncoder(letters, self.D, layer, self.dropout)
            return EncoderDecoder(encoder, DECODERS[self.decoder](self, phones, encoder))

    def settings(self) -> train.Settings:
        """How `fit` trains it."""
        how = {name: getattr(self, name) for name in ("steps", "lr", "warmup", "every", "seed")}
        return train.Settings(**how, decay=train.cosine)

    def setting(self) -> dict:
        """The recipe without its seed, for records."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}


def deep(recipe: Recipe, phones: int, encoder) -> DeepAttentionDecoder:
    """Two layers of LSTMs, the lower one asks."""
    D, G, H = recipe.D, recipe.G, encoder.size
    layers = OverTime(LSTMCell(D, G)), OverTime(LSTMCell(G + H, G))
    return DeepAttentionDecoder(phones, D, layers, encoder, Bilinear(G, H), recipe.dropout)


def notes(recipe: Recipe, phones: int, encoder) -> AttentionDecoder:
    """One LSTM, whose state before asks."""
    D, G, H = recipe.D, recipe.G, encoder.size
    layer = OverTime(LSTMCell(D + H, G))
    return AttentionDecoder(phones, D, layer, encoder, Bilinear(G, H), recipe.dropout)


DECODERS = {"deep": deep, "notes": notes}
SHIPPED = Recipe(tokens=1000, lr=6e-3, steps=30_000)
"""1.2 million weights, 20 passes."""


@dataclass(frozen=True)
class Corpus:
    """Words and their pronunciations, with the numbering of both sides."""

    letters: Vocab
    phones: Vocab
    train: list
    valid: list
    test: list

    @classmethod
    def of(cls, data) -> "Corpus":
        """The splits of a data set such as cmudict or spelling."""
        letters = Vocab.of((word for word, _ in data.train), specials=())
        sounds = (one for _, several in data.train for one in several)
        return cls(letters, Vocab.of(sounds, specials=(BOS, EOS)),
                   data.train, data.valid, data.test)

    def pairs(self, examples, tokens: int, seed: int) -> Pairs:
        """Batches of words with each of their pronunciations."""
        chosen = [(word, one) for word, several in examples for one in several
                  if len(word) <= LONGEST and len(one) <= LONGEST]
        sources = [self.letters.encode(word) for word, _ in chosen]
        targets = [self.phones.encode(one) for _, one in chosen]
        return Pairs(sources, targets, self.phones, tokens, seed)

    def source(self, words) -> tuple:
        """Words as `model.start(*source)` takes them."""
        odd = sorted({letter for word in words for letter in word if letter not in self.letters})
        if odd or not words or not all(words):
            got = ", ".join(map(repr, odd)) or "nothing"
            raise ValueError(f"expected words of the letters "
                             f"{''.join(sorted(self.letters.symbols))}, got {got}: "
                             "write in lower case, without accents")
        return pad([self.letters.encode(word) for word in words], 0)


def fit(model, corpus: Corpus, recipe: Recipe, path=None) -> Iterator[train.Record]:
    """Train a model; held_out in the records is nats for each phone and end of the valid words."""
    held_out = corpus.pairs(corpus.valid, 8000, 0)

    def evaluate(model) -> float:
        """Nats for each phone."""
        total, count = nats(model, held_out)
        return total / count

    batches = corpus.pairs(corpus.train, recipe.tokens, recipe.seed)
    return train.fit(model, batches, likelihood, recipe.settings(), evaluate, path)


def written(model, corpus: Corpus, words, width: int) -> list[list[str]]:
    """The phones that a model writes for each of some words; width 1 is greedy."""
    order = sorted(range(len(words)), key=lambda n: len(words[n]))
    found = [[] for _ in words]
    for start in range(0, len(order), 500):
        chosen = order[start : start + 500]
        source = corpus.source([words[n] for n in chosen])
        for n, answer in zip(chosen, answers(model, source, corpus.phones, width), strict=True):
            found[n] = corpus.phones.decode(answer.ids)
    return found


def answers(model, source: tuple, vocab: Vocab, width: int) -> list:
    """What a model writes for a batch, with its attention."""
    if width == 1:
        return greedy_answers(model, source, vocab, LIMIT)
    return beam_answers(model, source, vocab, width, LIMIT)


def errors(model, corpus: Corpus, examples, width: int) -> dict[str, float]:
    """Word and phone error in per cent on some examples."""
    words, references = [word for word, _ in examples], [several for _, several in examples]
    texts = written(model.eval(), corpus, words, width)
    name = "greedy" if width == 1 else f"beam{width}"
    counts = {"word": text_errors(texts, references), "phone": symbol_errors(texts, references)}
    return {f"{kind}_error_{name}": 100 * wrong / of for kind, (wrong, of) in counts.items()}


class Speller:
    """A trained model that says how a word sounds."""

    def __init__(self, model, corpus: Corpus, facts: dict):
        self.model, self.corpus, self.facts = model.eval(), corpus, facts

    def answers(self, words, width: int = 5) -> list:
        """An `Answer` for each word; its ids are phones, its weights (phones + 1, letters)."""
        return answers(self.model, self.corpus.source(words), self.corpus.phones, width)

    def say(self, word: str, width: int = 5) -> list[str]:
        """The phones of one word."""
        return self.corpus.phones.decode(self.answers([word], width)[0].ids)


def load(path=WEIGHTS) -> Speller:
    """The model that comes with the course."""
    _, facts = checkpoints.read(path)
    corpus = Corpus(Vocab(facts["letters"]), Vocab(facts["phones"]), [], [], [])
    model = Recipe(**facts["recipe"]).model(len(corpus.letters), len(corpus.phones))
    return Speller(model, corpus, train.load_weights(path, model))


def run(recipe: Recipe, data, path=None) -> tuple[Speller, list]:
    """Train, measure on the test, and return the model (two bytes a weight) and its records."""
    corpus = Corpus.of(data)
    model = recipe.model(len(corpus.letters), len(corpus.phones))
    *_, last = train.progress(fit(model, corpus, recipe, path), recipe.steps)
    model = copy.deepcopy(model).half().float()
    values = {"parameters": sum(weight.numel() for weight in model.parameters())}
    values |= {"nats": last.held_out}
    for width in (1, 5):
        values |= errors(model, corpus, corpus.test, width)
    records = measured("letters_to_phones", recipe.setting(), recipe.seed, values, last.seconds,
                       data)
    facts = {"recipe": asdict(recipe), "letters": corpus.letters.symbols, "versions": versions()}
    facts |= {"phones": corpus.phones.symbols, "data": data.name, "data_sha256": data.sha256}
    facts |= {"test": values, "seconds": round(last.seconds)}
    return Speller(model, corpus, facts), records


def main(seed: str = "0") -> None:
    """Train on one thread, write the weights, append the results; goes on where it was stopped."""
    torch.set_num_threads(1)
    data = load_data("cmudict")
    if not data.real:
        raise SystemExit("the shipped weights are trained on the real dictionary: "
                         "fetch it first with python3 course.py data fetch cmudict")
    path = ROOT / "build" / f"letters_to_phones_{seed}.safetensors"
    speller, records = run(replace(SHIPPED, seed=int(seed)), data, path)
    facts = {"command": f"{COMMAND} {seed}", **speller.facts}
    train.save_weights(WEIGHTS, speller.model.half(), facts)
    append(records)
    path.unlink(missing_ok=True)
    for record in records:
        print(f"{record.metric:20}{record.value:,.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
