"""Says in one sentence how two values differ, and shows a value in few characters."""

import math
from numbers import Number

import torch

SMALL = 8  # a tensor with at most so many numbers is written out


def difference(expected, got, tolerance=1e-5):
    """How `got` differs from `expected`, as text, or None when it does not.

    Tensors: the same shape, numbers within `tolerance * max(1, |expected|)`, nan equal to nan. A
    number and a tensor without axes are the same thing, and so are a list and a tuple. Lists,
    tuples and dicts are compared inside.
    """
    if isinstance(expected, Number) and not isinstance(expected, bool):
        expected = torch.tensor(expected, dtype=None if isinstance(expected, int) else torch.double)
    if isinstance(expected, torch.Tensor):
        return tensors(expected, got, tolerance)
    if isinstance(expected, (list, tuple)):
        return sequences(expected, got, tolerance)
    if isinstance(expected, dict):
        return dicts(expected, got, tolerance)
    if type(expected) is type(got) and expected == got:
        return None
    return f"expected {show(expected)}\ngot      {show(got)}"


def tensors(expected, got, tolerance):
    """How a value differs from an expected tensor: type, shape, kind of number, numbers."""
    if isinstance(got, (bool, Number)) and expected.dim() == 0:
        got = torch.tensor(got)
    if not isinstance(got, torch.Tensor):
        return f"expected {kind(expected)}, got {kind(got)}{tensor_hint(got)}"
    if expected.shape != got.shape:
        hint = ": are two axes swapped?" if sorted(expected.shape) == sorted(got.shape) else ""
        return f"expected shape {tuple(expected.shape)}, got {tuple(got.shape)}{hint}"
    if expected.is_floating_point() and expected.dim() and not got.is_floating_point():
        return f"expected numbers with a point ({name(expected.dtype)}), got {name(got.dtype)}"
    if expected.dtype == torch.long and expected.dim() and got.is_floating_point():
        return f"expected whole numbers ({name(expected.dtype)}), got {name(got.dtype)}"
    return numbers(expected.detach(), got.detach(), tolerance)


def numbers(expected, got, tolerance):
    """How two tensors of one shape differ: all of it when small, otherwise the place that differs
    most."""
    e, g = expected.cpu().double(), got.cpu().double()
    same = (e == g) | (e.isnan() & g.isnan())
    off = torch.where(same, 0.0, (e - g).abs() / e.abs().clamp(min=1.0)).nan_to_num(
        math.inf, math.inf
    )
    if not (off > tolerance).any():
        return None
    if e.numel() <= SMALL:
        return f"expected {show(expected)}\ngot      {show(got)}{closer(expected, got)}"
    place = torch.unravel_index(off.argmax(), off.shape)
    where = ", ".join(str(p.item()) for p in place)
    wrong = (off > tolerance).sum().item()
    return (
        f"expected {show(expected[place].item())} at [{where}]\n"
        f"got      {show(got[place].item())} ({wrong} of {e.numel()} numbers differ)"
    )


def closer(expected, got):
    """What to add where both look the same in four digits."""
    if show(expected) != show(got):
        return ""
    off = (expected.cpu().double() - got.cpu().double()).abs().max().item()
    kinds = f", {name(expected.dtype)} was expected, not {name(got.dtype)}"
    return f" (they differ by {off:.1g}{kinds if expected.dtype != got.dtype else ''})"


def sequences(expected, got, tolerance):
    """How a value differs from an expected list or tuple."""
    if not isinstance(got, (list, tuple)) or len(got) != len(expected):
        return f"expected {kind(expected)}, got {kind(got)}"
    for n, (e, g) in enumerate(zip(expected, got, strict=True)):
        said = difference(e, g, tolerance)
        if said:
            return f"value {n + 1} of {len(expected)}: {said}"
    return None


def dicts(expected, got, tolerance):
    """How a value differs from an expected dict."""
    if not isinstance(got, dict) or got.keys() != expected.keys():
        keys = f" with {list(got)}" if isinstance(got, dict) else ""
        return f"expected a dict with {list(expected)}, got {kind(got)}{keys}"
    for key, value in expected.items():
        said = difference(value, got[key], tolerance)
        if said:
            return f"at {key!r}: {said}"
    return None


def kind(value):
    """What a value is, in words."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}" if value.dim() else "a number"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def tensor_hint(got):
    """What to do about a value that should be a tensor."""
    if isinstance(got, (list, tuple)) and got and isinstance(got[0], torch.Tensor):
        return ": torch.stack makes one tensor of a list"
    if type(got).__module__ == "numpy":
        return ": torch.as_tensor turns an array into a tensor"
    return ""


def show(value):
    """A value in few characters: small tensors in full, large ones by their shape."""
    if isinstance(value, torch.Tensor):
        return show(value.tolist()) if value.numel() <= SMALL else kind(value)
    if isinstance(value, (list, tuple)):
        left, right = "[]" if isinstance(value, list) else "()"
        inside = ", ".join(show(v) for v in value[:SMALL])
        return f"{left}{inside}{', ...' if len(value) > SMALL else ''}{right}"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (str, int, bool, type(None))):
        return repr(value) if len(repr(value)) < 60 else repr(value)[:57] + "..."
    return getattr(value, "__name__", kind(value))


def number(value):
    """A number with four significant digits, a whole one with all of them; always with a point."""
    if abs(value) < 1e9 and value == round(value):
        return f"{value + 0.0:.1f}"
    text = f"{value + 0.0:.4g}"
    return text + ".0" if text.lstrip("-").isdigit() else text


def name(dtype):
    """`float32` for torch.float32."""
    return str(dtype).removeprefix("torch.")
