"""What every hand-written pass through time shares: chunks of steps, buffers, sums of gradients.

Sizes: B batch, T time, D input, H hidden, n gates.  Buffers are time first, (T, B, ...), so that a
step is one contiguous block.  d_ before a letter is the derivative of the loss by it.
"""

import functools
import math

import torch

ROWS = 768
"""Rows (steps x batch) in a chunk, about.  Any value gives the same numbers; this one is fast."""

BLOCK = 31 * 2**20
"""The most bytes asked for in one piece: what is larger goes back to the system at every free
(glibc, 32 MB), and the next pass pays for fresh pages, 6 % of a GRU's step where measured."""

APART = 16
"""Numbers left free between rows that would else be a multiple of 1 KB apart: at such distances
the same gate of all rows shares a few sets of the cache, 4 % of a step where measured."""

d_sigmoid = torch.ops.aten.sigmoid_backward.grad_input
"""d_sigmoid(d, y, grad_input=out): out = d * y * (1 - y), the way back through y = sigmoid(a)."""

d_tanh = torch.ops.aten.tanh_backward.grad_input
"""d_tanh(d, y, grad_input=out): out = d * (1 - y * y), the way back through y = tanh(a)."""


@functools.cache
def constants(dtype):
    """2 and -1 as tensors, because a Python number costs 2 us at every call."""
    return torch.tensor(2.0, dtype=dtype), torch.tensor(-1.0, dtype=dtype)


def detour(like):
    """True where 2 sigmoid(2a) - 1 is the better tanh(a): torch's own can cost six sigmoids.

    Near 0 it loses relative precision, nothing in float32, too much in half precision.
    """
    return like.dtype in (torch.float32, torch.float64) and like.device.type == "cpu"


def tanh_for(like):
    """The fastest way to write out = tanh(a), for tensors like this one: a function of (a, out)."""
    if not detour(like):
        return lambda a, out: torch.tanh(a, out=out)
    two, minus_one = constants(like.dtype)

    def tanh(a, out):
        """out = 2 sigmoid(2a) - 1."""
        torch.mul(a, two, out=out).sigmoid_()
        return torch.add(minus_one, out, alpha=2, out=out)

    return tanh


def time_first(x):
    """(B, T, D) as (T, B, D) in memory order: copied once, unless a layer below left it so."""
    return x.transpose(0, 1).contiguous()


def batch_first(h):
    """(T, B, H) as the caller has it, (B, T, H): no copy."""
    return h.transpose(0, 1)


def chunks(T, B):
    """Slices of time of equal length, the last perhaps shorter, with about ROWS rows each."""
    n = math.ceil(T / math.ceil(T * B / ROWS))
    return [slice(s, min(T, s + n)) for s in range(0, T, n)]


def empty(x, n, width):
    """A buffer (n, B, width) for x (T, B, D), to be filled."""
    free = 0 if width * x.element_size() % 1024 else APART
    return x.new_empty(n, x.shape[1], width + free)[..., :width]


def buffers(x, width):
    """A buffer (steps, B, width) for each chunk of x (T, B, D): every step is remembered."""
    T, B, n = len(x), x.shape[1], chunks(*x.shape[:2])[0].stop
    most = max(n, BLOCK // (B * (width + APART) * x.element_size()) // n * n)
    blocks = [empty(x, min(most, T - s), width) for s in range(0, T, most)]
    return [buffer for block in blocks for buffer in block.split(n)]


def scratch(x, width):
    """The same with one buffer for all chunks: enough when no second pass will come."""
    todo = chunks(*x.shape[:2])
    buffer = empty(x, todo[0].stop, width)
    return [buffer[: now.stop - now.start] for now in todo]


def history(first, T):
    """A buffer (T + 1, B, H) for a state and all its successors, with the first one filled in."""
    states = first.new_empty(T + 1, *first.shape)
    states[0] = first
    return states


def rows(buffer):
    """(steps, B, n) as (steps * B, n), a view of any buffer made here."""
    return buffer.flatten(0, 1)


def parts(buffer, n):
    """The n views (steps, B, H) of a buffer (steps, B, nH)."""
    return buffer.unflatten(2, (n, -1)).unbind(2)


def steps(*views):
    """The views of step 0, 1, ... of all buffers, made once: an index in the loop costs 1 us."""
    return zip(*(v.unbind(0) for v in views), strict=True)


def backwards(*views):
    """The same from the last step to the first."""
    return reversed(list(steps(*views)))


def same_dtype(*tensors):
    """The tensors, converted to the dtype of autocast where it is on."""
    device = tensors[0].device.type
    if not torch.is_autocast_enabled(device):
        return tensors
    return tuple(t.to(torch.get_autocast_dtype(device)) for t in tensors)


def wants_gradient(tensors):
    """True when a second pass may follow, so that every step has to be remembered."""
    return torch.is_grad_enabled() and any(t.requires_grad for t in tensors)


def own_errors(d_out, hs):
    """(last, before): the error each step's own output sends back, split for the second pass.

    d_out is (B, T, H), or None for no error at all.  `last` is a buffer with the error of the last
    state; before[t] is the own error of the state hs[t] that enters step t, zero for the first.
    """
    zeros = torch.zeros_like(hs[0])
    own = [zeros] * (len(hs) - 1) if d_out is None else d_out.unbind(1)
    return own[-1].clone(memory_format=torch.contiguous_format), [zeros, *own[:-1]]


class Gradients:
    """The gradients by x (T, B, D), W, U and b: three big products for each chunk, added up."""

    def __init__(self, x, W, U, wants_x):
        self.inputs, self.weight = x, W
        self.W, self.U, self.b = torch.zeros_like(W), torch.zeros_like(U), W.new_zeros(len(W))
        self.x = x.new_empty(x.shape) if wants_x else None

    def input(self, now, d_a):
        """Add the chunk `now`, given the error d_a (rows, nH) at a = W x + b."""
        self.W.addmm_(d_a.t(), rows(self.inputs[now]))
        self.b += d_a.sum(0)
        if self.x is not None:
            torch.mm(d_a, self.weight, out=rows(self.x[now]))

    def state(self, d_a, h):
        """Add a chunk of the product U h, given the error d_a (rows, nH) and h (steps, B, H)."""
        self.U.addmm_(d_a.t(), rows(h))

    def by_x(self):
        """The gradient by x as the caller has it, (B, T, D), or None."""
        return None if self.x is None else batch_first(self.x)
