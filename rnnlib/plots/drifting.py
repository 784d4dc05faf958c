"""A text that goes astray: gold words, own words, words after a slip; errors by position."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from .curves import MARKS
from .lettering import write
from .style import FAINT, INK, MUTED, SPARE, bare, styled

GOLD, OWN = SPARE[2], SPARE[3]
WIDEST = 16
"""Words of a row that are shown."""
TILES = {"right": "#d7e8e6", "wrong": "#f29504", "slip": "#d6360c", "missing": "#ffffff"}
"""Colours of a word that is right, of one that is wrong, put in by hand, or left out."""


@styled
def text_rows(ax, rows, widest):
    """Draw texts as rows of tiles, one under the other.

    rows    dict name -> list of (word, kind), kinds as in TILES; widest  tiles in a row, what is
            longer ends in three points
    """
    bare(ax)
    ax.set(xlim=(-2.6, widest + 0.6), ylim=(len(rows) - 0.4, -0.6))
    texts, places, colours = [], [], []
    for n, (name, tiles) in enumerate(rows.items()):
        ax.text(-0.25, n, name, ha="right", va="center", fontsize=10, color=INK)
        for k, (word, kind) in enumerate(tiles[:widest]):
            ax.add_patch(FancyBboxPatch((k + 0.08, n - 0.34), 0.84, 0.68, facecolor=TILES[kind],
                                        edgecolor=TILES["wrong"],
                                        linewidth=1.5 * (kind == "missing"),
                                        boxstyle="round,pad=0,rounding_size=0.1"))
            texts.append(word)
            places.append((k + 0.5, n))
            colours.append("#ffffff" if kind == "slip" else "#000000")
        if len(tiles) > widest:
            ax.text(widest + 0.1, n, "...", va="center", color=INK)
    write(ax, texts, places, 10.5, colours)


@styled
def by_place(ax, lines, here=None, halves=None, label="% wrong", bound=None):
    """Draw errors by position, one line a name, the place `here` marked.

    lines  dict name -> values of the places 1, 2, ...; halves  dict name -> half-widths; bound  the
           upper end of the scale
    """
    if here is not None:
        ax.axvspan(here + 0.5, here + 1.5, color=FAINT, alpha=0.7, linewidth=0)
    for n, (name, values) in enumerate(lines.items()):
        x, y = 1 + np.arange(len(values)), np.asarray(values, dtype=float)
        colour = (GOLD, OWN, SPARE[4], SPARE[0])[n % 4]
        ax.plot(x, y, color=colour, marker=MARKS[n], markersize=5, label=name)
        if halves:
            half = np.asarray(halves[name], dtype=float)
            ax.fill_between(x, y - half, y + half, color=colour, alpha=0.18, linewidth=0)
    ax.set_xticks(x)
    ax.set(xlabel="place in the text", ylabel=label, ylim=(0, bound), xlim=(0.5, len(x) + 0.5))
    ax.grid(axis="y", color=FAINT)
    ax.tick_params(axis="x", labelcolor=MUTED)
    if len(lines) > 1:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, handlelength=1.6)


@styled
def gone_astray(fig, rows, lines, here, bound, label="% wrong"):
    """Draw texts as tiles above the errors by position, the place of the slip marked in both."""
    fig.set_layout_engine("none")
    text_rows(fig.add_axes([0.01, 0.56, 0.98, 0.42]), rows, WIDEST)
    by_place(fig.add_axes([0.1, 0.12, 0.86, 0.36]), lines, here, bound=bound, label=label)
