"""Right and wrong answers to the exercises of notebook 02, for the tests alone."""
import torch
from torch import nn
from torch.nn import functional as F

# Exercise 1: one step


def step(x, h, W, U, b):
    return torch.tanh(x @ W.T + h @ U.T + b)


def concatenated(x, h, W, U, b):
    return torch.tanh(torch.cat([h, x], 1) @ torch.cat([U, W], 1).T + b)


def in_pieces(x, h, W, U, b):
    return torch.stack([torch.tanh(W @ x_i + U @ h_i + b) for x_i, h_i in zip(x, h, strict=True)])


def with_linear(x, h, W, U, b):
    return torch.tanh(F.linear(x, W, b) + F.linear(h, U))


STEPS = [step, concatenated, in_pieces, with_linear]


def linear_step(x, h, W, U, b):
    return F.linear(x, W, b) + F.linear(h, U)


def other_order(x, h, W, U, b):
    return torch.tanh(torch.hstack([h, x]) @ torch.hstack([W, U]).T + b)


def both_linears_with_bias(x, h, W, U, b):
    return torch.tanh(F.linear(x, W, b) + F.linear(h, U, b))


WRONG_STEPS = [
    (linear_step, "the network is linear"),
    (lambda x, h, W, U, b: torch.tanh(F.linear(x, W, b)), "U h is missing"),
    (lambda x, h, W, U, b: torch.tanh(F.linear(h, U, b)), "W x is missing"),
    (lambda x, h, W, U, b: torch.tanh(F.linear(x, W) + F.linear(h, U)), "the bias is missing"),
    (both_linears_with_bias, "added twice"),
    (lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U.T) + b, "outside tanh"),
    (lambda x, h, W, U, b: torch.tanh(h @ W.T + x @ U.T + b), "W and U are swapped"),
    (other_order, "two different orders"),
    (lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U + b), "U is transposed"),
    (lambda x, h, W, U, b: torch.tanh(x @ W + h @ U.T + b), "W is transposed"),
    (lambda x, h, W, U, b: torch.tanh(x @ W + h @ U + b), "both matrices are transposed"),
    (lambda x, h, W, U, b: x.matmul(W.T).tanh() + h.matmul(U.T).tanh() + b, "around the sum"),
    (lambda x, h, W, U, b: (x @ W.T + h @ U.T + b).sigmoid(), "sigmoid in place of tanh"),
    (lambda x, h, W, U, b: (x @ W.T + h @ U.T + b).relu(), "ReLU in place of tanh"),
]


# Exercise 2: the forward pass


def forward(x, h0, W, U, b, V):
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W.T + h @ U.T + b)
        states.append(h)
    h = torch.stack(states, 1)
    return h, h @ V.T


def by_torch(x, h0, W, U, b, V):
    rnn = nn.RNN(W.shape[1], W.shape[0], batch_first=True)
    named = {"weight_ih_l0": W, "weight_hh_l0": U, "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    rnn.load_state_dict(named)
    h, _ = rnn(x, h0[None])
    return h, h @ V.T


def row_by_row(x, h0, W, U, b, V):
    h = torch.zeros(*x.shape[:2], len(U))
    for i in range(len(x)):
        last = h0[i]
        for t in range(x.shape[1]):
            last = h[i, t] = torch.tanh(W @ x[i, t] + U @ last + b)
    return h, h @ V.T


FORWARDS = [forward, by_torch, row_by_row]


def always_h0(x, h0, W, U, b, V):
    h = torch.tanh(x @ W.T + (h0 @ U.T)[:, None] + b)
    return h, h @ V.T


def memory_of_one_step(x, h0, W, U, b, V):
    h = torch.tanh(x @ W.T + b)
    h = torch.cat([torch.tanh(x[:, :1] @ W.T + (h0 @ U.T)[:, None] + b), h[:, 1:]], 1)
    return h, h @ V.T


def looped(carry, new=step, read=lambda before, h, V: h @ V.T):
    """A forward pass in which the next step is given carry(h, z)."""
    def function(x, h0, W, U, b, V):
        given, hs, zs = h0, [], []
        for t in range(x.shape[1]):
            h = new(x[:, t], given, W, U, b)
            z = read(given, h, V)
            given = carry(h, z)
            hs, zs = [*hs, h], [*zs, z]
        return torch.stack(hs, 1), torch.stack(zs, 1)
    return function


def state_of_the_row_above(x, h0, W, U, b, V):
    h, states = h0[0], []
    for row in x:
        for x_t in row:
            h = torch.tanh(W @ x_t + U @ h + b)
            states.append(h)
    h = torch.stack(states).unflatten(0, x.shape[:2])
    return h, h @ V.T


def over_rows(x, h0, W, U, b, V):
    h, states = h0, []
    for x_t in x:
        h = torch.tanh(x_t @ W.T + h @ U.T + b)
        states.append(h)
    h = torch.stack(states, 1)
    return h, h @ V.T


def kept_before(x, h0, W, U, b, V):
    h, states = h0, []
    for x_t in x.unbind(1):
        states.append(h)
        h = torch.tanh(x_t @ W.T + h @ U.T + b)
    h = torch.stack(states, 1)
    return h, h @ V.T


def begun_with_h0(x, h0, W, U, b, V):
    states = [h0]
    for x_t in x.unbind(1):
        states.append(torch.tanh(x_t @ W.T + states[-1] @ U.T + b))
    h = torch.stack(states, 1)
    return h, h @ V.T


def stacked_on_axis_0(x, h0, W, U, b, V):
    h, states = h0, []
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W.T + h @ U.T + b)
        states.append(h)
    h = torch.stack(states)
    return h, h @ V.T


