"""Notebook 10: every gate of a trained LSTM over a sentence, one unit and all units."""

import ipywidgets
import torch

from ..plots import microscope
from .explore import explore

ALT = (
    "A text above columns of coloured cells: for one unit of a trained LSTM the gates i, f, o, the "
    "candidate g, the context c and the state h after each token, and what the reader says; below, "
    "one gate of all units."
)
CAPTION = (
    "The forget gate of the framed unit stays near 1 while there is something to remember, and its "
    "context $c$ carries it: first a number of a noun, then an open bracket, then an open quote."
)


def gate_microscope(readers, samples):
    """Look at one unit of a trained reader while it reads.

    readers  dict name -> reader with tokens(text) and read(tokens) -> (parts, y), and `outputs`
    samples  dict label -> (name of a reader, text, unit): one button each, the first one opens
    """
    last = {}

    def draw(fig, reader, text, unit, gate):
        one = readers[reader]
        tokens = one.tokens(text)
        if not tokens:
            return "Type something that the reader can read."
        if last.get("key") != (reader, tuple(tokens)):
            last.update(key=(reader, tuple(tokens)), seen=one.read(tokens))
        parts, y = last["seen"]
        unit = min(unit, one.cell.H - 1)
        says = {f"says {name}": y[:, k] for k, name in enumerate(one.outputs)}
        microscope(fig, parts, tokens, (unit, gate), says)
        return said(parts, tokens, unit) + unread(one, tokens)

    presets = {label: {"reader": name, "text": text, "unit": unit, "gate": "c"}
               for label, (name, text, unit) in samples.items()}
    first = next(iter(presets.values()))
    widest = max(reader.cell.H for reader in readers.values())
    return explore(draw, controls(first, list(readers), widest), ALT, CAPTION, presets,
                   size=(9.6, 5.4))


def controls(first, names, H):
    """Who reads, what, which unit is framed, and which gate is shown for all units."""
    return {
        "reader": ipywidgets.Dropdown(options=names, value=first["reader"],
                                      description="reads", layout={"width": "160px"}),
        "text": ipywidgets.Text(value=first["text"], description="text",
                                layout={"width": "470px"}),
        "unit": ipywidgets.IntSlider(value=first["unit"], min=0, max=H - 1, description="unit"),
        "gate": ipywidgets.Dropdown(options=list("ifogch"), value="c", description="all units",
                                    layout={"width": "130px"}),
    }


def said(parts, tokens, unit):
    """Where the unit forgets most, and how open its forget gate is on the whole."""
    f = torch.as_tensor(parts["f"])[:, unit]
    lowest = f.argmin().item()
    return (
        f"Unit {unit}: its forget gate is {f.mean().item():.2f} on average and lowest, "
        f"{f[lowest].item():.2f}, at {tokens[lowest]!r}."
    )


def unread(reader, tokens):
    """A note on words that the reader does not know."""
    strange = sorted({token for token in tokens if token not in reader.vocab})
    return f" It does not know {', '.join(strange)}." if strange else ""
