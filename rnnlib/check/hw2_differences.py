"""Homework 2, exercise 4: finite differences."""

import torch

from .core import Case
from .drawing import Draw
from .hw2_inside import Bent, Cubes


def moved(w, place, by):
    """A copy of w with one number moved."""
    copy = w.clone()
    copy.view(-1)[place] += by
    return copy


def slopes(w, slope):
    """A tensor like w with slope(place) at each place."""
    return torch.stack([torch.as_tensor(slope(n)) for n in range(w.numel())]).view_as(w).to(w)


def right_numerical(f, w, epsilon):
    """What is expected: up and down by epsilon, one number at a time."""
    return slopes(w, lambda n: (f(moved(w, n, epsilon)) - f(moved(w, n, -epsilon)))
                  / (epsilon + epsilon))


def staying(f, w, epsilon):
    """Each number is moved up and stays there while the others are moved."""
    w = w.clone()

    def slope(n):
        low = f(moved(w, n, -epsilon))
        w.view(-1)[n] += epsilon
        return (f(w) - low) / (epsilon + epsilon)
    return slopes(w, slope)


def drifting(f, w, epsilon):
    """Moved up, moved down by two, never put back."""
    w = w.clone()

    def slope(n):
        w.view(-1)[n] += epsilon
        high = f(w)
        w.view(-1)[n] -= 2 * epsilon
        return (high - f(w)) / (epsilon + epsilon)
    return slopes(w, slope)


def with_a_view(f, w, epsilon):
    """The number that was to be kept is a view of w, so it moves with w."""
    w = w.clone()

    def slope(n):
        kept = w.view(-1)[n]
        w.view(-1)[n] = kept + epsilon
        high = f(w)
        w.view(-1)[n] = kept - epsilon
        return (high - f(w)) / (epsilon + epsilon)
    return slopes(w, slope)


def row_by_row(f, w, epsilon):
    """All numbers of w[n] are moved at once, and share one slope."""
    found = torch.zeros_like(w)
    for n in range(len(w)):
        step = torch.zeros_like(w)
        step[n] = epsilon
        found[n] = (f(w + step) - f(w - step)) / (epsilon + epsilon)
    return found


NUMERICAL_MISTAKES = [
    ("one side only: L(w + epsilon) - L(w) is off by a term as large as epsilon; go up and down",
     lambda f, w, epsilon: slopes(w, lambda n: (f(moved(w, n, epsilon)) - f(w)) / epsilon)),
    ("one side only: L(w) - L(w - epsilon) is off by a term as large as epsilon; go up and down",
     lambda f, w, epsilon: slopes(w, lambda n: (f(w) - f(moved(w, n, -epsilon))) / epsilon)),
    ("twice too large: from w - epsilon to w + epsilon it is 2 epsilon",
     lambda f, w, epsilon: 2 * right_numerical(f, w, epsilon)),
    ("it reads / 2 * epsilon: Python divides by 2 and then multiplies; write / (2 * epsilon)",
     lambda f, w, epsilon: right_numerical(f, w, epsilon) * epsilon**2),
    ("not divided: a difference of losses is no slope yet",
     lambda f, w, epsilon: right_numerical(f, w, epsilon) * 2 * epsilon),
    ("half a step each way: the exercise asks for epsilon up and epsilon down",
     lambda f, w, epsilon: right_numerical(f, w, epsilon / 2)),
    ("all numbers are moved at once: move one, and leave the others where they are",
     lambda f, w, epsilon: slopes(w, lambda n: (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon))),
    ("a number stays where it was moved while the next one is moved: put it back", staying),
    ("a number stays below its place while the next one is moved: put it back", drifting),
    ("the number that you keep is a view of w and moves with it: keep w[i].item(), or change a "
     "copy of w", with_a_view),
    ("a whole row is moved at once: w may have more than one axis, move one number of it",
     row_by_row),
    ("the sign is turned round: up minus down",
     lambda f, w, epsilon: -right_numerical(f, w, epsilon)),
    ("the shape of w is lost: a gradient has the shape of its weights",
     lambda f, w, epsilon: right_numerical(f, w, epsilon).flatten()),
    ("epsilon is a share of the weight here: add it, whatever the size of the weight",
     lambda f, w, epsilon: slopes(w, lambda n: (
         f(moved(w, n, epsilon * w.view(-1)[n])) - f(moved(w, n, -epsilon * w.view(-1)[n])))
         / (2 * epsilon * w.view(-1)[n]))),
]


def numerical_case(name, arguments, weight=1):
    """A case of finite differences, in numbers of 64 bits."""
    return Case(name, [arguments], right_numerical, NUMERICAL_MISTAKES, 1e-7, weight=weight)


def numerical_cases(seed):
    """One number, three numbers, a matrix whose numbers depend on one another."""
    draw = Draw(seed + 2)

    def cubes(*shape):
        return Cubes(draw.normal(*shape).double(), draw.normal(*shape).double()), \
            draw.normal(*shape).double()
    return [
        numerical_case("one number", (*cubes(1), 0.1)),
        numerical_case("three numbers, moved one at a time", (*cubes(3), 0.1)),
        numerical_case("a matrix whose numbers depend on one another",
                       (Bent(draw.normal(2, 2).double()), draw.normal(2, 2).double(), 0.1), 2),
    ]


def numerical_hidden(seed):
    """Larger, with three axes, and with the epsilon that is used in earnest."""
    draw = Draw(seed + 3)
    c, d, w = (draw.normal(2, 3, 2).double() for _ in range(3))
    return [numerical_case("three axes", (Cubes(c, d), w, 0.01)),
            numerical_case("a tiny epsilon", (
                Bent(draw.normal(4, 3).double() / 2), draw.normal(3, 5).double(), 1e-4))]
