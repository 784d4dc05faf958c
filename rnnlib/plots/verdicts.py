"""One label for a whole text: which words it hangs on, what others do to it, how sure it is."""

import numpy as np
from matplotlib.patches import Rectangle

from .curves import colour_of, furnish
from .lettering import write
from .style import FAINT, INK, MUTED, PROBS, SPARE, bare, ink_on, points_per_unit, styled

LIT = "#f6c25b"
BAR = "#7fbdb6"
NARROW = 4.0
"""The least width of a box, in letters."""
DARKEST = 2.5
"""How many times an equal share has the darkest colour."""


@styled
def verdicts(fig, words, rows):
    """Draw a text once for each reader: words on the colour of their share, and the best labels.

    rows  dict name -> (shares (T,), probabilities of the verdict without the word (T,), list of
          (label, probability)); under each word stands its probability without the word
    """
    fig.set_layout_engine("none")
    high = 1 / len(rows)
    for n, (name, (shares, without, best)) in enumerate(rows.items()):
        top = 1 - (n + 1) * high
        text = fig.add_axes([0.01, top + 0.02, 0.64, high - 0.05])
        boxes(text, words, shares, without, name)
        ranking(fig.add_axes([0.83, top + 0.22 * high, 0.13, 0.52 * high]), best)


def boxes(ax, words, shares, without, name):
    """The words in a row on the colours of their shares, numbers under them, a name above."""
    wide = np.array([max(NARROW, len(word) + 1.6) for word in words])
    left = np.concatenate([[0], np.cumsum(wide)])
    bare(ax)
    ax.set(xlim=(-0.3, max(left[-1], 52)), ylim=(-1.7, 1.5))
    across = points_per_unit(ax)[0]
    for k, value in enumerate(shares):
        ax.add_patch(Rectangle((left[k] + 0.1, -0.5), wide[k] - 0.2, 1.0, linewidth=0.6,
                               edgecolor=MUTED, facecolor=shade(value, len(words))))
    middle = left[:-1] + wide / 2
    inks = [ink_on(shade(value, len(words))) for value in shares]
    write(ax, words, [(x, 0.0) for x in middle], min(11.5, 1.5 * across), inks)
    numbers = ["" if np.isnan(p) else f"{p:.2f}" for p in without]
    write(ax, numbers, [(x, -0.95) for x in middle], min(9.5, 1.4 * across), MUTED)
    ax.text(0, 0.85, name, fontsize=11, color=INK, va="bottom")
    ax.text(0, -1.35, "its probability without the word", fontsize=9, color=MUTED, va="top")


def shade(share, T):
    """The colour of a share: white for none, the darkest for DARKEST times an equal share."""
    return PROBS(float(np.clip(share * T / DARKEST, 0, 1)))


def ranking(ax, best):
    """The best labels as bars, the best on top."""
    names, p = [label for label, _ in best], np.array([value for _, value in best])
    place = np.arange(len(p))
    ax.barh(place, p, color=[LIT, *[BAR] * len(p)][: len(p)], height=0.7)
    for n, value in enumerate(p):
        ax.text(value + 0.03, n, f"{value:.2f}", va="center", fontsize=9)
    ax.set_yticks(place, [name.replace("_", " ") for name in names])
    ax.set(xlim=(0, 1), ylim=(len(p) - 0.4, -0.6), xticks=[])
    ax.tick_params(axis="y", length=0, labelsize=9.5)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


@styled
def in_chatter(fig, words, own, shares, curves, k):
    """Draw a question inside of other words, the gradient by word, and the verdict against k.

    own     (first, one past the last) place of the question among the words
    shares  dict name -> shares of the gradient (T,)
    curves  dict of the same names -> probability of the right label with 0, 1, 2 ... other words
    k       how many other words there are now
    """
    fig.set_layout_engine("none")
    high = 0.78 / len(shares)
    for n, (name, values) in enumerate(shares.items()):
        ax = fig.add_axes([0.165, 0.98 - (n + 1) * high, 0.435, high - 0.04])
        by_place(ax, name, values, own, n)
    axis_of_words(fig.axes[-1], words, own)
    ax = fig.add_axes([0.68, 0.17, 0.3, 0.7])
    for n, p in enumerate(curves.values()):
        ax.plot(range(len(p)), p, color=SPARE[n], linewidth=1.8)
        ax.plot([k], [p[k]], "o", color=SPARE[n], markersize=7)
    ax.axvline(k, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.set(ylim=(-0.03, 1.03), xlim=(-0.5, len(p) - 0.5))
    furnish(ax, ("other words", ""), "probability of the right intent")


def by_place(ax, name, values, own, n):
    """Bars of shares by word; the place of the question is tinted."""
    ax.set(xlim=(-0.5, len(values) - 0.5), ylim=(0, 0.4), xticks=[], yticks=[])
    ax.axvspan(own[0] - 0.5, own[1] - 0.5, color=LIT, alpha=0.35, linewidth=0)
    ax.vlines(range(len(values)), 0, values, color=SPARE[n],
              linewidth=0.85 * points_per_unit(ax)[0])
    ax.text(-0.02, 0.5, name, transform=ax.transAxes, ha="right", va="center", fontsize=10.5,
            color=INK)
    ax.spines["left"].set_visible(False)


def axis_of_words(ax, words, own):
    """Words under the lowest bars if they fit, otherwise the question's place alone."""
    if len(words) <= 22:
        ax.set_xticks(range(len(words)), words, rotation=55, ha="right", rotation_mode="anchor",
                      fontsize=8.5)
    else:
        ax.set_xticks([(own[0] + own[1] - 1) / 2, *([len(words) - 1] if own[0] == 0 else [0])],
                      ["the question", "the last word" if own[0] == 0 else "the first word"],
                      fontsize=9)
    ax.tick_params(axis="x", length=0)


@styled
def reliability(ax, lines, title=""):
    """Draw accuracy against confidence, a line of marks for each model, the diagonal for perfect.

    lines  dict name -> (mean confidence by bin, accuracy by bin, number of verdicts by bin); empty
           bins are left out, and marks grow with the number
    """
    ax.plot([0, 1], [0, 1], "--", color=MUTED, linewidth=1, label="as sure as right")
    for n, (name, (confidence, right, count)) in enumerate(lines.items()):
        confidence, right, count = (np.asarray(v, dtype=float) for v in (confidence, right, count))
        there = count > 0
        colour = colour_of(name, n)
        ax.plot(confidence[there], right[there], color=colour, label=name, linewidth=1.4)
        ax.scatter(confidence[there], right[there], s=12 + 220 * count[there] / count.sum(),
                   color=colour, zorder=3)
    ax.set(xlim=(0, 1.02), ylim=(0, 1.02))
    ax.grid(color=FAINT)
    furnish(ax, ("confidence", "share right"), title)
    ax.legend(handlelength=1.6)
