"""Tensors and facts in one safetensors file: written whole or not at all, and checked when read.

The facts are JSON text in the header of the file, with a SHA-256 of the tensors, so a file that is
cut off, damaged or made by something else is noticed before anything is loaded from it.
"""

import hashlib
import json
import os
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor, nn

KEY = "rnnlib"
"""The one entry of the header that holds the facts."""


def replace(path, data: bytes) -> None:
    """Write a file whole or not at all: beside its place, flushed to the disk, then renamed."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        with open(beside, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def digest(tensors: dict[str, Tensor]) -> str:
    """SHA-256 of names, types, shapes and values."""
    whole = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        whole.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        whole.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return whole.hexdigest()


def write(path, tensors: dict[str, Tensor], facts: dict) -> None:
    """Write tensors and facts (anything JSON can say) as one safetensors file, atomically."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    header = json.dumps({"facts": facts, "sha256": digest(tensors)}, ensure_ascii=False)
    replace(path, to_bytes(tensors, metadata={KEY: header}))


def read(path) -> tuple[dict[str, Tensor], dict]:
    """The tensors and the facts that `write` put into a file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is damaged, or something else; it is left as it is.
    """
    hint = "the file was left as it is: move it away, or give another path"
    try:
        with safe_open(path, framework="pt") as file:
            header = (file.metadata() or {}).get(KEY)
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as error:
        raise ValueError(f"{path} is damaged or no safetensors file ({error}); {hint}") from None
    if header is None:
        raise ValueError(f"{path} holds tensors, but was not written by rnnlib; {hint}")
    header = json.loads(header)
    if header["sha256"] != digest(tensors):
        raise ValueError(f"{path} is damaged: the tensors are not those once written; {hint}")
    return tensors, header["facts"]


def named(model: nn.Module) -> dict[str, Tensor]:
    """Every weight and buffer by name, once even where two parts share it (weight tying)."""
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}


def copy_into(path, model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Copy tensors from a file into the weights and buffers of the same names.

    Raises:
        ValueError: names or shapes differ; the model is left as it is.
    """
    mine = named(model)
    wrong = sorted(mine.keys() ^ tensors.keys())
    wrong += sorted(n for n in mine.keys() & tensors.keys() if mine[n].shape != tensors[n].shape)
    if wrong:
        there, here = (_shape(side, wrong[0]) for side in (tensors, mine))
        raise ValueError(
            f"{path} was made with another model: {wrong[0]} is {there} there and {here} here; "
            "build the model with the same sizes"
        )
    with torch.no_grad():
        for name, tensor in mine.items():
            tensor.copy_(tensors[name])


def _shape(tensors: dict[str, Tensor], name: str) -> str:
    return str(tuple(tensors[name].shape)) if name in tensors else "missing"


def save_weights(path, model: nn.Module, facts: dict) -> None:
    """Write a trained model's weights and the facts shipped with them: recipe, vocabulary, scores.

    The file keeps the model's dtype: pass `model.half()` to store two bytes for each weight.
    """
    write(path, named(model), {"kind": "weights", **facts})


def load_weights(path, model: nn.Module) -> dict:
    """Copy weights that `save_weights` wrote into a model of the same sizes; returns the facts."""
    tensors, facts = read(path)
    if facts.pop("kind", None) != "weights":
        raise ValueError(
            f"{path} is the checkpoint of a training run, expected weights that save_weights "
            "wrote: go on with that run by fit(..., path=...)"
        )
    copy_into(path, model, tensors)
    return facts


def pack(state, tensors: list[Tensor]):
    """A plain description of a nested state; its tensors are appended to the list."""
    match state:
        case Tensor():
            tensors.append(state)
            return {"tensor": len(tensors) - 1}
        case tuple() | list():
            return {type(state).__name__: [pack(part, tensors) for part in state]}
        case dict():
            return {"dict": {key: pack(part, tensors) for key, part in state.items()}}
        case None | bool() | int() | float() | str():
            return {"value": state}
    raise ValueError(
        "a carried state may hold tensors, tuples, lists, dicts and plain values, "
        f"got {type(state).__name__}: turn it into one of these"
    )


def unpack(plan, tensors: list[Tensor]):
    """The nested state that `pack` described, with these tensors in it."""
    ((kind, value),) = plan.items()
    match kind:
        case "tensor":
            return tensors[value]
        case "tuple":
            return tuple(unpack(part, tensors) for part in value)
        case "list":
            return [unpack(part, tensors) for part in value]
        case "dict":
            return {key: unpack(part, tensors) for key, part in value.items()}
    return value


def detach(state):
    """The same nested state, cut off from the computation that made it."""
    tensors: list[Tensor] = []
    plan = pack(state, tensors)
    return unpack(plan, [tensor.detach() for tensor in tensors])
