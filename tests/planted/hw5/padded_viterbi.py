"""Answers to exercise 3 of homework 5: two right ones, and wrong ones with their message."""

import torch


def mended(emissions, lengths, transitions, start, end):
    best, came_from = start + emissions[:, 0], []
    K = len(start)
    for t in range(1, emissions.shape[1]):
        real = (t < lengths)[:, None]
        ways, back = (best[:, :, None] + transitions).max(1)
        best = torch.where(real, ways + emissions[:, t], best)
        came_from.append(torch.where(real, back, torch.arange(K)))
    labels = [(best + end).argmax(1)]
    for back in came_from[::-1]:
        labels.append(back.gather(1, labels[-1][:, None])[:, 0])
    found = torch.stack(labels[::-1], 1)
    return found.masked_fill(torch.arange(found.shape[1]) >= lengths[:, None], -1)


def one_by_one(emissions, lengths, transitions, start, end):
    """Another way: each sentence alone, without its padding."""
    rows = torch.full(emissions.shape[:2], -1)
    for b, n in enumerate(lengths.tolist()):
        best, came_from = start + emissions[b, 0], []
        for t in range(1, n):
            best, back = (best[:, None] + transitions).max(0)
            best = best + emissions[b, t]
            came_from.append(back)
        label = (best + end).argmax()
        rows[b, n - 1] = label
        for t in range(n - 2, -1, -1):
            label = came_from[t][label]
            rows[b, t] = label
    return rows


def found(best_stays, label_stays, mask=True, fill=-1):
    """As found, with one half of the cure or another."""
    def padded_viterbi(emissions, lengths, transitions, start, end):
        B, T, K = emissions.shape
        best, came_from = start + emissions[:, 0], []
        for t in range(1, T):
            new, back = (best[:, :, None] + transitions).max(1)
            new = new + emissions[:, t]
            real = (t < lengths)[:, None]
            best = torch.where(real, new, best) if best_stays else new
            came_from.append(torch.where(real, back, torch.arange(K)) if label_stays else back)
        label = (best + end).argmax(1)
        labels = [label]
        for back in reversed(came_from):
            label = back[torch.arange(B), label]
            labels.append(label)
        rows = torch.stack(labels[::-1], 1)
        return rows.masked_fill(torch.arange(T) >= lengths[:, None], fill) if mask else rows
    return padded_viterbi


def zeros_in_padding(emissions, lengths, transitions, start, end):
    real = torch.arange(emissions.shape[1]) < lengths[:, None]
    emissions = emissions.masked_fill(~real[..., None], 0.0)
    return found(False, False)(emissions, lengths, transitions, start, end)


def each_word(emissions, lengths, transitions, start, end):
    labels = emissions.argmax(2)
    return labels.masked_fill(torch.arange(labels.shape[1]) >= lengths[:, None], -1)


RIGHT = [mended, one_by_one]
WRONG = [
    (found(False, False), "the messages run on through the padding"),
    (found(True, False), "the messages stop, but the way back"),
    (found(False, True), "but the messages run on through it"),
    (zeros_in_padding, "emissions of 0 in padding do not stop"),
    (lambda e, n, A, s, end: mended(e, n, A, s, 0 * end), "the end is missing"),
    (lambda e, n, A, s, end: mended(e, n, A, 0 * s, end), "the start is missing"),
    (lambda e, n, A, s, end: mended(e, n, A.T, s, end), "the wrong way round"),
    (found(True, True, fill=0), "in padding stands a label"),
    (each_word, "every word for itself"),
]
