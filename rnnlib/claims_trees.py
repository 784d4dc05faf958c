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


def quoted(metrics, names=tuple(SHOWN)):
    """Rows (name, percent right for each of the metrics) on the value, as texts with intervals."""
    for label, setting in settings("value", names).items():
        yield label, *(claims.quote("K29", metric, setting, digits=0) for metric in metrics)


def for_longer(metric, digits=1):
    """A metric of the LSTM: (as long as all, with more updates, the rest equal), as texts."""
    usual = tree_or_chain.Recipe("value", "lstm", tree_or_chain.RATES[0]).setting()
    return [claims.quote("K29", metric, usual | {"updates": updates}, digits=digits)
            for updates in (tree_or_chain.UPDATES, tree_or_chain.LONGER)]


def cost():
    """(number of recorded training runs, seconds of one thread for all of them)."""
    runs = {(str(r.setting), r.seed): r.seconds for r in claims.results("K29", "dev")}
    return len(runs), sum(runs.values())
