"""The simple network through time by hand: the shortest of the two-pass algorithms."""

import torch
from torch.autograd.function import once_differentiable

from .bptt_chunks import (
    Gradients,
    backwards,
    chunks,
    constants,
    d_tanh,
    detour,
    history,
    own_errors,
    rows,
    same_dtype,
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


def back_tanh(d, y, out):
    """out = d * (1 - y * y): the error before the tanh from the error after it."""
    return d_tanh(d, y, grad_input=out)


def back_relu(d, y, out):
    """out = d where y > 0, else 0: the error before the ReLU from the error after it."""
    return torch.ops.aten.threshold_backward.grad_input(d, y, 0, grad_input=out)


PAIRS = {
    torch.tanh: (tanh_step, back_tanh),
    torch.relu: (relu_step, back_relu),
    torch.nn.functional.relu: (relu_step, back_relu),
}
"""The functions g that have a way forward and a way back written here."""


class RNN(torch.autograd.Function):
    """The states h = g(W x + U h + b) after every step (B, T, H), for x (B, T, D)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b, g):
        (step_for, ctx.back), x_t = PAIRS[g], x.transpose(0, 1)
        hs, Ut, step = history(h, x.shape[1]), U.t(), step_for(x)
        for now in chunks(*x_t.shape[:2]):
            after = hs[1:][now]
            torch.addmm(b, rows(x_t[now]), W.t(), out=rows(after))
            for a in after.unbind(0):
                h = step(a, h, Ut)
        ctx.save_for_backward(x, W, U, hs)
        return hs[1:].transpose(0, 1)

    @staticmethod
    @once_differentiable
    def backward(ctx, d_out):
        x, W, U, hs = ctx.saved_tensors
        total = Gradients(x.transpose(0, 1), W, U, ctx.needs_input_grad[0])
        todo, (dh, own) = chunks(x.shape[1], len(x)), own_errors(d_out, x.shape[1], hs[0])
        d_A = torch.empty_like(hs[todo[0]])
        for now in reversed(todo):
            d_as, h, y = d_A[: now.stop - now.start], hs[now], hs[1:][now]
            for (d_a, y_t), own_t in zip(backwards(d_as, y), reversed(own[now]), strict=True):
                ctx.back(dh, y_t, d_a)
                torch.addmm(own_t, d_a, U, out=dh)  # its own output + the future
            total.input(now, rows(d_as))
            total.state(rows(d_as), h)
        return total.by_x(), dh, total.W, total.U, total.b, None


def simple(cell, x, h):
    """The states of an RNNCell after every step, as a tuple of one tensor (B, T, H)."""
    return (RNN.apply(*same_dtype(x, h, cell.W, cell.U, cell.b), cell.g),)
