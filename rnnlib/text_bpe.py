"""Byte pair encoding: frequent neighbours grow together, until words are made of a few pieces.

Letters are the first pieces. The pair of neighbouring pieces that is most frequent in the training
text becomes a new piece, again and again (Gage 1994; Sennrich, Haddow and Birch 2016). Every word
begins with MARK, so that the pieces of a text can be put together again.
Taught in notebooks/11_characters_and_subwords.ipynb.
"""

from collections import Counter, defaultdict
from itertools import islice, pairwise

from .text import BOS, EOS, PAD, UNK, Vocab

MARK = "▁"
"""Stands in front of every word."""


def joined(pieces, pair):
    """The pieces with every occurrence of the pair made one piece, from left to right."""
    out = []
    for piece in pieces:
        if out and (out[-1], piece) == pair:
            out[-1] += piece
        else:
            out.append(piece)
    return out


def growing(words, least=2):
    """Learn merges one by one: yields (left, right, count), the most frequent pair each time.

    Of equally frequent pairs the one with the lower numbers comes first: pieces are numbered in
    the order in which they came to be, letters before all others by their code points (the rule of
    the `tokenizers` library). It ends when no pair occurs `least` times.
    """
    counts = Counter(_checked(words))
    pieces = {word: [MARK, *word] for word in counts}
    number = {letter: i for i, letter in enumerate(_letters(counts))}
    frequency, places = Counter(), defaultdict(set)

    def count(word, sign):
        for pair in pairwise(pieces[word]):
            frequency[pair] += sign * counts[word]
            places[pair].add(word)

    for word in counts:
        count(word, 1)
    while frequency:
        most = max(frequency.values())
        if most < least:
            return
        first = [pair for pair, n in frequency.items() if n == most]
        pair = min(first, key=lambda pair: (number[pair[0]], number[pair[1]]))
        yield (*pair, most)
        number.setdefault("".join(pair), len(number))
        for word in list(places[pair]):
            count(word, -1)
            pieces[word] = joined(pieces[word], pair)
            count(word, 1)
        del frequency[pair], places[pair]


class BPE:
    """Pieces of words, by merges in the order in which they were learned.

    A letter that the training text did not have stays a piece of its own, so that decoding gives
    back every word; `vocab` has no number for it but that of the unknown symbol.

    Args:
        merges: pairs (left, right) of pieces, the first learned first.
        letters: the single characters of the training text, MARK among them.

    >>> bpe = BPE.of(["low", "low", "lower", "newer", "newer"], size=4)
    >>> bpe.encode(["low", "newest"])
    ['▁low', '▁', 'n', 'e', 'w', 'e', 's', 't']
    """

    def __init__(self, merges, letters):
        self.merges = [tuple(pair) for pair in merges]
        self.letters = sorted(letters)
        self.rank = {pair: i for i, pair in reversed(list(enumerate(self.merges)))}

    @classmethod
    def of(cls, words, size, least=2):
        """Learn at most `size` merges of pairs that occur `least` times, from a list of words.

        Raises:
            ValueError: no words, a text that was not split, or a negative size.
        """
        if size < 0:
            raise ValueError(f"expected a number of merges of at least 0, got {size}")
        counts = Counter(_checked(words))
        learned = islice(growing(counts.elements(), least), size)
        return cls([pair[:2] for pair in learned], _letters(counts))

    @property
    def symbols(self):
        """Every piece once: the letters, then what the merges made, in order."""
        return list(dict.fromkeys([*self.letters, *map("".join, self.merges)]))

    @property
    def vocab(self):
        """The numbering of the pieces, after the four specials."""
        return Vocab([PAD, UNK, BOS, EOS, *self.symbols])

    def steps(self, word):
        """The pieces of a word after each merge: first its letters, last what `encode` returns."""
        pieces = [MARK, *word]
        yield pieces
        while True:
            here = {pair: self.rank[pair] for pair in pairwise(pieces) if pair in self.rank}
            if not here:
                return
            pieces = joined(pieces, min(here, key=here.get))
            yield pieces

    def encode(self, words):
        """The pieces of a list of words; each word begins with a piece that begins with MARK."""
        found = []
        for word in _checked(words):
            *_, pieces = self.steps(word)
            found += pieces
        return found

    def decode(self, pieces):
        """The words that the pieces make up. A word that holds MARK itself comes back as two."""
        return "".join(pieces).split(MARK)[1:]


def _letters(words):
    return sorted({MARK, *(letter for word in words for letter in word)})


def _checked(words):
    if isinstance(words, str):
        raise ValueError("expected a list of words, got one text: split it with text.words")
    words = list(words)
    if not words:
        raise ValueError("expected at least one word, got none: is the text empty?")
    return words
