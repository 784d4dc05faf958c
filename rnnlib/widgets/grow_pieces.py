"""Notebook 11: byte pair encoding, merge by merge."""

import ipywidgets

from ..plots import growing_pieces
from ..text import words
from ..text_bpe import BPE
from .explore import explore

STOPS = (*range(11), 12, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000)
MOST, LONGEST = 8, 18
"""Words that are shown at once, and letters of a word."""
ALT = (
    "Words cut into boxes, one for each piece, the newest piece in orange; beside it a curve of "
    "the symbols for each word, falling with the number of merges."
)
CAPTION = (
    "Every merge makes one new piece out of the most frequent pair of neighbours. Frequent words "
    "soon are one piece, rare words stay a row of pieces. No word is unknown while its "
    "letters are known."
)


def grow_pieces(found, sample, samples):
    """Move through the merges and see how words are cut.

    found    list of (left, right, count), as `text_bpe.growing` yields them
    sample   words of a text that was not learned from, for the curve
    samples  dict label -> (merges, words to cut): one button each, the first one opens
    """
    stops = [n for n in STOPS if n <= len(found)]
    letters = {letter for left, right, _ in found for letter in left + right}
    cutters = {n: BPE([pair[:2] for pair in found[:n]], letters) for n in stops}
    curve = stops, [len(cutters[n].encode(sample)) / len(sample) for n in stops]

    def draw(fig, merges, text):
        typed = [word[:LONGEST] for word in words(text)][:MOST]
        if not typed:
            return "Type at least one word."
        new = "".join(found[merges - 1][:2]) if merges else None
        rows = [cutters[merges].encode([word]) for word in typed]
        growing_pieces(fig, rows, new, curve, merges)
        return said(found, merges, curve[1][stops.index(merges)])

    presets = {label: {"merges": min(n, stops[-1]), "text": text}
               for label, (n, text) in samples.items()}
    first = next(iter(presets.values()))
    controls = {
        "merges": ipywidgets.SelectionSlider(options=stops, value=first["merges"],
                                             description="merges", layout={"width": "360px"}),
        "text": ipywidgets.Text(value=first["text"], description="your words",
                                layout={"width": "480px"}),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.6, 3.9))


def said(found, merges, length):
    """The line below the picture: the merge that was made last, and how long words are now."""
    if not merges:
        return f"No merge yet: every letter is a piece, {length:.2f} symbols for each word."
    left, right, count = found[merges - 1]
    return (f"Merge {merges}: {left} and {right} stood side by side {count:,} times and became "
            f"{left + right}. Each word of other text takes {length:.2f} symbols.")
