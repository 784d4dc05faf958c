"""Answers to exercise 2 of homework 7: two right ones, and wrong ones with their message."""

import torch


def with_gather(left, right, lengths):
    B, S, H = left.shape
    t = torch.arange(S)
    real = (t < lengths[:, None])[..., None]
    places = (lengths[:, None] - 1 - t).clamp(min=0)
    turned = right.gather(1, places[..., None].expand(B, S, H))
    rows = torch.arange(B)
    last = torch.cat([left[rows, lengths - 1], right[rows, lengths - 1]], 1)
    return torch.cat([left, turned], 2) * real, last


def one_by_one(left, right, lengths):
    B, S, H = left.shape
    h, last = left.new_zeros(B, S, 2 * H), []
    for b, n in enumerate(lengths.tolist()):
        for t in range(n):
            h[b, t, :H] = left[b, t]
            h[b, t, H:] = right[b, n - 1 - t]
        last.append(torch.cat([h[b, n - 1, :H], h[b, 0, H:]]))
    return h, torch.stack(last)


def wrong(turn=lambda row, n: torch.cat([row[:n].flip(0), row[n:]]), join=torch.cat, dim=1,
          blank=True, last=None):
    """Each sentence alone; `turn` takes a row and its length."""
    def both_ways(left, right, lengths):
        found, ends = [], []
        for a, b, n in zip(left, right, lengths.tolist(), strict=True):
            a, turned = a.clone(), turn(b, n).clone()
            if blank:
                a[n:] = 0
                turned[n:] = 0
            found.append(join([a, turned], dim))
            ends.append(torch.cat([a[n - 1], b[n - 1]]))
        return torch.stack(found), torch.stack(ends) if last is None else last(
            left, right, lengths)
    return both_ways


def turn(row, n):
    return torch.cat([row[:n].flip(0), row[n:]])


def last_column(left, right, lengths):
    return torch.cat([left[:, -1], right[:, -1]], 1)


def last_word(left, right, lengths):
    rows = torch.arange(len(left))
    return with_gather(left, right, lengths)[0][rows, lengths - 1]


def stacked_last(left, right, lengths):
    rows = torch.arange(len(left))
    return torch.stack([left[rows, lengths - 1], right[rows, lengths - 1]], 1)


def added(left, right, lengths):
    H = left.shape[2]
    h, last = with_gather(left, right, lengths)
    return h[..., :H] + h[..., H:], last[:, :H] + last[:, H:]


def swapped(left, right, lengths):
    H = left.shape[2]
    return tuple(x.roll(H, -1) for x in with_gather(left, right, lengths))


RIGHT = [with_gather, one_by_one]
WRONG = [
    (wrong(lambda row, n: row), "the backward states are not turned round"),
    (wrong(lambda row, n: row.flip(0)), "the whole row is turned round"),
    (wrong(join=torch.stack, dim=1), "stacked, not concatenated: a symbol"),
    (wrong(last=stacked_last), "stacked, not concatenated: a source"),
    (wrong(join=torch.stack, dim=1, last=stacked_last), "stacked, not concatenated"),
    (wrong(dim=0), "concatenated along the symbols"),
    (added, "added up"),
    (wrong(last=last_column), "the last column in place of the last symbol"),
    (wrong(last=last_word), "it stands at the first symbol once"),
    (wrong(blank=False), "padding is not blank"),
    (swapped, "the halves are swapped"),
]
