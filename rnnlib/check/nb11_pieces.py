"""The checks of notebook 11, second half: one merge, bits for each character, columns of input."""

import math
from collections import Counter
from itertools import pairwise

import torch

from .core import Case, examine

# --- one merge ----------------------------------------------------------------------------------


def most_frequent(words, weighted=True):
    """The pair of neighbours that is most frequent, the first of equals."""
    found = Counter()
    for pieces, count in words:
        for pair in pairwise(pieces):
            found[pair] += count if weighted else 1
    return max(found, key=found.get)


def joined(pieces, pair):
    """The pieces with the pair made one, from left to right."""
    out = []
    for piece in pieces:
        if out and (out[-1], piece) == pair:
            out[-1] += piece
        else:
            out.append(piece)
    return out


def right_merge(words):
    """What is expected: every word with the most frequent pair made one piece."""
    pair = most_frequent(words)
    return [(joined(pieces, pair), count) for pieces, count in words]


def with_pair(choose):
    """A merge of another pair."""
    def function(words):
        pair = choose(words)
        return [(joined(pieces, pair), count) for pieces, count in words]
    return function


def once(words):
    """Only the first occurrence in each word is joined."""
    pair, out = most_frequent(words), []
    for pieces, count in words:
        places = [t for t, both in enumerate(pairwise(pieces)) if both == pair][:1]
        for t in places:
            pieces = [*pieces[:t], pieces[t] + pieces[t + 1], *pieces[t + 2 :]]
        out.append((pieces, count))
    return out


def only_whole_words(words):
    """Only words that are the pair and nothing else are joined."""
    pair = most_frequent(words)
    return [(["".join(pieces)] if tuple(pieces) == pair else pieces, count)
            for pieces, count in words]


def across(words):
    """Pairs counted as if all words were one row of pieces."""
    row = [piece for pieces, count in words for _ in range(count) for piece in pieces]
    return Counter(pairwise(row)).most_common(1)[0][0]


def both_orders(words):
    """The pair is joined in the other order too."""
    pair = most_frequent(words)
    first = [(joined(pieces, pair), count) for pieces, count in words]
    return [(joined(pieces, pair[::-1]), count) for pieces, count in first]


MERGE_MISTAKES = [
    ("every word counts once: a pair occurs as often as the words that hold it",
     with_pair(lambda words: most_frequent(words, weighted=False))),
    ("only the first occurrence in a word is joined: go on to the end of the word", once),
    ("pairs are counted across the border of two words: a pair lies inside one word",
     with_pair(across)),
    ("the rarest pair is joined: take the most frequent one",
     with_pair(lambda words: min(pairs(words), key=pairs(words).get))),
    ("the pair is joined in both orders: left then right only", both_orders),
    ("only whole words are joined: the pair may stand inside a longer word", only_whole_words),
    ("nothing is joined: return the words with the new piece in them",
     lambda words: [(list(pieces), count) for pieces, count in words]),
    ("the counts are lost: return (pieces, count) for every word",
     lambda words: [pieces for pieces, _ in right_merge(words)]),
    ("the pieces were glued to one text: return a list of pieces",
     lambda words: [(" ".join(pieces), count) for pieces, count in right_merge(words)]),
]


def pairs(words):
    """How often each pair of neighbours occurs."""
    found = Counter()
    for pieces, count in words:
        for pair in pairwise(pieces):
            found[pair] += count
    return found


def cut(text):
    """"l o w:5 l o:2" as [(["l", "o", "w"], 5), (["l", "o"], 2)]."""
    rows = [row.rpartition(":") for row in text.split(", ")]
    return [(pieces.split(), int(count)) for pieces, _, count in rows]


MERGE_CASES = [
    Case(name, [(cut(text),)], right_merge, MERGE_MISTAKES) for name, text in [
        ("one word, one pair is twice in it", "a b c a b:1"),
        ("a rare pair in many words, a frequent one in one", "x y z:1, x y w:1, x y v:1, p q:9"),
        ("pieces that are longer than a letter", "th e:7, th i s:3, e th e th:4, th:5"),
        ("the last piece of a word and the first one of the next are no pair",
         "a c b:4, a d b:4, b a:1, c a:2, f a c:1, b:9")]
]


def merge(function):
    """Report on `function(words) -> words` after one merge, words = list of (pieces, count)."""
    return examine(function, MERGE_CASES)


# --- bits for each character --------------------------------------------------------------------


