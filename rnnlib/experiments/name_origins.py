"""From which language is a name?  Letters read in both directions, and letter triples counted.

    python -m rnnlib.experiments.name_origins          three seeds

Names that occur in one language only, split by a hash of the name.  Accuracy alone would reward
guessing the largest language, so the mean over languages of the share found is measured as well.
"""

import sys
from collections import Counter
from statistics import fmean

import torch

from .. import models
from ..datasets import load
from ..models.naive_bayes import NaiveBayes
from . import labelers
from .record import append, measured, recorded, run_key

CLAIM = "name_origins"
SEEDS = (0, 1, 2)
LONGEST = 3
"""Letters in the longest piece that naive Bayes counts."""
SMOOTHING = 0.3
"""Of naive Bayes: the best of 1, 0.3, 0.1 and 0.03 on the dev part."""


def task_of(data):
    """The task: each letter of a name is one symbol, the language the label."""
    parts = [([list(name) for name, _ in part], [language for _, language in part])
             for part in (data.train, data.valid, data.test)]
    return labelers.Task(data, sorted(set(parts[0][1])), *parts)


def recipe(updates=1500, seed=0):
    """Letters as the symbols of a bidirectional LSTM; both ends are kept."""
    return labelers.Recipe(inputs="words", D=48, H=96, keep=models.both_ends, dropout=0.3,
                           forget=0.0, lr=4e-3, updates=updates, tokens=500, seed=seed)


def grams(letters, longest=LONGEST):
    """All pieces of 1 to `longest` letters of a name between its markers."""
    marked = ["<", *letters, ">"]
    return ["".join(marked[i : i + n]) for n in range(1, longest + 1)
            for i in range(len(marked) - n + 1)]


def counted(task):
    """Naive Bayes over the pieces of the names to learn from."""
    return NaiveBayes(zip(map(grams, task.train[0]), task.train[1], strict=True), SMOOTHING)


def shares(gold, guesses):
    """(percent right, mean over the languages of the percent of their names that are found)."""
    often = Counter(gold)
    right = Counter(g for g, mine in zip(gold, guesses, strict=True) if g == mine)
    found = [right[language] / n for language, n in often.items()]
    return 100 * right.total() / len(gold), 100 * fmean(found)


def values(gold, guesses):
    """The two measures by name."""
    return dict(zip(("accuracy", "by_language"), shares(gold, guesses), strict=True))


def run(task, one):
    """Train the network and measure: the records."""
    model, numbers, seconds = labelers.trained(task, one)
    texts, gold = task.test
    found = values(gold, labelers.guesses(model, numbers, texts, task.kinds))
    return measured(CLAIM, setting(one), one.seed, found, seconds, task.data)


def decided(model, numbers, kinds, name):
    """What each letter of a name does for its language: (language, p, says (L,)).

    `says` is by how much the probability of the language falls when a letter is left out.
    """
    shorter = [name[:i] + name[i + 1 :] or "?" for i in range(len(name))]
    x, lengths = numbers([list(one) for one in (name, *shorter)])
    with torch.no_grad():
        p = model(x, lengths).softmax(1)
    k = p[0].argmax()
    return kinds[k], p[0, k].item(), p[0, k] - p[1:, k]


def setting(one):
    """What a record says about a run."""
    return {"model": "LSTM, both ends", "D": one.D, "H": one.H, "updates": one.updates}


def main(seeds=SEEDS):
    """Naive Bayes once, and every run that is not recorded yet."""
    torch.set_num_threads(1)
    task, there = task_of(load("names")), recorded(CLAIM)
    texts, gold = task.test
    bayes = counted(task)
    found = values(gold, [bayes.label(grams(letters)) for letters in texts])
    append(measured(CLAIM, {"model": "naive Bayes"}, 0, found, 0.0, task.data))
    print(found, "majority", 100 * max(Counter(gold).values()) / len(gold))
    for seed in seeds:
        one = recipe(seed=seed)
        if run_key(setting(one), seed, task.data) not in there:
            records = run(task, one)
            append(records)
            print(seed, [(r.metric, round(r.value, 2)) for r in records], records[0].seconds,
                  flush=True)


if __name__ == "__main__":
    main(list(map(int, sys.argv[1:])) or SEEDS)
