"""Answers to exercise 4 of homework 7: two right ones, and wrong ones with their message."""

import torch
import torch.nn.functional as F


def look(s, h, real):
    a = (h @ s[:, :, None])[:, :, 0].masked_fill(~real, -torch.inf).softmax(1)
    return (a[:, None] @ h)[:, 0]


def with_products(e, s, h, real, weights):
    c = look(s, h, real)
    new = torch.tanh(e @ weights["W"].T + s @ weights["U"].T + c @ weights["C"].T + weights["b"])
    return torch.cat([new, c], 1) @ weights["V"].T + weights["d"], new


def with_one_product(e, s, h, real, weights):
    c = look(s, h, real)
    whole = torch.cat([weights[name] for name in "WUC"], 1)
    new = F.linear(torch.cat([e, s, c], 1), whole, weights["b"]).tanh()
    return F.linear(torch.cat([new, c], 1), weights["V"], weights["d"]), new


def wrong(new=None, out=None, states=None, question=None):
    """The step with one part replaced."""
    def decoder_step(e, s, h, real, w):
        seen, there = states(s, h, real) if states else (h, real)
        c = look(s, seen, there)
        parts = [e @ w["W"].T, s @ w["U"].T, c @ w["C"].T]
        state = new(parts, w["b"]) if new else torch.tanh(sum(parts) + w["b"])
        if question:
            c = look(state, seen, there)
        read = out(s, state, c) if out else torch.cat([state, c], 1)
        return read @ w["V"].T + w["d"], state
    return decoder_step


def exchanged(e, s, h, real, w):
    return with_products(e, s, h, real, {**w, "U": w["C"], "C": w["U"]})


def turned(names):
    return lambda e, s, h, real, w: with_products(
        e, s, h, real, {**w, **{name: w[name].T for name in names}})


def with_weights(weigh):
    def decoder_step(e, s, h, real, w):
        a = weigh((s[:, None] * h).sum(2), real)
        c = (a[..., None] * h).sum(1)
        new = torch.tanh(e @ w["W"].T + s @ w["U"].T + c @ w["C"].T + w["b"])
        return torch.cat([new, c], 1) @ w["V"].T + w["d"], new
    return decoder_step


RIGHT = [with_products, with_one_product]
WRONG = [
    (wrong(states=lambda s, h, real: (s[:, None].repeat(1, h.shape[1], 1), real)),
     "without the encoder's states"),
    (wrong(lambda parts, b: torch.tanh(parts[0] + parts[1] + b)),
     "the context does not enter the new state"),
    (wrong(out=lambda s, state, c: torch.cat([state, torch.zeros_like(c)], 1)),
     "the context does not reach the scores"),
    (wrong(out=lambda s, state, c: torch.cat([c, state], 1)), "reads [c; s]"),
    (wrong(question=True), "the new state asks"),
    (wrong(out=lambda s, state, c: torch.cat([s, c], 1)), "made from the old state"),
    (wrong(states=lambda s, h, real: (h, real | True)), "padding is looked at"),
    (with_weights(lambda scores, real: (scores * real).softmax(1)), "scores of 0 in place of -inf"),
    (with_weights(lambda scores, real: scores.softmax(1) * real), "taken out after the softmax"),
    (wrong(lambda parts, b: sum(parts) + b), "tanh is missing"),
    (wrong(lambda parts, b: torch.tanh(parts[0] + parts[2] + b)), "the old state does not enter"),
    (wrong(lambda parts, b: torch.tanh(parts[1] + parts[2] + b)), "the token that was read"),
    (lambda *given: ((r := with_products(*given))[0].log_softmax(1), r[1]),
     "these are log-probabilities"),
    (lambda *given: ((r := with_products(*given))[0].softmax(1), r[1]), "these are probabilities"),
    (turned("U"), "U is not turned"),
    (turned("C"), "C is not turned"),
    (turned("UC"), "U and C are not turned"),
    (exchanged, "U and C are swapped"),
    (lambda *given: with_products(*given)[::-1], "the two values are swapped"),
]
