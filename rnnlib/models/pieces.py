"""A bag of pieces: words, pairs of neighbours and letters in a row, each with a weight for each
label.  Order counts inside a piece only.  Taught in notebooks/07_sequence_classification.ipynb."""

import math
from collections import Counter

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..text import Vocab


def pieces_of(words, letters=(3, 4, 5)):
    """The pieces of a text, a list of words: words, pairs, and n letters of a word, ^ and $ around.

    >>> pieces_of(["Ask", "me"], letters=(4,))
    ['ask', 'me', 'ask me', '^ask', 'ask$', '^me$']
    """
    small = [word.lower() for word in words]
    pairs = [f"{a} {b}" for a, b in zip(small, small[1:], strict=False)]
    framed = [f"^{word}$" for word in small]
    inside = [word[i : i + n] for n in letters for word in framed for i in range(len(word) - n + 1)]
    return [*small, *pairs, *inside]


class Pieces:
    """Numbers and weights for the pieces of texts; those rarer than `least` are left out.

    A piece that n of N texts have weighs log(N / n), and the weights of a text have length 1, so
    that rare pieces and short texts count (tf-idf, without the tf).

    Args:
        texts: lists of words.
        least: in how many texts a piece must occur.
    """

    def __init__(self, texts, least=2):
        counts = Counter(piece for text in texts for piece in set(pieces_of(text)))
        self.vocab = Vocab(sorted(piece for piece, n in counts.items() if n >= least))
        often = torch.tensor([counts[piece] for piece in self.vocab.symbols])
        self.weight = math.log(len(texts) + 1) - often.float().log()

    def __call__(self, text):
        """(ids (n,), weights (n,)) of the different pieces of one text; both may be empty."""
        known = sorted({self.vocab[piece] for piece in pieces_of(text) if piece in self.vocab})
        ids = torch.tensor(known, dtype=torch.long)
        return ids, F.normalize(self.weight[ids], dim=0)


class PieceBatches:
    """Labelled texts in random order: `batches[step]` is ((ids, weights, starts), labels (B,)).

    Args:
        rows: what Pieces gives for each text.
        labels: (N,) numbers.
        B: texts in a batch.
        seed: of the order; a batch depends on the seed and the step alone.
    """

    def __init__(self, rows, labels, B, seed=0):
        self.rows, self.labels, self.B, self.seed = rows, labels, B, seed
        self.per_pass = math.ceil(len(rows) / B)

    def __getitem__(self, step):
        number, k = divmod(step, self.per_pass)
        draw = torch.Generator().manual_seed(1_000_003 * self.seed + number)
        chosen = torch.randperm(len(self.rows), generator=draw)[k * self.B : (k + 1) * self.B]
        return joined([self.rows[i] for i in chosen.tolist()]), self.labels[chosen]


def joined(rows):
    """The pieces of several texts one after the other: (ids, weights, where each text starts)."""
    sizes = torch.tensor([0] + [len(ids) for ids, _ in rows[:-1]])
    return (torch.cat([ids for ids, _ in rows]), torch.cat([weights for _, weights in rows]),
            sizes.cumsum(0))


class BagOfPieces(nn.Module):
    """Scores of K labels: b + the sum over the pieces of a text, weight * a row of E (size, K).

    Args:
        size: number of pieces.
        K: number of labels.
        dropout: share of the pieces of a text that are not read in training.
    """

    def __init__(self, size, K, dropout=0.0):
        super().__init__()
        self.E, self.b = nn.EmbeddingBag(size, K, mode="sum"), nn.Parameter(torch.zeros(K))
        nn.init.zeros_(self.E.weight)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x) -> Tensor:
        """Scores (B, K) of a batch (ids, weights, starts)."""
        ids, weights, starts = x
        return self.E(ids, starts, self.dropout(weights)) + self.b
