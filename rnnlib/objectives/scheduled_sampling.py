"""Scheduled sampling: more and more of the words that the model reads in training are its own.

Source: Bengio et al., Scheduled sampling for sequence prediction with recurrent neural networks
(2015), with its three ways for epsilon, the chance of reading the gold word, to fall.

Its bias (Huszar 2015): after a word of its own the model is still asked for the gold word of that
place, which may be wrong there.  Where all words are its own (epsilon = 0) the best it can do is
the distribution of word t alone, whatever came before: that is not the distribution of the data.
The objective is therefore no proper score, however much data there is.
"""

import math
from collections.abc import Callable

import torch

from ..decode import inverse
from .sampled_texts import word_log_probs


def linear(start: float, least: float, steps: int) -> Callable[[int], float]:
    """epsilon_i = max(least, start - slope i), which reaches `least` after `steps` updates."""
    return lambda i: max(least, start - (start - least) * i / steps)


def exponential(k: float) -> Callable[[int], float]:
    """epsilon_i = k ** i with k below 1."""
    return lambda i: k**i


def inverse_sigmoid(k: float) -> Callable[[int], float]:
    """epsilon_i = k / (k + exp(i / k)) with k of at least 1."""
    return lambda i: k / (k + math.exp(min(i / k, 700.0)))


class ScheduledSampling:
    """The nats of the gold words after a mixture of gold words and own ones.

    For each word by itself a coin decides which one is read: the gold one with chance epsilon,
    else one drawn from the model.  No gradient goes through the draw.

    Args:
        epsilon: the chance as a function of the number of updates done: `linear(...)`,
            `exponential(...)`, `inverse_sigmoid(...)` or your own.
    """

    def __init__(self, epsilon):
        self.epsilon = epsilon

    def __call__(self, model, batch, carry):
        done = carry or 0
        chance = self.epsilon(done)
        if not 0 <= chance <= 1:
            raise ValueError(f"expected a chance from 0 to 1, got epsilon = {chance} at update "
                             f"{done}: does the schedule fall from 1?")
        before = mixed(model, batch, torch.rand(batch.y.shape) < chance)
        scores = model(batch.source, before)
        count = int(batch.real.sum())
        return -word_log_probs(scores, batch.y, batch.real).sum() / count, count, done + 1


@torch.no_grad()
def mixed(model, batch, gold):
    """What is read before each word (B, T): gold where `gold` (B, T) says so, else the model's own.

    The begin marker is always read.  Where a target has ended nothing matters.
    """
    state, token, read = model.start(*batch.source), batch.before[:, 0], []
    gold = gold.to(token.device)
    for t in range(batch.y.shape[1]):
        read.append(token)
        log_probs, state = model.step(token, state)
        own = inverse(log_probs, torch.rand(len(token), dtype=torch.float64).to(token.device))
        token = torch.where(gold[:, t], batch.y[:, t], own)
    return torch.stack(read, 1)
