"""Notebook 10: a memory of one unit whose three gates are driven by hand, step by step."""

import ipywidgets
import numpy as np

from ..plots import memory
from .explore import explore

NUMBERS = (0.8, -0.5, 0.3, 0.9, -0.7, 0.4, -0.2, 0.6)
ALT = (
    "Eight numbers come in, one a step. Three rows of gates, write, keep and show, each open or "
    "shut at every step. Below, what the unit keeps as a line and what it shows as bars."
)
CAPTION = (
    "$c_t = f_t c_{t-1} + i_t g_t$ and $h_t = o_t \\tanh(c_t)$ with one number in each: you are "
    "the gates. 1 is open, 0 is shut, any other sign half open; hardness says how nearly 1 and 0."
)
PRESETS = {
    "store, keep, release": {"i": "01000000", "f": "00111110", "o": "00000010", "hardness": 8.0},
    "never forget": {"i": "01010000", "f": "11111111", "o": "11111111", "hardness": 8.0},
    "coupled: f = 1 - i": {"i": "10010001", "f": "01101110", "o": "11111111", "hardness": 8.0},
    "soft gates leak": {"i": "01000000", "f": "00111110", "o": "00000010", "hardness": 2.0},
    "never write": {"i": "00000000", "f": "11111111", "o": "11111111", "hardness": 8.0},
}


def one_unit(numbers=NUMBERS):
    """Drive the gates of one unit by hand; `numbers` are the candidates g_t that come in."""
    T = len(numbers)

    def draw(fig, i, f, o, hardness):
        gates = {name: opened(word, T, hardness) for name, word in {"i": i, "f": f, "o": o}.items()}
        c, h = driven(numbers, gates)
        memory(fig, numbers, gates, c, h)
        return said(numbers, gates, c, h)

    def box(value, name):
        return ipywidgets.Text(value=value, description=name, layout={"width": "190px"})

    first = PRESETS["store, keep, release"]
    words = {"i": "write i", "f": "keep f", "o": "show o"}
    controls = {name: box(first[name], word) for name, word in words.items()}
    controls["hardness"] = ipywidgets.FloatSlider(
        value=8, min=0, max=8, step=0.5, description="hardness"
    )
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(9, 4.8))


def opened(word, T, hardness):
    """Gates for T steps from their signs: sigmoid of +hardness for 1, -hardness for 0, 0 else."""
    signs = (word + "0" * T)[:T]
    sums = np.array([{"1": hardness, "0": -hardness}.get(sign, 0.0) for sign in signs])
    return 1 / (1 + np.exp(-sums))


def driven(numbers, gates):
    """(c, h): what is kept and what is shown after each step, T numbers each."""
    c, kept = 0.0, []
    for g, i, f in zip(numbers, gates["i"], gates["f"], strict=True):
        c = f * c + i * g
        kept.append(c)
    kept = np.array(kept)
    return kept, gates["o"] * np.tanh(kept)


def said(numbers, gates, c, h):
    """One line: how much of what was written most openly is left where the most is shown."""
    t, shown = int(np.argmax(gates["i"])), int(np.abs(h).argmax())
    if abs(h[shown]) < 0.005:
        return "Nothing is shown."
    left = f"Step {shown + 1} shows the most, {h[shown]:.2f}"
    if shown < t:
        return f"{left}, before anything is written with an open gate."
    kept = float(np.prod(gates["f"][t + 1 : shown + 1]))
    written = f"of the {numbers[t]:g} written at step {t + 1}"
    return f"{left}; {written} the share {kept:.2g} is left there."
