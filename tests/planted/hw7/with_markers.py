"""Answers to exercise 1 of homework 7: two right ones, and wrong ones with their message."""

import torch


def with_lists(texts, bos, eos):
    T = max(map(len, texts)) + 1
    y = torch.tensor([one + [eos] * (T - len(one)) for one in texts])
    before = torch.cat([torch.full((len(texts), 1), bos), y[:, :-1]], 1)
    lengths = torch.tensor([len(one) for one in texts])
    return before, y, torch.arange(T) <= lengths[:, None]


def with_tensors(texts, bos, eos):
    B, T = len(texts), 1 + max(len(one) for one in texts)
    rows = torch.full((B, T + 1), eos)
    real = torch.zeros(B, T, dtype=torch.bool)
    rows[:, 0] = bos
    for n, one in enumerate(texts):
        for t, token in enumerate(one):
            rows[n, t + 1] = token
        real[n, : len(one) + 1] = True
    return rows[:, :-1], rows[:, 1:], real


def changed(change):
    return lambda texts, bos, eos: change(*with_lists(texts, bos, eos), texts, bos, eos)


def real_until(more):
    def wrong(texts, bos, eos):
        before, y, _ = with_lists(texts, bos, eos)
        lengths = torch.tensor([len(one) for one in texts])
        return before, y, torch.arange(y.shape[1]) < lengths[:, None] + more
    return wrong


def whole_rows(texts, bos, eos):
    T = max(map(len, texts)) + 2
    rows = torch.tensor([[bos, *one] + [eos] * (T - 1 - len(one)) for one in texts])
    lengths = torch.tensor([len(one) for one in texts])
    y = torch.cat([rows[:, 1:], torch.full((len(texts), 1), eos)], 1)
    return rows, y, torch.arange(T) <= lengths[:, None]


def zeros(texts, bos, eos):
    T = max(map(len, texts)) + 1
    before = torch.tensor([[bos, *one] + [0] * (T - 1 - len(one)) for one in texts])
    y = torch.tensor([[*one, eos] + [0] * (T - 1 - len(one)) for one in texts])
    return before, y, with_lists(texts, bos, eos)[2]


RIGHT = [with_lists, with_tensors]
WRONG = [
    (changed(lambda before, y, real, *given: (y, y, real)), "before is not shifted"),
    (changed(lambda before, y, real, *given: (before, before, real)), "y is what was read"),
    (real_until(0), "the end marker is not guessed"),
    (changed(lambda before, y, real, *given: (before, y, real | True)), "padding counts as real"),
    (real_until(2), "one place too many is real"),
    (whole_rows, "one column too many"),
    (changed(lambda before, y, real, *given: (y, before, real)), "before and y are swapped"),
    (lambda texts, bos, eos: with_lists(texts, eos, eos), "in place of the begin marker"),
    (changed(lambda before, y, real, *given: (before, y, ~real)), "real is the wrong way round"),
    (zeros, "padding is filled with 0"),
    (changed(lambda before, y, real, texts, bos, eos: (torch.where(real, before, bos), y, real)),
     "padding of before is filled with the begin marker"),
    (changed(lambda before, y, real, *given: (before, y, real.float())), "real is a bool tensor"),
]