def count(sentences, space=1, end=1):
    """Characters of sentences, with spaces before words and a sign at the end."""
    return sum(sum(len(word) + space for word in words) + end for words in sentences)


def right_bits(nats, sentences):
    """What is expected: total nats in bits, by the characters of the text."""
    return nats / math.log(2) / count(sentences)


BITS_MISTAKES = [
    ("bits for each word: divide by the characters, which are the same for every vocabulary",
     lambda nats, sentences: nats / math.log(2) / sum(map(len, sentences))),
    ("bits for each word and end of a sentence: divide by the characters",
     lambda nats, sentences: nats / math.log(2) / sum(len(words) + 1 for words in sentences)),
    ("these are nats: divide by log 2", lambda nats, sentences: nats / count(sentences)),
    ("multiplied by log 2: a nat is 1.44 bits, so divide",
     lambda nats, sentences: nats * math.log(2) / count(sentences)),
    ("the spaces are not counted: the model guesses them, too",
     lambda nats, sentences: nats / math.log(2) / count(sentences, space=0)),
    ("the end of the sentence is not counted: the model guesses it, too",
     lambda nats, sentences: nats / math.log(2) / count(sentences, end=0)),
    ("neither spaces nor ends are counted: the model guesses them, too",
     lambda nats, sentences: nats / math.log(2) / count(sentences, space=0, end=0)),
    ("the perplexity of a character: return its logarithm to base 2",
     lambda nats, sentences: math.exp(nats / count(sentences))),
    ("bits of the whole text: divide by the characters",
     lambda nats, sentences: nats / math.log(2)),
]

BITS_CASES = [
    Case(name, [(nats, [words.split() for words in texts])], right_bits, BITS_MISTAKES)
    for name, nats, texts in [("one word", 4.0, ["cat"]), ("a sentence", 9.5, ["the cat sat"]),
                              ("two sentences", 21.0, ["a dog", "it barks at me"])]
]


def bits(function):
    """Report on `function(nats, sentences) -> bits for each character`."""
    return examine(function, BITS_CASES)


# --- columns of input ---------------------------------------------------------------------------


def looked_up(ids, tables):
    """The rows (B, T, D) of each column."""
    return [table[column] for column, table in zip(ids, tables, strict=True)]


def right_columns(ids, tables):
    """What is expected: the rows of all columns side by side."""
    return torch.cat(looked_up(ids, tables), -1)


COLUMNS_MISTAKES = [
    ("the vectors are added: put them side by side",
     lambda ids, tables: sum(looked_up(ids, tables))),
    ("the columns follow each other in time: T stays as it is, the vectors become longer",
     lambda ids, tables: torch.cat(looked_up(ids, tables), 1)),
    ("the columns are stacked along a dimension of their own: (B, T, all D together) is expected",
     lambda ids, tables: torch.stack(looked_up(ids, tables), 2)),
    ("the columns stand in the opposite order: first column first",
     lambda ids, tables: torch.cat(looked_up(ids, tables)[::-1], -1)),
    ("every column is looked up in the first table: each one has a table of its own",
     lambda ids, tables: torch.cat([tables[0][column % len(tables[0])] for column in ids], -1)),
    ("only the first column is read", lambda ids, tables: looked_up(ids, tables)[0]),
    ("the numbers themselves are joined: look up their rows first",
     lambda ids, tables: torch.stack(ids, -1)),
]


def table(V, D, seed):
    """A table of V rows of D numbers, always the same."""
    return torch.randn(V, D, generator=torch.Generator().manual_seed(seed))


COLUMNS_CASES = [
    Case(name, [([torch.tensor(column) for column in ids],
                 [table(V, D, V + D) for V, D in sizes])], right_columns, COLUMNS_MISTAKES)
    for name, ids, sizes in [
        ("two columns with tables of one size", [[[1, 2, 0]], [[2, 1, 1]]], [(3, 2), (4, 2)]),
        ("two sentences, a wide and a narrow table",
         [[[4, 1], [3, 0]], [[1, 0], [2, 2]]], [(5, 3), (5, 1)]),
        ("three columns", [[[0, 1]], [[2, 0]], [[1, 3]]], [(4, 2), (5, 3), (6, 1)])]
]


def columns(function):
    """Report on `function(ids, tables) -> x (B, T, D)`, lists of (B, T) and of (V, D)."""
    return examine(function, COLUMNS_CASES)
