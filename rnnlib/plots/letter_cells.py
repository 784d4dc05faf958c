"""Words as rows of letters: what windows over them say, and what each letter decides."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from .grids import matrix
from .guessing import cells
from .lettering import MONO, write
from .style import FAINT, INK, MUTED, SPARE, STATES, bare, ink_on, styled

OF_TAGGER = {"words": SPARE[4], "words + letters": SPARE[0]}
LIMIT = 1.0


@styled
def letter_windows(fig, found, units):
    """Draw what windows say at each letter, one panel a word, the largest of each row framed.

    found  dict word -> values (rows, letters) in [-1, 1]
    units  a name for each row
    """
    axes = np.atleast_1d(fig.subplots(1, len(found), width_ratios=[len(word) for word in found]))
    for n, (ax, (word, values)) in enumerate(zip(axes, found.items(), strict=True)):
        matrix(ax, values, (None if n else units, list(word)))
        for row, place in enumerate(np.asarray(values).argmax(1)):
            ax.add_patch(Rectangle((place - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK,
                                   linewidth=2, clip_on=False, zorder=4))


@styled
def letter_rows(ax, words, values, notes, widest=None):
    """Draw words as rows of letters, each on the colour of its value in [-1, 1], a note behind.

    widest  letters that fit into a row; by default those of the longest word
    """
    widest = max([*map(len, words), widest or 1])
    bare(ax)
    ax.set(xlim=(-0.6, widest + 5.5), ylim=(len(words) - 0.4, -0.6))
    for row, (word, value, note) in enumerate(zip(words, values, notes, strict=True)):
        colours = STATES((np.clip(np.asarray(value) / LIMIT, -1, 1) + 1) / 2)
        cells(ax, [(t - 0.47, row - 0.4, 0.94, 0.8) for t in range(len(word))], colours)
        write(ax, list(word), [(t, row) for t in range(len(word))], 13,
              [ink_on(colour) for colour in colours], MONO)
        ax.text(len(word) + 0.1, row, note, va="center", color=INK, parse_math=False)


@styled
def decided(fig, words, tags, place, letters, bars):
    """Draw a sentence with the tags of two taggers, one word letter by letter, and its tags.

    tags     dict name of a tagger -> a tag for each word
    place    which word is looked at
    letters  (its letters, by how much the tag's probability falls without each, the tag without
             each or "")
    bars     dict name of a tagger -> (tags, probabilities) of the likeliest tags of the word
    """
    fig.set_layout_engine("none")
    sentence(fig.add_axes([0.13, 0.64, 0.86, 0.34]), words, tags, place)
    said_by_letters(fig.add_axes([0.01, 0.02, 0.62, 0.52]), *letters)
    for n, (name, (labels, values)) in enumerate(bars.items()):
        likeliest(fig.add_axes([0.68, 0.3 - 0.27 * n, 0.31, 0.24]), name, labels, values)


def sentence(ax, words, tags, place):
    """The words with a row of tags for each tagger, on grey where the taggers disagree."""
    bare(ax)
    T = len(words)
    wide = [max(4, len(word)) + 1.5 for word in words]
    middle = np.cumsum(wide) - np.asarray(wide) / 2
    ax.set(xlim=(0, max(sum(wide), 40)), ylim=(len(tags) + 0.6, -0.7))
    left, right = middle[place] - wide[place] / 2 + 0.2, middle[place] + wide[place] / 2 - 0.2
    ax.add_patch(FancyBboxPatch((left, -0.55), right - left, len(tags) + 1.1, facecolor="none",
                                edgecolor=INK, boxstyle="round,pad=0,rounding_size=0.2"))
    apart = [t for t in range(T) if len({found[t] for found in tags.values()}) > 1]
    cells(ax, [(middle[t] - wide[t] / 2 + 0.4, 0.55, wide[t] - 0.8, len(tags) - 0.1)
               for t in apart], FAINT)
    size = min(12.0, 900 / max(sum(wide), 40) / 1.45)
    write(ax, words, [(middle[t], 0) for t in range(T)], size, INK)
    for row, (name, found) in enumerate(tags.items(), 1):
        ax.text(-0.6, row, name, ha="right", va="center", color=OF_TAGGER[name], fontsize=10,
                clip_on=False)
        write(ax, found, [(middle[t], row) for t in range(T)], 0.8 * size, OF_TAGGER[name])


def said_by_letters(ax, letters, says, instead):
    """The letters of a word on the colour of what they do for its tag, numbers below."""
    bare(ax)
    L = len(letters)
    wide = max(L, 9)
    ax.set(xlim=(-0.5, wide - 0.5), ylim=(2.6, -1.0))
    colours = STATES((np.clip(np.asarray(says) / LIMIT, -1, 1) + 1) / 2)
    places = range(L)
    cells(ax, [(t - 0.47, -0.55, 0.94, 1.1) for t in places], colours)
    size = min(22.0, 260 / wide)
    write(ax, letters, [(t, 0) for t in places], size, [ink_on(c) for c in colours], MONO)
    small = min(10.0, 120 / wide)
    write(ax, [f"{value:+.2f}" for value in says], [(t, 1.0) for t in places], small, INK)
    write(ax, instead, [(t, 1.65) for t in places], min(small, 8.5), SPARE[1])
    ax.text(-0.5, 2.4, "by how much the probability of the tag falls without the letter; below it "
            "the tag the word then gets", color=MUTED, fontsize=9)


def likeliest(ax, name, labels, values):
    """The likeliest tags of one word as bars from 0 to 1."""
    bare(ax)
    many = len(labels)
    ax.set(xlim=(-0.45, 1.25), ylim=(many - 0.4, -1.2))
    cells(ax, [(0, k - 0.36, 1, 0.72) for k in range(many)], FAINT)
    cells(ax, [(0, k - 0.36, value, 0.72) for k, value in enumerate(values)], OF_TAGGER[name])
    write(ax, labels, [(-0.24, k) for k in range(many)], 9.5, INK)
    write(ax, [f"{value:.2f}" for value in values], [(1.13, k) for k in range(many)], 9.5, INK)
    ax.text(0, -0.95, name, color=OF_TAGGER[name], fontsize=10, va="center")
