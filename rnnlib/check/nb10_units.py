"""Checks of notebook 10: a step of the LSTM, a GRU over a sequence."""

import torch
from torch import sigmoid, tanh

from .core import Case, examine


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def weights(gates, D, H, seed):
    """(W, U, b): dicts gate -> (H, D), (H, H), (H,), the biases well away from one another."""
    rows = [(k, drawn(H, D + H + 1, seed=seed + n)) for n, k in enumerate(gates)]
    cut = {k: row.split([D, H, 1], 1) for k, row in rows}
    b = {k: 0.6 * (n - 1) + cut[k][2][:, 0] for n, k in enumerate(gates)}
    return {k: cut[k][0] for k in gates}, {k: cut[k][1] for k in gates}, b


def total(k, x, h, weights):
    """W_k x + U_k h + b_k for rows x and h."""
    W, U, b = weights
    return x @ W[k].T + h @ U[k].T + b[k]


# --- the LSTM -----------------------------------------------------------------------------------


def gates_of(x, h, weights, names="ifog"):
    """The gates i f o and the candidate g, each made from the weights of the letter in `names`."""
    functions = (sigmoid, sigmoid, sigmoid, tanh)
    return [f(total(k, x, h, weights)) for f, k in zip(functions, names, strict=True)]


def lstm_with(names="ifog", new_c=None, new_h=None):
    """An LSTM step that may take gates from other rows or use them in another way."""
    new_c = new_c or (lambda i, f, o, g, h, c: f * c + i * g)
    new_h = new_h or (lambda o, c, old: o * tanh(c))

    def step(x, h, c, W, U, b):
        i, f, o, g = gates_of(x, h, (W, U, b), names)
        c_new = new_c(i, f, o, g, h, c)
        return new_h(o, c_new, c), c_new

    return step


right_lstm = lstm_with()


def changed(change):
    """The right LSTM on changed arguments."""
    return lambda x, h, c, W, U, b: right_lstm(*change(x, h, c, W, U, b))


def sigmoid_candidate(x, h, c, W, U, b):
    """A candidate between 0 and 1."""
    i, f, o, _ = gates_of(x, h, (W, U, b))
    c = f * c + i * sigmoid(total("g", x, h, (W, U, b)))
    return o * tanh(c), c


def raw_candidate(x, h, c, W, U, b):
    """A candidate without its tanh."""
    i, f, o, _ = gates_of(x, h, (W, U, b))
    c = f * c + i * total("g", x, h, (W, U, b))
    return o * tanh(c), c


def tanh_gates(x, h, c, W, U, b):
    """Gates between -1 and 1."""
    i, f, o, g = (tanh(total(k, x, h, (W, U, b))) for k in "ifog")
    c = f * c + i * g
    return o * tanh(c), c


def late_output(x, h, c, W, U, b):
    """An output gate made from the new state, before it is shown."""
    i, f, _, g = gates_of(x, h, (W, U, b))
    c = f * c + i * g
    o = sigmoid(total("o", x, tanh(c), (W, U, b)))
    return o * tanh(c), c


