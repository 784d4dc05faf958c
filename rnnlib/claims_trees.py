"""The recorded results of K29, ready to draw and to print: percent right by depth."""

from . import claims, claims_series
from .experiments import tree_or_chain

SHOWN = {"Tree-LSTM": "Tree-LSTM", "gated tree": "gated tree", "lstm": "lstm", "rnn": "rnn",
         "Tree-LSTM, wrong trees": "wrong trees"}
"""Name of a line -> name of a network."""


def settings(task, names):
    """For each line the setting of its network at the rate that is better on dev."""
    records = claims.results("K29")
    return {label: tree_or_chain.chosen(task, SHOWN[label], records) for label in names}


def by_depth(task, names=tuple(SHOWN)):
    """(depths, dict of means, dict of half-widths), the operation alone as the last line."""
    depths, means, halves = claims_series.profiles("K29", "depth", settings(task, names))
    alone = {"task": task, "network": "operation alone"}
    means["operation alone"] = claims_series.profile("K29", "depth", alone)[1]
    return depths, means, halves


def at_depth_one(names=tuple(SHOWN)):
    """Rows (name, percent right on max, on min, on add) as texts with intervals."""
    for label, setting in settings("value", names).items():
        yield label, *(claims.quote("K29", f"only_{operation}", setting, digits=0)
                       for operation in ("max", "min", "add"))


def for_longer(depth):
    """Percent right of the LSTM at a depth: (as in the figure, with more updates), as texts."""
    figure = settings("value", ["lstm"])["lstm"]
    longer = {"task": "value", "network": "lstm", "updates": tree_or_chain.LONGER}
    return [claims.quote("K29", f"depth_{depth}", one, digits=1) for one in (figure, longer)]
