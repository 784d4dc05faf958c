"""Homework 6, exercise 3: the GRU of torch.nn, which resets after the matrix."""

import torch
from torch import nn, sigmoid, tanh

from .core import Case
from .drawing import Draw
from .hw6_cells import blocks, gru_with, turned


def right_twin(x, h, W, U, b, q):
    """What is expected: torch's cell; q (H,) is its second bias of the candidate."""
    cell = nn.GRUCell(x.shape[1], h.shape[1]).to(x)
    second = torch.cat([torch.zeros_like(b[: -len(q)]), q])
    with torch.no_grad():
        for weight, value in zip(cell.parameters(), (W, U, b, second), strict=True):
            weight.copy_(value)
        return cell(x, h)


def twin_with(inner, mix=lambda z, g, h: z * h + (1 - z) * g):
    """A step whose candidate reads `inner(r, from_h, q)` of the old state."""
    def step(x, h, W, U, b, q):
        found = blocks(x, h, W, U, b, "rzg")
        r, z = sigmoid(sum(found["r"])), sigmoid(sum(found["z"]))
        from_x, from_h, bias = found["g"]
        return mix(z, tanh(from_x + bias + inner(r, from_h, q)), h)
    return step


def before_matrix(x, h, W, U, b, q):
    """The lectures' form, with the second bias inside."""
    return gru_with()(x, h, W, U, torch.cat([b[: -len(q)], b[-len(q):] + q]))


def whole_twin(x, h, W, U, b, q):
    """r times all that stands inside the tanh."""
    found = blocks(x, h, W, U, b, "rzg")
    r, z = sigmoid(sum(found["r"])), sigmoid(sum(found["z"]))
    return z * h + (1 - z) * tanh(r * (sum(found["g"]) + q))


TWIN_MISTAKES = [
    ("r acts before the matrix: that is the lectures' form, torch multiplies r with U_g h + q",
     before_matrix),
    ("r acts before the matrix, and the second bias q is missing",
     lambda x, h, W, U, b, q: before_matrix(x, h, W, U, b, 0 * q)),
    ("the second bias q stands outside: torch multiplies it by r too, r (U_g h + q)",
     twin_with(lambda r, from_h, q: r * from_h + q)),
    ("the second bias q is missing: r (U_g h + q)", twin_with(lambda r, from_h, q: r * from_h)),
    ("the reset gate is not used", twin_with(lambda r, from_h, q: from_h + q)),
    ("the first bias of the candidate is multiplied by r: only U_g h + q is",
     lambda x, h, W, U, b, q: twin_with(lambda r, from_h, q: r * (from_h + q + b[-len(q):]) -
                                        b[-len(q):])(x, h, W, U, b, q)),
    ("r multiplies all that the candidate reads: only U_g h + q is reset, not x and its bias",
     whole_twin),
    ("U is transposed: a row of h times the block U_k is h @ U_k.T, not h @ U_k",
     lambda x, h, W, U, b, q: right_twin(x, h, W, turned(U), b, q)),
    ("1 - r resets: r itself is the share that the candidate may read",
     twin_with(lambda r, from_h, q: (1 - r) * (from_h + q))),
    ("the interpolation is reversed: in torch, too, z keeps the old state",
     twin_with(lambda r, from_h, q: r * (from_h + q), lambda z, g, h: (1 - z) * h + z * g)),
    ("r acts before the matrix and the interpolation is reversed: this is cs421's form",
     lambda x, h, W, U, b, q: gru_with(mix=lambda z, g, h: (1 - z) * h + z * g)(
         x, h, W, U, torch.cat([b[: -len(q)], b[-len(q):] + q]))),
]


def twin_case(name, draw, sizes, weight=1):
    """A case of torch's GRU; `sizes` are B, D and H."""
    B, D, H = sizes
    W, U, b = draw.normal(3 * H, D) / 2, draw.normal(3 * H, H) / 2, draw.normal(3 * H)
    arguments = draw.normal(B, D), tanh(draw.normal(B, H)), W, U, b, draw.normal(H)
    return Case(name, [arguments], right_twin, TWIN_MISTAKES, weight=weight)


def twin_cases(seed):
    """One unit, a batch, other sizes."""
    draw = Draw(seed + 64)
    return [twin_case("one unit, one input", draw, (1, 1, 1)),
            twin_case("two units, a batch of two", draw, (2, 2, 2), 2),
            twin_case("other sizes", draw, (3, 4, 3), 2)]


def twin_hidden(seed):
    """Larger."""
    return [twin_case("a large batch", Draw(seed + 65), (7, 5, 6))]
