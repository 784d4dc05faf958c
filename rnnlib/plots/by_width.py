"""Measures of a search against the width of its beam, side by side."""

import numpy as np

from .curves import curves
from .style import MUTED, styled

DASHES = [(0, (4, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))]


@styled
def by_width(fig, panels, levels=None):
    """Draw one panel for each measure, over widths on a scale of doublings.

    panels  dict label of the measure ("% ..." for a share) -> (widths, lines, halves), as
            `claims_series.lines` gives them: dicts from a name to values and half-widths
    levels  dict label -> dict name -> a value that knows no width, drawn as a level line
    """
    axes = fig.subplots(1, len(panels), squeeze=False)[0]
    for n, (ax, (label, (widths, lines, halves))) in enumerate(zip(axes, panels.items(),
                                                                   strict=True)):
        curves(ax, np.log2(widths), lines, halves, ("width of the beam", label))
        for dashes, (name, value) in zip(DASHES, (levels or {}).get(label, {}).items(),
                                         strict=False):
            ax.axhline(value, color=MUTED, linewidth=1.4, linestyle=dashes, label=name)
        if label.startswith("%"):  # an interval may reach beyond what a share can be
            low, high = ax.get_ylim()
            ax.set_ylim(max(low, -2), min(high, 102))
        ax.set_xticks(np.log2(widths), [str(width) for width in widths])
        if ax.get_legend():
            ax.get_legend().remove()
        if n == 0:
            handles = ax.get_legend_handles_labels()
    if len(handles[0]) > 1:
        fig.legend(*handles, loc="outside upper left", ncols=len(handles[0]), handlelength=2.2)
