"""Which input positions an output depends on: the sizes of derivatives, zeros told apart."""

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.patches import Rectangle

from .curves import colour_of
from .growing import powers
from .lettering import SANS, write
from .reordering import LIT, PLAIN, TITLES
from .style import INK, MODELS, MUTED, PROBS, bare, points_per_unit, styled

NOTHING = (0.93, 0.93, 0.93)
SCALE = PowerNorm(0.4, 0, 1)  # small values stay visible
LOW, HIGH = -12, 1


@styled
def influence(ax, sizes, words, title=""):
    """Draw how much the output at each word (row) depends on each input word (column).

    sizes  (T, T), at least 0; colours run from 0 to the largest; an exact zero is grey
    """
    sizes = np.asarray(sizes, dtype=float)
    rgb = PROBS(SCALE(0.12 + 0.88 * sizes / max(sizes.max(), 1e-12)))[..., :3]
    rgb = np.where((sizes == 0)[..., None], NOTHING, rgb)
    T = len(words)
    ax.imshow(rgb, interpolation="nearest")
    ax.set_xticks(range(T), words, rotation=60, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(T), words)
    ax.set(title=title, xlabel="input", ylabel="output at")
    ax.tick_params(length=0)


@styled
def cue_reach(fig, words, cue, n, sizes):
    """Draw words with a cue among them, the window, and derivatives by position for some models.

    cue    position of the cue
    n      the window holds the last n words
    sizes  dict name -> derivative by position, at least 0; an exact zero gets the word "zero"
    """
    fig.set_layout_engine("none")
    row = fig.add_axes([0.1, 0.78, 0.88, 0.2])
    T = len(words)
    bare(row)
    row.set(xlim=(-0.5, T - 0.5), ylim=(-1.1, 1))
    for k in range(T):
        row.add_patch(_box(k, LIT if k == cue else PLAIN))
    size = min(8.8, 1.5 * points_per_unit(row)[0] / max(map(len, words)))
    write(row, words, [(k, 0.2) for k in range(T)], size, INK, SANS)
    row.plot([T - n - 0.45] * 2 + [T - 0.55] * 2, [-0.5, -0.65, -0.65, -0.5],
             color=MODELS["window"], linewidth=2.2)
    row.text(T - n / 2 - 0.5, -0.75, "the window", ha="center", va="top", fontsize=9)
    for k, (name, values) in enumerate(sizes.items()):
        _by_position(fig.add_axes([0.1, 0.42 - 0.34 * k, 0.88, 0.27]), name, values, k)


def _box(k, colour):
    return Rectangle((k - 0.46, -0.35), 0.92, 1.1, facecolor=colour, edgecolor=MUTED, linewidth=0.6)


def _by_position(ax, name, values, k):
    """Bars on a scale of powers of ten, exact zeros written out."""
    values = np.asarray(values, dtype=float)
    there = np.nonzero(values)[0]
    heights = np.clip(np.log10(values[there]), LOW + 0.2, HIGH) - LOW
    ax.bar(there, heights, 0.8, bottom=LOW, color=colour_of(name, k))
    ax.set(xlim=(-0.5, len(values) - 0.5), ylim=(LOW, HIGH), xticks=[])
    zeros = np.nonzero(values == 0)[0]
    write(ax, ["0"] * len(zeros), [(place, LOW + 1) for place in zeros], 9, MUTED)
    powers(ax, LOW, HIGH, 3)
    ax.set_title(f"{TITLES.get(name, name)}: how much its answer depends on each word", fontsize=10)
