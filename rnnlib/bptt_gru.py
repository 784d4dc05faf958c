"""The gated units whose only state is h, through time by hand: simple GRU and GRU (reset after).

Both end with h = z * h + (1 - z) * g, and all their gates read the old h in one product by U.
So the error dh at the new h reaches every gate by one factor that is known before dh is: the
factors of a whole chunk are computed at once, and a step is one multiply of all gates by dh.
"""

import torch
from torch.autograd.function import once_differentiable

from .bptt_chunks import (
    Gradients,
    chunks,
    d_sigmoid,
    d_tanh,
    history,
    own_errors,
    ring,
    rows,
    same_dtype,
    steps,
    tanh_,
    wants_gradient,
)


def blocks(A, n):
    """The n views (steps, B, H) of a buffer (steps, B, nH)."""
    return A.unflatten(2, (n, -1)).unbind(2)


def local(z, g, h, d_z, d_g):
    """Fill d_z and d_g with the derivatives of z * h + (1 - z) * g by what z and g squash."""
    torch.sub(1, z, out=d_z)
    d_tanh(d_z, g, grad_input=d_g)
    torch.sub(h, g, out=d_z)
    d_sigmoid(d_z, z, grad_input=d_z)


def back(now, dh, own, z, step, U):
    """The second pass over one chunk; dh holds the error that arrives, then the one that leaves.

    step[k] is (factors of all gates (B, n, H), those of the gates that read h through U (B, mH)).
    """
    dh_all = dh.unsqueeze(1)
    for t in reversed(range(now.start, now.stop)):
        d_a, d_u = step[t - now.start]
        d_a.mul_(dh_all)
        torch.addcmul(own[t], dh, z[t], out=dh).addmm_(d_u, U)


def simple_first_pass(x, h, W, U, b, kept):
    """(h at every step, gates z g of `kept` steps: all T of them if a second pass comes)."""
    (T, B, _), H = x.shape, U.shape[1]
    hs, Ut = history(h, T), U.t()
    A = x.new_empty(kept, B, 2 * H)
    gate, state = steps(A, *blocks(A, 2)), hs[1:].unbind(0)
    for now in chunks(T, B):
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A[ring(now, kept)]))
        for (a, z, g), h_new in zip(gate[ring(now, kept)], state[now], strict=True):
            a.addmm_(h, Ut)
            z.sigmoid_()
            tanh_(g, out=g)
            h = torch.lerp(g, h, z, out=h_new)
    return hs, A


class SimpleGRU(torch.autograd.Function):
    """The states h (T, B, H) after every step, for x (T, B, D)."""

    @staticmethod
    def forward(ctx, x, h, W, U, b):
        hs, A = simple_first_pass(x, h, W, U, b, len(x))
        ctx.save_for_backward(x, W, U, hs, A)
        return hs[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs):
        x, W, U, hs, A = ctx.saved_tensors
        total, todo = Gradients(x, W, U, ctx.needs_input_grad[0]), chunks(*x.shape[:2])
        d_A, (z, g) = torch.empty_like(A[todo[0]]), blocks(A, 2)
        step = steps(d_A.unflatten(2, (2, -1)), d_A)
        z_t, (dh, own) = z.unbind(0), own_errors(d_hs, hs[1:])
        for now in reversed(todo):
            d_now = d_A[: now.stop - now.start]
            local(z[now], g[now], hs[now], *blocks(d_now, 2))
            back(now, dh, own, z_t, step, U)
            total.input(now, rows(d_now))
            total.state(rows(d_now), hs[now])
        return total.x, dh, total.W, total.U, total.b


def after_first_pass(x, h, W, U, b, b_q, kept):
    """(h at every step, rows g r z q) for W and b in rows g r z: x fills g r z, h adds to r z q.

    Laid out this way each of the two is one product on neighbouring rows, without a copy.
    """
    (T, B, _), H = x.shape, U.shape[1]
    hs, Ut = history(h, T), U.t()
    A = x.new_empty(kept, B, 4 * H)
    gate, state = steps(A[..., H:], A[..., H : 3 * H], *blocks(A, 4)), hs[1:].unbind(0)
    for now in chunks(T, B):
        a = rows(A[ring(now, kept)])
        torch.addmm(b, rows(x[now]), W.t(), out=a[:, : 3 * H])
        a[:, 3 * H :] = b_q
        for (rzq, rz, g, r, z, q), h_new in zip(gate[ring(now, kept)], state[now], strict=True):
            rzq.addmm_(h, Ut)
            rz.sigmoid_()
            tanh_(g.addcmul_(r, q), out=g)
            h = torch.lerp(g, h, z, out=h_new)
    return hs, A


def after_local(A, h, d_A):
    """Fill d_A with the derivatives of the new h by what g r z squash and by q (rows g r z q)."""
    g, r, z, q = blocks(A, 4)
    d_g, d_r, d_z, d_q = blocks(d_A, 4)
    local(z, g, h, d_z, d_g)
    torch.mul(d_g, q, out=d_q)
    d_sigmoid(d_q, r, grad_input=d_r)
    torch.mul(d_g, r, out=d_q)


class GRUResetAfter(torch.autograd.Function):
    """The states h (T, B, H) after every step, for x (T, B, D); W and b in rows g r z."""

    @staticmethod
    def forward(ctx, x, h, W, U, b, b_q):
        hs, A = after_first_pass(x, h, W, U, b, b_q, len(x))
        ctx.save_for_backward(x, W, U, hs, A)
        return hs[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs):
        x, W, U, hs, A = ctx.saved_tensors
        total, todo = Gradients(x, W, U, ctx.needs_input_grad[0]), chunks(*x.shape[:2])
        H, d_A, b_q = U.shape[1], torch.empty_like(A[todo[0]]), U.new_zeros(U.shape[1])
        step, z = steps(d_A.unflatten(2, (4, H)), d_A[..., H:]), blocks(A, 4)[2].unbind(0)
        dh, own = own_errors(d_hs, hs[1:])
        for now in reversed(todo):
            d_now = d_A[: now.stop - now.start]
            after_local(A[now], hs[now], d_now)
            back(now, dh, own, z, step, U)
            total.input(now, rows(d_now)[:, : 3 * H])
            total.state(rows(d_now)[:, H:], hs[now])
            b_q += rows(d_now)[:, 3 * H :].sum(0)
        return total.x, dh, total.W, total.U, total.b, b_q


def simple_gru(cell, x, h):
    """The states of a SimpleGRUCell after every step, as a tuple of one tensor (T, B, H)."""
    arguments = same_dtype(x, h, cell.W, cell.U, cell.b)
    if wants_gradient(arguments):
        return (SimpleGRU.apply(*arguments),)
    return (simple_first_pass(*arguments, kept=chunks(*x.shape[:2])[0].stop)[0][1:],)


def gru_reset_after(cell, x, h):
    """The states of a GRUResetAfterCell after every step, as a tuple of one tensor (T, B, H)."""
    W, b = cell.W.roll(cell.H, 0), cell.b.roll(cell.H, 0)  # rows r z g become g r z
    arguments = same_dtype(x, h, W, cell.U, b, cell.b_q)
    if wants_gradient(arguments):
        return (GRUResetAfter.apply(*arguments),)
    return (after_first_pass(*arguments, kept=chunks(*x.shape[:2])[0].stop)[0][1:],)
