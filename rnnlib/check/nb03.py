"""The checks of notebook 03: the error's way back, the second pass, segments, the embedding."""
import re

import torch

from .core import Case, Report, examine


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- the error at each state, one unit ----------------------------------------------------------


def right_errors(own, slope, U):
    """What is expected: own part and part from the future at each step, from the last backwards."""
    return walk_back(own, lambda t, later: U * slope[t + 1] * later)


def walk_back(own, future):
    """Errors from the last step to the first; `future(t, error at t + 1)` is what comes back."""
    found = list(own)
    for t in reversed(range(len(own) - 1)):
        found[t] = own[t] + future(t, found[t + 1])
    return found


def from_the_left(own, slope, U):
    """Errors handed on from the first step to the last."""
    found = list(own)
    for t in range(1, len(own)):
        found[t] = own[t] + U * slope[t - 1] * found[t - 1]
    return found


ERROR_MISTAKES = [
    ("the error from the future is missing: h_t also went into h_(t+1)",
     lambda own, slope, U: list(own)),
    ("the slope belongs to the wrong step: the error from t+1 goes through the tanh of step t+1",
     lambda own, slope, U: walk_back(own, lambda t, later: U * slope[t] * later)),
    ("the slope is missing: on its way back the error also goes through a tanh",
     lambda own, slope, U: walk_back(own, lambda t, later: U * later)),
    ("U is missing: between h_t and h_(t+1) stands the weight U",
     lambda own, slope, U: walk_back(own, lambda t, later: slope[t + 1] * later)),
    ("only one step of the future: pass on the whole error of step t+1, not its own part alone",
     lambda own, slope, U: walk_back(own, lambda t, later: U * slope[t + 1] * own[t + 1])),
    ("the errors run from left to right: begin at the last step", from_the_left),
    ("this is the error inside the tanh: return the error at h_t, before the slope of step t",
     lambda own, slope, U: [s * e for s, e in zip(slope, right_errors(own, slope, U))]),
]

ERROR_CASES = [
    Case(name, [arguments], right_errors, ERROR_MISTAKES) for name, arguments in [
        ("one step has no future", ([0.3], [0.75], 0.8)),
        ("the error of the last step reaches the one before", ([0.1, 1.0], [0.36, 0.75], 0.8)),
        ("the three words on paper", ([0.2, -0.2, 1.0], [0.75, 0.75, 0.75], 0.8)),
        ("five steps, slopes that differ",
         ([0.5, -0.25, 0.0, 0.1, 0.4], [1.0, 0.5, 0.75, 0.36, 0.64], -1.25))]
]


def errors(function):
    """Report on `function(own, slope, U) -> errors`, lists of one number for each step."""
    return examine(function, ERROR_CASES)


# --- the second pass, a batch -------------------------------------------------------------------


def slope_of(h, t):
    """The derivative of tanh at step t, from the state itself."""
    return 1 - h[:, t] ** 2


def to_the_left(d_h, d_a, U):
    """The error that goes to the state before."""
    return d_a @ U


def inside(h, d_z, U, V, slope=slope_of, send=to_the_left):
    """The errors inside the tanh of every step (B, T, H), with a slope and a way back to choose."""
    found, future = [], torch.zeros_like(h[:, 0])
    for t in range(d_z.shape[1], 0, -1):
        d_h = d_z[:, t - 1] @ V + future
        found.append(slope(h, t) * d_h)
        future = send(d_h, found[-1], U)
    return torch.stack(found[::-1], 1)


def gathered(d_a, x, h, d_z):
    """(dW, dU, db, dV) from the errors inside the tanh: products of errors with what was read."""
    dW, dU = (torch.einsum("bth,btd->hd", d_a, read) for read in (x, h[:, :-1]))
    return dW, dU, d_a.sum((0, 1)), torch.einsum("btk,bth->kh", d_z, h[:, 1:])


def right_second(x, h, d_z, U, V):
    """What is expected of the second pass."""
    return gathered(inside(h, d_z, U, V), x, h, d_z)


