"""Three encoder states as arrows, a decoder state that asks, the weights, and the context."""

import numpy as np
from matplotlib.patches import Polygon

from .style import FAINT, INK, MUTED, SPARE, styled

COLOURS = SPARE[:3]
REACH = 1.9


@styled
def three_states(fig, h, s, scores, a, c):
    """Draw h (3, 2) and s (2,) in the plane, scores and weights a (3,) as bars, the context c (2,).

    The context never leaves the triangle of the three states.
    """
    fig.set_layout_engine("none")
    plane(fig.add_axes([0.06, 0.1, 0.4, 0.83]), h, s, c)
    names = [f"$h_{j}$" for j in range(1, len(h) + 1)]
    left, right = fig.add_axes([0.57, 0.16, 0.17, 0.68]), fig.add_axes([0.8, 0.16, 0.17, 0.68])
    columns(left, names, scores, (-6.5, 6.5), r"scores $s \cdot h_j$")
    columns(right, names, a, (0, 1.12), "weights $a_j$: softmax")


def plane(ax, h, s, c):
    """The arrows of the states, the triangle between their tips, and the context in it."""
    ax.axhline(0, color=FAINT, linewidth=0.8)
    ax.axvline(0, color=FAINT, linewidth=0.8)
    ax.add_patch(Polygon(h, closed=True, facecolor="#f1f1f1", edgecolor=MUTED, linewidth=0.8))
    for j, (tip, colour) in enumerate(zip(h, COLOURS, strict=True), 1):
        arrow(ax, tip, colour, f"$h_{j}$")
    length = float(np.hypot(*s))
    shown = np.asarray(s) * min(1, 1.5 / length) if length else np.asarray(s)
    arrow(ax, shown, INK, "$s$" if length <= 1.5 else "$s$ (longer)")
    star = {"marker": "*", "linestyle": "", "color": "#f29504", "markeredgecolor": INK}
    ax.plot(*c, markersize=17, zorder=8, label="context $c$", **star)
    ax.legend(loc="upper right", handlelength=0.8, markerscale=0.7)
    ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal")
    ax.set_xticks([-1, 0, 1])
    ax.set_yticks([-1, 0, 1])


def arrow(ax, tip, colour, name):
    """An arrow from the origin with its name beyond the tip."""
    ax.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2})
    x, y = np.asarray(tip) * (1 + 0.2 / max(0.2, float(np.hypot(*tip))))
    ax.text(x, y, name, color=colour, ha="center", va="center", fontsize=12)


def columns(ax, names, values, limits, title):
    """A bar and its number for each state, on a fixed scale."""
    places = range(len(values))
    ax.bar(places, values, color=COLOURS, width=0.62)
    ax.axhline(0, color=MUTED, linewidth=0.8)
    gap = 0.02 * (limits[1] - limits[0])
    for n, value in enumerate(values):
        ax.text(n, value + (gap if value >= 0 else -gap), f"{value:.2f}", ha="center", fontsize=9,
                va="bottom" if value >= 0 else "top")
    ax.set_ylim(*limits)
    ax.set_xticks(places, names)
    ax.set_title(title, fontsize=11)
