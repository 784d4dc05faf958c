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


@dataclass(frozen=True)
class Bent:
    """f(w) = the sum of tanh(A w), in which the numbers of w (H, D) meet one another."""

    A: torch.Tensor

    def __call__(self, w):
        return torch.tanh(self.A @ w).sum()
