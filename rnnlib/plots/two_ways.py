"""Readers from both ends, unrolled: one layer, layers that are joined, two separate stacks."""

from .gated_units import arrow
from .lettering import LETTER, MONO, write
from .style import INK, MUTED, PAPER, WEIGHTS, bare, styled

LEFT, RIGHT = WEIGHTS["U"], WEIGHTS["W"]
"""Colours of the reader from the left and of the one from the right."""
ASIDE = 0.2
"""How far the two readers of a word stand to either side of it."""


@styled
def joined_layers(ax, tokens, layers=1):
    """Draw layers of two readers; both put their states together for the layer above."""
    prepared(ax, tokens, layers)
    for k in range(layers):
        readers(ax, tokens, k)
        for t in range(len(tokens)):
            below = [(t, k - 0.06)] if k == 0 else [(t, k)]
            for side, row in ((-ASIDE, 0.32), (ASIDE, 0.62)):
                arrow(ax, (below[0][0], below[0][1] + 0.1), (t + side, k + row - 0.1), MUTED)
                arrow(ax, (t + side, k + row + 0.1), (t, k + 0.9), MUTED)
    nodes(ax, [(t, k + 1.0) for k in range(layers) for t in range(len(tokens))], INK, "h")


@styled
def separate_stacks(ax, tokens, layers=2):
    """Draw two stacks of readers, one from each end, that meet at the top alone."""
    prepared(ax, tokens, layers)
    for k in range(layers):
        readers(ax, tokens, k)
        for t in range(len(tokens)):
            for side, row in ((-ASIDE, 0.32), (ASIDE, 0.62)):
                below = (t, 0.04) if k == 0 else (t + side, k - 1 + row + 0.1)
                arrow(ax, below, (t + side, k + row - 0.1), MUTED)
                if k == layers - 1:
                    arrow(ax, (t + side, k + row + 0.1), (t, k + 0.9), MUTED)
    nodes(ax, [(t, layers) for t in range(len(tokens))], INK, "h")


def prepared(ax, tokens, layers):
    """An empty Axes with the words below."""
    bare(ax)
    ax.set(xlim=(-0.6, len(tokens) - 0.4), ylim=(-0.2, layers + 0.2))
    write(ax, tokens, [(t, -0.07) for t in range(len(tokens))], 11, INK, MONO)


def readers(ax, tokens, k):
    """The two readers of layer k: their states, and the arrows from word to word."""
    T = len(tokens)
    for t in range(T - 1):
        arrow(ax, (t - ASIDE + 0.11, k + 0.32), (t + 1 - ASIDE - 0.11, k + 0.32), LEFT)
        arrow(ax, (t + 1 + ASIDE - 0.11, k + 0.62), (t + ASIDE + 0.11, k + 0.62), RIGHT)
    nodes(ax, [(t - ASIDE, k + 0.32) for t in range(T)], LEFT, "f")
    nodes(ax, [(t + ASIDE, k + 0.62) for t in range(T)], RIGHT, "b")


def nodes(ax, places, colour, letter):
    """Round nodes with a letter."""
    ax.scatter(*zip(*places, strict=True), s=330, facecolor=PAPER, edgecolor=colour,
               linewidth=1.6, zorder=5)
    write(ax, [letter] * len(places), places, 12, colour, LETTER)
