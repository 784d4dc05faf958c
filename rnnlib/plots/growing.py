"""Gradients that shrink or grow with distance, on a scale that never moves."""

import numpy as np

from .curves import colour_of
from .style import FAINT, INK, MUTED, NAMES, SPARE, styled

SHOWN = {"tanh": ("tanh", SPARE[0]), "relu": ("ReLU", SPARE[1])}
LOW, HIGH = -20, 20
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@styled
def growth(fig, found, low=LOW, high=HIGH):
    """Draw norms of dh_T/dh_t by distance, one panel per function, a line per draw of the weights.

    found      dict name ("tanh", "relu") -> list of lists of norms for t = 1 ... T
    low, high  powers of ten at the ends of the fixed scale
    """
    fig.set_layout_engine("none")
    left, wide = 0.09, 0.9 / len(found)
    for n, (name, lines) in enumerate(found.items()):
        ax = fig.add_axes([left + n * wide, 0.17, wide - 0.04, 0.73])
        label, colour = SHOWN[name]
        for line in lines:
            y = np.log10(np.maximum(np.asarray(line, dtype=float)[::-1], 10.0 ** (low - 10)))
            ax.plot(range(len(y)), y, color=colour, alpha=0.85)
        ax.axhspan(low, -8, color=FAINT, alpha=0.5, linewidth=0)
        ax.axhline(0, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
        ax.set(xlim=(0, len(lines[0]) - 1), ylim=(low, high), title=f"g = {label}",
               xlabel="distance T − t in steps")
        powers(ax, low, high)
        ax.tick_params(labelleft=n == 0)
        ax.text(0.5, -8.4, "too small to learn from", va="top", fontsize=9, color=MUTED)
    fig.axes[0].set_ylabel("norm of ∂h(T) / ∂h(t)")


def powers(ax, low, high, step=10):
    """Ticks at powers of ten of an axis that holds exponents."""
    ticks = range(low, high + 1, step)
    ax.set_yticks(ticks, [f"10{str(n).translate(RAISED)}" if n else "1" for n in ticks])
    ax.grid(axis="y")


@styled
def by_scale(ax, scales, lines, halves, title=""):
    """Draw the exponent of a norm against the initial scale, a line with its interval per name."""
    for name, y in lines.items():
        label, colour = SHOWN[name]
        y, half = np.asarray(y, dtype=float), np.asarray(halves[name], dtype=float)
        ax.plot(scales, y, color=colour, marker="o", markersize=5, label=label)
        ax.fill_between(scales, y - half, y + half, color=colour, alpha=0.2, linewidth=0)
    ax.axhline(0, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.set(title=title, xlabel="spectral radius of $U$ at the start")
    ax.grid(axis="y")
    ax.legend()


@styled
def groups(ax, names, rows, halves, level=None, label=""):
    """Draw bars side by side: a group per name, a bar per row, dict row -> values, with whiskers.

    halves  dict row -> half-widths of the intervals; level  (height, words) of a dashed line
    """
    wide = 0.8 / len(rows)
    for n, (row, values) in enumerate(rows.items()):
        places = np.arange(len(names)) - 0.4 + wide * (n + 0.5)
        ax.bar(places, values, wide * 0.92, color=colour_of(row, n), label=NAMES.get(row, row))
        if row in halves:
            ax.errorbar(places, values, halves[row], fmt="none", ecolor=INK, elinewidth=1)
    ax.set_xticks(range(len(names)), names)
    ax.tick_params(axis="x", length=0)
    if level:
        ax.axhline(level[0], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
        ax.text(0.995, level[0], level[1], ha="right", va="bottom", fontsize=9, color=MUTED,
                transform=ax.get_yaxis_transform())
    ax.set_ylabel(label)
    ax.grid(axis="y")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), borderaxespad=0.2)
