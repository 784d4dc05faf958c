"""Notebook 14: one wrong phone put in by hand, and what the model makes of it."""

import ipywidgets

from ..experiments import drift
from ..plots import gone_astray
from .explore import explore

MOST = 10
"""Places at which a slip can be made."""
ALT = (
    "Three rows of phones: the gold ones, what the model writes alone, and what it writes after "
    "one phone was exchanged; below it the errors by position after gold and after own phones."
)
CAPTION = (
    "In training every phone before was a gold one. Here one phone is exchanged for the most "
    "probable wrong one, and the model goes on alone: sometimes it comes back at once, sometimes "
    "it has lost its place in the word."
)


def astray(model, corpus, examples, lines, samples):
    """Choose a word and the place of the first slip, and see what is written then.

    model     from letters to phones, with `corpus` its Corpus
    examples  list of (word, [phones]) to choose from, one pronunciation each
    lines     dict name -> errors by position, drawn below
    samples   dict label -> (word, place from 1): one button each, the first one opens
    """
    words = {word: several[0] for word, several in examples}
    bound = 1.3 * max(max(values) for values in lines.values())

    def draw(fig, word, place):
        t = min(place, len(words[word])) - 1
        rows, further = drift.story(model, corpus, word, words[word], t)
        gone_astray(fig, rows, lines, t, bound)
        return said(word, t, further, len(words[word]) < place)

    presets = {label: {"word": word, "place": place} for label, (word, place) in samples.items()}
    first = next(iter(presets.values()))
    controls = {
        "word": ipywidgets.Dropdown(options=list(words), value=first["word"]),
        "place": ipywidgets.IntSlider(min=1, max=MOST, value=first["place"],
                                      description="place of the slip",
                                      layout={"width": "360px"}),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(9, 4.6))


def said(word, t, further, short):
    """The line below the picture."""
    end = " (its last)" if short else ""
    brought = {0: "no further error", 1: "one further error"}.get(
        further, f"{further} further errors")
    if further < 0:
        brought = f"{-further} fewer errors than the model makes alone after gold phones"
    return f"{word}: a slip at phone {t + 1}{end} brings {brought}."
