"""What a vocabulary of letters, pieces or words costs a language model (K31).

    python -m rnnlib.experiments.vocabulary_sizes             every vocabulary, three seeds
    python -m rnnlib.experiments.vocabulary_sizes 2           one seed

The same sentences as letters, as pieces after so many merges, and as words.  All models are one
LSTM with tied weights and make the same number of updates, each on about the same stretch of text.
All bits are counted for each character of the text, a space before each word included.  A word that
the word model does not know is guessed as <unk> and then spelled by an n-gram model of letters that
has read the rare words of the training text: otherwise a model could buy low bits with unknown
words.
"""

import math
import sys
import time
from dataclasses import asdict, dataclass

import torch

from .. import cells, metrics, models, train
from ..datasets import load
from ..models import Sentences
from ..text import BOS, EOS, PAD, UNK, Vocab
from ..text_bpe import BPE
from .record import append, measured, recorded, run_key

CLAIM = "K31"
SEEDS = (0, 1, 2)
MERGES = (0, 300, 1000, 4000)
"""Merges of the vocabularies of pieces; after 0 merges the pieces are letters."""
WORDS = 5000
LONGEST = 40
"""Longer sentences, in words, are left out."""


@dataclass(frozen=True)
class Recipe:
    """One run: `merges` pieces, or the `WORDS` most frequent words when it is None."""

    merges: int | None = None
    D: int = 96
    H: int = 128
    dropout: float = 0.2
    characters: int = 1000
    passes: int = 2
    lr: float = 5e-3
    seed: int = 0

    def setting(self):
        """What a record says about it."""
        kept = {n: v for n, v in asdict(self).items() if n != "seed"}
        return kept | {"symbols": f"{self.merges} merges" if self.merges is not None else "words"}


@dataclass(frozen=True)
class Text:
    """Sentences as lists of words: train and test."""

    data: object
    train: list
    test: list

    @classmethod
    def of(cls, data, every=4):
        """Every fourth training sentence of a tagged data set, and all of the test part."""
        parts = [[words for words, *_ in part if len(words) <= LONGEST]
                 for part in (data.train, data.test)]
        return cls(data, parts[0][::every], parts[1])


class ByWord:
    """The most frequent words as symbols; the others are <unk>, and a speller knows letters."""

    def __init__(self, sentences, most=WORDS):
        self.vocab = Vocab.of(sentences, most=most - 4)
        rare = [word for words in sentences for word in words if word not in self.vocab]
        self.letters = Vocab.of([word for words in sentences for word in words])
        ids = [self.letters.encode([BOS, *word, EOS]) for word in rare or sum(sentences, [])]
        self.speller = models.NGram(ids, len(self.letters), 5)

    def cut(self, words):
        """The symbols of a sentence."""
        return words

    def spelling(self, sentences):
        """Nats of the letters of the words that have no symbol."""
        rare = [word for words in sentences for word in words if word not in self.vocab]
        return -sum(models.of_sentence(self.speller, self.letters.encode(word), self.letters).sum()
                    .item() for word in rare)


class ByPiece:
    """Pieces by byte pair encoding after so many merges; a letter never seen is <unk>."""

    def __init__(self, sentences, merges):
        self.bpe = BPE.of([word for words in sentences for word in words], merges)
        self.vocab, self.kept = Vocab([PAD, UNK, BOS, EOS, *self.bpe.symbols]), {}

    def cut(self, words):
        """The pieces of a sentence; every word is cut once."""
        for word in set(words) - self.kept.keys():
            self.kept[word] = self.bpe.encode([word])
        return [piece for word in words for piece in self.kept[word]]

    def spelling(self, sentences):
        """Pieces spell every word: nothing is added."""
        return 0.0


def characters(sentences):
    """Characters of sentences, a space before each word and one for the end of each sentence."""
    return sum(len(word) + 1 for words in sentences for word in words) + len(sentences)


def lengths(cutter, sentences):
    """Symbols for each word, and the percentage of symbols and of words that are unknown."""
    cuts = [[cutter.cut([word]) for word in words] for words in sentences]
    flat = [[piece in cutter.vocab for piece in cut] for words in cuts for cut in words]
    symbols = sum(map(len, flat))
    return {"symbols_per_word": symbols / len(flat),
            "unknown_symbols": 100 * sum(not ok for cut in flat for ok in cut) / symbols,
            "unknown_words": 100 * sum(not all(cut) for cut in flat) / len(flat)}


def learn(recipe, cutter, text):
    """The trained language model of a run, and its updates."""
    ids = [cutter.vocab.encode(cutter.cut(words)) for words in text.train]
    share = sum(map(len, ids)) / characters(text.train)
    batches = Sentences(ids, cutter.vocab, max(8, int(recipe.characters * share)), recipe.seed)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        cell = cells.LSTMCell(recipe.D, recipe.H)
        model = models.LanguageModel(len(cutter.vocab), recipe.D, cell, True, recipe.dropout)
    steps = recipe.passes * batches.per_pass
    settings = train.Settings(steps, recipe.lr, warmup=min(20, steps), decay=train.cosine,
                              every=batches.per_pass, seed=recipe.seed)
    return model, list(train.fit(model, batches, models.next_word, settings))[-1].step


def cutter_of(recipe, text):
    """How a run cuts words into symbols."""
    return ByWord(text.train) if recipe.merges is None else ByPiece(text.train, recipe.merges)


def run(recipe, text, cutter):
    """Train and measure: the records."""
    began = time.process_time()
    model, updates = learn(recipe, cutter, text)
    seconds = time.process_time() - began
    held = [cutter.vocab.encode(cutter.cut(words)) for words in text.test]
    nats, count = models.total(model, Sentences(held, cutter.vocab, 8000))
    spelled, n = cutter.spelling(text.test), characters(text.test)
    found = lengths(cutter, text.test) | {
        "bits": metrics.bits(nats + spelled, n), "bits_spelling": spelled / n / math.log(2),
        "bits_for_each_symbol": metrics.bits(nats, count), "vocabulary": len(cutter.vocab),
        "parameters": sum(p.numel() for p in model.parameters()), "updates": updates}
    return measured(CLAIM, recipe.setting(), recipe.seed, found, seconds, text.data)


def main(seeds=SEEDS):
    """Every run that is not recorded yet, appended as it comes."""
    torch.set_num_threads(1)
    text, there = Text.of(load("ewt")), recorded(CLAIM)
    cutters = {merges: cutter_of(Recipe(merges), text) for merges in (*MERGES, None)}
    for seed in seeds:
        for merges, cutter in cutters.items():
            recipe = Recipe(merges, seed=seed)
            if run_key(recipe.setting(), seed, text.data) not in there:
                found = run(recipe, text, cutter)
                append(found)
                said = " ".join(f"{r.metric} {r.value:.3f}" for r in found)
                print(f"{recipe.setting()['symbols']} {seed}: {said} "
                      f"in {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(list(map(int, sys.argv[1:])) or SEEDS)
