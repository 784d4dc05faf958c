"""Answers to exercise 6 of homework 3: right ones, and wrong ones with their message."""

import torch
from torch.nn import functional as F


def with_index_add(x, d_e, h, d_z, E, P):
    dE = (d_z.T @ (h @ P.T)).index_add(0, x, d_e)
    return dE, (d_z @ E).T @ h, d_z @ E @ P


def with_one_hot(x, d_e, h, d_z, E, P):
    read = F.one_hot(x, len(E)).to(d_e)
    d_p = d_z @ E
    return read.T @ d_e + d_z.T @ h @ P.T, d_p.T @ h, d_p @ P


def in_a_loop(x, d_e, h, d_z, E, P):
    dE, dP, d_h = torch.zeros_like(E), torch.zeros_like(P), torch.zeros_like(h)
    for n in range(len(x)):
        dE[x[n]] += d_e[n]
        dE += torch.outer(d_z[n], P @ h[n])
        d_p = E.T @ d_z[n]
        dP += torch.outer(d_p, h[n])
        d_h[n] = P.T @ d_p
    return dE, dP, d_h


def wrong_dE(change):
    def function(x, d_e, h, d_z, E, P):
        into = torch.zeros_like(E).index_add(0, x, d_e)
        out = d_z.T @ h @ P.T
        return change(into, out, x, d_e), (d_z @ E).T @ h, d_z @ E @ P
    return function


def indexed(into, out, x, d_e):
    dE = out.clone()
    dE[x] += d_e
    return dE


def overwritten(into, out, x, d_e):
    dE = out.clone()
    dE[x] = d_e
    return dE


def no_P(x, d_e, h, d_z, E, P):
    return (d_z.T @ h).index_add(0, x, d_e), (d_z @ E).T @ h, d_z @ E @ P


def P_turned(x, d_e, h, d_z, E, P):
    return (d_z.T @ (h @ P)).index_add(0, x, d_e), (d_z @ E).T @ h, d_z @ E @ P


def embedding_through_P(x, d_e, h, d_z, E, P):
    return (d_z.T @ h @ P.T).index_add(0, x, d_e @ P), (d_z @ E).T @ h, d_z @ E @ P


def other(dP=None, d_h=None):
    def function(x, d_e, h, d_z, E, P):
        dE, right_dP, right_d_h = with_one_hot(x, d_e, h, d_z, E, P)
        return (dE, dP(x, d_e, h, d_z, E, P) if dP else right_dP,
                d_h(d_z, E, P) if d_h else right_d_h)
    return function


def errors_twice(x, d_e, h, d_z, E, P):
    dE, dP, d_h = with_index_add(x, d_e, h, d_z, E, P)
    return dE, dP, d_h + d_e @ P


def mean_of_places(x, *given):
    dE, dP, d_h = with_index_add(x, *given)
    return dE / len(x), dP / len(x), d_h


RIGHT = [with_index_add, with_one_hot, in_a_loop]
WRONG = [
    (wrong_dE(lambda into, out, x, d_e: out), "only the output part"),
    (wrong_dE(lambda into, out, x, d_e: into), "only the input part"),
    (wrong_dE(indexed), "index_add_ adds all"),
    (wrong_dE(overwritten), "are overwritten"),
    (wrong_dE(lambda into, out, x, d_e: (into + out) / 2), "a mean of the two parts"),
    (wrong_dE(lambda into, out, x, d_e: into - out), "the output part is subtracted"),
    (wrong_dE(lambda into, out, x, d_e: into + out / len(x)), "divided by the number of places"),
    (wrong_dE(lambda into, out, x, d_e: into / len(x) + out), "is a mean over the places"),
    (no_P, "P is missing in dE"),
    (P_turned, "P is turned round in dE"),
    (embedding_through_P, "sent through P"),
    (other(dP=lambda x, d_e, h, d_z, E, P: h.T @ (d_z @ E)), "dP is transposed"),
    (other(dP=lambda x, d_e, h, d_z, E, P: d_e.T @ h), "dP is made of the errors at the embedding"),
    (other(d_h=lambda d_z, E, P: d_z @ E), "P is missing in d_h"),
    (other(d_h=lambda d_z, E, P: d_z @ E @ P.T), "P is turned round in d_h"),
    (lambda *given: with_one_hot(*given)[::-1], "the values are in another order"),
    (errors_twice, "the errors at the embedding are in d_h"),
    (mean_of_places, "dE and dP are divided by the number of places"),
]
