"""The checks of notebook 03 about long texts: segments, how far a loss reaches, the embedding."""

import re

import torch

from .core import Case, Report, examine


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- segments: the state carried, the error cut -------------------------------------------------


def in_segments(x, U, k, begin=lambda h: h.detach(), step=lambda h: h):
    """The summed gradient of U over segments; `begin` makes the state a segment starts with."""
    U, h = U.clone().requires_grad_(), torch.zeros(len(U))
    total = torch.zeros_like(U)
    for s in range(0, len(x), k):
        h, loss = begin(h), 0
        for x_t in x[s:s + k]:
            h = torch.tanh(x_t + U @ step(h))
            loss = loss + (h ** 2).sum() / 2
        total = total + torch.autograd.grad(loss, U, retain_graph=True)[0]
    return total


def right_segments(x, U, k):
    """What is expected: the state goes on, the error does not."""
    return in_segments(x, U, k)


def last_only(x, U, k):
    """The gradient of the last segment alone."""
    s = (len(x) - 1) // k * k
    return right_segments(x, U, k) - (right_segments(x[:s], U, k) if s else 0)


def moving(x, U, k):
    """The gradient when every loss goes back k steps from its own place, wherever that is."""
    U, states = U.clone().requires_grad_(), [torch.zeros(len(U))]
    for x_t in x:
        states.append(torch.tanh(x_t + U @ states[-1]).detach())
    total = 0
    for t in range(1, len(x) + 1):
        s = max(t - k, 0)
        h = states[s]
        for x_t in x[s:t]:
            h = torch.tanh(x_t + U @ h)
        total = total + (h ** 2).sum() / 2
    return torch.autograd.grad(total, U)[0]


SEGMENT_MISTAKES = [
    ("the state is never carried: each segment starts from zeros, without the text before it",
     lambda x, U, k: in_segments(x, U, k, begin=torch.zeros_like)),
    ("the error crosses the cut: this is the gradient of full backpropagation through time",
     lambda x, U, k: in_segments(x, U, k, begin=lambda h: h)),
    ("the state is detached at every step: detach it once, where a segment begins",
     lambda x, U, k: in_segments(x, U, k, step=lambda h: h.detach())),
    ("the gradients of earlier segments are thrown away: they add up", last_only),
    ("the last segment is left out when it is shorter than k",
     lambda x, U, k: right_segments(x[:max(len(x) // k, 1) * k], U, k)),
    ("the cuts stand still: this is a window that moves along with t", moving),
    ("a mean over the steps: the loss is a sum, so its gradients add up",
     lambda x, U, k: right_segments(x, U, k) / len(x)),
    ("a mean over the segments: the loss is a sum, so its gradients add up",
     lambda x, U, k: right_segments(x, U, k) / -(-len(x) // k)),
    ("a mean over each segment: the loss is a sum, so the steps of a segment add up",
     lambda x, U, k: right_segments(x, U, k) / k),
    ("the sizes are swapped: k is the length of a segment, not the number of segments",
     lambda x, U, k: right_segments(x, U, -(-len(x) // k))),
]

SEGMENT_CASES = [
    Case(name, [(drawn(T, 2, seed=T), 1.2 * drawn(2, 2, seed=T + 1), k)],
         right_segments, SEGMENT_MISTAKES)
    for name, T, k in [("six steps in segments of two", 6, 2),
                       ("a last segment that is shorter", 7, 3),
                       ("one segment: full backpropagation", 3, 3)]
]

STILL_TIED = ("    known mistake: the state is not detached, it still hangs on the graph of the "
              "segment before, which is gone after backward()")


def segments(function):
    """Report on `function(x (T, H), U, k) -> dU`, the gradient of h = tanh(x + U h) in segments."""
    report = examine(function, SEGMENT_CASES)
    if "a second time" not in repr(report):
        return report
    lines = [re.sub(r" \(or directly.*", "", line) for line in report.lines]
    return Report((*lines, STILL_TIED), False)


# --- how far a loss reaches back ----------------------------------------------------------------


def right_reach(t, k):
    """What is expected: the steps since the segment began."""
    return (t - 1) % k


REACH_MISTAKES = [
    ("the cuts stand still: this is a window that moves along with t",
     lambda t, k: min(t, k) - 1),
    ("the cuts stand still: this is a window that moves along with t, even past the beginning",
     lambda t, k: k - 1),
    ("the state h_t itself is counted: the earlier ones are asked for",
     lambda t, k: (t - 1) % k + 1),
    ("steps are counted from 1: the first step of a segment reaches nothing", lambda t, k: t % k),
    ("these are the steps before the segment: asked are those of the segment before h_t",
     lambda t, k: (t - 1) // k * k),
    ("this is the number of the segment", lambda t, k: (t - 1) // k),
    ("no cut at all: this is full backpropagation", lambda t, k: t - 1),
]

REACH_CASES = [
    Case(name, arguments, right_reach, REACH_MISTAKES) for name, arguments in [
        ("the last step of a segment reaches k - 1 states", [(12, 4)]),
        ("the first step of a segment reaches nothing", [(9, 4)]),
        ("in one long segment everything before is reached", [(5, 9)]),
        ("every step of a text in segments of five", [(t, 5) for t in range(1, 21)])]
]


def reach(function):
    """Report on `function(t, k) -> number of earlier states that the loss at step t can blame`."""
    return examine(function, REACH_CASES)


# --- end to end: what reaches the embedding -----------------------------------------------------


def right_embedding(d_a, W, ids, size):
    """What is expected: every step adds its error at the input to the row of its symbol."""
    return torch.zeros(size, W.shape[1]).index_add(0, ids, d_a @ W)


def last_written(d_a, W, ids, size):
    """Each row holds the error of the last step that read it."""
    found = torch.zeros(size, W.shape[1])
    for row, d_x in zip(ids.tolist(), d_a @ W, strict=True):
        found[row] = d_x
    return found


def averaged(d_a, W, ids, size):
    """The mean over the steps that read a symbol."""
    often = torch.bincount(ids, minlength=size).clamp(min=1)
    return right_embedding(d_a, W, ids, size) / often[:, None]


EMBEDDING_MISTAKES = [
    ("a symbol that comes twice is counted once: dE[ids] = ... and dE[ids] += ... write each row "
     "once; the steps add up", last_written),
    ("a mean over the steps that read a symbol: they add up", averaged),
    ("W is transposed: forward it is x @ W.T, so the error goes back by d_a @ W",
     lambda d_a, W, ids, size: right_embedding(d_a, W.T, ids, size)),
    ("W is missing: between the embedding and a_t stands the weight W",
     lambda d_a, W, ids, size: right_embedding(d_a, torch.eye(len(W)), ids, size)),
    ("one row per step: the embedding has one row per symbol, read or not",
     lambda d_a, W, ids, size: d_a @ W),
]

EMBEDDING_CASES = [
    Case(name, [(drawn(len(ids), H, seed=H), drawn(H, D, seed=D), torch.tensor(ids), 5)],
         right_embedding, EMBEDDING_MISTAKES)
    for name, ids, H, D in [("three symbols, each read once", [4, 0, 2], 2, 2),
                            ("a symbol that comes back", [1, 3, 1, 1], 2, 2),
                            ("more units than inputs", [0, 4, 4, 2, 0], 4, 3)]
]


def embedding(function):
    """Report on `function(d_a (T, H), W, ids (T,), size) -> dE (size, D)`, by the embedding."""
    return examine(function, EMBEDDING_CASES)
