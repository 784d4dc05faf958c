"""Homework 2, exercises 5 and 6: the verdict on a gradient, clipping."""

import torch

from .core import Case
from .drawing import Draw

# --- the verdict --------------------------------------------------------------------------------


def far_apart(a, b):
    """The largest relative distance of two tensors, 0 / 0 counted as 0."""
    return ((a - b).abs() / (a.abs() + b.abs()).clamp(min=1e-30)).max()


def right_agrees(by_hand, by_differences):
    """What is expected: no number is off by more than a small share of its size."""
    return torch.tensor(far_apart(by_hand, by_differences).item() < 1e-3)


def verdict(size, limit=1e-5):
    """A verdict by another measure of the distance; `size` takes both gradients."""
    return lambda a, b: torch.tensor(bool(size(a, b) < limit))


AGREES_MISTAKES = [
    ("distances of both signs cancel in a sum or mean: take their absolute values first",
     verdict(lambda a, b: (a - b).mean().abs())),
    ("a distance below zero is no agreement: take the absolute value",
     verdict(lambda a, b: (a - b).max())),
    ("an absolute limit: a gradient of 1e-6 that is twice too large slips through, and a right "
     "one of 1e6 is accused; divide by the size of the numbers",
     verdict(lambda a, b: (a - b).abs().max())),
    ("torch.allclose forgives 1e-8 whatever the size, so a wrong gradient of 1e-7 slips through: "
     "atol=0", lambda a, b: torch.tensor(torch.allclose(a, b, 1e-4))),
    ("the length of the difference by the length of the gradient: one small number that is quite "
     "wrong hides behind large ones; compare number by number",
     verdict(lambda a, b: (a - b).norm() / (a.norm() + b.norm()).clamp(min=1e-30))),
    ("the mean of the relative distances: one wrong number hides among many right ones; take the "
     "largest", verdict(lambda a, b: ((a - b).abs() / (a.abs() + b.abs()).clamp(min=1e-30)).mean(),
                        1e-3)),
    ("the limit is too wide: a gradient that is 3 % too large is wrong", verdict(far_apart, 0.1)),
    ("0 / 0: where both are 0 they agree; keep the denominator away from 0",
     verdict(lambda a, b: ((a - b).abs() / (a.abs() + b.abs())).max())),
    ("only the lengths are compared: two gradients as long as each other can point anywhere",
     verdict(lambda a, b: (a.norm() - b.norm()).abs() / (a.norm() + b.norm()).clamp(min=1e-30))),
    ("only the directions are compared: a gradient twice too long has the right one",
     verdict(lambda a, b: 1 - torch.cosine_similarity(a.flatten(), b.flatten(), 0, 1e-30))),
    ("the sums are compared: plus and minus cancel",
     verdict(lambda a, b: (a.sum() - b.sum()).abs() / (a.sum().abs() + b.sum().abs()).clamp(
         min=1e-30))),
    ("exact equality: finite differences are never exact, so every right gradient is accused",
     lambda a, b: torch.tensor(bool((a == b).all()))),
    ("turned round: True means that they agree",
     lambda a, b: ~right_agrees(a, b)),
    ("always True: such a check finds nothing", lambda a, b: torch.tensor(True)),
    ("always False: such a check accuses the innocent", lambda a, b: torch.tensor(False)),
]


def measured(gradient, draw):
    """A gradient as finite differences find it: each number off by some 1e-8 of its size."""
    return gradient * (1 + 1e-9 * draw.normal(*gradient.shape).double())


def changed(gradient, place, factor):
    """A gradient with one number multiplied."""
    copy = gradient.clone()
    copy.view(-1)[place] *= factor
    return copy


def pairs_case(name, pairs, weight=1):
    """A case of pairs (by hand, by differences), some to be accepted and some not."""
    return Case(name, pairs, right_agrees, AGREES_MISTAKES, weight=weight)


def agrees_cases(seed):
    """Each case holds right gradients and wrong ones, so that no constant answer passes."""
    draw = Draw(seed + 4)
    three, six = draw.normal(3).double(), draw.normal(2, 3).double()
    even, many = draw.normal(3).double(), draw.normal(6, 10).double()
    return [
        pairs_case("right ones are accepted, one that is 3 % too large is not",
                   [(three, measured(three, draw)), (1.03 * even, measured(even, draw))]),
        pairs_case("two mistakes of opposite sign do not cancel", [
            (three + torch.tensor([0.5, -0.5, 0]).double(), measured(three, draw)),
            (-even, measured(even, draw)), (even, measured(even, draw))]),
        pairs_case("tiny and huge gradients", [
            (scale * factor * three, measured(scale * three, draw))
            for scale in (1e-7, 1e7) for factor in (1, 1.03, 2)], 2),
        pairs_case("one small number is wrong beside large ones", [
            (changed(six, 0, 2e-6), measured(changed(six, 0, 1e-6), draw)),
            (changed(six, 0, 1e-6), measured(changed(six, 0, 1e-6), draw))]),
        pairs_case("one number of sixty is wrong", [
            (changed(many, many.abs().argmax(), 1.03), measured(many, draw)),
            (many, measured(many, draw))]),
        pairs_case("where both are 0 they agree", [
            (changed(three, 1, 0), measured(changed(three, 1, 0), draw)),
            (changed(three, 1, 0), measured(three, draw)), (0 * six, 0 * six)]),
    ]


