"""Notebook 06: edit a sentence and see how sure taggers are of every label."""

import ipywidgets

from ..plots import label_shares
from .explore import explore

LONGEST, KEPT = 12, 3
"""Words in the picture, and labels of a word that have a share of their own, at most."""

ALT = (
    "A sentence above one row of columns for each tagger; every column is the probability of the "
    "labels of its word, the likeliest one dark at the bottom."
)


def edit_words(taggers, samples, caption):
    """Type a sentence; each tagger gives the probabilities of the labels of every word.

    taggers  dict name -> object with labels and probabilities(words) -> (T, K)
    samples  dict label -> sentence: one button each, the first one opens
    caption  the claim, above the picture
    """

    def draw(fig, text):
        words = text.split()[:LONGEST]
        if not words:
            return "Type at least one word."
        found = {name: one.probabilities(words) for name, one in taggers.items()}
        rows = {name: [likeliest(row, taggers[name].labels) for row in p.tolist()]
                for name, p in found.items()}
        label_shares(fig, words, rows)
        return said(words, rows, taggers)

    presets = {label: {"text": text} for label, text in samples.items()}
    box = ipywidgets.Text(value=next(iter(samples.values())), description="your sentence",
                          placeholder="type here", layout={"width": "620px"})
    return explore(draw, {"text": box}, ALT, caption, presets, size=(9.6, 4.4))


def likeliest(row, labels):
    """The likeliest labels of a word with their probabilities."""
    best = sorted(zip(labels, row, strict=True), key=lambda pair: -pair[1])
    return best[:KEPT]


def said(words, rows, taggers):
    """Where the taggers disagree, and which words none of them has learned."""
    best = {name: [shares[0][0] for shares in columns] for name, columns in rows.items()}
    apart = [f"{word} ({', '.join(f'{name}: {labels[t]}' for name, labels in best.items())})"
             for t, word in enumerate(words) if len({labels[t] for labels in best.values()}) > 1]
    line = "They disagree on " + "; ".join(apart) + "." if apart else "They agree on every word."
    known = next(iter(taggers.values()))
    strange = sorted({word for word in words if word not in known})
    return line + (f" Known by letters alone: {', '.join(strange)}." if strange else "")
