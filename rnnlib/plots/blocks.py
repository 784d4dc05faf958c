"""A network as blocks from bottom to top, with the sizes between them and what each block costs."""

from .gated_units import arrow, box
from .style import FAINT, INK, MUTED, PAPER, WEIGHTS, bare, styled

LEFT, RIGHT, OTHER = WEIGHTS["U"], WEIGHTS["W"], FAINT
"""Colours: reads from the left, from the right, neither."""
MIDDLE, WIDE, HIGH = 3.1, 4.4, 0.62
MOST = 7
"""How many blocks have room: the height of a block does not depend on their number."""


@styled
def blocks(ax, rows, most):
    """Draw blocks from bottom to top, the size that leaves each on its arrow, its weights as a bar.

    rows  list of (parts, size, weights or None); parts is a list of (words, way), one for a block
          alone, two for a block of two readers; way is "left", "right" or "" for neither
    most  weights of the longest bar; longer ones are cut
    """
    bare(ax)
    ax.set(xlim=(-0.6, 12.4), ylim=(-0.75, MOST + 0.15))
    ax.text(MIDDLE, -0.5, "words", ha="center", va="center", fontsize=10, color=MUTED)
    for n, (parts, size, weights) in enumerate(rows):
        y = n + 0.32
        arrow(ax, (MIDDLE, y - 0.62), (MIDDLE, y - 0.34), MUTED)
        one_block(ax, y, parts)
        ax.text(MIDDLE + WIDE / 2 + 0.25, y + 0.47, size, va="center", fontsize=9.5, color=INK)
        if weights is not None:
            cost(ax, y, weights, most)
    top = len(rows) + 0.02
    arrow(ax, (MIDDLE, top - 0.36), (MIDDLE, top - 0.02), MUTED)


def one_block(ax, y, parts):
    """A block at a height: one box, or two side by side for two readers."""
    each = WIDE / len(parts)
    for k, (words, way) in enumerate(parts):
        middle = MIDDLE - WIDE / 2 + each * (k + 0.5)
        colour = {"left": LEFT, "right": RIGHT}.get(way, OTHER)
        box(ax, (middle, y), (each - 0.12, HIGH), words, colour if way else PAPER)


def cost(ax, y, weights, most):
    """The weights of a block as a bar and a number."""
    left, longest = 8.6, 2.4
    ax.barh(y, longest * min(1, weights / most), 0.34, left, color="#4d9f98", zorder=3)
    ax.text(left + longest * min(1, weights / most) + 0.12, y, f"{weights:,}", va="center",
            fontsize=9.5, color=INK)
