"""The network as a diagram: once with its cycle, once unrolled over time, with the steps in use lit.

Nodes x_t, h_t, y_t; edges W (input), U (state to state), V (output), each in its own colour wherever it is used, because
it is the same matrix at every step.
"""
import numpy as np
from matplotlib.collections import LineCollection

from .style import ERRORS, INK, LETTER, WEIGHTS, bare, indexed, styled

PALE = "#d5d5d5"
INSIDE = {**LETTER, "in_layout": False}
DARK_OWN = "#a86400"   # the colour of a step's own error, dark enough for a letter
X, H, Y = 0.0, 1.0, 2.0   # heights of the three rows


@styled
def recurrent_view(ax, step="t", lit=True):
    """Draw the network with its cycle: x below, h in the middle, y above; `step` is the index written at the nodes."""
    ax.set(xlim=(-1.0, 1.15), ylim=(-0.5, 2.5))
    bare(ax)
    radius = node_radius(ax)
    across, gap = gaps(ax, radius)
    angle = np.linspace(-np.pi, np.pi, 90)
    loop = np.stack([0.52 + 0.42 * np.cos(angle), H + 0.36 * np.sin(angle)])
    outside = np.hypot(loop[0] / across, (loop[1] - H) / gap) > 1
    loop = loop[:, outside]
    colours = WEIGHTS if lit else dict.fromkeys("WUV", PALE)
    edge(ax, (0, X + gap), (0, H - gap), colours["W"])
    edge(ax, (0, H + gap), (0, Y - gap), colours["V"])
    ax.plot(*loop, color=colours["U"], linewidth=2)
    ax.scatter(*loop[:, -1], marker=(3, 0, 60), s=42, color=colours["U"], zorder=3, linewidths=0)
    ax.text(1.0, H, "U", **INSIDE, color=colours["U"], ha="left", va="center", fontsize=14)
    for height, letter in ((0.5, "W"), (1.5, "V")):
        ax.text(-0.1, height, letter, **INSIDE, color=colours[letter], ha="right", va="center", fontsize=14)
    nodes(ax, [0, 0, 0], [X, H, Y], [indexed(n, step) for n in "xhy"], [lit] * 3, radius)


@styled
def unrolled_view(ax, tokens, forward=None, back=None):
    """Draw the network unrolled over its tokens: a copy per step, the same three matrices in each.

    forward  how many steps are done (all when None); later ones stay pale
    back     the first step that the error has reached on its way back from the last one, or None: then the arrows turn
             round, V carries each step's own error, U the error from the future
    """
    T = len(tokens)
    done = T if forward is None else forward
    ax.set(xlim=(-0.4, T + 0.5), ylim=(-0.85, 2.5))
    bare(ax)
    radius = node_radius(ax)
    steps = np.arange(1, T + 1)
    if back is None:
        forward_edges(ax, steps, done, radius)
        lit = steps <= done
    else:
        backward_edges(ax, steps, back, radius)
        lit = steps >= back
    for row, letter in ((X, "x"), (H, "h"), (Y, "y")):
        on = lit if back is None or letter != "x" else np.zeros(T, bool)
        nodes(ax, steps, [row] * T, [indexed(letter, t) for t in steps], on, radius)
    nodes(ax, [0], [H], [indexed("h", 0)], [back is None], radius)
    for t, token in zip(steps, tokens):
        ax.text(t, -0.72, token, ha="center", va="center", family="DejaVu Sans Mono", parse_math=False,
                fontsize=min(11, 1.5 * radius), color=INK, in_layout=False)


def forward_edges(ax, steps, done, radius):
    """W and V upwards at every step, U to the right between steps; coloured for the first `done` steps."""
    gap_x, gap_y = gaps(ax, radius)
    on = steps <= done
    many(ax, [(t, X + gap_y) for t in steps], [(t, H - gap_y) for t in steps], tinted(on, WEIGHTS["W"]))
    many(ax, [(t, H + gap_y) for t in steps], [(t, Y - gap_y) for t in steps], tinted(on, WEIGHTS["V"]))
    many(ax, [(t - 1 + gap_x, H) for t in steps], [(t - gap_x, H) for t in steps], tinted(on, WEIGHTS["U"]))
    letters(ax, steps, {letter: tinted(on, colour) for letter, colour in WEIGHTS.items()})


