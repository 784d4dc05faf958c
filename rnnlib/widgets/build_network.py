"""Notebook 08: build a network of layers; see its blocks, sizes, weights and seconds."""

import ipywidgets

from ..experiments.block_speed import CELLS, LAYERS, SIZES, D, network
from ..layers_built import DIRECTIONS, weights
from ..plots import blocks
from .explore import explore

K = 17
"""Labels: the universal tags."""
MOST = 400_000
ALT = (
    "Blocks from the word vectors at the bottom to the scores at the top; beside each the size of "
    "what leaves it for every word, and its weights as a bar."
)
CAPTION = (
    "Depth and a second direction are paid in weights and in time. Side by side, every higher "
    "layer reads twice as many numbers; added or multiplied it does not."
)
PRESETS = {
    "one layer": {"layers": 1, "directions": "from the left", "H": 64, "unit": "GRU"},
    "both directions": {"layers": 1, "directions": "side by side", "H": 64, "unit": "GRU"},
    "deep, side by side": {"layers": 4, "directions": "side by side", "H": 64, "unit": "GRU"},
    "deep, added": {"layers": 4, "directions": "added", "H": 64, "unit": "GRU"},
    "two separate stacks": {"layers": 4, "directions": "two stacks", "H": 64, "unit": "GRU"},
}
SIGNS = {"side by side": "side by side", "added": "+", "multiplied": "×"}


def build_network(milliseconds):
    """A panel on which a tagger is put together.

    milliseconds  dict (unit, directions, layers, H) -> of a training step, as `block_speed.table`
    """

    def draw(fig, layers, directions, H, unit):
        fig.set_layout_engine("none")
        stack = network(unit, directions, layers, H)
        rows = described(stack, directions, unit, H, layers)
        blocks(fig.add_axes([0.0, 0.0, 1.0, 1.0]), rows, MOST)
        total = sum(row[2] or 0 for row in rows)
        time = milliseconds[unit, directions, layers, H]
        least = milliseconds["simple RNN", "from the left", 1, 16]
        return (f"{total:,} weights above the word vectors. A training step on 16 sentences of 20 "
                f"words: {time:.1f} ms, {time / least:.0f} times the smallest network here.")

    controls = {
        "layers": ipywidgets.IntSlider(value=4, min=LAYERS[0], max=LAYERS[-1]),
        "directions": ipywidgets.Dropdown(options=list(DIRECTIONS), value="side by side"),
        "H": ipywidgets.SelectionSlider(options=SIZES, value=64),
        "unit": ipywidgets.Dropdown(options=list(CELLS), value="GRU"),
    }
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(9, 5))


def described(stack, directions, unit, H, layers):
    """The rows of `plots.blocks` for a tagger: word vectors, every layer, V and softmax."""
    rows = [([(f"word vectors, D = {D}", "")], f"(B, T, {D})", None, 1)]
    if directions == "two stacks":
        halves = zip(stack.forwards.layers, stack.backwards.layers, strict=True)
        rows += [(readers(unit), f"(B, T, {H}) twice", weights(a) + weights(b), 2)
                 for a, b in halves]
    else:
        for layer in stack.layers:
            parts = {"from the left": readers(unit)[:1], "from the right": readers(unit)[1:]}
            rows.append((parts.get(directions, readers(unit)), shape(layer, directions),
                         weights(layer), 1))
    return [*rows, ([("V, softmax", "")], f"(B, T, {K})", (stack.size + 1) * K, 1)]


def readers(unit):
    """The two readers of a layer."""
    return [(f"{unit} →", "left"), (f"← {unit}", "right")]


def shape(layer, directions):
    """The size of what leaves a layer, and how its halves were joined."""
    return f"(B, T, {layer.size})" + (f"  {SIGNS[directions]}" if directions in SIGNS else "")
