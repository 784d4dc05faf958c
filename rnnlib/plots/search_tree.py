"""The tree of all texts of a toy, and the part of it that a search has looked at."""

from .lettering import write
from .style import FAINT, INK, MUTED, PAPER, bare, ink_on, styled

FATES = {"kept": "#4d9f98", "ended": "#1b3ac1", "pruned": "#f29504", "unseen": FAINT}
BAR = 1.6  # length of the bar of the best text, in columns


@styled
def search_tree(ax, texts, fates):
    """Draw every beginning of every text, in the colour of what a search did with it.

    texts  dict from a complete text, a tuple of words with the end marker last, to its probability
    fates  dict from a beginning to "kept", "ended" or "pruned"; the others were never looked at
    """
    tree = Tree(texts)
    bare(ax)
    for text, (x, y) in tree.places.items():
        if text:
            past = tree.places[text[:-1]]
            fate = fates.get(text, "unseen")
            strong = fate in ("kept", "ended")
            ax.plot([past[0], x], [past[1], y], color=FATES[fate] if strong else FAINT,
                    linewidth=2.2 if strong else 1, zorder=2 if strong else 1)
    _nodes(ax, tree, fates)
    _bars(ax, tree, fates)
    ax.set(xlim=(-0.35, tree.depth + 0.75 + BAR), ylim=(len(texts) - 0.3, -1.25))
    _key(ax)


class Tree:
    """Where every beginning stands: a row for each text, a column for each word."""

    def __init__(self, texts):
        self.texts, self.depth = texts, max(map(len, texts))
        self.probability = {(): 0.0}
        for text, p in texts.items():
            for n in range(len(text) + 1):
                self.probability[text[:n]] = self.probability.get(text[:n], 0.0) + p
        self.children = {}
        for one in sorted(self.probability, key=lambda text: -self.probability[text]):
            if one:
                self.children.setdefault(one[:-1], []).append(one)
        self.places, self.row = {}, 0
        self._place(())

    def _place(self, text):
        """Set the place of a beginning and of all that follow; return its height."""
        rows = [self._place(one) for one in self.children.get(text, ())]
        if not rows:
            rows, self.row = [self.row], self.row + 1
        self.places[text] = (len(text), (rows[0] + rows[-1]) / 2)
        return self.places[text][1]


def _nodes(ax, tree, fates):
    """A box with word and probability for each beginning."""
    for text, (x, y) in tree.places.items():
        fate = fates.get(text, "unseen")
        face = FATES[fate] if text else INK
        filled = fate != "unseen" or not text
        ink = ink_on(face) if filled else MUTED
        ax.annotate(_label(text, tree.probability[text]), (x, y), ha="center", va="center",
                    fontsize=8.5, color=ink, zorder=4, parse_math=False,
                    bbox={"boxstyle": "round,pad=0.25", "facecolor": face if filled else PAPER,
                          "edgecolor": face, "linewidth": 0.8})


def _label(text, probability):
    """The last word of a beginning and its probability."""
    return f"{text[-1]} {probability:.3f}".replace("0.", ".") if text else "<s>"


def _bars(ax, tree, fates):
    """The probability of each text as a bar at the right, the best one marked."""
    left, top = tree.depth + 0.6, max(tree.texts.values())
    for text, p in tree.texts.items():
        y = tree.places[text][1]
        fate = "ended" if fates.get(text) == "ended" else "unseen"
        ax.barh(y, BAR * p / top, left=left, height=0.62, color=FATES[fate], zorder=2)
        if p == top:
            write(ax, ["best of all"], [(left + BAR / 2, y)], 9, [ink_on(FATES[fate])])
    write(ax, ["probability of the text"], [(left + BAR / 2, -0.8)], 9.5, [INK])


def _key(ax):
    """What the colours mean."""
    names = {"kept": "kept", "pruned": "pruned", "ended": "ended", "unseen": "not looked at"}
    for fate, name in names.items():
        ax.plot([], [], marker="s", linestyle="", markersize=8, color=FATES[fate], label=name)
    ax.legend(loc="upper left", ncols=4, bbox_to_anchor=(-0.01, 1.04), handletextpad=0.2,
              columnspacing=1.0, borderaxespad=0.0)
