"""What the neighbours say: the words around a word, and the labels beside its label (K16).

    python -m rnnlib.experiments.neighbours pos 0         one task, one seed
    python -m rnnlib.experiments.neighbours slots 0 1 2   also: entities

All networks read words and letters and are trained alike; they differ in how far they look (a
window of five, all words to the left, all words) and in what judges their scores: a softmax
at each word, a CRF, or a CRF that was not told the rules of BIO.
"""

import sys
import time
from dataclasses import replace
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..batches import mask
from ..crf import bio_chain, viterbi
from ..datasets import load
from ..metrics import interval
from ..metrics_spans import invalid_bio, span_counts
from ..models import CRFTagger
from ..models.window_models import windows
from . import labelers
from .labelers import Recipe, Task
from .record import append, measured, recorded, run_key

CLAIM = "K16"
RECIPE = Recipe(D=64, H_letter=40, H=64, dropout=0.3, lr=8e-3, updates=500,
                tokens=300)
SENTENCES = {"pos": 4000, "slots": 4000, "entities": 4000}
"""At most so many sentences to learn from, drawn by the seed."""
SETS = {"pos": "ewt", "slots": "snips", "entities": "wnut17"}
SOFTMAX, CRF, FREE = "softmax", "crf", "crf without rules"
WAYS = {"softmax": (SOFTMAX, ""), "softmax, rules": (SOFTMAX, "ruled_"), "CRF": (CRF, "")}
"""How labels are decided: by which top, and what the names of its metrics begin with."""
LAYERS = ("window of 5", "left to right", "both ways")


class Around(nn.Module):
    """A window as a layer: tanh(W [e ... e] + b) of `width` neighbours, zeros outside the text."""

    def __init__(self, D, H, width):
        super().__init__()
        self.W, self.width, self.size = nn.Linear(width * D, H), width, H

    def forward(self, x: Tensor, state=None, lengths=None):
        """x (B, T, D) to (B, T, H); there is no state."""
        side = self.width // 2
        if lengths is not None:
            x = x * mask(lengths, x.shape[1])[..., None]
        return torch.tanh(self.W(windows(F.pad(x, (0, 0, side, side)), self.width))), None


def layer(name):
    """The function (input size, recipe) -> layer of a name in LAYERS."""
    return {"window of 5": lambda size, recipe: Around(size, 2 * recipe.H, 5),
            "left to right": lambda size, recipe: labelers.one_way(
                size, replace(recipe, H=2 * recipe.H)),
            "both ways": labelers.layer}[name]


class Ruled:
    """A softmax tagger that answers with its best valid sequence: the rules, without learning."""

    def __init__(self, tagger, kinds):
        self.tagger, self.chain = tagger, bio_chain(kinds)

    @torch.no_grad()
    def best(self, x, lengths):
        """The labels (B, T) of the valid sequence with the highest probability."""
        scores = self.tagger(x, lengths).log_softmax(2)
        return viterbi(scores, self.chain, mask(lengths, scores.shape[1]))[0]


@cache
def task(name):
    """A task by name: pos, slots or entities; without the real data its offline default."""
    return Task.of(load(SETS[name]))


def network(task, reader, recipe, reach, top):
    """A fresh tagger that looks as far as `reach` says."""
    found = labelers.model(task, reader, replace(recipe, top=SOFTMAX), layer(reach))
    if top == SOFTMAX:
        return found
    rules = labelers.rules(task) if top == CRF else None
    return CRFTagger(found, len(task.kinds), rules)


def scores(gold, mine):
    """Percent right of words and whole sentences; for BIO also span F1 and invalid sequences."""
    words = [a == b for y, z in zip(gold, mine, strict=True) for a, b in zip(y, z, strict=True)]
    whole = sum(y == z for y, z in zip(gold, mine, strict=True))
    found = {"accuracy": 100 * sum(words) / len(words), "whole": 100 * whole / len(gold)}
    if all(label == "O" or label[:2] in ("B-", "I-") for y in gold for label in y):
        wrong, total = invalid_bio(mine)
        found |= {"f1": 100 * span_counts(gold, mine).f1, "invalid": 100 * wrong / total}
    return found


def values_of(tagger, reader, task, top):
    """Every score on test; of a softmax also with the rules of BIO as its only knowledge."""
    texts, gold = task.test
    found = scores(gold, labelers.guesses(tagger, reader, texts, task.kinds))
    if top == SOFTMAX and "f1" in found:
        ruled = labelers.guesses(Ruled(tagger, task.kinds), reader, texts, task.kinds)
        found |= {f"ruled_{name}": value for name, value in scores(gold, ruled).items()}
    return found


def setting(name, reach, top, recipe=RECIPE):
    """What a record says about a run."""
    return {"task": name, "reach": reach, "top": top, "H": recipe.H, "lr": recipe.lr,
            "updates": recipe.updates, "sentences": SENTENCES[name]}


def run(name, reach, top, seed, recipe=RECIPE):
    """One run as records."""
    began, whole = time.process_time(), task(name)
    part, recipe = whole.only(SENTENCES[name], seed), replace(recipe, seed=seed)
    reader = labelers.reader(part)
    tagger = network(part, reader, recipe, reach, top)
    labelers.fit(tagger, part, reader, recipe)
    values = values_of(tagger, reader, part, top)
    seconds = time.process_time() - began
    return measured(CLAIM, setting(name, reach, top, recipe), seed, values, seconds, whole.data)


def grid(name):
    """Every (reach, top) of a task."""
    reaches = LAYERS if name == "slots" else LAYERS[-1:]
    return [(reach, SOFTMAX) for reach in reaches] + [("both ways", CRF)]


def by_seed(records, metric, name, reach="both ways", top=SOFTMAX):
    """dict seed -> the value of a metric of one line."""
    wanted = {"task": name, "reach": reach, "top": top}
    return {r.seed: r.value for r in records
            if r.metric == metric and wanted.items() <= r.setting.items()}


def shown(records, metric, name, reach="both ways", top=SOFTMAX):
    """(mean, half-width) of one line over its seeds."""
    return interval(by_seed(records, metric, name, reach, top).values())


def difference(one, other):
    """(mean, half-width) of one dict seed -> value minus another, seed by seed."""
    return interval([one[seed] - other[seed] for seed in sorted(one.keys() & other)])


def ways(records, columns):
    """Three ways to decide: dict way -> means and dict way -> half-widths over the columns.

    columns  (task, metric) pairs; where there are no rules, the second way is the first
    """
    there, found = {(r.setting["task"], r.metric) for r in records}, {}
    for way, (top, prefix) in WAYS.items():
        metrics = [prefix + m if (name, prefix + m) in there else m for name, m in columns]
        found[way] = [shown(records, m, name, top=top)
                      for (name, _), m in zip(columns, metrics, strict=True)]
    return tuple({way: [one[n] for one in row] for way, row in found.items()} for n in (0, 1))


def gain(records, name, metric):
    """(mean, half-width) of what the CRF brings over the softmax, seed by seed."""
    return difference(*(by_seed(records, metric, name, top=top) for top in (CRF, SOFTMAX)))


def main(arguments=None):
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    name, *seeds = sys.argv[1:] if arguments is None else arguments
    there = recorded(CLAIM)
    for seed in map(int, seeds or (0, 1, 2)):
        for reach, top in grid(name):
            if run_key(setting(name, reach, top), seed, task(name).data) not in there:
                records = run(name, reach, top, seed)
                append(records)
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
                print(f"{name} {reach} {top} {seed}: {said} in {records[0].seconds:.0f} s",
                      flush=True)


if __name__ == "__main__":
    main()
