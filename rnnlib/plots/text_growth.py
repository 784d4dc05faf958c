"""A model that learns to write: a sample with its measures, and when each measure was half-way."""

import numpy as np

from .prose import broken, put, room
from .style import FAINT, INK, MUTED, SPARE, bare, styled

GROUPS = {"white": SPARE[5], "words": SPARE[0], "line": SPARE[3], "speeches": SPARE[3],
          "brackets": SPARE[1], "quotes": SPARE[1]}
"""First word of a measure -> its colour: white space, words, lines and blocks, pairs."""


def colour(measure):
    """The colour of a measure by what it is about."""
    return GROUPS.get(measure.split()[0], SPARE[4])


def label(measure):
    """A measure as it is shown."""
    return f"{measure} letters" if measure.startswith("words of") else measure


@styled
def sample_and_measures(fig, sample, measures, title=""):
    """Draw a sample at the left and its measures at the right, each on its way to the text's own.

    measures  dict name -> (progress: 0 before training, 1 as the text; value; value of the text)
    """
    fig.set_layout_engine("none")
    left = fig.add_axes([0.01, 0.02, 0.53, 0.86])
    right = fig.add_axes([0.69, 0.13, 0.20, 0.74])
    plain(left, sample)
    left.set_title(title, pad=7)
    names = list(measures)
    for row, (name, (done, value, goal)) in enumerate(measures.items()):
        right.barh(row, np.clip(done, 0, 1), color=colour(name), height=0.66)
        text = "nothing to count" if np.isnan(value) else f"{value:.2f} of {goal:.2f}"
        right.annotate(text, (1, row), xytext=(6, 0), textcoords="offset points", va="center",
                       fontsize=9, color=INK if done >= 0.5 else MUTED, annotation_clip=False)
    right.axvline(0.5, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    right.set(xlim=(0, 1), ylim=(len(names) - 0.4, -0.6))
    right.set_xticks([0, 0.5, 1], ["untrained", "half", "the text"], fontsize=9)
    right.set_yticks(range(len(names)), [label(name) for name in names])
    right.tick_params(axis="y", length=0)


def plain(ax, text):
    """A text as it stands, cut off where the Axes ends."""
    bare(ax)
    wide, high = room(ax)
    for n, (start, stop) in enumerate(broken(text, wide)[:high]):
        put(ax, text[start:stop], 0, n, INK)


@styled
def half_ways(ax, found, last, title=""):
    """Draw for each measure at how many updates it was half-way, with its interval.

    found  dict measure -> (updates, factor: the interval goes from updates / factor to times it),
           None where it was not reached
    last   updates at the end of training
    """
    for row, (name, one) in enumerate(found.items()):
        if one is None:
            ax.text(last, row, "not reached ", va="center", ha="right", fontsize=9, color=MUTED,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
            continue
        at, factor = one
        ax.plot([at / factor, at * factor], [row, row], color=colour(name), linewidth=2.5)
        ax.plot(at, row, "o", color=colour(name), markersize=7)
        ax.annotate(f"{at:,.0f}", (at, row), xytext=(0, 6), textcoords="offset points",
                    ha="center", va="bottom", fontsize=9)
    ax.hlines(range(len(found)), 5, 1.3 * last, color=FAINT, linewidth=0.7, zorder=0)
    ax.set(xscale="log", xlim=(5, 1.3 * last), ylim=(len(found) - 0.4, -0.8), title=title,
           xlabel="updates")
    ax.set_xticks([10, 100, 1000], ["10", "100", "1000"])
    ax.set_yticks(range(len(found)), [label(name) for name in found])
    ax.tick_params(axis="y", length=0)
    ax.minorticks_off()


@styled
def progress(ax, updates, lines, title=""):
    """Draw how far each measure has come, 0 before training and 1 as the text, over updates."""
    styles = ["-", (0, (5, 2)), (0, (1, 1.2)), (0, (4, 1, 1, 1))]
    seen = {}
    for name, values in lines.items():
        number = seen[colour(name)] = seen.get(colour(name), -1) + 1
        ax.plot(np.maximum(updates, 5), np.clip(values, -0.05, 1.1), color=colour(name),
                linestyle=styles[number % len(styles)], label=label(name))
    ax.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.set(xscale="log", xlim=(5, max(updates)), ylim=(-0.08, 1.12), title=title,
           xlabel="updates", yticks=[0, 0.5, 1])
    ax.set_yticks([0, 0.5, 1], ["untrained", "half", "the text"])
    ax.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))


