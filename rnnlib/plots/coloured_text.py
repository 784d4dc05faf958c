"""A text with each character on the colour of a number: what one unit does while it reads."""

import numpy as np

from .lettering import MONO, write
from .style import STATES, bare, ink_on, styled

WIDE = 0.62
"""Width of a character, as a share of the height of a line."""


@styled
def characters(ax, text, values, limit=1.0, width=80, title=""):
    """Draw a text line by line, each character on the colour of its value in [-limit, limit].

    A line ends where the text has a line end (shown by its sign, with its colour) or at `width`.
    """
    bare(ax, title)
    rows, columns = places(text, width)
    n = max(rows) + 1
    grid = np.ones((n, width, 3))
    colours = STATES((np.clip(np.asarray(values) / limit, -1, 1) + 1) / 2)[:, :3]
    grid[rows, columns] = colours
    ax.imshow(grid, extent=(0, width, n, 0), aspect="auto", interpolation="nearest")
    ax.set(xlim=(0, width), ylim=(n, 0))
    signs = [c if c != " " else "" for c in text]
    inks = [ink_on(colour) for colour in colours]
    places_of = np.column_stack([np.asarray(columns) + 0.5, np.asarray(rows) + 0.46])
    write(ax, signs, places_of, size_of(ax, width), inks, MONO)


def places(text, width):
    """(row of each character, column of each character)."""
    rows, columns, row, column = [], [], 0, 0
    for c in text:
        if column == width:
            row, column = row + 1, 0
        rows.append(row)
        columns.append(column)
        row, column = (row + 1, 0) if c == "\n" else (row, column + 1)
    return rows, columns


def size_of(ax, width):
    """A font size at which `width` characters fit into the Axes."""
    box = ax.get_window_extent()
    return min(11.0, box.width * 72 / ax.figure.dpi / width / WIDE)
