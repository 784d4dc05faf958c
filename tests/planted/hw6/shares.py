"""Answers to exercise 5 of homework 6: two right ones, and wrong ones with their message."""

import torch


def from_the_end(f, i, g, c0):
    kept, found = torch.ones_like(c0), []
    for t in reversed(range(len(f))):
        found.append(kept * i[t] * g[t])
        kept = kept * f[t]
    return torch.stack([kept * c0, *found[::-1]])


def all_at_once(f, i, g, c0):
    later = torch.cat([f, torch.ones_like(f[:1])]).flip(0).cumprod(0).flip(0)
    return later * torch.cat([c0[None], i * g])


def growing(f, i, g, c0):
    """A third way: the parts so far, each multiplied by the next gate."""
    parts = [c0]
    for t in range(len(f)):
        parts = [part * f[t] for part in parts] + [i[t] * g[t]]
    return torch.stack(parts)


def wrong(weights, writes=lambda i, g: i * g):
    """Right for c0, and other weights or other writes for the steps."""
    return lambda f, i, g, c0: torch.cat([(f.prod(0) * c0)[None], weights(f) * writes(i, g)])


def after(f):
    return torch.stack([f[t + 1 :].prod(0) for t in range(len(f))])


def memories(f, i, g, c0):
    found = [c0]
    for t in range(len(f)):
        found.append(f[t] * found[-1] + i[t] * g[t])
    return torch.stack(found)


RIGHT = [from_the_end, all_at_once, growing]
WRONG = [
    (wrong(lambda f: torch.stack([f[t:].prod(0) for t in range(len(f))])),
     "the gate of the step itself is multiplied on"),
    (wrong(lambda f: f.cumprod(0)), "the gates before the step"),
    (wrong(lambda f: torch.stack([*f[1:], torch.ones_like(f[0])])), "only the next gate counts"),
    (lambda f, i, g, c0: torch.cat([c0[None], i * g]) * torch.cat([f, f[:1] * 0 + 1]).cumprod(0)
     .where(torch.arange(len(f) + 1)[:, None] < len(f), 1.0), "the gates up to t, from the first"),
    (wrong(lambda f: 1.0), "nothing is forgotten here"),
    (wrong(after, lambda i, g: g), "the input gate is missing"),
    (wrong(after, lambda i, g: i), "the candidate is missing"),
    (lambda f, i, g, c0: after(f) * i * g, "c0 is missing"),
    (lambda *given: torch.cat([(a := all_at_once(*given))[1:], a[:1]]), "c0 stands last"),
    (lambda f, i, g, c0: torch.cat([c0[None], after(f) * i * g]), "c0 is not forgotten"),
    (lambda *given: memories(*given)[-1], "this is c_T itself"),
    (memories, "these are the memories c_0 to c_T"),
    (lambda *given: all_at_once(*given) / memories(*given)[-1], "these are shares of 1"),
    (lambda f, i, g, c0: all_at_once(1 - f, i, g, c0), "1 - f is multiplied"),
    (lambda *given: all_at_once(*given).flip(0), "the wrong way round"),
]
