"""Right and wrong answers to the exercises of notebook 08, for the tests alone."""
import torch
from torch import nn
from torch.nn import functional as F

from rnnlib.layers import reverse

# Exercise 1: both directions at every word, and at the end


def both(h_f, h_b, lengths):
    back = reverse(h_b, lengths)
    rows = torch.arange(len(h_f))
    return torch.cat([h_f, back], -1), torch.cat([h_f[rows, lengths - 1], back[:, 0]], -1)


def both_by_loops(h_f, h_b, lengths):
    h, end = torch.zeros(*h_f.shape[:2], 2 * h_f.shape[2]), []
    for b, n in enumerate(lengths.tolist()):
        for t in range(n):
            h[b, t] = torch.cat([h_f[b, t], h_b[b, n - 1 - t]])
        end.append(torch.cat([h_f[b, n - 1], h_b[b, n - 1]]))
    return h, torch.stack(end)


def both_like(turn=reverse, join=None, end=None):
    def function(h_f, h_b, n):
        back, rows = turn(h_b, n), torch.arange(len(h_f))
        h = (join or (lambda f, b: torch.cat((f, b), -1)))(h_f, back)
        last = (end or (lambda f, b, n, rows: torch.cat((f[rows, n - 1], b[:, 0]), -1)))
        return h, last(h_f, back, n, rows)
    return function


BOTH_RIGHT = [both, both_by_loops]
BOTH_WRONG = [
    (both_like(turn=lambda h, n: h), "not turned round: its first state belongs"),
    (both_like(turn=lambda h, n: h, end=lambda f, b, n, r: torch.cat((f[r, n - 1], b[r, n - 1]),
                                                                    -1)),
     "its last one is taken for the end"),
    (both_like(turn=lambda h, n: torch.flip(h, [1])), "the padding is turned round too"),
    (lambda f, b, n: (torch.cat([f, b.flip(1)], 2), both(f, b, n)[1]), "in the states at every"),
    (both_like(join=lambda f, b: torch.stack((f, b), 2)), "stacked, not concatenated"),
    (both_like(join=lambda f, b: torch.cat((f, b), 1)), "one after the other in time"),
    (both_like(join=torch.add, end=lambda f, b, n, r: f[r, n - 1] + b[:, 0]), "added"),
    (both_like(join=lambda f, b: torch.cat((b, f), 2),
               end=lambda f, b, n, r: torch.cat((b[:, 0], f[r, n - 1]), 1)),
     "the backward half comes first"),
    (both_like(end=lambda f, b, n, r: torch.cat((f, b), 2)[r, n - 1]), "at the last word for both"),
    (both_like(end=lambda f, b, n, r: torch.cat((f, b), 2)[:, 0]), "at the first word for both"),
    (both_like(end=lambda f, b, n, r: torch.cat((f[:, -1], b[:, 0]), 1)), "from the padding"),
    (both_like(end=lambda f, b, n, r: torch.cat((f, b), 2)[:, -1]), "the last column of the batch"),
    (both_like(end=lambda f, b, n, r: torch.cat((f[r, (n - 2).clamp(0)], b[:, 0]), 1)),
     "off by one"),
    (both_like(end=lambda f, b, n, r: f[r, n - 1]), "the forward reader alone"),
]

# Exercise 2: both directions as input to the next layer


def joined(x, first, second):
    for forward, backward in (first, second):
        x = torch.cat([forward(x), backward(x.flip(1)).flip(1)], -1)
    return x


def joined_with_reverse(x, first, second):
    h = torch.cat((first[0](x), reverse(first[1](reverse(x)))), 2)
    return torch.cat((second[0](h), reverse(second[1](reverse(h)))), 2)


def layer_like(back=lambda read, x: read(x.flip(1)).flip(1), join=None):
    join = join or (lambda f, b: torch.cat([f, b], 2))
    return lambda x, pair: join(pair[0](x), back(pair[1], x))


def deep(below, above):
    return lambda x, first, second: above(below(x, first), second)


def separate(x, first, second):
    left = second[0](first[0](x))
    right = second[1](first[1](x.flip(1))).flip(1)
    return torch.cat([left, right], 2)


