"""The LSTM through time by hand.

The gates stand in rows o i f g: the sigmoids o i f are neighbours, one call going forward; and
i f g are neighbours, which all take the error of c, one multiply going backward.
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


def first_pass(x, h, c, weights, gates, tanh_cs):
    """(h, c) at every step, (T + 1, B, H) each, for x (T, B, D); leaves gates and tanh c behind."""
    (W, U, b), hs, cs = weights, history(h, len(x)), history(c, len(x))
    Ut, H, tanh = U.t(), U.shape[1], tanh_for(x)
    for now, A, tc in zip(chunks(*x.shape[:2]), gates, tanh_cs, strict=True):
        torch.addmm(b, rows(x[now]), W.t(), out=rows(A))
        views = A, A[..., : 3 * H], *parts(A, 4), tc, hs[1:][now], cs[1:][now]
        for a, oif, o, i, f, g, t, h_new, c_new in steps(*views):
            a.addmm_(h, Ut)
            oif.sigmoid_()
            tanh(g, g)
            c = torch.mul(f, c, out=c_new).addcmul_(i, g)
            h = torch.mul(o, tanh(c, t), out=h_new)
    return hs, cs


def local(A, c, tc, d_A, k):
    """Fill d_A with the derivatives of h by o, and of c by i, f, g; k with that of h by c."""
    o, i, f, g = parts(A, 4)
    d_o, d_i, d_f, d_g = parts(d_A, 4)
    d_sigmoid(tc, o, grad_input=d_o)
    d_sigmoid(g, i, grad_input=d_i)
    d_sigmoid(c, f, grad_input=d_f)
    d_tanh(i, g, grad_input=d_g)
    d_tanh(o, tc, grad_input=k)


def back(dh, dc, U, views, own):
    """The second pass over one chunk; dh and dc hold the errors that arrive, then those that leave.

    A step's views: d_A with all derivatives, then those by o, by i f g, k, and the forget gate;
    own: the errors of the outputs h and, where the loss looks at them, of c.
    """
    dc_thrice = dc.unsqueeze(1)
    for (d_a, d_o, d_ifg, k, f), own_h, own_c in zip(backwards(*views), *own, strict=True):
        if own_c is not None:
            dc.add_(own_c)
        d_o.mul_(dh)
        dc.addcmul_(dh, k)
        d_ifg.mul_(dc_thrice)
        dc.mul_(f)
        torch.addmm(own_h, d_a, U, out=dh)


class LSTM(torch.autograd.Function):
    """The states h and c after every step, each (B, T, H), for x (B, T, D)."""

    @staticmethod
    def forward(ctx, x, h, c, W, U, b):
        x, H = time_first(x), U.shape[1]
        gates, tanh_cs = buffers(x, 4 * H), buffers(x, H)
        hs, cs = first_pass(x, h, c, (W, U, b), gates, tanh_cs)
        ctx.save_for_backward(x, W, U, hs, cs, *gates, *tanh_cs)
        ctx.set_materialize_grads(False)  # d_cs stays None as long as the loss does not look at c
        return batch_first(hs[1:]), batch_first(cs[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx, d_hs, d_cs):
        x, W, U, hs, cs, *kept = ctx.saved_tensors
        total = Gradients(x, W, U, ctx.needs_input_grad[0])
        T, todo, m = len(x), chunks(*x.shape[:2]), len(kept) // 2
        (dh, own), dc = own_errors(d_hs, hs), torch.zeros_like(cs[0])
        own_c = [None] * T if d_cs is None else d_cs.unbind(1)
        d_A, k = (empty(x, *buffer.shape[::2]) for buffer in (kept[0], kept[m]))
        for now, A, tc in reversed(list(zip(todo, kept[:m], kept[m:], strict=True))):
            d, k_now = d_A[: len(A)], k[: len(A)]
            local(A, cs[now], tc, d, k_now)
            d_gates = d.unflatten(2, (4, -1))
            views = d, d_gates[:, :, 0], d_gates[:, :, 1:], k_now, parts(A, 4)[2]
            back(dh, dc, U, views, (reversed(own[now]), reversed(own_c[now])))
            total.input(now, rows(d))
            total.state(rows(d), hs[now])
        return total.by_x(), dh, dc, total.W, total.U, total.b


def lstm(cell, x, state):
    """The states (h, c) of an LSTMCell after every step, each (B, T, H)."""
    arguments = same_dtype(x, *state, cell.W, cell.U, cell.b)
    if wants_gradient(arguments):
        return LSTM.apply(*arguments)
    x, h, c, *weights = time_first(arguments[0]), *arguments[1:]
    states = first_pass(x, h, c, weights, scratch(x, 4 * cell.H), scratch(x, cell.H))
    return tuple(batch_first(s[1:]) for s in states)
