"""Taggers and classifiers for a data set: the task, the recipe, the training, the scores.

    task = Task.of(load("ewt"))               a tag for each word
    task = Task.of(load("snips"), column=2)   an intent for each utterance; column=1: its slots
    model, reader, seconds = trained(task, Recipe(updates=600))
    right(model, reader, task, task.test)     {"all": .., "known": .., "unknown": ..}

What is compared in an experiment differs in one line of its recipe.
"""

import time
from dataclasses import dataclass, field

import torch

from .. import cells, models, train
from ..batches_labeled import Examples, Forgetful, Reader, word_counts
from ..crf import bio_rules
from ..layers import OverTime, Stacked
from ..metrics_labels import right_by_word
from ..metrics_spans import span_counts
from ..text import words as split

CELLS = {"rnn": cells.RNNCell, "gru": cells.GRUCell, "lstm": cells.LSTMCell}


@dataclass(frozen=True)
class Task:
    """Texts with labels: train, dev and test are (texts, labels); kinds are the K labels."""

    data: object
    kinds: list
    train: tuple
    dev: tuple
    test: tuple

    @classmethod
    def of(cls, data, column=1):
        """The task of a data set whose examples are tuples: words or text first, label later.

        column: the place of the label in an example, 1 or 2 (the intents of SNIPS).
        """
        parts = [pairs(part, column) for part in (data.train, data.valid, data.test)]
        flat = [[label] if isinstance(label, str) else label for label in parts[0][1]]
        return cls(data, sorted({each for label in flat for each in label}), *parts)

    def only(self, n, seed=0):
        """The task with n texts to learn from, drawn by the seed."""
        texts, labels = self.train
        draw = torch.randperm(len(texts), generator=torch.Generator().manual_seed(seed))
        kept = draw[:n].tolist()
        small = [texts[i] for i in kept], [labels[i] for i in kept]
        return Task(self.data, self.kinds, small, self.dev, self.test)

    @property
    def per_word(self):
        """Whether each word has a label."""
        return not isinstance(self.train[1][0], str)


def pairs(examples, column):
    """(texts, labels) of some examples; a text that is not yet split into words is."""
    texts = [each[0] if isinstance(each[0], list) else split(each[0]) for each in examples]
    kept = [i for i, text in enumerate(texts) if text]
    return [texts[i] for i in kept], [examples[i][column] for i in kept]


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of a labeler; everything that an experiment varies is a line here.

    Args:
        inputs: "words", "letters" or "both".
        D, D_letter, H_letter: numbers in the vector of a word, of a letter, and of a word made of
            its letters.
        cell, H, layers: the recurrent part, H in each direction.
        keep: for classifiers, what is kept of the states.
        top: for taggers, "softmax" or "crf".
        forget: rare words are unknown now and then (`Forgetful`), 0 for never.
    """

    inputs: str = "both"
    D: int = 100
    D_letter: int = 30
    H_letter: int = 60
    cell: str = "lstm"
    H: int = 128
    layers: int = 1
    keep: object = field(default=models.max_state)
    top: str = "softmax"
    dropout: float = 0.4
    forget: float = 0.25
    lr: float = 3e-3
    updates: int = 1000
    tokens: int = 1000
    seed: int = 0

    def settings(self):
        """How `fit` trains."""
        return train.Settings(self.updates, self.lr, warmup=min(20, self.updates),
                              decay=train.cosine, every=max(1, self.updates // 10), seed=self.seed)


def reader(task):
    """The numbers of words (without their case) and letters of a task's training texts."""
    return Reader.of(task.train[0], form=str.lower)


class WordsOf(models.Words):
    """Reads the words of (words, letters)."""

    def forward(self, x):
        return super().forward(x[0])


class LettersOf(models.LetterConv):
    """Reads the letters of (words, letters)."""

    def forward(self, x):
        return super().forward(x[1])


def embed(reader, recipe):
    """What is read of each word: a module that takes (words, letters)."""
    if recipe.inputs == "words":
        return WordsOf(len(reader.words), recipe.D)
    if recipe.inputs == "letters":
        return LettersOf(len(reader.letters), recipe.D_letter, recipe.H_letter)
    if recipe.inputs == "both":
        return models.SideBySide(
            models.Words(len(reader.words), recipe.D),
            models.LetterConv(len(reader.letters), recipe.D_letter, recipe.H_letter))
    raise ValueError(f'expected inputs "words", "letters" or "both", got {recipe.inputs!r}')


