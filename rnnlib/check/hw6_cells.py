"""Homework 6, exercises 1 to 3: a step of the LSTM, of the lectures' GRU, and of torch's GRU."""

import torch
from torch import nn, sigmoid, tanh

from .core import Case
from .drawing import Draw


def blocks(x, h, W, U, b, order):
    """{letter: (from x, from h, bias)}: the sums of each block of rows, in this order."""
    parts = (x @ W.T).chunk(len(order), 1), (h @ U.T).chunk(len(order), 1), b.chunk(len(order))
    return {k: values for k, *values in zip(order, *parts, strict=True)}


def given(draw, gates, B, D, H):
    """(W, U, b) for so many gates, with biases well away from one another."""
    b = draw.normal(gates * H) / 2 + torch.arange(gates).repeat_interleave(H) * 0.5 - 0.5
    return draw.normal(gates * H, D) / 2, draw.normal(gates * H, H) / 2, b


def turned(U):
    """U with the block of each gate transposed."""
    return U.unflatten(0, (-1, U.shape[1])).mT.flatten(0, 1)


# --- the LSTM -----------------------------------------------------------------------------------


def right_lstm(x, h, c, W, U, b):
    """What is expected: torch's cell with these weights."""
    cell = nn.LSTMCell(x.shape[1], h.shape[1]).to(x)
    with torch.no_grad():
        for weight, value in zip(cell.parameters(), (W, U, b, torch.zeros_like(b)), strict=True):
            weight.copy_(value)
        return cell(x, (h, c))


def memory(f, i, g, c):
    """The new context."""
    return f * c + i * g


def shown(o, c_new, c):
    """The new state."""
    return o * tanh(c_new)


def lstm_with(order="ifgo", keep=memory, show=shown, squash=(sigmoid, sigmoid, tanh, sigmoid)):
    """A step with the blocks in another order, another context, another state, other functions.

    squash  the functions of i, f, g, o
    """
    def step(x, h, c, W, U, b):
        found = blocks(x, h, W, U, b, order)
        i, f, g, o = (s(sum(found[k])) for s, k in zip(squash, "ifgo", strict=True))
        c_new = keep(f, i, g, c)
        return show(o, c_new, c), c_new
    return step


LSTM_MISTAKES = [
    *((f"the order of the gates is mixed up: the rows are i, f, g, o, and here they are read as "
       f"{', '.join(order)}", lstm_with(order))
      for order in ("ifog", "figo", "fiog", "oifg", "ofig", "igfo", "fgio", "ofgi", "gifo")),
    ("f is the share that is kept: here 1 - f of the old context is kept",
     lstm_with(keep=lambda f, i, g, c: (1 - f) * c + i * g)),
    ("this couples the gates: i has weights of its own, it is not 1 - f",
     lstm_with(keep=lambda f, i, g, c: f * c + (1 - f) * g)),
    ("nothing is forgotten: f times the old context",
     lstm_with(keep=lambda f, i, g, c: c + i * g)),
    ("the old context is gone: c = f * c + i * g", lstm_with(keep=lambda f, i, g, c: i * g)),
    ("nothing new is written: c = f * c + i * g", lstm_with(keep=lambda f, i, g, c: f * c)),
    ("the input gate is missing: i says how much of g is written",
     lstm_with(keep=lambda f, i, g, c: f * c + g)),
    ("a tanh around the new context: that is the form of cs447, here it is on the way out",
     lstm_with(keep=lambda f, i, g, c: tanh(f * c + i * g), show=lambda o, c_new, c: o * c_new)),
    ("two tanh: one around the new context is too many",
     lstm_with(keep=lambda f, i, g, c: tanh(f * c + i * g))),
    ("the tanh on the way out is missing: h = o * tanh(c)",
     lstm_with(show=lambda o, c_new, c: o * c_new)),
    ("the tanh stands around the product: h = o * tanh(c), not tanh(o * c)",
     lstm_with(show=lambda o, c_new, c: tanh(o * c_new))),
    ("the state shows the old context: c is new by then", lstm_with(
        show=lambda o, c_new, c: o * tanh(c))),
    ("the output gate is missing: h = o * tanh(c)", lstm_with(
        show=lambda o, c_new, c: tanh(c_new))),
    ("the candidate goes through a sigmoid: it needs tanh, to write both signs",
     lstm_with(squash=(sigmoid,) * 4)),
    ("the gates go through tanh: a gate stands between 0 and 1",
     lstm_with(squash=(tanh,) * 4)),
    ("the candidate has no tanh", lstm_with(squash=(sigmoid, sigmoid, lambda a: a, sigmoid))),
    ("the two values are swapped: return the state, then the context",
     lambda *arguments: right_lstm(*arguments)[::-1]),
    ("U is missing: the gates read the old state too",
     lambda x, h, c, W, U, b: right_lstm(x, h, c, W, 0 * U, b)),
    ("the gates read the old context: U belongs to h",
     lambda x, h, c, W, U, b: lstm_with()(x, c, c, W, U, b)),
    ("U is transposed: a row of h times the block U_k is h @ U_k.T, not h @ U_k",
     lambda x, h, c, W, U, b: right_lstm(x, h, c, W, turned(U), b)),
    ("the bias is missing", lambda x, h, c, W, U, b: right_lstm(x, h, c, W, U, 0 * b)),
    ("the bias is added twice",
     lambda x, h, c, W, U, b: right_lstm(x, h, c, W, U, 2 * b)),
]


