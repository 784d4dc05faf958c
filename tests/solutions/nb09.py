"""Right and wrong answers to the exercises of notebook 09, for the tests alone."""

import torch
from torch import nn

# Exercise 1: the Jacobian of a step


def jacobian(h, U):
    return torch.diag(1 - h * h) @ U


def by_autograd(h, U):
    a = torch.atanh(h)
    before = torch.linalg.solve(U, a)
    return torch.autograd.functional.jacobian(lambda s: torch.tanh(U @ s), before)


JACOBIANS = [jacobian, by_autograd, lambda h, U: torch.einsum("i,ij->ij", 1 - h.square(), U)]

WRONG_JACOBIANS = [
    (lambda h, U: torch.diag(1 - h.tanh() ** 2) @ U, "the slope is taken at h"),
    (lambda h, U: U.T @ torch.diag(1 - h * h), "transposed: row i"),
    (lambda h, U: U @ torch.diag(1 - h * h), "multiply the columns"),
    (lambda h, U: torch.diag(1 - h * h) @ U.T, "U is transposed"),
    (lambda h, U: 1.0 * U, "the slope of tanh is missing"),
    (lambda h, U: torch.diag(1 - h * h), "U is missing"),
    (lambda h, U: torch.diag(1 - h) @ U, "the square is missing"),
    (lambda h, U: torch.diag(h - h * h) @ U, "the slope of the sigmoid"),
]

# Exercise 2: the product


def product(J):
    return right_to_left(J.flip(0))


def right_to_left(J):
    P = J[0]
    for K in J[1:]:
        P = P @ K
    return P


PRODUCTS = [product, lambda J: J[0] if len(J) == 1 else torch.linalg.multi_dot(list(J.flip(0)))]

WRONG_PRODUCTS = [
    (right_to_left, "the order is wrong"),
    (lambda J: product(J).T, "transposed: the product is right"),
    (lambda J: J.prod(0), "number by number"),
    (lambda J: J.sum(0), "added"),
    (lambda J: product(J[:-1]) if len(J) > 1 else torch.eye(J.shape[1]).to(J),
     "the last Jacobian is left out"),
    (lambda J: product(J[1:]) if len(J) > 1 else torch.eye(J.shape[1]).to(J),
     "the first Jacobian is left out"),
    (lambda J: 1.0 * J[-1], "only the last Jacobian"),
    (lambda J: torch.stack([K.svd().S.max() for K in J]).prod(), "expected"),
]

# Exercise 3: reach


def reach(norms, least):
    small = (norms.flip(0)[1:] < least).nonzero()
    return small[0].item() if len(small) else len(norms) - 1


def reach_by_hand(norms, least):
    k = 0
    for norm in reversed(norms[:-1].tolist()):
        if norm < least:
            break
        k += 1
    return k


REACHES = [reach, reach_by_hand]

WRONG_REACHES = [
    (lambda norms, least: reach(norms.flip(0), least), "the wrong index"),
    (lambda norms, least: reach(norms, least) + 1, "one too many"),
    (lambda norms, least: (norms[:-1] >= least).sum().item(), "beyond a gap"),
    (lambda norms, least: (norms >= least).sum().item(), "the last state included"),
    (lambda norms, least: len(norms) - 1 - reach(norms, least), "this is the step t"),
]

# Exercise 4: the mistake in clipping


def clip(gradients, most):
    norm = torch.cat([g.flatten() for g in gradients]).norm().item()
    return [g * most / norm if norm > most else 1.0 * g for g in gradients]


def clip_by_torch(gradients, most):
    weights = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for weight, g in zip(weights, gradients, strict=True):
        weight.grad = g.clone()
    nn.utils.clip_grad_norm_(weights, most)
    return [weight.grad for weight in weights]


CLIPS = [clip, clip_by_torch]


def clip_apart(gradients, most):
    return [g * min(1.0, most / max(g.norm().item(), 1e-12)) for g in gradients]


def scaled(norm):
    """A clipping with another idea of the norm."""
    def function(gradients, most):
        factor = min(1.0, most / max(norm(gradients), 1e-12))
        return [g * factor for g in gradients]
    return function


def whole(gradients):
    return torch.cat([g.flatten() for g in gradients]).norm().item()


WRONG_CLIPS = [
    (clip_apart, "each tensor is clipped apart"),
    (lambda gradients, most: [g.clip(-most, most) for g in gradients], "clipped by value"),
    (lambda gradients, most: [g / whole(gradients) * most for g in gradients], "always scaled"),
    (lambda gradients, most: clip(gradients, 1.0), "scaled to length 1"),
    (scaled(lambda gradients: whole(gradients) ** 2), "the root is missing"),
    (scaled(lambda gradients: sum(g.norm().item() for g in gradients)), "are added"),
    (scaled(lambda gradients: max(g.norm().item() for g in gradients)), "the largest norm"),
    (lambda gradients, most: [1.0 * g for g in gradients], "nothing is clipped"),
]

# Exercise 5: pairs for a probe


def pairs(h, ids, k):
    return h[k:], ids[: len(ids) - k]


def pairs_by_hand(h, ids, k):
    found = [(h[t], ids[t - k]) for t in range(k, len(h))]
    return torch.stack([s for s, _ in found]), torch.stack([i for _, i in found])


PAIRS = [pairs, pairs_by_hand]

WRONG_PAIRS = [
    (lambda h, ids, k: (h[: len(h) - k], ids[k:]), "the wrong direction"),
    (lambda h, ids, k: (h[k:], ids[k:]), "not shifted"),
    (lambda h, ids, k: (h, torch.cat([ids[len(ids) - k:], ids[: len(ids) - k]])), "in a circle"),
    (lambda h, ids, k: (h[k + 1:], ids[: -k - 1]), "one step too far"),
    (lambda h, ids, k: pairs(h, ids, k)[::-1], "swapped"),
    (lambda h, ids, k: (h[k:], ids[:-k]), "does not hold"),
]
