"""The trained readers of expressions in notebook 16: along the tree, and along the chain.

    python -m rnnlib.experiments.tree_readers      trains all again and writes data/weights/

Nobody told the tree networks the value of an inner node: they learned from whole expressions.
"""

import time
from dataclasses import dataclass

import torch

from .. import DATA, checkpoints
from ..datasets import load as load_data
from ..datasets.bracket_expressions import value
from ..text_trees import parse
from ..trace_tree import folding
from .expression_tasks import of_value, split
from .record import versions
from .tree_or_chain import (
    LABELS,
    NETWORKS,
    UPDATES,
    Recipe,
    Rows,
    built,
    learned,
)

WEIGHTS = DATA / "weights" / "tree_readers.safetensors"
"""The trained weights that come with the course."""
COMMAND = "python -m rnnlib.experiments.tree_readers"
RECIPES = {name: Recipe("value", name, lr, 2 * UPDATES)
           for name, lr in (("Tree-LSTM", 1e-2), ("gated tree", 4e-3), ("lstm", 1e-2))}
"""Each at the rate that was better on the dev part of K29, for twice as long."""


@dataclass(frozen=True)
class ExpressionReader:
    """A trained network: `digit(text)` is what it says, `fold(text)` every node of a tree."""

    name: str
    model: torch.nn.Module

    @torch.no_grad()
    def digit(self, text) -> int:
        """The digit that it reads from a whole expression."""
        return self.model(*NETWORKS[self.name][1]([text])).argmax(1).item()

    def fold(self, text):
        """The nodes of an expression with their states and probabilities; for tree networks."""
        return folding(self.model, parse(text), LABELS)

    def percent(self, texts) -> float:
        """Percent of the expressions whose value it says."""
        return Rows([texts], NETWORKS[self.name][1], of_value).scored(self.model)[1]


def nodes_right(reader, texts) -> dict:
    """Percent of the nodes whose value a tree network says, by what they are.

    "digits" are leaves, "inner" the operations below the root, "roots" the whole expressions.
    """
    found = {"digits": [], "inner": [], "roots": []}
    for text in texts:
        one = reader.fold(text)
        says = one.p.argmax(1).tolist()
        for n, node in enumerate(one.nodes):
            kind = "digits" if not node.children else "inner" if n + 1 < len(says) else "roots"
            found[kind].append(says[n] == value(node))
    return {kind: 100 * sum(row) / len(row) for kind, row in found.items() if row}


def save(readers, facts, path=WEIGHTS):
    """Write readers (name -> ExpressionReader) into one file, two bytes a weight."""
    tensors = {f"{name}/{key}": tensor.half() for name, one in readers.items()
               for key, tensor in checkpoints.named(one.model).items()}
    checkpoints.write(path, tensors, {"command": COMMAND, "versions": versions()} | facts)


def load(path=WEIGHTS):
    """(name -> ExpressionReader in eval mode, facts on how they were trained)."""
    tensors, facts = checkpoints.read(path)
    found = {}
    for name, recipe in RECIPES.items():
        model, start = built(recipe).eval(), f"{name}/"
        mine = {key.removeprefix(start): tensor.float() for key, tensor in tensors.items()
                if key.startswith(start)}
        checkpoints.copy_into(path, model, mine)
        found[name] = ExpressionReader(name, model)
    return found, facts


def main():
    """Train all on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    parts, found, reached = split(load_data("expressions")), {}, {}
    for name, recipe in RECIPES.items():
        began = time.process_time()
        found[name] = ExpressionReader(name, learned(recipe, parts)[0])
        seconds = round(time.process_time() - began)
        reached[name] = {f"depth {depth}": round(found[name].percent(texts), 1)
                         for depth, texts in parts.tests.items()} | {"seconds": seconds}
        print(name, reached[name], flush=True)
    data = parts.data
    save(found, {"reached": reached, "seed": 0, "data": data.name, "data_sha256": data.sha256})


if __name__ == "__main__":
    main()
