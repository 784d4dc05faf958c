"""Expressions in brackets whose value needs the structure: (max 3 (min 4 9)) is 4.

Three operations on digits: the largest, the smallest, and the last digit of the sum.  All three do
not care about the order of their arguments.  Train and valid are at most DEEP brackets deep, the
test goes further.  (After ListOps: Nangia and Bowman 2018.)
"""

import random

from ..text_trees import Tree, height, written
from .splits import by_hash

OPERATIONS = {"max": max, "min": min, "add": lambda values: sum(values) % 10}
DEEP = 3
"""Brackets inside one another in the deepest expression of train and valid."""
DEEPEST = 6
"""The same in the test."""


def expressions(count=9000, seed=0):
    """Expressions as (text, value, depth): as many of each depth, no text twice."""
    rng = random.Random(seed)
    shallow = _different(rng, count, range(1, DEEP + 1))
    parts = by_hash(shallow, key=lambda example: example[0])
    parts["test"] += _different(rng, count // 8, range(DEEP + 1, DEEPEST + 1))
    return parts


def value(tree: Tree) -> int:
    """The digit that an expression stands for.

    Raises:
        ValueError: an operation or a digit that is none.
    """
    if not tree.children and tree.label.isdecimal() and len(tree.label) == 1:
        return int(tree.label)
    if tree.label not in OPERATIONS or not tree.children:
        raise ValueError(f"expected a digit or one of {', '.join(OPERATIONS)} with arguments, "
                         f"got {written(tree)!r}: write (max 3 4)")
    return OPERATIONS[tree.label]([value(child) for child in tree.children])


def draw_tree(rng, depth: int) -> Tree:
    """A tree of exactly this depth: one argument is as deep as it can be, others seldom."""
    if not depth:
        return Tree(str(rng.randrange(10)))
    depths = [depth - 1, *(rng.randrange(depth) * (rng.random() < 0.4)
                           for _ in range(rng.choice((1, 1, 2))))]
    rng.shuffle(depths)
    return Tree(rng.choice(list(OPERATIONS)), tuple(draw_tree(rng, d) for d in depths))


def _different(rng, count, depths):
    found = {}
    while len(found) < count:
        tree = draw_tree(rng, rng.choice(depths))
        found.setdefault(written(tree), (value(tree), height(tree)))
    return [(text, *rest) for text, rest in found.items()]
