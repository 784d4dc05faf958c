"""Networks that give every word a label: a softmax at each word, a CRF on top, the label before.

All are used alike, so that they compare: `loss(x, labels, lengths)` is (total nats, words), with
labels (B, T) as numbers, `best(x, lengths)` the labels (B, T), crf.NONE in padding.
Taught in notebooks/06_sequence_labeling.ipynb.
"""

import torch
from torch import Tensor, nn

from ..batches import mask
from ..crf import CRF, NONE, check_labels, marginals
from ..layers import Bidirectional, OverTime
from ..metrics import cross_entropy


def both_ways(cell, D: int, H: int) -> Bidirectional:
    """Two layers of a class of cells, from the left and from the right, side by side (2H)."""
    return Bidirectional(OverTime(cell(D, H)), OverTime(cell(D, H)))


def real_words(lengths, like: Tensor) -> Tensor:
    """The mask (B, T) of the real words of a batch `like` (B, T, ...)."""
    B, T = like.shape[:2]
    lengths = torch.full((B,), T) if lengths is None else lengths
    return mask(lengths, T).to(like.device)


class Tagger(nn.Module):
    """Scores of K labels at each word: V h + b, h from a recurrent layer (cs421, cs447, notes).

    Args:
        embed: what is read of each word, a module of `models.inputs`.
        layer: any layer of `rnnlib.layers` that reads `embed.size` numbers.
        K: number of labels.
        dropout: share of the inputs and of the states set to zero in training.
    """

    def __init__(self, embed, layer, K, dropout=0.0):
        super().__init__()
        self.embed, self.layer, self.V = embed, layer, nn.Linear(layer.size, K)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, lengths=None) -> Tensor:
        """Scores before the softmax (B, T, K); x is what `embed` reads."""
        h, _ = self.layer(self.dropout(self.embed(x)), None, lengths)
        return self.V(self.dropout(h))

    def loss(self, x, labels: Tensor, lengths=None) -> tuple[Tensor, int]:
        """Total nats of the labels (B, T), each word by itself, and the number of words."""
        scores = self(x, lengths)
        real = real_words(lengths, scores)
        return cross_entropy(scores, check_labels(labels, scores.shape[2], real), real)

    @torch.no_grad()
    def best(self, x, lengths=None) -> Tensor:
        """The most probable label of each word (B, T), NONE in padding."""
        scores = self(x, lengths)
        return scores.argmax(2).where(real_words(lengths, scores), NONE)

    @torch.no_grad()
    def probabilities(self, x, lengths=None) -> Tensor:
        """p(label at t) (B, T, K), 0 in padding."""
        scores = self(x, lengths)
        return scores.softmax(2) * real_words(lengths, scores)[..., None]


class CRFTagger(nn.Module):
    """A tagger whose scores are judged as whole sequences by a CRF (cs447; Lample et al. 2016).

    Args:
        tagger: any module with `tagger(x, lengths)` = scores (B, T, K).
        K: number of labels.
        rules: what may follow what, as `crf.bio_rules` makes it, or None.
    """

    def __init__(self, tagger, K, rules=None):
        super().__init__()
        self.tagger, self.crf = tagger, CRF(K, rules)

    def forward(self, x, lengths=None) -> Tensor:
        """The scores of the tagger (B, T, K), the CRF's emissions."""
        return self.tagger(x, lengths)

    def loss(self, x, labels: Tensor, lengths=None) -> tuple[Tensor, int]:
        """Total nats of the label sequences (B, T), and the number of words."""
        scores = self(x, lengths)
        real = real_words(lengths, scores)
        return -self.crf(scores, labels, real).sum(), int(real.sum())

    @torch.no_grad()
    def best(self, x, lengths=None) -> Tensor:
        """The labels (B, T) of the most probable sequences, NONE in padding."""
        scores = self(x, lengths)
        return self.crf.best(scores, real_words(lengths, scores))

    @torch.no_grad()
    def probabilities(self, x, lengths=None) -> Tensor:
        """p(label at t) (B, T, K), summed over all sequences; 0 in padding."""
        scores = self(x, lengths)
        return marginals(scores, self.crf.chain, real_words(lengths, scores))


class HistoryTagger(nn.Module):
    """Reads each word together with the label before it: p(label t | words and labels up to t).

    cs447: "feed in w (and possibly t of the step before) as input".  In training the label before
    is the right one, in tagging its own guess.

    Args:
        embed: what is read of each word, a module of `models.inputs`.
        cell: a cell with D = embed.size + D of the labels.
        K: number of labels.
        dropout: share of the inputs and of the states set to zero in training.
    """

    def __init__(self, embed, cell, K, dropout=0.0):
        super().__init__()
        D = cell.D - embed.size
        if D < 1:
            raise ValueError(
                f"expected a cell that reads more than the {embed.size} numbers of a word, got "
                f"{cell}: the rest is the vector of the label before"
            )
        self.embed, self.layer, self.V = embed, OverTime(cell), nn.Linear(cell.H, K)
        self.L, self.K = nn.Embedding(K + 1, D), K  # number K: there is no label before
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, labels: Tensor, lengths=None) -> Tensor:
        """Scores (B, T, K) of each label after the right labels (B, T) before it."""
        labels = check_labels(labels, self.K, real_words(lengths, labels))
        before = torch.cat([torch.full_like(labels[:, :1], self.K), labels[:, :-1]], 1)
        e = torch.cat([self.embed(x), self.L(before)], 2)
        h, _ = self.layer(self.dropout(e), None, lengths)
        return self.V(self.dropout(h))

    def loss(self, x, labels: Tensor, lengths=None) -> tuple[Tensor, int]:
        """Total nats of the labels (B, T), each after the right ones, and the number of words."""
        scores = self(x, labels, lengths)
        return cross_entropy(scores, labels, real_words(lengths, scores))

    @torch.no_grad()
    def best(self, x, lengths=None) -> Tensor:
        """The most probable label of each word after its own guesses (B, T), NONE in padding."""
        e, cell = self.embed(x), self.layer.cell
        state = cell.start(len(e))
        label, found = torch.full((len(e),), self.K, device=e.device), []
        for t in range(e.shape[1]):
            state = cell(self.dropout(torch.cat([e[:, t], self.L(label)], 1)), state)
            label = self.V(self.dropout(cell.output(state))).argmax(1)
            found.append(label)
        return torch.stack(found, 1).where(real_words(lengths, e), NONE)
