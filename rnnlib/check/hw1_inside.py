"""A function over the words of a text for homework 1: it is known which words it looks at."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Looks:
    """f(x (T, D)) -> (T, K): output t is made from the words s for which looks[t, s] is not 0.

    looks  (T, T), how strongly output t looks at word s
    A      (D, K), what is read of a word
    """

    looks: torch.Tensor
    A: torch.Tensor

    def __call__(self, x):
        sums = self.looks @ (x @ self.A)
        return sums + torch.sin(sums) / 2

    @property
    def __name__(self):
        """What a check shows of it."""
        return f"a function of {len(self.looks)} words"
