"""What a network reads of each word: a vector for the word, vectors made of its letters, or both.

Each module maps a batch to (B, T, size).  Words are ids (B, T).  Letters are ids (B, T, L), each
word filled up at its end with `pad`; a place in the batch without any word holds only `pad` and
gets zeros.  Taught in notebooks/11_characters_and_subwords.ipynb.
"""

import torch
from torch import Tensor, nn

from ..layers import Bidirectional, OverTime
from .outputs import embedding


class Words(nn.Module):
    """A vector for each word: ids (B, T) to (B, T, D).

    Args:
        size: number of symbols, `len(vocab)`.
        D: numbers in each vector.
    """

    def __init__(self, size, D):
        super().__init__()
        self.E, self.size = embedding(size, D), D

    def forward(self, x: Tensor) -> Tensor:
        if x.dim() != 2:
            raise ValueError(
                f"expected word ids (B, T), got {tuple(x.shape)}: letters (B, T, L) go to "
                "LetterConv or LetterRNN, a single sentence needs a batch axis, x[None]"
            )
        return self.E(x)


class LetterConv(nn.Module):
    """Each word from windows over its letters: tanh(W [e ... e] + b), the maximum over the places.

    Taught in notebooks/11_characters_and_subwords.ipynb (Ma and Hovy 2016; cs421 asks for letters).

    Args:
        size: number of letters, `len(vocab)`.
        D, H: numbers in the vector of a letter and in that of a word.
        width: letters in a window, an odd number.
        pad: the id that fills up a word.
    """

    def __init__(self, size, D, H, width=3, pad=0):
        super().__init__()
        if width < 1 or width % 2 == 0:
            raise ValueError(f"expected a window of an odd number of letters, got width={width}")
        self.E, self.pad, self.size = letters(size, D, pad), pad, H
        self.W = nn.Conv1d(D, H, width, padding=width // 2)

    def forward(self, x: Tensor) -> Tensor:
        flat, where = different_words(x, self.pad)  # (N, L)
        h = torch.tanh(self.W(self.E(flat).mT))  # (N, H, L)
        h = h.masked_fill((flat == self.pad)[:, None], -torch.inf).amax(2)
        return put_back(h, where)


class LetterRNN(nn.Module):
    """Each word from its letters, read in both directions: the two last states (cs421).

    Args:
        size: number of letters, `len(vocab)`.
        forwards, backwards: two cells of `rnnlib.cells` with one D.
        pad: the id that fills up a word.
    """

    def __init__(self, size, forwards, backwards, pad=0):
        super().__init__()
        self.layer = Bidirectional(OverTime(forwards), OverTime(backwards))
        self.E, self.pad, self.size = letters(size, forwards.D, pad), pad, self.layer.size

    def forward(self, x: Tensor) -> Tensor:
        flat, where = different_words(x, self.pad)  # (N, L)
        _, (left, right) = self.layer(self.E(flat), None, (flat != self.pad).sum(1))
        cells = self.layer.forwards.cell, self.layer.backwards.cell
        h = torch.cat([cells[0].output(left), cells[1].output(right)], 1)  # (N, H + H')
        return put_back(h, where)


class SideBySide(nn.Module):
    """Several inputs joined: a tuple of batches to (B, T, the sum of their sizes) (cs421)."""

    def __init__(self, *parts):
        super().__init__()
        self.parts, self.size = nn.ModuleList(parts), sum(part.size for part in parts)

    def forward(self, x) -> Tensor:
        if not isinstance(x, (tuple, list)) or len(x) != len(self.parts):
            got = len(x) if isinstance(x, (tuple, list)) else type(x).__name__
            raise ValueError(
                f"expected {len(self.parts)} batches, one for each part, got {got}: "
                "give a tuple such as (words, letters)"
            )
        return torch.cat([part(each) for part, each in zip(self.parts, x, strict=True)], -1)


def letters(size: int, D: int, pad: int) -> nn.Embedding:
    """An embedding of letters in which `pad` is zeros, as what lies beside a word."""
    E = embedding(size, D)
    E.padding_idx = pad
    with torch.no_grad():
        E.weight[pad] = 0
    return E


def different_words(x: Tensor, pad: int) -> tuple[Tensor, Tensor]:
    """The N different words (N, L) in a batch (B, T, L) of letters, and which stands where (B, T).

    A word that occurs several times is then computed once; where there is no word stands -1.
    """
    if x.dim() != 3:
        raise ValueError(
            f"expected letter ids (B, T, L), got {tuple(x.shape)}: L letters of each word"
        )
    real = (x != pad).any(2)
    if not real.any():
        raise ValueError("expected at least one letter, got only padding: is `pad` the right id?")
    flat, number = x[real].unique(dim=0, return_inverse=True)
    return flat, torch.full(x.shape[:2], -1, device=x.device).masked_scatter(real, number)


def put_back(h: Tensor, where: Tensor) -> Tensor:
    """Vectors of the words (N, H) where they stand (B, T, H), zeros where it says -1."""
    return torch.cat([h, h.new_zeros(1, h.shape[1])])[where]
