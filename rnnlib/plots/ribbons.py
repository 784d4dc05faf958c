"""Attention as ribbons: from each word of the target to the words of the source it looked at."""

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from .lettering import write
from .style import INK, MUTED, SPARE, bare, points_per_unit, styled

PLAIN, LIT, HIDDEN = "#eef2f1", "#f6c25b", "#bdbdbd"
UP, DOWN, BEFORE = 2.0, 0.0, -0.95
"""Heights of the source, the target, and what was written before."""

LEAST = 0.03
"""Thinner ribbons are left out."""


@styled
def ribbons(fig, source, target, weights, covered=None, before=None):
    """Draw source words above, target words below, and a ribbon for each weight between them.

    Args:
        weights: (T, S), rows add up to 1; the width of a ribbon, and its colour is the source's.
        covered: place of a source word that is covered, or None.
        before: what was written with nothing covered; target words that are new are lit.
    """
    fig.set_layout_engine("none")
    ax = fig.add_axes([0.01, 0.01, 0.98, 0.98])
    rows = [source, target, *([before] if before is not None else [])]
    span = max(34, *(laid(row)[1][-1] for row in rows))
    bare(ax)
    ax.set(xlim=(0, span), ylim=(BEFORE - 0.45 if before is not None else -0.5, 2.5))
    size = min(12.5, 1.5 * points_per_unit(ax)[0])
    tops = boxes(ax, source, UP, size, [HIDDEN if j == covered else PLAIN
                                        for j in range(len(source))])
    new = [before is not None and before[t : t + 1] != [word] for t, word in enumerate(target)]
    feet = boxes(ax, target, DOWN, size, [LIT if lit else PLAIN for lit in new])
    strips(ax, np.asarray(weights), tops, feet)
    if covered is not None and covered < len(source):
        left, right = tops[covered]
        ax.plot([left, right], [UP, UP], color=INK, linewidth=1.5, zorder=7)
    if before is not None:
        ax.text(span / 2, BEFORE + 0.42, "with nothing covered:", color=MUTED, ha="center",
                va="center", fontsize=9)
        boxes(ax, before, BEFORE, 0.85 * size, ["none"] * len(before), MUTED)


def laid(words):
    """Where words stand in a row: their left and right ends, in letters."""
    wide = np.array([len(word) + 1.6 for word in words])
    ends = np.cumsum(wide)
    return ends - wide, ends


def boxes(ax, words, height, size, colours, ink=INK):
    """Words in boxes, the row in the middle of the Axes; the inner ends of each box."""
    left, right = laid(words)
    shift = (ax.get_xlim()[1] - right[-1]) / 2
    left, right = left + shift + 0.2, right + shift - 0.2
    for k, colour in enumerate(colours):
        if colour != "none":
            ax.add_patch(Rectangle((left[k], height - 0.25), right[k] - left[k], 0.5,
                                   edgecolor=MUTED, facecolor=colour, linewidth=0.8, zorder=3))
    middle = (left + right) / 2
    write(ax, words, [(x, height) for x in middle], size, ink)
    return list(zip(left, right, strict=True))


def strips(ax, weights, tops, feet):
    """A ribbon for each weight, side by side across its target word."""
    low, high = DOWN + 0.25, UP - 0.25
    paths, colours = [], []
    for t, (left, right) in enumerate(feet):
        ends = left + (right - left) * np.concatenate([[0], np.cumsum(weights[t])])
        for j, (a, b) in enumerate(tops):
            if weights[t, j] >= LEAST:
                half, x = weights[t, j] * (b - a) / 2, (a + b) / 2
                paths.append(ribbon(ends[j], ends[j + 1], x - half, x + half, low, high))
                colours.append(SPARE[j % len(SPARE)])
    ax.add_collection(PathCollection(paths, facecolors=colours, alpha=0.5, linewidths=0, zorder=2,
                                     transform=ax.transData), autolim=False)


def ribbon(a, b, c, d, low, high):
    """A band from (a, b) at the height `low` to (c, d) at `high`, with upright ends."""
    middle = (low + high) / 2
    points = [(a, low), (a, middle), (c, middle), (c, high), (d, high), (d, middle), (b, middle),
              (b, low), (a, low)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(points, codes)
