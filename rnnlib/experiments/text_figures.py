"""How well whole texts are labelled: intents (CLINC150), spam (SMS), modules (docstrings).

    python -m rnnlib.experiments.text_figures intents        the figure, about 5 minutes
    python -m rnnlib.experiments.text_figures spam           three seeds
    python -m rnnlib.experiments.text_figures modules        three seeds

The labels are guessed by a few small models whose log-probabilities are averaged; seconds are
added up, in processor time of one thread.  Settings were chosen on the dev part; the test part is
read once, at the end.
"""

import sys
import time
from dataclasses import dataclass, replace

import torch
from torch.nn import functional as F

from .. import train
from ..datasets import load
from ..metrics_labels import calibration
from ..models import Classifier
from ..models.naive_bayes import NaiveBayes
from ..models.pieces import BagOfPieces, PieceBatches, Pieces, joined
from . import labelers
from .labelers import Recipe, Task
from .record import append, measured

CLAIM = "text_figures"
DATA = {"intents": "clinc150", "spam": "sms_spam", "modules": "packages"}
"""Task -> data set."""
GOALS = {"intents": 93.5, "spam": 98.3}
"""Task -> percent of the test texts to get right."""
OUT = "oos"
"""The label of questions that belong to no intent."""
SMOOTHING = {"intents": 0.1, "spam": 1.0, "modules": 0.1}
"""Added to every count of naive Bayes: small where a label has few words."""


def task_of(name):
    """The task without the questions out of scope."""
    data = load(DATA[name])
    parts = {part: [e for e in getattr(data, part) if e[1] != OUT]
             for part in ("train", "valid", "test")}
    return Task.of(replace(data, **parts))


def out_of_scope(data):
    """The texts of a data set that belong to no label: dict of "valid" and "test" to lists.

    Without the real data: sentences of the course, which ask for nothing.
    """
    if not data.real:
        course = load("treebank")
        return {part: [words for words, _ in getattr(course, part)] for part in ("valid", "test")}
    return {part: [labelers.split(text) for text, label in getattr(data, part) if label == OUT]
            for part in ("valid", "test")}


# --- the members ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bag:
    """Settings of a bag of pieces."""

    B: int = 128
    dropout: float = 0.3
    lr: float = 2e-2
    passes: int = 12
    seed: int = 0


def smooth(model, x, labels, softness=0.1):
    """Mean nats of labels of which a tenth is spread over all: no verdict is ever quite sure."""
    return F.cross_entropy(model(*x), labels, label_smoothing=softness), len(labels), None


def of_texts(model, batch, carry):
    """The loss of a Classifier on a batch (x, labels, lengths), for `train.fit`."""
    x, labels, lengths = batch
    return smooth(model, (x, lengths), labels)


def of_pieces(model, batch, carry):
    """The loss of a BagOfPieces on a batch of `PieceBatches`, for `train.fit`."""
    x, labels = batch
    return smooth(model, (x,), labels)


class States:
    """A recurrent classifier, trained: `member.scores(texts)` are log-probabilities (N, K)."""

    def __init__(self, task, recipe, layer=labelers.layer):
        self.reader = labelers.reader(task)
        self.model = labelers.model(task, self.reader, recipe, layer)
        batches = labelers.batches(task, self.reader, recipe)
        list(train.fit(self.model, batches, of_texts, recipe.settings()))

    def scores(self, texts):
        return log_probabilities(self.model, self.reader, texts)


class Counted:
    """A bag of pieces, trained: `member.scores(texts)` are log-probabilities (N, K)."""

    def __init__(self, task, how):
        texts, labels = task.train
        self.pieces = Pieces(texts)
        with torch.random.fork_rng():
            torch.manual_seed(how.seed)
            self.model = BagOfPieces(len(self.pieces.vocab), len(task.kinds), how.dropout)
        rows, y = [self.pieces(text) for text in texts], numbers(labels, task.kinds)
        batches = PieceBatches(rows, y, how.B, how.seed)
        steps = how.passes * batches.per_pass
        settings = train.Settings(steps, how.lr, decay=train.cosine, every=steps, seed=how.seed)
        list(train.fit(self.model, batches, of_pieces, settings))

    @torch.no_grad()
    def scores(self, texts):
        return self.model(joined([self.pieces(text) for text in texts])).log_softmax(1)


