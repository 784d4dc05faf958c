"""What notebook 08 records, as figures: directions, places, depth, layers, rates, steps.

Each function draws what is recorded for K09, K10, K27 and K30, with 95 % intervals over the seeds.
"""

from . import claims, claims_pictures, claims_series, plots
from .experiments import depth, directions, fewer_steps, last_states, norm_rates


def by_direction():
    """Bars: F1 of slots and accuracy of tags, for one direction, the other, and three merges."""
    fig = plots.figure(9, 3.2, "Bars, F1 of slots and accuracy of tags: one way, the other, and "
                               "three merges of both.")
    shown = {"slots, F1": ("slots", "f1"), "tags, accuracy": ("tags", "accuracy")}
    found = {}
    for title, (task, metric) in shown.items():
        settings = {kind: {"what": "labels", "task": task, "kind": kind}
                    for kind in directions.KINDS}
        found[title] = claims_series.points("K09", metric, settings)
    bars, halves = ({kind: [found[title][kind][n] for title in shown] for kind in directions.KINDS}
                    for n in (0, 1))
    plots.groups(fig.add_subplot(), list(shown), bars, halves, label="percent")
    fig.axes[0].set_ylim(50, 100)
    return fig


def by_place():
    """Curves: what a probe of the last state names at each place; a blind guess is dashed."""
    fig = plots.figure(8, 3.2, "Percent named by place: from the left it rises to the end, from "
                               "the right it falls from the beginning, both together are a U.")
    kinds = {kind: {"what": "last state", "kind": kind} for kind in last_states.KINDS}
    places, means, halves = claims_series.profiles("K09", "place", kinds)
    ax = fig.add_subplot()
    plots.curves(ax, places, means, halves, ("place in the window", "percent named"))
    blind, _ = claims_series.points("K09", "commonest", kinds)["from the left"]
    ax.axhline(blind, color=plots.MUTED, linestyle="--")
    ax.set(ylim=(0, 100), xticks=[1, 5, 10, 15, 20])
    return fig


def by_depth():
    """Curves: F1 of slots, accuracy of tags, and seconds of training against the layers."""
    fig = plots.figure(10, 3.2, "Left: what is reached with one to four layers, slots and tags. "
                                "Right: the seconds of training, which grow with each layer.")
    shown = {"slots, F1": ("slots", "f1"), "tags, accuracy": ("tags", "accuracy")}
    for ax, label in zip(fig.subplots(1, 2), ("percent", "seconds of training"), strict=True):
        means, halves = {}, {}
        for name, (task, score) in shown.items():
            chosen = {"what": "depth", "task": task, "kind": "side by side"}
            metric = score if label == "percent" else "seconds"
            _, *found = claims_pictures.united("K10", metric, "layers", {name: chosen})
            means, halves = means | found[0], halves | found[1]
        plots.curves(ax, depth.LAYERS, means, halves, ("layers", label))
        ax.set(xticks=depth.LAYERS, ylim=(0, None))
    fig.axes[1].legend().remove()
    return fig


def by_layer():
    """Curves: what a probe reads at each layer, of words and letters, of slots and intents."""
    means, halves = depth.closed(claims.results("K10", setting={"what": "probe"}))
    words = [name for name in means if "word" in name or "letter" in name]
    fig = plots.figure(10, 3.3, "Percent read by layer, 0 to 3: words and letters on the left, "
                                "spans, slots and intents on the right.")
    halfs = words, [name for name in means if name not in words]
    for ax, names in zip(fig.subplots(1, 2), halfs, strict=True):
        lines = {name: means[name] for name in names}
        plots.curves(ax, range(4), lines, halves, ("layer", "percent read"))
        ax.set(xticks=range(4), ylim=(0, 102))
    return fig


def by_rate():
    """Curves: held-out loss against the learning rate, plain and normalised, one layer and four."""
    panels = {title: ("nats", {kind: {"kind": kind, "cell": "rnn", "layers": layers}
                               for kind in norm_rates.KINDS})
              for title, layers in [("one layer", 1), ("four layers", 4)]}
    fig = claims_pictures.over("K27", "lr", panels, ("learning rate", "nats a word"))
    fig.alt = ("Held-out loss against learning rate, one layer on the left, four on the right: "
               "the normalised ones lie below the plain ones.")
    for ax in fig.axes:
        ax.set_ylim(0, 2.7)
    return fig


def bargains():
    """dict updates -> dict name of a network -> ((seconds, half-width), (F1, half-width))."""
    ways = {"what": "labels", "task": "slots"}
    deep = {"what": "depth", "task": "slots", "kind": "side by side"}
    longer = {"what": "longer"}
    norm = longer | {"kind": "normalised"}
    networks = {
        "400 updates": {"one way": ("K09", ways | {"kind": "from the left"}),
                        "both": ("K09", ways | {"kind": "side by side"}),
                        "wider": ("K10", deep | {"layers": 1}),
                        "2 layers": ("K10", deep | {"layers": 2}),
                        "3 layers": ("K10", deep | {"layers": 3})},
        "800 updates": {"wider": ("K10", longer | {"kind": "side by side", "layers": 1}),
                        "wider, normalised": ("K10", norm | {"layers": 1}),
                        "3 layers, normalised": ("K10", norm | {"layers": 3})}}
    return {updates: {name: tuple(claims_series.points(claim, metric, {"": setting})[""]
                                  for metric in ("seconds", "f1"))
                      for name, (claim, setting) in row.items()}
            for updates, row in networks.items()}


def bargain():
    """Points: seconds of training against F1 of slots, one for each network."""
    fig = plots.figure(9, 4, "Seconds of training against F1 of slots, one point for each network.")
    plots.bargain(fig.add_subplot(), bargains(), ("seconds of training", "F1 of slots"))
    return fig


def by_steps():
    """Points: seconds of training against intents right, one for each network on characters."""
    fig = plots.figure(9, 3.4, "Seconds of training against percent of intents right: networks "
                               "with a convolution lie above those without.")
    points = {}
    for name in fewer_steps.NETWORKS:
        chosen = {"": {"task": "intents", "network": name}}
        short = name.replace("recurrent on every", "every").replace("convolution,", "conv.,")
        points[short] = tuple(claims_series.points("K30", metric, chosen)[""]
                              for metric in ("seconds", "accuracy"))
    plots.bargain(fig.add_subplot(), {"": points}, ("seconds of training", "% of intents right"))
    return fig
