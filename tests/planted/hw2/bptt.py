"""Answers to exercise 3 of homework 2: two right ones, and wrong ones with their message."""

import torch


def walked_back(x, h, d_z, W, U, V):
    dW, dU, db, dV = (torch.zeros_like(w) for w in (W, U, U[0], V))
    d_x, future = torch.zeros_like(x), torch.zeros_like(h[:, 0])
    for t in range(x.shape[1], 0, -1):
        d_h = d_z[:, t - 1] @ V + future
        d_a = (1 - h[:, t] ** 2) * d_h
        dW += d_a.T @ x[:, t - 1]
        dU += d_a.T @ h[:, t - 1]
        db += d_a.sum(0)
        dV += d_z[:, t - 1].T @ h[:, t]
        d_x[:, t - 1] = d_a @ W
        future = d_a @ U
    return dW, dU, db, dV, d_x, future


def each_sequence_alone(x, h, d_z, W, U, V):
    """Another way: one sequence after the other, column vectors as on paper."""
    total, d_x, d_h0 = [0, 0, 0, 0], [], []
    for x_b, h_b, z_b in zip(x, h, d_z):
        a, at_h = [None] * len(x_b), V.T @ z_b[-1]
        for t in reversed(range(len(x_b))):
            a[t] = at_h - at_h * h_b[t + 1] ** 2
            at_h = U.T @ a[t] + (V.T @ z_b[t - 1] if t else 0)
        a = torch.stack(a)
        parts = a.T @ x_b, a.T @ h_b[:-1], a.sum(0), z_b.T @ h_b[1:]
        total = [old + new for old, new in zip(total, parts)]
        d_x.append(a @ W)
        d_h0.append(at_h)
    return *total, torch.stack(d_x), torch.stack(d_h0)


def by_chains(x, h, d_z, W, U, V):
    """A third way: every loss sent back on its own, through the matrices dh_t/dh_s in between."""
    B, T, _ = x.shape
    slope = 1 - h[:, 1:] ** 2
    at_h = torch.zeros_like(h)
    for t in range(T):
        error = d_z[:, t] @ V
        for s in range(t, -1, -1):
            at_h[:, s + 1] += error
            error = (error * slope[:, s]) @ U
        at_h[:, 0] += error
    d_a = slope * at_h[:, 1:]
    flat = d_a.reshape(B * T, -1)
    return (flat.T @ x.reshape(B * T, -1), flat.T @ h[:, :-1].reshape(B * T, -1), flat.sum(0),
            d_z.reshape(B * T, -1).T @ h[:, 1:].reshape(B * T, -1), d_a @ W, at_h[:, 0])


def wrong(change=None, **parts):
    """The second pass with some of its lines replaced; `change` takes the values and arguments."""
    rule = {"future": lambda d_h, d_a, U: d_a @ U, "slope": lambda h, t: 1 - h[:, t] ** 2,
            "old": lambda h, t: h[:, t - 1], "new": lambda h, t: h[:, t],
            "add": lambda total, new: total + new, "b": lambda d_a: d_a.sum(0),
            "x": lambda d_h, d_a, W: d_a @ W} | parts

    def bptt(x, h, d_z, W, U, V):
        dW = dU = db = dV = 0
        d_x, future = [], torch.zeros_like(h[:, 0])
        for t in range(x.shape[1], 0, -1):
            d_h = d_z[:, t - 1] @ V + future
            d_a = rule["slope"](h, t) * d_h
            dW = rule["add"](dW, d_a.T @ x[:, t - 1])
            dU = rule["add"](dU, d_a.T @ rule["old"](h, t))
            db = rule["add"](db, rule["b"](d_a))
            dV = rule["add"](dV, d_z[:, t - 1].T @ rule["new"](h, t))
            d_x.append(rule["x"](d_h, d_a, W))
            future = rule["future"](d_h, d_a, U)
        found = [dW, dU, db, dV, torch.stack(d_x[::-1], 1), future]
        return tuple(change(found, (x, h, d_z, W, U, V)) if change else found)
    return bptt


def no_future(x, h, d_z, W, U, V):
    dW, dU, db = torch.zeros_like(W), torch.zeros_like(U), torch.zeros_like(U[0])
    d_x = torch.zeros_like(x)
    for t in range(x.shape[1], 0, -1):
        d_a = (1 - h[:, t] ** 2) * (d_z[:, t - 1] @ V)
        dW, dU, db = dW + d_a.T @ x[:, t - 1], dU + d_a.T @ h[:, t - 1], db + d_a.sum(0)
        d_x[:, t - 1] = d_a @ W
    return dW, dU, db, torch.einsum("btk,bth->kh", d_z, h[:, 1:]), d_x, d_a @ U


