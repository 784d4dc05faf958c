"""The checks of notebook 09: a step's Jacobian, the product, reach, clipping, pairs."""

import math

import torch

from .core import Case, examine


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# --- the Jacobian of one step -------------------------------------------------------------------


def right_jacobian(h, U):
    """What is expected: dh_t/dh_(t-1) of h_t = tanh(... + U h_(t-1) + ...), from h_t and U."""
    return (1 - h**2)[:, None] * U


JACOBIAN_MISTAKES = [
    ("the slope is taken at h: h is already tanh(a), so the slope at a is 1 - h**2",
     lambda h, U: (1 - torch.tanh(h) ** 2)[:, None] * U),
    ("transposed: row i, column j says how h_t[i] follows h_(t-1)[j]",
     lambda h, U: ((1 - h**2)[:, None] * U).T),
    ("the slopes multiply the columns of U: they belong to the units after the step, the rows",
     lambda h, U: U * (1 - h**2)),
    ("U is transposed: a = U h, so da[i]/dh[j] is U[i, j]",
     lambda h, U: (1 - h**2)[:, None] * U.T),
    ("the slope of tanh is missing: this is the Jacobian of a network without g",
     lambda h, U: U.clone()),
    ("U is missing: the state before the step is read through U",
     lambda h, U: torch.diag(1 - h**2)),
    ("the square is missing: the slope of tanh is 1 - h**2, not 1 - h",
     lambda h, U: (1 - h)[:, None] * U),
    ("h (1 - h) is the slope of the sigmoid", lambda h, U: (h * (1 - h))[:, None] * U),
]

JACOBIAN_CASES = [
    Case(name, [(torch.tanh(drawn(H, seed=H)), drawn(H, H, seed=H + 50))], right_jacobian,
         JACOBIAN_MISTAKES, 1e-10)
    for name, H in [("one unit", 1), ("two units", 2), ("four units", 4)]
]


def jacobian(function):
    """Report on `function(h (H,), U (H, H)) -> dh_t/dh_(t-1) (H, H)`, h after the step."""
    return examine(function, JACOBIAN_CASES)


# --- the product over time ----------------------------------------------------------------------


def right_product(J):
    """What is expected: J[-1] ... J[1] J[0] for J (K, H, H), the latest step on the left."""
    P = torch.eye(J.shape[-1], dtype=J.dtype)
    for J_t in J:
        P = J_t @ P
    return P


def chained(J, times):
    """The Jacobians combined from the first to the last by `times`."""
    P = J[0]
    for J_t in J[1:]:
        P = times(P, J_t)
    return P


PRODUCT_MISTAKES = [
    ("the order is wrong: J_T stands on the left, J_(t+1) on the right, next to dh_t",
     lambda J: chained(J, lambda P, K: P @ K)),
    ("transposed: the product is right, then turned round",
     lambda J: right_product(J).T),
    ("multiplied number by number: the chain rule multiplies matrices, @ and not *",
     lambda J: chained(J, lambda P, K: P * K)),
    ("added: what is one after the other is multiplied", lambda J: J.sum(0)),
    ("the last Jacobian is left out: every step counts", lambda J: right_product(J[:-1])),
    ("the first Jacobian is left out: every step counts", lambda J: right_product(J[1:])),
    ("only the last Jacobian is left: the loop forgets the product so far", lambda J: J[-1]),
    ("the norms are multiplied: the product of norms is a bound, not the Jacobian",
     lambda J: torch.linalg.matrix_norm(J, ord=2).prod()),
]

PRODUCT_CASES = [
    Case(name, [(drawn(K, H, H, seed=K),)], right_product, PRODUCT_MISTAKES, 1e-10)
    for name, K, H in [("one step", 1, 2), ("two steps", 2, 2), ("five steps", 5, 3)]
]


def product(function):
    """Report on `function(J (K, H, H), earliest first) -> derivative over K steps (H, H)`."""
    return examine(function, PRODUCT_CASES)


# --- how far a gradient reaches -----------------------------------------------------------------


def right_reach(norms, least):
    """What is expected: the largest k with a norm >= least at every distance up to k."""
    k = 0
    while k + 1 < len(norms) and norms[len(norms) - 2 - k] >= least:
        k += 1
    return k


REACH_MISTAKES = [
    ("the wrong index: norms[t] belongs to step t; the distance k is counted from the end",
     lambda norms, least: right_reach(norms.flip(0), least)),
    ("one too many: the last state itself is at distance 0",
     lambda norms, least: right_reach(norms, least) + 1),
    ("every large norm is counted, also beyond a gap: stop at the first one that is too small",
     lambda norms, least: int((norms >= least).sum()) - 1),
    ("every large norm is counted, the last state included",
     lambda norms, least: int((norms >= least).sum())),
    ("this is the step t, not the distance T - t",
     lambda norms, least: len(norms) - 1 - right_reach(norms, least)),
    ("this is the distance at which the norm first falls below: one step less still counts",
     lambda norms, least: min(right_reach(norms, least) + 1, len(norms) - 1)),
]

