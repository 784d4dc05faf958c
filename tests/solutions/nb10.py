"""Right and wrong answers to the exercises of notebook 10, for the tests alone."""
import torch
from torch import nn
from torch.nn import functional as F

from rnnlib.cells import GRUCell, loop

# Exercise 1: one step of the LSTM


def lstm(x, h, c, W, U, b):
    i, f, o = (torch.sigmoid(x @ W[k].T + h @ U[k].T + b[k]) for k in "ifo")
    g = torch.tanh(x @ W["g"].T + h @ U["g"].T + b["g"])
    c = f * c + i * g
    return o * torch.tanh(c), c


def lstm_by_torch(x, h, c, W, U, b):
    cell = nn.LSTMCell(x.shape[1], h.shape[1])
    W, U, b = (torch.cat([part[k] for k in "ifgo"]) for part in (W, U, b))
    cell.load_state_dict({"weight_ih": W, "weight_hh": U, "bias_ih": b, "bias_hh": 0 * b})
    return cell(x, (h, c))


def lstm_stacked(x, h, c, W, U, b):
    W, U, b = (torch.cat([part[k] for k in "fgio"]) for part in (W, U, b))
    f, g, i, o = (F.linear(x, W, b) + F.linear(h, U)).chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


LSTMS = [lstm, lstm_by_torch, lstm_stacked]


def lstm_like(order="ifog", squash=torch.tanh, kept=None, shown=None):
    """An LSTM that reads the stacked gates in an order and may keep or show something else."""

    def step(x, h, c, W, U, b):
        sums = {k: F.linear(x, W[k], b[k]) + F.linear(h, U[k]) for k in "ifog"}
        i, f, o = (torch.sigmoid(sums[k]) for k in order[:3])
        g = squash(sums[order[3]])
        old, c = c, (kept or (lambda i, f, o, g, h, c: f * c + i * g))(i, f, o, g, h, c)
        return (shown or (lambda o, c, old: o * torch.tanh(c)))(o, c, old), c

    return step


def one_bias(x, h, c, W, U, b):
    return lstm(x, h, c, W, U, {k: b["i"] for k in b})


def without_state(x, h, c, W, U, b):
    i, f, o = (torch.sigmoid(F.linear(x, W[k], b[k])) for k in "ifo")
    c = f * c + i * torch.tanh(F.linear(x, W["g"], b["g"]))
    return o * torch.tanh(c), c


def swapped_results(x, h, c, W, U, b):
    h, c = lstm(x, h, c, W, U, b)
    return c, h


WRONG_LSTMS = [
    (lstm_like("fiog"), "forget and input gate are swapped"),
    (lstm_like("ifgo"), "rows of the gates are mixed up"),
    (lstm_like("ofig"), "input and output gate are swapped"),
    (lstm_like("iofg"), "forget and output gate are swapped"),
    (lstm_like(shown=lambda o, c, old: o * c), "the tanh on c is missing"),
    (lstm_like(kept=lambda i, f, o, g, h, c: torch.tanh(f * c + i * g),
               shown=lambda o, c, old: o * c), "tanh is taken of c itself"),
    (lstm_like(kept=lambda i, f, o, g, h, c: torch.tanh(f * c + i * g)), "and again for h"),
    (lstm_like(kept=lambda i, f, o, g, h, c: o * (f * c + i * g),
               shown=lambda o, c, old: torch.tanh(c)), "output gate is applied to c itself"),
    (lstm_like(kept=lambda i, f, o, g, h, c: f * h + i * g), "h in place of c is carried"),
    (lstm_like(kept=lambda i, f, o, g, h, c: f * c + (1 - f) * g), "the gates are coupled"),
    (lstm_like(kept=lambda i, f, o, g, h, c: f * c + g), "the input gate is missing"),
    (lstm_like(kept=lambda i, f, o, g, h, c: c + i * g), "the forget gate is missing"),
    (lstm_like(shown=lambda o, c, old: o * torch.tanh(old)), "h shows the old context"),
    (lstm_like(squash=torch.sigmoid), "a sigmoid for the candidate"),
    (one_bias, "one bias for all gates"),
    (without_state, "U h is missing"),
    (swapped_results, "returned in the other order"),
    (lambda x, h, c, W, U, b: lstm(x, h, c, W, {k: u.T for k, u in U.items()}, b),
     "U is transposed"),
    (lambda x, h, c, W, U, b: lstm(x, c, c, W, U, b), "the gates read the old context"),
]


