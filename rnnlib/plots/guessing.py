"""Guessing the next word: what a model reads for it, training items, surprise word by word."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.patches import FancyBboxPatch, Rectangle

from .curves import colour_of
from .lettering import write
from .style import FAINT, INK, MUTED, NAMES, PROBS, bare, ink_on, styled

TARGET = "#f29504"
GIVEN = "#d7e8e6"
BAR = "#7fbdb6"
FULL = 0.6
"""The width of a bar of probability 1, of a panel's."""


@styled
def contexts(ax, words, reads):
    """Draw which words each model reads to guess the one after the last: a row per model.

    reads  dict name of a model -> how many of the last words it reads
    """
    T = len(words)
    ax.set(xlim=(-0.5, T + 0.6), ylim=(len(reads) - 0.4, -1))
    bare(ax)
    for row, (name, many) in enumerate(reads.items()):
        for t in range(T):
            seen = t >= T - many
            ax.add_patch(Rectangle((t - 0.46, row - 0.36), 0.92, 0.72, linewidth=0,
                                   facecolor=colour_of(name, row) if seen else FAINT,
                                   alpha=1.0 if seen else 0.6))
        ax.text(-0.62, row, NAMES.get(name, name), ha="right", va="center", color=INK)
        ax.text(T, row, "?", ha="center", va="center", color=INK, fontsize=13)
    write(ax, words, [(t, -0.72) for t in range(T)], 10.5, INK)


@styled
def items(ax, words):
    """Draw a sentence as training items: row by row what is given, and in orange what is guessed.

    words  the sentence between its markers
    """
    T = len(words) - 1
    ax.set(xlim=(-0.6, T + 0.6), ylim=(T - 0.45, -0.55))
    bare(ax)
    for t in range(T):
        for s in range(t + 2):
            colour = TARGET if s == t + 1 else GIVEN
            box = FancyBboxPatch((s - 0.42, t - 0.3), 0.84, 0.6, linewidth=0, facecolor=colour,
                                 boxstyle="round,pad=0,rounding_size=0.1")
            ax.add_patch(box)
        write(ax, words[: t + 2], [(s, t) for s in range(t + 2)], 10, "#000000")


@styled
def surprises(ax, words, rows, limit=12):
    """Draw how surprised each model was by each word: a row per model, a cell per word, in bits.

    rows  dict name of a model -> bits for each word; the colours are fixed to [0, limit]
    """
    T, scale = max(len(words), 1), Normalize(0, limit, clip=True)
    ax.set(xlim=(-0.5, T - 0.5), ylim=(len(rows) - 0.5, -1.1))
    bare(ax)
    size = min(10.5, 100 / max(map(len, words), default=1), 150 / T)
    write(ax, words, [(t, -0.8) for t in range(len(words))], size, INK)
    for row, (name, bits) in enumerate(rows.items()):
        colours = PROBS(scale(np.asarray(bits, dtype=float)))
        cells(ax, [(t - 0.48, row - 0.45, 0.96, 0.9) for t in range(len(words))], colours)
        write(ax, [f"{b:.1f}" for b in bits], [(t, row) for t in range(len(words))], 9,
              [ink_on(colour) for colour in colours])
        ax.text(-0.56, row, NAMES.get(name, name), ha="right", va="center", color=INK)


def cells(ax, boxes, colours):
    """Draw boxes (left, top, width, height) at once, a colour each or one for all."""
    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in boxes]
    ax.add_collection(PolyCollection(corners, facecolors=colours, linewidths=0), autolim=False)


@styled
def next_words(fig, words, rows, guesses):
    """Draw the surprises of several models above the words each expects next.

    words    the words read so far; rows  dict name -> bits for each
    guesses  dict name -> (probabilities, labels) of the likeliest next words
    """
    fig.set_layout_engine("none")
    surprises(fig.add_axes([0.09, 0.6, 0.9, 0.38]), words, rows)
    ax, many = fig.add_axes([0.01, 0.01, 0.98, 0.54]), len(next(iter(guesses.values()))[0])
    ax.set(xlim=(0, len(guesses)), ylim=(many - 0.5, -1.7))
    bare(ax)
    for n, (name, (probabilities, labels)) in enumerate(guesses.items()):
        left, places = n + 0.31, range(many)
        cells(ax, [(left, k - 0.34, FULL, 0.68) for k in places], FAINT)
        cells(ax, [(left, k - 0.34, FULL * p, 0.68) for k, p in enumerate(probabilities)], BAR)
        write(ax, labels, [(n + 0.16, k) for k in places], 10.5, INK)
        write(ax, [f"{p:.2f}" for p in probabilities],
              [(left + FULL * min(p, 0.85) + 0.06, k) for k, p in enumerate(probabilities)], 9, INK)
        ax.text(left, -1.1, f"{NAMES.get(name, name)}: what comes next", va="center", color=MUTED)
