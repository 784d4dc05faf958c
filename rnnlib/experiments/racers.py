"""Who runs in the speed benchmark: one training step of the same task, done in different ways.

A racer is a function without arguments that goes forward and back once and returns what came out:
h (B, T, H) and the gradients by x, W, U and b, in the order of our gates whoever made them.
"""

from collections.abc import Callable

import torch
from torch import nn

from ..cells import loop, reorder
from ..layers import OverTime

TOLERANCE = 1e-4


def ours(layer, x, d_h, lengths=None):
    """Our layer over time, by whichever way through time it has."""
    weights = [layer.cell.W, layer.cell.U, layer.cell.b]

    def step():
        """Forward and back through our layer."""
        h, _ = layer(x, None, lengths)
        return h, *torch.autograd.grad(h, [x, *weights], d_h)

    return step


def torchs(cell, x, d_h, lengths=None):
    """The twin in torch.nn with the same weights; ragged batches go in packed, come out padded."""
    twin, order = cell.to_torch(), [cell.torch_gates.index(k) for k in cell.gates]
    weights = [twin.weight_ih_l0, twin.weight_hh_l0, twin.bias_ih_l0]

    def step():
        """Forward and back through torch's layer."""
        h = twin(x)[0] if lengths is None else packed(twin, x, lengths)
        d_x, *d_weights = torch.autograd.grad(h, [x, *weights], d_h)
        return h, d_x, *(reorder(d, order) for d in d_weights)

    return step


def packed(twin, x, lengths):
    """h (B, T, H) by way of a PackedSequence."""
    sequence = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
    return nn.utils.rnn.pad_packed_sequence(twin(sequence)[0], batch_first=True)[0]


def native(step):
    """A racer without oneDNN, the library that gives torch its one fused cell on CPUs, the LSTM."""
    onednn = torch.backends.mkldnn

    def slower():
        """The same step while oneDNN is switched off."""
        before, onednn.enabled = onednn.enabled, False
        try:
            return step()
        finally:
            onednn.enabled = before

    return slower


def products(cell, x):
    """Only the matrix products that no training step can do without, into buffers made before.

    Not a racer, for it computes nothing of use: the limit of anything built on torch.mm.
    """
    (B, T, D), W, U = x.shape, cell.W.detach(), cell.U.detach()
    X, Z, h = torch.randn(T * B, D), torch.randn(T, B, len(W)), torch.randn(B, cell.H)
    hs, steps, Zs = torch.randn(T * B, cell.H), Z.unbind(0), Z.flatten(0, 1)
    into = [torch.empty_like(t) for t in (h, W, U, X)]

    def step():
        """The products going forward, going back, and by the weights and the input."""
        torch.mm(X, W.t(), out=Zs)
        for z in steps:
            torch.mm(h, U.t(), out=z)
        for z in steps:
            torch.mm(z, U, out=into[0])
        torch.mm(Zs.t(), X, out=into[1])
        torch.mm(Zs.t(), hs, out=into[2])
        torch.mm(Zs, W, out=into[3])

    return step


def whole(cell, T, B) -> dict[str, Callable]:
    """The racers for a batch of B sequences of T steps: name -> racer."""
    x, d_h = torch.randn(B, T, cell.D, requires_grad=True), torch.randn(B, T, cell.H)
    theirs = torchs(cell, x, d_h)
    racers = {"ours": ours(OverTime(cell), x, d_h), "torch.nn": theirs, "native": native(theirs)}
    if cell.torch_gates != "ifgo":
        del racers["native"]  # the other cells are native as they are
    return racers | {"the loop": ours(OverTime(cell, loop), x, d_h)}


def ragged(cell, T, B) -> dict[str, Callable]:
    """The racers for lengths from T down to T / 4 in equal steps, 62 % of the tokens real."""
    lengths = torch.linspace(T, T // 4, B).round().long()
    x, d_h = torch.randn(B, T, cell.D, requires_grad=True), torch.randn(B, T, cell.H)
    return {
        "ours": ours(OverTime(cell), x, d_h, lengths),
        "PackedSequence": torchs(cell, x, d_h, lengths),
    }


def agree(racers):
    """Raise ArithmeticError unless all racers compute the same, relative to the largest entry."""
    (_, mine), *others = ((name, step()) for name, step in racers.items())
    for name, theirs in others:
        for what, a, b in zip(("h", "d_x", "d_W", "d_U", "d_b"), mine, theirs, strict=True):
            off = ((a - b).abs().max() / b.abs().max().clamp(min=1)).item()
            if not off < TOLERANCE:
                raise ArithmeticError(f"ours and {name} must agree in {what}, off by {off:.1e}")
