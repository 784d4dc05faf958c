"""The checks of homework 2: backpropagation through time, by hand and checked."""

import torch

from .core import Case
from .drawing import Draw
from .exercise import Exercise
from .hw2_back import (
    STEP_MISTAKES,
    STEP_NAMES,
    TIME_MISTAKES,
    TIME_NAMES,
    right_bptt,
    right_step_back,
)
from .hw2_differences import numerical_cases, numerical_hidden
from .hw2_loss import loss_cases, loss_hidden
from .hw2_numbers import (
    agrees_cases,
    agrees_hidden,
    clip_cases,
    clip_hidden,
)

CLOSED = ("bptt",)
"""Modules of rnnlib that would solve the exercises."""

BY_HAND = (
    ("backward", "uses autograd: the exercise asks for the way back by hand"),
    ("autograd", "uses autograd: the exercise asks for the way back by hand"),
    ("requires_grad", "uses autograd: the exercise asks for the way back by hand"),
)


# --- one step back ------------------------------------------------------------------------------


def step_given(draw, B, D, H):
    """(d_h, x, h_old, h_new, W, U) of a true step."""
    W, U, b = draw.normal(H, D) / 2, draw.normal(H, H) / 2, draw.normal(H) / 2
    x, h_old = draw.normal(B, D), torch.tanh(draw.normal(B, H))
    return draw.normal(B, H), x, h_old, torch.tanh(x @ W.T + h_old @ U.T + b), W, U


def step_case(name, arguments, weight=1):
    """A case of one step back."""
    return Case(name, [arguments], right_step_back, STEP_MISTAKES, returns=STEP_NAMES,
                weight=weight)


def step_cases(seed):
    """One unit, as many inputs as units, a batch."""
    draw = Draw(seed + 10)
    return [step_case("one unit, one input", step_given(draw, 1, 1, 1)),
            step_case("as many inputs as units", step_given(draw, 1, 2, 2), 2),
            step_case("a batch of three", step_given(draw, 3, 3, 2), 2)]


def step_hidden(seed):
    """Larger."""
    return [step_case("a large batch", step_given(Draw(seed + 11), 7, 4, 5))]



# --- through time -------------------------------------------------------------------------------


def time_given(draw, B, T, D, H, K):
    """(x, h, d_z, W, U, V) of a true first pass."""
    W, U, b = draw.normal(H, D) / 2, draw.normal(H, H) / 2, draw.normal(H) / 2
    x, states = draw.normal(B, T, D), [torch.tanh(draw.normal(B, H))]
    for x_t in x.unbind(1):
        states.append(torch.tanh(x_t @ W.T + states[-1] @ U.T + b))
    return x, torch.stack(states, 1), draw.normal(B, T, K), W, U, draw.normal(K, H)


def padded(given, lengths):
    """The same pass where sequences have ended: no error comes from their padding."""
    x, h, d_z, *weights = given
    ended = torch.arange(x.shape[1]) >= torch.tensor(lengths)[:, None]
    return x, h, d_z.masked_fill(ended[..., None], 0.0), *weights


def wide(given):
    """The same numbers with 64 bits."""
    return tuple(value.double() for value in given)


def time_case(name, arguments, weight=1, tolerance=1e-5):
    """A case of the second pass."""
    return Case(name, [arguments], right_bptt, TIME_MISTAKES, tolerance, TIME_NAMES, weight=weight)


def time_cases(seed):
    """From one step of one unit to a padded batch."""
    draw = Draw(seed + 12)
    return [
        time_case("one step, one unit", time_given(draw, 1, 1, 1, 1, 1)),
        time_case("two steps, one unit: an error comes back", time_given(draw, 1, 2, 1, 1, 1), 2),
        time_case("three steps, as many inputs as units", time_given(draw, 1, 3, 2, 2, 2), 2),
        time_case("a batch of three, five steps", time_given(draw, 3, 5, 2, 3, 4), 2),
        time_case("padding at the end changes nothing",
                  padded(time_given(draw, 2, 4, 2, 3, 2), [4, 2])),
        time_case("64-bit numbers are not rounded: zeros that you make need the dtype of the input",
                  wide(time_given(draw, 2, 3, 2, 2, 2)), 1, 1e-12),
    ]


def time_hidden(seed):
    """A longer and larger batch."""
    return [time_case("a large batch", time_given(Draw(seed + 13), 6, 11, 5, 7, 8), 2)]


# --- the exercises, in the order of the notebook ------------------------------------------------

loss_and_error = Exercise("loss_and_error", points=12, minutes=25, cases=loss_cases,
                          hidden=loss_hidden, look_for=BY_HAND)
step_back = Exercise("step_back", points=15, minutes=30, cases=step_cases, hidden=step_hidden,
                     look_for=BY_HAND)
bptt = Exercise("bptt", points=25, minutes=50, cases=time_cases, hidden=time_hidden,
                look_for=BY_HAND)
numerical = Exercise("numerical", points=12, minutes=25, cases=numerical_cases,
                     hidden=numerical_hidden, look_for=BY_HAND)
agrees = Exercise("agrees", points=10, minutes=25, cases=agrees_cases, hidden=agrees_hidden)
clipped = Exercise("clipped", points=10, minutes=20, cases=clip_cases, hidden=clip_hidden,
                   look_for=(("clip_grad", "calls torch's own clipping"),))
