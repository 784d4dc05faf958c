"""How well words and letters together tag English text after five minutes of one thread.

    python -m rnnlib.experiments.tag_figures           trains, measures, records (seed 0)
    python -m rnnlib.experiments.tag_figures dev 1     another seed, the dev part only, not recorded

Two networks are trained one after the other, each in less than `LIMIT` seconds.  Recorded are the
first one alone, and the mean of the probabilities of both.  The first setting that was tried was
kept; the test part was read once, at the end.  `GOAL` is a goal: the records say whether it was
met.  Dropout on U as in `char_figures.Fused`.
"""

import sys
import time
from dataclasses import dataclass, replace

import torch

from .. import bptt, cells, models
from ..crf import NONE
from ..datasets import load
from ..layers import Bidirectional, OverTime
from ..models.taggers import real_words
from . import labelers, unknown_words
from .char_figures import Fused, keep_memory
from .record import append, measured

CLAIM = "tag_figures"
GOAL = 95.3
"""Percent of the words of the test part to tag rightly."""
LIMIT = 300
"""Seconds of one thread's processor time for the training of each network."""


@dataclass(frozen=True)
class Recipe(unknown_words.Recipe):
    """Sizes and training; `networks` are trained with seeds of their own and averaged."""

    networks: int = 2
    D: int = 100
    D_letter: int = 32
    H_letter: int = 64
    widths: tuple = (3, 5)
    H: int = 128
    dropout: float = 0.4
    dropout_U: float = 0.2
    updates: int = 2300
    lr: float = 3e-3
    half: bool = False

    def setting(self):
        """What a record says about it."""
        more = {name: getattr(self, name) for name in ("networks", "dropout_U", "half", "forget")}
        return super().setting() | more | {"widths": list(self.widths)}


class Mean(torch.nn.Module):
    """Taggers that vote: the mean of their probabilities."""

    def __init__(self, taggers):
        super().__init__()
        self.taggers = torch.nn.ModuleList(taggers)

    @torch.no_grad()
    def probabilities(self, x, lengths=None):
        """p(label at t) (B, T, K), 0 in padding."""
        return sum(one.probabilities(x, lengths) for one in self.taggers) / len(self.taggers)

    @torch.no_grad()
    def best(self, x, lengths=None):
        """The most probable label of each word (B, T), NONE in padding."""
        p = self.probabilities(x, lengths)
        return p.argmax(2).where(real_words(lengths, p), NONE)


def model(task, numbers, recipe):
    """A fresh tagger whose two directions go through time by `Fused`."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        inputs = unknown_words.embed(numbers, recipe)
        run = Fused(recipe.dropout_U, recipe.half)
        sides = [OverTime(cells.LSTMCell(inputs.size, recipe.H), run) for _ in range(2)]
        return models.Tagger(inputs, Bidirectional(*sides), len(task.kinds), recipe.dropout)


def in_float32(tagger):
    """The tagger read by the library's own way through time."""
    tagger.layer.forwards.run = tagger.layer.backwards.run = bptt.run
    return tagger.eval()


def networks(task, recipe):
    """(taggers, their reader, seconds): one after the other, the time of the reader included."""
    began = time.process_time()
    numbers, found = unknown_words.reader(task, recipe.inputs), []
    for n in range(recipe.networks):
        one = replace(recipe, seed=recipe.networks * recipe.seed + n)
        tagger = model(task, numbers, one)
        labelers.fit(tagger, task, numbers, one)
        found.append(in_float32(tagger))
    return found, numbers, time.process_time() - began


def exactly(tagger, numbers, task, part):
    """Percent right of the words that the training texts do not have in exactly this form."""
    texts, gold = part
    forms = {word for text in task.train[0] for word in text}
    counts = labelers.right_by_word(
        texts, gold, labelers.guesses(tagger, numbers, texts, task.kinds), forms)
    return 100 * counts["unknown"][0] / max(1, counts["unknown"][1])


def scores(taggers, numbers, task, part):
    """Percent right of the mean of the taggers, and of the first one alone."""
    both = Mean(taggers)
    found = labelers.right(both, numbers, task, part)
    found["unknown_form"] = exactly(both, numbers, task, part)
    return found | {"first_alone": labelers.right(taggers[0], numbers, task, part)["all"]}


def main(arguments=None):
    """One run; with the word dev nothing of the test part is read and nothing is recorded."""
    words = sys.argv[1:] if arguments is None else arguments
    torch.set_num_threads(1)
    keep_memory()
    task = labelers.Task.of(load("ewt"))
    changes = {name: float(value) if "." in value else int(value)
               for name, _, value in (word.partition("=") for word in words if "=" in word)}
    seed = next((int(word) for word in words if word.isdigit()), 0)
    recipe = replace(Recipe(seed=seed), **changes)
    taggers, numbers, seconds = networks(task, recipe)
    found = {f"dev_{k}": v for k, v in scores(taggers, numbers, task, task.dev).items()}
    if "dev" not in words:
        found |= scores(taggers, numbers, task, task.test)
        append(measured(CLAIM, recipe.setting(), seed, found, seconds, task.data))
    print(changes, " ".join(f"{k} {v:.2f}" for k, v in found.items()), f"in {seconds:.0f} s")


if __name__ == "__main__":
    main()