def crossed(x, first, second):
    left, right = first[0](x), first[1](x.flip(1)).flip(1)
    return torch.cat([second[0](right), second[1](left.flip(1)).flip(1)], 2)


fine = layer_like()
plain = layer_like(lambda read, x: read(x))
unturned = layer_like(lambda read, x: read(x.flip(1)))
late = layer_like(lambda read, x: read(x).flip(1))
summed = layer_like(join=torch.add)

JOINED_RIGHT = [joined, joined_with_reverse]
JOINED_WRONG = [
    (separate, "two separate stacks"),
    (crossed, "the directions are crossed"),
    (deep(plain, plain), "in both layers the backward reader reads from the left like"),
    (deep(plain, fine), "in the first layer the backward reader reads from the left like"),
    (deep(fine, plain), "in the second layer the backward reader reads from the left like"),
    (deep(unturned, unturned), "in both layers the backward reader is not turned back"),
    (deep(unturned, fine), "in the first layer the backward reader is not turned back"),
    (deep(fine, unturned), "in the second layer the backward reader is not turned back"),
    (deep(late, late), "in both layers the backward reader reads from the left: turn its input"),
    (lambda x, first, second: fine(x, first), "this is the first layer"),
    (lambda x, first, second: fine(x, second), "the second layer reads x"),
    (lambda x, first, second: torch.cat(joined(x, first, second).chunk(2, 2)[::-1], 2),
     "the backward half stands first"),
    (deep(summed, fine), "the directions of the first layer are added"),
    (deep(fine, summed), "the directions of the second layer are added"),
]

# Exercise 3: how many weights


def count(D, F, H, layers, K):
    total = D * F + F
    reads = F
    for _ in range(layers):
        total += 2 * (H * reads + H * H + H)
        reads = 2 * H
    return total + reads * K + K


def count_by_torch(D, F, H, layers, K):
    stack = nn.RNN(F, H, layers, bidirectional=True)
    parts = [nn.Linear(D, F), stack, nn.Linear(2 * H, K)]
    return sum(w.numel() for part in parts for w in part.parameters()) - layers * 2 * H


def count_like(higher=lambda F, H: 2 * H, ways=2, square=lambda H: H * H, bias=1, ends=True):
    def function(D, F, H, layers, K):
        total = sum(ways * H * (F if k == 0 else higher(F, H)) + ways * square(H) + ways * bias * H
                    for k in range(layers))
        return total + (D * F + F + ways * H * K + K if ends else 0)
    return function


COUNT_RIGHT = [count, count_by_torch]
COUNT_WRONG = [
    (count_like(lambda F, H: H, ways=1), "one direction is counted, and V"),
    (lambda D, F, H, layers, K: count_like(ways=1)(D, F, H, layers, K) + H * K,
     "one direction is counted: there"),
    (count_like(lambda F, H: F), "every layer reads F numbers"),
    (count_like(lambda F, H: H), "a higher layer reads 2H"),
    (count_like(square=lambda H: 4 * H * H), "with 2H rows and columns"),
    (count_like(square=lambda H: 0), "U is missing"),
    (count_like(bias=0), "the biases of the recurrent layers"),
    (lambda D, F, H, layers, K: count_like(bias=0)(D, F, H, layers, K) - F - K,
     "the biases are missing"),
    (lambda D, F, H, layers, K: count(D, F, H, layers, K) - F - K,
     "the biases of the feed-forward"),
    (count_like(bias=2), "two biases"),
    (count_like(ends=False), "the feed-forward layers are missing"),
    (lambda D, F, H, layers, K: count(D, F, H, layers, K) - H * K, "V reads 2H"),
    (lambda D, F, H, layers, K: count_like(ends=False)(D, F, H, layers, K) + 2 * H * K + K,
     "the layer before the stack"),
    (lambda D, F, H, layers, K: count_like(ends=False)(D, F, H, layers, K) + D * F + F,
     "V is missing"),
]

# Exercise 4: normalisation


