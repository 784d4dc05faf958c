"""The gated units as diagrams: what goes in and out, and where the gates sit on memory's path."""

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from .style import FAINT, GATES, INK, MUTED, PAPER, bare, ink_on, styled

UNITS = {
    "feed-forward": (["$x$"], ["$h$"], 1),
    "simple RNN": (["$h_{t-1}$", "$x_t$"], ["$h_t$"], 1),
    "GRU": (["$h_{t-1}$", "$x_t$"], ["$h_t$"], 3),
    "LSTM": (["$c_{t-1}$", "$h_{t-1}$", "$x_t$"], ["$c_t$", "$h_t$"], 4),
}
STRAIGHT = "arc3,rad=0"


@styled
def four_units(ax):
    """Draw the four units side by side as boxes with their inputs below and their outputs above."""
    bare(ax)
    ax.set(xlim=(-0.1, 11.9), ylim=(-0.25, 3.1))
    for n, (name, (inputs, outputs, blocks)) in enumerate(UNITS.items()):
        left = 3 * n
        noun = "block of weights" if blocks == 1 else "blocks of weights"
        box(ax, (left + 1.4, 1.4), (2.5, 0.95), f"{name}\n{blocks} {noun}", FAINT)
        for k, text in enumerate(inputs):
            x = left + 1.4 + 0.85 * (k - (len(inputs) - 1) / 2)
            ax.text(x, 0.0, text, ha="center", va="center", fontsize=12)
            arrow(ax, (x, 0.22), (x, 0.88))
        for k, text in enumerate(outputs):
            x = left + 1.4 + 0.85 * (k - (len(outputs) - 1) / 2)
            ax.text(x, 2.85, text, ha="center", va="center", fontsize=12)
            arrow(ax, (x, 1.92), (x, 2.62))


@styled
def lstm_inside(ax):
    """Draw the LSTM: the path of c on top, meeting a product and a sum; the gates below it."""
    bare(ax)
    ax.set(xlim=(-0.3, 10.3), ylim=(-0.35, 4.6))
    line(ax, [(0.35, 3.7), (9.0, 3.7)], GATES["c"], 3)
    ends(ax, [("$c_{t-1}$", 0, 3.7), ("$c_t$", 9.4, 3.7), ("$h_t$", 9.4, 1.85)])
    base(ax, (1.9, 3.9, 5.3, 7.0))
    for letter, x, word in [("f", 1.9, "forget"), ("i", 3.9, "write"), ("o", 7.0, "show")]:
        gate(ax, letter, x, r"$\sigma$", word)
    gate(ax, "g", 5.3, "tanh", "candidate")
    arrow(ax, (1.9, 1.45), (1.9, 3.5), GATES["f"])
    line(ax, [(3.9, 1.45), (3.9, 2.6), (4.4, 2.6)], GATES["i"])
    line(ax, [(5.3, 1.45), (5.3, 2.6), (4.8, 2.6)], GATES["g"])
    arrow(ax, (4.6, 2.8), (4.6, 3.5), INK)
    line(ax, [(7.8, 3.7), (7.8, 2.1)], GATES["c"])
    line(ax, [(7.0, 1.45), (7.0, 1.85), (7.6, 1.85)], GATES["o"])
    arrow(ax, (8.0, 1.85), (9.1, 1.85), INK)
    box(ax, (7.8, 2.85), (0.95, 0.5), "tanh", PAPER)
    for x, y, sign in [(1.9, 3.7, "×"), (4.6, 3.7, "+"), (4.6, 2.6, "×"), (7.8, 1.85, "×")]:
        dot(ax, x, y, sign)


@styled
def gru_inside(ax):
    """Draw the GRU of the lectures: the path of h on top, mixed by z; the reset gate before g."""
    bare(ax)
    ax.set(xlim=(-0.3, 10.3), ylim=(-0.35, 4.6))
    line(ax, [(0.35, 3.7), (9.0, 3.7)], GATES["h"], 3)
    ends(ax, [("$h_{t-1}$", 0, 3.7), ("$h_t$", 9.4, 3.7)])
    base(ax, (2.2, 7.2))
    arrow(ax, (4.6, 0.2), (4.6, 0.72), MUTED)
    ax.text(4.5, 0.42, "$x_t$", ha="right", va="center", fontsize=12)
    for letter, x, word in [("r", 2.2, "reset"), ("z", 7.2, "update")]:
        gate(ax, letter, x, r"$\sigma$", word)
    gate(ax, "g", 4.6, "tanh", "candidate")
    line(ax, [(2.2, 1.45), (2.2, 2.3), (2.9, 2.3)], GATES["r"])
    line(ax, [(3.1, 3.7), (3.1, 2.5)], GATES["h"])
    line(ax, [(3.3, 2.3), (4.6, 2.3)], INK)
    arrow(ax, (4.6, 2.3), (4.6, 1.5), INK)
    line(ax, [(5.25, 1.1), (6.1, 1.1), (6.1, 2.6)], GATES["g"])
    arrow(ax, (6.1, 2.6), (6.1, 3.45), GATES["g"])
    line(ax, [(7.2, 1.45), (7.2, 3.0), (6.35, 3.6)], GATES["z"])
    dot(ax, 3.1, 2.3, "×")
    dot(ax, 6.1, 3.7, "mix")


def base(ax, xs):
    """The line below the gates that brings the input and the old state to each of them."""
    line(ax, [(0.9, 0), (max(xs), 0)], MUTED, 1.4)
    for x in xs:
        arrow(ax, (x, 0), (x, 0.72), MUTED)
    ax.text(0.75, 0, "$x_t, h_{t-1}$", ha="right", va="center", fontsize=12)


def gate(ax, letter, x, inside, word):
    """A layer of the unit: its function in a box of its colour, its letter and job beside it."""
    box(ax, (x, 1.1), (1.2, 0.66), inside, GATES[letter])
    ax.text(x + 0.08, 0.42, f"${letter}$  {word}", ha="left", va="center", fontsize=9.5, color=INK)


def ends(ax, named):
    """Letters where a path begins or ends."""
    for text, x, y in named:
        ax.text(x, y, text, ha="center", va="center", fontsize=13)


def box(ax, middle, size, text, colour):
    """A rounded box with a text in it."""
    (x, y), (wide, high) = middle, size
    ax.add_patch(FancyBboxPatch((x - wide / 2, y - high / 2), wide, high, facecolor=colour,
                                boxstyle="round,pad=0.02,rounding_size=0.12", edgecolor=MUTED,
                                linewidth=0.8, zorder=3))
    ax.text(x, y, text, ha="center", va="center", fontsize=11, color=ink_on(colour), zorder=5)


def dot(ax, x, y, sign):
    """A round node with the sign of a pointwise operation."""
    ax.scatter([x], [y], s=420 if len(sign) > 1 else 260, facecolor=PAPER, edgecolor=INK,
               linewidth=1.3, zorder=6)
    ax.text(x, y, sign, ha="center", va="center", zorder=7, fontsize=9 if len(sign) > 1 else 14)


def line(ax, points, colour, width=2.0):
    """A line through points."""
    ax.plot(*zip(*points, strict=True), color=colour, linewidth=width, zorder=2,
            solid_joinstyle="round")


def arrow(ax, start, stop, colour=MUTED):
    """An arrow from one point to another."""
    ax.add_patch(FancyArrowPatch(start, stop, arrowstyle="-|>", mutation_scale=13, color=colour,
                                 linewidth=1.6, connectionstyle=STRAIGHT, zorder=2, shrinkA=0,
                                 shrinkB=0))
