"""Encoders: a source text becomes a state for each word, and one vector for the whole.

Every encoder is called the same way, `encoder(x (B, S), lengths (B,)) -> Encoded`, so that every
decoder goes with every one.  Taught in notebooks/12_encoder_decoder.ipynb.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..shapes import blank, check_lengths, real
from .outputs import embedding
from .state_parts import check_reads, leaves, shown, side_by_side


class Encoded(NamedTuple):
    """What an encoder hands to a decoder, for B sources of up to S words.

    Args:
        h: (B, S, H), a state for each word, zeros in padding.
        real: (B, S) bool, where there is a word.
        c: (B, C), the context vector: the outputs that belong to the last state.
        last: (B, N), all that the last state holds, of an LSTM the cell's content too.
    """

    h: Tensor
    real: Tensor
    c: Tensor
    last: Tensor


class RecurrentEncoder(nn.Module):
    """A recurrent layer over embedded words; the context is its last state (cs447, notes, cs505).

    Args:
        size: number of source symbols, `len(vocab)`.
        D: size of the embedding; what the layer reads.
        layer: any layer of `rnnlib.layers`, in one direction or two, one or a stack.
        dropout: share of the embeddings and of the states set to zero in training.
    """

    def __init__(self, size, D, layer, dropout=0.0):
        super().__init__()
        check_reads(layer, D, "the embedding")
        self.E, self.layer, self.dropout = embedding(size, D), layer, nn.Dropout(dropout)
        self.size, start = layer.size, layer.start(1)
        self.parts = [part.shape[1] for part in leaves(start)]
        self.C = shown(layer, start).shape[1]

    def forward(self, x: Tensor, lengths=None) -> Encoded:
        lengths = source_lengths(x, lengths)
        e = self.dropout(symbols(self.E, x))
        h, last = self.layer(e, None, lengths)
        c = shown(self.layer, last)
        return Encoded(self.dropout(h), real(lengths, x.shape[1]), c, side_by_side(last))


class ConvEncoder(nn.Module):
    """Convolutions over embedded words, all positions at once: h = h + tanh(W [h ... h] + b).

    Each layer sees `width` neighbours of the layer below, so what a state knows reaches
    depth * (width - 1) / 2 words to each side.  There is no last state: the context is the mean
    of the states (notes: convolutional networks as encoders; after Gehring et al. 2017).

    Args:
        size: number of source symbols, `len(vocab)`.
        D: size of the embedding and of each state.
        width: words in a window, an odd number.
        depth: layers.
        dropout: share of the embeddings and of the states set to zero in training.
    """

    def __init__(self, size, D, width=3, depth=3, dropout=0.0):
        super().__init__()
        if width < 1 or width % 2 == 0 or depth < 1:
            raise ValueError(f"expected windows of an odd number of words and at least one layer, "
                             f"got width={width}, depth={depth}: a window has a middle")
        self.E, self.dropout = embedding(size, D), nn.Dropout(dropout)
        self.W = nn.ModuleList(nn.Conv1d(D, D, width, padding=width // 2) for _ in range(depth))
        self.size = self.C = D
        self.parts = [D]

    def forward(self, x: Tensor, lengths=None) -> Encoded:
        lengths = source_lengths(x, lengths)
        h = blank(self.dropout(symbols(self.E, x)), lengths)
        for W in self.W:
            h = h + torch.tanh(W(h.mT).mT)
            h = blank(h, lengths)  # what stands in padding must not be seen from inside
        c = h.sum(1) / lengths[:, None]
        return Encoded(self.dropout(h), real(lengths, x.shape[1]), c, c)


def source_lengths(x: Tensor, lengths) -> Tensor:
    """The lengths (B,) of the sources x (B, S), checked; all S where none are given."""
    if x.dim() != 2 or 0 in x.shape:
        raise ValueError(
            f"expected source ids (B, S) of at least one word, got {tuple(x.shape)}: a single "
            "source needs a batch axis, x[None], and an empty one has nothing to say"
        )
    return check_lengths([x.shape[1]] * len(x) if lengths is None else lengths, x)


def symbols(E: nn.Embedding, ids: Tensor) -> Tensor:
    """The rows of E for ids (...), with one sentence for an id that E does not know."""
    try:
        return E(ids)
    except (IndexError, RuntimeError):
        raise ValueError(
            f"expected ids from 0 to {E.num_embeddings - 1}, got {ids.min().item()} to "
            f"{ids.max().item()} in {ids.dtype}: was the text encoded with another vocabulary?"
        ) from None
