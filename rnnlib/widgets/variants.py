"""Notebook 10: the lectures' LSTMs and GRUs side by side, the same weights, the same input."""

from functools import lru_cache

import ipywidgets
import torch

from .. import lectures
from ..cells import GRUCell, LSTMCell, loop
from ..plots import forms
from ..plots.style import GATES, MODELS
from .explore import explore

LSTMS = {  # lecture -> its form, and its letters for the gates i f o g
    "notes": (lectures.NotesLSTM, "ifog"),
    "cs505": (lectures.CS505LSTM, "UFOA"),
    "cs447": (lectures.CS447LSTM, "ifoc"),
}
GRUS = {  # the same for r z g
    "cs447": (lectures.CS447GRU, "rzh"),
    "cs421": (lectures.CS421GRU, "rzg"),
    "cs505": (lectures.CS505GRU, "RUA"),
}
STAND, TURNED = "GRU, z as it stands", "GRU, z turned round"
UNITS = {
    "LSTM": (LSTMCell, "ifog", LSTMS),
    STAND: (GRUCell, "rzg", GRUS),
    TURNED: (GRUCell, "rzg", GRUS),
}
"""What can be compared: the common cell, its gates, the lectures' forms."""
D, H, T = 3, 8, 40
ALT = (
    "The state of one unit over forty steps, in one row for each lecture's form; in grey the "
    "common cell with the same weights, shaded where the two differ, with the largest difference."
)
CAPTION = (
    "The same weights in each lecture's equations. Five of the six forms are the common cell once "
    "names and the direction of $z$ are sorted out; the LSTM of cs447 is another function."
)
PRESETS = {
    "LSTMs": {"unit": "LSTM", "scale": 2.0},
    "small weights hide it": {"unit": "LSTM", "scale": 0.5},
    "GRUs, z as it stands": {"unit": STAND, "scale": 2.0},
    "GRUs, z turned round": {"unit": TURNED, "scale": 2.0},
}


def variants(seed=0):
    """The lectures' forms of a unit over random inputs, beside the common cell."""

    def draw(fig, unit, scale):
        lines, gaps = compared(unit, scale, seed)
        colour = GATES["c"] if unit == "LSTM" else MODELS["gru"]
        note = {name: "the common cell" if name == "rnnlib" else f"differs by {gap:.1g}"
                for name, gap in gaps.items()}
        forms(fig, lines, dict.fromkeys(lines, colour), note)
        return said(gaps)

    controls = {
        "unit": ipywidgets.Dropdown(options=list(UNITS), value="LSTM", description="unit"),
        "scale": ipywidgets.FloatSlider(value=2.0, min=0.5, max=4.0, step=0.5,
                                        description="size of weights"),
    }
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(9, 4.4))


@lru_cache(maxsize=64)
def compared(unit, scale, seed=0):
    """(lines, gaps): h of one unit of the common cell and each form; the largest differences of h.

    The unit is the one whose h differs most between the forms.  With z as it stands every gate has
    the weights of its namesake; turned round, a z that mixes the other way gets the other sign.
    """
    generator = torch.Generator().manual_seed(seed)
    kind, letters, lecture_forms = UNITS[unit]
    rows = {k: (scale * torch.randn(H, D, generator=generator).double() / D**0.5,
                scale * torch.randn(H, H, generator=generator).double() / H**0.5) for k in letters}
    x = torch.randn(1, T, D, generator=generator).double()
    states = {"rnnlib": loop(written(kind, letters, rows), x)[0]}
    for name, (form, own) in lecture_forms.items():
        other_way = unit == TURNED and name != "cs447"
        mine = rows | {"z": tuple(-weight for weight in rows["z"])} if other_way else rows
        states[name] = loop(written(form, own, dict(zip(own, mine.values(), strict=True))), x)[0]
    far = {name: (h - states["rnnlib"])[0].abs().amax(0) for name, h in states.items()}
    shown = torch.stack(list(far.values())).amax(0).argmax().item()
    lines = {name: h[0, :, shown].tolist() for name, h in states.items()}
    return lines, {name: gap.max().item() for name, gap in far.items()}


@torch.no_grad()
def written(kind, letters, rows):
    """A cell of a kind with weights from `rows`: dict from its gate to (W_k, U_k); no bias."""
    cell = kind(D, H).double().requires_grad_(False)
    if "b" in dict(cell.named_parameters()):
        cell.b.zero_()
    for letter in letters:
        W, U, _ = cell.rows(letter)
        W.copy_(rows[letter][0])
        U.copy_(rows[letter][1])
    return cell


def said(gaps):
    """Which forms are the common cell."""
    names = [name for name in gaps if name != "rnnlib"]
    same = [name for name in names if gaps[name] < 1e-9]
    other = [f"{name} (by up to {gaps[name]:.2f})" for name in names if name not in same]
    parts = [f"the same function: {', '.join(same)}"] if same else []
    return "; ".join(parts + ([f"another one: {', '.join(other)}"] if other else [])) + "."
