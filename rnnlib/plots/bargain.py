"""What is paid and what is got: seconds against a score, a point for each network."""

from .curves import MARKS, furnish
from .style import INK, SPARE, styled


@styled
def bargain(ax, groups, labels, title=""):
    """Draw a point with both its intervals for each network, its name beside it.

    groups  dict name of a kind -> dict name -> ((seconds, half-width), (score, half-width))
    labels  of the x and the y axis
    """
    for n, (kind, points) in enumerate(groups.items()):
        for k, (name, ((x, dx), (y, dy))) in enumerate(points.items()):
            ax.errorbar(x, y, dy, dx, fmt=MARKS[n], color=SPARE[n], markersize=6, elinewidth=1,
                        label=kind if k == 0 else None)
            ax.annotate(name, (x, y), (6, 5 if k % 2 else -13), textcoords="offset points",
                        fontsize=9, color=INK)
    ax.margins(x=0.16, y=0.12)
    ax.set_xlim(left=0)
    furnish(ax, labels, title)
    if len(groups) > 1:
        ax.legend(loc="lower right", handlelength=1)
