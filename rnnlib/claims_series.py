"""Recorded results as curves: means and intervals over seeds, ready to draw."""

import math
from collections import defaultdict

from . import claims
from .metrics import interval


def series(claim, metric, along, setting=None, choose=None):
    """A recorded metric against one value of the setting: (xs, means, half-widths), xs sorted.

    Args:
        along: the name of that value: "T".
        setting: only records whose setting has these values.
        choose: `min` or `max` picks among settings that differ in something else (a learning rate);
            without it they are an error.
    """
    groups = defaultdict(lambda: defaultdict(list))
    for record in claims.results(claim, metric, setting):
        others = {name: v for name, v in record.setting.items() if name != along}
        groups[record.setting[along]][str(sorted(others.items()))].append(record.value)
    xs, found = sorted(groups), []
    for x in xs:
        kinds = [interval(values) for values in groups[x].values()]
        if len(kinds) > 1 and choose is None:
            raise ValueError(f"{claim} {metric} at {along}={x} has {len(kinds)} settings, expected "
                             "one: name more of the setting, or give choose=min or max")
        found.append(kinds[0] if len(kinds) == 1 else choose(kinds))
    return xs, [mean for mean, _ in found], [half for _, half in found]


def profile(claim, prefix, setting=None, data=None):
    """Metrics that are numbered, "back_0", "back_1", ...: (numbers, means, half-widths)."""
    values = defaultdict(list)
    for record in claims.results(claim, None, setting, data):
        head, _, number = record.metric.rpartition("_")
        if head == prefix and number.isdigit():
            values[int(number)].append(record.value)
    if not values:
        raise ValueError(f"{claim} has no metrics {prefix}_0, {prefix}_1, ... with {setting}")
    xs = sorted(values)
    found = [interval(values[x]) for x in xs]
    return xs, [mean for mean, _ in found], [half for _, half in found]


def profiles(claim, prefix, settings, data=None):
    """Several profiles as `plots.curves` takes them: (numbers, dict of means, dict of half-widths).

    settings: dict from the name of a line to its setting; all must have the same numbers.
    """
    found = {name: profile(claim, prefix, setting, data) for name, setting in settings.items()}
    if len({tuple(xs) for xs, _, _ in found.values()}) > 1:
        raise ValueError(f"{claim} has {prefix}_0, {prefix}_1, ... of different lengths with "
                         f"{list(settings)}: draw them apart")
    means, halves = ({name: one[n] for name, one in found.items()} for n in (1, 2))
    return next(iter(found.values()))[0], means, halves


def lines(claim, metric, along, settings):
    """Several series as `plots.curves` takes them: (xs, dict of means, dict of half-widths).

    settings: dict from the name of a line to its setting; all must have the same xs.
    """
    found = {name: series(claim, metric, along, setting) for name, setting in settings.items()}
    xs = next(iter(found.values()))[0]
    for name, (others, _, _) in found.items():
        if others != xs:
            raise ValueError(f"{claim} {metric} was measured at {along}={xs}, but {name!r} at "
                             f"{others}: draw them apart")
    means, halves = ({name: one[n] for name, one in found.items()} for n in (1, 2))
    return xs, means, halves


def table(claim, metrics, settings, data=None):
    """Recorded metrics of several settings: dicts from a name to means and to half-widths.

    metrics: the names of the metrics, in the order of the values.
    settings: dict from a name to its setting.
    """
    found = {name: [interval([r.value for r in claims.results(claim, metric, setting, data)])
                    for metric in metrics] for name, setting in settings.items()}
    means, halves = ({name: [one[n] for one in row] for name, row in found.items()}
                     for n in (0, 1))
    return means, halves


def text(heads, means, halves):
    """A table as lines of text: a head for each column, a line for each name, '84.8 ± 1.5'.

    means, halves: dicts from a name to values, one for each of heads, as `table` gives them; a
        half-width that is NaN (a single seed) is left out.
    """
    wide, side = max(14, *(len(head) + 2 for head in heads)), max(map(len, means)) + 2
    found = [" " * side + "".join(f"{head:<{wide}}" for head in heads)]
    for name, row in means.items():
        cells = [f"{mean:.1f}" + ("" if math.isnan(half) else f" ± {half:.1f}")
                 for mean, half in zip(row, halves[name], strict=True)]
        found.append(f"{name:<{side}}" + "".join(f"{cell:<{wide}}" for cell in cells))
    return "\n".join(line.rstrip() for line in found)


def points(claim, metric, settings):
    """A recorded metric of several settings: dict name -> (mean, half-width of its interval).

    settings: dict from a name to its setting.
    """
    found = {}
    for name, setting in settings.items():
        records = claims.results(claim, metric, setting)
        kinds = {str(sorted(record.setting.items())) for record in records}
        if len(kinds) > 1:
            raise ValueError(f"{claim} {metric} of {name!r} has {len(kinds)} settings, expected "
                             f"one: name more of {sorted(records[0].setting)}")
        found[name] = interval([record.value for record in records])
    return found
