"""A small decoder for homework 7: what is probable depends on the source, the place and the token
that was read."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Writers:
    """`step(tokens (B,), state (B, 2)) -> (log_probs (B, K), state)` for a batch of sources.

    The state holds the number of the source and how many tokens were read.

    table  (N, L, K, K), log-probabilities for each source, place and token read
    """

    table: torch.Tensor

    def __call__(self, tokens, state):
        source, place = state.unbind(1)
        log_probs = self.table[source, place.clamp(max=self.table.shape[1] - 1), tokens]
        return log_probs.clone(), torch.stack([source, place + 1], 1)

    @property
    def __name__(self):
        """What a check shows of it."""
        return f"a decoder of {self.table.shape[2]} tokens"
