"""Is it written like the text? Measures of form for samples of a character model, each one number.

All take pieces (strings of one length) and say nothing about sense: how much white space, how long
the words and lines, which words are words, whether a speech begins with a name, whether a bracket
that opens is closed.  A measure without enough to count is nan.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
SPEECH = re.compile(r"[A-Z][A-Za-z' ]*:\n\S")
QUOTED = re.compile(r'(?<![\w"])"[^"\n]{1,60}"(?![\w"])')
LENGTHS = {"1-2": (1, 2), "3-4": (3, 4), "5-6": (5, 6), "7+": (7, 99)}
"""Word lengths, in letters."""
LEAST = 20
"""So many cases a share needs."""


@dataclass(frozen=True)
class Text:
    """What samples are compared with: the words of a text and pieces of it."""

    words: frozenset
    pieces: tuple

    @classmethod
    def of(cls, text, length=500):
        """The whole text: all of its words, and as many pieces of one length as it has."""
        starts = range(0, len(text) - length + 1, length)
        return cls(frozenset(words(text)), tuple(text[s : s + length] for s in starts))


def words(piece):
    """The words of a piece in small letters."""
    return [word.lower() for word in WORD.findall(piece)]


def share(true, count):
    """true / count, or nan where there is too little to count."""
    return true / count if count >= LEAST else math.nan


def spaces(pieces, text):
    """Share of the characters that are a space or a line end."""
    return share(sum(c in " \n" for p in pieces for c in p), sum(map(len, pieces)))


def valid(pieces, text, low, high):
    """Share of the words of low to high letters that occur in the text."""
    found = [w for p in pieces for w in words(p) if low <= len(w) <= high]
    return share(sum(w in text.words for w in found), len(found))


def overlap(found, expected):
    """How much two samples of whole numbers have the same distribution: 1 all, 0 nothing."""
    if len(found) < LEAST:
        return math.nan
    a, b = Counter(found), Counter(expected)
    return sum(min(a[k] / len(found), b[k] / len(expected)) for k in a.keys() & b.keys())


def word_lengths(pieces, text):
    """How much the words have the same lengths as those of the text."""
    return overlap(*([len(w) for p in part for w in words(p)] for part in (pieces, text.pieces)))


def line_lengths(pieces, text):
    """How much the lines (whole ones, in steps of ten characters) are as long as in the text."""
    return overlap(*([len(line) // 10 for p in part for line in p.split("\n")[1:-1]]
                     for part in (pieces, text.pieces)))


def speeches(pieces, text):
    """Share of the blocks after an empty line that begin with a name, a colon and a new line."""
    blocks = [b for p in pieces for b in p.split("\n\n")[1:] if len(b) > 30]
    return share(sum(bool(SPEECH.match(b)) for b in blocks), len(blocks))


def brackets(pieces, text):
    """Share of the round and square brackets that have a partner of their kind, well nested."""
    found = [paired(p) for p in pieces]
    return share(sum(f[0] for f in found), sum(f[1] for f in found))


def paired(piece):
    """(brackets with a partner, brackets)."""
    opened, matched, count = [], 0, 0
    for c in piece:
        if c in "([":
            opened.append(c)
        elif c in ")]" and opened and opened[-1] == {")": "(", "]": "["}[c]:
            opened.pop()
            matched += 2
        count += c in "([])"
    return matched, count


def quotes(pieces, text):
    """Share of the double quotes in pairs around up to 60 characters of one line."""
    signs = sum(p.count('"') for p in pieces)
    return share(2 * sum(len(QUOTED.findall(p)) for p in pieces), signs)


def by_length(low, high):
    """The measure `valid` for one class of lengths."""
    return lambda pieces, text: valid(pieces, text, low, high)


WORDS = {f"words of {name}": by_length(*ends) for name, ends in LENGTHS.items()}
COMMON = {"white space": spaces, "word lengths": word_lengths, **WORDS,
          "line lengths": line_lengths}
MEASURES = {"tinyshakespeare": {**COMMON, "speeches": speeches},
            "pydoc": {**COMMON, "brackets": brackets, "quotes": quotes}}
"""Name of a text -> what is measured on it: name -> measure(pieces, text)."""


def measure(pieces, text, name):
    """All measures for a text of this name: dict measure -> number."""
    return {what: of(pieces, text) for what, of in MEASURES[name].items()}
