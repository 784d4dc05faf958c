"""Notebook 16: fold an expression node by node, and read a digit from every state."""

import ipywidgets

from ..datasets.bracket_expressions import value
from ..plots import tree_folding
from ..text_trees import parse, pieces
from .explore import explore

MOST = 40
"""More nodes do not fit side by side."""
ALT = (
    "A tree of an expression, its leaves at the bottom; nodes are folded level by level and show "
    "the digit that is read from their state, green if it is the value, orange if not; below, the "
    "state of every node so far as a column."
)
CAPTION = (
    "Every state says a digit, though the network learned from whole expressions only. A node that "
    "is wrong can mislead the nodes above it; those that do not need its digit may still be right."
)


def fold_tree(readers, samples):
    """Choose an expression and fold it, step by step.

    readers  dict name -> reader with fold(text) and digit(text); those in `samples` fold, the one
             named "lstm" reads the pieces in a row
    samples  dict label -> (name of a reader, expression, nodes folded or None for all): one button
             each, the first one opens
    """
    presets = {label: {"reader": name, "text": text, "node": node or len(nodes_of(text))}
               for label, (name, text, node) in samples.items()}
    first, last = next(iter(presets.values())), {}
    slider = ipywidgets.IntSlider(value=first["node"], min=0, max=MOST, description="nodes folded")

    def draw(fig, reader, text, node):
        try:
            values = [value(one) for one in nodes_of(text)]
        except ValueError as error:
            return str(error)
        if len(values) > MOST:
            return f"This tree has {len(values)} nodes; {MOST} fit side by side."
        if last.get("key") != (reader, text):
            last.update(key=(reader, text), seen=readers[reader].fold(text))
        return shown(fig, last["seen"], min(node, len(values))) + in_a_row(readers, text)

    return explore(draw, controls(readers, first, slider), ALT, CAPTION, presets, size=(9.6, 5.6))


def controls(readers, first, slider):
    """Who folds, what, and how far."""
    return {
        "reader": ipywidgets.Dropdown(options=[name for name in readers if name != "lstm"],
                                      value=first["reader"], description="folds",
                                      layout={"width": "170px"}),
        "text": ipywidgets.Text(value=first["text"], description="expression",
                                layout={"width": "520px"}),
        "node": slider,
    }


def nodes_of(text):
    """All nodes of an expression, in any order."""
    waiting, found = [parse(text)], []
    while waiting:
        found.append(waiting.pop())
        waiting.extend(found[-1].children)
    return found


def shown(fig, seen, now):
    """Draw a folding up to a node; what happened there, in words."""
    says, values = seen.p.argmax(1).tolist(), [value(one) for one in seen.nodes]
    labels = [one.label for one in seen.nodes]
    tree_folding(fig, labels, seen.children, seen.h, (says, values), now)
    if not now:
        return "Nothing is folded yet. Move the slider on. "
    n = now - 1
    below = " ".join(labels[k] if not seen.children[k] else f"({labels[k]} ...)"
                     for k in seen.children[n])
    made = f", made of {below}" if below else ", a leaf"
    sure = seen.p[n, says[n]].item()
    wrong = sum(said != true for said, true in zip(says[:now], values[:now], strict=True))
    return (f"Node {now} of {len(labels)}: {labels[n]}{made}. Its state says {says[n]} "
            f"(p = {sure:.2f}); the value is {values[n]}. So far {wrong} of {now} are wrong. ")


def in_a_row(readers, text):
    """What the chain says of the same expression, if there is one."""
    if "lstm" not in readers:
        return ""
    many = len(pieces(text))
    read = f"the {many} pieces in a row" if many > 1 else "this one piece"
    return f"The LSTM that reads {read} says {readers['lstm'].digit(text)}."
