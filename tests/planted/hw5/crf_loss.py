"""Answers to exercise 5 of homework 5: two right ones, and wrong ones with their message."""

import torch


def batched(emissions, labels, lengths, transitions, start, end):
    B, T, _ = emissions.shape
    real = torch.arange(T) < lengths[:, None]
    words = emissions.gather(2, labels[..., None])[..., 0] * real
    pairs = transitions[labels[:, :-1], labels[:, 1:]] * real[:, 1:]
    last = labels[torch.arange(B), lengths - 1]
    score = start[labels[:, 0]] + words.sum(1) + pairs.sum(1) + end[last]
    message = start + emissions[:, 0]
    for t in range(1, T):
        new = (message[:, :, None] + transitions).logsumexp(1) + emissions[:, t]
        message = torch.where(real[:, t, None], new, message)
    return ((message + end).logsumexp(1) - score).mean()


def one(emissions, labels, transitions, start, end):
    """(log Z, score) of one sentence."""
    message = start + emissions[0]
    score = start[labels[0]] + emissions[0, labels[0]] + end[labels[-1]]
    for t in range(1, len(labels)):
        message = (message[:, None] + transitions).logsumexp(0) + emissions[t]
        score = score + transitions[labels[t - 1], labels[t]] + emissions[t, labels[t]]
    return (message + end).logsumexp(0), score


def one_by_one(emissions, labels, lengths, transitions, start, end):
    found = []
    for e, y, n in zip(emissions, labels, lengths.tolist(), strict=True):
        z, score = one(e[:n], y[:n], transitions, start, end)
        found.append(z - score)
    return torch.stack(found).mean()


def wrong(combine, z_to=None, score_to=None):
    """Each sentence alone; `combine` takes log Z (B,), score (B,), lengths."""
    def crf_loss(emissions, labels, lengths, *chain):
        T = labels.shape[1]
        z, scores = [], []
        for e, y, n in zip(emissions, labels, lengths.tolist(), strict=True):
            z.append(one(e[: z_to and T or n], y[: z_to and T or n], *chain)[0])
            scores.append(one(e[: score_to and T or n], y[: score_to and T or n], *chain)[1])
        return combine(torch.stack(z), torch.stack(scores), lengths)
    return crf_loss


def end_of_the_last_column(emissions, labels, lengths, transitions, start, end):
    right = one_by_one(emissions, labels, lengths, transitions, start, end)
    ends = end[labels[torch.arange(len(labels)), lengths - 1]]
    return right + (ends - end[labels[:, -1]]).mean()


def without_gradient(*given):
    return torch.tensor(one_by_one(*given).item())


RIGHT = [batched, one_by_one]
WRONG = [
    (wrong(lambda z, score, n: (score - z).mean()), "the sign"),
    (wrong(lambda z, score, n: (z - score).mean(), True, True), "the padding is counted: only"),
    (wrong(lambda z, score, n: (z - score).mean(), True), "the padding is counted in log Z"),
    (wrong(lambda z, score, n: (z - score).mean(), False, True),
     "the padding is counted in the score"),
    (end_of_the_last_column, "the label in the last column"),
    (wrong(lambda z, score, n: -score.mean()), "log Z is missing"),
    (wrong(lambda z, score, n: z.mean()), "the score of the right labels is missing"),
    (wrong(lambda z, score, n: (z - score).sum()), "this is the sum over the sentences"),
    (wrong(lambda z, score, n: (z - score).sum() / n.sum()), "divided by the number of words"),
    (wrong(lambda z, score, n: ((z - score) / n).mean()), "a mean of means"),
    (lambda e, y, n, A, s, end: batched(e, y, n, A, s, 0 * end), "the end is missing"),
    (lambda e, y, n, A, s, end: batched(e, y, n, A, 0 * s, end), "the start is missing"),
    (lambda e, y, n, A, s, end: batched(e, y, n, A.T, s, end), "the wrong way round"),
    (without_gradient, "no gradient can go back from this loss"),
    (lambda *given: one_by_one(*given).item(), "no gradient can go back from this loss"),
]
