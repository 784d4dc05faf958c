"""Attention: a soft choice among the states of the source, made anew for each word of the target.

    a_j = softmax over j of score(s, h_j)          how much the decoder looks at source word j
    c   = sum over j of a_j h_j                    what it sees there: the context (notes)

s is the decoder's state before the new word, h_j the encoder's states.  The ways of comparing the
two differ in `score` only: `DotProduct` and `Bilinear` are those of the notes.
Sizes: B batch, T target, S source, Q numbers in s, H in h.  Taught in notebooks/13_attention.ipynb.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Memory(NamedTuple):
    """What a decoder may look at: a tensor for the scores, the states, which of them are real.

    Args:
        keys: (B, S, ...), made once for each source by the attention that reads them.
        values: (B, S, H), the encoder's states.
        real: (B, S) bool, False in padding and where a word of the source is covered.
    """

    keys: Tensor
    values: Tensor
    real: Tensor


class Attention(nn.Module):
    """The softmax and the weighted sum, for every way of scoring.

    A subclass says what is computed once of the encoder's states, `keys(h)`, and the rest,
    `scores(s, keys)`.

    Args:
        Q: numbers in a decoder state.
        H: numbers in an encoder state.
    """

    def __init__(self, Q, H):
        super().__init__()
        self.Q, self.H = Q, H

    def keys(self, h: Tensor) -> Tensor:
        """What the scores need of the encoder's states (B, S, H)."""
        return h

    def scores(self, s: Tensor, keys: Tensor) -> Tensor:
        """score(s_t, h_j) for all pairs: (B, T, S) from s (B, T, Q)."""
        raise NotImplementedError("an attention compares s and h in scores(s, keys)")

    def remember(self, h: Tensor, real: Tensor | None = None) -> Memory:
        """The memory made of the encoder's states h (B, S, H); real (B, S) marks real words.

        Raises:
            ValueError: states of another size, a source without any real word.
        """
        if h.dim() != 3 or h.shape[2] != self.H or not h.shape[1]:
            raise ValueError(
                f"expected encoder states (B, S, H={self.H}) with at least one word, got "
                f"{tuple(h.shape)}: an attention is made for one encoder"
            )
        real = torch.ones_like(h[..., 0], dtype=torch.bool) if real is None else real
        if real.shape != h.shape[:2] or real.dtype != torch.bool or not real.any(1).all():
            raise ValueError(
                f"expected a bool mask {tuple(h.shape[:2])} with a real word in each row, got "
                f"{real.dtype} {tuple(real.shape)}: there must be something to look at"
            )
        return Memory(self.keys(h), h, real)

    def forward(self, s: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """The contexts (B, T, H) and the weights (B, T, S) for decoder states s (B, T, Q)."""
        if s.dim() != 3 or s.shape[2] != self.Q or len(s) != len(memory.real):
            raise ValueError(
                f"expected decoder states (B={len(memory.real)}, T, Q={self.Q}), got "
                f"{tuple(s.shape)}: one state for each word of the target"
            )
        scores = self.scores(s, memory.keys).masked_fill(~memory.real[:, None], -torch.inf)
        a = torch.softmax(scores, 2)
        return a @ memory.values, a

    def extra_repr(self):
        return f"Q={self.Q}, H={self.H}"


class DotProduct(Attention):
    """score(s, h) = s . h: both of one size, nothing to learn (notes)."""

    def __init__(self, Q, H):
        super().__init__(Q, H)
        if Q != H:
            raise ValueError(
                f"a dot product needs states of one size, got Q={Q} and H={H}: "
                "use Bilinear, whose matrix lies between the two"
            )

    def scores(self, s, keys):
        return s @ keys.mT


class ScaledDotProduct(DotProduct):
    """score(s, h) = s . h / sqrt(H): the variance of a score does not grow with the size.

    Source: Vaswani et al., Attention is all you need (2017).
    """

    def scores(self, s, keys):
        return super().scores(s, keys) / self.H**0.5


class Bilinear(Attention):
    """score(s, h) = s W h: what is compared is learned, and the sizes may differ (notes)."""

    def __init__(self, Q, H):
        super().__init__(Q, H)
        self.W = nn.Parameter(torch.empty(Q, H).uniform_(-(H**-0.5), H**-0.5))

    def keys(self, h):
        return h @ self.W.T

    def scores(self, s, keys):
        return s @ keys.mT


class Additive(Attention):
    """score(s, h) = v . tanh(W s + U h): a feed-forward net with a hidden layer of size A.

    Source: Bahdanau, Cho and Bengio, Neural machine translation by jointly learning to align and
    translate (2015).
    """

    def __init__(self, Q, H, A):
        super().__init__(Q, H)
        self.W, self.U = nn.Linear(Q, A, bias=False), nn.Linear(H, A)
        self.v = nn.Parameter(torch.empty(A).uniform_(-(A**-0.5), A**-0.5))

    def keys(self, h):
        return self.U(h)

    def scores(self, s, keys):
        return torch.tanh(self.W(s)[:, :, None] + keys[:, None]) @ self.v  # (B, T, S, A) before v


def covered(memory: Memory, places: Tensor) -> Memory:
    """A memory in which the words at `places` (B, S) bool cannot be looked at.

    Raises:
        ValueError: a source of which nothing is left.
    """
    real = memory.real & ~places
    if not real.any(1).all():
        raise ValueError("expected at least one word left to look at, got a source with all "
                         "words covered: leave one open")
    return memory._replace(real=real)