LSTM_MISTAKES = [
    ("forget and input gate are swapped: f multiplies the old c, i the candidate",
     lstm_with("fiog")),
    ("the rows of the gates are mixed up: this is torch's order i f g o read as i f o g",
     lstm_with("ifgo")),
    ("the rows of the gates are mixed up: input and output gate are swapped", lstm_with("ofig")),
    ("the rows of the gates are mixed up: forget and output gate are swapped", lstm_with("iofg")),
    ("the tanh on c is missing: h = o * tanh(c)", lstm_with(new_h=lambda o, c, old: o * c)),
    ("tanh is taken of c itself: the context is carried on as it is, only h sees tanh(c)",
     lstm_with(new_c=lambda i, f, o, g, h, c: tanh(f * c + i * g), new_h=lambda o, c, old: o * c)),
    ("tanh is taken of c itself, and again for h: the context is carried on as it is",
     lstm_with(new_c=lambda i, f, o, g, h, c: tanh(f * c + i * g))),
    ("the output gate is applied to c itself: it decides what is shown, not what is kept",
     lstm_with(new_c=lambda i, f, o, g, h, c: o * (f * c + i * g),
               new_h=lambda o, c, old: tanh(c))),
    ("h in place of c is carried: the forget gate multiplies the old context",
     lstm_with(new_c=lambda i, f, o, g, h, c: f * h + i * g)),
    ("h shows the old context: tanh is taken of the new c",
     lstm_with(new_h=lambda o, c, old: o * tanh(old))),
    ("the gates are coupled, i = 1 - f: in the LSTM they are independent",
     lstm_with(new_c=lambda i, f, o, g, h, c: f * c + (1 - f) * g)),
    ("the input gate is missing: i * g is what is written",
     lstm_with(new_c=lambda i, f, o, g, h, c: f * c + g)),
    ("the forget gate is missing: the old context is multiplied by f",
     lstm_with(new_c=lambda i, f, o, g, h, c: c + i * g)),
    ("a sigmoid for the candidate: g is made with tanh, so that c can fall as well as rise",
     sigmoid_candidate),
    ("the candidate has no tanh: g is between -1 and 1", raw_candidate),
    ("what is kept is 1 - f: a forget gate of 1 keeps everything",
     lstm_with(new_c=lambda i, f, o, g, h, c: (1 - f) * c + i * g)),
    ("a tanh for the gates: they are made with the sigmoid, from 0 to 1", tanh_gates),
    ("the output gate reads the new state: all gates read the old h", late_output),
    ("one bias for all gates: each has its own b",
     changed(lambda x, h, c, W, U, b: (x, h, c, W, U, dict.fromkeys(b, b["i"])))),
    ("the biases are missing",
     changed(lambda x, h, c, W, U, b: (x, h, c, W, U, {k: 0 * v for k, v in b.items()}))),
    ("one U for all gates: each has its own",
     changed(lambda x, h, c, W, U, b: (x, h, c, W, dict.fromkeys(U, U["i"]), b))),
    ("the gates do not read the old state: U h is missing",
     changed(lambda x, h, c, W, U, b: (x, 0 * h, c, W, U, b))),
    ("the gates read the old context in place of the old state",
     changed(lambda x, h, c, W, U, b: (x, c, c, W, U, b))),
    ("U is transposed: with a row for each sequence, U h is written h @ U.T",
     changed(lambda x, h, c, W, U, b: (x, h, c, W, {k: v.T for k, v in U.items()}, b))),
    ("the two are returned in the other order: first h, then c",
     lambda *given: right_lstm(*given)[::-1]),
]


def lstm_input(B, D, H, seed):
    """x, h, c, W, U, b of these sizes."""
    states = (1.5 * drawn(B, size, seed=seed + n) for n, size in enumerate((D, H, H)))
    return *states, *weights("ifog", D, H, seed + 10)


LSTM_CASES = [
    Case(name, [lstm_input(*sizes, seed)], right_lstm, LSTM_MISTAKES)
    for seed, (name, *sizes) in enumerate([
        ("one sequence, one unit", 1, 1, 1), ("a batch of three, two units", 3, 2, 2),
        ("other sizes", 2, 3, 4)])
]


def lstm(function):
    """Report on `function(x (B, D), h (B, H), c (B, H), W, U, b) -> (h, c)`; dicts by gate."""
    return examine(function, LSTM_CASES)


# --- the GRU ------------------------------------------------------------------------------------


def gru_with(parts=None, mix=None, given=None):
    """A GRU over a sequence that may differ in a candidate, the mixing, or the state passed on."""
    parts = parts or gru_parts
    mix = mix or (lambda r, z, g, h: z * h + (1 - z) * g)
    given = given or (lambda first, h: h)

    def run(x, h, W, U, b):
        first, states = h, []
        for x_t in x.unbind(1):
            r, z, g = parts(x_t, h, (W, U, b))
            states.append(mix(r, z, g, h))
            h = given(first, states[-1])
        return torch.stack(states, 1)

    return run


def gru_parts(x, h, weights):
    """r, z and the candidate made from the reset state."""
    r, z = (sigmoid(total(k, x, h, weights)) for k in "rz")
    return r, z, tanh(total("g", x, r * h, weights))


def reset_after(x, h, weights):
    """The reset gate behind the matrix."""
    W, U, b = weights
    r, z = (sigmoid(total(k, x, h, weights)) for k in "rz")
    return r, z, tanh(x @ W["g"].T + r * (h @ U["g"].T) + b["g"])


