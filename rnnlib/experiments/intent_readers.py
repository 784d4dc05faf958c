"""The small classifiers of notebook 07, with their vocabularies: what was kept, and how they read.

    python -m rnnlib.experiments.intent_readers      trains all again and writes data/weights/

`intents` learned 150 intents from questions as they are, `chatter` 30 of them from questions inside
of other words: the variants of `keeping` with seed 0.
"""

import time
from dataclasses import dataclass

import torch

from .. import DATA, checkpoints, models
from ..batches_labeled import Reader
from ..text import PAD, UNK, Vocab, words
from ..trace_verdict import by_word, left_out, share
from . import keeping, labelers
from .keeping import Kept
from .record import versions
from .text_figures import log_probabilities, percent

WEIGHTS = DATA / "weights" / "intent_readers.safetensors"
"""The trained weights that come with the course."""
COMMAND = "python -m rnnlib.experiments.intent_readers"
READERS = {
    "intents": {"last": Kept("lstm", 1, "last"), "mean": Kept("lstm", 1, "mean"),
                "max": Kept("lstm", 1, "max"), "ends": Kept("lstm", 2, "ends")},
    "chatter": {"rnn, last": Kept("rnn", 1, "last"), "lstm, last": Kept("lstm", 1, "last"),
                "mean": Kept("rnn", 1, "mean"), "max": Kept("rnn", 1, "max")},
}
"""Task -> name of a reader -> cell, directions, what is kept."""


@dataclass(frozen=True)
class IntentReader:
    """A trained classifier with its vocabulary and its labels."""

    model: models.Classifier
    reader: Reader
    kinds: list

    def likeliest(self, text, n=3):
        """The n best labels of a text, a list of words, with their probabilities."""
        best = log_probabilities(self.model, self.reader, [text])[0].exp().topk(n)
        return [(self.kinds[k], p) for k, p in zip(best.indices.tolist(), best.values.tolist(),
                                                   strict=True)]

    def shares(self, text):
        """What part of the gradient of the verdict each word of a text has: list of T numbers."""
        x, lengths = self.reader([text])
        return share(by_word(self.model, x, lengths))[0].tolist()

    def without(self, text):
        """The probability of the verdict on a text when one word is left out: list of T numbers."""
        if len(text) < 2:
            return [float("nan")] * len(text)
        logs = log_probabilities(self.model, self.reader, [text, *left_out(text)])
        return logs[1:, logs[0].argmax()].exp().tolist()

    def probabilities(self, texts, label):
        """p(label | text) of several texts: a list of numbers."""
        logs = log_probabilities(self.model, self.reader, texts)
        return logs[:, self.kinds.index(label)].exp().tolist()


def fitted(task, name, kept):
    """One reader, trained, with the seconds it took and its percent of right test texts."""
    began = time.process_time()
    model, reader = keeping.fitted(task, name, kept, seed=0)
    facts = {"seconds": round(time.process_time() - began),
             "test": percent(log_probabilities(model, reader, task.test[0]), task.test[1],
                             task.kinds)}
    return IntentReader(model, reader, task.kinds), facts


def save(found, facts, path=WEIGHTS):
    """Write readers (task -> name -> IntentReader) into one file, two bytes a weight."""
    tensors = {f"{task}/{name}/{key}": tensor.half() for task, row in found.items()
               for name, one in row.items() for key, tensor in checkpoints.named(one.model).items()}
    first = {task: next(iter(row.values())) for task, row in found.items()}
    header = {"command": COMMAND, "versions": versions(),
              "words": {task: one.reader.words.symbols for task, one in first.items()},
              "kinds": {task: one.kinds for task, one in first.items()}}
    checkpoints.write(path, tensors, header | facts)


def load(path=WEIGHTS):
    """(task -> name -> IntentReader in eval mode, facts on how they were trained)."""
    tensors, facts = checkpoints.read(path)
    vocabularies, labels, found = facts.pop("words"), facts.pop("kinds"), {}
    for task, row in READERS.items():
        reader = Reader(Vocab(vocabularies[task]), Vocab([PAD, UNK]), str.lower)
        empty = Empty(labels[task])
        found[task] = {}
        for name, kept in row.items():
            layer, recipe = kept.recipe(task, seed=0)
            model = labelers.model(empty, reader, recipe, layer).eval()
            start = f"{task}/{name}/"
            mine = {key.removeprefix(start): tensor.float() for key, tensor in tensors.items()
                    if key.startswith(start)}
            checkpoints.copy_into(path, model, mine)
            found[task][name] = IntentReader(model, reader, labels[task])
    return found, facts


@dataclass(frozen=True)
class Empty:
    """As much of a task as a fresh classifier needs: its labels, one for each text."""

    kinds: list
    per_word: bool = False



def typed(text):
    """A text as the readers take it: its words, or one unknown word if there is none."""
    return words(text.lower()) or [UNK]


def main():
    """Train all on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    found, reached = {}, {}
    for name, row in READERS.items():
        task, _ = keeping.tasks(name)
        found[name], reached[name] = {}, {}
        for label, kept in row.items():
            found[name][label], reached[name][label] = fitted(task, name, kept)
            print(name, label, reached[name][label], flush=True)
    data = task.data
    save(found, {"reached": reached, "seed": 0, "data": data.name, "data_sha256": data.sha256})


if __name__ == "__main__":
    main()
