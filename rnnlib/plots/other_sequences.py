"""Sequences that are not text, and places that have weights of their own."""

import numpy as np
from matplotlib.patches import Rectangle

from .lettering import write
from .style import FAINT, MUTED, PAPER, SPARE, bare, ink_on, points_per_unit, styled


@styled
def signals(fig, series):
    """Draw sequences of numbers, one per column: as they are, and below in another order.

    series  dict title -> (values, the same values in another order)
    """
    axes = fig.subplots(2, len(series), squeeze=False, sharey="col")
    for column, (title, rows) in enumerate(series.items()):
        for ax, values, colour in zip(axes[:, column], rows, SPARE, strict=False):
            ax.plot(np.asarray(values, dtype=float), color=colour, linewidth=1.2)
            ax.set(xticks=[], yticks=[])
        axes[0, column].set_title(title)
        axes[1, column].set_xlabel("step")
    axes[0, 0].set_ylabel("in order")
    axes[1, 0].set_ylabel("shuffled")


@styled
def own_weights(ax, rows):
    """Draw texts under each other in a net with weights for each place: one colour per place.

    rows  lists of words; an empty string is a free place
    """
    T = max(map(len, rows))
    bare(ax)
    ax.set(xlim=(-0.1, T), ylim=(1.25 * len(rows) - 0.3, -0.45))
    for y, words in enumerate(rows):
        for k in range(T):
            word = words[k] if k < len(words) else ""
            colour = SPARE[k % len(SPARE)] if word else PAPER
            ax.add_patch(Rectangle((k + 0.04, 1.25 * y), 0.92, 0.9, facecolor=colour,
                                   edgecolor=MUTED if word else FAINT, linewidth=0.8))
            write(ax, [word], [(k + 0.5, 1.25 * y + 0.45)], 12, ink_on(colour))
    size = min(10.0, points_per_unit(ax)[0] / 8)
    for k in range(T):
        ax.text(k + 0.5, -0.12, f"place {k + 1}", ha="center", va="bottom", fontsize=size)
