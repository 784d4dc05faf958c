"""Two labels for the same expressions, and a split that is fair to networks along a tree.

    value     what the expression stands for: the brackets decide
    in line   what a pocket calculator shows that ignores the brackets: a chain

The test has no expression that is one of the training part with arguments in another order, for the
tree networks of the course would not see the difference.
"""

import random
from collections import Counter
from dataclasses import dataclass

from ..datasets.bracket_expressions import DEEP, OPERATIONS, draw_tree, value
from ..datasets.splits import by_hash
from ..models.forests import listed
from ..text_trees import Tree, parse, pieces, written

DEPTHS = range(1, 9)
EACH = 300
"""Most test expressions of one depth."""


def in_line(text: str) -> int:
    """What a pocket calculator shows that takes the pieces from left to right, without brackets.

    It begins with 0 and add; an operation is remembered, a digit is combined with what is shown.
    """
    shown, operation = 0, "add"
    for piece in pieces(text):
        if piece in OPERATIONS:
            operation = piece
        elif piece.isdecimal():
            shown = OPERATIONS[operation]([shown, int(piece)])
    return shown


def of_value(text: str) -> int:
    """The digit that the expression stands for."""
    return value(parse(text))


TASKS = {"value": of_value, "in line": in_line}


def sorted_tree(tree: Tree) -> Tree:
    """The tree with the children of each node in one fixed order."""
    return Tree(tree.label, tuple(sorted(map(sorted_tree, tree.children), key=written)))


def elsewhere(tree: Tree) -> Tree:
    """The same nodes below the same root, each hung at random under some operation; repeatable."""
    rng, (root, *rest) = random.Random(written(tree)), listed(tree)
    children = {0: []}  # number of an operation -> numbers of its children
    for n, node in enumerate(rest, 1):
        children[rng.choice([*children])].append(n)
        if node.children:
            children[n] = []

    def built(n):
        return Tree([root, *rest][n].label, tuple(map(built, children.get(n, ()))))

    return built(0)


@dataclass(frozen=True)
class Split:
    """Texts to learn from, to choose by, and to test on, the last by depth."""

    data: object
    train: list
    dev: list
    tests: dict


def split(data, seed=0) -> Split:
    """Shallow expressions split by their sorted form, and deeper ones for the test."""
    everything = data.train + data.valid + data.test
    parts = by_hash([row for row in everything if row[2] <= DEEP], key=sorted_form)
    known = parts["test"] + [row for row in data.test if row[2] > DEEP]
    rng = random.Random(seed)
    tests = {depth: [text for text, _, there in known if there == depth]
             or [written(draw_tree(rng, depth)) for _ in range(EACH)] for depth in DEPTHS}
    return Split(data, [row[0] for row in parts["train"]], [row[0] for row in parts["valid"]],
                 {depth: texts[:EACH] for depth, texts in tests.items()})


def sorted_form(row) -> str:
    """What a row of the data set looks like with the arguments everywhere in one fixed order."""
    return written(sorted_tree(parse(row[0])))


def baseline(task, parts):
    """Percent right by depth of the most frequent digit for the operation that acts last."""
    label, last = TASKS[task], 0 if task == "value" else -1

    def acts(text):
        return [piece for piece in pieces(text) if piece in OPERATIONS][last]

    seen = {name: Counter(label(t) for t in parts.train if acts(t) == name) for name in OPERATIONS}
    best = {name: counts.most_common(1)[0][0] for name, counts in seen.items()}
    return {f"depth_{depth}": 100 * sum(best[acts(t)] == label(t) for t in texts) / len(texts)
            for depth, texts in parts.tests.items()}
