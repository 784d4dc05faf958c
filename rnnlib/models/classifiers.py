"""Networks that give a whole text one label: what is kept of the states, then a feed-forward net.

A way of keeping is a function of the states h (B, T, H) and the mask of the real words (B, T) to
one vector (B, H).  Taught in notebooks/07_sequence_classification.ipynb.
"""

import torch
from torch import Tensor, nn

from ..crf import check_labels
from ..metrics import cross_entropy
from ..shapes import at_end
from .taggers import real_words


def last_state(h: Tensor, real: Tensor) -> Tensor:
    """The state at the last word of each text: everything was read (cs421, cs447, bristol)."""
    return at_end(h, real.sum(1))


def both_ends(h: Tensor, real: Tensor) -> Tensor:
    """Of two directions side by side, the forward half at the last word, the backward at the first.

    Each direction has then read the whole text (cs421, cs447, bristol).  The halves are of equal
    size, as `both_ways` and `Bidirectional` with `concatenate` make them.
    """
    if h.shape[2] % 2:
        raise ValueError(
            f"both_ends needs two directions of one size side by side, got H={h.shape[2]}, which "
            "is odd: use a Bidirectional layer with concatenate"
        )
    half = h.shape[2] // 2
    return torch.cat([at_end(h[..., :half], real.sum(1)), h[:, 0, half:]], 1)


def mean_state(h: Tensor, real: Tensor) -> Tensor:
    """The mean over the words of each text (notes)."""
    return h.masked_fill(~real[..., None], 0.0).sum(1) / real.sum(1, keepdim=True)


def max_state(h: Tensor, real: Tensor) -> Tensor:
    """The largest value of each unit over the words of each text (notes)."""
    return h.masked_fill(~real[..., None], -torch.inf).amax(1)


class Classifier(nn.Module):
    """Scores of K labels for a whole text: V tanh(W s + b) + b, s what was kept of the states.

    Args:
        embed: what is read of each word, a module of `models.inputs`.
        layer: any layer of `rnnlib.layers` that reads `embed.size` numbers.
        keep: last_state, both_ends, mean_state or max_state.
        K: number of labels.
        H: size of the hidden layer of the feed-forward net at the end.
        dropout: share of the inputs and of what was kept set to zero in training.
    """

    def __init__(self, embed, layer, keep, K, H, dropout=0.0):
        super().__init__()
        self.embed, self.layer, self.keep = embed, layer, keep
        self.W, self.V = nn.Linear(layer.size, H), nn.Linear(H, K)
        self.dropout = nn.Dropout(dropout)

    def summary(self, e: Tensor, lengths=None) -> Tensor:
        """What is kept of the states (B, H), from the vectors of the words (B, T, D)."""
        h, _ = self.layer(self.dropout(e), None, lengths)
        return self.keep(h, real_words(lengths, h))

    def scores(self, e: Tensor, lengths=None) -> Tensor:
        """Scores before the softmax (B, K), from the vectors of the words (B, T, D)."""
        return self.V(torch.tanh(self.W(self.dropout(self.summary(e, lengths)))))

    def kept(self, x, lengths=None) -> Tensor:
        """What was kept of the states (B, H); x is what `embed` reads."""
        return self.summary(self.embed(x), lengths)

    def forward(self, x, lengths=None) -> Tensor:
        """Scores before the softmax (B, K)."""
        return self.scores(self.embed(x), lengths)

    def loss(self, x, labels: Tensor, lengths=None) -> tuple[Tensor, int]:
        """Total nats of the labels (B,), and the number of texts."""
        scores = self(x, lengths)
        everything = torch.ones_like(scores[:, 0], dtype=torch.bool)
        return cross_entropy(scores, check_labels(labels, scores.shape[1], everything))

    @torch.no_grad()
    def best(self, x, lengths=None) -> Tensor:
        """The most probable label of each text (B,)."""
        return self(x, lengths).argmax(1)
