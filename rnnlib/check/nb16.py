"""The checks of notebook 16: folding a tree, its levels, a chain as a tree; the cells in
nb16_cells."""

from .core import Case, examine
from .nb16_cells import gated, tree_lstm

__all__ = ["fold", "levels", "chain_tree", "gated", "tree_lstm"]


class Node(tuple):
    """A tree as the library has it, for inputs: (label, children)."""

    label = property(lambda self: self[0])
    children = property(lambda self: self[1])

    def __getnewargs__(self):
        return (tuple(self),)


def node(label, *children):
    """A node with these children."""
    return Node((label, children))


def spelled(label, results):
    """label[result result ...]: shows what was combined, and in which order."""
    return f"{label}[{' '.join(map(str, results))}]"


# --- fold a tree --------------------------------------------------------------------------------


def folded(arrange=list, leaf=lambda tree, combine: combine(tree.label, [])):
    """A folding with the order of the results and the leaves to choose."""
    def function(tree, combine):
        if not tree.children:
            return leaf(tree, combine)
        results = [function(child, combine) for child in tree.children]
        return combine(tree.label, arrange(results))
    return function


right_fold = folded()

FOLD_MISTAKES = [
    ("the order of the children is turned round: the first child comes first",
     folded(lambda results: results[::-1])),
    ("the order of the children is lost: they are sorted", folded(sorted)),
    ("the node is visited before its children: it gets their labels, not their results",
     lambda tree, combine: combine(tree.label, [child.label for child in tree.children])),
    ("the node gets its children unfolded: fold each child first",
     lambda tree, combine: combine(tree.label, list(tree.children))),
    ("the leaves are not combined: a leaf is a node without results, combine(label, [])",
     folded(leaf=lambda tree, combine: tree.label)),
    ("only the first child is folded", folded(lambda results: results[:1])),
    ("only the last child is left: keep the results of all children",
     folded(lambda results: results[-1:])),
    ("children that say the same are counted once", folded(lambda r: list(dict.fromkeys(r)))),
]

FOLD_CASES = [
    Case(name, [(tree, spelled)], right_fold, FOLD_MISTAKES) for name, tree in [
        ("two children", node("sub", node("7"), node("2"))),
        ("a tree below a tree", node("sub", node("9"), node("max", node("4"), node("1")),
                                     node("3"))),
        ("the same child twice", node("add", node("min", node("5"), node("5")), node("8"),
                                      node("sub", node("6"), node("0"))))]
]


def fold(function):
    """Report on `function(tree, combine)`, which calls combine(label, results) at every node."""
    return examine(function, FOLD_CASES)


# --- levels -------------------------------------------------------------------------------------


def by(measure):
    """Levels by a number for each node, the lowest first."""
    def function(children):
        found = {}
        for n in range(len(children)):
            found.setdefault(measure(children, n), []).append(n)
        return [found[key] for key in sorted(found)]
    return function


def height(children, n, pick=max):
    """Steps down to the deepest leaf; with `min` to the nearest one."""
    return 1 + pick(height(children, k, pick) for k in children[n]) if children[n] else 0


def depth(children, n):
    """Steps up to the root."""
    parents = [p for p, below in enumerate(children) if n in below]
    return 1 + depth(children, parents[0]) if parents else 0


right_levels = by(height)

LEVELS_MISTAKES = [
    ("nodes are visited before their children: the root comes first, counted from above",
     by(depth)),
    ("nodes are visited before their children: the levels are right, the leaves come first",
     lambda children: right_levels(children)[::-1]),
    ("counted from the root upwards: a leaf near the root is a leaf, and belongs to level 0",
     lambda children: by(depth)(children)[::-1]),
    ("the way to the nearest leaf counts: a node must wait for its deepest child",
     by(lambda children, n: height(children, n, min))),
    ("the number of children is no height", by(lambda children, n: len(children[n]))),
    ("the leaves are missing: they are level 0", lambda children: right_levels(children)[1:]),
    ("one level for each node: all nodes of one height go together",
     lambda children: [[n] for level in right_levels(children) for n in level]),
]

LEVELS_CASES = [
    Case(name, [(children,)], right_levels, LEVELS_MISTAKES) for name, children in [
        ("a leaf beside a node", [[1, 2], [], [3], []]),
        ("numbers in any order", [[], [4, 5, 0], [1, 6], [], [3, 7], [], [], []]),
        ("a chain", [[1], [2], [3], []])]
]


def levels(function):
    """Report on `function(children) -> list of lists`, nodes by height, children[n] of node n."""
    return examine(function, LEVELS_CASES)


# --- a chain as a tree --------------------------------------------------------------------------


def chained(words):
    """Every word on top of the one before."""
    tree = node(words[0])
    for word in words[1:]:
        tree = node(word, tree)
    return tree


CHAIN_MISTAKES = [
    ("the first word is the root: it would be read last",
     lambda words: chained(words[::-1])),
    ("all words hang at one node: each needs a node of its own, with one child",
     lambda words: node(words[-1], *map(node, words[:-1]))),
    ("the first word is missing: it is the leaf", lambda words: chained(words[1:])),
    ("the last word is missing: it is the root", lambda words: chained(words[:-1])),
]

CHAIN_CASES = [
    Case(name, [(words.split(),)], chained, CHAIN_MISTAKES) for name, words in [
        ("two words", "max 3"), ("four words", "the dog we fed")]
]


def chain_tree(function):
    """Report on `function(words) -> Tree`, folded from the first word to the last."""
    return examine(function, CHAIN_CASES)
