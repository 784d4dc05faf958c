"""Writing fast: one step of a trained LSTM language model with all that can be computed before.

A model that writes reads one token at a time, and then a step is mostly overhead.  Three remedies:
the share of the input, W E[token] + b, is a row of a table made once; the gates are written into a
buffer that is kept from step to step; nothing is recorded for gradients.
Measured in rnnlib/experiments/step_speed.py, taught in notebooks/05_generation.ipynb.
"""

import copy

import torch
import torch.nn.functional as F

from .cells import LSTMCell
from .decode import inverse
from .shapes import check_state


class Stepper:
    """`step` of a language model with an LSTM, the same numbers several times as fast.

    It works on copies of the weights in evaluation: a model that is trained further needs a new
    one.  States are not overwritten, so that one may go on from the same state twice.

    Raises:
        ValueError: the model's cell is no LSTMCell.
    """

    @torch.no_grad()
    def __init__(self, model):
        cell = getattr(model.layer, "cell", None)
        if type(cell) is not LSTMCell:
            name = type(model.layer if cell is None else cell).__name__
            raise ValueError(f"a Stepper needs a model with one LSTMCell, got {name}: "
                             "use model.step, which knows every cell")
        self.cell, self.size, self.kept = cell, model.size, {}
        self.table = model.E.weight @ cell.W.T + cell.b  # (size, 4H), a row for each token
        self.U, self.V = cell.U.T.clone(), copy.deepcopy(model.V).eval()

    def start(self, B):
        """The state before anything was read, for B sequences."""
        return self.cell.start(B)

    @torch.inference_mode()
    def step(self, token, state):
        """Read one token (B,): log-probabilities of the next (B, size), and the new state."""
        scores, state = self.scores(token, state)
        return F.log_softmax(scores, -1), state

    @torch.inference_mode()
    def write(self, first, state, length, temperature=1.0, seed=0):
        """The ids (B, length) that `decode.sample(self.step, ...)` draws, with less overhead."""
        if temperature < 0 or length < 0:
            raise ValueError(f"expected a temperature and a length of at least 0, got "
                             f"{temperature} and {length}: 0 is greedy decoding")
        out = first.new_empty(length + 1, len(first))
        out[0], token = first, first
        generator = torch.Generator().manual_seed(seed)
        u = torch.rand(length, len(first), generator=generator, dtype=torch.float64)
        for t in range(length):
            scores, state = self.scores(token, state)
            token = inverse(scores / temperature, u[t]) if temperature else scores.argmax(-1)
            out[t + 1] = token
        return out[1:].T

    def scores(self, token, state):
        """Scores (B, size) before the softmax, and the new state."""
        if state[0].shape != (len(token), self.cell.H):
            check_state(self.cell, state, len(token))
        h, c = state
        a, oif, o, i, f, g = self.gates(len(token))
        try:
            torch.index_select(self.table, 0, token, out=a)
        except (IndexError, RuntimeError):
            raise ValueError(f"tokens must be ids (B,) from 0 to {self.size - 1}, "
                             f"got {token}: did you encode the text?") from None
        a.addmm_(h, self.U)
        oif.sigmoid_(), g.tanh_()
        c = torch.mul(f, c).addcmul_(i, g)
        h = torch.tanh(c).mul_(o)
        return self.V(h), (h, c)

    def gates(self, B):
        """The buffer (B, 4H) for the gates, and its parts o i f, o, i, f, g; made once for each B.

        Rows stand in the order of `LSTMCell.gates`.
        """
        if B not in self.kept:
            a, H = self.table.new_empty(B, 4 * self.cell.H), self.cell.H
            self.kept[B] = (a, a[:, : 3 * H], *a.chunk(4, 1))
        return self.kept[B]
