"""What homework 3 hands to a student's functions: a model that is a table, a network to train."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Reader:
    """`step(token, state) -> (log_probs (V,), state)`; the state is the token read before.

    table  (V, V, V), the log-probabilities after each pair of tokens
    """

    table: torch.Tensor

    def __call__(self, token, state):
        return self.table[int(state), int(token)].clone(), int(token)

    @property
    def __name__(self):
        """What a check shows of it."""
        return f"a model of {len(self.table)} tokens"


class Tiny(nn.Module):
    """A simple network whose embedding is its output matrix too.

    `scores, state = model(x, state)` with x (B, T), scores (B, T, V), state (B, D) or None.
    """

    def __init__(self, E, W, U):
        super().__init__()
        self.E, self.W, self.U = (nn.Parameter(weight.clone()) for weight in (E, W, U))

    def forward(self, x, state=None):
        """Ids to scores, from a state on."""
        h = torch.zeros(len(x), self.U.shape[0], dtype=self.U.dtype) if state is None else state
        scores = []
        for x_t in x.unbind(1):
            h = torch.tanh(self.E[x_t] @ self.W.T + h @ self.U.T)
            scores.append(h @ self.E.T)
        return torch.stack(scores, 1), h


class Descent:
    """An optimiser as small as can be: `zero_grad()` and `step()`, as those of torch have them."""

    def __init__(self, parameters, lr):
        self.param_groups = [{"params": list(parameters), "lr": lr}]

    def zero_grad(self, set_to_none=True):
        """Forget all gradients."""
        for weight in self.param_groups[0]["params"]:
            weight.grad = None

    @torch.no_grad()
    def step(self):
        """One step of each weight against its gradient."""
        for weight in self.param_groups[0]["params"]:
            if weight.grad is not None:
                weight -= self.param_groups[0]["lr"] * weight.grad


@dataclass(frozen=True)
class Network:
    """The weights that a network begins with, and the rate at which it learns."""

    E: torch.Tensor
    W: torch.Tensor
    U: torch.Tensor
    lr: float

    @property
    def __name__(self):
        """What a check shows of it."""
        return "a network of {} symbols, D = {}".format(*self.E.shape)


def taught(function, network, segments):
    """What `epoch(model, optimiser, segments)` returns, and the weights that it leaves."""
    with torch.enable_grad():
        model = Tiny(network.E, network.W, network.U)
        try:
            value = function(model, Descent(model.parameters(), network.lr), segments)
        except RuntimeError as error:
            if "second time" in str(error) or "inplace operation" in str(error):
                raise RuntimeError("the state still hangs on the calculation of the segment "
                                   "before: detach it when you carry it over") from None
            raise
        if value is None:
            return None
        return value, torch.cat([w.detach().flatten() for w in model.parameters()])
