"""A network along the tree or along the chain of the same expression, trained shallow (K29).

    python -m rnnlib.experiments.tree_or_chain              three seeds, both learning rates
    python -m rnnlib.experiments.tree_or_chain 3 4          two more seeds

Every network gets the same expressions in the same batches, one digit each to learn, and as many
weights as the LSTM with H = 64.  The chain reads every piece, brackets included, so nothing of
the structure is hidden from it.  Of two learning rates the one with the better mean on the dev part
counts, for each network alike.  The two labels and the split are in `expression_tasks`.  Runs that
are recorded are not made again.
"""

import random
import sys
import time
from dataclasses import asdict, dataclass
from statistics import fmean

import torch
from torch.nn import functional as F

from .. import train
from ..batches import pad
from ..datasets import load
from ..datasets.bracket_expressions import OPERATIONS
from ..layers_built import weights, widest
from ..models import GatedTreeCell, TreeClassifier, TreeLSTMCell, TreeNetwork, forest
from ..models.outputs import embedding
from ..text import PAD, Vocab
from ..text_trees import parse, pieces
from .expression_tasks import TASKS, baseline, elsewhere, split
from .record import RESULTS, append, measured, recorded, run_key
from .small_tasks import LastState
from .units import unit

D, H, B, K = 32, 64, 64, 10
RATES = (4e-3, 1e-2)
UPDATES, LONGER = 1500, 4500
LABELS = Vocab([*"0123456789", *OPERATIONS])
PIECES = Vocab([PAD, "(", ")", *LABELS.symbols])


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


def grid(seed):
    """Every run of a seed: all on the value, the two LSTMs in line; the chain also for longer."""
    rows = [("value", name) for name in NETWORKS]
    rows += [("in line", "lstm"), ("in line", "Tree-LSTM")]
    recipes = [Recipe(task, name, lr, seed=seed) for task, name in rows for lr in RATES]
    return [*recipes, Recipe("value", "lstm", RATES[0], LONGER, seed)]


def chosen(task, network, records) -> dict:
    """The setting of a network at its better rate: the one with the lower mean nats on dev."""
    dev = {lr: [r.value for r in records if r.metric == "dev" and r.setting == Recipe(
        task, network, lr).setting()] for lr in RATES}
    return Recipe(task, network, min(RATES, key=lambda lr: fmean(dev[lr]))).setting()


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
