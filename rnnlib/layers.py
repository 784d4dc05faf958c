"""Layers over time: a cell run over a sequence, two directions, stacks, normalisation.

Every layer is called the same way, `h, last = layer(x, state, lengths)`, with x (B, T, D) and h
(B, T, H), so that layers combine freely.  States go in and come out and are never kept: a cell's
state, a pair for two directions, a tuple for a stack, nested as the layers are; None means zeros.
With lengths (B,) each sequence ends where it ends: its last state is its own, and h is zero after.
"""

import torch
from torch import nn

from . import bptt
from .shapes import blank, check_lengths, real


class OverTime(nn.Module):
    """A cell run over a sequence; `run` is the way through time, bptt.run or cells.loop."""

    def __init__(self, cell, run=bptt.run):
        super().__init__()
        self.cell, self.run, self.size = cell, run, cell.H

    def start(self, B):
        """The zero state for B sequences."""
        return self.cell.start(B)

    def forward(self, x, state=None, lengths=None):
        return self.run(self.cell, x, state, lengths)


class Turn(torch.autograd.Function):
    """Rows of x in an order that undoes itself when done twice, so it is its own way back."""

    @staticmethod
    def forward(ctx, x, order):
        ctx.order = order
        return x.flatten(0, 1)[order].view_as(x)

    @staticmethod
    def backward(ctx, d):
        return Turn.apply(d, ctx.order), None


def reverse(x, lengths=None):
    """x (B, T, ...) with each sequence turned round inside its length, padding left in place."""
    if lengths is None:
        return x.flip(1)
    lengths = check_lengths(lengths, x)
    B, T = x.shape[:2]
    t = torch.arange(T, device=x.device).expand(B, T)
    order = torch.where(real(lengths, T), lengths[:, None] - 1 - t, t)
    return Turn.apply(x, (order + T * torch.arange(B, device=x.device)[:, None]).flatten())


def concatenate(forwards, backwards):
    """(B, T, H) and (B, T, H') side by side: (B, T, H + H')."""
    return torch.cat((forwards, backwards), -1)


def add(forwards, backwards):
    """The sum, element by element."""
    return forwards + backwards


def multiply(forwards, backwards):
    """The product, element by element."""
    return forwards * backwards


def mean(forwards, backwards):
    """The mean, element by element."""
    return (forwards + backwards) / 2


class Bidirectional(nn.Module):
    """Two independent layers, one from each end, merged at each step (cs421, cs447, notes).

    `merge` is concatenate, add, multiply or mean.  The state is the pair (forward, backward);
    the backward layer's last state belongs to the first token.
    """

    def __init__(self, forward, backward, merge=concatenate):
        super().__init__()
        if merge is not concatenate and forward.size != backward.size:
            raise ValueError(
                f"{merge.__name__} needs two directions of one size, "
                f"got {forward.size} and {backward.size}: use concatenate"
            )
        self.forwards, self.backwards, self.merge = forward, backward, merge
        self.size = forward.size + backward.size if merge is concatenate else forward.size

    def start(self, B):
        """The pair of zero states for B sequences."""
        return self.forwards.start(B), self.backwards.start(B)

    def forward(self, x, state=None, lengths=None):
        first, second = nested(state, 2, "Bidirectional")
        h, left = self.forwards(x, first, lengths)
        back, right = self.backwards(reverse(x, lengths), second, lengths)
        return self.merge(h, reverse(back, lengths)), (left, right)


class Backwards(nn.Module):
    """A layer that reads each sequence from its end; h_t has seen the steps t to the last (cs421).

    Its last state belongs to the first step.
    """

    def __init__(self, layer):
        super().__init__()
        self.layer, self.size = layer, layer.size

    def start(self, B):
        """The zero state of the layer inside."""
        return self.layer.start(B)

    def forward(self, x, state=None, lengths=None):
        h, last = self.layer(reverse(x, lengths), state, lengths)
        return reverse(h, lengths), last


class Stacked(nn.Module):
    """Layers on top of one another: each reads the whole output of the one below (cs421, notes).

    Dropout acts between the layers, not after the last one.  The state is a tuple, lowest first.
    """

    def __init__(self, *layers, dropout=0.0):
        super().__init__()
        if not layers:
            raise ValueError("Stacked needs at least one layer, got none")
        self.layers, self.dropout = nn.ModuleList(layers), nn.Dropout(dropout)
        self.size = layers[-1].size

    def start(self, B):
        """The tuple of zero states for B sequences, lowest layer first."""
        return tuple(layer.start(B) for layer in self.layers)

    def forward(self, x, state=None, lengths=None):
        last = []
        states = nested(state, len(self.layers), "Stacked")
        for k, (layer, s) in enumerate(zip(self.layers, states, strict=True)):
            x, s = layer(self.dropout(x) if k else x, s, lengths)
            last.append(s)
        return x, tuple(last)


class Normalised(nn.Module):
    """A layer whose outputs are normalised: mean 0 and variance 1 over the features (cs505)."""

    def __init__(self, layer, size):
        super().__init__()
        self.layer, self.norm, self.size = layer, nn.LayerNorm(size), size

    def start(self, B):
        """The zero state of the layer inside."""
        return self.layer.start(B)

    def forward(self, x, state=None, lengths=None):
        h, last = self.layer(x, state, lengths)
        lengths = None if lengths is None else check_lengths(lengths, x)
        return blank(self.norm(h), lengths), last


def nested(state, n, name):
    """The n states inside a layer's state; None for each when there is none."""
    if state is None:
        return (None,) * n
    if not isinstance(state, (tuple, list)) or len(state) != n:
        got = f"{len(state)} of them" if isinstance(state, (tuple, list)) else type(state).__name__
        raise ValueError(f"the state of {name} is {n} states, got {got}: layer.start(B) makes one")
    return tuple(state)
