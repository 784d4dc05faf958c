"""Notebook 05: look through the units of a character model while it reads a text."""

import ipywidgets

from ..experiments.char_units import PROPERTIES, ROWS, best, contexts, readable, scores, shades
from ..plots import characters
from .explore import explore

LENGTH = 520
"""Characters that are shown at once."""


def units_in_text(writer, text, name="pydoc", starts=(0,)):
    """Choose a unit of a character model and see its context c at every character of a passage.

    writer  a trained model with its vocabulary (`char_units.load`)
    text    held-out text; the units named by the buttons are those that follow best on its first
            half
    starts  where passages begin, in the second half
    """
    text = readable(text, writer.vocab)
    values = contexts(writer.model, writer.vocab.encode(text), ROWS)
    followed = {what: best(values, of(text)) for what, of in PROPERTIES[name].items()}
    half, colours = len(text) // 2, shades(values)
    rows = {what: scores(values[half:], of(text)[half:]) for what, of in PROPERTIES[name].items()}

    def draw(fig, unit, passage):
        here = slice(starts[passage - 1], starts[passage - 1] + LENGTH)
        title = f"unit {unit}: its context c, from low (blue) to high (brown)"
        characters(fig.add_subplot(), text[here], colours[here, unit].numpy(), title=title)
        return told(unit, {what: row[unit].item() for what, row in rows.items()})

    return explore(
        draw,
        {"unit": ipywidgets.IntSlider(value=next(iter(followed.values())).unit, min=0,
                                      max=values.shape[1] - 1, description="unit"),
         "passage": ipywidgets.IntSlider(value=1, min=1, max=len(starts), description="passage")},
        alt="A passage of held-out text; each character stands on the colour of one unit's context "
        "after it was read, from blue for its low values to brown for its high ones.",
        caption="Nobody told the model what a bracket or a quote is. Some of its units follow them "
        "all the same: one colour inside, another one outside.",
        presets={what: {"unit": one.unit} for what, one in followed.items()},
        size=(10, 3.0),
    )


def told(unit, found):
    """The line below the picture: how well the unit follows each property."""
    parts = (f"{what} {score:+.2f}" for what, score in found.items())
    return (f"Unit {unit} follows, on the held-out text (0: not at all, 1 or -1: "
            f"perfectly): {', '.join(parts)}.")
