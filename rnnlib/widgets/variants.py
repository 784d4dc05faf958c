"""Notebook 10: the lectures' LSTMs and GRUs side by side, the same weights, the same input."""

import ipywidgets
import torch

from .. import lectures
from ..cells import GRUCell, LSTMCell, loop
from ..plots import forms
from ..plots.style import GATES, MODELS
from .explore import explore

FAMILIES = {  # lecture -> its form, and its letters for the gates i f o g or r z g
    "LSTM": {"notes": (lectures.NotesLSTM, "ifog"), "cs505": (lectures.CS505LSTM, "UFOA"),
             "cs447": (lectures.CS447LSTM, "ifoc")},
    "GRU": {"cs447": (lectures.CS447GRU, "rzh"), "cs421": (lectures.CS421GRU, "rzg"),
            "cs505": (lectures.CS505GRU, "RUA")},
}
COMMON = {"LSTM": (LSTMCell, "ifog"), "GRU": (GRUCell, "rzg")}
STAND, RENAMED = "as they stand", "renamed"
D, H, T = 3, 8, 40
ALT = (
    "The state of one unit over forty steps, in one row for each lecture's form; in grey the common "
    "cell with the same weights, shaded where the two differ, with the largest difference."
)
CAPTION = (
    "The same weights in each lecture's equations. Five of the six forms are the common cell once "
    "names and the direction of $z$ are sorted out; the LSTM of cs447 is another function."
)
PRESETS = {
    "LSTMs": {"family": "LSTM", "weights": RENAMED, "scale": 2.0},
    "small weights hide it": {"family": "LSTM", "weights": RENAMED, "scale": 0.5},
    "GRUs, z as it stands": {"family": "GRU", "weights": STAND, "scale": 2.0},
    "GRUs, z turned round": {"family": "GRU", "weights": RENAMED, "scale": 2.0},
}


def variants(seed=0):
    """The lectures' forms of a unit over random inputs, beside the common cell."""

    def draw(fig, family, weights, scale):
        lines, gaps = compared(family, weights, scale, seed)
        colour = GATES["c"] if family == "LSTM" else MODELS["gru"]
        note = {name: "the common cell" if name == "rnnlib" else f"differs by {gap:.1g}"
                for name, gap in gaps.items()}
        forms(fig, lines, dict.fromkeys(lines, colour), note)
        return said(gaps)

    controls = {
        "family": ipywidgets.ToggleButtons(options=list(FAMILIES), value="LSTM",
                                           description="unit", style={"button_width": "70px"}),
        "weights": ipywidgets.ToggleButtons(options=[STAND, RENAMED], value=RENAMED,
                                            description="letters"),
        "scale": ipywidgets.FloatSlider(value=2.0, min=0.5, max=4.0, step=0.5,
                                        description="size of weights"),
    }
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(9, 4.4))


def compared(family, weights, scale, seed=0):
    """(lines, gaps): h of one unit of the common cell and each form; the largest differences of h.

    The unit is the one whose h differs most between the forms.

    renamed       a gate that mixes the other way round gets weights of the other sign
    as they stand every gate gets the weights of its namesake
    """
    generator = torch.Generator().manual_seed(seed)
    kind, letters = COMMON[family]
    rows = {k: (scale * torch.randn(H, D, generator=generator).double() / D**0.5,
                scale * torch.randn(H, H, generator=generator).double() / H**0.5) for k in letters}
    x = torch.randn(1, T, D, generator=generator).double()
    states = {"rnnlib": loop(written(kind, letters, rows), x)[0]}
    for name, (form, own) in FAMILIES[family].items():
        turned = family == "GRU" and name != "cs447" and weights == RENAMED
        mine = rows | {"z": tuple(-weight for weight in rows["z"])} if turned else rows
        states[name] = loop(written(form, own, dict(zip(own, mine.values(), strict=True))), x)[0]
    far = {name: (h - states["rnnlib"])[0].abs().amax(0) for name, h in states.items()}
    unit = torch.stack(list(far.values())).amax(0).argmax().item()
    lines = {name: h[0, :, unit].tolist() for name, h in states.items()}
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
