"""Numbers as coloured cells: a matrix with its values, states under their tokens."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from .lettering import visible, write
from .style import INK, PAPER, STATES, bare, ink_on, points_per_unit, styled

WIDEST, LARGEST, SMALLEST = 4.2, 10.0, 6.5  # characters of a number; font sizes it is shown at
EMPTY = (0.955, 0.955, 0.955)


@styled
def matrix(ax, values, labels=(None, None), lit=None, title="", limit=1.0):
    """Draw a matrix as cells with their numbers, the colours fixed to [-limit, limit].

    labels  of the rows and of the columns
    lit     a mask of the cells in use, any shape that broadcasts: the others fade and lose
            their numbers
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    ax.set(xlim=(-0.5, values.shape[1] - 0.5), ylim=(values.shape[0] - 0.5, -0.5))
    label(ax, *labels, title)
    grids(ax, [(values, (-0.5, -0.5, 1, 1), lit)], limit)


@styled
def states(ax, values, tokens, upto=None, title=""):
    """Draw states (T, H) in [-1, 1] as a strip: a column per step, each under its token.

    Columns after the first `upto` steps are empty; the last of them is framed.
    """
    values = np.asarray(values, dtype=float)
    T, H = values.shape
    upto = T if upto is None else upto
    ax.set(xlim=(-0.5, T - 0.5), ylim=(H - 0.5, -0.5))
    label(ax, None, tokens, title)
    shown = np.where(np.arange(T) < upto, values.T, np.nan)
    grids(ax, [(shown, (-0.5, -0.5, 1, 1), None)], 1.0)
    ax.vlines(np.arange(T - 1) + 0.5, -0.5, H - 0.5, color=PAPER, linewidth=2)
    if 0 < upto < T:
        ax.add_patch(
            Rectangle(
                (upto - 1.5, -0.5),
                1,
                H,
                fill=False,
                edgecolor=INK,
                linewidth=2,
                clip_on=False,
                zorder=4,
            )
        )


def grids(ax, boxes, limit):
    """Draw matrices on one Axes: a list of (values, (left, top, width, height of a cell), lit).

    Colours are fixed to [-limit, limit]; cells that hold nan are empty.
    """
    corners, colours, down = [], [], -np.sign(points_per_unit(ax)[1])
    for values, (left, top, wide, high), lit in boxes:
        lit = np.broadcast_to(True if lit is None else np.asarray(lit, dtype=bool), values.shape)
        rgb = shades(values, limit, lit)
        row, column = np.indices(values.shape).reshape(2, -1)
        x, y = left + column * wide, top + down * row * high
        corners += list(
            np.stack(
                [
                    np.stack([x, x + wide, x + wide, x], 1),
                    np.stack([y, y, y + down * high, y + down * high], 1),
                ],
                2,
            )
        )
        colours += list(rgb.reshape(-1, 3))
        middle = np.stack([x + wide / 2, y + down * high / 2], 1)
        numbers(ax, values, rgb, middle, lit & np.isfinite(values), number_size(ax, wide, high))
    ax.add_collection(
        PolyCollection(corners, facecolors=colours, edgecolors=PAPER, linewidths=0.6), autolim=False
    )


def shades(values, limit, lit):
    """RGB of every cell: the colour of its value, pale where not lit, grey where it is nan."""
    rgb = STATES(Normalize(-limit, limit, clip=True)(values))[..., :3]
    rgb = np.where(lit[..., None], rgb, 0.18 * rgb + 0.82)
    return np.where(np.isnan(values)[..., None], EMPTY, rgb)


def numbers(ax, values, rgb, middle, shown, size):
    """Write the numbers that are shown, if they fit, in the legible one of black and white."""
    if size < SMALLEST:
        return
    shown = shown.reshape(-1)
    texts = [short(value) for value in values.reshape(-1)[shown]]
    write(ax, texts, middle[shown], size, [ink_on(c) for c in rgb.reshape(-1, 3)[shown]])


def number_size(ax, wide, high):
    """The font size at which numbers fit into cells of this size, in the units of the Axes."""
    across, upwards = points_per_unit(ax)
    return min(LARGEST, wide * across / (WIDEST * 0.62), high * abs(upwards) / 1.25)


def short(value):
    """A number in at most four characters: `.52`, `-.07`, `1.3`, `-12`, `0`."""
    if abs(value) >= 9.95 or value == round(value):
        return f"{value:.0f}".replace("-0", "0") if abs(value) < 0.5 else f"{value:.0f}"
    if abs(value) >= 0.995:
        return f"{value:.1f}"
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) >= 0.005 else "0"


def label(ax, rows, columns, title):
    """Labels beside rows and above columns, the title above them."""
    bare(ax, title, 20 if columns else 6)
    place = {
        "textcoords": "offset points",
        "fontsize": 10,
        "parse_math": False,
        "annotation_clip": False,
    }
    for n, text in enumerate(rows or []):
        ax.annotate(visible(text), (-0.5, n), xytext=(-4, 0), ha="right", va="center", **place)
    for n, text in enumerate(columns or []):
        ax.annotate(visible(text), (n, -0.5), xytext=(0, 4), ha="center", va="baseline", **place)
