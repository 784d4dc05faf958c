"""Words in boxes in some order, and what three models answer now and answered before."""

import numpy as np
from matplotlib.patches import Rectangle

from .curves import colour_of
from .lettering import write
from .style import FAINT, INK, MODELS, MUTED, NAMES, PAPER, bare, points_per_unit, styled

LIT, PLAIN = "#f6c25b", "#eef2f1"
TITLES = NAMES | {"bag": "bag of words", "rnn": "recurrent net", "window": "window"}


@styled
def reordered(fig, words, lit, n, answers):
    """Draw a sentence as boxes, and beside each model where its answer was and is now.

    lit      position of the word that was moved, or None
    n        the last n words are inside the window
    answers  dict name of a model -> (probability of "more" in the first order, now)
    """
    fig.set_layout_engine("none")
    boxes(fig.add_axes([0.01, 0.6, 0.98, 0.38]), words, lit, n)
    scale(fig.add_axes([0.2, 0.08, 0.74, 0.42]), answers)


def boxes(ax, words, lit, n):
    """The words in a row, the moved one lit, a line under those that the window sees."""
    wide = np.array([len(word) + 1.4 for word in words])
    left = np.concatenate([[0], np.cumsum(wide)])
    bare(ax)
    ax.set(xlim=(-0.4, max(left[-1], 60)), ylim=(-1.3, 1.2))
    size = min(12.0, 1.55 * points_per_unit(ax)[0])
    for k in range(len(words)):
        ax.add_patch(Rectangle((left[k] + 0.15, -0.45), wide[k] - 0.3, 0.9, edgecolor=MUTED,
                               facecolor=LIT if k == lit else PLAIN, linewidth=0.8))
    write(ax, words, list(zip(left[:-1] + wide / 2, np.zeros(len(words)), strict=True)), size, INK)
    start = left[max(0, len(words) - n)] + 0.15
    ax.plot([start, start, left[-1] - 0.15, left[-1] - 0.15], [-0.62, -0.78, -0.78, -0.62],
            color=MODELS["window"], linewidth=2.2)
    ax.text((start + left[-1]) / 2, -0.9, f"the window sees the last {min(n, len(words))} words",
            ha="center", va="top", fontsize=10, color=INK)


def scale(ax, answers):
    """A line from 0 to 1 for each model: hollow where its answer was, full where it is now."""
    for k, (name, (before, now)) in enumerate(answers.items()):
        colour = colour_of(name, k)
        ax.plot([0, 1], [k, k], color=FAINT, linewidth=6, solid_capstyle="round", zorder=1)
        ax.plot([before, now], [k, k], color=colour, linewidth=3, alpha=0.5, zorder=2)
        ax.plot([before], [k], "o", markersize=11, markerfacecolor=PAPER, markeredgecolor=colour,
                markeredgewidth=2, zorder=3)
        ax.plot([now], [k], "o", markersize=8, color=colour, zorder=4)
        ax.text(1.04, k, f"{now:.2f}", va="center", fontsize=11)
    ax.axvline(0.5, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
    ax.set(xlim=(-0.03, 1.03), ylim=(len(answers) - 0.5, -0.5))
    ax.set_yticks(range(len(answers)), [TITLES.get(name, name) for name in answers])
    ax.set_xticks([0, 0.5, 1], ["0: hopes for no more", "no idea", "1: hopes for more"])
    ax.get_xticklabels()[0].set_ha("left")
    ax.get_xticklabels()[2].set_ha("right")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
