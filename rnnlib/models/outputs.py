"""From a state h to one score for each symbol: an output matrix of its own, or the embedding again.

own      scores = V h + b
tied     scores = E h + b             (notes: the same matrix, in two places)
tied,    scores = E P h + b           when the state is not as wide as the embedding: a projection
H != D                                P from H to D comes first
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Tied(nn.Module):
    """The embedding E (size, D) as output matrix of a state of width H."""

    def __init__(self, E: nn.Embedding, H: int, size: int):
        super().__init__()
        self.weight, self.size = E.weight, size
        self.bias = nn.Parameter(torch.zeros(size))
        same = H == E.embedding_dim
        self.P = nn.Identity() if same else nn.Linear(H, E.embedding_dim, bias=False)

    def forward(self, h: Tensor) -> Tensor:
        """Scores (..., size) from h (..., H); rows of E beyond size are no symbols."""
        return F.linear(self.P(h), self.weight[: self.size], self.bias)


def output(E: nn.Embedding, H: int, size: int, tied: bool) -> nn.Module:
    """A map from h (..., H) to scores (..., size), with the weights of E or its own."""
    return Tied(E, H, size) if tied else nn.Linear(H, size)


def embedding(size: int, D: int) -> nn.Embedding:
    """An embedding whose rows have a length of about 1."""
    E = nn.Embedding(size, D)
    nn.init.normal_(E.weight, std=D**-0.5)
    return E
