"""The figures of notebook 06: slots of SNIPS and entities of WNUT17, span F1 on the test split.

    python -m rnnlib.experiments.span_figures snips crf 0

Sizes and training were chosen on the valid split.  A run is at most five minutes on one thread.
"""

import sys
import time
from dataclasses import replace

import torch

from ..datasets import load
from ..metrics import interval
from ..metrics_spans import strict
from . import labelers
from .labelers import Recipe, Task
from .neighbours import scores
from .record import append, measured

CLAIM = "span_figures"
RECIPES = {
    "snips": Recipe(H=128, dropout=0.5, lr=4e-3, updates=5000, tokens=500),
    "wnut17": Recipe(H=100, dropout=0.5, lr=5e-3, updates=1500, tokens=500),
}


def forms(texts, labels):
    """The spans of some texts as (type, words in lower case), text by text."""
    return [[(kind, " ".join(text[start:end]).lower()) for kind, start, end in strict(tags)]
            for text, tags in zip(texts, labels, strict=True)]


def by_novelty(task, gold, mine, texts):
    """Recall of the spans whose words are a span of the training texts, and of new ones."""
    seen = {words for row in forms(*task.train) for _, words in row}
    counts = {True: [0, 0], False: [0, 0]}
    for text, y, z in zip(texts, gold, mine, strict=True):
        found = set(strict(z))
        for kind, start, end in strict(y):
            place = counts[" ".join(text[start:end]).lower() in seen]
            place[0] += (kind, start, end) in found
            place[1] += 1
    (old, olds), (new, news) = counts[True], counts[False]
    return {"new_share": 100 * news / max(1, olds + news), "recall_seen": 100 * old / max(1, olds),
            "recall_new": 100 * new / max(1, news)}


def values_of(tagger, reader, task, part):
    """All scores on a part of the task."""
    texts, gold = part
    mine = labelers.guesses(tagger, reader, texts, task.kinds)
    return scores(gold, mine) | by_novelty(task, gold, mine, texts)


def setting(recipe):
    """What a record says about a run."""
    return {name: getattr(recipe, name) for name in
            ("top", "inputs", "D", "H_letter", "H", "dropout", "lr", "updates", "tokens")}


def run(name, top, seed):
    """Train on one thread; the scores on test, and those on dev by which the sizes were chosen."""
    began, task = time.process_time(), Task.of(load(name))
    recipe = replace(RECIPES[name], top=top, seed=seed)
    tagger, reader, training = labelers.trained(task, recipe)
    values = values_of(tagger, reader, task, task.test)
    values |= {f"dev_{k}": v for k, v in values_of(tagger, reader, task, task.dev).items()}
    values["training_seconds"] = training
    seconds = time.process_time() - began
    return measured(CLAIM, setting(recipe), seed, values, seconds, task.data)


def told(records):
    """Recorded runs of one data set as three lines of text."""
    value = {r.metric: interval([s.value for s in records if s.metric == r.metric])[0]
             for r in records}
    seeds = len({r.seed for r in records})
    return (f"{records[0].data}, {records[0].setting['top']}: F1 {value['f1']:.1f} after "
            f"{value['training_seconds']:.0f} s of training ({seeds} seed{'s' * (seeds > 1)}); "
            f"no valid BIO: {value['invalid']:.1f} %\n"
            f"   new spans, which the training text lacks: {value['new_share']:.0f} %\n"
            f"   found of the others {value['recall_seen']:.0f} %, "
            f"of the new ones {value['recall_new']:.0f} %")


def main(arguments=None):
    """One run for each seed, printed and appended."""
    torch.set_num_threads(1)
    name, top, *seeds = sys.argv[1:] if arguments is None else arguments
    for seed in map(int, seeds or (0, 1, 2)):
        records = run(name, top, seed)
        append(records)
        for r in records:
            print(f"{name} {top} {seed}, {r.metric}: {r.value:.2f}", flush=True)


if __name__ == "__main__":
    main()
