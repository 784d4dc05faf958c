"""A hidden Markov model that tags words: a baseline made of counts (cs421, bristol)."""

from collections import Counter, defaultdict

import torch
from torch import Tensor

from ..batches import mask, pad
from ..crf import add_up, messages, viterbi
from .suffixes import Suffixes

TOGETHER = 64
"""Sentences that are tagged in one batch, of about equal length."""


class HMM:
    """Labels follow one another, and each brings forth a word.

        p(words, labels) = prod over t of p(label t | label t-1) p(word t | label t)

    Everything is counted: which label follows which, smoothed by deleted interpolation; which word
    a label stands for; and for unknown words what their suffixes say (TnT, Brants 2000, with pairs
    of labels where TnT has triples).  Decoded by the Viterbi algorithm of `crf`: with `chain` and
    `emissions`, all in nats and float64, every function there answers about this model, too.

    Args:
        sentences: pairs (words, labels), two lists of strings of one length, none empty.

    Taught in notebooks/06_sequence_labeling.ipynb.
    """

    def __init__(self, sentences):
        _check(sentences)
        frequent = Counter(label for _, labels in sentences for label in labels).most_common()
        self.labels = [label for label, _ in frequent]
        self.totals = torch.tensor([n for _, n in frequent], dtype=torch.float64)
        number = {label: i for i, label in enumerate(self.labels)}
        self.chain = transitions([[number[label] for label in y] for _, y in sentences])
        self.counts = defaultdict(Counter)
        for words, labels in sentences:
            for word, label in zip(words, labels, strict=True):
                self.counts[word][number[label]] += 1
        self.suffixes = Suffixes(self.counts, self.totals)

    def __contains__(self, word):
        return word in self.counts

    def __repr__(self):
        return f"HMM({len(self.labels)} labels, {len(self.counts)} known words)"

    def word(self, word: str) -> Tensor:
        """log p(word | label) (K,): a known word by its counts, an unknown one by its suffixes.

        For an unknown word it is log p(label | suffix) / p(label): by Bayes, up to a number that
        is the same for all labels.
        """
        if word not in self:
            return (self.suffixes.of(word) / self.suffixes.share).log()
        seen = torch.zeros_like(self.totals)
        for label, n in self.counts[word].items():
            seen[label] = n
        return (seen / self.totals).log()

    def emissions(self, words) -> Tensor:
        """log p(word | label) (T, K) of a sentence, a list of T words."""
        if not len(words) or isinstance(words, str):
            raise ValueError(
                f"expected a sentence as a list of at least one word, got {words!r}: "
                "split the text, and leave empty sentences out"
            )
        return torch.stack([self.word(word) for word in words])

    def messages(self, words, gather=add_up) -> Tensor:
        """The messages (T, K) of a sentence, forward: the numbers of a trellis.

        Added up (crf.add_up), or the best alone (crf.take_best).
        """
        return messages(self.emissions(words)[None], self.chain, None, gather)[0]

    def tag(self, words) -> list[str]:
        """The most probable labels of one sentence, a list of words."""
        return self.tag_all([words])[0]

    def tag_all(self, sentences) -> list[list[str]]:
        """The most probable labels of many sentences, in their order."""
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        found = [[] for _ in sentences]
        for first in range(0, len(order), TOGETHER):
            batch = order[first : first + TOGETHER]
            x, lengths = pad([self.emissions(sentences[i]) for i in batch], 0.0)
            best, _ = viterbi(x, self.chain, mask(lengths, x.shape[1]))
            for i, row, n in zip(batch, best.tolist(), lengths.tolist(), strict=True):
                found[i] = [self.labels[label] for label in row[:n]]
        return found


def transitions(sequences) -> tuple[Tensor, Tensor, Tensor]:
    """The chain of log-probabilities p(j | i) (K, K), p(j | begin) (K,), p(end | i) (K,).

    From sequences of numbers 0 to K - 1; begin and end are counted as two more labels.
    """
    K = 1 + max(map(max, sequences))
    counts = torch.zeros(K + 1, K + 1, dtype=torch.float64)
    pairs = Counter(pair for y in sequences for pair in zip([K, *y], [*y, K], strict=True))
    for (i, j), n in pairs.items():
        counts[i, j] = n
    table = smoothed(counts).log()
    return table[:K, :K], table[K, :K], table[:K, K]


def smoothed(counts: Tensor) -> Tensor:
    """p(j | i) = a share(j after i) + (1 - a) share(j), from the counts of pairs (I, J).

    Deleted interpolation (Brants 2000, section 2.2): each pair is taken out of the counts once and
    votes for the share that then foretells it better; a is the part of the votes for the pair.
    One vote more goes against it, so that nothing has probability 0.
    """
    before, after, total = counts.sum(1, keepdim=True), counts.sum(0), counts.sum()
    by_pair = ((counts - 1) / (before - 1)).nan_to_num(0.0, posinf=0.0, neginf=0.0)
    votes = counts[by_pair > (after - 1) / (total - 1)].sum()
    a = votes / (total + 1)
    return a * counts / before + (1 - a) * after / total


def _check(sentences):
    if not len(sentences):
        raise ValueError("an HMM counts sentences, got none: is the split empty?")
    for i, (words, labels) in enumerate(sentences):
        if not len(words) or len(words) != len(labels):
            raise ValueError(
                f"expected as many labels as words and at least one, got {len(words)} words and "
                f"{len(labels)} labels in sentence {i}: are the columns of the file mixed up?"
            )
