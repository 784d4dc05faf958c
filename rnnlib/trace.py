"""Looks inside a network that runs: every named quantity, the terms of a step, gradients by
distance, the error's way back.

Everything comes out as plain tensors, batch first, time second, detached; `plots` draws them.
"""

from collections import Counter, namedtuple

import torch

from .cells import RNNCell

Errors = namedtuple("Errors", "own future sum U")


def parts(cell, x, state=None):
    """Every named quantity of a cell (gates, candidate, c, h) over a sequence: dict name -> (B, T,
    H), from x (B, T, D)."""
    sequence(x)
    state = cell.start(len(x)) if state is None else state
    steps = []
    with torch.no_grad():
        for x_t in x.unbind(1):
            steps.append(cell.parts(x_t, state))
            state = cell.pick(steps[-1])
    return {name: torch.stack([step[name] for step in steps], 1) for name in steps[0]}


def terms(cell, x, state=None):
    """The terms of h = g(W x + U h + b) at each step of a simple RNN: dict of "Wx", "before", "Uh",
    "a", "h", each (B, T, H).

    `before` is the previous state, `a` the sum inside g.
    """
    simple(cell)
    start = cell.start(len(x)) if state is None else state
    h = parts(cell, x, start)["h"]
    with torch.no_grad():
        before = torch.cat([start.unsqueeze(1), h[:, :-1]], 1)
        Wx, Uh = x @ cell.W.T, before @ cell.U.T
        return {"Wx": Wx, "before": before, "Uh": Uh, "a": Wx + Uh + cell.b, "h": h}


def derivatives(cell, x, state=None):
    """The exact derivative of the last output h_T by the state after each step: (B, T, H, S), from
    x (B, T, D).

    S = H; for the LSTM the state is (h, c) side by side, S = 2 H, and each is moved with the other
    held fixed. At T it is the identity. Every sequence is run H times at once, one unit of h_T
    each, and the error is sent back step by step.
    """
    sequence(x)
    B, H = len(x), cell.H
    state = cell.start(B) if state is None else state
    steps = walk(
        cell,
        x.detach().repeat_interleave(H, 0),
        [s.repeat_interleave(H, 0) for s in tensors(state)],
    )
    error = [torch.zeros_like(s) for s in steps[-1][1]]
    error[0] = torch.eye(H).to(error[0]).repeat(B, 1)
    found = [torch.cat(error, 1)]
    for before, after in reversed(steps[1:]):
        error = torch.autograd.grad(after, before, error, materialize_grads=True)
        found.append(torch.cat(error, 1))
    return torch.stack(found[::-1], 1).unflatten(0, (B, H)).transpose(1, 2)


def jacobian(cell, x, state=None):
    """The norm of dh_T/dh_t at each step t, the most by which a change of the state then can grow
    until T: (B, T).

    The spectral norm of `derivatives`; 1 at t = T.
    """
    return torch.linalg.matrix_norm(derivatives(cell, x, state), ord=2)


def errors(cell, V, x, targets, state=None, mask=None):
    """Where the error at each state of a simple RNN comes from: Errors(own, future, sum (B, T, H),
    U (B, T, H, H)).

    The loss is the sum of cross-entropies of y = softmax(V h) with the classes `targets` (B, T),
    where `mask` (B, T) is True. own = V^T (y - target); future = U^T (g'(a) * the sum at the next
    step); U is each step's part of dL/dU. Source: cs421, "the error at h_t comes from its own
    output and from the future".
    """
    said = terms(cell, x, state)
    with torch.no_grad():
        y = torch.softmax(said["h"] @ V.T, -1)
        y = y - torch.nn.functional.one_hot(targets, len(V)).to(y)
        own = y @ V if mask is None else (y @ V) * mask.unsqueeze(-1)
    slope = slopes(cell.g, said["a"])
    future, total = torch.zeros_like(own), own.clone()
    for t in reversed(range(own.shape[1] - 1)):
        future[:, t] = (slope[:, t + 1] * total[:, t + 1]) @ cell.U.detach()
        total[:, t] = own[:, t] + future[:, t]
    U = torch.einsum("bti,btj->btij", slope * total, said["before"])
    return Errors(own, future, total, U)


def reach(cell, score, x, targets):
    """How much the loss at step t depends on each state h_s: the norms of dL_t/dh_s, (B, T, T).

    Row t, column s. L_t is the cross-entropy of y_t = softmax(score(h_t)) with the class
    targets[:, t]. Along a row the error is on its way back, from its own step on the diagonal to
    the first; a loss knows nothing of later states: zeros for s > t.
    """
    sequence(x)
    state, states, losses = [s.requires_grad_() for s in tensors(cell.start(len(x)))], [], []
    state = state[0] if len(state) == 1 else tuple(state)
    with torch.enable_grad():
        for x_t, target in zip(x.detach().unbind(1), targets.unbind(1), strict=True):
            state = cell(x_t, state)
            states.append(cell.output(state))
            loss = torch.nn.functional.cross_entropy(score(states[-1]), target, reduction="sum")
            losses.append(loss)
    back = [
        torch.autograd.grad(loss, states, retain_graph=True, materialize_grads=True)
        for loss in losses
    ]
    return torch.stack([torch.stack(row, 1).norm(dim=-1) for row in back], 1)


def operations(result):
    """What autograd wrote down to make a tensor: a Counter of the names of the operations."""
    seen, todo = set(), [result.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen.add(node)
            todo += [before for before, _ in node.next_functions]
    return Counter(type(node).__name__.partition("Backward")[0].lower() for node in seen)


def saturation(values, low=0.0, high=1.0):
    """How often each unit stands near its ends: (share near low, share near high), each (H,), from
    values (B, T, H).

    Near means within a tenth of the range; for gates low = 0 and high = 1, for tanh low = -1 and
    high = 1.
    """
    near = 0.1 * (high - low)
    flat = values.flatten(0, -2)
    return (flat < low + near).double().mean(0), (flat > high - near).double().mean(0)


def slopes(g, a):
    """The derivative of a function applied number by number, at a."""
    a = a.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(g(a).sum(), a)[0]


def walk(cell, x, state):
    """Run a cell step by step, each from a state cut off from the past: list of (state before,
    state after)."""
    steps = []
    for x_t in x.unbind(1):
        before = [s.detach().requires_grad_() for s in state]
        with torch.enable_grad():
            after = tensors(cell(x_t, before[0] if len(before) == 1 else tuple(before)))
        steps.append((before, after))
        state = after
    return steps


def tensors(state):
    """The tensors of a state as a list: [h], or [h, c]."""
    return [state] if isinstance(state, torch.Tensor) else list(state)


def sequence(x):
    """ValueError unless x is (B, T, D) with at least one step."""
    if x.dim() != 3 or x.shape[1] == 0:
        raise ValueError(
            f"x must be (B, T, D) with T >= 1, got {tuple(x.shape)}: one sequence is x.unsqueeze(0)"
        )


def simple(cell):
    """ValueError unless the cell is a simple RNN."""
    if not isinstance(cell, RNNCell):
        raise ValueError(
            f"expected a simple RNNCell, got {type(cell).__name__}: gates have no single term U h"
        )
