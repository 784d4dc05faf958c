"""Pictures with their captions: side by side, or with the words that were likely at each step."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from .guessing import TARGET, cells
from .lettering import write
from .style import FAINT, INK, MUTED, SPARE, bare, ink_on, styled

MOST = 11  # steps of the longest caption, its end included
SAID, WRONG, OTHER = "#4d9f98", "#f29504", "#b5dcd6"  # bars: the word taken, a wrong one, others
STYLES = ("first input", "first state", "every step")


@styled
def gallery(fig, pictures, texts):
    """Draw pictures (N, height, width, 3) in a row, each with a text below, in lines."""
    axes = np.atleast_1d(fig.subplots(1, len(pictures)))
    for ax, picture, text in zip(axes, np.asarray(pictures), texts, strict=True):
        show(ax, picture)
        ax.set_xlabel(text, fontsize=10, color=INK)


def show(ax, picture):
    """One picture in a thin frame, its pixels as they are."""
    ax.imshow(np.asarray(picture).clip(0, 1), interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=FAINT)


@styled
def worded(fig, picture, steps, wrong=()):
    """Draw a picture, and beside it its caption growing downwards: a row a step, with the likeliest
    words of that step as bars.

    steps  for each step (labels, probabilities), the likeliest first: that one was taken
    wrong  numbers of the steps whose word is not right, drawn in orange
    """
    fig.set_layout_engine("none")
    show(fig.add_axes([0.01, 0.16, 0.29, 0.7]), picture)
    ax, K = fig.add_axes([0.32, 0.02, 0.67, 0.96]), max(len(labels) for labels, _ in steps)
    ax.set(xlim=(-1.15, K), ylim=(MOST - 0.5, -1.4))
    bare(ax)
    ax.text(-1.1, -0.95, "said", color=MUTED, va="center")
    ax.text(0.02, -0.95, "likeliest words of the step, with probability", color=MUTED, va="center")
    for t, (labels, probabilities) in enumerate(steps):
        _row(ax, t, labels, probabilities, WRONG if t in wrong else SAID)


def _row(ax, t, labels, probabilities, colour):
    """One step: the word taken at the left, in the colour of its bar, and the bars."""
    wide, places = 0.94, range(len(labels))
    cells(ax, [(-1.13, t - 0.42, 1.0, 0.84)], colour)
    write(ax, labels[:1], [(-0.63, t)], 10.5, ink_on(colour))
    cells(ax, [(k, t - 0.42, wide, 0.84) for k in places], FAINT)
    bars = [(k, t - 0.42, wide * p, 0.84) for k, p in enumerate(probabilities)]
    cells(ax, bars, [colour if k == 0 else OTHER for k in places])
    texts = [f"{label}  {short(p)}" for label, p in zip(labels, probabilities, strict=True)]
    write(ax, texts, [(k + wide / 2, t) for k in places], 9.5, "#000000")


def short(p):
    """A probability in few characters, never a round 0 or 1 for what is neither."""
    return "1.00" if p == 1 else f"{min(p, 0.999):.3f}" if p > 0.994 else f"{p:.2f}" \
        if p >= 0.005 else "<.01"


@styled
def three_places(fig):
    """Draw three decoders side by side: the vector as first input, as first state, at every
    step."""
    for ax, style in zip(fig.subplots(1, 3), STYLES, strict=True):
        ax.set(xlim=(-1.05, 4.6), ylim=(-1.1, 2.65))
        bare(ax, f"the vector as {style}" if style != "every step" else "the vector at every step")
        steps = ["c", "<s>", "a", "red"] if style == "first input" else ["<s>", "a", "red"]
        _unrolled(ax, steps, style)


def _unrolled(ax, inputs, style):
    """The states of one decoder, their inputs below, the words they make above."""
    first = 5 - len(inputs) - 1  # so that the same words stand above each other
    said = [""] * (len(inputs) - 3) + ["a", "red", "circle"]
    for t, (word, out) in enumerate(zip(inputs, said, strict=True), first):
        _arrow(ax, (t, -0.32), (t, 0.28), SPARE[0] if word == "c" else INK)
        _arrow(ax, (t - 0.7, 0.6), (t - 0.3, 0.6), INK)
        box(ax, t, 0.6, "h", "#ffffff")
        box(ax, t, -0.6, word, SPARE[0] if word == "c" else "#ffffff")
        if out:
            _arrow(ax, (t, 0.92), (t, 1.36), INK)
            ax.text(t, 1.6, out, ha="center", va="center", color=INK, fontsize=10)
    if style != "first input":
        box(ax, first - 1, 0.6, "c", SPARE[0])
    if style == "every step":
        for t in range(first, first + 3):
            ax.plot([first - 1, first - 1, t + 0.47, t + 0.47], [0.9, 2.2, 2.2, 1.0],
                    color=SPARE[0], linewidth=1.6)
            _arrow(ax, (t + 0.47, 1.0), (t + 0.28, 0.84), SPARE[0])


def box(ax, x, y, text, colour):
    """A rounded box with a short text."""
    ax.add_patch(FancyBboxPatch((x - 0.3, y - 0.3), 0.6, 0.6, facecolor=colour, edgecolor=INK,
                                boxstyle="round,pad=0,rounding_size=0.12", linewidth=1, zorder=3))
    ax.text(x, y, text, ha="center", va="center", color=ink_on(colour), zorder=4,
            fontsize=10 if len(text) < 4 else 9)


def _arrow(ax, start, end, colour):
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour,
                                            "shrinkA": 0, "shrinkB": 0, "linewidth": 1.4})


@styled
def shares_of_pairs(ax, rows, ways):
    """Draw what became of something as stacked bars of 100 per cent, one a row.

    rows  dict name -> percentages, one for each of ways
    """
    colours = ["#4d9f98", TARGET, "#1b3ac1", "#5c3769", "#acaaac"]
    for y, shares in enumerate(rows.values()):
        left = 0.0
        for share, colour in zip(shares, colours, strict=False):
            ax.barh(y, share, left=left, color=colour, height=0.7, linewidth=0)
            if share >= 6:
                ax.text(left + share / 2, y, f"{share:.0f}", ha="center", va="center", fontsize=9,
                        color=ink_on(colour))
            left += share
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set(xlim=(0, 100), ylim=(len(rows) - 0.4, -0.6), xlabel="per cent")
    ax.legend([ax.barh([0], [0], color=colour) for colour, _ in zip(colours, ways, strict=False)],
              ways, ncols=len(ways), loc="lower left", bbox_to_anchor=(0, 1.0), handlelength=1)


@styled
def seen_and_unseen(fig, panels):
    """Draw one panel a network: for each style the per cent right on seen and on unseen pairs.

    panels  dict title -> dict style -> ((mean, half-width) seen, (mean, half-width) unseen)
    """
    axes = np.atleast_1d(fig.subplots(1, len(panels), sharey=True))
    for ax, (title, styles) in zip(axes, panels.items(), strict=True):
        for n, name in enumerate(("seen pairs", "unseen pairs")):
            means, halves = zip(*(found[n] for found in styles.values()), strict=True)
            places = np.arange(len(styles)) + 0.4 * (n - 0.5)
            ax.bar(places, means, 0.38, color=(SAID, WRONG)[n], label=name)
            ax.errorbar(places, means, np.nan_to_num(halves), fmt="none", ecolor=INK, elinewidth=1)
            for x, mean, half in zip(places, means, np.nan_to_num(halves), strict=True):
                ax.annotate(f"{mean:.1f}", (x, mean + half), xytext=(0, 3), ha="center",
                            textcoords="offset points", fontsize=9, color=INK)
        ax.set_xticks(range(len(styles)), list(styles))
        ax.set(title=title, ylim=(0, 118), yticks=[0, 25, 50, 75, 100])
        ax.tick_params(axis="x", length=0)
    axes[0].set_ylabel("captions right, %")
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
