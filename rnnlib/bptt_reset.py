"""The GRU of the lectures through time by hand: the reset gate acts before the matrix.

The candidate reads r * h, which is known only after r is: a step needs two products, one after the
other, forward and backward.  That is the price of this form; torch.nn's needs one.
"""

import torch
from torch.autograd.function import once_differentiable

from .bptt_chunks import (
    Gradients,
    chunks,
    d_sigmoid,
    history,
    own_errors,
    ring,
    rows,
    same_dtype,
    steps,
    tanh_,
    wants_gradient,
)
from .bptt_gru import blocks, local


def first_pass(x, h, W, U, b, kept):
    """(h at every step, gates r z g of `kept` steps: all T of them if a second pass comes)."""
    (T, B, _), H = x.shape, U.shape[1]
    hs, Ut_rz, Ut_g, rh = history(h, T), U[: 2 * H].t(), U[2 * H :].t(), torch.empty_like(h)
    A = x.new_empty(kept, B, 3 * H)
    gate, state = steps(A[..., : 2 * H], *blocks(A, 3)), hs[1:].unbind(0)
    for now in chunks(T, B):
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A[ring(now, kept)]))
        for (rz, r, z, g), h_new in zip(gate[ring(now, kept)], state[now], strict=True):
            rz.addmm_(h, Ut_rz).sigmoid_()
            tanh_(g.addmm_(torch.mul(r, h, out=rh), Ut_g), out=g)
            h = torch.lerp(g, h, z, out=h_new)
    return hs, A


def back(now, dh, own, gate, step, U):
    """The second pass over one chunk; dh holds the error that arrives, then the one that leaves.

    The error goes through g to r * h first; from there to r, and by both ways to the old h.
    """
    H = U.shape[1]
    U_rz, U_g, d_rh, dh_twice = U[: 2 * H], U[2 * H :], torch.empty_like(dh), dh.unsqueeze(1)
    for t in reversed(range(now.start, now.stop)):
        (d_rz, d_r, d_zg, d_g), (r, z) = step[t - now.start], gate[t]
        d_zg.mul_(dh_twice)
        torch.mm(d_g, U_g, out=d_rh)
        d_r.mul_(d_rh)
        torch.addcmul(own[t], dh, z, out=dh).addcmul_(d_rh, r).addmm_(d_rz, U_rz)


class GRU(torch.autograd.Function):
    """The states h (T, B, H) after every step, for x (T, B, D)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b):
        hs, A = first_pass(x, h, W, U, b, len(x))
        ctx.save_for_backward(x, W, U, hs, A)
        return hs[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs):
        x, W, U, hs, A = ctx.saved_tensors
        total, todo = Gradients(x, W, U, ctx.needs_input_grad[0]), chunks(*x.shape[:2])
        H, d_A, (r, z, g) = U.shape[1], torch.empty_like(A[todo[0]]), blocks(A, 3)
        d_r, d_z, d_g = blocks(d_A, 3)
        step = steps(d_A[..., : 2 * H], d_r, d_A.unflatten(2, (3, H))[:, :, 1:], d_g)
        gate, (dh, own) = steps(r, z), own_errors(d_hs, hs[1:])
        for now in reversed(todo):
            n = now.stop - now.start
            local(z[now], g[now], hs[now], d_z[:n], d_g[:n])
            d_sigmoid(hs[now], r[now], grad_input=d_r[:n])
            back(now, dh, own, gate, step, U)
            total.input(now, rows(d_A[:n]))
            total.U[: 2 * H].addmm_(rows(d_A[:n, :, : 2 * H]).t(), rows(hs[now]))
            total.U[2 * H :].addmm_(rows(d_g[:n]).t(), rows(r[now] * hs[now]))
        return total.x, dh, total.W, total.U, total.b


def gru(cell, x, h):
    """The states of a GRUCell after every step, as a tuple of one tensor (T, B, H)."""
    arguments = same_dtype(x, h, cell.W, cell.U, cell.b)
    if wants_gradient(arguments):
        return (GRU.apply(*arguments),)
    return (first_pass(*arguments, kept=chunks(*x.shape[:2])[0].stop)[0][1:],)
