"""Answers to exercise 2 of homework 4: two right ones, and wrong ones with their message."""

import torch


def by_cumsum(step, first, state, end, numbers):
    out, total, token = [], 0.0, first
    for u in numbers:
        log_probs, state = step(token, state)
        token = int((log_probs.exp().cumsum(0) <= u).sum().clamp(max=len(log_probs) - 1))
        out.append(token)
        total += log_probs[token].item()
        if token == end:
            break
    return out, total


def walking(step, first, state, end, numbers):
    """Another way: u becomes smaller by each piece that is passed."""
    text, scores = [first], []
    for u in numbers:
        log_probs, state = step(text[-1], state)
        token = 0
        while token < len(log_probs) - 1 and u >= float(log_probs[token].exp()):
            u -= float(log_probs[token].exp())
            token += 1
        text.append(token)
        scores.append(float(log_probs[token]))
        if text[-1] == end:
            break
    return text[1:], sum(scores)


def wrong(choose=None, again=False, frozen=False, go_on=False, quiet_end=False):
    """The loop with one part replaced."""
    def sample(step, first, state, end, numbers):
        out, total, token = [], 0.0, first
        for u in numbers:
            log_probs, new = step(first if again else token, state)
            state = state if frozen else new
            pieces = log_probs.exp().cumsum(0)
            token = choose(log_probs, pieces, u) if choose else int(torch.searchsorted(
                pieces, u, right=True).clamp(max=len(pieces) - 1))
            if not (quiet_end and token == end):
                total += log_probs[token].item()
            out.append(token)
            if token == end and not go_on:
                break
        return out, total
    return sample


def from_the_best(log_probs, pieces, u):
    order = log_probs.argsort(descending=True)
    return int(order[(log_probs[order].exp().cumsum(0) <= u).sum().clamp(max=len(order) - 1)])


def reported(change):
    return lambda *given: change(*by_cumsum(*given), given)


def before_the_end(step, first, state, end, numbers):
    """Stops when the end marker is drawn, before anything is noted."""
    out, total, token = [], 0.0, first
    for u in numbers:
        log_probs, state = step(token, state)
        token = int((log_probs.exp().cumsum(0) <= u).sum().clamp(max=len(log_probs) - 1))
        if token == end:
            break
        out.append(token)
        total += log_probs[token].item()
    return out, total


RIGHT = [by_cumsum, walking]
WRONG = [
    (wrong(lambda p, pieces, u: int(p.argmax())), "the most probable token is chosen"),
    (wrong(from_the_best), "laid out from the most probable token on"),
    (wrong(lambda p, pieces, u: min(int((pieces <= u).sum()) + 1, len(p) - 1)), "too late"),
    (wrong(lambda p, pieces, u: max(int((pieces <= u).sum()) - 1, 0)), "one token too early"),
    (wrong(lambda p, pieces, u: int(u * len(p))), "with the same probability"),
    (wrong(again=True), "the choice is not fed back"),
    (wrong(frozen=True), "the state is not passed on"),
    (wrong(go_on=True), "the loop goes on after the end marker"),
    (wrong(quiet_end=True), "the probability of the end marker is missing"),
    (reported(lambda out, total, given: ([i for i in out if i != given[3]], total)),
     "the end marker is missing: it was drawn"),
    (before_the_end, "the end marker and its probability are missing"),
    (reported(lambda out, total, given: ([given[1]] + out, total)), "the first token is among"),
    (reported(lambda out, total, given: (out, 2.718281828459045 ** total)),
     "this is the probability of the text"),
    (reported(lambda out, total, given: (out, total / len(out))), "a mean over the tokens"),
    (reported(lambda out, total, given: (total, out)), "the two values are swapped"),
]
