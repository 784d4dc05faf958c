"""One call of `step`, with a sentence for everything that a model may hand back wrongly."""

import math

from torch import Tensor

from .filters import checked


def read(step, tokens: Tensor, state, real: Tensor | None = None) -> tuple:
    """`step(tokens (N,), state)`: the log-probabilities (N, V), checked, and the new state.

    real (N,) marks rows that matter: others may be without any probability.

    Raises:
        ValueError: another shape, scores that are no log-probabilities, no probability anywhere.
    """
    log_probs, state = step(tokens, state)
    if log_probs.dim() != 2 or len(log_probs) != len(tokens):
        raise ValueError(
            f"expected log-probabilities (B, V) with B={len(tokens)} from step, got "
            f"{tuple(log_probs.shape)}: a step has no time axis"
        )
    highest = checked(log_probs, real).max().item()
    if highest > 1e-3:
        raise ValueError(
            f"expected log-probabilities, at most 0, from step, got {highest:.3g}: "
            "scores of an output layer need a log_softmax"
        )
    return log_probs, state


def check_first(first: Tensor) -> None:
    """One token for each sequence, or a sentence that says so."""
    if first.dim() != 1 or not len(first):
        raise ValueError(
            f"expected one first token for each sequence, (B,), got "
            f"{tuple(first.shape)}: pass the last column of the prompt"
        )


def check_length(length: int, least: int) -> None:
    """A limit of at least so many tokens, or a sentence that says so."""
    if length < least:
        raise ValueError(
            f"expected a length of at least {least}, got {length}: it is the most tokens to write"
        )


NOTHING = -math.inf
"""The log-probability of what cannot happen, and of an empty place in a beam."""
