"""Texts drawn from a model while it is trained, and their log-probabilities with gradients."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import decode


class Drawn(NamedTuple):
    """N texts: their ids (N, T), after an end marker only end markers, and what is part of them."""

    ids: Tensor
    real: Tensor

    def lists(self, end: int) -> list[list[int]]:
        """The ids of each text, without the end marker."""
        return [[i for i in row[:n] if i != end]
                for row, n in zip(self.ids.tolist(), self.real.sum(1).tolist(), strict=True)]


@torch.no_grad()
def draw(model, state, first: Tensor, end: int, length: int) -> Drawn:
    """One text for each row of a state, each word drawn from the model; `first` (N,) is read first.

    A text is at most `length` words long, its end marker counted.
    """
    seed = int(torch.randint(2**62, ()))
    texts = decode.generate(model.step, first, state, decode.sampler(seed), length, end)
    T = torch.arange(texts.ids.shape[1], device=first.device)
    return Drawn(texts.ids, T < texts.lengths[:, None])


def after(first: Tensor, ids: Tensor) -> Tensor:
    """What is read before each word of ids (N, T): `first` (N,), then the words themselves."""
    return torch.cat([first[:, None], ids[:, :-1]], 1)


def word_log_probs(scores: Tensor, ids: Tensor, real: Tensor) -> Tensor:
    """log p of each word of ids (N, T) under scores (N, T, size): (N, T), 0 where not real."""
    each = -F.cross_entropy(scores.flatten(0, 1), ids.flatten(), reduction="none")
    return each.view_as(ids).masked_fill(~real, 0.0)


def each_n_times(state, n: int, B: int):
    """A state in which every row stands n times in a row."""
    device = first_tensor(state).device
    return decode.rows(state, torch.arange(B, device=device).repeat_interleave(n))


def first_tensor(state) -> Tensor:
    """Some tensor of a state."""
    while not isinstance(state, Tensor):
        state = state[0]
    return state
