"""Answers to exercise 4 of homework 3: right ones, and wrong ones with their message."""

import torch


def by_views(ids, B, T):
    L = (len(ids) - 1) // B
    x, y = ids[:B * L].view(B, L), ids[1:B * L + 1].view(B, L)
    return [(x[:, t:t + T], y[:, t:t + T]) for t in range(0, L, T)]


def row_by_row(ids, B, T):
    L = (len(ids) - 1) // B
    found = []
    for t in range(0, L, T):
        stop = min(t + T, L)
        x = torch.stack([ids[b * L + t:b * L + stop] for b in range(B)])
        y = torch.stack([ids[b * L + t + 1:b * L + stop + 1] for b in range(B)])
        found.append((x, y))
    return found


def by_split(ids, B, T):
    n = (ids.numel() - 1) // B * B
    return list(zip(ids[:n].reshape(B, -1).split(T, 1), ids[1:n + 1].reshape(B, -1).split(T, 1)))


def cut(x, y, T):
    return [(x[:, t:t + T], y[:, t:t + T]) for t in range(0, x.shape[1], T)]


def shifted(by):
    def function(ids, B, T):
        L = (len(ids) - 1) // B
        return cut(ids[:B * L].view(B, L), ids.roll(-by)[:B * L].view(B, L), T)
    return function


def rolled_segments(ids, B, T):
    return [(x, torch.cat([x[:, 1:], x[:, :1]], 1)) for x, _ in by_views(ids, B, T)]


def rolled_rows(ids, B, T):
    L = (len(ids) - 1) // B
    x = ids[:B * L].view(B, L)
    return cut(x, x.roll(-1, 1), T)


def rolled_text(ids, B, T):
    L = len(ids) // B
    return cut(ids[:B * L].view(B, L), ids.roll(-1)[:B * L].view(B, L), T)


def short_rows(ids, B, T):
    L = len(ids) // B
    rows = ids[:B * L].view(B, L)
    return cut(rows[:, :-1], rows[:, 1:], T)


def inside(ids, B, T):
    return [(x[:, :-1], x[:, 1:]) for x, _ in by_views(ids, B, T)]


def woven(ids, B, T):
    L = (len(ids) - 1) // B
    return cut(ids[:B * L].view(L, B).T, ids[1:B * L + 1].view(L, B).T, T)


def stacked(ids, B, T):
    found = []
    for s in range(0, len(ids) - B * T, B * T):
        found.append((ids[s:s + B * T].view(B, T), ids[s + 1:s + B * T + 1].view(B, T)))
    return found


def overlapping(ids, B, T):
    (x, y), = by_views(ids, B, len(ids))
    return [(x[:, t:t + T], y[:, t:t + T]) for t in range(0, x.shape[1], max(T - 1, 1))]


def sliding(ids, B, T):
    (x, y), = by_views(ids, B, len(ids))
    return [(x[:, t:t + T], y[:, t:t + T]) for t in range(x.shape[1])]


def gaps(ids, B, T):
    L = (len(ids) - 1) // B
    return [(x[:, :-1], x[:, 1:]) for x in ids[: B * L].view(B, L).split(T + 1, 1)]


RIGHT = [by_views, row_by_row, by_split]
WRONG = [
    (shifted(0), "y is x"),
    (shifted(-1), "one symbol earlier"),
    (shifted(2), "two symbols later"),
    (rolled_segments, "the last target of each segment is its own first symbol"),
    (rolled_rows, "the last target of each row is its own first symbol"),
    (rolled_text, "the text's last target is its first symbol"),
    (short_rows, "a symbol of each row is lost"),
    (inside, "the last symbol of each segment is not read"),
    (woven, "neighbours in the text stand in different rows"),
    (stacked, "cut the text into B rows first"),
    (lambda ids, B, T: [pair for pair in by_views(ids, B, T) if pair[0].shape[1] == T],
     "the last, shorter segment is missing"),
    (overlapping, "the segments overlap"),
    (sliding, "the segments overlap"),
    (lambda ids, B, T: [(x.T, y.T) for x, y in by_views(ids, B, T)], "the axes are swapped"),
    (lambda ids, B, T: [(y, x) for x, y in by_views(ids, B, T)], "x and y are swapped"),
    (lambda ids, B, T: [x for x, _ in by_views(ids, B, T)], "only x is returned"),
    (lambda ids, B, T: by_views(ids, B, len(ids)), "the rows are not cut"),
    (gaps, "the next piece begins after it"),
]
