"""Whole figures of the error on its way back through time."""

import numpy as np

from .curves import stack
from .diagrams import DARK_OWN, unrolled_view
from .grids import grids, matrix
from .lettering import LETTER, write
from .stepwise import LEFT, WIDE, under
from .style import ERRORS, INK, WEIGHTS, bare, styled

ROWS = [("own", "from its own output"), ("future", "from the future"), ("sum", "both together")]


@styled
def error_step(fig, errors, tokens, t):
    """Draw the error after it has gone back from the last step to step t.

    errors  dict of own, future, sum (T, H): the error at each state and where it comes from; and of
            U (T, H, H): what each step adds to the gradient of U. Colours are fixed over all steps.
    """
    fig.set_layout_engine("none")
    errors = {name: np.asarray(values, dtype=float) for name, values in errors.items()}
    T, reached = len(tokens), np.arange(1, len(tokens) + 1) >= t
    unrolled_view(fig.add_axes([LEFT, 0.62, WIDE, 0.37]), tokens, back=t)
    limit = max(np.abs(errors["sum"]).max(), 1e-12)
    for n, (name, words) in enumerate(ROWS):
        bottom = 0.475 - 0.135 * n
        ax = under(fig, T, bottom, 0.115)
        strip(ax, np.where(reached, errors[name].T, np.nan), limit)
        beside(fig, T, bottom + 0.0575, words, DARK_OWN if name == "own" else ERRORS[name])
    sizes(under(fig, T, 0.03, 0.14), errors, t)
    beside(fig, T, 0.1, "size of the two parts", INK)
    gathered(fig, errors["U"], t)


def beside(fig, T, height, words, colour):
    """Words to the left of a row of columns."""
    fig.text(LEFT + 0.8 * WIDE / (T + 0.9), height, words, ha="right", va="center", color=colour)


def strip(ax, values, limit):
    """One row of errors: a column per step, empty where the error has not come yet."""
    H, T = values.shape
    ax.set(xlim=(0, T), ylim=(0, H))
    bare(ax)
    grids(ax, [(values, (0, H, 1, 1), None)], limit)


def sizes(ax, errors, t):
    """Bars: how long the own part and the part from the future are at each step."""
    stack(ax, *(np.linalg.norm(errors[name], axis=1) for name in ("own", "future")), t)
    ax.set(xticks=[], yticks=[])
    ax.spines["left"].set_visible(False)


def gathered(fig, U, t):
    """The gradient of U as far as it has been gathered on the way back, under its letter."""
    limit = max(np.abs(U.sum(0)).max(), 1e-12)
    matrix(fig.add_axes([0.02, 0.66, 0.14, 0.235]), U[t - 1 :].sum(0), limit=limit)
    fig.text(0.02, 0.94, "gradient of", ha="left", va="center")
    ax = fig.add_axes([0.105, 0.92, 0.04, 0.04])
    bare(ax)
    write(ax, ["U"], [(0.5, 0.5)], 14, WEIGHTS["U"], LETTER)
