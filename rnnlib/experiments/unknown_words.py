"""Tags of known and unknown words by what is read of each word: words, letters, pieces (K18).

    python -m rnnlib.experiments.unknown_words                    every input, three seeds
    python -m rnnlib.experiments.unknown_words 2 "words" "letters"     some inputs, one seed

All taggers are the same bidirectional LSTM with the same updates; only their input differs.  A word
is unknown if the training text does not have it, in small or capital letters.  The hidden Markov
model counts what suffixes of rare words say (Brants 2000); it has no seed.
"""

import sys
import time
from dataclasses import asdict, dataclass

import torch
from torch import nn

from .. import cells, models
from ..batches import pad
from ..batches_labeled import Reader, spelled
from ..datasets import load
from ..metrics_labels import right_by_word
from ..text import PAD, UNK, Vocab
from ..text_bpe import BPE
from . import labelers
from .record import append, measured, recorded, run_key

CLAIM = "K18"
SEEDS = (0, 1, 2)
MERGES = 1000
PARTS = {
    "words": ("word",),
    "letters": ("convolution",),
    "pieces": ("convolution",),
    "words + pieces": ("word", "convolution"),
    "words + letters": ("word", "convolution"),
    "words + letters by RNN": ("word", "rnn"),
}
"""What is read of each word -> the parts that make its vector."""


@dataclass(frozen=True)
class Recipe(labelers.Recipe):
    """Sizes and training of one tagger; `inputs` is a name in `PARTS`."""

    inputs: str = "words + letters"
    D: int = 64
    D_letter: int = 24
    H_letter: int = 64
    H: int = 96
    updates: int = 450
    widths: tuple = (3,)

    def setting(self):
        """What a record says about it."""
        kept = ("inputs", "D", "D_letter", "H_letter", "H", "updates", "tokens", "lr", "dropout")
        return {name: asdict(self)[name] for name in kept}


class Pieces(Reader):
    """A reader whose letters are pieces of words, as byte pair encoding made them."""

    def __init__(self, words, bpe, form=str):
        super().__init__(words, Vocab([PAD, UNK, *bpe.symbols]), form)
        self.bpe = bpe

    def ids(self, forms):
        """Word ids (F,) and piece ids (F, L) of different words."""
        cut = [self.letters.encode(self.bpe.encode([spelled(form)])) for form in forms]
        return self.words.encode([self.form(form) for form in forms]), pad(cut, self.letters.pad)[0]


class Picked(nn.Module):
    """Parts side by side, each of which reads its own place of x, such as x[0] words, x[1] letters.

    Args:
        pairs: (place, part) each; two parts may read the same place.
    """

    def __init__(self, *pairs):
        super().__init__()
        self.places = [place for place, _ in pairs]
        self.inner = models.SideBySide(*(part for _, part in pairs))
        self.size = self.inner.size

    def forward(self, x):
        return self.inner([x[place] for place in self.places])


def reader(task, inputs, least=1):
    """The numbers of words without their case, and of letters or pieces, of the training texts."""
    found = Reader.of(task.train[0], least, str.lower)
    if "pieces" not in inputs:
        return found
    bpe = BPE.of([word for text in task.train[0] for word in text], MERGES)
    return Pieces(found.words, bpe, str.lower)


def embed(numbers, recipe):
    """What a recipe reads of each word: a module that takes (words, letters)."""
    pairs, letters = [], (len(numbers.letters), recipe.D_letter)
    for part in PARTS[recipe.inputs]:
        if part == "word":
            pairs.append((0, models.Words(len(numbers.words), recipe.D)))
        elif part == "convolution":
            pairs += [(1, models.LetterConv(*letters, recipe.H_letter, width))
                      for width in recipe.widths]
        else:
            sides = [cells.GRUCell(recipe.D_letter, recipe.H_letter // 2) for _ in range(2)]
            pairs.append((1, models.LetterRNN(letters[0], *sides)))
    return Picked(*pairs)


def model(task, numbers, recipe):
    """A fresh tagger, the same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        inputs = embed(numbers, recipe)
        states = models.both_ways(labelers.CELLS[recipe.cell], inputs.size, recipe.H)
        return models.Tagger(inputs, states, len(task.kinds), recipe.dropout)


def trained(task, recipe, least=1):
    """(tagger, its reader, seconds) of a recipe."""
    numbers = reader(task, recipe.inputs, least)
    tagger = model(task, numbers, recipe)
    _, seconds = labelers.fit(tagger, task, numbers, recipe)
    return tagger, numbers, seconds


def values(tagger, numbers, task):
    """Percent right on dev and test, of all, known and unknown words, and the weights."""
    found = labelers.right(tagger, numbers, task, task.test)
    dev = labelers.right(tagger, numbers, task, task.dev)
    found |= {f"dev_{side}": value for side, value in dev.items()}
    return found | {"parameters": sum(weight.numel() for weight in tagger.parameters())}


def run(task, recipe):
    """Train and measure: the records."""
    tagger, numbers, seconds = trained(task, recipe)
    found = values(tagger, numbers, task)
    return measured(CLAIM, recipe.setting(), recipe.seed, found, seconds, task.data)


def counted(task):
    """The records of the hidden Markov model with its table of suffixes."""
    began = time.process_time()
    texts, gold = task.test
    hmm = models.HMM(list(zip(*task.train, strict=True)))
    counts = right_by_word(lowered(texts), gold, hmm.tag_all(texts), known(task))
    found = {side: 100 * n / max(1, total) for side, (n, total) in counts.items()}
    seconds = time.process_time() - began
    return measured(CLAIM, {"inputs": "HMM with suffixes"}, 0, found, seconds, task.data)


def lowered(texts):
    """The texts in small letters."""
    return [[word.lower() for word in text] for text in texts]


def known(task):
    """The words of the training texts, in small letters."""
    return {word for text in lowered(task.train[0]) for word in text}


def main(names=(), seeds=SEEDS):
    """Every run that is not recorded yet, appended as it comes."""
    torch.set_num_threads(1)
    task = labelers.Task.of(load("ewt"))
    there = recorded(CLAIM)
    if not names:
        append(counted(task))
    for seed in seeds:
        for name in names or PARTS:
            recipe = Recipe(inputs=name, seed=seed)
            if run_key(recipe.setting(), seed, task.data) not in there:
                found = run(task, recipe)
                append(found)
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in found[:6])
                print(f"{name} {seed}: {said} in {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if not a.isdigit()],
         [int(a) for a in sys.argv[1:] if a.isdigit()] or SEEDS)
