"""The GRU of the lectures through time by hand: the reset gate acts before the matrix.

The candidate reads r * h, which is known only after r is: a step needs two products, one after the
other, forward and backward.  That is the price of this form; torch.nn's needs one.
"""

import torch
from torch.autograd.function import once_differentiable

from .bptt_chunks import (
    Gradients,
    backwards,
    batch_first,
    buffers,
    chunks,
    d_sigmoid,
    empty,
    history,
    own_errors,
    parts,
    rows,
    same_dtype,
    scratch,
    steps,
    tanh_for,
    time_first,
    wants_gradient,
)
from .bptt_gru import local


def first_pass(x, h, weights, gates):
    """h at every step (T + 1, B, H), for x (T, B, D); leaves the gates r z g behind."""
    (W, U, b), hs, tanh = weights, history(h, len(x)), tanh_for(x)
    Ut, H, rh = U.t(), U.shape[1], torch.empty_like(hs[0])
    Ut_rz, Ut_g = Ut[:, : 2 * H], Ut[:, 2 * H :]
    for now, A in zip(chunks(*x.shape[:2]), gates, strict=True):
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A))
        for rz, r, z, g, h_new in steps(A[..., : 2 * H], *parts(A, 3), hs[1:][now]):
            rz.addmm_(h, Ut_rz).sigmoid_()
            g.addmm_(torch.mul(r, h, out=rh), Ut_g)
            h = torch.lerp(tanh(g, g), h, z, out=h_new)
    return hs


def back(dh, U, views, own):
    """The second pass over one chunk; dh holds the error that arrives, then the one that leaves.

    The error goes through g to r * h first; from there to r, and by both ways to the old h.
    A step's views: the factors of r z, of r, of z g, of g, and the gates r and z.
    """
    H = U.shape[1]
    U_rz, U_g, d_rh, dh_twice = U[: 2 * H], U[2 * H :], torch.empty_like(dh), dh.unsqueeze(1)
    for (d_rz, d_r, d_zg, d_g, r, z), own_t in zip(backwards(*views), reversed(own), strict=True):
        d_zg.mul_(dh_twice)
        torch.mm(d_g, U_g, out=d_rh)
        d_r.mul_(d_rh)
        torch.addcmul(own_t, dh, z, out=dh).addcmul_(d_rh, r).addmm_(d_rz, U_rz)


class GRU(torch.autograd.Function):
    """The states h (B, T, H) after every step, for x (B, T, D)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b):
        x = time_first(x)
        gates = buffers(x, len(W))
        hs = first_pass(x, h, (W, U, b), gates)
        ctx.save_for_backward(x, W, U, hs, *gates)
        return batch_first(hs[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs):
        x, W, U, hs, *gates = ctx.saved_tensors
        total, H = Gradients(x, W, U, ctx.needs_input_grad[0]), U.shape[1]
        todo, (dh, own) = chunks(*x.shape[:2]), own_errors(d_hs, hs)
        d_A = empty(x, *gates[0].shape[::2])
        for now, A in reversed(list(zip(todo, gates, strict=True))):
            d, h, (r, z, g) = d_A[: len(A)], hs[now], parts(A, 3)
            d_r, d_z, d_g = parts(d, 3)
            local(z, g, h, d_z, d_g)
            d_sigmoid(h, r, grad_input=d_r)
            d_zg = d.unflatten(2, (3, -1))[:, :, 1:]
            back(dh, U, (d[..., : 2 * H], d_r, d_zg, d_g, r, z), own[now])
            total.input(now, rows(d))
            total.U[: 2 * H].addmm_(rows(d)[:, : 2 * H].t(), rows(h))
            total.U[2 * H :].addmm_(rows(d)[:, 2 * H :].t(), rows(r * h))
        return total.by_x(), dh, total.W, total.U, total.b


def gru(cell, x, h):
    """The states of a GRUCell after every step, as a tuple of one tensor (B, T, H)."""
    arguments = same_dtype(x, h, cell.W, cell.U, cell.b)
    if wants_gradient(arguments):
        return (GRU.apply(*arguments),)
    x, h, *weights = time_first(arguments[0]), *arguments[1:]
    hs = first_pass(x, h, weights, scratch(x, 3 * cell.H))
    return (batch_first(hs[1:]),)