@torch.no_grad()
def log_probabilities(model: Classifier, reader, texts, size=200):
    """log p(label | text) of a classifier for texts, lists of words: (N, K)."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = [model(*reader([texts[i] for i in order[s : s + size]])).log_softmax(1)
             for s in range(0, len(order), size)]
    return torch.cat(found)[torch.tensor(order).argsort()]


def numbers(labels, kinds):
    """Labels as the numbers of their kinds (N,)."""
    place = {kind: i for i, kind in enumerate(kinds)}
    return torch.tensor([place[label] for label in labels])


def percent(scores, labels, kinds):
    """Percent of the texts whose best score (N, K) is that of the right label."""
    return 100 * (scores.argmax(1) == numbers(labels, kinds)).double().mean().item()


def together(scores):
    """The mean of the log-probabilities (N, K) of several members, made probabilities again."""
    return torch.stack(scores).mean(0).log_softmax(1)


# --- the figures ----------------------------------------------------------------------------------


def members(name, seed=0):
    """Task -> what is trained for it: dict name of a member -> function of the task."""
    states = {
        "intents": Recipe(D=128, H=128, H_letter=96, dropout=0.5, updates=1800, tokens=900),
        "spam": Recipe(D=64, H=64, H_letter=64, dropout=0.5, updates=500, tokens=1200),
        "modules": Recipe(D=64, H=64, H_letter=64, dropout=0.5, updates=400, tokens=1200),
    }[name]
    seeds = (2 * seed, 2 * seed + 1) if name == "intents" else (seed,)
    found = {f"states {n}": replace(states, seed=s) for n, s in enumerate(seeds)}
    return found | {"pieces": Bag(seed=seed)}


def fitted(task, how):
    """A member trained by its settings, and the seconds of processor time that it took."""
    began = time.process_time()
    member = States(task, how) if isinstance(how, Recipe) else Counted(task, how)
    return member, time.process_time() - began


def counted(name, task):
    """Naive Bayes on words without their case, split at spaces: percent right by part."""
    parts = {part: [(text.lower().split(), label) for text, label in getattr(task.data, part)]
             for part in ("train", "valid", "test")}
    model = NaiveBayes(parts["train"], SMOOTHING[name])
    return {part: 100 * model.right(parts[part]) for part in ("valid", "test")}


def sureness(scores, labels, kinds):
    """Mean confidence, and the expected calibration error, of log-probabilities (N, K)."""
    confidence, best = scores.exp().max(1)
    found = calibration(confidence.clamp(max=1), best == numbers(labels, kinds))
    return {"confidence": confidence.mean().item(), "calibration": found.error}


def found_by(task, scores):
    """What is recorded of the log-probabilities of dev and test texts, dict part -> (N, K)."""
    parts = {"valid": task.dev, "test": task.test}
    values = {part: percent(scores[part], labels, task.kinds)
              for part, (_, labels) in parts.items()}
    return values | sureness(scores["test"], task.test[1], task.kinds)


def run(name, seed=0):
    """All members of a task, each alone and all together, as records."""
    task, scores, records, spent = task_of(name), {}, [], 0.0
    for label, how in members(name, seed).items():
        member, seconds = fitted(task, how)
        spent += seconds
        scores[label] = {"valid": member.scores(task.dev[0]), "test": member.scores(task.test[0])}
        records += of_model(name, label, seed, found_by(task, scores[label]), seconds, task.data)
    both = {part: together([each[part] for each in scores.values()]) for part in ("valid", "test")}
    values = found_by(task, both) | {"members": len(scores)}
    return records + of_model(name, "together", seed, values, spent, task.data)


def baseline(name):
    """Naive Bayes on a task as records; it draws nothing, so one seed is all there is."""
    task, began = task_of(name), time.process_time()
    values = counted(name, task)
    seconds = time.process_time() - began
    return of_model(name, "naive_bayes", 0, values, seconds, task.data)


def of_model(name, model, seed, values, seconds, data):
    """The records of one model of a task."""
    return measured(CLAIM, {"task": name, "model": model}, seed, values, seconds, data)


def main(arguments=None):
    """Run and record one task; `intents` with one seed, the others with three."""
    torch.set_num_threads(1)
    name, *seeds = sys.argv[1:] if arguments is None else arguments
    for seed in map(int, seeds or ("0" if name == "intents" else "012")):
        found = run(name, seed) + (baseline(name) if seed == 0 else [])
        append(found)
        for record in found:
            print(f"{record.setting['model']:12}{record.metric:12}{record.value:9.2f}"
                  f"{record.seconds:7.0f} s", flush=True)


if __name__ == "__main__":
    main()
