"""The sizes every recurrent layer agrees on: checks with a hint, and batches of unequal lengths.

Sizes: B batch, T time, D input, H hidden.  A batch is padded on the right: sequence b is real for
t < lengths[b], and no packing is needed, because padding comes after everything that is real.
"""

import torch


def check_input(cell, x, sizes):
    """Raise ValueError unless x is (*sizes, D) in the dtype of the cell's weights, nothing of it empty."""
    names = ", ".join(sizes)
    if x.dim() != len(sizes) + 1 or x.shape[-1] != cell.D:
        raise ValueError(f"x must be ({names}, D={cell.D}), got {tuple(x.shape)}: did you embed the tokens?")
    if 0 in x.shape:
        raise ValueError(f"x must be ({names}, D={cell.D}) with nothing empty, got {tuple(x.shape)}: skip empty batches")
    if x.dtype != cell.U.dtype and not torch.is_autocast_enabled(x.device.type):
        hint = "convert one of them with .to(dtype)" if x.is_floating_point() else "did you embed the tokens?"
        raise ValueError(f"x must be {cell.U.dtype} like the cell's weights, got {x.dtype}: {hint}")


def check_state(cell, state, B):
    """Raise ValueError unless the state has one tensor (B, H) for each name in `cell.states`."""
    tensors = state if len(cell.states) > 1 else (state,)
    if not isinstance(tensors, (tuple, list)) or len(tensors) != len(cell.states):
        names = ", ".join(cell.states)
        raise ValueError(f"the state of {type(cell).__name__} must be ({names}), got {type(state).__name__}: see cell.start")
    for name, s in zip(cell.states, tensors):
        if not torch.is_tensor(s) or s.shape != (B, cell.H):
            got = tuple(s.shape) if torch.is_tensor(s) else type(s).__name__
            raise ValueError(f"state {name} must be (B={B}, H={cell.H}), got {got}: cell.start({B}) makes a zero state")


def check_lengths(lengths, x):
    """The lengths as a LongTensor (B,) on x's device, after checking that each is between 1 and T."""
    B, T = x.shape[:2]
    lengths = torch.as_tensor(lengths, device=x.device)
    if lengths.shape != (B,) or lengths.is_floating_point() or lengths.dtype == torch.bool:
        raise ValueError(
            f"lengths must be {B} whole numbers, one for each sequence, "
            f"got {lengths.dtype} of shape {tuple(lengths.shape)}"
        )
    least, most = lengths.min().item(), lengths.max().item()
    if least < 1 or most > T:
        raise ValueError(f"lengths must be between 1 and T={T}, got {least} to {most}: drop empty sequences, pad to the longest")
    return lengths.long()


def check_finite(name, x):
    """Raise ValueError when x has a NaN or an infinity; costs one pass, so the fast path never calls it."""
    bad = x.numel() - x.isfinite().sum().item()
    if bad:
        raise ValueError(f"{name} must be finite, got {bad} NaN or infinite of {x.numel()} numbers: look at the step before")


def real(lengths, T):
    """The mask (B, T) that is True where a token is real."""
    return torch.arange(T, device=lengths.device) < lengths[:, None]


def blank(h, lengths):
    """h (B, T, H) with zeros after the end of each sequence; h itself when there are no lengths."""
    return h if lengths is None else h.masked_fill(~real(lengths, h.shape[1])[..., None], 0.0)


def at_end(h, lengths):
    """h (B, T, H) at the last real step of each sequence: (B, H)."""
    if lengths is None:
        return h[:, -1]
    last = (lengths - 1)[:, None, None].expand(-1, 1, h.shape[2])
    return h.gather(1, last).squeeze(1)


def ends(states, lengths):
    """The state of each sequence at its last real step, from the list of the states at every step."""
    if lengths is None:
        return states[-1]
    if torch.is_tensor(states[0]):
        return at_end(torch.stack(states, 1), lengths)
    return tuple(at_end(torch.stack(each, 1), lengths) for each in zip(*states))