def norm(h, gain, shift):
    mean = h.mean(-1, keepdim=True)
    variance = ((h - mean) ** 2).mean(-1, keepdim=True)
    return gain * (h - mean) / torch.sqrt(variance + 1e-5) + shift


def norm_by_torch(h, gain, shift):
    return F.layer_norm(h, h.shape[-1:], gain, shift)


def norm_like(axes=-1, correction=0, root=lambda v: (v + 1e-5) ** 0.5, end=None):
    def function(h, gain, shift):
        v, m = torch.var_mean(h, axes, correction=correction, keepdim=True)
        n = (h - m) / root(v)
        return n * gain + shift if end is None else end(n, gain, shift)
    return function


NORM_RIGHT = [norm, norm_by_torch]
NORM_WRONG = [
    (norm_like(1), "over the time steps"),
    (norm_like(0), "over the batch:"),
    (norm_like((0, 1)), "as batch normalisation"),
    (norm_like((1, 2)), "over time and features"),
    (norm_like((0, 1, 2)), "over everything"),
    (norm_like(correction=1), "divided by H - 1"),
    (lambda h, g, s: g * (h - h.mean(-1, keepdim=True)) / h.std(-1, keepdim=True) + s,
     "torch's std"),
    (norm_like(root=lambda v: v + 1e-5), "divided by the variance"),
    (norm_like(root=lambda v: v**0.5), "under the root is missing"),
    (norm_like(root=lambda v: v**0.5 + 1e-5), "outside the root"),
    (norm_like(end=lambda n, gain, shift: n), "gain and shift are missing"),
    (norm_like(end=lambda n, gain, shift: n * gain), "the shift is missing"),
    (norm_like(end=lambda n, gain, shift: n + shift), "the gain is missing"),
    (norm_like(end=lambda n, gain, shift: n * shift + gain), "swapped"),
    (norm_like(end=lambda n, gain, shift: (n + shift) * gain), "multiplied by the gain, too"),
    (lambda h, g, s: g * h / (h.var(-1, correction=0, keepdim=True) + 1e-5).sqrt() + s,
     "the mean is not taken away"),
    (lambda h, g, s: g * (h - h.mean(-1, keepdim=True)) + s, "not divided by the spread"),
]

# Exercise 5: convolution


def convolve(x, W, b):
    padded = F.pad(x, (0, 0, 1, 1))
    return torch.tanh(padded[:, :-2] @ W[0].T + x @ W[1].T + padded[:, 2:] @ W[2].T + b)


def convolve_by_torch(x, W, b):
    return torch.tanh(F.conv1d(x.mT, W.permute(1, 2, 0), b, padding=1)).mT


def convolve_like(pad=(1, 1), weights=lambda W: W, bias=lambda b: b, squash=torch.tanh):
    def function(x, W, b):
        rows = F.pad(x, (0, 0, *pad))
        return squash(F.conv1d(rows.mT, weights(W).permute(1, 2, 0), bias(b))).mT
    return function


def around(fill):
    return lambda x, W, b: convolve_like((0, 0))(fill(x), W, b)


CONVOLVE_RIGHT = [convolve, convolve_by_torch]
CONVOLVE_WRONG = [
    (convolve_like(weights=lambda W: W.flip(0)), "turned round"),
    (convolve_like((2, 0)), "ends at the step itself"),
    (convolve_like((0, 2)), "begins at the step itself"),
    (around(lambda x: torch.cat([x[:, :1], x, x[:, -1:]], 1)), "are repeated"),
    (around(lambda x: torch.cat([x[:, -1:], x, x[:, :1]], 1)), "closed to a ring"),
    (convolve_like(squash=lambda a: a), "the tanh is missing"),
    (convolve_like(bias=lambda b: 3 * b), "b is added for every place"),
    (convolve_like(bias=lambda b: 0 * b), "b is missing"),
    (convolve_like(weights=lambda W: W[1].expand_as(W)), "every place of the window has"),
    (lambda x, W, b: torch.tanh(x @ W[1].T + b), "the step itself alone"),
    (convolve_like(weights=lambda W: W / 3), "the mean of the window"),
]
