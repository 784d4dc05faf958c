"""How far the error of each step reaches back, and where a window of k steps cuts it off."""
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.patches import Patch

from .lettering import MONO, visible, write
from .style import INK, MUTED, PAPER, PROBS, bare, points_per_unit, styled

KEPT = PROBS
CUT = LinearSegmentedColormap.from_list("cut", [PAPER, "#f3c6c2", "#d1495b", "#7c1d2b"])
SCALE = PowerNorm(0.5, 0, 1)   # small errors stay visible
FUTURE = (0.955, 0.955, 0.955)


@styled
def reach(ax, sizes, tokens, k=None):
    """Draw how strongly the loss at each step (rows) blames the state of each step (columns).

    sizes  (T, T), row t and column s, zero for s > t; colours run from 0 to the largest of them
    k      a window in steps: what segments of k steps cut off is drawn in red
    """
    share = np.asarray(sizes, dtype=float)
    share = share / max(share.max(), 1e-12)
    T = len(share)
    inside = same_segment(T, k or T)
    rgb = np.where(inside[..., None], KEPT(SCALE(share))[..., :3], CUT(SCALE(share))[..., :3])
    rgb = np.where(np.tri(T, dtype=bool)[..., None], rgb, FUTURE)
    bare(ax, "row: the loss at a step; column: a state")
    ax.imshow(rgb, interpolation="nearest", extent=(-0.5, T - 0.5, T - 0.5, -0.5))
    names(ax, [visible(token) for token in tokens])
    edges(ax, T, k or T)


def names(ax, tokens):
    """The tokens beside the rows and above the columns, with room made for them."""
    T, longest = len(tokens), max(map(len, tokens))
    ax.set(xlim=(-0.5, T - 0.4), ylim=(T - 0.4, -0.5), aspect="equal")
    points = min(map(abs, points_per_unit(ax)))
    size = min(11.0, 0.95 * points, 1.5 * points / longest)
    wide, high = 0.6 * size * longest / points, 1.3 * size / points
    ax.set(xlim=(-0.8 - wide, T - 0.4), ylim=(T - 0.4, -0.6 - high))
    write(ax, tokens, [(s, -0.5 - high / 2) for s in range(T)], size, INK, MONO)
    write(ax, tokens, [(-0.65 - wide / 2, t) for t in range(T)], size, INK, MONO)


def same_segment(T, k):
    """(T, T): True where two steps lie in the same segment of k steps."""
    segment = np.arange(T) // k
    return segment[:, None] == segment[None, :]


def edges(ax, T, k):
    """A line around the triangle of each segment."""
    paths = []
    for start in range(0, T, k):
        end = min(T, start + k)
        steps = [(start - 0.5, start - 0.5)]
        for t in range(start, end):
            steps += [(t + 0.5, t - 0.5), (t + 0.5, t + 0.5)]
        paths.append([*steps, (start - 0.5, end - 0.5), (start - 0.5, start - 0.5)])
    ax.add_collection(LineCollection(paths, colors=MUTED, linewidths=0.8), autolim=False)


def key_of_reach(ax):
    """The key to the colours, in the empty half above the diagonal."""
    made = [Patch(color=KEPT(0.75), label="error that arrives"),
            Patch(color=CUT(0.75), label="error that is cut off"),
            Patch(facecolor=FUTURE, edgecolor=MUTED, label="the future: no blame")]
    ax.legend(handles=made, loc="upper right", bbox_to_anchor=(0.98, 0.97), handlelength=1)
