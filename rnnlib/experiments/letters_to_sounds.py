"""From letters to sounds with one recurrent language model: it reads word, separator, sounds, end.

The notes call it one RNN over source, separator and target.  The model learns to predict the part
after the separator; primed with a word and the separator, it goes on with the word's sounds.
"""

import random
from dataclasses import asdict, dataclass

import torch

from .. import decode, train
from ..batches import Buckets, mask, pad
from ..cells import LSTMCell
from ..metrics import cross_entropy
from ..models import LanguageModel
from ..text import EOS, PAD, Vocab

SEPARATOR = "|"
LONGEST = 14
"""Letters or sounds of the longest words used; what a search writes is limited to two more."""


@dataclass(frozen=True)
class Recipe:
    """Sizes of the model and how it is trained; `words` of the training part are used."""

    D: int = 48
    H: int = 192
    dropout: float = 0.2
    words: int = 24_000
    tokens: int = 1500
    steps: int = 3000
    lr: float = 4e-3
    seed: int = 0

    def setting(self) -> dict:
        """The recipe without its seed, for records."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}

    def settings(self) -> train.Settings:
        """How `train.fit` trains."""
        return train.Settings(self.steps, lr=self.lr, warmup=self.steps // 30, decay=train.cosine,
                              every=max(1, self.steps // 4), seed=self.seed)


def usable(pairs) -> list:
    """The words of letters a to z, not too long, with their pronunciations."""
    return [(word, sounds) for word, sounds in pairs
            if word.isascii() and word.isalpha() and len(word) <= LONGEST
            and max(map(len, sounds)) <= LONGEST]


class Pairs:
    """Batches for training: `pairs[step]` is (x, y, counted), each (B, T).

    y is x one token later; counted is True where y is a sound or the end marker.
    """

    def __init__(self, pairs, vocab: Vocab, recipe: Recipe):
        chosen = list(pairs)
        random.Random(f"words {recipe.seed}").shuffle(chosen)
        self.rows = [[*vocab.encode(word).tolist(), vocab[SEPARATOR],
                      *vocab.encode(sounds[0]).tolist(), vocab.eos]
                     for word, sounds in chosen[:recipe.words]]
        self.sources = [len(word) for word, _ in chosen[:recipe.words]]
        lengths = [len(row) - 1 for row in self.rows]
        self.buckets, self.pad = Buckets(lengths, recipe.tokens, recipe.seed), vocab.pad

    def __getitem__(self, step):
        chosen = self.buckets[step]
        ids, lengths = pad([self.rows[n] for n in chosen], self.pad)
        source = torch.tensor([self.sources[n] for n in chosen])
        x, y, T = ids[:, :-1], ids[:, 1:], ids.shape[1] - 1
        return x, y, mask(lengths - 1, T) & (torch.arange(T) >= source[:, None])


def target_loss(model, batch, carry):
    """Mean nats for each sound and end marker, their number, nothing to carry."""
    x, y, counted = batch
    total, count = cross_entropy(model(x)[0], y, counted)
    return total / count, count, None


def vocabulary(data) -> Vocab:
    """Letters, sounds, the separator and the markers."""
    parts = [part for pairs in (data.train, data.valid, data.test) for word, sounds in pairs
             for part in (word, *sounds)]
    return Vocab.of(parts, specials=(PAD, EOS, SEPARATOR))


def learn(data, recipe: Recipe) -> tuple:
    """A model trained on the words of a data set, its vocabulary, and the seconds it took."""
    vocab, pairs = vocabulary(data), usable(data.train)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        cell = LSTMCell(recipe.D, recipe.H)
        model = LanguageModel(len(vocab), recipe.D, cell, dropout=recipe.dropout)
    *_, last = train.progress(train.fit(model, Pairs(pairs, vocab, recipe), target_loss,
                                        recipe.settings()), recipe.steps)
    return model.eval(), vocab, last.seconds


def primed(model, vocab: Vocab, words) -> tuple:
    """(separator (B,), state): the model after reading words and before their separator."""
    prompt, lengths = pad([vocab.encode([*word, SEPARATOR]) for word in words], vocab.pad)
    return decode.prime(model.step, prompt, model.start(len(words)), lengths)


def distance(a, b) -> int:
    """How many sounds must be put in, left out or exchanged to make b of a (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (left != right))
    return row[-1]


def errors(sounds, references) -> tuple:
    """(edit distance to the nearest reference, its length): phone errors and their base."""
    return min((distance(sounds, one), len(one)) for one in references)