def varied(slope=slope_of, send=to_the_left):
    """A second pass with one of its two local rules changed."""
    return lambda x, h, d_z, U, V: gathered(inside(h, d_z, U, V, slope, send), x, h, d_z)


def changed(place, change):
    """A second pass with another value in one place; `change` takes d_a, x, h and d_z."""
    def function(x, h, d_z, U, V):
        found, d_a = list(right_second(x, h, d_z, U, V)), inside(h, d_z, U, V)
        found[place] = change(d_a, x, h, d_z)
        return tuple(found)
    return function


def overwritten(x, h, d_z, U, V):
    """The gradients of the first step alone: what is left when each step overwrites the last."""
    return gathered(inside(h, d_z, U, V)[:, :1], x[:, :1], h[:, :2], d_z[:, :1])


SECOND_MISTAKES = [
    ("the error from the future is missing: h_t also went into the next step",
     varied(send=lambda d_h, d_a, U: torch.zeros_like(d_h))),
    ("the derivative of tanh is missing", varied(slope=lambda h, t: torch.ones_like(h[:, t]))),
    ("the derivative of tanh is taken at the wrong place: h is already tanh(a), "
     "so it is 1 - h ** 2, without another tanh",
     varied(slope=lambda h, t: 1 - torch.tanh(h[:, t]) ** 2)),
    ("the derivative of tanh belongs to the wrong step: use h_t, not h_(t-1)",
     varied(slope=lambda h, t: 1 - h[:, t - 1] ** 2)),
    ("U is not transposed: forward it is h @ U.T, so the error goes back by d_a @ U",
     varied(send=lambda d_h, d_a, U: d_a @ U.T)),
    ("the error goes back past the tanh: send on d_a, not d_h",
     varied(send=lambda d_h, d_a, U: d_h @ U)),
    ("the gradients are overwritten at each step: the weights are shared, so they add up",
     overwritten),
    ("dU uses the new state h_t: U was multiplied by h_(t-1)",
     changed(1, lambda d_a, x, h, d_z: torch.einsum("bth,btd->hd", d_a, h[:, 1:]))),
    ("b is forgotten: its gradient is the sum of d_a over steps and rows",
     changed(2, lambda d_a, x, h, d_z: torch.zeros_like(h[0, 0]))),
    ("dV uses h_(t-1): the output of step t reads h_t",
     changed(3, lambda d_a, x, h, d_z: torch.einsum("btk,bth->kh", d_z, h[:, :-1]))),
    ("a mean over the batch: the loss is a sum, so the gradients of the rows add up",
     lambda *given: tuple(value / len(given[0]) for value in right_second(*given))),
]


def passes(B, T, D, H, seed):
    """Arguments of a second pass (x, h, d_z, U, V), with the states of a true first pass."""
    W, U, V = drawn(H, D, seed=seed), drawn(H, H, seed=seed + 1), drawn(3, H, seed=seed + 2)
    b, x = drawn(H, seed=seed + 3), drawn(B, T, D, seed=seed + 4)
    h = [0.5 * drawn(B, H, seed=seed + 5)]
    for x_t in x.unbind(1):
        h.append(torch.tanh(x_t @ W.T + h[-1] @ U.T + b))
    return x, torch.stack(h, 1), drawn(B, T, 3, seed=seed + 6), U, V


SECOND_CASES = [
    Case(name, [passes(*sizes, seed=10 * n)], right_second, SECOND_MISTAKES)
    for n, (name, *sizes) in enumerate([
        ("one step, one sequence", 1, 1, 2, 2), ("two steps: the error comes back", 1, 2, 2, 2),
        ("a batch of three sequences, five steps", 3, 5, 4, 3)])
]


def second_pass(function):
    """Report on `function(x, h, d_z, U, V) -> (dW, dU, db, dV)`, the second pass for a batch."""
    return examine(function, SECOND_CASES)


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
    ("the state h_t itself is counted: the earlier ones are asked for",
     lambda t, k: (t - 1) % k + 1),
    ("steps are counted from 1: the first step of a segment reaches nothing", lambda t, k: t % k),
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
