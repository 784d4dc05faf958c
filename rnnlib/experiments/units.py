"""The units that the experiments compare, by name, each with the start it is usually given."""

import torch
from torch import nn

from .. import bptt
from ..cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell, SimpleGRUCell

GATED = {
    "simple_gru": SimpleGRUCell,
    "gru": GRUCell,
    "gru_reset_after": GRUResetAfterCell,
    "lstm": LSTMCell,
}
KEEPS = {"lstm": "f"}  # the gate that keeps the past; z in the others
SIMPLE = ("rnn", "orthogonal", "irnn", "relu")
UNITS = (*SIMPLE, *GATED)


def unit(name, D, H, keep=1.0, seed=0):
    """A cell with fresh weights, the same for the same seed.

    rnn, relu    simple RNN with tanh or ReLU, started as torch.nn does
    orthogonal   tanh, U a random rotation
    irnn         ReLU, U the identity, b = 0 (Le, Jaitly and Hinton 2015)
    simple_gru, gru, gru_reset_after, lstm   the bias of the gate that keeps the past is `keep`
    """
    if name not in UNITS:
        raise ValueError(f"unit must be one of {', '.join(UNITS)}, got {name!r}")
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(seed)
        if name in GATED:
            cell = GATED[name](D, H)
            cell.rows(KEEPS.get(name, "z"))[2].fill_(keep)
            return cell
        cell = RNNCell(D, H, torch.relu if name in ("irnn", "relu") else torch.tanh)
        if name == "orthogonal":
            nn.init.orthogonal_(cell.U)
        if name == "irnn":
            nn.init.eye_(cell.U)
            nn.init.zeros_(cell.b)
        return cell


class Reader(nn.Module):
    """A unit over a sequence, and K scores from its state at each of the last `steps` steps."""

    def __init__(self, cell, K, steps=1):
        super().__init__()
        self.cell, self.V, self.steps = cell, nn.Linear(cell.H, K), steps

    def forward(self, x):
        """Scores (B, steps, K) from x (B, T, D)."""
        h, _ = bptt.run(self.cell, x)
        return self.V(h[:, -self.steps :])
