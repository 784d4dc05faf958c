"""Decoders with attention: what they see of the source is new at every step.

The context has to enter the computation of the new state (notes).  `AttentionDecoder` is that
equation, word by word.  `DeepAttentionDecoder` lets a lower layer ask and an upper layer read the
answer: no step waits for an answer to an earlier question, so in training a whole target is one
pass through time for each layer, and all questions are answered by one product.
Taught in notebooks/13_attention.ipynb.
"""

import torch
from torch import Tensor, nn

from ..attention import covered
from .decoders import Bridge, Decoder
from .state_parts import check_reads, cut, shown


class AttentionDecoder(Decoder):
    """h_t = g(y_(t-1), h_(t-1), c_t), where c_t is what h_(t-1) looked for (notes).

        scores_t = V [h_t; c_t] + b

    Args:
        size: number of target symbols, `len(vocab)`.
        D: size of the target embedding.
        layer: any layer of `rnnlib.layers` in one direction, that reads D + H numbers, H those of
            an encoder state.
        encoder: the encoder whose states it will look at; only its sizes are used.
        attention: an attention of `rnnlib.attention` with Q = layer.size.
        dropout: share of the embeddings and of the states set to zero in training.
    """

    what = "embedding and context"

    def __init__(self, size, D, layer, encoder, attention, dropout=0.0):
        super().__init__(size, D, layer, encoder, dropout)
        check_attention(attention, layer.size, encoder.size)
        self.attention = attention

    def read_besides(self, encoder):
        return encoder.size

    def seen_besides(self, D, encoder):
        return encoder.size

    def start(self, encoded):
        return self.first(encoded), self.attention.remember(encoded.h, encoded.real)

    def watch(self, y, state):
        inner, memory = state
        seen, weights = [], []
        for e in self.embed(y).split(1, 1):  # (B, 1, D)
            c, a = self.attention(shown(self.layer, inner)[:, None], memory)
            h, inner = self.layer(torch.cat([e, c], 2), inner)
            seen.append(torch.cat([h, c], 2))
            weights.append(a)
        return self.dropout(torch.cat(seen, 1)), (inner, memory), torch.cat(weights, 1)

    def read(self, y, state):
        s, state, _ = self.watch(y, state)
        return s, state


class DeepAttentionDecoder(Decoder):
    """A lower layer reads the target and asks, an upper layer reads what it asked and the answer.

        s_t = g(y_(t-1), s_(t-1))     c_t = what s_t looks for     h_t = g'([s_t; c_t], h_(t-1))
        scores_t = V [h_t; c_t] + b

    The context enters the new state h_t, as in the notes; the question comes from the layer below,
    which has read y_(t-1) already.  Both layers start from the encoder's last state.

    Args:
        size: number of target symbols, `len(vocab)`.
        D: size of the target embedding.
        layers: (lower, upper); the lower one reads D numbers, the upper one lower.size + H.
        encoder: the encoder whose states it will look at; only its sizes are used.
        attention: an attention of `rnnlib.attention` with Q = lower.size.
        dropout: share of the embeddings and of the states set to zero in training.
    """

    def __init__(self, size, D, layers, encoder, attention, dropout=0.0):
        lower, upper = layers
        super().__init__(size, D, lower, encoder, dropout)
        check_reads(upper, lower.size + encoder.size, "the lower state and the context")
        check_attention(attention, lower.size, encoder.size)
        self.upper, self.attention = upper, attention
        self.begin_upper = Bridge(encoder, upper)
        self.F = upper.size + encoder.size
        self.V = nn.Linear(self.F, size)

    def start(self, encoded):
        upper = cut(self.begin_upper(encoded), self.upper.start(1))
        memory = self.attention.remember(encoded.h, encoded.real)
        return self.first(encoded), upper, memory

    def watch(self, y, state):
        lower, upper, memory = state
        s, lower = self.layer(self.embed(y), lower)
        s = self.dropout(s)
        c, a = self.attention(s, memory)
        h, upper = self.upper(torch.cat([s, c], 2), upper)
        return self.dropout(torch.cat([h, c], 2)), (lower, upper, memory), a

    def read(self, y, state):
        s, state, _ = self.watch(y, state)
        return s, state


def check_attention(attention, Q: int, H: int) -> None:
    """Raise ValueError unless the attention compares states of these sizes."""
    if (attention.Q, attention.H) != (Q, H):
        raise ValueError(
            f"expected an attention with Q={Q} (decoder) and H={H} (encoder), got "
            f"Q={attention.Q} and H={attention.H}: the decoder's size comes first"
        )


def cover(state, places: Tensor):
    """A state of a decoder with attention that no longer sees the source words at `places`.

    places (B, S) is bool.  What the encoder's other states know of these words is still there.
    """
    return (*state[:-1], covered(state[-1], places))


def weights_of(model, source: tuple, y: Tensor) -> Tensor | None:
    """Where a model with attention looks while it reads the target y (B, T): (B, T, S).

    Row t belongs to the word guessed after y_t.  None for a model without attention.
    """
    with torch.no_grad():
        return model.watch(y, model.start(*source))[2]
