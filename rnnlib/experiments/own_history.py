"""The label before as an input: with the right history, and with the tagger's own (K17).

    python -m rnnlib.experiments.own_history pos 0 1 2      also: slots

Two taggers read from the left to the right, alike but for one thing: one of them also reads the
label before.  In training that is always the right one.  In use it is the tagger's own guess.
"""

import sys
import time
from dataclasses import replace

import torch

from ..batches import mask
from ..cells import LSTMCell
from ..crf import NONE
from ..models import HistoryTagger
from . import labelers, neighbours
from .labelers import Recipe
from .record import append, measured, recorded, run_key

CLAIM = "K17"
RECIPE = Recipe(D=64, H_letter=40, H=128, dropout=0.3, lr=8e-3, updates=500,
                tokens=300)
D_LABEL = 24
"""Numbers in the vector of a label."""
NOTHING, GOLD, OWN = "no history", "right history", "own history"
HISTORIES = (NOTHING, OWN, GOLD)


def history_tagger(task, reader, recipe):
    """A fresh tagger that reads each word and the label before."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        inputs = labelers.embed(reader, recipe)
        cell = LSTMCell(inputs.size + D_LABEL, recipe.H)
        return HistoryTagger(inputs, cell, len(task.kinds), recipe.dropout)


class Told:
    """A history tagger that is told the right label before each word, as in training."""

    def __init__(self, tagger):
        self.tagger = tagger

    @torch.no_grad()
    def best(self, x, labels, lengths):
        """Its labels (B, T) after the right ones, NONE in padding."""
        found = self.tagger(x, labels, lengths).argmax(2)
        return found.where(mask(lengths, found.shape[1]), NONE)


def told(tagger, examples, kinds):
    """What a history tagger says with the right history, text by text, as strings."""
    found = []
    for i in range(len(examples)):
        x, labels, lengths = examples.batch([i])
        found.append([kinds[k] for k in Told(tagger).best(x, labels, lengths)[0].tolist()])
    return found


def after_errors(gold, mine, judged):
    """Percent of `judged` labels that are right where the label before in `mine` is wrong."""
    right = [judged[i][t] == y[t] for i, y in enumerate(gold) for t in range(1, len(y))
             if mine[i][t - 1] != y[t - 1]]
    return 100 * sum(right) / max(1, len(right))


def setting(name, history, recipe=RECIPE):
    """What a record says about a line."""
    return {"task": name, "history": history, "H": recipe.H, "lr": recipe.lr,
            "updates": recipe.updates, "sentences": neighbours.SENTENCES[name]}


def answers(task, recipe):
    """dict history -> the labels that a tagger gives to the test texts, as strings."""
    reader, (texts, labels) = labelers.reader(task), task.test
    plain = labelers.model(task, reader, recipe, labelers.one_way)
    tagger = history_tagger(task, reader, recipe)
    for each in (plain, tagger):
        labelers.fit(each, task, reader, recipe)
    kinds = sorted({*task.kinds, *(label for y in labels for label in y)})
    if kinds != task.kinds:
        raise ValueError("expected no label in test that training lacks: leave those texts out")
    examples = labelers.Examples(reader, texts, labels, task.kinds)
    own, none = (labelers.guesses(each, reader, texts, task.kinds) for each in (tagger, plain))
    return {NOTHING: none, OWN: own, GOLD: told(tagger, examples, task.kinds)}


def run(name, seed, recipe=RECIPE):
    """Both taggers of one seed as records of three lines: no, own and right history."""
    began, whole = time.process_time(), neighbours.task(name)
    part = whole.only(neighbours.SENTENCES[name], seed)
    gold, found = part.test[1], answers(part, replace(recipe, seed=seed))
    seconds, records = (time.process_time() - began) / 2, []
    for history, mine in found.items():
        values = neighbours.scores(gold, mine)
        own = found[NOTHING] if history == NOTHING else found[OWN]
        values["after_errors"] = after_errors(gold, own, mine)
        records += measured(CLAIM, setting(name, history, recipe), seed, values, seconds,
                            whole.data)
    return records


def main(arguments=None):
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    name, *seeds = sys.argv[1:] if arguments is None else arguments
    there = recorded(CLAIM)
    for seed in map(int, seeds or (0, 1, 2)):
        if run_key(setting(name, OWN), seed, neighbours.task(name).data) not in there:
            records = run(name, seed)
            append(records)
            for r in records:
                print(f"{name} {seed} {r.setting['history']}, {r.metric}: {r.value:.2f}",
                      flush=True)
            print(f"{2 * records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
