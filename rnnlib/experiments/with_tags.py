"""Input from a linguistic analysis: part-of-speech tags beside words, for named entities.

    python -m rnnlib.experiments.with_tags           four inputs, five seeds, the small treebank

The entities and the tags of the course's own treebank were both set by hand: an analysis without
the mistakes that a program makes.  Every network is the same bidirectional LSTM with a CRF; only
its input differs.  The test part is small, so the intervals are wide.
"""

import sys
import time
from dataclasses import dataclass

import torch

from .. import models, train
from ..batches import pad
from ..batches_labeled import Examples, Forgetful, Forms, Reader, word_counts
from ..datasets import load
from ..text import PAD, Vocab
from . import labelers, unknown_words
from .record import append, measured, recorded, run_key

CLAIM = "with_tags"
SEEDS = (0, 1, 2, 3, 4)
PARTS = {"words": "w", "words + tags": "wt", "words + letters": "wl",
         "words + letters + tags": "wlt"}
"""What is read of each word -> w its word, l its letters, t its tag."""


@dataclass(frozen=True)
class Recipe(labelers.Recipe):
    """Sizes and training of one network; `inputs` is a name in `PARTS`."""

    inputs: str = "words + tags"
    D: int = 32
    D_letter: int = 16
    H_letter: int = 24
    D_tag: int = 12
    H: int = 32
    updates: int = 300
    tokens: int = 300
    lr: float = 1e-2

    def setting(self):
        """What a record says about it."""
        return {"inputs": self.inputs, "D": self.D, "H": self.H, "updates": self.updates}


class Analysed(Reader):
    """A reader that also gives each word its tag: `reader(texts)` is ((words, letters, tags), ..).

    Args:
        reader: numbers of words and letters.
        analyse: a function from lists of words to as many lists of tags.
        kinds: the tags there are.
    """

    def __init__(self, reader, analyse, kinds):
        super().__init__(reader.words, reader.letters, reader.form)
        self.analyse, self.tags = analyse, Vocab([PAD, *kinds])

    def __call__(self, texts):
        return AnalysedForms(self, texts).batch(range(len(texts)))


class AnalysedForms(Forms):
    """Texts stored with the tags of their words: the analysis is done once."""

    def __init__(self, reader, texts):
        super().__init__(reader, texts)
        self.tags = [reader.tags.encode(tags) for tags in reader.analyse(texts)]

    def batch(self, numbers):
        """The texts with these numbers: ((words, letters, tags (B, T)), lengths)."""
        x, lengths = super().batch(numbers)
        return (*x, pad([self.tags[i] for i in numbers], 0)[0]), lengths


def by_tagger(taggers):
    """(analyse, kinds) of the small tagger that comes with the course."""
    def analyse(texts):
        return labelers.guesses(taggers.found["words + letters"], taggers.reader, texts,
                                taggers.kinds)
    return analyse, taggers.kinds


def by_hand(tagged):
    """(analyse, kinds) of a data set whose sentences have tags: each sentence gets its own."""
    rows = [*tagged.train, *tagged.valid, *tagged.test]
    tags = {tuple(words): found for words, found in rows}
    return (lambda texts: [tags[tuple(text)] for text in texts],
            sorted({tag for _, found in rows for tag in found}))


def embed(numbers, recipe):
    """What a recipe reads of each word: a module that takes (words, letters, tags)."""
    made = {"w": lambda: (0, models.Words(len(numbers.words), recipe.D)),
            "l": lambda: (1, models.LetterConv(len(numbers.letters), recipe.D_letter,
                                               recipe.H_letter)),
            "t": lambda: (2, models.Words(len(numbers.tags), recipe.D_tag))}
    return unknown_words.Picked(*(made[part]() for part in PARTS[recipe.inputs]))


def model(task, numbers, recipe):
    """A fresh network with a CRF on top, the same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        inputs, K = embed(numbers, recipe), len(task.kinds)
        states = models.both_ways(labelers.CELLS[recipe.cell], inputs.size, recipe.H)
        tagger = models.Tagger(inputs, states, K, recipe.dropout)
        return models.CRFTagger(tagger, K, labelers.rules(task))


def trained(task, numbers, recipe):
    """A network of a recipe, trained."""
    examples = Examples(numbers, *task.train, task.kinds, recipe.tokens, recipe.seed)
    examples.forms = AnalysedForms(numbers, task.train[0])
    counts = word_counts(numbers, task.train[0])
    batches = Forgetful(examples, counts, numbers.words.unk, recipe.forget)
    made = model(task, numbers, recipe)
    list(train.fit(made, batches, labelers.of_labels, recipe.settings()))
    return made


def run(task, numbers, recipe):
    """Train and measure: the records."""
    began = time.process_time()
    made = trained(task, numbers, recipe)
    seconds = time.process_time() - began
    found = {"f1": labelers.span_f1(made, numbers, task.test, task.kinds),
             "dev_f1": labelers.span_f1(made, numbers, task.dev, task.kinds)}
    return measured(CLAIM, recipe.setting(), recipe.seed, found, seconds, task.data)


def main(seeds=SEEDS):
    """Every run that is not recorded yet, appended as it comes."""
    torch.set_num_threads(1)
    task, there = labelers.Task.of(load("entities")), recorded(CLAIM)
    numbers = Analysed(labelers.reader(task), *by_hand(load("treebank")))
    for seed in seeds:
        for name in PARTS:
            recipe = Recipe(inputs=name, seed=seed)
            if run_key(recipe.setting(), seed, task.data) not in there:
                found = run(task, numbers, recipe)
                append(found)
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in found)
                print(f"{name} {seed}: {said} in {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(list(map(int, sys.argv[1:])) or SEEDS)
