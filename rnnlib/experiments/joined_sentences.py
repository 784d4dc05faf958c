"""Sentences of the course's grammar joined by "and": texts as long as one likes, no word harder.

    joined(data.train, 12000, (3, 16))    English and Spanish texts of 3 to 16 English words
"""

import random
from dataclasses import dataclass

from ..models import greedy_answers
from .translators import Corpus

SHORTEST, LONGEST = 3, 16
"""Words of the sources that are trained on."""


@dataclass(frozen=True)
class Joined:
    """Pairs of texts made of a data set of sentence pairs; name and hash are those of the set."""

    name: str
    sha256: str
    train: list
    valid: list
    test: list


def statements(pairs) -> list:
    """The pairs that are no questions: those can be joined."""
    return [pair for pair in pairs if "?" not in pair[0]]


def joined(pairs, count: int, span: tuple, seed: int = 0) -> list:
    """Texts of one or more pairs with "and" and "y" between, of so many English words.

    Every length in span is drawn as often; a text that is there already is drawn anew.

    Args:
        pairs: (English, Spanish) strings.
        count: texts wanted, all different.
        span: (fewest, most) words of the source.
    """
    rng, found, by_length = random.Random(f"{seed}/{span}"), {}, {}
    for pair in statements(pairs):
        by_length.setdefault(len(pair[0].split()), []).append(pair)
    while len(found) < count:
        chosen = [rng.choice(by_length[n]) for n in parts(rng, rng.randint(*span), by_length)]
        english, spanish = zip(*chosen, strict=True)
        found.setdefault(" and ".join(english), " y ".join(spanish))
    return list(found.items())


def parts(rng, words: int, lengths) -> list:
    """Random lengths of sentences that with the "and"s between make so many words."""
    while True:
        found, left = [], words
        while left > 0:
            found.append(rng.choice([n for n in lengths if n <= max(left, min(lengths))]))
            left -= found[-1] + 1
        if left == -1:
            return found


def data_of(data, count: int = 12000) -> Joined:
    """Texts of SHORTEST to LONGEST words to train on, and some held out, of sentence pairs."""
    span = SHORTEST, LONGEST
    return Joined(data.name, data.sha256, joined(data.train, count, span),
                  joined(data.valid, max(count // 40, 20), span), [])


def written(model, corpus: Corpus, sources) -> list[list[str]]:
    """The greedy translation of each source, a list of words, all in one batch."""
    limit = 2 * max(map(len, sources)) + 5
    found = greedy_answers(model.eval(), corpus.source(sources), corpus.targets, limit)
    return [corpus.targets.decode(answer.ids) for answer in found]
