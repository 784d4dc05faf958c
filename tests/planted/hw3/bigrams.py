"""Answers to exercise 1 of homework 3: right ones, and wrong ones with their message."""

import torch


def by_a_loop(texts, size, bos, eos, alpha):
    c = torch.zeros(size, size, dtype=torch.double)
    for text in texts:
        last = bos
        for word in text + [eos]:
            c[last, word] += 1
            last = word
    c += alpha
    c[:, bos] = 0
    return c / c.sum(1, keepdim=True)


def by_numbers(texts, size, bos, eos, alpha):
    places = [a * size + b for text in texts for a, b in zip([bos, *text], [*text, eos])]
    c = torch.bincount(torch.tensor(places), minlength=size * size).view(size, size)
    P = (c + alpha) / (c.sum(1, keepdim=True) + alpha * (size - 1))
    P[:, bos] = 0.0
    return P


def with_dicts(texts, size, bos, eos, alpha):
    rows = [[alpha if j != bos else 0.0 for j in range(size)] for _ in range(size)]
    for text in texts:
        path = [bos] + list(text) + [eos]
        for a, b in zip(path, path[1:]):
            rows[a][b] += 1
    return torch.tensor([[value / sum(row) for value in row] for row in rows])


def counts(texts, size, marks=lambda text, bos, eos: [bos, *text, eos], once=False, bos=0, eos=1):
    c = torch.zeros(size, size)
    for text in texts:
        path = marks(text, bos, eos)
        for a, b in zip(path, path[1:]):
            c[a, b] = 1 if once else c[a, b] + 1
    return c


def wrong(marks=lambda text, bos, eos: [bos, *text, eos], once=False, share=None):
    def function(texts, size, bos, eos, alpha):
        c = counts(texts, size, marks, once, bos, eos)
        if share:
            return share(c, alpha, size, bos)
        c = c + alpha
        c[:, bos] = 0
        return c / c.sum(1, keepdim=True)
    return function


def one_stream(texts, size, bos, eos, alpha):
    return by_a_loop([[word for text in texts for word in text]], size, bos, eos, alpha)


def marked_stream(texts, size, bos, eos, alpha):
    path = [token for text in texts for token in (bos, *text, eos)]
    c = torch.zeros(size, size)
    for a, b in zip(path, path[1:]):
        c[a, b] += 1
    P = (c + alpha) / (c.sum(1, keepdim=True) + alpha * (size - 1))
    P[:, bos] = 0
    return P


def without(P, bos):
    P[:, bos] = 0
    return P


def some_alpha(c, alpha, size, bos):
    c = torch.where(c == 0, alpha, c)
    n = counts_of_rows(c, alpha)
    return without(c / (n + alpha * (size - 1)), bos)


def counts_of_rows(c, alpha):
    return torch.where(c == alpha, 0.0, c).sum(1, keepdim=True)


def indexed(texts, size, bos, eos, alpha):
    c = torch.zeros(size, size)
    for text in texts:
        whole = torch.tensor([bos, *text, eos])
        c[whole[:-1], whole[1:]] += 1
    return without((c + alpha) / (c.sum(1, keepdim=True) + alpha * (size - 1)), bos)


def column_sums(c, alpha, size, bos):
    return without((c + alpha) / (c.sum(0) + alpha * (size - 1)), bos)


RIGHT = [by_a_loop, by_numbers, with_dicts]
WRONG = [
    (wrong(lambda text, bos, eos: [bos, *text]), "the end marker is missing"),
    (wrong(lambda text, bos, eos: [*text, eos]), "the begin marker is missing"),
    (wrong(lambda text, bos, eos: text), "both markers are missing"),
    (one_stream, "the texts are read as one"),
    (marked_stream, "followed by the next text's begin marker"),
    (wrong(share=lambda c, a, K, bos: without((c + a) / c.sum(1, keepdim=True), bos)),
     "the rows do not sum to 1"),
    (wrong(share=lambda c, a, K, bos: (c + a) / (c + a).sum(1, keepdim=True)),
     "the begin marker gets a share"),
    (wrong(share=lambda c, a, K, bos: without((c + a) / (c.sum(1, keepdim=True) + a * K), bos)),
     "alpha counts size - 1 times"),
    (wrong(share=lambda c, a, K, bos: without((c + a) / (c.sum(1, keepdim=True) + a), bos)),
     "alpha counts once in the denominator"),
    (lambda *given: by_a_loop(*given).T, "transposed"),
    (wrong(share=lambda c, a, K, bos: without(c + a, bos) / without(c + a, bos).sum(0).clamp(
        min=1e-30)), "each column sums to 1"),
    (wrong(share=lambda c, a, K, bos: c / c.sum()), "divided by the number of all pairs"),
    (wrong(share=lambda c, a, K, bos: without(c + a, bos) / without(c + a, bos).sum()),
     "divided by the number of all pairs"),
    (wrong(share=lambda c, a, K, bos: c / c.sum(1, keepdim=True)), "alpha is missing: a pair"),
    (wrong(share=lambda c, a, K, bos: c / c.sum(1, keepdim=True).clamp(min=1)),
     "alpha is missing: a pair"),
    (lambda texts, size, bos, eos, alpha: by_a_loop(texts, size, bos, eos, 1.0), "1 is added"),
    (wrong(share=some_alpha), "only pairs never seen get alpha"),
    (wrong(share=lambda c, a, K, bos: c), "these are counts"),
    (wrong(share=lambda c, a, K, bos: without(c + a, bos)), "these are counts"),
    (lambda *given: by_a_loop(*given).log(), "these are logarithms"),
    (wrong(once=True), "each different pair counts once"),
    (indexed, "with tensors i and j adds once"),
    (wrong(share=column_sums), "divided by how often j came"),
]