def one_step(x, h, d_z, W, U, V):
    dW, dU, db, dV, d_x, _ = walked_back(x, h, d_z, W, U, V)
    own = (1 - h[:, 1:] ** 2) * (d_z @ V)
    later = torch.zeros_like(own)
    later[:, :-1] = own[:, 1:] @ U
    d_a = own + (1 - h[:, 1:] ** 2) * later
    a = d_a.flatten(0, 1)
    return (a.T @ x.flatten(0, 1), a.T @ h[:, :-1].flatten(0, 1), a.sum(0), dV, d_a @ W,
            d_a[:, 0] @ U)


def from_the_left(x, h, d_z, W, U, V):
    d_a, past = [], torch.zeros_like(h[:, 0])
    for t in range(1, h.shape[1]):
        d_a.append((1 - h[:, t] ** 2) * (d_z[:, t - 1] @ V + past))
        past = d_a[-1] @ U
    d_a = torch.stack(d_a, 1)
    a = d_a.flatten(0, 1)
    return (a.T @ x.flatten(0, 1), a.T @ h[:, :-1].flatten(0, 1), a.sum(0),
            torch.einsum("btk,bth->kh", d_z, h[:, 1:]), d_a @ W, past)


def rounded(x, h, d_z, W, U, V):
    return tuple(value.float() for value in walked_back(x, h, d_z, W, U, V))


def put(place, value):
    """A change of one of the six values."""
    def change(found, given):
        found[place] = value(found[place], given)
        return found
    return change


def at_h1(d_h0, given):
    x, h, d_z, W, U, V = given
    return d_z[:, 0] @ V + (walked_back(x[:, 1:], h[:, 1:], d_z[:, 1:], W, U, V)[5]
                            if x.shape[1] > 1 else 0)


def to_step_2(x, h, d_z, W, U, V):
    dW, dU, db, dV, d_x, first = walked_back(x[:, 1:], h[:, 1:], d_z[:, 1:], W, U, V) \
        if x.shape[1] > 1 else (0 * W, 0 * U, 0 * W[:, 0], 0 * V, x[:, 1:], 0 * h[:, 0])
    return dW, dU, db, dV, torch.cat([0 * x[:, :1], d_x], 1), first


def last_alone(x, h, d_z, W, U, V):
    alone = d_z.clone()
    alone[:, :-1] = 0
    found = list(walked_back(x, h, alone, W, U, V))
    found[3] = torch.einsum("btk,bth->kh", d_z, h[:, 1:])
    return tuple(found)


RIGHT = [walked_back, each_sequence_alone, by_chains]
WRONG = [
    (no_future, "right for one step and wrong for two: the term that comes from the future"),
    (wrong(future=lambda d_h, d_a, U: 0 * d_h), "the error never travels"),
    (one_step, "only one step of the future"),
    (to_step_2, "ends one step too early"),
    (last_alone, "only the output of the last step sends an error back"),
    (from_the_left, "from left to right"),
    (wrong(slope=lambda h, t: 1.0), "the derivative of tanh is missing"),
    (wrong(slope=lambda h, t: 1 - torch.tanh(h[:, t]) ** 2), "h is already tanh(a)"),
    (wrong(slope=lambda h, t: 1 - h[:, t - 1] ** 2), "belongs to the old state"),
    (wrong(future=lambda d_h, d_a, U: d_a @ U.T), "U is not transposed on the way back"),
    (wrong(future=lambda d_h, d_a, U: d_h @ U), "the error goes past the tanh"),
    (wrong(x=lambda d_h, d_a, W: d_h @ W), "the error at the input goes past the tanh"),
    (wrong(x=lambda d_h, d_a, W: d_a @ W.T), "W is not transposed on the way back"),
    (wrong(x=lambda d_h, d_a, W: d_a @ W.T, future=lambda d_h, d_a, U: d_a @ U.T),
     "neither W nor U is transposed"),
    (wrong(add=lambda total, new: new), "writes over the gradients"),
    (wrong(old=lambda h, t: h[:, t]), "dU uses the new state"),
    (wrong(put(1, lambda dU, given: dU.T)), "dU is transposed"),
    (wrong(new=lambda h, t: h[:, t - 1]), "dV uses h_(t-1)"),
    (wrong(put(3, lambda dV, given: given[2][:, -1].T @ given[1][:, -1])), "the last step alone"),
    (wrong(b=lambda d_a: 0 * d_a[0]), "b is forgotten"),
    (wrong(put(5, at_h1)), "d_h0 is the error at h_1"),
    (wrong(put(5, lambda d_h0, given: 0 * d_h0)), "h_0 is taken for a constant"),
    (wrong(put(4, lambda d_x, given: d_x.flip(1))), "in the order of the walk"),
    (wrong(lambda found, given: [found[n] for n in (1, 0, 2, 3, 4, 5)]), "dW and dU are swapped"),
    (wrong(lambda found, given: [*(g / given[0].shape[1] for g in found[:4]), *found[4:]]),
     "a mean over the steps"),
    (wrong(lambda found, given: [*(g / len(given[0]) for g in found[:4]), *found[4:]]),
     "a mean over the batch:"),
    (rounded, "64-bit numbers are not rounded"),
]
