"""Notebook 10: the gradient microscope on four units, the keeping gate's bias on a slider."""

from functools import lru_cache

import ipywidgets

from .. import trace
from ..experiments.gates import UNITS, Start
from ..plots import by_distance
from .explore import explore

ALT = (
    "Norms of the derivative of the last state by an earlier one, against the distance, on a "
    "logarithmic scale: the simple RNN falls steeply whatever the slider says; the three gated "
    "units fall as well when their gate is half shut, and stay near 1 when it is open."
)
CAPTION = (
    "Gates do not keep the gradient alive; open gates do. The slider sets the bias of the gate "
    "that keeps the past ($f$ of the LSTM, $z$ of the GRUs) before training."
)
PRESETS = {
    "half open: 0": {"bias": 0.0},
    "the usual start: 1": {"bias": 1.0},
    "open: 3": {"bias": 3.0},
    "wide open: 5": {"bias": 5.0},
    "shut: -2": {"bias": -2.0},
}


@lru_cache(maxsize=512)
def norms(name, bias, seed=0, T=41):
    """Norms of dh_T/dh_t of one fresh unit over random inputs, T numbers."""
    start = Start(name, bias, H=12, T=T, B=1, seed=seed)
    return tuple(trace.jacobian(start.cell(), start.x())[0].tolist())


def keep_open():
    """Norms by distance of the four units over the bias of the gate that keeps."""

    def draw(fig, bias):
        found = {name: norms(name, 0.0 if name == "rnn" else bias) for name in UNITS}
        fig.set_layout_engine("none")
        ax = fig.add_axes([0.1, 0.15, 0.73, 0.82])
        by_distance(ax, found, floor=1e-15)
        ax.set(ylim=(1e-15, 1e4), yticks=[1e-15, 1e-10, 1e-5, 1])
        return said(found, bias)

    slider = ipywidgets.FloatSlider(value=1.0, min=-2, max=6, step=0.5, description="bias")
    return explore(draw, {"bias": slider}, ALT, CAPTION, PRESETS, size=(8.2, 3.6))


def said(found, bias):
    """One line: by how much the gradient has changed over the whole distance."""
    far = {name: values[0] for name, values in found.items()}
    words = [f"{word} {far[name]:.1g}" for name, word in
             {"rnn": "simple RNN", "lstm": "LSTM", "gru": "GRU"}.items()]
    steps = len(next(iter(found.values()))) - 1
    said = ", ".join(words)
    return f"Bias {bias:g}: over {steps} steps the gradient is multiplied by {said}."
