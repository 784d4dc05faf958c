"""Decoders without attention: three ways in which one vector can start a text.

Every decoder is used the same way, so that they compare:

    decoder.start(encoded)            the state before the first word, from what an encoder made
    decoder.read(y (B, T), state)     (what the output layer reads (B, T, F), new state)
    decoder.output(s)                 scores before the softmax (..., size)
    decoder.step(token (B,), state)   (log-probabilities of the next word (B, size), new state)

`read` goes over a whole target at once, as teacher forcing allows; `step` is what rnnlib.decode
wants.  Taught in notebooks/12_encoder_decoder.ipynb and notebooks/15_images_to_words.ipynb.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .encoders import symbols
from .outputs import embedding
from .state_parts import check_reads, cut, leaves


class Bridge(nn.Module):
    """The first state of a decoder (B, N) from the context of an encoder: tanh(W c + b).

    Where the states of both are built alike nothing is in between: the decoder starts with the
    encoder's last state itself (cs447).
    """

    def __init__(self, encoder, layer):
        super().__init__()
        parts = [part.shape[1] for part in leaves(layer.start(1))]
        self.same = parts == encoder.parts
        self.W = nn.Identity() if self.same else nn.Linear(encoder.C, sum(parts))

    def forward(self, encoded) -> Tensor:
        return encoded.last if self.same else torch.tanh(self.W(encoded.c))


class Decoder(nn.Module):
    """The context is the first state and nothing else (cs447, cs505).

    Args:
        size: number of target symbols, `len(vocab)`.
        D: size of the target embedding.
        layer: any layer of `rnnlib.layers` in one direction, that reads D numbers.
        encoder: the encoder whose states it will start from; only its sizes are used.
        dropout: share of the embeddings and of the states set to zero in training.
    """

    what = "the embedding"  # what the layer reads, for messages

    def __init__(self, size, D, layer, encoder, dropout=0.0):
        super().__init__()
        check_reads(layer, D + self.read_besides(encoder), self.what)
        self.E, self.layer, self.dropout = embedding(size, D), layer, nn.Dropout(dropout)
        self.size, self.begin = size, Bridge(encoder, layer)
        self.F = layer.size + self.seen_besides(D, encoder)
        self.V = nn.Linear(self.F, size)

    def read_besides(self, encoder) -> int:
        """How many numbers the layer reads besides the embedding."""
        return 0

    def seen_besides(self, D: int, encoder) -> int:
        """How many numbers the output layer reads besides the state."""
        return 0

    def first(self, encoded):
        """The state of the layer before the first word."""
        return cut(self.begin(encoded), self.layer.start(1))

    def start(self, encoded):
        """The state before the first word was read, for B sources."""
        return self.first(encoded)

    def embed(self, y: Tensor) -> Tensor:
        """The vectors (B, T, D) of target ids y (B, T)."""
        if y.dim() != 2:
            raise ValueError(
                f"expected target ids (B, T), got {tuple(y.shape)}: add a batch axis, y[None]"
            )
        return self.dropout(symbols(self.E, y))

    def read(self, y: Tensor, state) -> tuple:
        """What the output layer reads after each word of y (B, T): (B, T, F), and the new state."""
        h, state = self.layer(self.embed(y), state)
        return self.dropout(h), state

    def output(self, s: Tensor) -> Tensor:
        """Scores before the softmax (..., size)."""
        return self.V(s)

    def watch(self, y: Tensor, state) -> tuple:
        """As `read`, with a third: the attention weights (B, T, S), None for lack of attention."""
        return *self.read(y, state), None

    def step(self, token: Tensor, state) -> tuple:
        """Read one word (B,): log-probabilities of the next one (B, size), and the new state."""
        s, state = self.read(token[:, None], state)
        return F.log_softmax(self.output(s[:, 0]), -1), state


class ContextDecoder(Decoder):
    """The context at every step: in the update of the state and in the output (notes, cs505).

        h_t = g(y_(t-1), h_(t-1), c)        scores_t = V [h_t; y_(t-1); c] + b

    The layer reads D + C numbers.
    """

    what = "embedding and context"

    def read_besides(self, encoder):
        return encoder.C

    def seen_besides(self, D, encoder):
        return D + encoder.C

    def start(self, encoded):
        return self.first(encoded), encoded.c

    def read(self, y, state):
        inner, c = state
        e = self.embed(y)
        always = c[:, None].expand(-1, y.shape[1], -1)
        h, inner = self.layer(torch.cat([e, always], 2), inner)
        return torch.cat([self.dropout(h), e, always], 2), (inner, c)


class InputDecoder(Decoder):
    """The context as the first input, before the begin marker: P c is read like a word (cs505).

    Source: Vinyals et al., Show and tell (2015).
    """

    def __init__(self, size, D, layer, encoder, dropout=0.0):
        super().__init__(size, D, layer, encoder, dropout)
        self.begin = nn.Linear(encoder.C, D)

    def first(self, encoded):
        _, state = self.layer(self.begin(encoded.c)[:, None])
        return state
