"""Feed-forward models with a window of fixed width (cs421, notes; Bengio et al. 2003).

At the edges of a text, where the window would reach outside, stands an id of its own, `edge`, with
an embedding that is learned like the others.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .outputs import embedding, output
from .recurrent_lm import of_symbols


def windows(e: Tensor, width: int) -> Tensor:
    """Every `width` neighbours of e (B, T + width - 1, D) side by side: (B, T, width * D)."""
    return e.unfold(1, width, 1).transpose(2, 3).flatten(2)


class WindowLM(nn.Module):
    """Scores for the next symbol from the last `width` symbols: tanh(W [e ... e] + b), then V.

    Taught in notebooks/01_order_matters.ipynb and notebooks/04_language_models.ipynb.

    Args:
        size: number of symbols, `len(vocab)`.
        D, H: sizes of the embedding and of the hidden layer.
        width: how many symbols it reads.
        tied, dropout: as in LanguageModel.
    """

    def __init__(self, size, D, H, width, tied=False, dropout=0.0):
        super().__init__()
        if width < 1:
            raise ValueError(f"expected a window of at least 1 symbol, got width={width}")
        self.size, self.width, self.edge = size, width, size
        self.E = embedding(size + 1, D)
        self.W = nn.Linear(width * D, H)
        self.V = output(self.E, H, size, tied)
        self.dropout = nn.Dropout(dropout)

    def start(self, B: int) -> Tensor:
        """The state before anything was read: the last width - 1 ids, here all `edge`."""
        return torch.full((B, self.width - 1), self.edge, device=self.E.weight.device)

    def forward(self, x: Tensor, state=None):
        """Ids x (B, T) to scores before the softmax (B, T, size), and the last width - 1 ids."""
        if x.dim() != 2:
            raise ValueError(
                f"expected ids (B, T), got {tuple(x.shape)}: add a batch axis, x[None]"
            )
        seen = torch.cat([self.start(len(x)) if state is None else state, x], 1)
        return self.scores(self.E(seen)), seen[:, seen.shape[1] - self.width + 1 :]

    def scores(self, e: Tensor) -> Tensor:
        """Scores (B, T, size) from embedded symbols (B, width - 1 + T, D), edges included."""
        h = torch.tanh(self.W(windows(self.dropout(e), self.width)))  # (B, T, H)
        return self.V(self.dropout(h))

    def step(self, token: Tensor, state):
        """Read one token (B,): log-probabilities of the next (B, size), and the new state."""
        scores, state = self(token[:, None], state)
        return F.log_softmax(scores[:, 0], -1), state

    def score(self, x: Tensor, y: Tensor, state=None):
        """Log-probabilities (B, T) of the symbols y, each after x up to the one before; new state.

        x and y (B, T) are ids, y one symbol later.
        """
        scores, state = self(x, state)
        return of_symbols(scores, y), state


class WindowTagger(nn.Module):
    """Scores of K labels for each word from a window centred on it: tanh(W [e ... e] + b), then V.

    Taught in notebooks/01_order_matters.ipynb.

    Args:
        size: number of symbols, `len(vocab)`.
        D, H, K: sizes of the embedding, of the hidden layer, and number of labels.
        width: words in the window, an odd number; (width - 1) / 2 on either side.
    """

    def __init__(self, size, D, H, K, width):
        super().__init__()
        if width < 1 or width % 2 == 0:
            raise ValueError(
                f"expected a window of an odd number of words, got width={width}: as many to the "
                "left as to the right, and the word itself"
            )
        self.size, self.width, self.edge = size, width, size
        self.E, self.W, self.V = embedding(size + 1, D), nn.Linear(width * D, H), nn.Linear(H, K)

    def forward(self, x: Tensor, lengths=None) -> Tensor:
        """Ids x (B, T) to scores (B, T, K); with lengths (B,) what comes after is edge."""
        side = (self.width - 1) // 2
        if lengths is not None:
            after = torch.arange(x.shape[1], device=x.device) >= torch.as_tensor(lengths)[:, None]
            x = x.masked_fill(after, self.edge)
        return self.scores(self.E(F.pad(x, (side, side), value=self.edge)))

    def scores(self, e: Tensor) -> Tensor:
        """Scores (B, T, K) from embedded words (B, T + width - 1, D), edges included."""
        return self.V(torch.tanh(self.W(windows(e, self.width))))
