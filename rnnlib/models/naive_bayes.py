"""Naive Bayes over a bag of words: each word counts on its own, wherever it stands (cs421)."""

from collections import Counter

import torch
from torch import Tensor

from ..text import Vocab


class NaiveBayes:
    """log P(label) + the sum of log P(word | label) over the words that were seen in training.

    P(word | label) = (count of the word in the label + smoothing) / (words in the label +
    smoothing * different words in training).  Exact counts, float64.
    Taught in notebooks/01_order_matters.ipynb.

    Args:
        documents: pairs (words, label): a list of strings, and a string.
        smoothing: is added to every count; 1 in the lecture.
    """

    def __init__(self, documents, smoothing: float = 1.0):
        documents = list(documents)
        if not documents:
            raise ValueError("expected at least one document (words, label), got none")
        if not smoothing > 0:
            raise ValueError(
                f"expected a smoothing above 0, got {smoothing}: without it a word that a label "
                "has never seen makes the whole product 0"
            )
        self.vocab = Vocab.of([words for words, _ in documents], specials=())
        self.labels = sorted({label for _, label in documents})
        often = Counter(label for _, label in documents)
        self.counts = self._counted(documents)  # (K, size)
        total = self.counts.sum(1, keepdim=True) + smoothing * len(self.vocab)
        self.log_words = ((self.counts + smoothing) / total).log()
        shares = [often[label] / len(documents) for label in self.labels]
        self.log_prior = torch.tensor(shares, dtype=torch.float64).log()

    def _counted(self, documents) -> Tensor:
        rows = {label: k for k, label in enumerate(self.labels)}
        pairs = [(rows[label], self.vocab[word]) for words, label in documents for word in words]
        places = torch.tensor(pairs).reshape(-1, 2).T
        counts = torch.zeros(len(self.labels), len(self.vocab), dtype=torch.float64)
        one = torch.ones(len(pairs), dtype=torch.float64)
        return counts.index_put((places[0], places[1]), one, accumulate=True)

    def probability(self, word: str, label: str) -> float:
        """P(word | label)."""
        return self.log_words[self.labels.index(label), self.vocab[word]].exp().item()

    def scores(self, words) -> Tensor:
        """For each label log P(label) + the sum over the words: (K,), in the order of `labels`."""
        ids = [self.vocab[word] for word in words if word in self.vocab]
        return self.log_prior + self.log_words[:, ids].sum(1)

    def label(self, words) -> str:
        """The label with the highest score; of equal ones the first in the alphabet."""
        return self.labels[int(self.scores(words).argmax())]

    def right(self, documents) -> float:
        """Share of the documents (words, label) that get their label."""
        return sum(self.label(words) == label for words, label in documents) / len(documents)
