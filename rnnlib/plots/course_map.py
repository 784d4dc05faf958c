"""The course in one picture: a box per notebook, an arrow from each to those that need it."""
from textwrap import fill

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from .style import FAINT, INK, MUTED, PAPER, SPARE, styled

WIDE, HIGH = 0.86, 0.62   # of a box, on a grid of units


@styled
def course_map(ax, boxes):
    """Draw notebooks as boxes; `boxes` is a list of (number, title, branch, (column, row), needs, ready).

    branch  a whole number that chooses the colour of the rim; needs  numbers of the notebooks before
    ready   False draws the box pale: that notebook is still to come
    """
    places = {number: place for number, _, _, place, _, _ in boxes}
    columns, rows = zip(*places.values())
    ax.set(xlim=(-0.5, max(columns) + 0.5), ylim=(max(rows) + 0.5, -0.5))
    ax.axis("off")
    for number, title, branch, place, needs, ready in boxes:
        for before in needs:
            arrow(ax, places[before], place)
        box(ax, f"{number}  {title}", place, SPARE[branch % len(SPARE)] if ready else FAINT, ready)


def box(ax, label, place, rim, ready):
    """A rounded box with its label in at most three lines."""
    x, y = place
    ax.add_patch(FancyBboxPatch((x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, facecolor=PAPER, edgecolor=rim,
                                linewidth=1.8, boxstyle="round,pad=0,rounding_size=0.08", zorder=3))
    ax.text(x, y, fill(label, 17), ha="center", va="center", fontsize=9.5, zorder=4, linespacing=1.15,
            color=INK if ready else MUTED)


def arrow(ax, start, stop):
    """An arrow from the rim of one box to the rim of another, along the rows first."""
    (x0, y0), (x1, y1) = start, stop
    if y0 == y1:
        ends, bend = ((x0 + WIDE / 2, y0), (x1 - WIDE / 2, y1)), "arc3"
    elif x0 == x1:
        side = HIGH / 2 if y1 > y0 else -HIGH / 2
        ends, bend = ((x0, y0 + side), (x1, y1 - side)), "arc3"
    else:
        ends, bend = ((x0 + WIDE / 2, y0), (x1 - WIDE / 2, y1)), "arc3,rad=0"
    ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=9, color=MUTED, linewidth=1,
                                 connectionstyle=bend, shrinkA=1, shrinkB=1, zorder=2))
