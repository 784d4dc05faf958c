"""A trellis: the labels of a sentence as rows, the best way to each, and the way back."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize

from .guessing import cells
from .lettering import write
from .style import INK, MUTED, PROBS, bare, ink_on, styled

PATH, BEHIND = "#d6360c", 6.0
"""The colour of the way back; so many nats behind the best of its column a cell is white."""
HALF = 0.3
"""Half the width and height of a cell."""


@styled
def trellis(ax, words, labels, best, before, path):
    """Draw the messages of Viterbi as far as they are known, and the way back as far as it went.

    labels  of the rows; best (T, K)  scores of the best beginnings, nan where not reached yet
    before  (T - 1, K) the row each of them came from, -1 where that row is not shown
    path    the rows of the way back, from the last word on; empty before it begins
    """
    best = np.asarray(best, dtype=float)
    T, K = best.shape
    ax.set(xlim=(-0.95, T - 0.45), ylim=(K - 0.45, -0.95))
    bare(ax)
    _ways(ax, best, before)
    _nodes(ax, best)
    _way_back(ax, path, T)
    for row, name in enumerate(labels):
        ax.text(-0.45, row, name, ha="right", va="center", fontsize=10, color=INK)
    size = min(11, 95 / max(map(len, words)), 150 / T)
    write(ax, words, [(t, -0.7) for t in range(T)], size, INK)


def _ways(ax, best, before):
    """A line from each reached label to the label that its best beginning came from."""
    lines = [[(t, i), (t + 1, j)] for t, row in enumerate(before) for j, i in enumerate(row)
             if i >= 0 and np.isfinite(best[t + 1, j])]
    ax.add_collection(LineCollection(lines, colors=MUTED, linewidths=0.9, zorder=1), autolim=False)


def _nodes(ax, best):
    """A cell for each reached label: dark for the best of its column, white far behind it."""
    places = [(t, j) for t, j in np.ndindex(*best.shape) if np.isfinite(best[t, j])]
    if not places:
        return
    top = np.where(np.isfinite(best), best, -np.inf).max(1)
    gaps = np.array([best[t, j] - top[t] for t, j in places])
    colours = PROBS(Normalize(-BEHIND, 0, clip=True)(gaps))
    boxes = [(t - HALF, j - HALF, 2 * HALF, 2 * HALF) for t, j in places]
    cells(ax, [(x - 0.02, y - 0.02, w + 0.04, h + 0.04) for x, y, w, h in boxes], MUTED)
    cells(ax, boxes, colours)
    texts = [f"{best[t, j]:.1f}".replace("-", "−") for t, j in places]
    write(ax, texts, places, 9, [ink_on(colour) for colour in colours])


def _way_back(ax, path, T):
    """A thick line through the labels of the way back, from the last word on."""
    places = [(T - 1 - n, row) for n, row in enumerate(path)]
    if not places:
        return
    xs, ys = zip(*places, strict=True)
    ax.plot(xs, ys, color=PATH, linewidth=3.2, zorder=0.8, solid_capstyle="round")
    for x, y in places:
        ax.plot([x - HALF, x + HALF, x + HALF, x - HALF, x - HALF],
                [y - HALF, y - HALF, y + HALF, y + HALF, y - HALF], color=PATH, linewidth=2.4,
                zorder=5)
