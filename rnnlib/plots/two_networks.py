"""Two networks unrolled side by side: one reads, one vector crosses, the other one writes."""

from .lettering import LETTER, indexed, write
from .style import INK, MODELS, MUTED, bare, styled

READ, WRITE = MODELS["lstm"], MODELS["rnn"]
ARROW = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
BOX = {"boxstyle": "round,pad=0.35", "facecolor": "white", "linewidth": 1.6}


@styled
def two_networks(ax, source, target, every=False):
    """Draw an encoder over its source and a decoder that writes its target, unrolled.

    source, target  words; the decoder reads <s> and the target, and writes the target and </s>
    every           whether the context goes to every step of the decoder
    """
    S, T = len(source), len(target) + 1
    last = S + T
    bare(ax)
    ax.set(xlim=(-0.6, last + 0.1), ylim=(-1.35, 1.55))
    places = [*range(S), *range(S + 1, last + 1)]
    for n, x in enumerate(places):
        colour = READ if n < S else WRITE
        ax.text(x, 0, "    ", ha="center", va="center", fontsize=12,
                bbox={**BOX, "edgecolor": colour})
        arrow(ax, (x, -0.85), (x, -0.33))
        if n:
            arrow(ax, (places[n - 1] + 0.28, 0), (x - 0.28, 0))
    states = [indexed("h", n + 1) for n in range(S)] + [indexed("h", n + 1) for n in range(T)]
    write(ax, states, [(x, 0) for x in places], 12, INK, LETTER)
    row(ax, places, [*source, "<s>", *target], -1.1)
    row(ax, places[S:], [*target, "</s>"], 1.2)
    for x in places[S:]:
        arrow(ax, (x, 0.33), (x, 0.95))
    ax.text(S - 0.1, 0.16, "c", ha="center", fontsize=14, style="italic", family="DejaVu Serif")
    for text, x, colour in (("encoder", 0, READ), ("decoder", S + 1, WRITE)):
        ax.text(x - 0.45, 0.62, text, color=colour, fontsize=11, ha="left" if x == 0 else "right")
    if every:
        context_lines(ax, S, places[S:])


def context_lines(ax, S, places):
    """The context on its way to every step of the decoder."""
    ax.plot([S, S, places[-1] - 0.18], [0, -0.58, -0.58], color=INK, linewidth=1.3)
    for x in places:
        arrow(ax, (x - 0.18, -0.58), (x - 0.18, -0.33))


def row(ax, places, words, y):
    """Words centred under or over their steps."""
    for x, word in zip(places, words, strict=True):
        ax.text(x, y, word, ha="center", va="center", fontsize=11, parse_math=False)


def arrow(ax, begin, end):
    """A plain arrow."""
    ax.annotate("", end, begin, arrowprops=ARROW)
