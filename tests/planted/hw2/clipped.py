"""Answers to exercise 6 of homework 2: two right ones, and wrong ones with their message."""

import torch


def one_factor(gradients, limit):
    size = torch.cat([g.flatten() for g in gradients]).norm().item()
    return [g * (limit / size) if size > limit else g for g in gradients]


def by_squares(gradients, limit):
    squares = 0.0
    for g in gradients:
        squares += g.pow(2).sum().item()
    shorter = []
    for g in gradients:
        copy = g.clone()
        if squares > limit ** 2:
            copy *= limit / squares ** 0.5
        shorter.append(copy)
    return tuple(shorter)


def as_found(gradients, limit):
    for g in gradients:
        size = g.norm()
        if size > limit:
            g *= limit / size
    return gradients


def each_alone(gradients, limit):
    return [limit * g / g.norm() if g.norm() > limit else g for g in gradients]


def in_place(gradients, limit):
    size = sum((g ** 2).sum() for g in gradients) ** 0.5
    for g in gradients:
        if size > limit:
            g *= limit / size
    return gradients


def with_size(measure):
    """Clipping by another measure of the length."""
    def clipped(gradients, limit):
        size = float(measure(gradients))
        return [g * limit / size if size > limit else g for g in gradients]
    return clipped


def whole(gradients):
    return sum((g ** 2).sum() for g in gradients) ** 0.5


RIGHT = [one_factor, by_squares]
WRONG = [
    (as_found, "each gradient is clipped by its own length"),
    (each_alone, "each gradient is clipped by its own length"),
    (in_place, "changes its input in place"),
    (lambda gradients, limit: [torch.clamp(g, -limit, limit) for g in gradients],
     "each number is clipped by itself"),
    (lambda gradients, limit: [limit * g / whole(gradients) for g in gradients],
     "even when it was shorter"),
    (lambda gradients, limit: [g / max(1.0, whole(gradients)) if whole(gradients) > limit else g
                               for g in gradients], "the limit is forgotten"),
    (with_size(lambda gradients: sum(g.norm() for g in gradients)), "the lengths are added"),
    (with_size(lambda gradients: max(g.norm() for g in gradients)), "the longest one alone"),
    (with_size(lambda gradients: sum((g ** 2).sum() for g in gradients)), "the root is missing"),
    (with_size(lambda gradients: sum(g.abs().sum() for g in gradients)),
     "absolute values are added"),
    (lambda gradients, limit: [g if whole(gradients) <= limit else 0 * g for g in gradients],
     "a long gradient is thrown away"),
    (lambda gradients, limit: [g * max(1.0, whole(gradients) / limit) for g in gradients],
     "the factor is turned over"),
    (lambda gradients, limit: gradients, "nothing is clipped"),
]
