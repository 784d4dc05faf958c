"""Whole figures of one step: the numbers of h = g(W x + U h + b) at work."""

import numpy as np

from .curves import bars
from .diagrams import recurrent_view, unrolled_view
from .grids import grids, states
from .lettering import LETTER, SANS, indexed, write
from .style import INK, MUTED, WEIGHTS, bare, styled

LEFT, WIDE = 0.2, 0.79  # where the unrolled view begins in a figure, and its width
TOP = 0.68  # of the boxes of the equation, as a share of their Axes


@styled
def step(fig, weights, seen, tokens, t):
    """Draw step t of a simple RNN: both views, the states so far, every number of the equation.

    weights  dict of W (H, D), U (H, H), b (H,), V (K, H), `symbols`, the names of the K outputs
             and D inputs, and, if it is not tanh, `g`, the name of the function g
    seen     dict of x (T, D), before (T, H), h (T, H), y (T, K): inputs, previous and new states,
             probabilities
    """
    fig.set_layout_engine("none")
    recurrent_view(fig.add_axes([0.005, 0.585, 0.17, 0.4]), t)
    unrolled_view(fig.add_axes([LEFT, 0.585, WIDE, 0.4]), tokens, forward=t)
    states(under(fig, len(tokens), 0.385, 0.165), seen["h"], None, upto=t)
    fig.text(LEFT - 0.012, 0.468, "states so far", ha="right", va="center", fontsize=11)
    now = {name: values[t - 1] for name, values in seen.items()}
    equation(fig.add_axes([0.015, 0.01, 0.81, 0.33]), weights, now, t)
    y, K = fig.add_axes([0.855, 0.065, 0.135, 0.196]), len(now["y"])
    bars(y, now["y"], weights["symbols"])
    level = -0.6 - 0.236 * (K + 0.2)
    write(y, [indexed("y", t)], [(0.06, level)], 14, INK, LETTER)
    write(y, [f"softmax({indexed('Vh', t)})"], [(0.62, level)], 9, MUTED)


def under(fig, T, bottom, height):
    """An Axes whose T columns stand under the T steps of the unrolled view."""
    unit = WIDE / (T + 0.9)
    return fig.add_axes([LEFT + 0.9 * unit, bottom, T * unit, height])


def equation(ax, weights, now, t):
    """The boxes W x + U h + b -> h -> V h with the numbers of step t, on one Axes."""
    shown = [
        ("W", weights["W"]),
        (indexed("x", t), now["x"]),
        ("+", None),
        ("U", weights["U"]),
        (indexed("h", t - 1), now["before"]),
        ("+", None),
        ("b", weights["b"]),
        ("→", None),
        (indexed("h", t), now["h"]),
        ("→", None),
        ("V", weights["V"]),
    ]
    widths = [
        0.6 if values is None else max(1.25, np.atleast_2d(values).shape[1] * (np.ndim(values) > 1))
        for _, values in shown
    ]
    ax.set(xlim=(0, sum(widths) + 0.35 * len(widths)), ylim=(0, 1))
    bare(ax)
    left, boxes = 0.0, []
    for (name, values), width in zip(shown, widths, strict=True):
        place = (left + (width / 2 if values is None else 0.25), 0.38 if values is None else 0.9)
        font, colour = (SANS, MUTED) if values is None else (LETTER, WEIGHTS.get(name, INK))
        write(ax, [name], [place], 14, colour, font)
        if name == "b":
            over = left + width + 0.65, 0.52
            write(ax, [weights.get("g", "tanh")], [over], 9, MUTED)
        if values is not None:
            values = np.asarray(values, dtype=float).reshape(len(values), -1)
            high = TOP / len(values)
            lit = np.asarray(now["x"]) != 0 if name == "W" else None
            boxes.append((values, (left, 0.76, width / values.shape[1], high), lit))
        left += width + 0.35
    grids(ax, boxes, 1.0)
    columns = np.arange(len(weights["symbols"])) + 0.5
    write(ax, weights["symbols"], [(c, 0.8) for c in columns], 9, INK)
