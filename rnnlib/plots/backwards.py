"""Whole figures of the error on its way back through time."""

import numpy as np
from matplotlib import colormaps

from .diagrams import DARK_OWN, unrolled_view
from .grids import EMPTY, number_size, numbers
from .lettering import LETTER, write
from .stepwise import LEFT, WIDE, under
from .style import ERRORS, INK, WEIGHTS, bare, styled

SIGN = colormaps["PiYG"]
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
    beside(fig, T, 0.1, "the two parts", INK)
    gathered(fig, errors["U"], t)


def beside(fig, T, height, words, colour):
    """Words to the left of a row of columns."""
    fig.text(LEFT + 0.8 * WIDE / (T + 0.9), height, words, ha="right", va="center", color=colour)


def strip(ax, values, limit):
    """Cells with their numbers: green above zero, pink below it, grey where there is none yet."""
    H, T = values.shape
    ax.set(xlim=(0, T), ylim=(0, H))
    bare(ax)
    rgb = np.where(np.isnan(values)[..., None], EMPTY, SIGN(0.5 + 0.5 * values / limit)[..., :3])
    ax.imshow(rgb, extent=(0, T, 0, H), aspect="auto", interpolation="nearest")
    middle = np.stack(np.meshgrid(np.arange(T) + 0.5, H - np.arange(H) - 0.5), 2).reshape(-1, 2)
    numbers(ax, values, rgb, middle, np.isfinite(values), number_size(ax, 1, 1))


def sizes(ax, errors, t):
    """Bars: how long the two parts are at each step; of one unit, with their signs."""
    own, future = (sizes_of(errors[name]) for name in ("own", "future"))
    steps, done = np.arange(1, len(own) + 1), np.arange(1, len(own) + 1) >= t
    above = np.where(own * future > 0, own, 0)  # parts of opposite sign stand on both sides of zero
    ax.bar(steps, own * done, color=ERRORS["own"], width=0.7)
    ax.bar(steps, future * done, bottom=above * done, color=ERRORS["future"], width=0.7)
    ends = np.concatenate([own, future + above, [0, 1e-12]])
    ax.set(xlim=(0.5, len(own) + 0.5), ylim=(1.05 * ends.min(), 1.05 * ends.max()))
    ax.set(xticks=[], yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.axhline(0, color=INK, linewidth=0.8, clip_on=False)


def sizes_of(error):
    """(T,): the error itself for one unit, its length for more."""
    return error[:, 0] if error.shape[1] == 1 else np.linalg.norm(error, axis=1)


def gathered(fig, U, t):
    """The gradient of U as far as it has been gathered on the way back, under its letter."""
    limit = max(np.abs(U.sum(0)).max(), 1e-12)
    strip(fig.add_axes([0.02, 0.66, 0.14, 0.235]), U[t - 1 :].sum(0), limit)
    fig.text(0.02, 0.94, "gradient of", ha="left", va="center")
    ax = fig.add_axes([0.105, 0.92, 0.04, 0.04])
    bare(ax)
    write(ax, ["U"], [(0.5, 0.5)], 14, WEIGHTS["U"], LETTER)
