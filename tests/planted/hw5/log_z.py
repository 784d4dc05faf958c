"""Answers to exercise 4 of homework 5: two right ones, and wrong ones with their message."""

import math

import torch


def from_the_left(emissions, transitions, start, end):
    message = start + emissions[0]
    for row in emissions[1:]:
        message = torch.logsumexp(message[:, None] + transitions, 0) + row
    return torch.logsumexp(message + end, 0).item()


def from_the_right(emissions, transitions, start, end):
    message = end
    for row in emissions[1:].flip(0):
        message = (transitions + (row + message)).logsumexp(1)
    return (start + emissions[0] + message).logsumexp(0)


def in_python(emissions, transitions, start, end):
    """A third way: the largest number taken out by hand."""
    def log_sum(numbers):
        top = max(numbers)
        return top + math.log(sum(math.exp(number - top) for number in numbers))

    A, rows, K = transitions.tolist(), emissions.tolist(), len(start)
    message = [start[j].item() + rows[0][j] for j in range(K)]
    for row in rows[1:]:
        message = [log_sum([message[i] + A[i][j] for i in range(K)]) + row[j] for j in range(K)]
    return log_sum([message[j] + end[j].item() for j in range(K)])


def wrong(gather, last=lambda message, end: torch.logsumexp(message + end, 0)):
    """The messages gathered in another way."""
    def log_z(emissions, transitions, start, end):
        message = start + emissions[0]
        for row in emissions[1:]:
            message = gather(message, transitions) + row
        return last(message, end).item()
    return log_z


def right(message, A):
    return torch.logsumexp(message[:, None] + A, 0)


def naive(emissions, transitions, start, end):
    message = (start + emissions[0]).exp()
    for row in emissions[1:]:
        message = message @ transitions.exp() * row.exp()
    return (message * end.exp()).sum().log().item()


RIGHT = [from_the_left, from_the_right, in_python]
WRONG = [
    (wrong(right, lambda message, end: torch.logsumexp(message, 0)), "the end is missing"),
    (lambda e, A, s, end: from_the_left(e, A, 0 * s, end), "the start is missing"),
    (wrong(lambda message, A: torch.logsumexp(message[:, None] + A.T, 0)), "the wrong way round"),
    (wrong(lambda message, A: (message[:, None] + A).max(0).values,
           lambda message, end: (message + end).max()), "the score of the best sequence"),
    (wrong(lambda message, A: (message[:, None] + A).max(0).values),
     "keeps the best beginning only"),
    (wrong(lambda message, A: torch.logsumexp(message + A, 0)), "message[i] belongs to the rows"),
    (wrong(lambda message, A: (message[:, None] + A).sum(0)), "a plain sum"),
    (lambda e, A, s, end: torch.logsumexp(e, 1).sum().item(), "every word for itself"),
    (naive, "the exponential of a large score"),
    (lambda *given: math.exp(min(from_the_left(*given), 700.0)), "this is Z"),
    (lambda *given: -from_the_left(*given), "this is - log Z"),
    (wrong(lambda message, A: torch.logsumexp(message[:, None] + A, 1)), "the sum is over j"),
]
