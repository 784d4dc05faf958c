"""A distribution before and after a filter, as pairs of bars."""

import numpy as np

from .lettering import visible
from .style import FAINT, INK, MUTED, styled

LEFT = "#0b7a75"


@styled
def filtered(ax, before, after, labels, title=""):
    """Draw the probabilities of the model as wide pale bars, and inside those after a filter.

    before, after  one probability for each label; what the filter removed is crossed out
    """
    before, after = (np.asarray(values, dtype=float) for values in (before, after))
    place = np.arange(len(labels))
    ax.barh(place, before, color=FAINT, height=0.86, label="model")
    ax.barh(place, after, color=LEFT, height=0.42, label="after the filters")
    for n in place:
        gone = after[n] == 0
        ax.text(max(before[n], after[n]) + 0.015, n, "out" if gone else f"{after[n]:.2f}",
                va="center", fontsize=9, color=MUTED if gone else INK)
    ax.set_yticks(place, [visible(label).replace("$", r"\$") for label in labels])
    ax.set(xlim=(0, 1.08), ylim=(len(labels) - 0.4, -0.6))
    ax.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.legend(loc="lower right", handlelength=1.2)
    if title:
        ax.set_title(title)
