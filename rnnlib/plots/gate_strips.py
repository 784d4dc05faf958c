"""Gates over time: one unit driven by hand, and the microscope over a text."""

import numpy as np
from matplotlib.patches import Rectangle

from .lettering import MONO, visible, write
from .style import GATES, INK, MUTED, PAPER, PROBS, STATES, bare, ink_on, points_per_unit, styled

LIMITS = {"c": 3.0, "h": 1.0, "g": 1.0}
"""Ends of the colour scale of what is no gate; gates go from 0 to 1."""
ORDER = ("i", "f", "o", "r", "z", "g", "c", "h")
JOBS = {"i": "write", "f": "keep", "o": "show"}


@styled
def memory(fig, x, gates, c, h):
    """Draw a memory of one unit: inputs, three gates, what is kept and what is shown, by step.

    x, c, h  one number for each of T steps; gates  dict of i, f, o -> T numbers in [0, 1]
    """
    fig.set_layout_engine("none")
    T, left, wide = len(x), 0.13, 0.85
    top = fig.add_axes([left, 0.74, wide, 0.22])
    strips = fig.add_axes([left, 0.42, wide, 0.28])
    below = fig.add_axes([left, 0.11, wide, 0.27])
    bars(top, x, GATES["g"], "input")
    strips.set(xlim=(0.5, T + 0.5), ylim=(2.5, -0.5))
    bare(strips)
    for row, letter in enumerate("ifo"):
        cells(strips, np.asarray(gates[letter]), (0.5, row - 0.5), PROBS, (0, 1))
        beside(strips, f"${letter}$  {JOBS[letter]}", row)
    bars(below, h, GATES["h"], "$c$ and $h$", 0.45)
    below.plot(range(1, T + 1), c, color=GATES["c"], marker="o", label="$c$, kept")
    below.bar(0, 0, color=GATES["h"], label="$h$, shown")
    below.legend(ncols=2, loc="upper left", borderaxespad=0.1, fontsize=9)
    below.set(xticks=range(1, T + 1), xlabel="step")


def bars(ax, values, colour, label, wide=0.6, limit=2.2):
    """One bar a step on a fixed scale."""
    steps = np.arange(1, len(values) + 1)
    ax.bar(steps, values, wide, color=colour)
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.set(xlim=(0.5, len(values) + 0.5), ylim=(-limit, limit), yticks=[-2, 0, 2], xticks=[])
    ax.set_ylabel(label)
    seen = [(step, value) for step, value in zip(steps, values, strict=True) if abs(value) >= 0.005]
    gap = 6.5 / points_per_unit(ax)[1]
    places = [(step, value + (gap if value > 0 else -gap)) for step, value in seen]
    write(ax, [f"{value:.2f}".replace("-", "−") for _, value in seen], places, 9, INK)


@styled
def microscope(fig, parts, tokens, chosen, says):
    """Draw one unit with all its gates over the tokens, and one gate of all units.

    parts   dict of gate or state -> (T, H); tokens  T of them
    chosen  (unit, gate)
    says    dict label -> T numbers in [0, 1]: what the reader says after each token
    """
    fig.set_layout_engine("none")
    unit, gate = chosen
    names = [name for name in ORDER if name in parts]
    T, left, wide, last = len(tokens), 0.125, 0.86, len(names) - 0.4
    one = fig.add_axes([left, 0.46, wide, 0.43])
    one.set(xlim=(-0.5, T - 0.5), ylim=(last + len(says), -0.5))
    bare(one)
    above(one, tokens)
    for row, name in enumerate(names):
        cells(one, np.asarray(parts[name])[:, unit], (-0.5, row - 0.5), *scale(name))
        beside(one, f"${name}$", row, GATES[name])
    for n, (label, values) in enumerate(says.items()):
        cells(one, np.asarray(values), (-0.5, last + n), PROBS, (0, 1))
        beside(one, label, last + n + 0.5)
    fig.text(0.012, 0.68, f"unit {unit}", rotation=90, va="center", fontsize=11)
    every(fig.add_axes([left, 0.03, wide, 0.38]), np.asarray(parts[gate]).T, gate, unit)


def every(ax, values, gate, unit):
    """One gate of all units over the tokens, the row of the chosen unit framed."""
    H, T = values.shape
    colours, (low, high) = scale(gate)
    ax.imshow(values, cmap=colours, vmin=low, vmax=high, aspect="auto", interpolation="nearest")
    ax.add_patch(Rectangle((-0.5, unit - 0.5), T, 1, fill=False, edgecolor=INK, linewidth=1.5,
                           clip_on=False))
    bare(ax)
    ax.set(xlim=(-0.5, T - 0.5), ylim=(H - 0.5, -0.5))
    beside(ax, f"${gate}$ of all\n{H} units", H / 2)


def scale(name):
    """(colours, (low, high)) of a gate or a state, the same in every picture."""
    limit = LIMITS.get(name)
    return (PROBS, (0.0, 1.0)) if limit is None else (STATES, (-limit, limit))


def beside(ax, text, y, colour=INK):
    """Words at the left of an Axes, at the height y."""
    ax.annotate(text, (0, y), xytext=(-6, 0), xycoords=ax.get_yaxis_transform(), va="center",
                textcoords="offset points", ha="right", fontsize=10.5, color=colour,
                annotation_clip=False)


def above(ax, tokens):
    """The tokens over their columns: upright where they fit, else turned."""
    wide = points_per_unit(ax)[0]
    longest = max((len(token) for token in tokens), default=1)
    if longest == 1:
        places = [(t, -0.95) for t in range(len(tokens))]
        write(ax, tokens, places, min(11, 1.25 * wide), INK, MONO)
        return
    turned = longest * 6.2 > wide
    for t, token in enumerate(tokens):
        ax.annotate(visible(token), (t, -0.5), xytext=(0, 4), textcoords="offset points",
                    ha="left" if turned else "center", va="bottom", fontsize=10,
                    rotation=28 if turned else 0, parse_math=False, annotation_clip=False)


def cells(ax, values, corner, colours, limits):
    """A row of T values as coloured cells, with their numbers where there is room."""
    low, high = limits
    rgb = colours((values - low) / (high - low))[..., :3]
    (left, top), T = corner, len(values)
    ax.imshow(rgb[None], extent=(left, left + T, top + 1, top), aspect="auto",
              interpolation="nearest", zorder=1)
    ax.hlines([top, top + 1], left, left + T, color=PAPER, linewidth=1.2, zorder=2)
    if points_per_unit(ax)[0] < 26:
        return
    ax.vlines(left + np.arange(T + 1), top, top + 1, color=PAPER, linewidth=0.8, zorder=2)
    places = [(left + t + 0.5, top + 0.5) for t in range(T)]
    write(ax, [f"{value:.2f}" for value in values], places, 9, [ink_on(c) for c in rgb])
