"""Numbers along an axis: curves with intervals, probabilities as bars, gradients by distance,
activation functions."""

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator

from .lettering import visible
from .style import ERRORS, FAINT, GATES, INK, KIN, MODELS, MUTED, NAMES, SPARE, styled

MARKS = ["o", "s", "^", "D", "v", "P"]


def colour_of(name, position=0):
    """The course's colour of a model or a gate; for any other name a colour by position."""
    return MODELS.get(KIN.get(name, name)) or GATES.get(name) or SPARE[position % len(SPARE)]


@styled
def curves(ax, x, lines, halves=None, labels=("", ""), title=""):
    """Draw one curve per name over x, from dict name -> values, with a band of half-width
    `halves[name]` where given.

    A name of a model or a gate gets that one's colour. labels: of the x and the y axis.
    """
    for n, (name, values) in enumerate(lines.items()):
        y, colour = np.asarray(values, dtype=float), colour_of(name, n)
        dots = MARKS[n % len(MARKS)] if len(y) <= 20 else ""
        ax.plot(x, y, color=colour, label=NAMES.get(name, name), marker=dots, markersize=5)
        if halves and name in halves:
            half = np.asarray(halves[name], dtype=float)
            ax.fill_between(x, y - half, y + half, color=colour, alpha=0.18, linewidth=0)
    furnish(ax, labels, title)
    key(ax)


@styled
def by_distance(ax, norms, title="", floor=1e-12):
    """Draw how the gradient shrinks or grows with distance, from dict name -> norms of dh_T/dh_t
    for t = 1 ... T.

    The scale is logarithmic; zeros and what lies below `floor` stand on the floor.
    """
    lines = {name: np.maximum(np.asarray(v, dtype=float)[::-1], floor) for name, v in norms.items()}
    longest = max(len(v) for v in lines.values())
    for n, (name, y) in enumerate(lines.items()):
        ax.plot(range(len(y)), y, color=colour_of(name, n), label=NAMES.get(name, name))
    ax.axhline(1, color=MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.set(yscale="log", xlim=(0, max(longest - 1, 1)))
    ax.yaxis.set_major_locator(LogLocator(numticks=6))
    ax.yaxis.set_major_formatter(lambda value, _: power_of_ten(value))
    ax.minorticks_off()
    furnish(ax, (r"distance $T-t$ in steps", r"norm of $\partial h_T/\partial h_t$"), title)
    key(ax)


@styled
def bars(ax, probabilities, labels, lit=None, title=""):
    """Draw probabilities as horizontal bars on the scale [0, 1], a label and a number each; the
    position `lit` stands out."""
    p = np.asarray(probabilities, dtype=float)
    place = np.arange(len(p))
    colours = ["#f29504" if n == lit else "#4d9f98" for n in place]
    ax.barh(place, p, color=colours, height=0.72)
    for n, value in zip(place, p, strict=True):
        inside = value > 0.8
        ax.text(
            value + (-0.02 if inside else 0.02),
            n,
            f"{value:.2f}",
            va="center",
            fontsize=9,
            ha="right" if inside else "left",
            color="#000000" if inside else INK,
        )
    ax.set_yticks(place, [visible(label).replace("$", r"\$") for label in labels])
    ax.set(xlim=(0, 1), ylim=(len(p) - 0.4, -0.6))
    ax.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if title:
        ax.set_title(title)


@styled
def flow(ax, own, future, reached=1, labels=None, title=""):
    """Draw how much of the error at each step is its own and how much comes from the future.

    own, future  one number >= 0 per step t = 1 ... T, stacked; steps before `reached` stay empty
    labels       names of the steps
    """
    steps = stack(ax, own, future, reached)
    ax.set_ylim(0, 1.25 * ax.get_ylim()[1])
    ax.set_xticks(steps, labels or [str(t) for t in steps])
    ax.yaxis.set_major_locator(MaxNLocator(4))
    furnish(ax, ("", "size of the error"), title)
    ax.legend(ncols=2, loc="upper left", borderaxespad=0.1, handlelength=1)


def stack(ax, own, future, reached):
    """The bars of `flow`, on a scale that does not depend on `reached`; the steps 1 ... T."""
    own, future = (np.asarray(v, dtype=float) for v in (own, future))
    steps = np.arange(1, len(own) + 1)
    done = steps >= reached
    ax.bar(steps, own * done, color=ERRORS["own"], width=0.7, label="from its own output")
    ax.bar(
        steps,
        future * done,
        bottom=own * done,
        color=ERRORS["future"],
        width=0.7,
        label="from the future",
    )
    ax.set(xlim=(0.5, len(own) + 0.5), ylim=(0, 1.05 * max((own + future).max(), 1e-12)))
    return steps


@styled
def activations(fig):
    """Draw tanh, sigmoid and ReLU, each with its derivative, side by side on a figure."""
    a = np.linspace(-4, 4, 161)
    s = 1 / (1 + np.exp(-a))
    shown = {
        r"$\tanh(a)$": (np.tanh(a), 1 - np.tanh(a) ** 2),
        r"sigmoid $\sigma(a)$": (s, s * (1 - s)),
        r"ReLU $\max(0, a)$": (np.maximum(a, 0), np.where(a > 0, 1.0, np.nan)),
    }
    axes = fig.subplots(1, 3, sharey=True)
    for ax, (name, (y, slope)) in zip(axes, shown.items(), strict=True):
        ax.axhline(0, color=FAINT, linewidth=1)
        ax.axvline(0, color=FAINT, linewidth=1)
        ax.plot(a, y, color=SPARE[0], label="value")
        ax.plot(a, slope, color=SPARE[1], linestyle=(0, (4, 2)), label="derivative")
        ax.set(
            ylim=(-1.15, 2.1),
            xlim=(-4, 4),
            xticks=[-4, -2, 0, 2, 4],
            yticks=[-1, 0, 1, 2],
            xlabel="$a$",
            title=name,
        )
    axes[2].plot(a[a < 0], 0 * a[a < 0], color=SPARE[1], linestyle=(0, (4, 2)))
    axes[1].legend(loc="upper left", handlelength=2)


def furnish(ax, labels, title):
    """Grid lines, labels of the axes, title."""
    ax.grid(axis="y")
    ax.set(xlabel=labels[0], ylabel=labels[1], title=title)


def key(ax):
    """A legend when there are several lines: inside for two or three, to the right of the axes for
    more."""
    many = len(ax.get_legend_handles_labels()[0])
    if many > 3:
        ax.legend(handlelength=1.6, loc="upper left", bbox_to_anchor=(1.0, 1.02), borderaxespad=0.2)
    elif many > 1:
        ax.legend(handlelength=1.6, borderaxespad=0.2)


def power_of_ten(value):
    """A power of ten as plain text, such as 10⁻⁶; anything else in digits."""
    power = round(np.log10(value))
    if not np.isclose(value, 10.0**power, rtol=1e-6):
        return f"{value:g}"
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
