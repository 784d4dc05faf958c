"""Homework 3, exercise 6: the gradient of a matrix that is used twice."""

import torch
from torch.nn import functional as F

from .core import Case
from .drawing import Draw

GRADIENTS = ("dE", "dP", "d_h")


def right_tied(x, d_e, h, d_z, E, P):
    """What is expected: autograd through both uses."""
    with torch.enable_grad():
        E, P, h = (given.clone().requires_grad_() for given in (E, P, h))
        used = (F.embedding(x, E) * d_e).sum() + (F.linear(F.linear(h, P), E) * d_z).sum()
        return torch.autograd.grad(used, (E, P, h))


def parts(x, d_e, h, d_z, E, P):
    """(dE as an input, dE as an output)."""
    nothing = torch.zeros_like
    return (right_tied(x, d_e, h, nothing(d_z), E, P)[0],
            right_tied(x, nothing(d_e), h, d_z, E, P)[0])


def with_dE(change):
    """Another dE; `change` takes the parts as input and as output, then the arguments."""
    return lambda *given: (change(*parts(*given), *given), *right_tied(*given)[1:])


def with_last(dP=None, d_h=None):
    """Another dP or d_h."""
    def function(*given):
        right = right_tied(*given)
        return right[0], dP(*given) if dP else right[1], d_h(*given) if d_h else right[2]
    return function


def put(start, x, rows):
    """start with rows put in their places; the last of a place stays."""
    found = start.clone()
    for place, row in zip(x.tolist(), rows, strict=True):
        found[place] = row
    return found


def last_added(into, out, x, d_e, *given):
    """Each word gets the error of its last place only."""
    return out + put(torch.zeros_like(into), x, d_e)


TYING_MISTAKES = [
    ("only the output part of dE: the matrix is the embedding too, and errors come back there",
     with_dE(lambda into, out, *given: out)),
    ("only the input part of dE: the matrix makes the scores too",
     with_dE(lambda into, out, *given: into)),
    ("a word that is read twice gets the error of one place only: indexing with += adds once; "
     "index_add_ adds all", with_dE(last_added)),
    ("the rows of the words that were read are overwritten: the two parts are added",
     with_dE(lambda into, out, x, d_e, *given: put(out, x, d_e))),
    ("a mean of the two parts: the gradient of a weight that is used twice is their sum",
     with_dE(lambda into, out, *given: (into + out) / 2)),
    ("the output part is subtracted: the two parts are added",
     with_dE(lambda into, out, *given: into - out)),
    ("the output part of dE is divided by the number of places: errors are added up",
     with_dE(lambda into, out, x, *given: into + out / len(x))),
    ("the input part of dE is a mean over the places: errors are added up",
     with_dE(lambda into, out, x, *given: into / len(x) + out)),
    ("P is missing in dE: the row of E meets P h, not h",
     with_dE(lambda into, out, x, d_e, h, d_z, E, P: into + d_z.T @ h)),
    ("P is turned round in dE: it takes h (H) to D, so a batch of rows is h @ P.T",
     with_dE(lambda into, out, x, d_e, h, d_z, E, P: into + d_z.T @ (h @ P))),
    ("the errors at the embedding are sent through P: the embedding is read without it",
     with_dE(lambda into, out, x, d_e, h, d_z, E, P: out + parts(
         x, d_e @ P, h, d_z, E, P)[0])),
    ("dP is transposed: it has the shape of P, (D, H)",
     with_last(dP=lambda *given: right_tied(*given)[1].T)),
    ("dP is made of the errors at the embedding: P stands on the way to the scores, and the error "
     "at P h is d_z @ E",
     with_last(dP=lambda x, d_e, h, d_z, E, P: d_e.T @ h)),
    ("P is missing in d_h: the error goes back through E, then through P",
     with_last(d_h=lambda x, d_e, h, d_z, E, P: d_z @ E)),
    ("P is turned round in d_h: backwards a row meets P itself, d_z @ E @ P",
     with_last(d_h=lambda x, d_e, h, d_z, E, P: d_z @ E @ P.T)),
    ("the errors at the embedding are in d_h: they have gone back through the layer already",
     with_last(d_h=lambda x, d_e, h, d_z, E, P: d_z @ E @ P + d_e @ P)),
    ("dE and dP are divided by the number of places: errors are added up",
     lambda x, *given: (*(part / len(x) for part in right_tied(x, *given)[:2]),
                        right_tied(x, *given)[2])),
    ("the values are in another order: dE, dP, d_h",
     lambda *given: tuple(right_tied(*given)[n] for n in (2, 1, 0))),
    ("the values are in another order: dE, dP, d_h",
     lambda *given: tuple(right_tied(*given)[n] for n in (1, 0, 2))),
]


def tying_case(name, draw, x, sizes, weight=1):
    """A case of the words x; sizes are those of the vocabulary, D and H."""
    size, D, H = sizes
    N = len(x)
    arguments = (torch.as_tensor(x), draw.normal(N, D), draw.normal(N, H), draw.normal(N, size),
                 draw.normal(size, D), draw.normal(D, H))
    return Case(name, [arguments], right_tied, TYING_MISTAKES, returns=GRADIENTS, weight=weight)


def tying_cases(seed):
    """One place, a word that comes twice, a state of another width than the embedding."""
    draw = Draw(seed + 38)
    twice = draw.ids(3, 1).item()
    return [tying_case("one place, D = H = 2", draw, [1], (3, 2, 2)),
            tying_case("three places, a word that is read twice", draw,
                       [twice, (twice + 1) % 3, twice], (3, 2, 2), 2),
            tying_case("the state is wider than the embedding", draw, [0, 3], (4, 2, 3))]


def tying_hidden(seed):
    """Larger."""
    draw = Draw(seed + 39)
    return [tying_case("thirty places", draw, draw.ids(8, 30), (8, 4, 6)),
            tying_case("one word only", draw, [2] * 6, (5, 3, 3))]