def agrees_hidden(seed):
    """Larger tensors: one wrong number among many, a gradient with its axes exchanged."""
    draw = Draw(seed + 5)
    many, square = draw.normal(20, 30).double(), draw.normal(4, 4).double()
    return [pairs_case("one number of six hundred is wrong", [
                (changed(many, many.abs().argmax(), 1.03), measured(many, draw)),
                (many, measured(many, draw))]),
            pairs_case("a transposed gradient", [
                (square.T, measured(square, draw)), (square, measured(square, draw))])]


# --- clipping -----------------------------------------------------------------------------------


def right_clipped(gradients, limit):
    """What is expected: torch's own clipping, on copies."""
    leaves = [torch.zeros_like(gradient) for gradient in gradients]
    for leaf, gradient in zip(leaves, gradients, strict=True):
        leaf.grad = gradient.clone()
    torch.nn.utils.clip_grad_norm_(leaves, limit)
    return [leaf.grad for leaf in leaves]


def length(gradients):
    """The length of all gradients together, as one long vector."""
    return torch.cat([gradient.flatten() for gradient in gradients]).norm()


def scaled(factor):
    """All gradients multiplied; `factor` takes them and the limit."""
    return lambda gradients, limit: [factor(gradients, limit) * g for g in gradients]


def shortened(size):
    """Another measure of the length, otherwise right."""
    return scaled(lambda gradients, limit: min(1.0, limit / size(gradients)))


CLIP_MISTAKES = [
    ("each gradient is clipped by its own length, so they turn: one factor, from the length of "
     "all of them together",
     lambda gradients, limit: [g * min(1.0, limit / g.norm()) for g in gradients]),
    ("each number is clipped by itself, so the gradient turns: one factor for all of them",
     lambda gradients, limit: [g.clamp(-limit, limit) for g in gradients]),
    ("the gradient is made as long as the limit even when it was shorter: leave short ones alone",
     scaled(lambda gradients, limit: limit / length(gradients))),
    ("the limit is forgotten: this has length 1",
     scaled(lambda gradients, limit: 1 / length(gradients)
            if length(gradients) > limit else 1.0)),
    ("the lengths are added: together they are the root of the sum of their squares",
     shortened(lambda gradients: sum(g.norm() for g in gradients))),
    ("the longest one alone counts: together they are the root of the sum of their squares",
     shortened(lambda gradients: max(g.norm() for g in gradients))),
    ("the root is missing: this is the sum of the squares",
     shortened(lambda gradients: length(gradients) ** 2)),
    ("absolute values are added: the length is the root of the sum of the squares",
     shortened(lambda gradients: sum(g.abs().sum() for g in gradients))),
    ("a mean of squares: the length is the root of their sum",
     shortened(lambda gradients: torch.cat([g.flatten() for g in gradients]).square().mean()
               .sqrt())),
    ("a long gradient is thrown away: make it shorter, it still points the right way",
     scaled(lambda gradients, limit: float(length(gradients) <= limit))),
    ("the factor is turned over: limit / length, not length / limit",
     scaled(lambda gradients, limit: max(1.0, length(gradients) / limit))),
    ("nothing is clipped", lambda gradients, limit: list(gradients)),
]


def clip_case(name, inputs, weight=1):
    """A case of clipping."""
    return Case(name, inputs, right_clipped, CLIP_MISTAKES, weight=weight)


def clip_cases(seed):
    """Long gradients, and ones that are shorter together than alone a limit would let through."""
    draw = Draw(seed + 6)
    pair = [draw.normal(2) + 3, draw.normal(1)]
    three = [draw.normal(2, 2), draw.normal(2), draw.normal(3)]
    return [
        clip_case("two gradients, too long: shorter, in the same direction", [(pair, 2.0)]),
        clip_case("each short enough, together too long",
                  [([torch.tensor([3.0, 0]), torch.tensor([[0.0], [4.0]])], 4.5)]),
        clip_case("short ones stay as they are, long ones do not",
                  [(three, 100.0), (three, 0.5)]),
    ]


def clip_hidden(seed):
    """The gradients of a network."""
    draw = Draw(seed + 7)
    found = [10 * draw.normal(*shape) for shape in ((6, 4), (6, 6), (6,), (5, 6))]
    return [clip_case("the gradients of a network", [(found, 5.0), (found, 1000.0)])]
