"""Notebook 13: turn and stretch the state that asks; scores become weights, weights a context."""

import ipywidgets
import numpy as np

from ..plots import three_states
from .explore import explore

STATES = np.array([[1.3, 0.2], [-0.5, 1.2], [-0.6, -1.1]])
"""Three encoder states of two numbers."""

ALT = ("Three arrows for the encoder states and one for the decoder's state in a plane; beside it "
       "bars of the three scores and of the three weights. A star, the context, lies in the "
       "triangle of the three states, near the state with the largest weight.")
CAPTION = ("The direction of $s$ says which state is chosen, its length how firmly. The context is "
           "always inside the triangle: a soft choice is an average.")
PRESETS = {
    "a soft choice": {"angle": 30, "length": 1.2},
    "almost one word": {"angle": 30, "length": 4.0},
    "no choice": {"angle": 30, "length": 0.0},
    "between two": {"angle": 61, "length": 4.0},
    "away from one": {"angle": 190, "length": 1.2},
}


def soft_choice(h=STATES):
    """Turn the decoder's state and change its length; h (3, 2) are the encoder's states."""

    def draw(fig, angle, length):
        turn = np.deg2rad(angle)
        s = length * np.array([np.cos(turn), np.sin(turn)])
        scores = h @ s
        a = np.exp(scores - scores.max())
        a /= a.sum()
        three_states(fig, h, s, scores, a, a @ h)
        most = int(a.argmax()) + 1
        return (f"{a.max():.0%} of the weight is on state {most}; the others share "
                f"{1 - a.max():.0%}.")

    first = next(iter(PRESETS.values()))
    controls = {
        "angle": ipywidgets.IntSlider(first["angle"], 0, 359, description="direction of s"),
        "length": ipywidgets.FloatSlider(value=first["length"], min=0, max=4, step=0.1,
                                         description="length of s"),
    }
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(9, 4))
