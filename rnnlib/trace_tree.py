"""A tree folded node by node: which node is made of which, its state, and what is read from it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .models.forests import forest, heights_of, listed


@dataclass(frozen=True)
class Folding:
    """The nodes of a tree in the order in which a network computes them, children first.

    Args:
        nodes: N trees, each with all that hangs below it; the last one is the whole.
        children: for each node the numbers of its children, in their order.
        heights: steps from each node down to its deepest leaf.
        h: states (N, H).
        p: probabilities of the K labels, read from each state (N, K).
    """

    nodes: list
    children: list
    heights: list
    h: Tensor
    p: Tensor


def in_order(tree) -> tuple[list, list, list]:
    """The nodes of a tree by height, from left to right: (nodes, children, heights)."""
    nodes = from_left(tree)
    heights = heights_of(nodes)
    order = sorted(range(len(nodes)), key=lambda n: heights[n])
    number = {id(nodes[n]): place for place, n in enumerate(order)}
    children = [[number[id(child)] for child in nodes[n].children] for n in order]
    return [nodes[n] for n in order], children, [heights[n] for n in order]


def side_by_side(trees) -> tuple[list, list, list]:
    """Several trees as `plots.trees` takes them: (labels, children, numbers of the roots)."""
    labels, children, roots = [], [], []
    for tree in trees:
        nodes, below, _ = in_order(tree)
        children += [[len(labels) + k for k in row] for row in below]
        labels += [node.label for node in nodes]
        roots.append(len(labels) - 1)
    return labels, children, roots


def from_left(tree) -> list:
    """All nodes of a tree, each before its children, the first child first."""
    found, waiting = [], [tree]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(found[-1].children[::-1])
    return found


@torch.no_grad()
def folding(model, tree, vocab) -> Folding:
    """Fold a tree with a TreeClassifier; its labels are numbered by the vocabulary."""
    nodes, children, heights = in_order(tree)
    theirs = listed(tree)  # a forest has its own order within a level
    levels = heights_of(theirs)
    place = {id(node): n for n, (_, node) in
             enumerate(sorted(zip(levels, theirs, strict=True), key=lambda pair: pair[0]))}
    h = model.network(forest([tree], vocab))[[place[id(node)] for node in nodes]]
    return Folding(nodes, children, heights, h, model.V(h).softmax(1))