def reset_all(x, h, weights):
    """The reset gate before the input, too."""
    W, U, b = weights
    r, z = (sigmoid(total(k, x, h, weights)) for k in "rz")
    return r, z, tanh(r * (x @ W["g"].T + h @ U["g"].T) + b["g"])


def update_from_reset(x, h, weights):
    """An update gate that reads the reset state."""
    r, _, g = gru_parts(x, h, weights)
    return r, sigmoid(total("z", x, r * h, weights)), g


def no_reset(x, h, weights):
    """A candidate made from the whole old state."""
    r, z, _ = gru_parts(x, h, weights)
    return r, z, tanh(total("g", x, h, weights))


def swapped(x, h, weights):
    """The reset gate's work done with z and the other way round."""
    z, r = (sigmoid(total(k, x, h, weights)) for k in "rz")
    return r, z, tanh(total("g", x, r * h, weights))


def soft_candidate(x, h, weights):
    """A candidate between 0 and 1."""
    r, z, _ = gru_parts(x, h, weights)
    return r, z, sigmoid(total("g", x, r * h, weights))


def from_end(x, h, W, U, b):
    """The sequence read from its end."""
    return right_gru(x.flip(1), h, W, U, b)


right_gru = gru_with()

GRU_MISTAKES = [
    ("the interpolation is reversed: here z keeps the old state, as in cs447; this is cs421's form",
     gru_with(mix=lambda r, z, g, h: (1 - z) * h + z * g)),
    ("the reset gate acts after the matrix, as in torch.nn: the lectures reset the state first",
     gru_with(reset_after)),
    ("the reset gate multiplies the whole sum: it hides the old state, not the input",
     gru_with(reset_all)),
    ("the update gate is made from the reset state: both gates read h itself",
     gru_with(update_from_reset)),
    ("the reset state is what is kept: z multiplies h itself",
     gru_with(mix=lambda r, z, g, h: z * r * h + (1 - z) * g)),
    ("the reset gate is not used: the candidate reads r * h", gru_with(no_reset)),
    ("the two gates are swapped: r makes the candidate, z mixes", gru_with(swapped)),
    ("a sigmoid for the candidate: it is made with tanh", gru_with(soft_candidate)),
    ("the gates are not coupled: the candidate is multiplied by 1 - z",
     gru_with(mix=lambda r, z, g, h: z * h + g)),
    ("the old state is not mixed in: the new state is z * h + (1 - z) * g",
     gru_with(mix=lambda r, z, g, h: (1 - z) * g)),
    ("the candidate alone becomes the state: the update gate is not used",
     gru_with(mix=lambda r, z, g, h: g)),
    ("the state is ignored after the first step: from the second step on it is zeros",
     gru_with(given=lambda first, h: torch.zeros_like(h))),
    ("the first state is used at every step: the new state is the old one of the next step",
     gru_with(given=lambda first, h: first)),
    ("the first state is ignored: h is an argument",
     lambda x, h, W, U, b: right_gru(x, 0 * h, W, U, b)),
    ("the sequence is read from its end", from_end),
    ("the biases are missing",
     lambda x, h, W, U, b: right_gru(x, h, W, U, {k: 0 * v for k, v in b.items()})),
    ("U is transposed: with a row for each sequence, U h is written h @ U.T",
     lambda x, h, W, U, b: right_gru(x, h, W, {k: v.T for k, v in U.items()}, b)),
]


def gru_input(B, T, D, H, seed):
    """x, h, W, U, b of these sizes."""
    x, h = 1.5 * drawn(B, T, D, seed=seed), 1.5 * drawn(B, H, seed=seed + 1)
    return x, h, *weights("rzg", D, H, seed + 10)


GRU_CASES = [
    Case(name, [gru_input(*sizes, seed)], right_gru, GRU_MISTAKES)
    for seed, (name, *sizes) in enumerate([
        ("one step of two units", 1, 1, 2, 2), ("three steps", 1, 3, 2, 2),
        ("a batch, other sizes", 3, 4, 3, 4)])
]


def gru(function):
    """Report on `function(x (B, T, D), h (B, H), W, U, b) -> all states (B, T, H)`; gates r z g."""
    return examine(function, GRU_CASES)
