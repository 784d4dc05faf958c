"""Many trees in one batch: nodes of equal height, of all trees, are computed together.

A node can be computed when its children are: leaves first, then the nodes of height 1, and so on.
A batch of trees of height 5 takes six steps, however many nodes there are.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..text_trees import Tree, bad


@dataclass(frozen=True)
class Level:
    """The nodes of one height.

    Args:
        labels: (N,) ids.
        children: (M,), numbers of all children of these nodes.
        parents: (M,), for each child which of the N nodes it belongs to.
    """

    labels: Tensor
    children: Tensor
    parents: Tensor


@dataclass(frozen=True)
class Forest:
    """Trees as levels, the lowest first; nodes are numbered level by level.

    Args:
        levels: a Level for each height.
        roots: (B,), the numbers of the trees' roots.
    """

    levels: list
    roots: Tensor


def forest(trees, vocab) -> Forest:
    """The levels of some trees (`text_trees.Tree`), their labels numbered by a vocabulary.

    Raises:
        ValueError: no trees, something that is no tree, a label that the vocabulary does not know.
    """
    if not trees:
        raise ValueError("expected at least one tree, got none: is the split empty?")
    nodes = [node for tree in trees for node in listed(tree)]
    heights = heights_of(nodes)
    order = sorted(range(len(nodes)), key=lambda n: heights[n])
    number = {id(nodes[n]): place for place, n in enumerate(order)}
    levels = [[] for _ in range(max(heights) + 1)]
    for n in order:
        levels[heights[n]].append(nodes[n])
    roots = torch.tensor([number[id(tree)] for tree in trees])
    return Forest([level(nodes, number, vocab) for nodes in levels], roots)


def level(nodes, number: dict, vocab) -> Level:
    """One Level of nodes; number says which number each node has, by its id()."""
    pairs = [(number[id(child)], place) for place, node in enumerate(nodes)
             for child in node.children]
    columns = torch.tensor(pairs, dtype=torch.long).view(-1, 2)
    labels = vocab.encode([node.label for node in nodes])
    return Level(labels, columns[:, 0], columns[:, 1])


def listed(tree: Tree) -> list[Tree]:
    """All nodes of a tree, each parent before its children, however deep it is."""
    if not isinstance(tree, Tree):
        raise bad(str(tree), f"a {type(tree).__name__}")
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(node.children)
    return found


def heights_of(nodes) -> list[int]:
    """The height of each node; parents stand before their children."""
    found = {}
    for node in reversed(nodes):
        found[id(node)] = 1 + max((found[id(child)] for child in node.children), default=-1)
    return [found[id(node)] for node in nodes]
