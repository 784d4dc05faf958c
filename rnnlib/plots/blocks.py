"""A network as blocks from bottom to top, with the sizes between them and what each block costs."""

from .gated_units import arrow, box
from .style import INK, MUTED, PAPER, WEIGHTS, bare, styled

LEFT, RIGHT = WEIGHTS["U"], WEIGHTS["W"]
"""Colours of a reader from the left and of one from the right."""
MIDDLE, WIDE, HIGH, ASIDE, BARS, LONGEST = 2.2, 4.4, 0.62, 4.75, 8.2, 3.4
ROWS = 6
"""How many blocks have room: the height of a block does not depend on their number."""


@styled
def blocks(ax, rows, most):
    """Draw blocks from bottom to top, what leaves each beside its arrow, its weights as a bar.

    rows  list of (parts, size, weights or None, paths); parts is a list of (words, way), one for a
          block alone, two for a block of two readers; way is "left", "right" or "" for neither;
          paths is 2 where the readers go on separately, else 1
    most  weights of the longest bar; longer ones are cut
    """
    bare(ax)
    ax.set(xlim=(-0.3, 12.7), ylim=(-0.75, ROWS + 0.15))
    for x, words, side in [(MIDDLE, "words", "center"), (ASIDE, "what leaves it", "left"),
                           (BARS, "weights", "left")]:
        ax.text(x, -0.5, words, ha=side, va="center", fontsize=10, color=MUTED)
    arrow(ax, (MIDDLE, -0.3), (MIDDLE, -0.02), MUTED)
    for n, (parts, size, weights, paths) in enumerate(rows):
        y = n + 0.32
        one_block(ax, y, parts)
        for x in [MIDDLE] if paths == 1 else middles(2):
            arrow(ax, (x, y + 0.38), (x, y + 0.66), MUTED)
        ax.text(ASIDE, y + 0.5, size, va="center", fontsize=9.5, color=INK)
        if weights is not None:
            cost(ax, y, weights, most)


def middles(parts):
    """Where the parts of a block have their middles."""
    return [MIDDLE - WIDE / 2 + WIDE / parts * (k + 0.5) for k in range(parts)]


def one_block(ax, y, parts):
    """A block at a height: one box, or two side by side for two readers."""
    for middle, (words, way) in zip(middles(len(parts)), parts, strict=True):
        colour = {"left": LEFT, "right": RIGHT}.get(way, PAPER)
        box(ax, (middle, y), (WIDE / len(parts) - 0.12, HIGH), words, colour)


def cost(ax, y, weights, most):
    """The weights of a block as a bar and a number."""
    wide = LONGEST * min(1, weights / most)
    ax.barh(y, wide, 0.34, left=BARS, color="#4d9f98", zorder=3)
    ax.text(BARS + wide + 0.12, y, f"{weights:,}", va="center", fontsize=9.5, color=INK)
