"""What the end of a word says about its tag: the guess about unknown words of TnT (Brants 2000)."""

from collections import Counter, defaultdict

import torch
from torch import Tensor

LONGEST, RARE = 10, 10
"""The longest suffix counted, in characters; a word counts when it is at most this frequent."""


class Suffixes:
    """p(label | suffix), from the rare words of the training text, capitalised words apart.

    Each suffix leans on the one that is a character shorter, with weight theta, the standard
    deviation of the labels' shares (Brants 2000, section 2.3):

        p(label | ...tion) = (share among ...tion + theta p(label | ...ion)) / (1 + theta)

    Args:
        counts: for each word a Counter from the label's number to how often the word has it.
        totals: (K,) how often each label occurs in the whole text.
    """

    def __init__(self, counts, totals: Tensor):
        tables = defaultdict(Counter)
        for word, found in counts.items():
            if found.total() <= RARE:
                for suffix in _suffixes(word):
                    tables[suffix].update(found)
        self.share = totals / totals.sum()
        self.theta = self.share.std().item() if len(totals) > 1 else 1.0
        self.tables = {suffix: _shares(found, len(totals)) for suffix, found in tables.items()}

    def of(self, word: str) -> Tensor:
        """p(label | word) (K,), from its suffixes: the shortest first, as long as one is known."""
        p = self.share
        for suffix in _suffixes(word):
            if suffix not in self.tables:
                break
            p = (self.tables[suffix] + self.theta * p) / (1 + self.theta)
        return p


def _suffixes(word):
    """The endings of a word, shortest first, after a mark for its case: a, as, ass of "ss"."""
    mark = "A" if word[:1].isupper() else "a"
    return [mark + word[len(word) - n :] for n in range(min(len(word), LONGEST) + 1)]


def _shares(found, K):
    counts = torch.zeros(K, dtype=torch.float64)
    for label, n in found.items():
        counts[label] = n
    return counts / counts.sum()
