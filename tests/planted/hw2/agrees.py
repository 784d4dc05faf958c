"""Answers to exercise 5 of homework 2: two right ones, and wrong ones with their message."""

import torch


def number_by_number(by_hand, by_differences):
    off = (by_hand - by_differences).abs()
    return bool((off <= 1e-4 * (by_hand.abs() + by_differences.abs())).all())


def largest_ratio(by_hand, by_differences):
    size = torch.maximum(by_hand.abs(), by_differences.abs()).clamp(min=1e-12)
    return ((by_hand - by_differences).abs() / size).max() < 1e-5


def in_a_loop(by_hand, by_differences):
    for a, n in zip(by_hand.flatten().tolist(), by_differences.flatten().tolist()):
        if abs(a - n) > 1e-6 * max(abs(a), abs(n)):
            return False
    return True


def relative(a, b):
    return (a - b).abs() / (a.abs() + b.abs() + 1e-20)


RIGHT = [number_by_number, largest_ratio, in_a_loop]
WRONG = [
    (lambda a, b: abs((a - b).mean().item()) < 1e-5, "distances of both signs cancel"),
    (lambda a, b: (a - b).max().item() < 1e-5, "a distance below zero"),
    (lambda a, b: (a - b).abs().max().item() < 1e-5, "an absolute limit: a gradient of 1e-6"),
    (lambda a, b: (a - b).abs().mean().item() < 1e-5, "an absolute limit"),
    (lambda a, b: (a - b).norm().item() < 1e-5, "an absolute limit"),
    (lambda a, b: torch.allclose(a, b), "torch.allclose forgives 1e-8"),
    (lambda a, b: torch.allclose(a, b, rtol=0.01), "torch.allclose forgives 1e-8"),
    (lambda a, b: ((a - b).norm() / (a.norm() + b.norm() + 1e-20)).item() < 1e-5,
     "hides behind large ones"),
    (lambda a, b: relative(a, b).mean().item() < 1e-3, "hides among many right ones"),
    (lambda a, b: relative(a, b).max().item() < 0.1, "the limit is too wide"),
    (lambda a, b: ((a - b).abs() / (a.abs() + b.abs())).max().item() < 1e-5, "0 / 0"),
    (lambda a, b: abs(a.norm() - b.norm()).item() <= 1e-5 * b.norm().item(),
     "only the lengths are compared"),
    (lambda a, b: torch.cosine_similarity(a.flatten(), b.flatten(), 0, 1e-20).item() > 1 - 1e-5,
     "only the directions are compared"),
    (lambda a, b: torch.equal(a, b), "exact equality"),
    (lambda a, b: not number_by_number(a, b), "turned round"),
    (lambda a, b: True, "always True"),
    (lambda a, b: False, "always False"),
]
