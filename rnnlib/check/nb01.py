"""The checks of notebook 01: naive Bayes, windows, weights of a window net, n-grams, reach."""

import math
from collections import Counter

from .core import Case, examine
from .nb01_windows import first, ngrams, weights, windows

__all__ = ["score", "windows", "weights", "ngrams", "first"]


def right_score(words, counts, prior, size):
    """What is expected: log prior + the sum over the words of log((count + 1) / (total + size))."""
    return added(words, counts, prior, sum(counts.values()) + size)


def added(words, counts, prior, bottom, one=1, log=math.log):
    """A score with parts to choose: the denominator, what is added to a count, the logarithm."""
    return log(prior) + sum(log((counts.get(word, 0) + one) / bottom) for word in words)


def unsmoothed(words, counts, prior, size):
    """Shares of the counts as they are."""
    return added(words, counts, prior, sum(counts.values()), 0)


def added_up(words, counts, prior, size):
    """Probabilities added in place of their logarithms."""
    bottom = sum(counts.values()) + size
    return math.log(prior) + sum((counts.get(word, 0) + 1) / bottom for word in words)


def known_only(words, counts, prior, size):
    """Words that the class has never seen left out."""
    return right_score([word for word in words if word in counts], counts, prior, size)


SCORE_MISTAKES = [
    ("the prior is missing: begin with log P(class)",
     lambda words, counts, prior, size: right_score(words, counts, 1.0, size)),
    ("the prior is added as it is: take its logarithm too",
     lambda words, counts, prior, size: right_score(words, counts, 1.0, size) + prior),
    ("this is the product itself: return its logarithm, a long text makes the product 0",
     lambda *given: math.exp(right_score(*given))),
    ("the probabilities are added: probabilities are multiplied, so their logarithms are added",
     added_up),
    ("the size of the vocabulary is missing below: with 1 added to each of the `size` words, "
     "the total grows by `size`",
     lambda words, counts, prior, size: added(words, counts, prior, sum(counts.values()))),
    ("the wrong vocabulary: `size` counts the different words of all classes, len(counts) only "
     "those of this one",
     lambda words, counts, prior, size: right_score(words, counts, prior, len(counts))),
    ("the total is missing below: divide by all words of the class + size",
     lambda words, counts, prior, size: added(words, counts, prior, size)),
    ("below stands total + 1: 1 is added to each of the `size` words, so it is total + size",
     lambda words, counts, prior, size: right_score(words, counts, prior, 1)),
    ("below stands the number of different words, twice or alone: add up the counts",
     lambda words, counts, prior, size: added(words, counts, prior, len(counts) + size)),
    ("the words to score are counted below: the total is that of the class",
     lambda words, counts, prior, size: added(words, counts, prior, len(words) + size)),
    ("nothing is added to the counts: add one to each, and size to the total", unsmoothed),
    ("1 is added below, not above: (count + 1) / (total + size)",
     lambda words, counts, prior, size: added(words, counts, prior, sum(counts.values()) + size, 0)
     if all(word in counts for word in words) else -math.inf),
    ("a word that comes twice counts once: in a bag it counts each time",
     lambda words, counts, prior, size: right_score(set(words), counts, prior, size)),
    ("words that this class has never seen are left out: their count is 0, and 0 + 1 counts",
     known_only),
    ("another logarithm: math.log is the natural one",
     lambda words, counts, prior, size: right_score(words, counts, prior, size) / math.log(10)),
    ("another logarithm, to the base 2: math.log is the natural one",
     lambda words, counts, prior, size: right_score(words, counts, prior, size) / math.log(2)),
]

SMALL = {"happy": 1, "so": 2}
LECTURE = Counter("usman was happy that his poem about thanksgiving was so successful he "
                  "congratulated natalie for getting #2 on the bestseller list".split())

SCORE_CASES = [
    Case(name, [arguments], right_score, SCORE_MISTAKES) for name, arguments in [
        ("no word: the prior alone", ([], SMALL, 0.5, 5)),
        ("one word, seen once", (["happy"], SMALL, 0.25, 5)),
        ("a word that this class has never seen", (["annoyed"], SMALL, 0.25, 5)),
        ("the same word twice", (["so", "so"], SMALL, 0.25, 5)),
        ("five words of the lecture, not sarcastic",
         ("natalie usman soooo totally happy".split(), dict(LECTURE), 0.5, 34))]
]


def score(function):
    """Report on `function(words, counts, prior, size) -> log of prior times probabilities`.

    counts is a dict from the words of one class to how often each occurs there.
    """
    return examine(function, SCORE_CASES)
