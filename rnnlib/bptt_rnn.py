"""The simple network through time by hand: the shortest of the two-pass algorithms."""

import torch
from torch.autograd.function import once_differentiable

from .bptt_chunks import Gradients, chunks, d_tanh, history, own_errors, rows, same_dtype, tanh_


def squash_tanh(a):
    """a = tanh(a), in place."""
    return tanh_(a, out=a)


def back_tanh(d, y, out):
    """out = d * (1 - y * y): the error before the tanh from the error after it."""
    return d_tanh(d, y, grad_input=out)


def back_relu(d, y, out):
    """out = d where y > 0, else 0: the error before the ReLU from the error after it."""
    return torch.ops.aten.threshold_backward.grad_input(d, y, 0, grad_input=out)


PAIRS = {
    torch.tanh: (squash_tanh, back_tanh),
    torch.relu: (torch.relu_, back_relu),
    torch.nn.functional.relu: (torch.relu_, back_relu),
}
"""The functions g that have a way back written here."""


class RNN(torch.autograd.Function):
    """h = g(W x + U h + b) for x (T, B, D): the states after every step (T, B, H)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b, g):
        (T, B, _), (squash, ctx.back) = x.shape, PAIRS[g]
        hs, Ut = history(h, T), U.t()
        after = hs[1:]
        step = after.unbind(0)
        for now in chunks(T, B):
            torch.addmm(b, rows(x[now]), W.t(), out=rows(after[now]))
            for a in step[now]:
                h = squash(a.addmm_(h, Ut))
        ctx.save_for_backward(x, W, U, hs)
        return after

    @staticmethod
    @once_differentiable
    def backward(ctx, d_out):
        x, W, U, hs = ctx.saved_tensors
        total, todo = Gradients(x, W, U, ctx.needs_input_grad[0]), chunks(*d_out.shape[:2])
        d_as, y = torch.empty_like(hs[todo[0]]), hs[1:].unbind(0)
        step, (dh, own) = d_as.unbind(0), own_errors(d_out, hs[1:])
        for now in reversed(todo):
            for t in reversed(range(now.start, now.stop)):
                d_a = ctx.back(dh, y[t], step[t - now.start])
                torch.addmm(own[t], d_a, U, out=dh)  # its own output + the future
            d_a = rows(d_as[: now.stop - now.start])
            total.input(now, d_a)
            total.state(d_a, hs[now])
        return total.x, dh, total.W, total.U, total.b, None


def simple(cell, x, h):
    """The states of an RNNCell after every step, as a tuple of one tensor (T, B, H)."""
    return (RNN.apply(*same_dtype(x, h, cell.W, cell.U, cell.b), cell.g),)
