"""Answers to exercise 6 of homework 5: two right ones, and wrong ones with their message."""

from itertools import pairwise

import torch


def messages(emissions, transitions, start, end):
    alpha, beta = [start + emissions[0]], [end]
    for row in emissions[1:]:
        alpha.append((alpha[-1][:, None] + transitions).logsumexp(0) + row)
    for row in emissions[1:].flip(0):
        beta.append((transitions + row + beta[-1]).logsumexp(1))
    return alpha, beta[::-1]


def expected(emissions, transitions, start, end):
    alpha, beta = messages(emissions, transitions, start, end)
    z, found = (alpha[-1] + end).logsumexp(0), torch.zeros_like(transitions)
    for t in range(1, len(emissions)):
        pair = alpha[t - 1][:, None] + transitions + emissions[t] + beta[t]
        found = found + (pair - z).exp()
    return found


def observed(labels, transitions):
    found = torch.zeros_like(transitions)
    for i, j in pairwise(labels):
        found[i, j] += 1
    return found


def by_messages(labels, emissions, transitions, start, end):
    return expected(emissions, transitions, start, end) - observed(labels, transitions)


def by_autograd(labels, emissions, transitions, start, end):
    """Accepted by the numbers; a person sees that it was not done by hand."""
    A = transitions.clone().requires_grad_()
    message = start + emissions[0]
    score = start[labels[0]] + emissions[0, labels[0]] + end[labels[-1]]
    for t in range(1, len(labels)):
        message = (message[:, None] + A).logsumexp(0) + emissions[t]
        score = score + A[labels[t - 1], labels[t]] + emissions[t, labels[t]]
    loss = (message + end).logsumexp(0) - score + 0.0 * A.sum()
    return torch.autograd.grad(loss, A)[0]


def best_path(emissions, transitions, start, end):
    best, back = start + emissions[0], []
    for row in emissions[1:]:
        best, came_from = (best[:, None] + transitions).max(0)
        best = best + row
        back.append(came_from)
    labels = [(best + end).argmax().item()]
    for came_from in back[::-1]:
        labels.append(came_from[labels[-1]].item())
    return observed(labels[::-1], transitions)


def independent(emissions, transitions, start, end):
    alpha, beta = messages(emissions, transitions, start, end)
    p = [(a + b).softmax(0) for a, b in zip(alpha, beta, strict=True)]
    return sum((torch.outer(a, b) for a, b in pairwise(p)), torch.zeros_like(transitions))


def from_the_left(emissions, transitions, start, end):
    alpha, _ = messages(emissions, transitions, start, end)
    found = torch.zeros_like(transitions)
    for t in range(1, len(emissions)):
        pair = (alpha[t - 1][:, None] + transitions + emissions[t]).exp()
        found = found + pair / pair.sum()
    return found


def minus_observed(count):
    return lambda labels, *given: count(*given) - observed(labels, given[1])


def with_emissions(times):
    def count(emissions, transitions, start, end):
        alpha, beta = messages(emissions, transitions, start, end)
        z, found = (alpha[-1] + end).logsumexp(0), torch.zeros_like(transitions)
        for t in range(1, len(emissions)):
            pair = alpha[t - 1][:, None] + transitions + times * emissions[t] + beta[t]
            found = found + (pair - z).exp()
        return found
    return count


def indexed(labels, *given):
    found, y = expected(*given), torch.tensor(labels)
    found[y[:-1], y[1:]] -= 1
    return found


RIGHT = [by_messages, by_autograd]
WRONG = [
    (lambda *given: -by_messages(*given), "the sign"),
    (lambda labels, *given: expected(*given), "the observed counts are missing"),
    (lambda labels, *given: -observed(labels, given[1]), "the expected counts are missing"),
    (minus_observed(best_path), "those of the best path alone"),
    (minus_observed(independent), "taken as independent"),
    (minus_observed(from_the_left), "what comes after the pair is missing"),
    (lambda *given: by_messages(*given).T, "rows and columns are swapped"),
    (lambda labels, *given: expected(*given) - observed(labels[::-1], given[1]),
     "only the observed counts"),
    (lambda labels, *given: by_messages(labels, *given) / max(len(labels) - 1, 1),
     "divided by the number of pairs"),
    (lambda y, e, A, s, end: by_messages(y, e, A, s, 0 * end), "the end is missing"),
    (lambda y, e, A, s, end: by_messages(y, e, A, 0 * s, end), "the start is missing"),
    (minus_observed(with_emissions(2)), "an emission counts twice"),
    (minus_observed(with_emissions(0)), "the second word of the pair is missing"),
    (indexed, "with tensors i and j adds once"),
]
