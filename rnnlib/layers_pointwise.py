"""Layers without a state of their own, feed-forward and convolution; and one that shortens time.

They are called like every layer of `rnnlib.layers`, `h, last = layer(x, state, lengths)`, so that
`Stacked` takes them; their state is the empty tuple.
Taught in notebooks/08_deep_and_bidirectional.ipynb.
"""

import torch
from torch import Tensor, nn

from .shapes import blank, check_lengths, real


class FeedForward(nn.Module):
    """tanh(W x + b) at every step by itself: before or after the recurrent layers (cs505, notes).

    Args:
        D, H: numbers that come in and go out at each step.
    """

    def __init__(self, D, H):
        super().__init__()
        self.W, self.D, self.size = nn.Linear(D, H), D, H

    def start(self, B):
        """Nothing is kept from step to step."""
        return ()

    def forward(self, x, state=None, lengths=None):
        lengths = checked(self, x, lengths)
        return blank(torch.tanh(self.W(x)), lengths), ()


class Convolution(nn.Module):
    """tanh(W [x ... x] + b) over a window of `width` steps around each step (cs505).

    Outside a sequence stand zeros, in its padding too, so h_t does not depend on the batch.

    Args:
        D, H: numbers that come in and go out at each step.
        width: steps in the window, an odd number.
    """

    def __init__(self, D, H, width):
        super().__init__()
        if width < 1 or width % 2 == 0:
            raise ValueError(f"expected a window of an odd number of steps, got width={width}: "
                             "as many to the left as to the right, and the step itself")
        self.W = nn.Conv1d(D, H, width, padding=width // 2)
        self.D, self.size = D, H

    def start(self, B):
        """Nothing is kept from step to step."""
        return ()

    def forward(self, x, state=None, lengths=None):
        lengths = checked(self, x, lengths)
        h = torch.tanh(self.W(blank(x, lengths).mT)).mT  # Conv1d has time last: (B, D, T)
        return blank(h, lengths), ()


class Shortened(nn.Module):
    """A layer that makes one step for every k: it reads the largest value of each unit over them.

    Its output stands at each of the k steps, so h is (B, T, H) as everywhere and the recurrence
    inside is k times shorter.

    Args:
        layer: any layer of `rnnlib.layers`.
        k: steps that become one.
    """

    def __init__(self, layer, k):
        super().__init__()
        if k < 1:
            raise ValueError(f"expected at least one step to become one, got k={k}")
        self.layer, self.k, self.size = layer, k, layer.size

    def start(self, B):
        """The zero state of the layer inside."""
        return self.layer.start(B)

    def forward(self, x, state=None, lengths=None):
        T = x.shape[1]
        lengths = None if lengths is None else check_lengths(lengths, x)
        fewer = None if lengths is None else -(-lengths // self.k)
        h, last = self.layer(largest(x, self.k, lengths), state, fewer)  # (B, T / k, H)
        return blank(h.repeat_interleave(self.k, 1)[:, :T], lengths), last


def largest(x: Tensor, k: int, lengths=None) -> Tensor:
    """The largest of every k steps of x (B, T, D), padding left out: (B, T / k rounded up, D)."""
    B, T, D = x.shape
    filled = x.new_full((B, -T % k, D), -torch.inf)
    if lengths is not None:
        x = x.masked_fill(~real(lengths, T)[..., None], -torch.inf)
    h = torch.cat([x, filled], 1).unflatten(1, (-1, k)).amax(2)
    return h.masked_fill(h.isneginf(), 0.0)  # steps of padding alone


def checked(layer, x: Tensor, lengths):
    """The lengths of a batch, checked as its last axis is: (B, T, D)."""
    if x.dim() != 3 or x.shape[2] != layer.D:
        raise ValueError(f"x must be (B, T, D={layer.D}), got {tuple(x.shape)}: "
                         "does the layer below put out as many numbers?")
    return None if lengths is None else check_lengths(lengths, x)
