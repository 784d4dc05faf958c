"""The simple network through time by hand: the shortest of the two-pass algorithms."""

import torch
from torch.autograd.function import once_differentiable

from .bptt_chunks import (
    Gradients,
    batch_first,
    chunks,
    constants,
    detour,
    history,
    own_errors,
    rows,
    same_dtype,
    time_first,
)


def tanh_step(like):
    """The function of (a, h, Ut) that turns a into tanh(a + h Ut) in place."""
    if not detour(like):
        return lambda a, h, Ut: a.addmm_(h, Ut).tanh_()
    _, minus_one = constants(like.dtype)

    def step(a, h, Ut):
        """The same as 2 sigmoid(2 (a + h Ut)) - 1: the product doubles its sum for nothing."""
        a.addmm_(h, Ut, beta=2, alpha=2).sigmoid_()
        return torch.add(minus_one, a, alpha=2, out=a)

    return step


def relu_step(like):
    """The function of (a, h, Ut) that turns a into max(0, a + h Ut) in place."""
    return lambda a, h, Ut: a.addmm_(h, Ut).relu_()


def tanh_slope(y, out):
    """out = 1 - y * y, the derivative of y = tanh(a) by a."""
    torch.addcmul(y.new_ones(()), y, y, value=-1, out=out)


def relu_slope(y, out):
    """out = 1 where y > 0, else 0: the derivative of y = max(0, a) by a."""
    torch.gt(y, 0, out=out)


PAIRS = {
    torch.tanh: (tanh_step, tanh_slope),
    torch.relu: (relu_step, relu_slope),
    torch.nn.functional.relu: (relu_step, relu_slope),
}
"""The functions g that have a step forward and a derivative written here."""


class RNN(torch.autograd.Function):
    """The states h = g(W x + U h + b) after every step (B, T, H), for x (B, T, D)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b, g):
        (step_for, ctx.slope), x = PAIRS[g], time_first(x)
        hs, Ut, step = history(h, len(x)), U.t(), step_for(x)
        for now in chunks(*x.shape[:2]):
            after = hs[1:][now]
            torch.addmm(b, rows(x[now]), W.t(), out=rows(after))
            for a in after.unbind(0):
                h = step(a, h, Ut)
        ctx.save_for_backward(x, W, U, hs)
        return batch_first(hs[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx, d_out):
        x, W, U, hs = ctx.saved_tensors
        total = Gradients(x, W, U, ctx.needs_input_grad[0])
        todo, (dh, own) = chunks(*x.shape[:2]), own_errors(d_out, hs)
        d_A = torch.empty_like(hs[todo[0]])
        for now in reversed(todo):
            d = d_A[: now.stop - now.start]
            ctx.slope(hs[1:][now], d)  # of all steps at once, then step by step:
            for d_a, own_t in zip(reversed(d.unbind(0)), reversed(own[now]), strict=True):
                d_a.mul_(dh)  # the error that arrived, before the squashing
                torch.addmm(own_t, d_a, U, out=dh)  # its own output + the future
            total.input(now, rows(d))
            total.state(rows(d), hs[now])
        return total.by_x(), dh, total.W, total.U, total.b, None


def simple(cell, x, h):
    """The states of an RNNCell after every step, as a tuple of one tensor (B, T, H)."""
    return (RNN.apply(*same_dtype(x, h, cell.W, cell.U, cell.b), cell.g),)
