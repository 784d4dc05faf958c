"""Autoregressive generation: choose a token, feed it back, until the end marker or the limit.

`generate` is the loop; how the next token is chosen is a function of log-probabilities: `greedy`,
or a `sampler` with any filter.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .reading import check_first, check_length, read
from .state_rows import where


@dataclass(frozen=True)
class Texts:
    """What was generated for B sequences.

    Args:
        ids: (B, T), the tokens after the first; after an end marker only end markers.
        lengths: (B,), tokens of each, the end marker counted.
        finished: (B,) bool, whether the end marker came before the limit.
    """

    ids: Tensor
    lengths: Tensor
    finished: Tensor

    def lists(self) -> list[list[int]]:
        """The ids of each sequence, without the end marker."""
        lengths = (self.lengths - self.finished.long()).tolist()
        return [row[:n] for row, n in zip(self.ids.tolist(), lengths, strict=True)]


def inverse(log_probs: Tensor, u: Tensor) -> Tensor:
    """The id where the distribution function first exceeds u: a sample when u is uniform in [0, 1).

    log_probs (B, V) need not be normalised; u (B,) is float64; returns ids (B,). One uniform number
    for each row instead of one for each symbol: many times faster than torch.multinomial.
    An id of probability zero is never returned.
    """
    reached = torch.softmax(log_probs.double(), -1).cumsum(-1)
    reached = reached / reached[:, -1:]  # ends at exactly 1, above every u
    return torch.searchsorted(reached, u[:, None], right=True)[:, 0]


def greedy(log_probs: Tensor) -> Tensor:
    """The most probable token of each row (B, V): ids (B,), the first of equals."""
    return log_probs.argmax(-1)


def sampler(seed=0, filtered=lambda log_probs: log_probs) -> Callable:
    """A way to choose: a draw from the filtered distribution, `choose(log_probs (B, V)) -> (B,)`.

    Args:
        seed: of its own random numbers, one for each row and step: the same on every device.
        filtered: log-probabilities to log-probabilities, such as a composition of `temperature`,
            `top_k` and `top_p`.
    """
    generator = torch.Generator().manual_seed(seed)

    def choose(log_probs: Tensor) -> Tensor:
        u = torch.rand(len(log_probs), generator=generator, dtype=torch.float64)
        return inverse(filtered(log_probs), u.to(log_probs.device))

    return choose


@torch.no_grad()
def generate(step, first: Tensor, state, choose, length: int, end: int | None = None) -> Texts:
    """Choose up to `length` tokens after `first` (B,), each fed back as the next input.

    Args:
        step: `step(token, state) -> (log_probs, state)`.
        first: the token read first, (B,): the begin marker, or the last one of a prompt (`prime`).
        state: the state before `first` is read.
        choose: `greedy`, a `sampler`, or any function from log-probabilities (B, V) to ids (B,).
        length: the limit, for a model whose end marker never comes.
        end: the id of the end marker.

    Raises:
        ValueError: a negative length, a `first` with a time axis, a model without any probability.
    """
    check_first(first)
    check_length(length, 0)
    out, lengths = first.new_empty(len(first), length), first.new_full((len(first),), length)
    finished, token, t = torch.zeros_like(first, dtype=torch.bool), first, 0
    while t < length and not finished.all():
        log_probs, state = read(step, token, state, ~finished)
        if end is None:
            token = choose(log_probs)
        else:
            token = choose(log_probs.masked_fill(finished[:, None], 0.0))
            token = torch.where(finished, end, token)
            lengths[(token == end) & ~finished] = t + 1
            finished = finished | (token == end)
        out[:, t] = token
        t += 1
    return Texts(out[:, :t], lengths, finished)


def sample(step, first: Tensor, state, length: int, temperature=1.0, seed=0) -> Tensor:
    """Draw `length` tokens after `first` (B,) from a model without an end marker: ids (B, length).

    `generate` with a `sampler` of this temperature; 0 is greedy.
    """
    if temperature < 0 or length < 0:
        raise ValueError(
            f"expected a temperature and a length of at least 0, got {temperature} "
            f"and {length}: 0 is greedy decoding"
        )
    bold = sampler(seed, lambda log_probs: log_probs / temperature) if temperature else greedy
    return generate(step, first, state, bold, length).ids


@torch.no_grad()
def prime(step, prompt: Tensor, state, lengths: Tensor | None = None) -> tuple:
    """Read a prompt (B, T) but for its last token: (that token (B,), state), to go on from.

    lengths (B,) are those of prompts of different lengths, padded at the right.

    Raises:
        ValueError: an empty prompt; begin with the begin marker.
    """
    if prompt.dim() != 2 or prompt.shape[1] < 1:
        raise ValueError(
            f"expected a prompt (B, T) of at least one token, got {tuple(prompt.shape)}: "
            "an empty text begins with the begin marker"
        )
    B, T = prompt.shape
    last = prompt.new_full((B,), T - 1) if lengths is None else lengths.to(prompt) - 1
    if last.shape != (B,) or last.min() < 0 or last.max() >= T:
        raise ValueError(
            f"expected lengths (B,) from 1 to T={T}, got {(last + 1).tolist()}: "
            "an empty text begins with the begin marker"
        )
    for t in range(int(last.max())):
        _, new = step(prompt[:, t], state)
        state = new if (last > t).all() else where(last > t, new, state)
    return prompt[torch.arange(B, device=prompt.device), last], state
