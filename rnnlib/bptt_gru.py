"""The gated units whose only state is h, through time by hand: simple GRU and GRU (reset after).

Both end with h = z * h + (1 - z) * g, and all their gates read the old h in one product by U.
So the error dh at the new h reaches every gate by one factor that is known before dh is: the
factors of a whole chunk are computed at once, and a step is one multiply of all gates by dh.
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
    d_tanh,
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


def local(z, g, h, d_z, d_g):
    """Fill d_z and d_g with the derivatives of z * h + (1 - z) * g by what z and g squash."""
    torch.sub(1, z, out=d_z)
    d_tanh(d_z, g, grad_input=d_g)
    torch.sub(h, g, out=d_z)
    d_sigmoid(d_z, z, grad_input=d_z)


def back(dh, U, views, own):
    """The second pass over one chunk; dh holds the error that arrives, then the one that leaves.

    A step's views: the factors of all gates (B, n, H), of those that read h through U, and z.
    """
    dh_all = dh.unsqueeze(1)
    for (d_a, d_u, z), own_t in zip(backwards(*views), reversed(own), strict=True):
        d_a.mul_(dh_all)
        torch.addcmul(own_t, dh, z, out=dh).addmm_(d_u, U)


def simple_first_pass(x, h, weights, gates):
    """h at every step (T + 1, B, H), for x (T, B, D); leaves the gates z g behind."""
    (W, U, b), hs, tanh = weights, history(h, len(x)), tanh_for(x)
    Ut = U.t()
    for now, A in zip(chunks(*x.shape[:2]), gates, strict=True):
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A))
        for a, z, g, h_new in steps(A, *parts(A, 2), hs[1:][now]):
            a.addmm_(h, Ut)
            z.sigmoid_()
            h = torch.lerp(tanh(g, g), h, z, out=h_new)
    return hs


class SimpleGRU(torch.autograd.Function):
    """The states h (B, T, H) after every step, for x (B, T, D)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b):
        x = time_first(x)
        gates = buffers(x, len(W))
        hs = simple_first_pass(x, h, (W, U, b), gates)
        ctx.save_for_backward(x, W, U, hs, *gates)
        return batch_first(hs[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs):
        x, W, U, hs, *gates = ctx.saved_tensors
        total = Gradients(x, W, U, ctx.needs_input_grad[0])
        todo, (dh, own) = chunks(*x.shape[:2]), own_errors(d_hs, hs)
        d_A = empty(x, *gates[0].shape[::2])
        for now, A in reversed(list(zip(todo, gates, strict=True))):
            d, (z, g) = d_A[: len(A)], parts(A, 2)
            local(z, g, hs[now], *parts(d, 2))
            back(dh, U, (d.unflatten(2, (2, -1)), d, z), own[now])
            total.input(now, rows(d))
            total.state(rows(d), hs[now])
        return total.by_x(), dh, total.W, total.U, total.b


def after_first_pass(x, h, weights, gates):
    """h at every step (T + 1, B, H), for x (T, B, D); leaves g r z q behind, q = U_g h + b_q.

    In this order x feeds the rows g r z and h the rows r z q: each of the two products has
    neighbouring rows, so none is copied.  W and b have to come in rows g r z, U in rows r z g.
    """
    (W, U, b, b_q), hs, tanh = weights, history(h, len(x)), tanh_for(x)
    Ut, H = U.t(), U.shape[1]
    for now, A in zip(chunks(*x.shape[:2]), gates, strict=True):
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A)[:, : 3 * H])
        A[..., 3 * H :] = b_q
        views = A[..., H:], A[..., H : 3 * H], *parts(A, 4), hs[1:][now]
        for rzq, rz, g, r, z, q, h_new in steps(*views):
            rzq.addmm_(h, Ut)
            rz.sigmoid_()
            h = torch.lerp(tanh(g.addcmul_(r, q), g), h, z, out=h_new)
    return hs


def after_local(A, h, d_A):
    """Fill d_A with the derivatives of the new h by what g r z squash and by q (rows g r z q)."""
    g, r, z, q = parts(A, 4)
    d_g, d_r, d_z, d_q = parts(d_A, 4)
    local(z, g, h, d_z, d_g)
    torch.mul(d_g, q, out=d_q)
    d_sigmoid(d_q, r, grad_input=d_r)
    torch.mul(d_g, r, out=d_q)


class GRUResetAfter(torch.autograd.Function):
    """The states h (B, T, H) after every step, for x (B, T, D) and weights in rows r z g."""

    @staticmethod
    def forward(ctx, x, h, W, U, b, b_q):
        x, H = time_first(x), U.shape[1]
        W, gates = W.roll(H, 0), buffers(x, 4 * H)
        hs = after_first_pass(x, h, (W, U, b.roll(H), b_q), gates)
        ctx.save_for_backward(x, W, U, hs, *gates)
        return batch_first(hs[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs):
        x, W, U, hs, *gates = ctx.saved_tensors
        total, H = Gradients(x, W, U, ctx.needs_input_grad[0]), U.shape[1]
        todo, (dh, own) = chunks(*x.shape[:2]), own_errors(d_hs, hs)
        d_A, b_q = empty(x, *gates[0].shape[::2]), U.new_zeros(H)
        for now, A in reversed(list(zip(todo, gates, strict=True))):
            d = d_A[: len(A)]
            after_local(A, hs[now], d)
            back(dh, U, (d.unflatten(2, (4, -1)), d[..., H:], parts(A, 4)[2]), own[now])
            total.input(now, rows(d)[:, : 3 * H])
            total.state(rows(d)[:, H:], hs[now])
            b_q += rows(d)[:, 3 * H :].sum(0)
        return total.by_x(), dh, total.W.roll(-H, 0), total.U, total.b.roll(-H), b_q


def simple_gru(cell, x, h):
    """The states of a SimpleGRUCell after every step, as a tuple of one tensor (B, T, H)."""
    arguments = same_dtype(x, h, cell.W, cell.U, cell.b)
    if wants_gradient(arguments):
        return (SimpleGRU.apply(*arguments),)
    x, h, *weights = time_first(arguments[0]), *arguments[1:]
    hs = simple_first_pass(x, h, weights, scratch(x, 2 * cell.H))
    return (batch_first(hs[1:]),)


def gru_reset_after(cell, x, h):
    """The states of a GRUResetAfterCell after every step, as a tuple of one tensor (B, T, H)."""
    arguments = same_dtype(x, h, cell.W, cell.U, cell.b, cell.b_q)
    if wants_gradient(arguments):
        return (GRUResetAfter.apply(*arguments),)
    x, h, W, U, b, b_q = time_first(arguments[0]), *arguments[1:]
    weights = W.roll(cell.H, 0), U, b.roll(cell.H), b_q
    hs = after_first_pass(x, h, weights, scratch(x, 4 * cell.H))
    return (batch_first(hs[1:]),)
