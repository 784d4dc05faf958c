"""Steps of networks that homework 6 puts under the microscope."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Simple:
    """A step of the simple network: from x (D,) and h (H,) to the new h (H,)."""

    W: torch.Tensor
    U: torch.Tensor

    def __call__(self, x, h):
        return torch.tanh(self.W @ x + self.U @ h)

    @property
    def __name__(self):
        """What a check shows of it."""
        return f"a simple network of {len(self.U)} units"


@dataclass(frozen=True)
class Leaky:
    """A step that keeps a share k (H,) of the old state and adds a little of something new."""

    W: torch.Tensor
    U: torch.Tensor
    k: torch.Tensor

    def __call__(self, x, h):
        return self.k * h + (1 - self.k) * torch.sin(self.W @ x + self.U @ h)

    @property
    def __name__(self):
        """What a check shows of it."""
        return f"a unit that keeps, {len(self.U)} numbers wide"
