"""The check of notebook 00: pairs of a character and the one after it."""

from .core import Case, examine


def pairs(text):
    """What is expected: every character beside its successor."""
    return list(zip(text, text[1:], strict=False))


MISTAKES = [
    (
        "each character is paired with itself: the answer has to be one place further on",
        lambda text: list(zip(text, text, strict=False)),
    ),
    (
        "the pairs look back: (character, the one before it)",
        lambda text: list(zip(text[1:], text, strict=False)),
    ),
    (
        "the last character is paired with the first: a text is not a circle",
        lambda text: list(zip(text, text[1:] + text[:1], strict=False)),
    ),
    (
        "the last pair is missing: a text of n characters has n - 1 pairs",
        lambda text: [(text[t], text[t + 1]) for t in range(len(text) - 2)],
    ),
    (
        "every second pair is missing: a character is first an answer, then a question",
        lambda text: [(text[t], text[t + 1]) for t in range(0, len(text) - 1, 2)],
    ),
    (
        "pairs that occur again are left out: how often they occur is what a model learns from",
        lambda text: list(dict.fromkeys(zip(text, text[1:], strict=False))),
    ),
    (
        "the pairs are sorted: their order in the text is lost",
        lambda text: sorted(zip(text, text[1:], strict=False)),
    ),
]

CASES = [
    Case("a word gives a pair for every character but the last", [("hello",)], pairs, MISTAKES),
    Case("two characters give one pair", [("ab",)], pairs, MISTAKES),
    Case("a character that comes back is paired each time", [("papaya",)], pairs, MISTAKES),
    Case("one character gives no pair, and so does none", [("x",), ("",)], pairs, MISTAKES),
]


def next_pairs(function):
    """Report on `function(text) -> list of (character, next character)`."""
    return examine(function, CASES)
