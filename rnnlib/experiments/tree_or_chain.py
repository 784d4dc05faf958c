"""A network along the tree or along the chain of the same expression, trained shallow (K29).

    python -m rnnlib.experiments.tree_or_chain              three seeds, both learning rates
    python -m rnnlib.experiments.tree_or_chain 3 4          two more seeds

Every network gets the same expressions in the same batches, one digit each to learn, and as many
weights as the LSTM with H = 64.  The chain reads every piece, brackets included, so nothing of
the structure is hidden from it.  Of two learning rates the one with the better mean on the dev part
counts, for each network alike.  Two labels for the same texts:

    value     what the expression stands for: the brackets decide
    in line   what a pocket calculator shows that ignores the brackets: a chain

The test has no expression that is one of the training part with arguments in another order, for the
tree networks would not see the difference.  Runs that are recorded are not made again.
"""

import random
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass

import torch
from torch.nn import functional as F

from .. import train
from ..batches import pad
from ..datasets import load
from ..datasets.bracket_expressions import DEEP, OPERATIONS, draw_tree, value
from ..datasets.splits import by_hash
from ..layers_built import weights, widest
from ..models import GatedTreeCell, TreeClassifier, TreeLSTMCell, TreeNetwork, forest
from ..models.forests import listed
from ..models.outputs import embedding
from ..text import PAD, Vocab
from ..text_trees import Tree, parse, pieces, written
from .record import RESULTS, append, measured, recorded, run_key
from .small_tasks import LastState
from .units import unit

D, H, B, K = 32, 64, 64, 10
RATES = (4e-3, 1e-2)
UPDATES, LONGER = 1500, 6000
DEPTHS = range(1, 9)
EACH = 300
"""Most test expressions of one depth."""
LABELS = Vocab([*"0123456789", *OPERATIONS])
PIECES = Vocab([PAD, "(", ")", *LABELS.symbols])


# --- what is learned ------------------------------------------------------------------------------


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


# --- how it is read -------------------------------------------------------------------------------


def as_trees(texts):
    """A forest, as the only argument of a tree network."""
    return (forest([parse(text) for text in texts], LABELS),)


def as_other_trees(texts):
    """A forest of the same nodes, hung anywhere."""
    return (forest([elsewhere(parse(text)) for text in texts], LABELS),)


def as_chains(texts):
    """All pieces with the brackets: ids (B, T), lengths (B,)."""
    return pad([PIECES.encode(pieces(text)) for text in texts], PIECES.pad)


def tree(cell):
    """A maker of tree networks of a size."""
    return lambda H: TreeClassifier(TreeNetwork(len(LABELS), D, cell(D, H)), K)


def chain(name):
    """A maker of chains of a size, started like the tree networks."""
    def make(H):
        model = LastState(len(PIECES), unit(name, D, H, 1.0, torch.initial_seed()), K, 0.0)
        model.E = embedding(len(PIECES), D)
        return model
    return make


NETWORKS = {
    "rnn": (chain("rnn"), as_chains),
    "lstm": (chain("lstm"), as_chains),
    "gated tree": (tree(GatedTreeCell), as_trees),
    "Tree-LSTM": (tree(TreeLSTMCell), as_trees),
    "wrong trees": (tree(TreeLSTMCell), as_other_trees),
}
"""Name -> (maker of a network of size H, how texts become its input)."""


def batches(texts, seed=0):
    """Texts in batches of B, of like length each: all of them are used in every pass."""
    rng, texts, found = random.Random(seed), list(texts), []
    rng.shuffle(texts)
    for start in range(0, len(texts), 16 * B):
        near = sorted(texts[start : start + 16 * B], key=lambda text: len(pieces(text)))
        found += [near[n : n + B] for n in range(0, len(near), B)]
    rng.shuffle(found)
    return found


class Rows:
    """Batches of one task as one network reads them: `rows[step]` is (arguments, digits (B,))."""

    def __init__(self, groups, read, label):
        self.rows = [(read(texts), torch.tensor([label(text) for text in texts]))
                     for texts in groups]

    def __getitem__(self, step):
        return self.rows[step % len(self.rows)]

    @torch.no_grad()
    def scored(self, model):
        """(nats for each expression, percent right)."""
        scores = torch.cat([model(*x) for x, _ in self.rows])
        y = torch.cat([y for _, y in self.rows])
        right = (scores.argmax(1) == y).double().mean().item()
        return F.cross_entropy(scores, y).item(), 100 * right


