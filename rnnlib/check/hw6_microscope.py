"""Homework 6, exercises 4 and 5: how far a small change arrives, and who wrote the memory."""

from functools import partial

import torch
from torch.autograd.functional import jacobian

from .core import Case
from .drawing import Draw
from .hw6_inside import Leaky, Simple

# --- the microscope -----------------------------------------------------------------------------


def moved_on(step, x, h):
    """The state after the inputs x, from h on."""
    for x_t in x:
        h = step(x_t, h)
    return h


def through_time(step, x, h0):
    """The matrices dh_T/dh_t for t = 0 ... T, each by autograd through what is left of the text."""
    with torch.enable_grad():
        states = [moved_on(step, x[:t], h0) for t in range(len(x) + 1)]
        return torch.stack([jacobian(partial(moved_on, step, x[t:]), h)
                            for t, h in enumerate(states)])


def single_steps(step, x, h0):
    """The matrices dh_t/dh_(t-1) for t = 1 ... T."""
    with torch.enable_grad():
        states = [moved_on(step, x[:t], h0) for t in range(len(x))]
        return torch.stack([jacobian(partial(step, x_t), h)
                            for x_t, h in zip(x, states, strict=True)])


def largest(matrices):
    """The largest singular value of each matrix."""
    return torch.linalg.matrix_norm(matrices, 2)


def right_microscope(step, x, h0):
    """What is expected."""
    return largest(through_time(step, x, h0))


def measured(size):
    """The right matrices, measured in another way."""
    return lambda step, x, h0: size(through_time(step, x, h0))


def chained(multiply, begin):
    """From one-step matrices, the last one first: `multiply(what there is, matrix)`."""
    def function(step, x, h0):
        found = [begin(len(h0), h0)]
        for J in single_steps(step, x, h0).flip(0):
            found.insert(0, multiply(found[0], J))
        return torch.stack(found)
    return function


def eye(H, like):
    """The matrix that changes nothing."""
    return torch.eye(H, dtype=like.dtype)


def from_the_start(step, x, h0):
    """The sizes of dh_t/dh_0."""
    with torch.enable_grad():
        return largest(torch.stack([jacobian(partial(moved_on, step, x[:t]), h0)
                                    for t in range(len(x) + 1)]))


def at_h0(step, x, h0):
    """All one-step matrices at the first state."""
    with torch.enable_grad():
        found = [eye(len(h0), h0)]
        for x_t in x.flip(0):
            found.insert(0, found[0] @ jacobian(partial(step, x_t), h0))
    return largest(torch.stack(found))


MICROSCOPE_MISTAKES = [
    ("this is the root of the sum of the squares (Frobenius): asked is the largest factor, the "
     "largest singular value", measured(lambda J: J.square().sum((1, 2)).sqrt())),
    ("this is the largest single number of the matrix: asked is its largest singular value",
     measured(lambda J: J.abs().amax((1, 2)))),
    ("this is the largest eigenvalue: for a matrix that is not symmetric the largest factor is "
     "the largest singular value", measured(lambda J: torch.linalg.eigvals(J).abs().amax(1))),
    ("this is the gradient of the sum of h_T: plus and minus cancel in it",
     measured(lambda J: J.sum(1).norm(dim=1))),
    ("these are single steps, dh_t/dh_(t-1): the way from h_t to h_T is their product",
     lambda step, x, h0: torch.cat([largest(single_steps(step, x, h0)), torch.ones_like(h0[:1])])),
    ("the sizes of the steps are multiplied: multiply the matrices, then take the size",
     chained(lambda size, J: size * largest(J), lambda H, like: like.new_ones(()))),
    ("the matrices are multiplied in the wrong order: the later step stands on the left",
     lambda step, x, h0: largest(chained(lambda P, J: J @ P, eye)(step, x, h0))),
    ("these are dh_t/dh_0, from the start to t: asked are dh_T/dh_t, from t to the end",
     from_the_start),
    ("the list is the wrong way round: it begins with t = 0, the longest way",
     lambda step, x, h0: right_microscope(step, x, h0).flip(0)),
    ("t = T is missing: dh_T/dh_T is there too, and its size is 1",
     lambda step, x, h0: right_microscope(step, x, h0)[:-1]),
    ("t = 0 is missing: h_0 is a state like the others",
     lambda step, x, h0: right_microscope(step, x, h0)[1:]),
    ("each step is taken at h_0: at step t the state is h_(t-1)", at_h0),
]


def microscope_case(name, arguments, weight=1):
    """A case of the microscope."""
    return Case(name, [arguments], right_microscope, MICROSCOPE_MISTAKES, 1e-6, weight=weight)


def simple(draw, D, H, scale=1.0):
    """A simple network with numbers of 64 bits."""
    return Simple(draw.normal(H, D).double() / 2, scale * draw.normal(H, H).double())


