"""The sizes every recurrent layer agrees on: checks with a hint, and batches of unequal lengths.

Sizes: B batch, T time, D input, H hidden.  A batch is padded on the right: sequence b is real for
t < lengths[b], and no packing is needed, because padding comes after everything that is real.
"""

import torch


def check_input(cell, x, sizes):
    """Raise ValueError unless x is (*sizes, D), not empty, in the dtype of the cell's weights.

    `sizes` has one letter for each axis before the last: "B" for a step, "BT" for a sequence.
    """
    expected, got = f"x must be ({', '.join(sizes)}, D={cell.D})", tuple(x.shape)
    if len(got) != len(sizes) + 1 or got[-1] != cell.D:
        raise ValueError(f"{expected}, got {got}: did you embed the tokens?")
    if 0 in got:
        raise ValueError(f"{expected} with at least 1 of each, got {got}: skip empty batches")
    if not same_kind(x, cell.U):
        hint = "convert with .to(dtype)" if x.is_floating_point() else "did you embed the tokens?"
        raise ValueError(f"x must be {cell.U.dtype} like the weights, got {x.dtype}: {hint}")


def same_kind(x, weights):
    """True when x can be multiplied with the weights: one dtype, or autocast to make it one."""
    return x.dtype == weights.dtype or torch.is_autocast_enabled(x.device.type)


def check_state(cell, state, B):
    """Raise ValueError unless the state has a tensor (B, H) for each name in `cell.states`."""
    hint = f"cell.start({B}) makes a zero state"
    tensors = state if len(cell.states) > 1 else (state,)
    if not isinstance(tensors, (tuple, list)) or len(tensors) != len(cell.states):
        names, got = ", ".join(cell.states), type(state).__name__
        raise ValueError(f"the state must be the tuple ({names}), got {got}: {hint}")
    for name, s in zip(cell.states, tensors, strict=True):
        got = tuple(s.shape) if torch.is_tensor(s) else type(s).__name__
        if got != (B, cell.H):
            raise ValueError(f"state {name} must be (B={B}, H={cell.H}), got {got}: {hint}")
        if not same_kind(s, cell.U):
            raise ValueError(f"state {name} must be {cell.U.dtype}, got {s.dtype}: {hint}")


def check_lengths(lengths, x):
    """The lengths as a LongTensor (B,) on x's device, checked: each from 1 to T."""
    B, T = x.shape[:2]
    lengths = torch.as_tensor(lengths, device=x.device)
    if lengths.shape != (B,) or lengths.is_floating_point() or lengths.dtype == torch.bool:
        got = f"{lengths.dtype} {tuple(lengths.shape)}"
        raise ValueError(f"lengths must be B={B} whole numbers, got {got}: one for each sequence")
    least, most = lengths.min().item(), lengths.max().item()
    if least < 1 or most > T:
        hint = "drop empty sequences" if least < 1 else "pad to the longest"
        raise ValueError(f"lengths must be from 1 to T={T}, got {least} to {most}: {hint}")
    return lengths.long()


def check_finite(name, x):
    """Raise ValueError when x has a NaN or an infinity.  One pass: the fast path never calls it."""
    bad, n = x.numel() - x.isfinite().sum().item(), x.numel()
    if bad:
        hint = "look at what made it"
        raise ValueError(f"{name} must be finite, got {bad} NaN or infinite of {n} numbers: {hint}")


def real(lengths, T):
    """The mask (B, T) that is True where a token is real."""
    return torch.arange(T, device=lengths.device) < lengths[:, None]


def blank(h, lengths):
    """h (B, T, H) with zeros after the end of each sequence; h itself when there are no lengths."""
    return h if lengths is None else h.masked_fill(~real(lengths, h.shape[1])[..., None], 0.0)


def at_end(h, lengths):
    """h (B, T, H) at the last real step of each sequence: (B, H)."""
    if lengths is None:
        return h.select(1, -1)
    last = (lengths - 1)[:, None, None].expand(-1, 1, h.shape[2])
    return h.gather(1, last).squeeze(1)


def ends(states, lengths):
    """Each sequence's state at its last real step, from the list of the states of all steps."""
    if lengths is None:
        return states[-1]
    if torch.is_tensor(states[0]):
        return at_end(torch.stack(states, 1), lengths)
    return tuple(at_end(torch.stack(each, 1), lengths) for each in zip(*states, strict=True))