# --- runs -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipe:
    """One run."""

    task: str
    network: str
    lr: float
    updates: int = UPDATES
    seed: int = 0

    def setting(self):
        """What was varied, for the records."""
        found = asdict(self)
        del found["seed"]
        return found


def built(recipe):
    """A fresh network with as many weights as the LSTM has, as near as whole sizes allow."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        make, budget = NETWORKS[recipe.network][0], weights(NETWORKS["lstm"][0](H))
        size = widest(make, budget)
        torch.manual_seed(recipe.seed)
        return make(size)


def learned(recipe, parts):
    """(the trained network, its nats on dev)."""
    read, label = NETWORKS[recipe.network][1], TASKS[recipe.task]
    rows = Rows(batches(parts.train, recipe.seed), read, label)
    model = built(recipe)
    settings = train.Settings(recipe.updates, recipe.lr, warmup=20, decay=train.cosine,
                              every=recipe.updates, seed=recipe.seed)
    list(train.fit(model, rows, of_digit, settings))
    return model, Rows(batches(parts.dev), read, label).scored(model)[0]


def of_digit(model, batch, carry):
    """Mean cross-entropy of the digit of the whole expression, for `train.fit`."""
    x, y = batch
    return F.cross_entropy(model(*x), y), len(y), None


def run(recipe, parts):
    """One run as records: percent right by depth, dev nats, weights."""
    began = time.process_time()
    model, dev = learned(recipe, parts)
    seconds = time.process_time() - began
    values = {"dev": dev, "weights": weights(model)} | by_depth(recipe, model, parts)
    return measured("K29", recipe.setting(), recipe.seed, values, seconds, parts.data)


def by_depth(recipe, model, parts):
    """Percent right for each depth, for those shallow and deep, and by operation at depth 1."""
    read, label = NETWORKS[recipe.network][1], TASKS[recipe.task]
    groups = {f"depth_{depth}": texts for depth, texts in parts.tests.items()}
    for name in OPERATIONS:
        groups[f"only_{name}"] = [t for t in parts.tests[1] if t.startswith(f"({name} ")]
    return {name: Rows([texts], read, label).scored(model)[1] for name, texts in groups.items()}


def baseline(task, parts):
    """Percent right by depth of the most frequent digit for the operation that acts last."""
    label, last = TASKS[task], 0 if task == "value" else -1

    def acts(text):
        return [piece for piece in pieces(text) if piece in OPERATIONS][last]

    seen = {name: Counter(label(t) for t in parts.train if acts(t) == name) for name in OPERATIONS}
    best = {name: counts.most_common(1)[0][0] for name, counts in seen.items()}
    return {f"depth_{depth}": 100 * sum(best[acts(t)] == label(t) for t in texts) / len(texts)
            for depth, texts in parts.tests.items()}


def grid(seed):
    """Every run of a seed: all on the value, the two LSTMs in line, these also for longer."""
    rows = [("value", name) for name in NETWORKS]
    rows += [("in line", "lstm"), ("in line", "Tree-LSTM")]
    recipes = [Recipe(task, name, lr, seed=seed) for task, name in rows for lr in RATES]
    return recipes + [Recipe("value", name, RATES[0], LONGER, seed)
                      for name in ("lstm", "Tree-LSTM")]


def missing(recipes, data, folder=RESULTS):
    """Those recipes of which no run is recorded."""
    there = recorded("K29", folder)
    return [recipe for recipe in recipes
            if run_key(recipe.setting(), recipe.seed, data) not in there]


def main(seeds=(), folder=RESULTS):
    """The baselines and every run that is missing, appended as they come."""
    torch.set_num_threads(1)
    parts = split(load("expressions"))
    for task in TASKS:
        setting = {"task": task, "network": "operation alone"}
        if run_key(setting, 0, parts.data) not in recorded("K29", folder):
            append(measured("K29", setting, 0, baseline(task, parts), 0.0, parts.data), folder)
    for seed in seeds or range(3):
        for recipe in missing(grid(seed), parts.data, folder):
            records = run(recipe, parts)
            append(records, folder)
            print(recipe, f"{records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
