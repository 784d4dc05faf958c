"""Answers to exercise 4 of homework 1: two right ones, and wrong ones with their message."""

import torch


def by_changing(f, x):
    before, found = f(x), torch.zeros(len(x), len(x), dtype=torch.bool)
    for s in range(len(x)):
        other = x.clone()
        other[s] += torch.arange(1, x.shape[1] + 1).to(x) / 3
        found[:, s] = (f(other) != before).any(1)
    return found


def by_derivatives(f, x):
    """Another way: the derivatives of every output by every word, from autograd."""
    with torch.enable_grad():
        slopes = torch.autograd.functional.jacobian(f, x)
    return slopes.abs().sum((1, 3)) > 0


def by_replacing(f, x):
    columns = []
    for s in range(len(x)):
        changed = torch.stack([row if t != s else row * 0.5 - 0.77 for t, row in enumerate(x)])
        columns.append((f(changed) - f(x)).abs().sum(-1) > 0)
    return torch.stack(columns, dim=1)


def wrong(change=lambda x, s: x.index_add(0, torch.tensor([s]), torch.ones_like(x[:1])),
          differs=lambda a, b: (a != b).any(1)):
    """By changing, with another change or another comparison."""
    def reach(f, x):
        found = torch.zeros(len(x), len(x), dtype=torch.bool)
        for s in range(len(x)):
            found[:, s] = differs(f(change(x, s)), f(x))
        return found
    return reach


def zero(x, s):
    x = x.clone()
    x[s] = 0.0
    return x


def first_number(x, s):
    x = x.clone()
    x[s, 0] = x[s, 0] + 1
    return x


def stays_changed(f, x):
    before, x = f(x), x.clone()
    found = torch.zeros(len(x), len(x), dtype=torch.bool)
    for s in range(len(x)):
        x[s] += 1
        found[:, s] = (f(x) != before).any(1)
    return found


RIGHT = [by_changing, by_derivatives, by_replacing]
WRONG = [
    (lambda f, x: by_changing(f, x).T, "rows and columns are exchanged"),
    (wrong(differs=lambda a, b: not torch.equal(a, b)), "compared as a whole"),
    (wrong(first_number), "only the first number of the word is changed"),
    (wrong(differs=lambda a, b: a[:, 0] != b[:, 0]), "the first of the output compared"),
    (wrong(differs=lambda a, b: (a != b).all(1)), "all of an output has to change"),
    (wrong(differs=lambda a, b: ~torch.isclose(a, b).all(1)), "small changes do not count"),
    (wrong(zero), "the word is set to zeros"),
    (stays_changed, "a changed word stays changed"),
    (wrong(differs=lambda a, b: ~torch.isclose(a, b, rtol=0, atol=1e-2).all(1)),
     "small changes do not count"),
    (lambda f, x: ~by_changing(f, x), "turned round"),
    (lambda f, x: torch.ones(len(x), len(x)).tril().bool(), "from left to right"),
    (lambda f, x: torch.diag(by_changing(f, x).diag()), "only asked about its own word"),
    (lambda f, x: torch.ones(len(x), len(x), dtype=torch.bool), "everything depends on everyth"),
]
