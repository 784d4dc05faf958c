"""Trees written with brackets: (max 3 (min 4 9)) is a node `max` with the children 3 and `min`."""

import re
from typing import NamedTuple

PIECE = re.compile(r"[()]|[^\s()]+")


class Tree(NamedTuple):
    """A node with its label and its children, each a Tree; a leaf has none."""

    label: str
    children: tuple = ()

    def __repr__(self):
        return written(self)


def pieces(text: str) -> list[str]:
    """The brackets and words of a text, in order: what a chain reads."""
    return PIECE.findall(text)


def parse(text: str) -> Tree:
    """The tree that a text with brackets describes; a single word is a leaf.

    Raises:
        ValueError: nothing, a bracket without its partner, a bracket without a label, more than
            one tree.
    """
    whole, stack = [], []  # the trees read so far, and the nodes of each open bracket
    for piece in pieces(text):
        if whole:
            raise bad(text, f"{piece!r} after the end")
        if piece == "(":
            if stack and not stack[-1]:
                raise bad(text, "a bracket in the place of a label")
            stack.append([])
            continue
        node = Tree(piece) if piece != ")" else closed(stack, text)
        (stack[-1] if stack else whole).append(node)
    if stack or not whole:
        raise bad(text, f"{len(stack)} open bracket{'s' * (len(stack) > 1)}" if stack else "none")
    return whole[0]


def closed(stack: list, text: str) -> Tree:
    """The node of the bracket that closes: its first word is the label, the rest are children."""
    if not stack:
        raise bad(text, "a closing bracket too many")
    nodes = stack.pop()
    if not nodes:
        raise bad(text, "a bracket without a label")
    return Tree(nodes[0].label, tuple(nodes[1:]))


def written(tree: Tree) -> str:
    """The text that `parse` reads as this tree."""
    if not tree.children:
        return tree.label
    return f"({' '.join([tree.label, *map(written, tree.children)])})"


def height(tree: Tree) -> int:
    """Steps from a node down to its deepest leaf: 0 for a leaf."""
    return 1 + max(map(height, tree.children)) if tree.children else 0


def bad(text: str, what: str) -> ValueError:
    """The sentence for a text that is no tree."""
    short = text if len(text) <= 40 else text[:37] + "..."
    return ValueError(
        f"expected a tree such as (max 3 (min 4 9)), got {what} in {short!r}: "
        "every bracket opens with a label and closes once"
    )
