"""Answers to exercise 4 of homework 6: two right ones, and wrong ones with their message."""

import torch
from torch.autograd.functional import jacobian


def backwards(step, x, h0):
    h, steps = h0, []
    for x_t in x:
        steps.append(jacobian(lambda h: step(x_t, h), h))  # noqa: B023 - used at once
        h = step(x_t, h)
    J = torch.eye(len(h0), dtype=h0.dtype)
    sizes = [torch.linalg.matrix_norm(J, 2)]
    for one in reversed(steps):
        J = J @ one
        sizes.append(torch.linalg.matrix_norm(J, 2))
    return torch.stack(sizes[::-1])


def by_rows(step, x, h0):
    """Another way: the derivative of each number of h_T by every state, all states kept."""
    with torch.enable_grad():
        states = [h0.clone().requires_grad_()]
        for x_t in x:
            states.append(step(x_t, states[-1]))
        rows = [torch.autograd.grad(number, states, retain_graph=True) for number in states[-1]]
    return torch.stack([torch.linalg.svdvals(torch.stack(parts)).max() for parts in zip(*rows)])


def matrices(step, x, h0):
    """The matrices dh_T/dh_t and the single steps."""
    h, steps = h0, []
    for x_t in x:
        steps.append(jacobian(lambda h: step(x_t, h), h))  # noqa: B023 - used at once
        h = step(x_t, h)
    found = [torch.eye(len(h0), dtype=h0.dtype)]
    for one in reversed(steps):
        found.insert(0, found[0] @ one)
    return torch.stack(found), steps


def spectral(J):
    return torch.linalg.matrix_norm(J, 2)


def product_of_sizes(step, x, h0):
    sizes = [torch.ones((), dtype=h0.dtype)]
    for one in reversed(matrices(step, x, h0)[1]):
        sizes.insert(0, sizes[0] * spectral(one))
    return torch.stack(sizes)


def wrong_order(step, x, h0):
    J, sizes = torch.eye(len(h0), dtype=h0.dtype), []
    for one in reversed(matrices(step, x, h0)[1]):
        J = one @ J
        sizes.append(spectral(J))
    return torch.stack([*sizes[::-1], torch.ones_like(h0[0])])


def forward_only(step, x, h0):
    J, sizes = torch.eye(len(h0), dtype=h0.dtype), []
    for one in matrices(step, x, h0)[1]:
        sizes.append(spectral(J))
        J = one @ J
    return torch.stack([*sizes, spectral(J)])


def always_at_h0(step, x, h0):
    J = torch.eye(len(h0), dtype=h0.dtype)
    sizes = [spectral(J)]
    for x_t in reversed(x):
        J = J @ jacobian(lambda h: step(x_t, h), h0)  # noqa: B023 - used at once
        sizes.append(spectral(J))
    return torch.stack(sizes[::-1])


def of_the_sum(step, x, h0):
    return torch.stack([(torch.ones_like(h0) @ J).norm() for J in matrices(step, x, h0)[0]])


RIGHT = [backwards, by_rows]
WRONG = [
    (lambda *given: torch.linalg.matrix_norm(matrices(*given)[0]), "(Frobenius)"),
    (lambda *given: matrices(*given)[0].abs().flatten(1).max(1).values, "the largest single numb"),
    (lambda *given: torch.linalg.eigvals(matrices(*given)[0]).abs().max(1).values,
     "the largest eigenvalue"),
    (of_the_sum, "the gradient of the sum of h_T"),
    (lambda step, x, h0: torch.stack([*map(spectral, matrices(step, x, h0)[1]),
                                      torch.ones_like(h0[0])]), "these are single steps"),
    (product_of_sizes, "the sizes of the steps are multiplied"),
    (wrong_order, "in the wrong order"),
    (forward_only, "these are dh_t/dh_0"),
    (lambda *given: backwards(*given).flip(0), "the wrong way round"),
    (lambda *given: backwards(*given)[:-1], "t = T is missing"),
    (lambda *given: backwards(*given)[1:], "t = 0 is missing"),
    (always_at_h0, "each step is taken at h_0"),
]
