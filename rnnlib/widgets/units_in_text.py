"""Notebook 05: look through the units of character models while they read a text."""

import ipywidgets

from ..experiments.char_units import PROPERTIES, ROWS, best, contexts, scores, shades
from ..plots import characters
from .explore import explore

LENGTH, LINES, PASSAGES = 600, 13, 5
"""Characters and lines that are shown at once; passages to choose from."""


def units_in_text(readers):
    """Choose a unit of a character model and see its context c at every character of a passage.

    readers  dict label -> (trained model with its vocabulary, `readable` text, name of the text
             it learned: "pydoc" or "tinyshakespeare"); passages are from the second half, and the
             buttons name the units that follow best on the first half
    """
    found = {label: Watched(*one) for label, one in readers.items()}

    def draw(fig, reader, unit, passage):
        one = found[reader]
        unit = min(unit, one.colours.shape[1] - 1)
        here = one.passage(passage)
        title = f"unit {unit}: its context c, from low (blue) to high (brown)"
        characters(fig.add_subplot(), one.text[here], one.colours[here, unit].numpy(), title=title)
        return told(unit, {what: row[unit].item() for what, row in one.scores.items()})

    presets = {}
    for label, one in found.items():
        for what, unit in one.followed.items():
            presets.setdefault(what, {"reader": label, "unit": unit.unit})
    start = next(iter(presets.values()))
    return explore(
        draw,
        {"reader": ipywidgets.ToggleButtons(options=list(found), description="reads",
                                            style={"button_width": "auto"}),
         "unit": ipywidgets.IntSlider(value=start["unit"], min=0, description="unit",
                                      max=max(one.colours.shape[1] for one in found.values()) - 1),
         "passage": ipywidgets.IntSlider(value=1, min=1, max=PASSAGES, description="passage")},
        alt="A passage of text; each character stands on the colour of one unit's context after it "
        "was read, from blue for its low values to brown for its high ones.",
        caption="Nobody told the models what a quote or a line is. Yet one unit has one colour "
        "inside of quotes and another one outside, and one changes its colour along the line.",
        presets=presets,
        size=(10, 3.2),
    )


class Watched:
    """All that a model's units do while it reads a text, and which of them follow what."""

    def __init__(self, writer, text, name):
        self.text, half = text, len(text) // 2
        values = contexts(writer.model, writer.vocab.encode(text), ROWS)
        wanted = {what: of(text) for what, of in PROPERTIES[name].items()}
        self.colours = shades(values)
        self.followed = {what: best(values, flags) for what, flags in wanted.items()}
        self.scores = {what: scores(values[half:], flags[half:]) for what, flags in wanted.items()}

    def passage(self, number):
        """Where a passage of the second half begins (at a line) and ends."""
        start = len(self.text) // 2 + (number - 1) * (len(self.text) // 2 // PASSAGES)
        start = self.text.find("\n", start) + 1
        lines = self.text[start : start + LENGTH].split("\n")[:LINES]
        return slice(start, start + len("\n".join(lines)))


def told(unit, found):
    """The line below the picture: how well the unit follows each property."""
    parts = (f"{what} {score:+.2f}" for what, score in found.items())
    return (f"Unit {unit} follows, on this half of the text (0: not at all, 1 or -1: perfectly): "
            f"{', '.join(parts)}.")