# Exercise 2: find the mistake


def mended(x, h, c, W, b):
    v = torch.cat([x, h], 1)
    f, i, out = (torch.sigmoid(v @ W[k].T + b[k]) for k in "fio")
    c = f * c + i * torch.tanh(v @ W["g"].T + b["g"])
    return out * torch.tanh(c), c


MENDED = [mended]


def as_published(x, h, c, W, b):
    v = torch.stack([x, h], 1)
    f, i, out = (torch.sigmoid(v @ W[k].T + b[k]) for k in "fio")
    c = f * c + i * torch.tanh(v @ W["g"].T + b["g"])
    return outgate * torch.tanh(c), c  # noqa: F821


def half_mended(x, h, c, W, b):
    v = torch.cat([x, h], 1)
    f, i, out = (torch.sigmoid(v @ W[k].T + b[k]) for k in "fio")
    c = f * c + i * torch.tanh(v @ W["g"].T + b["g"])
    return outgate * torch.tanh(c), c  # noqa: F821


def mended_otherwise(join=lambda x, h: torch.cat([x, h], 1), gate="o"):
    """A mended step that joins in another way or shows through another gate."""

    def step(x, h, c, W, b):
        v = join(x, h)
        f, i, out = (torch.sigmoid(v @ W[k].T + b[k]) for k in ["f", "i", gate])
        c = f * c + i * torch.tanh(v @ W["g"].T + b["g"])
        return out * torch.tanh(c), c

    return step


def ungated(x, h, c, W, b):
    return torch.tanh(mended(x, h, c, W, b)[1]), mended(x, h, c, W, b)[1]


WRONG_MENDED = [
    (as_published, "it raised RuntimeError"),
    (half_mended, "it raised NameError"),
    (mended_otherwise(lambda x, h: torch.cat([h, x], 1)), "these weights were made for (x, h)"),
    (mended_otherwise(gate="f"), "the forget gate stands in"),
    (mended_otherwise(gate="i"), "the input gate stands in"),
    (ungated, "the output gate is left out"),
]


# Exercise 3: how much is kept


def share(f):
    return torch.stack([f[t + 1 :].prod(0) for t in range(len(f))])


def share_backwards(f):
    kept, rows = torch.ones_like(f[0]), []
    for f_t in f.flip(0):
        rows.append(kept)
        kept = kept * f_t
    return torch.stack(rows[::-1])


SHARES = [share, share_backwards]

WRONG_SHARES = [
    (lambda f: f.flip(0).cumprod(0).flip(0), "the forget gate of the step itself is counted"),
    (lambda f: f.cumprod(0), "the gates before the step"),
    (lambda f: torch.stack([f[t + 1 :].sum(0) for t in range(len(f))]), "the gates are added"),
    (lambda f: share(1 - f), "what is lost, not what is kept"),
    (lambda f: torch.cat([f[1:], torch.ones_like(f[:1])]), "only the gate of the next step"),
]


# Exercise 4: a GRU over a sequence


def gru(x, h, W, U, b):
    states = []
    for x_t in x.unbind(1):
        r, z = (torch.sigmoid(x_t @ W[k].T + h @ U[k].T + b[k]) for k in "rz")
        g = torch.tanh(x_t @ W["g"].T + (r * h) @ U["g"].T + b["g"])
        h = z * h + (1 - z) * g
        states.append(h)
    return torch.stack(states, 1)


def gru_by_cell(x, h, W, U, b):
    cell = GRUCell(x.shape[2], h.shape[1])
    with torch.no_grad():
        for k in "rzg":
            for mine, given in zip(cell.rows(k), (W[k], U[k], b[k]), strict=True):
                mine.copy_(given)
        return loop(cell, x, h)[0]


GRUS = [gru, gru_by_cell]


