"""One vector between two texts: the state after every symbol read and written, and texts on the way
from one vector to another."""

import numpy as np

from .lettering import visible
from .style import FAINT, INK, MODELS, MUTED, SPARE, STATES, bare, styled

READ, WRITE = MODELS["lstm"], MODELS["rnn"]
MOST = 12
"""Texts on the way that there is room for."""
LABEL = {"va": "center", "annotation_clip": False, "parse_math": False}


@styled
def context_rows(fig, states, symbols, said, upto, S):
    """Draw the states of reading and writing, one row for each symbol.

    states   (S + T, H) in [-1, 1]; the first S after each symbol read, the last of them is the
             context; the others after each symbol that the decoder reads
    symbols  S + T of them
    said     S + T texts: what would be written from here on
    upto     how many rows have happened: the others are empty
    """
    fig.set_layout_engine("none")
    values = np.asarray(states, dtype=float)
    rows, H = values.shape
    ax = fig.add_axes([0.17, 0.02, 0.42, 0.9])
    shown = np.where(np.arange(rows)[:, None] < upto, values, np.nan)
    ax.imshow(shown, cmap=STATES, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    bare(ax)
    ax.set(xlim=(-0.5, H - 0.5), ylim=(rows - 0.5, -0.5))
    ax.hlines(np.arange(rows - 1) + 0.5, -0.5, H - 0.5, color="#ffffff", linewidth=1)
    size = min(10.5, 330 / rows)
    for n in range(rows):
        tell(ax, n, (symbols[n], said[n]), (n < upto, n == upto - 1, n < S), size)
    border(ax, S, H, upto)
    heads = ((0.155, "read, then written", "right"), (0.17, f"the state, {H} units", "left"),
             (0.61, "would be written from here", "left"))
    for x, text, side in heads:
        fig.text(x, 0.955, text, ha=side, va="center", fontsize=10.5, color=MUTED)


def tell(ax, n, texts, kind, size):
    """The symbol of a row at its left, what would be written at its right."""
    happened, now, reading = kind
    colour = (READ if reading else WRITE) if happened else FAINT
    weight = "bold" if now else "normal"
    for text, x, shift, side in ((visible(texts[0]), 0, -8, "right"), (texts[1], 1, 12, "left")):
        if side == "left" and not happened:
            continue
        ax.annotate(text, (x, n), xycoords=ax.get_yaxis_transform(), xytext=(shift, 0),
                    textcoords="offset points", ha=side, fontsize=size, color=colour,
                    fontweight=weight, **LABEL)


def border(ax, S, H, upto):
    """A line between the source and the target, and a frame around the row that happens now."""
    ax.plot([-0.5, H - 0.5], [S - 0.5] * 2, color=INK, linewidth=2, clip_on=False)
    top = upto - 1.5
    ax.plot([-0.5, H - 0.5, H - 0.5, -0.5, -0.5], [top, top, top + 1, top + 1, top], color=INK,
            linewidth=1.4, clip_on=False)


@styled
def on_the_way(fig, vectors, stops, now):
    """Draw two contexts with a mixture between them, and the texts that are written on the way.

    vectors  three of (H,) in [-1, 1]: the first context, the mixture, the second one
    stops    (shares, texts): shares of the second context from 0 to 1, the text written at each
    now      the share of the mixture
    """
    fig.set_layout_engine("none")
    shares, texts = stops
    strips = fig.add_axes([0.15, 0.79, 0.8, 0.18])
    strips.imshow(np.stack(vectors), cmap=STATES, vmin=-1, vmax=1, aspect="auto",
                  interpolation="nearest")
    bare(strips)
    strips.hlines([0.5, 1.5], -0.5, len(vectors[0]) - 0.5, color="#ffffff", linewidth=4)
    for n, text in enumerate(("first context", "mixture", "second context")):
        strips.annotate(text, (0, n), xycoords=strips.get_yaxis_transform(), xytext=(-8, 0),
                        textcoords="offset points", ha="right", fontsize=10, **LABEL)
    way(fig.add_axes([0.15, 0.57, 0.8, 0.13]), shares, texts, now)
    listed(fig.add_axes([0.05, 0.02, 0.92, 0.4]), shares, texts, now)


def segments(texts):
    """(begin, end, text) of each stretch of equal texts."""
    cuts = [0, *(n for n in range(1, len(texts)) if texts[n] != texts[n - 1]), len(texts)]
    return [(a, b, texts[a]) for a, b in zip(cuts[:-1], cuts[1:], strict=True)]


def way(ax, shares, texts, now):
    """A band with one colour for each stretch of equal texts, and where we are."""
    step = shares[1] - shares[0]
    for n, (begin, end, _) in enumerate(segments(texts)):
        left, right = shares[begin] - step / 2, shares[end - 1] + step / 2
        ax.axvspan(max(0, left), min(1, right), color=SPARE[n % len(SPARE)], alpha=0.6, lw=0)
    ax.axvline(now, color=INK, linewidth=2.5)
    ax.set(xlim=(0, 1), ylim=(0, 1), yticks=[], xticks=[0, 0.25, 0.5, 0.75, 1])
    ax.set_xlabel("share of the second context", fontsize=10)
    ax.spines["left"].set_visible(False)
    ax.annotate("text written", (0, 0.5), xycoords=ax.get_yaxis_transform(), xytext=(-8, 0),
                textcoords="offset points", ha="right", fontsize=10, **LABEL)


def listed(ax, shares, texts, now):
    """The texts on the way with their colours, in two columns, the one written now in bold."""
    bare(ax)
    ax.set(xlim=(0, 2), ylim=(MOST / 2 - 0.4, -0.6))
    here = min(range(len(shares)), key=lambda n: abs(shares[n] - now))
    found = segments(texts)
    for n, (begin, end, text) in enumerate(found[:MOST]):
        column, line = divmod(n, MOST // 2)
        ax.plot(column + 0.02, line, "s", color=SPARE[n % len(SPARE)], alpha=0.6, markersize=10)
        if n == MOST - 1 and len(found) > MOST:
            text = f"and {len(found) - MOST + 1} more"
        weight = "bold" if begin <= here < end else "normal"
        ax.annotate(text, (column + 0.05, line), fontsize=9.5, ha="left", color=INK,
                    fontweight=weight, **LABEL)
