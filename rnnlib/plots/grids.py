"""Numbers as coloured cells: a matrix with its values, the states of a network under its tokens, a strip of tokens."""
import numpy as np
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle

from .style import INK, PAPER, PROBS, STATES, bare, ink_on, styled

SIZE = 11              # font size of tokens,
WIDTH = 0.602 * SIZE   # and the width of one of their characters in points
WIDEST, LARGEST, SMALLEST = 4.2, 10.0, 6.5   # characters of a number; font sizes between which it is shown


@styled
def matrix(ax, values, rows=None, columns=None, lit=None, title=""):
    """Draw a matrix of values in [-1, 1] as cells with their numbers; colours saturate outside.

    rows, columns  labels; lit  a mask of the cells in use (the others fade and lose their numbers), any shape that broadcasts
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    lit = np.broadcast_to(True if lit is None else np.asarray(lit, dtype=bool), values.shape)
    colours = cells(values, STATES, (-1, 1), lit)
    ax.imshow(colours, aspect="auto", interpolation="nearest")
    write(ax, values, colours, lit)
    label(ax, rows, columns, title)


@styled
def states(ax, values, tokens, upto=None, title=""):
    """Draw states (T, H) in [-1, 1] as a strip: a column for each step under its token, blank after the first `upto` steps."""
    values = np.asarray(values, dtype=float)
    T, H = values.shape
    upto = T if upto is None else upto
    shown = np.broadcast_to(np.arange(T) < upto, (H, T))
    colours = np.where(shown[..., None], cells(values.T, STATES, (-1, 1), shown), to_rgb("#f2f2f2"))
    ax.imshow(colours, aspect="auto", interpolation="nearest")
    write(ax, values.T, colours, shown)
    label(ax, None, tokens, title)
    ax.vlines(np.arange(T - 1) + 0.5, -0.5, H - 0.5, color=PAPER, linewidth=2)
    if 0 < upto < T:
        ax.add_patch(Rectangle((upto - 1.5, -0.5), 1, H, fill=False, edgecolor=INK, linewidth=2, clip_on=False, zorder=4))


@styled
def tokens(ax, words, values, limits=(0, 1), colours=PROBS):
    """Draw tokens in reading order, each on the colour of its value between the limits; lines break where the width ends."""
    bare(ax)
    points = ax.get_window_extent().width * 72 / ax.figure.dpi
    scale = Normalize(*limits, clip=True)
    for word, value, (column, line) in zip(words, values, places(words, points / WIDTH)):
        colour = colours(scale(value))
        ax.annotate(word, (0, 1), xytext=(column * WIDTH + 4, -line * 24 - 4), textcoords="offset points",
                    xycoords="axes fraction", va="top", color=ink_on(colour), fontsize=SIZE,
                    family="DejaVu Sans Mono", parse_math=False, annotation_clip=False,
                    bbox={"boxstyle": "round,pad=0.22", "facecolor": colour, "edgecolor": "none"})


def places(words, wide):
    """(column, line) of each word in characters, broken into lines of so many characters."""
    column, line, found = 0, 0, []
    for word in words:
        if column and column + len(word) + 1 > wide:
            column, line = 0, line + 1
        found.append((column, line))
        column += len(word) + 1
    return found


def cells(values, colours, limits, lit):
    """RGB of every cell: the colour of its value, paled to a fifth where it is not lit."""
    rgb = colours(Normalize(*limits, clip=True)(values))[..., :3]
    return np.where(lit[..., None], rgb, 0.18 * rgb + 0.82)


def write(ax, values, colours, shown):
    """Write the numbers of the lit cells of a grid when they fit, in the legible one of black and white."""
    size = number_size(ax, values.shape)
    if size < SMALLEST:
        return
    for (row, column), value in np.ndenumerate(values):
        if shown[row, column]:
            ax.text(column, row, short(value), ha="center", va="center", fontsize=size, in_layout=False,
                    color=ink_on(colours[row, column]))


def number_size(ax, shape):
    """The font size at which numbers fit into the cells of a grid of this shape."""
    box, points = ax.get_window_extent(), 72 / ax.figure.dpi
    across = box.width * points / shape[1] / (WIDEST * 0.62)
    return min(LARGEST, across, box.height * points / shape[0] / 1.25)


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
    place = {"textcoords": "offset points", "fontsize": 10, "parse_math": False, "annotation_clip": False}
    for n, text in enumerate(rows or []):
        ax.annotate(text, (-0.5, n), xytext=(-4, 0), ha="right", va="center", **place)
    for n, text in enumerate(columns or []):
        ax.annotate(text, (n, -0.5), xytext=(0, 4), ha="center", va="baseline", **place)
