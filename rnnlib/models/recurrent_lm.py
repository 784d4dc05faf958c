"""The recurrent language model of cs421, cs447 and the notes, and its text in segments."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers import OverTime
from ..metrics import cross_entropy
from .outputs import embedding, output


def of_symbols(scores: Tensor, y: Tensor) -> Tensor:
    """The log-probabilities (B, T) of the symbols y (B, T) under scores (B, T, size)."""
    return -F.cross_entropy(scores.flatten(0, 1), y.flatten(), reduction="none").view_as(y)


class LanguageModel(nn.Module):
    """Scores for the next symbol after each symbol: embedding E, a recurrent layer, output V.

    Taught in notebooks/04_language_models.ipynb.

    Args:
        size: number of symbols, `len(vocab)`.
        D: size of the embedding; the cell's D.
        cell: any cell of `rnnlib.cells`.
        tied: E is the output matrix too (notes); a state of another size than D is projected to
            D first.
        dropout: share of the embedding's and of the layer's outputs set to zero in training.
    """

    def __init__(self, size, D, cell, tied=False, dropout=0.0):
        super().__init__()
        if cell.D != D:
            raise ValueError(
                f"expected a cell with D={D}, as the embedding, got {cell}: make both equal"
            )
        self.size = size
        self.E, self.layer = embedding(size, D), OverTime(cell)
        self.V = output(self.E, cell.H, size, tied)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, state=None):
        """Ids x (B, T) to scores before the softmax (B, T, size), and the last state."""
        if x.dim() != 2:
            raise ValueError(
                f"expected ids (B, T), got {tuple(x.shape)}: add a batch axis, x[None]"
            )
        h, state = self.layer(self.dropout(self.E(x)), state)
        return self.V(self.dropout(h)), state

    def start(self, B: int):
        """The state before anything was read, for B sequences."""
        return self.layer.start(B)

    def step(self, token: Tensor, state):
        """Read one token (B,): log-probabilities of the next (B, size), and the new state."""
        cell = self.layer.cell
        state = cell(self.dropout(self.E(token)), state)
        return F.log_softmax(self.V(self.dropout(cell.output(state))), -1), state

    def score(self, x: Tensor, y: Tensor, state=None):
        """Log-probabilities (B, T) of the symbols y, each after x up to the one before; new state.

        x and y (B, T) are ids, y one symbol later.
        """
        scores, state = self(x, state)
        return of_symbols(scores, y), state


def next_symbol(model, batch, carry):
    """The loss of a language model on a segment (x, y, fresh), the state carried from the last one.

    x and y (B, T) are ids, y one symbol later; fresh means that the rows start anew. Made for
    `train.fit` with batches of `batches.Segments`: returns (mean nats, tokens, last state).
    """
    x, y, fresh = batch
    logits, state = model(x, None if fresh else carry)
    total, count = cross_entropy(logits, y)
    return total / count, count, state


@torch.no_grad()
def held_out(model, segments) -> tuple[float, int]:
    """Total nats and number of symbols over one pass of segments, the state carried throughout."""
    total, count, state = 0.0, 0, None
    for x, y, fresh in segments:
        log_probs, state = model.score(x, y, None if fresh else state)
        total, count = total - log_probs.sum().item(), count + y.numel()
    return total, count