def microscope_cases(seed):
    """One step, three steps, a unit that keeps."""
    draw = Draw(seed + 66)
    leaky = Leaky(draw.normal(2, 2).double(), draw.normal(2, 2).double(),
                  0.5 + draw.ids(5, 2).double() / 10)
    return [
        microscope_case("one step", (simple(draw, 1, 2), draw.normal(1, 1).double(),
                                     torch.tanh(draw.normal(2).double()))),
        microscope_case("three steps of a simple network", (
            simple(draw, 2, 2), draw.normal(3, 2).double() / 2,
            torch.tanh(draw.normal(2).double())), 2),
        microscope_case("four steps of another unit, which keeps more",
                        (leaky, draw.normal(4, 2).double(), draw.normal(2).double()), 2),
    ]


def microscope_hidden(seed):
    """Longer and wider."""
    draw = Draw(seed + 67)
    return [microscope_case("nine steps of five units", (
        simple(draw, 3, 5, 0.6), draw.normal(9, 3).double(), torch.zeros(5).double()))]


# --- who wrote the memory -----------------------------------------------------------------------


def remembered(f, written, c0):
    """c_T of a memory that keeps f of the old and adds what is written, step by step."""
    c = c0
    for f_t, new in zip(f, written, strict=True):
        c = f_t * c + new
    return c


def right_shares(f, i, g, c0):
    """What is expected: the memory run with one source at a time; (T + 1, H), c0 first."""
    written, alone = i * g, [remembered(f, 0 * i, c0)]
    for t in range(len(f)):
        only = torch.zeros_like(written)
        only[t] = written[t]
        alone.append(remembered(f, only, 0 * c0))
    return torch.stack(alone)


def weighed(weights, writes=lambda i, g: i * g):
    """Shares from weights (T, H) of the writes; c0 keeps the right one."""
    def function(f, i, g, c0):
        return torch.cat([right_shares(f, i, g, c0)[:1], weights(f) * writes(i, g)])
    return function


def later(f):
    """The product of the gates after each step."""
    return torch.cat([f.flip(0).cumprod(0).flip(0)[1:], torch.ones_like(f[:1])])


SHARE_MISTAKES = [
    ("the gate of the step itself is multiplied on: f_t works on the old memory, before g_t is "
     "written", weighed(lambda f: f.flip(0).cumprod(0).flip(0))),
    ("these are the gates before the step: what is written at t meets those after t",
     weighed(lambda f: f.cumprod(0))),
    ("these are the gates up to t, from the first one on: what is written at t meets those after t",
     lambda f, i, g, c0: torch.cat([f.cumprod(0), torch.ones_like(f[:1])]) * torch.cat(
         [c0[None], i * g])),
    ("only the next gate counts here: what is written meets every gate after it",
     weighed(lambda f: torch.cat([f[1:], torch.ones_like(f[:1])]))),
    ("nothing is forgotten here: what is written meets the gates of all later steps",
     weighed(torch.ones_like)),
    ("the input gate is missing: i_t g_t is written", weighed(later, lambda i, g: g)),
    ("the candidate is missing: i_t g_t is written", weighed(later, lambda i, g: i)),
    ("c0 is missing: what was there at the start has a share too",
     lambda *given: right_shares(*given)[1:]),
    ("c0 stands last: it comes first, before step 1",
     lambda *given: right_shares(*given).roll(-1, 0)),
    ("c0 is not forgotten: it meets every gate",
     lambda f, i, g, c0: torch.cat([c0[None], right_shares(f, i, g, c0)[1:]])),
    ("this is c_T itself: asked are its parts", lambda *given: right_shares(*given).sum(0)),
    ("these are the memories c_0 to c_T, not parts of the last one",
     lambda f, i, g, c0: torch.stack([remembered(f[:t], (i * g)[:t], c0)
                                      for t in range(len(f) + 1)])),
    ("these are shares of 1: asked are the parts themselves, whose sum is c_T",
     lambda *given: right_shares(*given) / right_shares(*given).sum(0)),
    ("1 - f is multiplied: f is what stays", lambda f, i, g, c0: right_shares(1 - f, i, g, c0)),
    ("the list is the wrong way round: c0 first, the last step last",
     lambda *given: right_shares(*given).flip(0)),
]


def gates(draw, *shape):
    """Numbers between 0 and 1, none of them at the ends."""
    return (1 + draw.ids(9, *shape)) / 10


def share_case(name, draw, T, H, weight=1):
    """A case of the shares."""
    arguments = gates(draw, T, H), gates(draw, T, H), torch.tanh(draw.normal(T, H)), draw.normal(H)
    return Case(name, [arguments], right_shares, SHARE_MISTAKES, weight=weight)


def share_cases(seed):
    """One step, three steps, several units."""
    draw = Draw(seed + 68)
    return [share_case("one step, one unit", draw, 1, 1), share_case("three steps", draw, 3, 1, 2),
            share_case("five steps of three units", draw, 5, 3, 2)]


def share_hidden(seed):
    """Longer."""
    return [share_case("twenty steps of four units", Draw(seed + 69), 20, 4)]
