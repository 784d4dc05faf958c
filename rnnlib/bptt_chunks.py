"""What every hand-written pass through time shares: chunks of steps, buffers, sums of gradients.

Sizes: B batch, T time, D input, H hidden, n gates.  Everything here is time first: (T, B, ...).
d_ before a letter is the derivative of the loss by it.
"""

import torch

ROWS = 512
"""Rows (steps x batch) per chunk.  Any value gives the same numbers; this one is fast."""

d_sigmoid = torch.ops.aten.sigmoid_backward.grad_input
"""d_sigmoid(d, y, grad_input=out): out = d * y * (1 - y), the way back through y = sigmoid(a)."""

d_tanh = torch.ops.aten.tanh_backward.grad_input
"""d_tanh(d, y, grad_input=out): out = d * (1 - y * y), the way back through y = tanh(a)."""

CONSTANTS = {}


def tanh_(a, out):
    """out = tanh(a), by way of 2 sigmoid(2a) - 1: torch's tanh can cost six of its sigmoids.

    Near 0 the detour loses relative precision: nothing in float32, too much in half precision.
    """
    if a.is_cuda or a.dtype not in (torch.float32, torch.float64):
        return torch.tanh(a, out=out)
    if a.dtype not in CONSTANTS:  # tensors, because a Python number costs 2 us at every call
        CONSTANTS[a.dtype] = torch.tensor(2.0, dtype=a.dtype), torch.tensor(-1.0, dtype=a.dtype)
    two, minus_one = CONSTANTS[a.dtype]
    torch.mul(a, two, out=out).sigmoid_()
    return torch.add(minus_one, out, alpha=2, out=out)


def chunks(T, B):
    """Slices of time of about ROWS rows each, from the first step to the last."""
    n = max(1, ROWS // B)
    return [slice(s, min(T, s + n)) for s in range(0, T, n)]


def ring(now, kept):
    """Where the chunk `now` stands in a buffer that remembers `kept` steps."""
    start = now.start % kept
    return slice(start, start + now.stop - now.start)


def rows(buffer):
    """(steps, B, n) as (steps * B, n): no copy when the buffer is contiguous."""
    return buffer.flatten(0, 1)


def steps(*buffers):
    """The views of step 0, 1, ... of all buffers, made once: an index in the loop costs 1 us."""
    return list(zip(*(b.unbind(0) for b in buffers), strict=True))


def history(first, T):
    """A buffer (T + 1, B, H) for a state and all its successors, with the first one filled in."""
    states = first.new_empty(T + 1, *first.shape)
    states[0] = first
    return states


def same_dtype(*tensors):
    """The tensors, converted to the dtype of autocast where it is on."""
    device = tensors[0].device.type
    if not torch.is_autocast_enabled(device):
        return tensors
    return tuple(t.to(torch.get_autocast_dtype(device)) for t in tensors)


def wants_gradient(tensors):
    """True when a backward pass may follow, so that every step has to be remembered."""
    return torch.is_grad_enabled() and any(t.requires_grad for t in tensors)


def own_errors(d_out, like):
    """(last, before): the error each step's own output sends back, split for the second pass.

    `last` is a buffer with the error of the final state; before[t] is the own error of the state
    that enters step t, zero for the initial state.  No gradient at all (None) counts as zeros.
    """
    zeros = torch.zeros_like(like[0])
    own = [zeros] * len(like) if d_out is None else d_out.unbind(0)
    return own[-1].clone(memory_format=torch.contiguous_format), [zeros, *own[:-1]]


class Gradients:
    """The gradients by x, W, U and b: three big products for each chunk, added up."""

    def __init__(self, x, W, U, wants_x):
        self.inputs, self.weight = x, W
        self.W, self.U = torch.zeros_like(W), torch.zeros_like(U)
        self.b = W.new_zeros(len(W))
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
