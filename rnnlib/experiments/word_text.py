"""Words for the language models of notebook 04: sentences of a data set as ids, one vocabulary.

Real data is UD English EWT, sentence by sentence; without it the docstrings of the standard library
stand in.  Everything is in lower case; what is not among the most frequent words is <unk>.
"""

import re
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..datasets import load
from ..datasets.locating import find
from ..datasets.registry import real
from ..text import Vocab, words

SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n\s*\n")
LONGEST = 60
"""Sentences are cut after so many words."""


@dataclass(frozen=True)
class WordText:
    """Sentences as ids (n,) each, without markers; `name` and `sha256` are those of the data."""

    name: str
    sha256: str
    vocab: Vocab
    train: list[Tensor]
    valid: list[Tensor]
    test: list[Tensor]

    def part(self, share: float) -> "WordText":
        """The same with the first share of the training sentences, the vocabulary kept."""
        return replace(self, train=self.train[: max(1, round(share * len(self.train)))])

    def marked(self) -> list[Tensor]:
        """The training sentences between their markers, for counting."""
        ends = torch.tensor([self.vocab.bos]), torch.tensor([self.vocab.eos])
        return [torch.cat([ends[0], sentence, ends[1]]) for sentence in self.train]

    def cut(self, most: int) -> "WordText":
        """The same with the `most` most frequent symbols only; all others are <unk>."""
        vocab = Vocab(self.vocab.symbols[:most])

        def rare(split):
            return [torch.where(ids < most, ids, vocab.unk) for ids in split]

        splits = {name: rare(getattr(self, name)) for name in ("train", "valid", "test")}
        return replace(self, vocab=vocab, **splits)

    def unknown(self) -> float:
        """The share of <unk> among the words of the test sentences."""
        return (torch.cat(self.test) == self.vocab.unk).double().mean().item()


def sentences(split) -> list[list[str]]:
    """The sentences of a split in lower-case words: of tagged sentences, or of running text."""
    if isinstance(split, str):
        found = [words(part.lower()) for part in SENTENCE.split(split)]
    else:
        found = [[word.lower() for word in row[0]] for row in split]
    return [sentence[:LONGEST] for sentence in found if sentence]


def word_text(name: str = "ewt", most: int = 5000, vocab: Vocab | None = None) -> WordText:
    """Load a data set as sentences of ids over its `most` frequent words (or a given vocabulary).

    A treebank that is not on the machine is replaced by "docstrings".
    """
    if name == "ewt" and find(real(name)) is None:
        print("ewt is not on this machine: python3 course.py data fetch ewt brings it")
        name = "docstrings"
    data = load(name)
    splits = [sentences(split) for split in (data.train, data.valid, data.test)]
    vocab = vocab or Vocab.of(splits[0], most=most - 4)
    ids = [[vocab.encode(sentence) for sentence in split] for split in splits]
    return WordText(data.name, data.sha256, vocab, *ids)