REACH_CASES = [
    Case("norms that fall with the distance",
         [(torch.tensor([0.125, 0.25, 0.5, 1.0]), 0.2)], right_reach, REACH_MISTAKES),
    Case("norms that rise again after a gap",
         [(torch.tensor([2.0, 3.0, 0.05, 0.1, 0.05, 0.1, 0.3, 0.6, 1.0]), 0.2)], right_reach,
         REACH_MISTAKES),
    Case("norms that never fall", [(torch.ones(5), 0.5)], right_reach, REACH_MISTAKES),
    Case("norms that fall at once", [(torch.tensor([0.0, 0.01, 1.0]), 0.1)], right_reach,
         REACH_MISTAKES),
]


def reach(function):
    """Report on `function(norms (T,), least) -> how many steps back the norm stays >= least`."""
    return examine(function, REACH_CASES)


# --- clipping -----------------------------------------------------------------------------------


def total(gradients):
    """The norm of all gradients as one long vector."""
    return math.sqrt(sum((g**2).sum().item() for g in gradients))


def right_clip(gradients, most):
    """What is expected: one factor for all, so that the total norm is at most `most`."""
    factor = min(1.0, most / total(gradients)) if total(gradients) > 0 else 1.0
    return [g * factor for g in gradients]


def apart(gradients, most):
    """The published mistake of the exercise: a factor for each tensor."""
    return [right_clip([g], most)[0] for g in gradients]


CLIP_MISTAKES = [
    ("each tensor is clipped apart, which turns the direction: one norm, one factor", apart),
    ("clipped by value: each number is cut off by itself, which turns the direction",
     lambda gradients, most: [g.clamp(-most, most) for g in gradients]),
    ("always scaled: a gradient that is short enough stays as it is",
     lambda gradients, most: [g * most / total(gradients) for g in gradients]),
    ("scaled to length 1 and not to `most`",
     lambda gradients, most: [g * min(1.0, 1.0 / total(gradients)) for g in gradients]),
    ("the root is missing: the norm is the root of the sum of squares",
     lambda gradients, most: [g * min(1.0, most / total(gradients) ** 2) for g in gradients]),
    ("the norms of the tensors are added: squares are added, then comes the root",
     lambda gradients, most: [g * min(1.0, most / sum(total([k]) for k in gradients))
                              for g in gradients]),
    ("the largest norm of a tensor is taken: the norm of the whole gradient is longer",
     lambda gradients, most: [g * min(1.0, most / max(total([k]) for k in gradients))
                              for g in gradients]),
    ("nothing is clipped", lambda gradients, most: [g.clone() for g in gradients]),
]

CLIP_CASES = [
    Case("two tensors, total norm 5 clipped to 1",
         [([torch.tensor([3.0]), torch.tensor([4.0])], 1.0)], right_clip, CLIP_MISTAKES),
    Case("a short gradient stays as it is",
         [([torch.tensor([0.3, 0.0]), torch.tensor([0.4])], 1.0)], right_clip, CLIP_MISTAKES),
    Case("tensors of several shapes, clipped to 2",
         [([drawn(3, 2, seed=1), 4 * drawn(4, seed=2), 0.1 * drawn(2, seed=3)], 2.0)], right_clip,
         CLIP_MISTAKES),
    Case("no gradient at all", [([torch.zeros(2)], 1.0)], right_clip, []),
]


def clip(function):
    """Report on `function(list of gradients, most) -> list of gradients, total norm <= most`."""
    return examine(function, CLIP_CASES)


# --- pairs for a probe --------------------------------------------------------------------------


def right_pairs(h, ids, k):
    """What is expected: each state with the symbol read k steps before it."""
    return h[k:], ids[: len(ids) - k]


PAIRS_MISTAKES = [
    ("the wrong direction: these symbols come k steps after the state, it has not read them yet",
     lambda h, ids, k: (h[: len(h) - k], ids[k:])),
    ("not shifted: the state and the symbol it has read last, whatever k is",
     lambda h, ids, k: (h[k:], ids[k:])),
    ("not shifted: the state and the symbol it has read last, whatever k is",
     lambda h, ids, k: (h, ids)),
    ("turned round in a circle: the first states are paired with the end of the text",
     lambda h, ids, k: (h, ids.roll(k))),
    ("one step too far: h_t has read x_t, so k = 0 is the symbol at t itself",
     lambda h, ids, k: (h[k + 1:], ids[: len(ids) - k - 1])),
    ("the two are swapped: states first, then symbols",
     lambda h, ids, k: right_pairs(h, ids, k)[::-1]),
]

PAIRS_CASES = [
    Case(name, [(drawn(T, 2, seed=T), torch.arange(T) * 10, k)], right_pairs, PAIRS_MISTAKES)
    for name, T, k in [("the symbol just read, k = 0", 3, 0), ("one step back", 3, 1),
                       ("three steps back", 7, 3)]
]


def pairs(function):
    """Report on `function(h (T, H), ids (T,), k) -> (states, symbols k steps before them)`."""
    return examine(function, PAIRS_CASES)
