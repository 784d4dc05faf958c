"""The checks of notebook 03: the error's way back, the second pass, segments, the embedding."""
import torch

from .core import Case, examine
from .nb03_text import drawn, embedding, reach, segments

__all__ = ["errors", "second_pass", "segments", "reach", "embedding"]


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
    ("the list is the wrong way round: it was gathered from the last step, so turn it round",
     lambda own, slope, U: right_errors(own, slope, U)[::-1]),
    ("this is the error inside the tanh: return the error at h_t, before the slope of step t",
     lambda own, slope, U: walk_back([s * o for s, o in zip(slope, own, strict=True)],
                                     lambda t, later: slope[t] * U * later)),
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

GRADIENTS = ("dW", "dU", "db", "dV")


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


def overwritten(*places):
    """Gradients of the first step alone in some places: each step has overwritten the last."""
    def function(x, h, d_z, U, V):
        first = gathered(inside(h, d_z, U, V)[:, :1], x[:, :1], h[:, :2], d_z[:, :1])
        whole = right_second(x, h, d_z, U, V)
        return tuple(first[n] if n in places else whole[n] for n in range(4))
    return function


def walk_to_the_right(x, h, d_z, U, V):
    """The errors handed on from the first step to the last."""
    turned = torch.cat([h[:, :1], h[:, 1:].flip(1)], 1)
    return gathered(inside(turned, d_z.flip(1), U, V).flip(1), x, h, d_z)


def swapped(x, h, d_z, U, V):
    """dU in the place of dW."""
    dW, dU, db, dV = right_second(x, h, d_z, U, V)
    return dU, dW, db, dV


OVERWRITTEN = "overwritten at each step: the weights are shared, so the steps add up"


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
    (f"the gradients are {OVERWRITTEN}", overwritten(0, 1, 2, 3)),
    (f"the gradients dW, dU and db are {OVERWRITTEN}", overwritten(0, 1, 2)),
    *((f"{name} is {OVERWRITTEN}", overwritten(n)) for n, name in enumerate(GRADIENTS)),
    ("the errors run from left to right: begin at the last step", walk_to_the_right),
    ("dW and dU are swapped: return dW, dU, db, dV", swapped),
    ("dU is transposed: its rows belong to the errors, its columns to what was read",
     changed(1, lambda d_a, x, h, d_z: torch.einsum("bth,btd->dh", d_a, h[:, :-1]))),
    ("dU uses the new state h_t: U was multiplied by h_(t-1)",
     changed(1, lambda d_a, x, h, d_z: torch.einsum("bth,btd->hd", d_a, h[:, 1:]))),
    ("b is forgotten: its gradient is the sum of d_a over steps and rows",
     changed(2, lambda d_a, x, h, d_z: torch.zeros_like(h[0, 0]))),
    ("dV uses h_(t-1): the output of step t reads h_t",
     changed(3, lambda d_a, x, h, d_z: torch.einsum("btk,bth->kh", d_z, h[:, :-1]))),
    ("dV is that of the last step alone: every step has an output, and they add up",
     changed(3, lambda d_a, x, h, d_z: d_z[:, -1].T @ h[:, -1])),
    ("a mean over the steps: the loss is a sum, so the gradients of the steps add up",
     lambda *given: tuple(value / given[0].shape[1] for value in right_second(*given))),
    ("a mean over the batch and the steps: the loss is a sum, so their gradients add up",
     lambda *given: tuple(value / given[0][..., 0].numel() for value in right_second(*given))),
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
    Case(name, [passes(*sizes, seed=10 * n)], right_second, SECOND_MISTAKES, returns=GRADIENTS)
    for n, (name, *sizes) in enumerate([
        ("one step, one sequence", 1, 1, 2, 2), ("two steps: the error comes back", 1, 2, 2, 2),
        ("a batch of three sequences, five steps", 3, 5, 4, 3)])
]


def second_pass(function):
    """Report on `function(x, h, d_z, U, V) -> (dW, dU, db, dV)`, the second pass for a batch."""
    return examine(function, SECOND_CASES)
