"""Gradients by distance: the product of Jacobians, its singular values, one error sent back.

`trace.derivatives` works for every cell; here is the product written out for the simple RNN, as in
notebooks/09_vanishing_gradients.ipynb, and what can be read off it.
"""

import torch

from .trace import derivatives, slopes, tensors, terms, walk


def step_jacobians(cell, x, state=None):
    """The exact dh_t/dh_(t-1) = diag(g'(a_t)) U of a simple RNN at every step: (B, T, H, H)."""
    slope = slopes(cell.g, terms(cell, x, state)["a"])
    return slope.unsqueeze(-1) * cell.U.detach()


def products(J):
    """J_T J_(T-1) ... J_(t+1) for every t, from step Jacobians J (..., T, H, H): dh_T/dh_t."""
    P = torch.eye(J.shape[-1]).to(J).expand_as(J.select(-3, 0))
    found = [P]
    for t in range(J.shape[-3] - 1, 0, -1):
        P = P @ J.select(-3, t)
        found.append(P)
    return torch.stack(found[::-1], -3)


def spectrum(cell, x, state=None):
    """The singular values of dh_T/dh_t, largest first, at each step t: (B, T, H), for any cell.

    A change of the state in the first direction grows by the first value until T, and so on.
    """
    return torch.linalg.svdvals(derivatives(cell, x, state))


def blame(cell, x, loss, state=None):
    """How much a loss depends on the state after each step: norms of dL/dh_t, (B, T), any cell.

    `loss(h_T (B, H)) -> number`; for the LSTM the state is (h, c), each moved with the other held
    fixed.
    """
    start = cell.start(len(x)) if state is None else state
    steps = walk(cell, x, tensors(start))
    last = steps[-1][1]
    h = last[0].detach().requires_grad_()
    with torch.enable_grad():
        error = [*torch.autograd.grad(loss(h), h), *(torch.zeros_like(s) for s in last[1:])]
    found = [torch.cat(error, 1)]
    for before, after in reversed(steps[1:]):
        error = torch.autograd.grad(after, before, error, materialize_grads=True)
        found.append(torch.cat(error, 1))
    return torch.stack(found[::-1], 1).norm(dim=-1)
