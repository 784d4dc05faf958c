"""Functions of a tensor whose derivatives homework 2 asks for by finite differences."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Cubes:
    """f(w) = the sum of c w^3 + d w over all numbers of a tensor w."""

    c: torch.Tensor
    d: torch.Tensor

    def __call__(self, w):
        return (self.c * w**3 + self.d * w).sum()

    @property
    def __name__(self):
        """What a check shows of it."""
        c, d = (", ".join(f"{number:g}" for number in row.flatten()) for row in (self.c, self.d))
        return f"the sum of c w^3 + d w with c = [{c}] and d = [{d}]"


@dataclass(frozen=True)
class Bent:
    """f(w) = the sum of tanh(A w), in which the numbers of w (H, D) meet one another."""

    A: torch.Tensor

    def __call__(self, w):
        return torch.tanh(self.A @ w).sum()

    @property
    def __name__(self):
        """What a check shows of it."""
        return "the sum of tanh(A w) with a matrix A of shape ({}, {})".format(*self.A.shape)
