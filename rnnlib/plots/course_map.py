"""The course in one picture: a box per notebook, an arrow from each to those that need it."""

from textwrap import fill

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from .curves import SPARE
from .style import FAINT, INK, MUTED, PAPER, styled

WIDE, HIGH = 0.8, 0.66  # of a box, on a grid of units


@styled
def course_map(ax, boxes):
    """Draw notebooks as boxes, each (number, title, branch, (column, row), needs, ready).

    branch  a whole number that chooses the colour; needs  numbers of the notebooks before
    ready   False draws the box pale: that notebook is still to come
    """
    places = {number: place for number, _, _, place, _, _ in boxes}
    columns, rows = zip(*places.values(), strict=False)
    ax.set(xlim=(-0.45, max(columns) + 0.45), ylim=(max(rows) + 0.4, -0.4))
    ax.axis("off")
    for number, title, branch, place, needs, ready in boxes:
        for before in needs:
            arrow(ax, places[before], place)
        box(ax, (number, title), place, SPARE[branch % len(SPARE)], ready)


def box(ax, label, place, colour, ready):
    """A rounded box: the number above the title of at most three lines."""
    (x, y), (number, title) = place, label
    ax.add_patch(
        FancyBboxPatch(
            (x - WIDE / 2, y - HIGH / 2),
            WIDE,
            HIGH,
            facecolor=PAPER,
            linewidth=1.8,
            edgecolor=colour if ready else FAINT,
            zorder=3,
            boxstyle="round,pad=0,rounding_size=0.08",
        )
    )
    ax.text(
        x,
        y - HIGH / 2 + 0.16,
        number,
        ha="center",
        va="center",
        fontsize=10,
        zorder=4,
        fontweight="bold",
        color=colour,
    )
    ax.text(
        x,
        y + 0.09,
        fill(title, 13, break_long_words=False),
        ha="center",
        va="center",
        fontsize=8.4,
        zorder=4,
        linespacing=1.15,
        color=INK if ready else MUTED,
    )


def arrow(ax, start, stop):
    """An arrow between two boxes: straight, or through the gap between two columns."""
    (x0, y0), (x1, y1) = start, stop
    if x0 == x1:
        points = [(x0, y0 + HIGH / 2), (x1, y1 - HIGH / 2)]
    else:
        gap = x0 + 0.5
        points = [(x0 + WIDE / 2, y0), (gap, y0), (gap, y1), (x1 - WIDE / 2, y1)]
    ax.add_patch(
        FancyArrowPatch(
            path=Path(points),
            arrowstyle="-|>",
            mutation_scale=9,
            color=MUTED,
            linewidth=1.1,
            shrinkA=0,
            shrinkB=0,
            fill=False,
            zorder=2,
        )
    )