def layer(size, recipe):
    """The recurrent layers, both directions, on inputs of this size."""
    sizes = [size] + [2 * recipe.H] * (recipe.layers - 1)
    found = [models.both_ways(CELLS[recipe.cell], D, recipe.H) for D in sizes]
    return found[0] if len(found) == 1 else Stacked(*found, dropout=recipe.dropout)


def one_way(size, recipe):
    """One recurrent layer that reads from the left only."""
    return OverTime(CELLS[recipe.cell](size, recipe.H))


def model(task, reader, recipe, layer=layer):
    """A fresh tagger or classifier for a task, the same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        inputs, K = embed(reader, recipe), len(task.kinds)
        states = layer(inputs.size, recipe)
        if not task.per_word:
            return models.Classifier(inputs, states, recipe.keep, K, recipe.H, recipe.dropout)
        tagger = models.Tagger(inputs, states, K, recipe.dropout)
        return tagger if recipe.top == "softmax" else models.CRFTagger(tagger, K, rules(task))


def rules(task):
    """The rules of BIO if the labels are BIO, otherwise None."""
    bio = all(kind == "O" or kind[:2] in ("B-", "I-") for kind in task.kinds)
    return bio_rules(task.kinds) if bio else None


def of_labels(model, batch, carry):
    """Mean nats of the labels of a batch (x, labels, lengths), for `train.fit`."""
    x, labels, lengths = batch
    total, count = model.loss(x, labels, lengths)
    return total / count, count, None


def batches(task, reader, recipe):
    """The batches that a recipe trains on."""
    examples = Examples(reader, *task.train, task.kinds, recipe.tokens, recipe.seed)
    if not recipe.forget:
        return examples
    counts = word_counts(reader, task.train[0])
    return Forgetful(examples, counts, reader.words.unk, recipe.forget)


def fit(labeler, task, reader, recipe, evaluate=None):
    """Train a labeler: the list of records, and the seconds of one thread's processor time."""
    began = time.process_time()
    records = list(train.fit(labeler, batches(task, reader, recipe), of_labels, recipe.settings(),
                             evaluate))
    return records, time.process_time() - began


def trained(task, recipe, layer=layer):
    """(model, reader, seconds) of a recipe."""
    numbers = reader(task)
    labeler = model(task, numbers, recipe, layer)
    _, seconds = fit(labeler, task, numbers, recipe)
    return labeler, numbers, seconds


def guesses(labeler, reader, texts, kinds, tokens=8000):
    """The labels that a labeler gives to texts, as strings, in the order of the texts."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found, size = {}, max(1, tokens // max([1, *map(len, texts)]))
    for start in range(0, len(order), size):
        here = order[start : start + size]
        x, lengths = reader([texts[i] for i in here])
        for i, best, n in zip(here, labeler.best(x, lengths).tolist(), lengths.tolist(),
                              strict=True):
            found[i] = kinds[best] if isinstance(best, int) else [kinds[k] for k in best[:n]]
    return [found[i] for i in range(len(texts))]


def accuracy(labeler, reader, part, kinds):
    """Percent right of (texts, labels): of the words if each has a label, else of the texts."""
    texts, labels = part
    flat = []
    for gold, mine in zip(labels, guesses(labeler, reader, texts, kinds), strict=True):
        flat += [gold == mine] if isinstance(gold, str) else map(str.__eq__, gold, mine)
    return 100 * sum(flat) / len(flat)


def right(labeler, reader, task, part):
    """Percent of right labels of all, known and unknown words: {"all": .., ...}.

    A word is known if the training texts have it, whatever its case.
    """
    texts, gold = part
    known = {word.lower() for text in task.train[0] for word in text}
    lowered = [[word.lower() for word in text] for text in texts]
    counts = right_by_word(lowered, gold, guesses(labeler, reader, texts, task.kinds), known)
    return {side: 100 * n / max(1, total) for side, (n, total) in counts.items()}


def span_f1(labeler, reader, part, kinds):
    """F1 of the spans, in percent (strict BIO)."""
    texts, gold = part
    return 100 * span_counts(gold, guesses(labeler, reader, texts, kinds)).f1
