"""Two ways to be right for a wrong reason: a leak that is planted, and spam that changes its dress.

    python -m rnnlib.experiments.short_cut

leak      Honest messages get a label by the toss of a coin, so nobody can do better than 50 %.  The
          "liars" come through a form that ends every message with a full stop, the others lose
          theirs.  Tested on held-out messages as they were collected, and without the full stop.
disguise  A spam filter, tested on spam as it is and on spam whose numbers are left out.
"""

import random
import time

import torch

from .. import models
from ..datasets import load
from ..models.naive_bayes import NaiveBayes
from . import labelers
from .labelers import Recipe, Task
from .record import append, measured

CLAIM = "short_cut"
LABELS = ("honest", "liar")
MODELS = ("naive_bayes", "network")
SPAM = "spam"


# --- a leak ---------------------------------------------------------------------------------------


def clean(words):
    """A text without the punctuation at its end."""
    end = len(words)
    while end > 1 and not any(map(str.isalnum, words[end - 1])):
        end -= 1
    return words[:end]


def collected(words, label):
    """A text as its form handed it in: liars end with a full stop, the others without one."""
    return [*clean(words), "."] if label == "liar" else clean(words)


def by_coin(data, seed):
    """Messages of one kind with labels by a coin: a Task, and the same test texts cleaned."""
    rng, parts = random.Random(seed), []
    kind = "ham" if data.name == "sms_spam" else None
    for examples in (data.train, data.valid, data.test):
        texts = [labelers.split(text) for text, label in examples if kind in (None, label)]
        texts = [words for words in texts if words]
        labels = [rng.choice(LABELS) for _ in texts]
        parts.append(([collected(w, label) for w, label in zip(texts, labels, strict=True)],
                      labels))
    task = Task(data, sorted(LABELS), *parts)
    return task, ([clean(words) for words in task.test[0]], task.test[1])


# --- a change of dress ----------------------------------------------------------------------------


def without_numbers(words):
    """A text without the words that have a digit; what is left if all have one is "x"."""
    return [word for word in words if not any(map(str.isdigit, word))] or ["x"]


def spams(part):
    """The spam of (texts, labels)."""
    texts, labels = part
    kept = [words for words, label in zip(texts, labels, strict=True) if label == SPAM]
    return kept, [SPAM] * len(kept)


# --- two models -----------------------------------------------------------------------------------


def judge(name, task, seed, updates=300):
    """A function from (texts, labels) to the percent that a freshly trained model gets right."""
    if name == "naive_bayes":
        pairs = zip(*task.train, strict=True)
        model = NaiveBayes([([w.lower() for w in words], label) for words, label in pairs])
        return lambda part: 100 * model.right(
            [([w.lower() for w in words], label) for words, label in zip(*part, strict=True)])
    recipe = Recipe(D=32, D_letter=16, H_letter=32, H=32, keep=models.max_state,
                    updates=updates, tokens=1200, seed=seed)
    model, reader, _ = labelers.trained(task, recipe)
    return lambda part: labelers.accuracy(model, reader, part, task.kinds)


def leak(name, data, seed, updates=200):
    """Percent right on held-out texts as collected, and on the same texts cleaned."""
    task, cleaned = by_coin(data, seed)
    right = judge(name, task, seed, updates)
    return {"collected": right(task.test), "cleaned": right(cleaned)}


def disguise(name, data, seed):
    """Percent of the spam that is caught, as it is and without numbers; honest ones let through."""
    task = Task.of(data)
    right, (texts, labels) = judge(name, task, seed), spams(task.test)
    honest = [i for i, label in enumerate(task.test[1]) if label != SPAM]
    ham = [task.test[0][i] for i in honest], [task.test[1][i] for i in honest]
    return {"caught": right((texts, labels)), "let_through": right(ham),
            "caught_disguised": right(([without_numbers(words) for words in texts], labels)),
            "right": right(task.test)}


def main(seeds=(0, 1, 2)):
    """Run and record both, for both models and all seeds."""
    torch.set_num_threads(1)
    data = load("sms_spam")
    for test in (leak, disguise):
        for name in MODELS:
            for seed in seeds if name == "network" or test is leak else seeds[:1]:
                began = time.process_time()
                values = test(name, data, seed)
                seconds = time.process_time() - began
                setting = {"test": test.__name__, "model": name}
                append(measured(CLAIM, setting, seed, values, seconds, data))
                print(setting, seed, {k: round(v, 1) for k, v in values.items()},
                      f"{seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
