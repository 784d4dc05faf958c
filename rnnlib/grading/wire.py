"""Values as JSON, between the grader and a student's process; nothing that is read can run.

Numbers, strings, lists, tuples, dicts and tensors travel as they are. From the grader to the
student also objects of the modules `rnnlib.check.hwN_inside`: frozen dataclasses of such values.
Whatever else comes back is an `Other` that knows only the name of its type.
"""

import base64
import dataclasses
import importlib
import re

import torch

DEEPEST = 20  # lists within lists
DTYPES = {str(dtype).removeprefix("torch."): dtype for dtype in (
    torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16,
    torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128)}
INSIDE = re.compile(r"rnnlib\.check\.hw\d+_inside")


class Broken(ValueError):
    """What was received is not a value."""


class Other:
    """A value of a type that does not travel; its class has the name of that type."""


def pack(value, depth=0):
    """A value as what `json.dumps` takes; objects of unknown types by the name of their type."""
    if value is None or type(value) in (bool, float, str):
        return value
    if depth > DEEPEST:
        return {"other": ["", "value nested too deep"]}
    if type(value) is int and abs(value) < 2**63:
        return value
    if isinstance(value, torch.Tensor):
        return pack_tensor(value)
    if isinstance(value, (list, tuple)):
        name = "list" if isinstance(value, list) else "tuple"
        return {name: [pack(part, depth + 1) for part in value]}
    if isinstance(value, dict):
        return {"dict": [[pack(k, depth + 1), pack(v, depth + 1)] for k, v in value.items()]}
    if INSIDE.fullmatch(type(value).__module__) and dataclasses.is_dataclass(value):
        return pack_made(value, depth)
    return {"other": [type(value).__module__, type(value).__name__]}


def pack_tensor(tensor):
    """A tensor as its dtype, its shape and its bytes."""
    dtype = str(tensor.dtype).removeprefix("torch.")
    if tensor.layout is not torch.strided or dtype not in DTYPES or tensor.device.type == "meta":
        return {"other": ["torch", f"{dtype} tensor"]}
    flat = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    data = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    return {"tensor": [dtype, list(tensor.shape), base64.b64encode(data).decode()]}


def pack_made(value, depth):
    """An object for the other side to rebuild: its class and its fields."""
    fields = {field.name: pack(getattr(value, field.name), depth + 1)
              for field in dataclasses.fields(value)}
    return {"made": [type(value).__module__, type(value).__name__, fields]}


def unpack(packed, make=False):
    """The value that was packed. Only with `make` are objects rebuilt: at the student's side.

    Raises Broken for anything that `pack` does not write.
    """
    if packed is None or isinstance(packed, (bool, int, float, str)):
        return packed
    if not isinstance(packed, dict) or len(packed) != 1:
        raise Broken("not a value")
    (kind, body), = packed.items()
    try:
        if kind == "made" and make:
            return unpack_made(*body)
        return READERS[kind](body, make)
    except (KeyError, TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise Broken(f"not a {kind}") from error


def unpack_tensor(body, make):
    """A tensor from its dtype, shape and bytes."""
    name, shape, text = body
    data, dtype = bytearray(base64.b64decode(text, validate=True)), DTYPES[name]
    if not all(type(size) is int and size >= 0 for size in shape):
        raise Broken("not a shape")
    if not data and 0 in shape:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(data, dtype=dtype).reshape(shape)


def unpack_dict(body, make):
    """A dict from its pairs; keys that cannot be keys become their text."""
    pairs = [(unpack(key, make), unpack(value, make)) for key, value in body]
    return {key if isinstance(key, (str, int, float, tuple)) else str(key): value
            for key, value in pairs}


def unpack_other(body, make):
    """An object that stands for a value of another type; from numpy it says so."""
    module, name = body
    home = "numpy" if module == "numpy" else "other"
    return type(str(name)[:60], (Other,), {"__module__": home})()


def unpack_made(module, name, fields):
    """An object of a module of the check that is open to students' code."""
    if not INSIDE.fullmatch(module):
        raise Broken("not a module of toys")
    made = getattr(importlib.import_module(module), name)
    return made(**{key: unpack(value, True) for key, value in fields.items()})


READERS = {
    "list": lambda body, make: [unpack(part, make) for part in body],
    "tuple": lambda body, make: tuple(unpack(part, make) for part in body),
    "dict": unpack_dict,
    "tensor": unpack_tensor,
    "other": unpack_other,
}
