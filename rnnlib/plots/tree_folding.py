"""Trees with the leaves below: which node is made of which, level by level, and what each says."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from .curves import MARKS, colour_of, furnish
from .lettering import write
from .style import (
    FAINT,
    INK,
    MUTED,
    NAMES,
    PAPER,
    SPARE,
    STATES,
    bare,
    ink_on,
    points_per_unit,
    styled,
)

RIGHT, WRONG, OPEN, LIT = "#7fbdb6", "#f2a65e", "#f4f4f4", "#f6c25b"
"""Colours of a node that says its value, of one that says another, of one not folded yet."""
KINDS = {"Tree-LSTM": SPARE[0], "gated tree": SPARE[1], "Tree-LSTM, wrong trees": SPARE[4]}
"""Colours of lines."""
GAP = 0.8
"""Free columns between two trees side by side."""


@styled
def trees(ax, labels, children, roots, faces=None, notes=None):
    """Draw trees side by side; every node stands at its height, the leaves at the bottom.

    labels    of N nodes
    children  for each node the numbers of its children, in their order; children come first
    roots     numbers of the trees' roots
    faces     a colour for each node
    notes     a short text for each node, below a leaf and above the others
    """
    x, y = places(children, roots, labels)
    bare(ax)
    ax.set(xlim=(min(x) - 0.7, max(x) + 0.7), ylim=(-0.75 if notes else -0.5, max(y) + 0.75))
    links(ax, children, range(len(x)), (x, y), {"colors": MUTED, "linewidths": 1.1, "zorder": 1})
    size, faces = lettering(ax), faces or [PAPER] * len(x)
    for n, face in enumerate(faces):
        box(ax, labels[n], (x[n], y[n]), {"facecolor": face, "edgecolor": MUTED, "linewidth": 0.9,
                                          "zorder": 3})
    at = list(zip(x, y, strict=True))
    write(ax, labels, at, size, [ink_on(face) for face in faces])
    away = 1.62 * size / points_per_unit(ax)[1]
    for n, note in enumerate(notes or []):
        there = (x[n], y[n] + (away if children[n] else -away))
        if note and children[n]:
            box(ax, note, there, {"facecolor": PAPER, "linewidth": 0, "zorder": 2}, 0.62)
        write(ax, [note], [there], 0.85 * size, INK)


def lettering(ax):
    """The size of the labels in points that goes with the width of a column."""
    return float(np.clip(0.36 * points_per_unit(ax)[0], 6.5, 11))


def box(ax, label, place, look, scale=1.0):
    """A rectangle around a label at a place."""
    size, (across, upwards) = lettering(ax) * scale, points_per_unit(ax)
    wide, high = max(1.9, 0.68 * len(label) + 0.9) * size / across, 1.9 * size / upwards
    ax.add_patch(Rectangle((place[0] - wide / 2, place[1] - high / 2), wide, high, **look))


def links(ax, children, nodes, places, look):
    """Lines from some nodes to their children."""
    x, y = places
    ends = [[(x[n], y[n]), (x[k], y[k])] for n in nodes for k in children[n]]
    ax.add_collection(LineCollection(ends, **look), autolim=False)


def places(children, roots, labels=None):
    """Where each node stands: leaves in a row, parents in the middle above; y is the height.

    With labels a leaf takes as many columns as its label needs.
    """
    x, y, free = [0.0] * len(children), [0] * len(children), 0.0
    for root in roots:
        for n in after_children(children, root):
            below, wide = children[n], max(1.0, (len(labels[n]) + 2) / 4) if labels else 1.0
            x[n] = (x[below[0]] + x[below[-1]]) / 2 if below else free + (wide - 1) / 2
            y[n] = 1 + max(y[k] for k in below) if below else 0
            free += 0.0 if below else wide
        free += GAP
    return x, y


def after_children(children, root):
    """The nodes below a root and the root, each after its children, from left to right."""
    waiting, found = [root], []
    while waiting:
        n = waiting.pop()
        found.append(n)
        waiting.extend(children[n])
    return found[::-1]


@styled
def tree_levels(ax, labels, children, roots):
    """Draw trees side by side on bands, one for each height: what is computed in one step."""
    y = places(children, roots, labels)[1]
    shades = ["#e3f0ee", "#f8efe0"]
    trees(ax, labels, children, roots)
    left, right = ax.get_xlim()
    ax.set_xlim(left - 2.6, right)
    for height in range(max(y) + 1):
        ax.axhspan(height - 0.42, height + 0.42, color=shades[height % 2], zorder=0)
        many = y.count(height)
        said = f"step {height + 1}: {many} node{'s' * (many > 1)}"
        ax.text(left - 2.45, height, said, fontsize=9.5, color=INK, va="center")


@styled
def by_depth(ax, depths, lines, halves, trained, title=""):
    """Draw percent right by depth, a line each, the depths that were trained on a grey ground.

    lines, halves  dicts from a name to values and to half-widths of their intervals; a line without
                   half-widths is a baseline, dashed
    trained        the greatest depth of training
    """
    ax.axvspan(depths[0] - 0.3, trained + 0.5, color="#f1f1f1", zorder=0)
    for n, (name, values) in enumerate(lines.items()):
        colour = KINDS.get(name) or colour_of(name, n)
        if name in halves:
            ax.errorbar([d + 0.05 * (n - 2) for d in depths], values, halves[name], color=colour,
                        marker=MARKS[n], markersize=5, elinewidth=1.3, label=NAMES.get(name, name))
        else:
            ax.plot(depths, values, color=MUTED, linestyle=(0, (4, 3)), linewidth=1.5, label=name)
    furnish(ax, ("depth", "% right"), title)
    ax.set(ylim=(0, 100), xlim=(depths[0] - 0.3, depths[-1] + 0.3))
    ax.legend(handlelength=1.8, loc="upper left", bbox_to_anchor=(1.0, 1.02), borderaxespad=0.2)


@styled
def tree_folding(fig, labels, children, h, digits, now):
    """Draw a tree of which the first `now` nodes are folded, and the states so far as a strip.

    labels, children  of N nodes, children first; the last one is the root
    h                 states (N, H) in [-1, 1]
    digits            (what is read from each state, what is true), a number for each node
    """
    fig.set_layout_engine("none")
    (says, values), done = digits, range(now)
    faces = [(RIGHT if says[n] == values[n] else WRONG) if n in done else OPEN
             for n in range(len(labels))]
    notes = [noted(says[n], values[n], children[n]) if n in done else ""
             for n in range(len(labels))]
    top = fig.add_axes([0.01, 0.34, 0.98, 0.65])
    trees(top, labels, children, [len(labels) - 1], faces, notes)
    if 0 < now:
        mark(top, labels, children, now - 1)
    strip(fig.add_axes([0.085, 0.02, 0.905, 0.27]), labels, h, now)


def noted(said, true, children):
    """What a node says; if that is not the value of an operation, the value too."""
    return f"{said}" if said == true or not children else f"{said}, not {true}"


def mark(ax, labels, children, n):
    """A strong frame around the node that was folded last, strong lines to its children."""
    x, y = places(children, [len(children) - 1], labels)
    links(ax, children, [n], (x, y), {"colors": INK, "linewidths": 2.6, "zorder": 1.5})
    look = {"fill": False, "edgecolor": INK, "linewidth": 2.4, "zorder": 5}
    box(ax, labels[n], (x[n], y[n]), look)


def strip(ax, labels, h, now):
    """The states of the nodes folded so far, a column each, the last one framed."""
    h = np.asarray(h, dtype=float)
    bare(ax)
    N, H = h.shape
    rgb = STATES(Normalize(-1, 1, clip=True)(h.T))[..., :3]
    rgb[:, now:] = 0.955
    ax.imshow(rgb, aspect="auto", interpolation="nearest", extent=(-0.5, N - 0.5, H - 0.5, -0.5))
    ax.vlines(np.arange(N - 1) + 0.5, -0.5, H - 0.5, color=PAPER, linewidth=1.5)
    ax.set(xlim=(-0.5, N - 0.5), ylim=(H - 0.5, -0.5))
    across = points_per_unit(ax)[0]
    size = float(np.clip(0.38 * across, 5.5, 10))
    write(ax, labels, [(n, -0.14 * H) for n in range(N)], size,
          [INK if n < now else FAINT for n in range(N)])
    ax.text(-0.01, 0.5, "states", transform=ax.transAxes, ha="right", va="center", fontsize=10)
    if now:
        ax.add_patch(Rectangle((now - 1.5, -0.5), 1, H, fill=False, edgecolor=INK, linewidth=2,
                               clip_on=False, zorder=4))
