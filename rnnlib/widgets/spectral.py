"""The widget of notebook 09: a slider for the spectral radius of U, gradients by distance."""

from functools import lru_cache

import ipywidgets
import torch

from ..experiments.gradients import Start, scaled_cell
from ..plots import growth
from ..trace_distance import products, step_jacobians
from .explore import explore

ALT = ("Two panels, tanh and ReLU: the norm of the derivative of the last state by an earlier one "
       "against the distance, on a logarithmic scale. Below the critical radius the lines fall, "
       "above it they rise; ReLU rises without an end.")
CAPTION = ("One number decides how far a gradient travels: the spectral radius of $U$. Below a "
           "critical value it vanishes, above it explodes; where that is depends on $g$.")
PRESETS = {
    "vanishes with both": {"radius": 0.7, "push": 1.0},
    "ReLU explodes, tanh does not": {"radius": 1.7, "push": 1.0},
    "small inputs: tanh on the edge": {"radius": 1.0, "push": 0.05},
    "tanh explodes too": {"radius": 2.5, "push": 0.05},
}


@lru_cache(maxsize=512)
def norms(g, radius, push, seed, T=51, H=32):
    """Norms of dh_T/dh_t of one fresh cell, T numbers."""
    start = Start(g, radius, push, H=H, T=T, B=1, seed=seed)
    generator = torch.Generator().manual_seed(seed + 1000)
    x = push * torch.randn(1, T, start.D, generator=generator).double()
    J = step_jacobians(scaled_cell(start), x)[0]
    return torch.linalg.matrix_norm(products(J), ord=2).tolist()


def spectral_radius(draws=3):
    """Norms by distance for tanh and ReLU side by side, over the radius of U and the inputs' size.

    Each line is another draw of the weights.
    """
    def draw(fig, radius, push):
        found = {g: [norms(g, radius, push, seed) for seed in range(draws)]
                 for g in ("tanh", "relu")}
        growth(fig, found)
        return said(found, radius)

    controls = {
        "radius": ipywidgets.FloatSlider(
            value=1.7, min=0.3, max=2.5, step=0.1, description="spectral radius of U"),
        "push": ipywidgets.FloatSlider(
            value=1.0, min=0.05, max=2.0, step=0.05, description="size of the inputs"),
    }
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(8.6, 3.4))


def said(found, radius):
    """One line: by how much the gradient has changed over the whole distance."""
    words = []
    for g, lines in found.items():
        middle = sorted(line[0] for line in lines)[len(lines) // 2]
        name = {"tanh": "tanh", "relu": "ReLU"}[g]
        words.append(f"{name}: times {middle:.2g} over {len(lines[0]) - 1} steps")
    return f"radius {radius:.1f}.  " + ";  ".join(words)