def backward_edges(ax, steps, back, radius):
    """V downwards with each step's own error, U to the left with the error from the future, as far as step `back`."""
    gap_x, gap_y = gaps(ax, radius)
    pale, on = [PALE] * len(steps), steps >= back
    own, future = tinted(on, ERRORS["own"]), pale[:1] + tinted(on[:-1], ERRORS["future"])
    many(ax, [(t, H - gap_y) for t in steps], [(t, X + gap_y) for t in steps], pale, heads=False)
    many(ax, [(t, Y - gap_y) for t in steps], [(t, H + gap_y) for t in steps], own)
    many(ax, [(t - gap_x, H) for t in steps], [(t - 1 + gap_x, H) for t in steps], future)
    letters(ax, steps, {"W": pale, "U": future, "V": tinted(on, DARK_OWN)})


def letters(ax, steps, colours):
    """W, U, V beside their edges at every step, in the colours given."""
    size = 11 if len(steps) <= 9 else 9
    for n, t in enumerate(steps):
        ax.text(t - 0.08, 0.5, "W", **INSIDE, color=colours["W"][n], ha="right", va="center", fontsize=size)
        ax.text(t - 0.08, 1.5, "V", **INSIDE, color=colours["V"][n], ha="right", va="center", fontsize=size)
        ax.text(t - 0.5, 1.1, "U", **INSIDE, color=colours["U"][n], ha="center", va="bottom", fontsize=size)


def nodes(ax, x, y, labels, lit, radius):
    """Round nodes with their labels, dark-rimmed where lit."""
    lit = np.asarray(lit, dtype=bool)
    rim = np.where(lit, INK, PALE)
    ax.scatter(x, y, s=(2 * radius) ** 2, facecolor="#ffffff", edgecolor=rim, linewidth=1.4, zorder=4)
    for a, b, label, on in zip(x, y, labels, lit):
        ax.text(a, b, label, **INSIDE, ha="center", va="center", fontsize=min(12, 0.85 * radius), zorder=5,
                color=INK if on else "#9a9a9a")


def many(ax, starts, stops, colours, heads=True):
    """Straight edges with a head at their ends, drawn in two strokes."""
    if not len(starts):
        return
    ax.add_collection(LineCollection(list(zip(starts, stops)), colors=colours, linewidths=2, capstyle="butt"))
    if heads:
        (x0, y0), (x1, y1) = starts[0], stops[0]
        turn = {(0, 1): 0, (-1, 0): 90, (0, -1): 180, (1, 0): 270}[(int(np.sign(x1 - x0)), int(np.sign(y1 - y0)))]
        ax.scatter(*zip(*stops), marker=(3, 0, turn), s=42, color=colours, zorder=3, linewidths=0)


def edge(ax, start, stop, colour):
    """One straight edge."""
    many(ax, [start], [stop], [colour])


def tinted(on, colour):
    """The colour where on, pale elsewhere."""
    return [colour if o else PALE for o in on]


def points_per_unit(ax):
    """Points on paper per unit of the x axis and of the y axis."""
    box, (left, right), (low, high) = ax.get_window_extent(), ax.get_xlim(), ax.get_ylim()
    return box.width * 72 / ax.figure.dpi / (right - left), box.height * 72 / ax.figure.dpi / (high - low)


def node_radius(ax):
    """Radius of a node in points that leaves room for one node per unit across and three rows."""
    wide, high = points_per_unit(ax)
    return float(np.clip(min(0.27 * wide, 0.26 * high), 5, 15))


def gaps(ax, radius):
    """A node's radius and a little, in units of the axes: across and upwards."""
    wide, high = points_per_unit(ax)
    return (radius + 3) / wide, (radius + 3) / high
