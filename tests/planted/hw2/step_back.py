"""Answers to exercise 2 of homework 2: two right ones, and wrong ones with their message."""

import torch


def in_rows(d_h, x, h_old, h_new, W, U):
    d_a = d_h * (1 - h_new * h_new)
    return d_a.T @ x, d_a.T @ h_old, d_a.sum(0), d_a @ W, d_a @ U


def row_by_row(d_h, x, h_old, h_new, W, U):
    dW, dU, db, d_x, d_old = 0, 0, 0, [], []
    for e, r, old, new in zip(d_h, x, h_old, h_new):
        inner = e - e * new ** 2
        dW, dU, db = dW + torch.outer(inner, r), dU + torch.outer(inner, old), db + inner
        d_x.append(W.T @ inner)
        d_old.append(U.T @ inner)
    return dW, dU, db, torch.stack(d_x), torch.stack(d_old)


def wrong(slope=None, back_u=None, back_w=None, change=None):
    """The step back with one part replaced; `change` takes the values, d_a and the arguments."""
    def step_back(d_h, x, h_old, h_new, W, U):
        d_a = (slope(h_old, h_new) if slope else 1 - h_new ** 2) * d_h
        d_x = back_w(d_h, d_a, W) if back_w else d_a @ W
        d_old = back_u(d_h, d_a, U) if back_u else d_a @ U
        found = [d_a.T @ x, d_a.T @ h_old, d_a.sum(0), d_x, d_old]
        return tuple(change(found, d_a, (x, h_old, h_new)) if change else found)
    return step_back


def put(place, value):
    """A change of one of the five values."""
    def change(found, d_a, given):
        found[place] = value(found[place], d_a, given)
        return found
    return change


RIGHT = [in_rows, row_by_row]
WRONG = [
    (wrong(slope=lambda old, new: 1.0), "the derivative of tanh is missing"),
    (wrong(slope=lambda old, new: 1 / torch.cosh(new) ** 2), "the derivative of tanh is taken tw"),
    (wrong(slope=lambda old, new: 1 - old * old), "belongs to the old state"),
    (wrong(slope=lambda old, new: 1 - new), "the square is missing"),
    (wrong(slope=lambda old, new: new * (1 - new)), "that of the sigmoid"),
    (wrong(back_u=lambda d_h, d_a, U: d_a @ U.T), "U is not transposed on the way back"),
    (wrong(back_u=lambda d_h, d_a, U: d_h @ U), "the error goes past the tanh"),
    (wrong(back_w=lambda d_h, d_a, W: d_h @ W), "the error at the input goes past the tanh"),
    (wrong(back_w=lambda d_h, d_a, W: d_a @ W.T), "W is not transposed on the way back"),
    (wrong(back_u=lambda d_h, d_a, U: d_a @ U.T, back_w=lambda d_h, d_a, W: d_a @ W.T),
     "neither W nor U is transposed"),
    (wrong(change=lambda found, d_a, given: [found[0].T, found[1].T, *found[2:]]),
     "dW and dU are transposed"),
    (wrong(back_u=lambda d_h, d_a, U: d_h), "handed on as it is"),
    (wrong(change=put(1, lambda dU, d_a, given: d_a.T @ given[2])), "dU uses the new state"),
    (wrong(change=put(1, lambda dU, d_a, given: given[1].T @ d_a)), "dU is transposed"),
    (wrong(change=put(2, lambda db, d_a, given: d_a)), "db is a sum over the rows"),
    (wrong(change=put(2, lambda db, d_a, given: 0 * db)), "b is forgotten"),
    (wrong(change=lambda found, d_a, given: [found[n] for n in (1, 0, 2, 3, 4)]),
     "dW and dU are swapped"),
    (wrong(change=lambda found, d_a, given: [found[n] for n in (0, 1, 2, 4, 3)]),
     "the two errors are swapped"),
    (wrong(change=lambda found, d_a, given: [*(g / len(d_a) for g in found[:3]), *found[3:]]),
     "a mean over the batch"),
    (wrong(change=lambda found, d_a, given: [g / len(d_a) for g in found]),
     "a mean over the batch"),
]
