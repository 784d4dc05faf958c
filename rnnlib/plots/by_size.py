"""Results against the amount of data, and the forms of a unit over time."""

import numpy as np

from .curves import MARKS, colour_of, furnish
from .style import INK, MUTED, NAMES, SPARE, styled

ROW = 2.5
"""How far apart the rows of `forms` are, in units of h."""


@styled
def by_size(fig, panels, label):
    """Draw one panel a task: a line with whiskers for each unit, over the size of the training set.

    panels  dict title -> (sizes, dict unit -> means, dict unit -> half-widths)
    label   of the y axis of each panel, in their order
    """
    axes = np.atleast_1d(fig.subplots(1, len(panels)))
    for ax, text, (title, (sizes, lines, halves)) in zip(axes, label, panels.items(), strict=True):
        for n, (name, values) in enumerate(lines.items()):
            spread = 1.035 ** (n - (len(lines) - 1) / 2)
            ax.errorbar(np.asarray(sizes) * spread, values, halves[name], marker=MARKS[n],
                        color=colour_of(name, n), label=NAMES.get(name, name), markersize=4.5,
                        elinewidth=1.2, linewidth=1.4)
        ax.set(xscale="log", xticks=sizes)
        ax.set_xticks(sizes, [short(size) for size in sizes])
        ax.minorticks_off()
        furnish(ax, ("training examples" if sizes[-1] < 1e5 else "characters", text), title)
    axes[len(axes) // 2].legend(handlelength=1.4, loc="lower right")


@styled
def differences(fig, panels, names=("LSTM better", "GRU better")):
    """Draw a difference with its interval for each size, one panel a task, zero as a line.

    panels  dict title -> (sizes, dict name -> (means, half-widths)); above zero the first of
            `names` is right, below it the second
    """
    axes = np.atleast_1d(fig.subplots(1, len(panels)))
    for ax, (title, (sizes, rows)) in zip(axes, panels.items(), strict=True):
        for n, (name, (means, halves)) in enumerate(rows.items()):
            places = np.arange(len(sizes)) + 0.22 * (n - (len(rows) - 1) / 2)
            ax.errorbar(places, means, halves, fmt=MARKS[n], color=SPARE[n + 1], label=name,
                        markersize=5, elinewidth=1.5)
        ax.axhline(0, color=INK, linewidth=1)
        bound = 1.15 * max(abs(edge) for edge in ax.get_ylim())
        ax.set(ylim=(-bound, bound), title=title)
        ax.set_xticks(range(len(sizes)), [short(size) for size in sizes])
        ax.grid(axis="y")
        for y, name in zip((0.98, 0.02), names, strict=True):
            ax.text(0.98, y, name, transform=ax.transAxes, ha="right", fontsize=9, color=MUTED,
                    va="top" if y > 0.5 else "bottom")
    axes[0].legend(loc="upper left", handlelength=1, fontsize=9)


def short(size):
    """100, 1k, 13k, 948k."""
    return f"{size:,}" if size < 1000 else f"{size / 1000:.0f}k"


@styled
def forms(fig, lines, colours, note):
    """Draw one unit of the state of several forms over time, each in a row of its own.

    lines  dict name -> T numbers in [-1, 1]; colours  dict name -> colour; note  dict name -> text
    """
    fig.set_layout_engine("none")
    ax, down = fig.add_axes([0.05, 0.12, 0.76, 0.86]), ROW * np.arange(len(lines))
    first = np.asarray(next(iter(lines.values())))
    steps = np.arange(1, len(first) + 1)
    for (name, values), low in zip(lines.items(), down, strict=True):
        values = np.asarray(values)
        ax.fill_between(steps, first - low, values - low, color=SPARE[1], alpha=0.35, linewidth=0)
        ax.plot(steps, first - low, color=MUTED, linewidth=1)
        ax.plot(steps, values - low, color=colours[name])
        ax.vlines(1, -1.1 - low, 1.1 - low, color=MUTED, linewidth=1.6)
        ax.text(len(steps) + 0.6, 0.45 - low, name, va="center", color=INK)
        ax.text(len(steps) + 0.6, -0.45 - low, note[name], va="center", fontsize=9.5, color=MUTED)
    ax.set_yticks(np.add.outer(-down, [-1, 0, 1]).ravel(), ["−1", "0", "1"] * len(down))
    ax.set(xlim=(1, len(steps)), ylim=(-1.2 - down[-1], 1.2), xlabel="step")
    ax.spines["left"].set_visible(False)
