"""Estimates of a gradient and how far they fall from it; candidates and who gains."""

import numpy as np

from .style import FAINT, INK, MUTED, SPARE, styled

UP, DOWN, NEITHER = "#1b3ac1", "#d6360c", "#acaaac"
"""Colours of what gains probability, of what loses it, and of what stays."""


@styled
def clouds(fig, panels, exact, labels, bound):
    """Draw estimates of two numbers of a gradient as dots, a panel for each kind, the exact one as
    a cross.

    panels  dict title -> (N, 2) numbers; exact  two numbers; labels  of the two axes; bound  of
            both scales, around zero
    """
    axes = np.atleast_1d(fig.subplots(1, len(panels), sharex=True, sharey=True))
    for ax, (title, dots) in zip(axes, panels.items(), strict=True):
        dots = np.asarray(dots)
        ax.axhline(0, color=FAINT, linewidth=1)
        ax.axvline(0, color=FAINT, linewidth=1)
        ax.plot(dots[:, 0], dots[:, 1], "o", color=SPARE[0], markersize=3.2, alpha=0.35,
                markeredgewidth=0)
        ax.plot(*exact, "X", color=SPARE[1], markersize=10, markeredgecolor=INK)
        ax.set(xlim=(-bound, bound), ylim=(-bound, bound), xlabel=labels[0], title=title)
        ax.set_aspect("equal")
    axes[0].set_ylabel(labels[1])


@styled
def candidates(fig, names, shares, costs, pull, risk):
    """Draw the share Q of each candidate as a bar, its cost beside it, and who gains as a colour.

    names   of the candidates; shares  their Q, adding up to one; costs  from 0 to 1
    pull    how strongly training changes each one's logarithm, above zero for those that gain
    risk    the sum of shares times costs
    """
    left, right = fig.subplots(1, 2, sharey=True, width_ratios=[1.5, 1])
    place, pull = np.arange(len(names)), np.asarray(pull)
    colours = [UP if p > 1e-6 else DOWN if p < -1e-6 else NEITHER for p in pull]
    left.barh(place, shares, color=colours, height=0.7)
    for n, (share, cost) in enumerate(zip(shares, costs, strict=True)):
        left.text(min(share, 0.86) + 0.01, n, f"{share:.3f}   cost {cost:.2f}", va="center",
                  fontsize=9, color=INK if share < 0.86 else "#ffffff")
    left.set(xlim=(0, 1.12), xticks=[0, 0.5, 1])
    left.set_title(f"share Q of each candidate; risk {risk:.3f}")
    left.set_yticks(place, names)
    left.set_ylim(len(names) - 0.4, -0.6)
    right.axvline(0, color=MUTED, linewidth=0.8)
    right.barh(place, pull, color=colours, height=0.7)
    right.set(xlim=(-0.26, 0.26), xticks=[-0.2, 0, 0.2], title="pull on its log-probability")
    for ax in (left, right):
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x")


@styled
def gains(ax, found, label):
    """Draw a difference with its interval for each name, the single runs as small dots.

    found  dict name -> (mean, half-width, values of the runs); zero is a line
    """
    place = np.arange(len(found))
    for n, (mean, half, values) in zip(place, found.values(), strict=True):
        colour = UP if mean + half < 0 else DOWN if mean - half > 0 else MUTED
        runs = np.full(len(values), n + 0.22)
        ax.plot(values, runs, "o", color=colour, markersize=3.5, alpha=0.6)
        ax.errorbar(mean, n, xerr=half, fmt="D", color=colour, markersize=6, elinewidth=1.6)
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(place, list(found))
    ax.set(ylim=(len(found) - 0.5, -0.6), xlabel=label)
    ax.grid(axis="x")
