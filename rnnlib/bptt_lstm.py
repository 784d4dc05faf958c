"""The LSTM through time by hand.

The gates stand in rows o i f g: the sigmoids o i f are neighbours, one call going forward; and
i f g are neighbours, which all take the error of c, one multiply going backward.
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


def gates(A):
    """The views o, i, f, g (steps, B, H) of a buffer (steps, B, 4H)."""
    return A.unflatten(2, (4, -1)).unbind(2)


def first_pass(x, h, c, W, U, b, kept):
    """(h and c at every step, gates and tanh c of `kept` steps: all T if a second pass comes).

    Without a second pass one chunk is enough, written over and over.
    """
    (T, B, _), H = x.shape, U.shape[1]
    hs, cs, Ut = history(h, T), history(c, T), U.t()
    A, tc = x.new_empty(kept, B, 4 * H), x.new_empty(kept, B, H)
    gate, state = steps(A, A[..., : 3 * H], *gates(A), tc), steps(hs[1:], cs[1:])
    for now in chunks(T, B):
        at = ring(now, kept)
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A[at]))
        for (a, oif, o, i, f, g, t), (h_new, c_new) in zip(gate[at], state[now], strict=True):
            a.addmm_(h, Ut)
            oif.sigmoid_()
            tanh_(g, out=g)
            c = torch.mul(f, c, out=c_new).addcmul_(i, g)
            h = torch.mul(o, tanh_(c, out=t), out=h_new)
    return hs, cs, A, tc


def local(A, c, tc, d_A, k):
    """Fill d_A with the derivatives of h by o, and of c by i, f, g; k with that of h by c."""
    o, i, f, g = gates(A)
    d_o, d_i, d_f, d_g = gates(d_A)
    d_sigmoid(tc, o, grad_input=d_o)
    d_sigmoid(g, i, grad_input=d_i)
    d_sigmoid(c, f, grad_input=d_f)
    d_tanh(i, g, grad_input=d_g)
    d_tanh(o, tc, grad_input=k)


class LSTM(torch.autograd.Function):
    """The states h and c after every step, each (T, B, H), for x (T, B, D)."""

    @staticmethod
    def forward(ctx, x, h, c, W, U, b):
        hs, cs, A, tc = first_pass(x, h, c, W, U, b, len(x))
        ctx.save_for_backward(x, W, U, hs, cs, A, tc)
        ctx.set_materialize_grads(False)  # d_cs stays None as long as the loss does not look at c
        return hs[1:], cs[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs, d_cs):
        x, W, U, hs, cs, A, tc = ctx.saved_tensors
        total, todo = Gradients(x, W, U, ctx.needs_input_grad[0]), chunks(*x.shape[:2])
        d_A, k = torch.empty_like(A[todo[0]]), torch.empty_like(tc[todo[0]])
        d_o, *_ = gates(d_A)
        d_ifg = d_A.unflatten(2, (4, -1))[:, :, 1:]
        step, f = steps(d_A, d_o, d_ifg, k), gates(A)[2].unbind(0)
        dh, own = own_errors(d_hs, hs[1:])
        dc, own_c = torch.zeros_like(dh), None if d_cs is None else d_cs.unbind(0)
        dc_thrice = dc.unsqueeze(1)
        for now in reversed(todo):
            n = now.stop - now.start
            local(A[now], cs[now], tc[now], d_A[:n], k[:n])
            for t in reversed(range(now.start, now.stop)):
                d_a, d_o, d_ifg, k_t = step[t - now.start]
                if own_c is not None:
                    dc.add_(own_c[t])
                d_o.mul_(dh)
                dc.addcmul_(dh, k_t)
                d_ifg.mul_(dc_thrice)
                dc.mul_(f[t])
                torch.addmm(own[t], d_a, U, out=dh)
            total.input(now, rows(d_A[:n]))
            total.state(rows(d_A[:n]), hs[now])
        return total.x, dh, dc, total.W, total.U, total.b


def lstm(cell, x, state):
    """The states (h, c) of an LSTMCell after every step, each (T, B, H)."""
    arguments = same_dtype(x, *state, cell.W, cell.U, cell.b)
    if wants_gradient(arguments):
        return LSTM.apply(*arguments)
    hs, cs, _, _ = first_pass(*arguments, kept=chunks(*x.shape[:2])[0].stop)
    return hs[1:], cs[1:]
