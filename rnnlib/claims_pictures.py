"""Recorded results as whole figures, with their intervals over seeds."""

import math

from . import claims_series, plots


def over(claim, along, panels, labels, level=None):
    """A Picture of recorded metrics against one value of their setting, with 95 % bands.

    Values that span more than a factor of ten stand at equal distances.  A line that was run with
    several learning rates shows the lower mean of each value.

    Args:
        along: the name of that value: "T".
        panels: dict title -> (metric, dict name of a line -> setting).
        labels: of the x and the y axis.
        level: height of a dashed line.
    """
    names = ", ".join(plots.NAMES.get(name, name) for _, lines in panels.values() for name in lines)
    fig = plots.figure(4.6 * len(panels) + 1.6, 3.2, f"{labels[1]} against {labels[0]}: {names}.")
    for ax, (title, (metric, settings)) in zip(
        fig.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        xs, means, halves = united(claim, metric, along, settings)
        spread = xs[0] > 0 and xs[-1] >= 10 * xs[0]
        plots.curves(ax, range(len(xs)) if spread else xs, means, halves, labels, title)
        if spread:
            ax.set_xticks(range(len(xs)), xs)
        if level is not None:
            ax.axhline(level, color=plots.MUTED, linestyle="--")
    if len({tuple(lines) for _, lines in panels.values()}) == 1:
        for ax in fig.axes[:-1]:
            ax.legend().remove()  # the last panel's names the lines of all
    return fig


def united(claim, metric, along, settings):
    """Several series over all xs that any of them has; NaN where a line has no value."""
    found = {name: claims_series.series(claim, metric, along, setting, choose=min)
             for name, setting in settings.items()}
    xs = sorted({x for known, _, _ in found.values() for x in known})
    means, halves = ({name: [dict(zip(one[0], one[n], strict=True)).get(x, math.nan) for x in xs]
                      for name, one in found.items()} for n in (1, 2))
    return xs, means, halves


def groups(claim, metrics, models, level, label):
    """A Picture of bars: a group for each metric, a bar for each model, with 95 % whiskers.

    Args:
        metrics: dict name of a group -> metric.
        models: dict name of a bar -> setting; with a single seed a bar has no whisker.
        level: (height, words) of a dashed line.
        label: of the y axis.
    """
    fig = plots.figure(9, 3.2, f"{label} by {', '.join(metrics)}: {', '.join(models)}.")
    shares, halves = {}, {}
    for name, setting in models.items():
        found = [claims_series.series(claim, m, "unit", setting) for m in metrics.values()]
        shares[name], halves[name] = ([one[n][0] for one in found] for n in (1, 2))
    halves = {name: half for name, half in halves.items() if not any(map(math.isnan, half))}
    plots.groups(fig.add_subplot(), list(metrics), shares, halves, level, label)
    return fig
