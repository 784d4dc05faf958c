"""What is behind an accuracy: known and unknown words, confusions, and how sure the model was.

Counts first, ratios last, so that batches and seeds add up.
Taught in notebooks/06_sequence_labeling.ipynb.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .metrics_spans import pairs


def right_by_word(words, gold, predicted, known) -> dict[str, tuple[int, int]]:
    """How many labels were right, and how many there were: "all", "known" and "unknown" words.

    Args:
        words, gold, predicted: sequences of the same lengths.
        known: `word in known` says whether the word was in the training text.
    """
    counts = {"known": [0, 0], "unknown": [0, 0]}
    for (true, mine), text in zip(pairs(gold, predicted), words, strict=True):
        for word, a, b in zip(text, true, mine, strict=True):
            place = counts["known" if word in known else "unknown"]
            place[0] += a == b
            place[1] += 1
    everything = tuple(map(sum, zip(*counts.values(), strict=True)))
    return {"all": everything} | {side: tuple(n) for side, n in counts.items()}


def percent_right(tagger, examples) -> dict[str, str]:
    """How many percent of labels a tagger of words gets right, for reading: {"all": "86.9 %", ..}.

    Args:
        tagger: `tag_all(words)` gives its labels, `word in tagger` says whether it knows a word.
        examples: (words, labels) of sentences.
    """
    words, gold = zip(*examples, strict=True)
    found = right_by_word(words, gold, tagger.tag_all(words), tagger)
    return {side: f"{100 * n / max(1, total):.1f} %" for side, (n, total) in found.items()}


def confusion(gold, predicted, labels) -> Tensor:
    """How often label j was predicted where i is right: (K, K), rows gold, columns predicted.

    Args:
        gold, predicted: sequences of labels of the same lengths.
        labels: the K labels, in the order of the rows.

    Raises:
        ValueError: sequences of different lengths, or a label that is not among them.
    """
    number = {label: i for i, label in enumerate(labels)}
    cells = [pair for true, mine in pairs(gold, predicted)
             for pair in zip(true, mine, strict=True)]
    odd = next((label for pair in cells for label in pair if label not in number), None)
    if odd is not None:
        raise ValueError(f"expected labels out of {', '.join(map(str, labels))}, got {odd!r}: "
                         "name every label that gold or predicted sequences have")
    K = len(number)
    flat = torch.tensor([number[a] * K + number[b] for a, b in cells], dtype=torch.long)
    return torch.bincount(flat, minlength=K * K).view(K, K)


@dataclass(frozen=True)
class Calibration:
    """For equal bins of confidence: how many guesses (M,), their summed confidence, how many right.

    Calibrations of several batches may be added.
    """

    count: Tensor
    confidence: Tensor
    right: Tensor

    def __add__(self, other):
        return Calibration(self.count + other.count, self.confidence + other.confidence,
                           self.right + other.right)

    @property
    def accuracy(self) -> Tensor:
        """Share of right guesses by bin (M,), nan where a bin is empty."""
        return self.right / self.count

    @property
    def mean_confidence(self) -> Tensor:
        """Mean confidence by bin (M,), nan where a bin is empty."""
        return self.confidence / self.count

    @property
    def error(self) -> float:
        """The expected calibration error: mean gap of confidence and accuracy over all guesses."""
        return ((self.confidence - self.right).abs().sum() / self.count.sum()).item()


def calibration(confidence: Tensor, right: Tensor, bins: int = 10) -> Calibration:
    """Guesses by how sure they were: bin m holds confidences in ((m - 1) / M, m / M].

    The error of the result is that of Guo and others (2017): 0 when, among guesses made with
    confidence 0.8, 80 % are right.

    Args:
        confidence: (N,) the probability of the label that was guessed.
        right: (N,) bool.
    """
    if confidence.shape != right.shape or confidence.dim() != 1 or right.dtype != torch.bool:
        raise ValueError(
            f"expected confidences (N,) and bools (N,), got {tuple(confidence.shape)} and "
            f"{right.dtype} {tuple(right.shape)}: leave the padding out with confidence[mask]"
        )
    if not len(confidence) or not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError("expected at least one confidence, each from 0 to 1: are they "
                         "logarithms, or scores before the softmax?")
    edges = torch.linspace(0, 1, bins + 1, dtype=torch.float64)[1:-1]
    where = torch.bucketize(confidence.double(), edges)
    columns = torch.ones_like(where), confidence, right
    return Calibration(*(
        torch.zeros(bins, dtype=torch.float64).index_add_(0, where, column.double())
        for column in columns
    ))