def keep(h, z):
    return h


WRONG_FORWARDS = [
    (always_h0, "h_0 is used at every step"),
    (memory_of_one_step, "at the first step only"),
    (looped(lambda h, z: z), "the output z is fed back"),
    (looped(lambda h, z: z.softmax(1)), "softmax(z) are fed back"),
    (state_of_the_row_above, "the row above"),
    (looped(lambda h, z: h.mean(0).repeat(len(h), 1)), "all rows share one state"),
    (lambda x, h0, *weights: forward(x, torch.zeros_like(h0), *weights), "set to zeros"),
    (looped(keep, lambda x, h, W, U, b: h + step(x, h, W, U, b)), "added to"),
    (lambda x, *rest: forward(x.flip(1), *rest), "from its end"),
    (over_rows, "time is the second axis"),
    (looped(keep, read=lambda before, h, V: before @ V.T), "the state before the step"),
    (looped(keep, read=lambda before, h, V: (h @ V.T).softmax(1)), "softmax is already applied"),
    (looped(keep, read=lambda before, h, V: (h @ V.T).tanh()), "also applied to the scores"),
    (stacked_on_axis_0, "two axes swapped"),
    (stacked_on_axis_0, "stacked along the first axis"),
    (kept_before, "stored before the update"),
    (begun_with_h0, "h_0 is among the states"),
    (lambda *given: (begun_with_h0(*given)[0], forward(*given)[1]), "h_0 is among the states"),
    (lambda *arguments: forward(*arguments)[::-1], "the two values are swapped"),
    (lambda *arguments: (forward(*arguments)[0][:, -1], forward(*arguments)[1]), "expected shape"),
    (looped(keep, linear_step), "the network is linear"),
    (looped(keep, lambda x, h, W, U, b: step(x, h, W, U, b).relu()), "h: expected"),
    (looped(keep, lambda x, h, W, U, b: (x @ W.T + h @ U.T + b).relu()), "ReLU in place of tanh"),
    (looped(keep, both_linears_with_bias), "added twice"),
    (looped(keep, lambda x, h, W, U, b: torch.tanh(h @ W.T + x @ U.T + b)), "W and U are swapped"),
    (looped(keep, other_order), "two different orders"),
    (looped(keep, lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U + b)), "U is transposed"),
    (looped(keep, lambda x, h, W, U, b: torch.tanh(x @ W.T + b)), "U h is missing"),
]


# Exercise 4: counting


def parameters(D, H, K):
    return H * (D + H + 1 + K)


def by_counting(D, H, K):
    cell, V = nn.RNNCell(D, H), nn.Linear(H, K, bias=False)
    return sum(w.numel() for m in (cell, V) for w in m.parameters()) - H


COUNTS = [parameters, by_counting]

WRONG_COUNTS = [
    (lambda D, H, K: H * (D + 1 + K), "U is missing"),
    (lambda D, H, K: H * (2 * D + 1 + K), "counted with D columns: it reads a state"),
    (lambda D, H, K: H * (D + 1 + 1 + K), "U is counted as H weights"),
    (lambda D, H, K: H * (D + H + K), "the bias b is missing"),
    (lambda D, H, K: H * (D + H + 2 + K), "two biases"),
    (lambda D, H, K: H * (D + H + 1), "V is missing"),
    (lambda D, H, K: H * (D + H + 1) + K * D, "V is counted with D columns"),
    (lambda D, H, K: H * (D + H + 1 + K) + K, "V has no bias here"),
]


# Exercise 5: the slope of tanh


SLOPES = [lambda h: 1 - h**2, lambda h: (1 - h) * (1 + h)]

WRONG_SLOPES = [
    (lambda h: 1 - h.tanh().square(), "applied again"),
    (lambda h: h - h * h, "the slope of the sigmoid"),
    (lambda h: 1 - h, "the square is missing"),
    (lambda h: 1 + h * h, "never above 1"),
    (lambda h: h * h - 1, "rises everywhere"),
    (lambda h: torch.where(h > 0, 1.0, 0.0), "the slope of ReLU"),
    (lambda h: -2 * h, "expected [1.0]"),
]


# Exercise 3: the published step


def published(x, h, W, b):
    return F.linear(torch.hstack([x, h]), W, b)


STATES = [
    lambda x, h, W, b: torch.tanh(torch.cat([x, h], 1) @ W.T + b),
    lambda x, h, W, b: step(x, h, W[:, :x.shape[1]], W[:, x.shape[1]:], b),
]

WRONG_STATES = [
    (published, "this is the published step"),
    (lambda x, h, W, b: F.linear(torch.hstack([x, h]).tanh(), W, b), "what goes in"),
    (lambda x, h, W, b: published(x, h, W, b).softmax(1), "do not compete for a total"),
    (lambda x, h, W, b: published(x, h, W, b).log_softmax(1), "log-softmax is for the output"),
    (lambda x, h, W, b: published(h, x, W, b).tanh(), "the order was right"),
    (lambda x, h, W, b: published(x, h, W, b).relu(), "this is ReLU"),
    (lambda x, h, W, b: published(x, h, W, b).sigmoid(), "this is the sigmoid"),
]
