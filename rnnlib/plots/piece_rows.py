"""Words cut into pieces, and what a vocabulary costs."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from .lettering import MONO, write
from .style import FAINT, INK, MUTED, PAPER, SPARE, bare, styled

NEW, OLD = "#f29504", "#d7e8e6"
"""Colours of the piece that was made last, and of all others."""


@styled
def piece_rows(ax, rows, new=None, widest=18):
    """Draw words cut into pieces, a row each, the piece `new` in orange; a letter is one unit wide.

    widest  units in a row
    """
    bare(ax)
    ax.set(xlim=(-0.2, widest), ylim=(len(rows) - 0.4, -0.6))
    texts, places = [], []
    for row, pieces in enumerate(rows):
        left = 0.0
        for piece in pieces:
            wide = len(piece)
            ax.add_patch(FancyBboxPatch((left + 0.06, row - 0.34), wide - 0.12 + 0.2, 0.68,
                                        facecolor=NEW if piece == new else OLD, linewidth=0,
                                        boxstyle="round,pad=0,rounding_size=0.12"))
            texts += list(piece)
            places += [(left + k + 0.6, row) for k in range(wide)]
            left += wide + 0.42
    write(ax, texts, places, 12, "#000000", MONO)


@styled
def growing_pieces(fig, rows, new, curve, here):
    """Draw words cut into pieces beside the symbols for each word against the merges.

    rows, new  as `piece_rows` takes them
    curve      (merges, symbols for each word); here  the number of merges shown
    """
    fig.set_layout_engine("none")
    widest = max(18.0, *(sum(map(len, row)) + 0.42 * len(row) for row in rows))
    piece_rows(fig.add_axes([0.01, 0.02, 0.6, 0.96]), rows, new, widest)
    ax = fig.add_axes([0.68, 0.16, 0.31, 0.76])
    x = np.log10(np.asarray(curve[0]) + 1)
    ax.plot(x, curve[1], color=SPARE[0], marker="o", markersize=3.5)
    place = list(curve[0]).index(here)
    ax.plot(x[place], curve[1][place], "o", markersize=10, markerfacecolor=NEW,
            markeredgecolor=INK)
    shown = [0, 10, 100, 1000]
    ax.set_xticks(np.log10(np.asarray(shown) + 1), [f"{n:,}" for n in shown])
    ax.set(xlim=(-0.1, 3.4), ylim=(0, max(curve[1]) * 1.08), xlabel="merges")
    ax.set_title("symbols for each word", fontsize=11)
    ax.grid(axis="y")


@styled
def vocabularies(fig, names, panels):
    """Draw one panel of bars for each measure, a bar for each vocabulary.

    panels  dict title -> (values, half-widths); a half-width that is nan is left out
    """
    axes = np.atleast_1d(fig.subplots(1, len(panels)))
    for ax, (title, (values, halves)) in zip(axes, panels.items(), strict=True):
        places = np.arange(len(names))
        ax.bar(places, values, color=SPARE[0], width=0.7)
        halves = np.nan_to_num(halves)
        tops = np.asarray(values) + halves
        ax.errorbar(places, values, halves, fmt="none", ecolor=INK, elinewidth=1)
        for place, value, top in zip(places, values, tops, strict=True):
            ax.annotate(f"{value:.2f}", (place, top), xytext=(0, 4), ha="center", fontsize=9,
                        textcoords="offset points", color=INK,
                        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})
        ax.set_xticks(places, names)
        ax.set_ylim(0, 1.15 * max(*tops, 0.01))
        ax.tick_params(axis="x", length=0)
        ax.grid(axis="y", color=FAINT)
        ax.set_title(title, color=INK)
        ax.spines["bottom"].set_color(MUTED)