def gru_like(new=None, keep=None):
    """A GRU with another rule for the new state, or another state passed on."""

    def run(x, h, W, U, b):
        first, states = h, []
        for t in range(x.shape[1]):
            s = {k: F.linear(x[:, t], W[k], b[k]) for k in "rzg"}
            r, z = (torch.sigmoid(s[k] + F.linear(h, U[k])) for k in "rz")
            after = (new or right)(r, z, s, h, U)
            states.append(after)
            h = (keep or (lambda first, after: after))(first, after)
        return torch.stack(states, 1)

    def right(r, z, s, h, U):
        return z * h + (1 - z) * torch.tanh(s["g"] + F.linear(r * h, U["g"]))

    return run


def candidate(r, s, h, U):
    return torch.tanh(s["g"] + F.linear(r * h, U["g"]))


def reset_update(r, z, s, h, U):
    z = torch.sigmoid(s["z"] + F.linear(r * h, U["z"]))
    return z * h + (1 - z) * candidate(r, s, h, U)


WRONG_GRUS = [
    (gru_like(lambda r, z, s, h, U: (1 - z) * h + z * candidate(r, s, h, U)),
     "the interpolation is reversed"),
    (gru_like(lambda r, z, s, h, U: z * h + (1 - z) * torch.tanh(s["g"] + r * F.linear(h, U["g"]))),
     "the reset gate acts after the matrix"),
    (gru_like(reset_update), "the update gate is made from the reset state"),
    (gru_like(lambda r, z, s, h, U: z * r * h + (1 - z) * candidate(r, s, h, U)),
     "the reset state is what is kept"),
    (gru_like(lambda r, z, s, h, U: z * h + (1 - z) * candidate(1, s, h, U)),
     "the reset gate is not used"),
    (gru_like(lambda r, z, s, h, U: r * h + (1 - r) * candidate(z, s, h, U)),
     "the two gates are swapped"),
    (gru_like(lambda r, z, s, h, U: z * h + candidate(r, s, h, U)), "the gates are not coupled"),
    (gru_like(keep=lambda first, after: 0 * after), "the state is ignored after the first step"),
    (gru_like(keep=lambda first, after: first), "the first state is used at every step"),
    (lambda x, h, W, U, b: gru(x.flip(1), h, W, U, b), "read from its end"),
    (lambda x, h, W, U, b: gru(x, 0 * h, W, U, b), "the first state is ignored"),
]


# Exercise 5: count the weights


def parameters(unit, D, H):
    return {"simple RNN": 1, "simple GRU": 2, "GRU": 3, "LSTM": 4}[unit] * (H * D + H * H + H)


def by_counting(unit, D, H):
    from rnnlib import cells
    kinds = {"simple RNN": cells.RNNCell, "simple GRU": cells.SimpleGRUCell, "GRU": cells.GRUCell,
             "LSTM": cells.LSTMCell}
    return sum(weight.numel() for weight in kinds[unit](D, H).parameters())


COUNTS = [parameters, by_counting]


def by_torch(unit, D, H):
    if unit == "simple GRU":
        return 2 * (H * D + H * H + 2 * H)
    kind = {"simple RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}[unit]
    return sum(weight.numel() for weight in kind(D, H).parameters())


WRONG_COUNTS = [
    (by_torch, "torch.nn has two"),
    (lambda unit, D, H: parameters(unit, D, H) - H * H * parameters(unit, 1, 1) // 3,
     "U is missing"),
    (lambda unit, D, H: H * D + H * H + H, "the same number for every unit"),
    (lambda unit, D, H: parameters({"GRU": "LSTM", "LSTM": "GRU"}.get(unit, unit), D, H),
     "GRU and LSTM are swapped"),
    (lambda unit, D, H: parameters(
        {"LSTM": "GRU", "GRU": "simple GRU", "simple GRU": "simple RNN"}.get(unit, unit), D, H),
     "the candidate is not counted"),
    (lambda unit, D, H: parameters(unit, 1, 1) // 3 * (H * D + H * H), "the biases are missing"),
    (lambda unit, D, H: parameters(unit, 1, 1) // 3 * (H * D + H * H) + H, "one bias for all"),
]