def lstm_case(name, draw, sizes, weight=1):
    """A case of the LSTM; `sizes` are B, D and H."""
    B, D, H = sizes
    x, h, c = draw.normal(B, D), tanh(draw.normal(B, H)), draw.normal(B, H)
    return Case(name, [(x, h, c, *given(draw, 4, B, D, H))], right_lstm, LSTM_MISTAKES,
                returns=("h", "c"), weight=weight)


def lstm_cases(seed):
    """One unit, a batch, other sizes."""
    draw = Draw(seed + 60)
    return [lstm_case("one unit, one input", draw, (1, 1, 1)),
            lstm_case("two units, a batch of two", draw, (2, 2, 2), 2),
            lstm_case("other sizes", draw, (3, 4, 3))]


def lstm_hidden(seed):
    """Larger."""
    return [lstm_case("a large batch", Draw(seed + 61), (7, 5, 6))]


# --- the GRU of the lectures --------------------------------------------------------------------


def mixed(z, g, h):
    """The new state, as cs447."""
    return z * h + (1 - z) * g


def before(r, h, U_g, from_h):
    """What the candidate reads of the old state: reset, then the matrix."""
    return (r * h) @ U_g.T


def gru_with(order="rzg", mix=mixed, reset=before, squash=(sigmoid, sigmoid, tanh)):
    """A step with the blocks in another order, another mixture, another reset, other functions.

    reset   from (r, h, U_g, U_g h) to what the candidate reads of the old state
    squash  the functions of r, z, g
    """
    def step(x, h, W, U, b):
        found = blocks(x, h, W, U, b, order)
        r, z = (s(sum(found[k])) for s, k in zip(squash, "rz", strict=False))
        from_x, from_h, bias = found["g"]
        U_g = U.chunk(3)[order.index("g")]
        return mix(z, squash[2](from_x + reset(r, h, U_g, from_h) + bias), h)
    return step


right_gru = gru_with()


def whole_reset(x, h, W, U, b):
    """r times all that stands inside the tanh."""
    found = blocks(x, h, W, U, b, "rzg")
    r, z = sigmoid(sum(found["r"])), sigmoid(sum(found["z"]))
    return mixed(z, tanh(r * sum(found["g"])), h)


GRU_MISTAKES = [
    ("the interpolation is reversed: z keeps the old state, 1 - z takes the candidate",
     gru_with(mix=lambda z, g, h: (1 - z) * h + z * g)),
    ("r acts after the matrix: that is torch's form; the lectures reset first, U_g (r h)",
     gru_with(reset=lambda r, h, U_g, from_h: r * from_h)),
    ("the reset gate is not used: the candidate reads r h, not h",
     gru_with(reset=lambda r, h, U_g, from_h: from_h)),
    ("r multiplies all that the candidate reads: it resets the old state only, not x and the bias",
     whole_reset),
    ("U is transposed: a row of h times the block U_k is h @ U_k.T, not h @ U_k",
     lambda x, h, W, U, b: right_gru(x, h, W, turned(U), b)),
    ("1 - r resets: r itself is the share that the candidate may read",
     gru_with(reset=lambda r, h, U_g, from_h: ((1 - r) * h) @ U_g.T)),
    ("the candidate does not read the old state at all",
     gru_with(reset=lambda r, h, U_g, from_h: 0 * from_h)),
    *((f"the order of the gates is mixed up: the rows are r, z, g, and here they are read as "
       f"{', '.join(order)}", gru_with(order)) for order in ("zrg", "rgz", "gzr", "grz", "zgr")),
    ("the old state is added whole: the two shares are z and 1 - z",
     gru_with(mix=lambda z, g, h: h + (1 - z) * g)),
    ("the candidate is added whole: the two shares are z and 1 - z",
     gru_with(mix=lambda z, g, h: z * h + g)),
    ("nothing is kept: z of the old state stays", gru_with(mix=lambda z, g, h: (1 - z) * g)),
    ("the update gate is not used: the new state is not the candidate alone",
     gru_with(mix=lambda z, g, h: g)),
    ("the candidate goes through a sigmoid: it needs tanh",
     gru_with(squash=(sigmoid, sigmoid, sigmoid))),
    ("the gates go through tanh: a gate stands between 0 and 1", gru_with(squash=(tanh,) * 3)),
    ("the candidate has no tanh", gru_with(squash=(sigmoid, sigmoid, lambda a: a))),
    ("the bias is missing", lambda x, h, W, U, b: right_gru(x, h, W, U, 0 * b)),
    ("the mixture takes the reset state: r is for the candidate alone",
     lambda x, h, W, U, b: right_gru(x, h, W, U, b) + sigmoid(sum(blocks(
         x, h, W, U, b, "rzg")["z"])) * h * (sigmoid(sum(blocks(x, h, W, U, b, "rzg")["r"])) - 1)),
]


def gru_case(name, draw, sizes, weight=1):
    """A case of the GRU; `sizes` are B, D and H."""
    B, D, H = sizes
    return Case(name, [(draw.normal(B, D), tanh(draw.normal(B, H)), *given(draw, 3, B, D, H))],
                right_gru, GRU_MISTAKES, weight=weight)


def gru_cases(seed):
    """One unit, where both resets are the same; two units, where they are not; other sizes."""
    draw = Draw(seed + 62)
    return [gru_case("one unit, one input", draw, (1, 1, 1)),
            gru_case("two units, a batch of two", draw, (2, 2, 2), 2),
            gru_case("other sizes", draw, (3, 4, 3))]


def gru_hidden(seed):
    """Larger."""
    return [gru_case("a large batch", Draw(seed + 63), (7, 5, 6))]
