"""The network as a diagram: once with its cycle, once unrolled over time, the steps in use lit.

Nodes x_t, h_t, y_t; edges W (input), U (state to state), V (output), each in its own colour
wherever it is used, because it is the same matrix at every step.
"""

import numpy as np
from matplotlib.collections import LineCollection

from .lettering import LETTER, MONO, indexed, write
from .style import ERRORS, INK, WEIGHTS, bare, points_per_unit, styled

PALE, PALE_INK = "#d5d5d5", "#9a9a9a"
DARK_OWN = "#a86400"  # the colour of a step's own error, dark enough for a letter
X, H, Y = 0.0, 1.0, 2.0  # heights of the three rows
TURN = {(0, 1): 0, (-1, 0): 90, (0, -1): 180, (1, 0): 270}  # of an arrow's head, by direction


@styled
def recurrent_view(ax, step="t", lit=True):
    """Draw the network with its cycle: x below, h, y above; `step` is the index at the nodes."""
    ax.set(xlim=(-0.8, 1.35), ylim=(-0.5, 2.5))
    bare(ax)
    radius = node_radius(ax)
    across, gap = gaps(ax, radius)
    colours = WEIGHTS if lit else dict.fromkeys("WUV", PALE)
    edges(
        ax, [(0, X + gap), (0, H + gap)], [(0, H - gap), (0, Y - gap)], [colours["W"], colours["V"]]
    )
    angle = np.linspace(-np.pi, np.pi, 90)
    loop = np.stack([0.52 + 0.42 * np.cos(angle), H + 0.36 * np.sin(angle)])
    loop = loop[:, np.hypot(loop[0] / across, (loop[1] - H) / gap) > 1]
    ax.plot(*loop, color=colours["U"], linewidth=2)
    ax.scatter(*loop[:, -1], marker=(3, 0, 60), s=42, color=colours["U"], zorder=3, linewidths=0)
    write(ax, "WVU", [(-0.2, 0.5), (-0.2, 1.5), (1.15, H)], 14, [colours[k] for k in "WVU"], LETTER)
    nodes(ax, [(0, X), (0, H), (0, Y)], [indexed(k, step) for k in "xhy"], [lit] * 3, radius)


@styled
def unrolled_view(ax, tokens, forward=None, back=None):
    """Draw the network unrolled over its tokens: a copy per step, the same three matrices in each.

    forward  how many steps are done (all when None); later ones stay pale
    back     the first step that the error has reached on its way back from the last one, or None:
             then the arrows turn round, V carries each step's own error, U the error from the
             future
    """
    T = len(tokens)
    ax.set(xlim=(-0.4, T + 0.5), ylim=(-0.85, 2.4))
    bare(ax)
    radius, steps = node_radius(ax), np.arange(1, T + 1)
    if back is None:
        lit = forward_edges(ax, steps, T if forward is None else forward, radius)
    else:
        lit = backward_edges(ax, steps, back, radius)
    places = [(t, row) for row in (X, H, Y) for t in steps] + [(0, H)]
    names = [indexed(letter, t) for letter in "xhy" for t in steps] + [indexed("h", 0)]
    nodes(ax, places, names, np.concatenate([*lit, [back is None]]), radius)
    write(ax, tokens, [(t, X - 0.66) for t in steps], min(11, 1.5 * radius), INK, MONO)


def forward_edges(ax, steps, done, radius):
    """W and V upwards, U to the right, coloured for `done` steps; returns the nodes lit by row."""
    across, gap = gaps(ax, radius)
    on = steps <= done
    W, U, V = (tinted(on, WEIGHTS[k]) for k in "WUV")
    edges(ax, [(t, X + gap) for t in steps], [(t, H - gap) for t in steps], W)
    edges(ax, [(t, H + gap) for t in steps], [(t, Y - gap) for t in steps], V)
    edges(ax, [(t - 1 + across, H) for t in steps], [(t - across, H) for t in steps], U)
    letters(ax, steps, W, U, V)
    return on, on, on


def backward_edges(ax, steps, back, radius):
    """V downwards with each step's own error, U to the left with that from the future."""
    across, gap = gaps(ax, radius)
    on, pale = steps >= back, [PALE] * len(steps)
    future = [PALE, *tinted(on[:-1], ERRORS["future"])]
    ax.add_collection(
        LineCollection([[(t, H - gap), (t, X + gap)] for t in steps], colors=pale, linewidths=2),
        autolim=False,
    )
    edges(
        ax, [(t, Y - gap) for t in steps], [(t, H + gap) for t in steps], tinted(on, ERRORS["own"])
    )
    edges(ax, [(t - across, H) for t in steps], [(t - 1 + across, H) for t in steps], future)
    letters(ax, steps, pale, future, tinted(on, DARK_OWN))
    return on & False, on, on


def letters(ax, steps, W, U, V):
    """W, U, V beside their edges at every step, in the colours given."""
    aside = 9 / points_per_unit(ax)[0]
    places = (
        [(t - aside, 0.5) for t in steps]
        + [(t - 0.5, 1.2) for t in steps]
        + [(t - aside, 1.5) for t in steps]
    )
    write(
        ax,
        "W" * len(steps) + "U" * len(steps) + "V" * len(steps),
        places,
        11 if len(steps) <= 9 else 9,
        [*W, *U, *V],
        LETTER,
    )


def nodes(ax, places, labels, lit, radius):
    """Round nodes with their labels, dark-rimmed where lit."""
    lit = np.asarray(lit, dtype=bool)
    ax.scatter(
        *zip(*places, strict=True),
        s=(2 * radius) ** 2,
        facecolor="#ffffff",
        linewidth=1.4,
        zorder=4,
        edgecolor=np.where(lit, INK, PALE),
    )
    write(ax, labels, places, min(12, 0.85 * radius), np.where(lit, INK, PALE_INK), LETTER)


def edges(ax, starts, stops, colours):
    """Straight edges, all in one direction, with a head at their ends."""
    ax.add_collection(
        LineCollection(list(zip(starts, stops, strict=True)), colors=colours, linewidths=2),
        autolim=False,
    )
    (x0, y0), (x1, y1) = starts[0], stops[0]
    turn = TURN[int(np.sign(x1 - x0)), int(np.sign(y1 - y0))]
    ax.scatter(
        *zip(*stops, strict=True), marker=(3, 0, turn), s=42, color=colours, zorder=3, linewidths=0
    )


def tinted(on, colour):
    """The colour where on, pale elsewhere."""
    return [colour if o else PALE for o in on]


def node_radius(ax):
    """Radius of a node in points that leaves room for one node per unit across and three rows."""
    wide, high = points_per_unit(ax)
    return float(np.clip(min(0.27 * wide, 0.26 * high), 5, 15))


def gaps(ax, radius):
    """A node's radius and a little, in units of the axes: across and upwards."""
    wide, high = points_per_unit(ax)
    return (radius + 3) / wide, (radius + 3) / high
