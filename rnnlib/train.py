"""Training as a stream of records: `fit` trains and yields numbers; the reader decides what to do.

    settings = Settings(steps=1000, lr=2e-3)
    for record in progress(fit(model, batches, loss, settings), settings.steps):
        print(record.step, record.loss)

Same seed, same weights: drawing or sampling between two records changes nothing, and a run that
was killed goes on from its checkpoint to the same weights, bit for bit.
Taught in notebooks/03_training_through_time.ipynb.
"""

import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn
from tqdm.auto import tqdm

from . import checkpoints
from .checkpoints import load_weights, save_weights
from .schedules import Settings, constant, cosine, rate

__all__ = ["Settings", "Record", "fit", "progress", "rate", "constant", "cosine"]
__all__ += ["save_weights", "load_weights"]


@dataclass(frozen=True)
class Record:
    """What happened since the record before.

    Args:
        step: updates done so far.
        loss: mean over the tokens trained on since the last record, in the unit of the loss.
        tokens_per_second: of training, without evaluation.
        lr: learning rate of the last update.
        norm: mean norm of the gradient before clipping.
        held_out: what evaluate(model) returned, or None.
        seconds: spent in fit so far, resumed runs included.
    """

    step: int
    loss: float
    tokens_per_second: float
    lr: float
    norm: float
    held_out: float | None
    seconds: float


def fit(
    model: nn.Module, batches, loss: Callable, settings: Settings, evaluate=None, path=None
) -> Iterator[Record]:
    """Train a model with Adam and yield a Record after every `settings.every` updates.

    Args:
        model: its weights change; it is in eval mode at each record and at the end.
        batches: `batches[step]` is the batch of that update, always the same for the same step.
        loss: `loss(model, batch, carry) -> (mean loss, tokens, carry)`; carry is the state carried
            between segments: None at first, later what loss returned before, detached.
        evaluate: `evaluate(model) -> number`, the lower the better; called without gradients
            before each record.
        path: a checkpoint is written there before each record. If it exists, training goes on from
            it and its records come first again: `list(fit(...))` is the whole curve either way.

    With patience, the model ends with the weights of the lowest held_out.

    Raises:
        FloatingPointError: a loss or gradient that is not finite; the weights are the last good.
        ValueError: a checkpoint that is damaged, or made with other settings or another model.
    """
    if settings.patience is not None and evaluate is None:
        raise ValueError(
            f"expected evaluate with patience={settings.patience}, got None: "
            "early stopping watches what evaluate returns"
        )
    return _Run(model, settings, path).records(batches, loss, evaluate)


class _Run:
    """Everything that training changes, and that a checkpoint therefore holds."""

    def __init__(self, model: nn.Module, settings: Settings, path):
        self.model, self.settings, self.path = model, settings, path
        self.weights = {n: weight for n, weight in model.named_parameters() if weight.requires_grad}
        if not self.weights:
            raise ValueError("expected a model with weights to train, got none: are all frozen?")
        self.device = next(iter(self.weights.values())).device
        self.adam = torch.optim.Adam(self.weights.values(), lr=settings.lr, fused=True)
        self.done: list[Record] = []
        self.step, self.carry, self.best, self.last = 0, None, {}, math.nan
        with torch.random.fork_rng(self.gpus()):
            torch.manual_seed(settings.seed)
            self.random = self.random_state()
        if path is not None and Path(path).exists():
            self.load()

    def records(self, batches, loss, evaluate) -> Iterator[Record]:
        """The records already made, then the new ones, each after its checkpoint."""
        yield from list(self.done)
        while not self.ended():
            self.done.append(self.stretch(batches, loss, evaluate))
            if self.settings.patience is not None and self.waited() == 0:
                weights = checkpoints.named(self.model)
                self.best = {name: tensor.detach().clone() for name, tensor in weights.items()}
            if self.path is not None:
                self.save()
            yield self.done[-1]
        if self.best:
            checkpoints.copy_into(self.path, self.model, self.best)
        self.model.eval()

    def ended(self) -> bool:
        """Whether all steps are done, or patience is at its end."""
        patience = self.settings.patience
        tired = patience is not None and self.waited() >= patience
        return tired or self.step >= self.settings.steps

    def waited(self) -> int:
        """How many records since the lowest held_out."""
        seen = [math.inf if math.isnan(r.held_out) else r.held_out for r in self.done]
        return len(seen) - 1 - seen.index(min(seen)) if seen else 0

    def stretch(self, batches, loss, evaluate) -> Record:
        """Train up to the next record."""
        begin, first, every = time.perf_counter(), self.step, self.settings.every
        until = min(self.settings.steps, (first // every + 1) * every)
        total = tokens = norms = 0
        self.model.train()
        with self.randomness():
            while self.step < until:
                mean, count, norm = self.update(batches[self.step], loss)
                total, tokens, norms = total + mean * count, tokens + count, norms + norm
        speed = tokens / (time.perf_counter() - begin)
        held_out, lr = self.held_out(evaluate), self.adam.param_groups[0]["lr"]
        seconds = time.perf_counter() - begin + (self.done[-1].seconds if self.done else 0.0)
        norm = norms / (until - first)
        return Record(until, total / tokens, speed, lr, norm, held_out, seconds)

    def update(self, batch, loss) -> tuple[float, int, float]:
        """One step of Adam: mean loss, tokens, norm of the gradient before clipping."""
        mean, tokens, carry = loss(self.model, batch, self.carry)
        value = mean.item()
        self.must_be_finite(value, "loss")
        self.adam.zero_grad()
        mean.backward()
        norm = nn.utils.clip_grad_norm_(self.weights.values(), self.settings.clip).item()
        self.must_be_finite(norm, "norm of the gradient")
        self.adam.param_groups[0]["lr"] = rate(self.settings, self.step)
        self.adam.step()
        self.step, self.carry, self.last = self.step + 1, checkpoints.detach(carry), value
        return value, tokens, norm

    def must_be_finite(self, value: float, what: str) -> None:
        """Stop with one sentence at nan or infinity."""
        if math.isfinite(value):
            return
        kept = "nothing was saved"
        if self.path is not None and self.done:
            kept = f"{self.path} keeps step {self.done[-1].step}"
        raise FloatingPointError(
            f"the {what} became {value} at step {self.step} (the last good loss was "
            f"{self.last:.4g}): try an lr below {self.settings.lr:g} or a clip below "
            f"{self.settings.clip:g}; {kept}"
        )

    def held_out(self, evaluate) -> float | None:
        """What evaluate says about the model, with random numbers of its own."""
        self.model.eval()
        if evaluate is None:
            return None
        with torch.random.fork_rng(self.gpus()), torch.no_grad():
            torch.manual_seed(self.settings.seed)
            return float(evaluate(self.model))

    def gpus(self) -> list:
        """The devices besides the CPU that draw random numbers."""
        return [self.device] if self.device.type == "cuda" else []

    def random_state(self) -> list[torch.Tensor]:
        """Where the generators of the CPU and of the devices stand."""
        return [torch.get_rng_state()] + [torch.cuda.get_rng_state(gpu) for gpu in self.gpus()]

    @contextmanager
    def randomness(self):
        """The run's own random numbers inside, the reader's own again outside."""
        with torch.random.fork_rng(self.gpus()):
            torch.set_rng_state(self.random[0])
            for gpu, state in zip(self.gpus(), self.random[1:], strict=True):
                torch.cuda.set_rng_state(state, gpu)
            yield
            self.random = self.random_state()

    def save(self) -> None:
        """Write everything that `load` needs."""
        carried: list[torch.Tensor] = []
        plan = checkpoints.pack(self.carry, carried)
        parts = {f"adam/{name}": self.adam.state[w] for name, w in self.weights.items()}
        parts |= {"model": checkpoints.named(self.model), "best": self.best}
        parts |= {"carry": dict(enumerate(carried)), "random": dict(enumerate(self.random))}
        tensors = {f"{part}/{key}": t.clone() for part in parts for key, t in parts[part].items()}
        facts = {"kind": "checkpoint", "settings": self.settings.as_facts(), "step": self.step}
        facts |= {"last": self.last, "carry": plan, "records": [asdict(r) for r in self.done]}
        checkpoints.write(self.path, tensors, facts)

    def load(self) -> None:
        """Go on from the checkpoint: weights, moments, carry, random state, records."""
        tensors, facts = checkpoints.read(self.path)
        self.must_agree(facts)

        def part(name: str) -> dict[str, torch.Tensor]:
            return {k[len(name) + 1 :]: t for k, t in tensors.items() if k.startswith(f"{name}/")}

        checkpoints.copy_into(self.path, self.model, part("model"))
        for name, weight in self.weights.items():
            moments = part(f"adam/{name}")
            # Adam keeps its count of steps where its moments are
            self.adam.state[weight] = {k: t.to(self.device, copy=True) for k, t in moments.items()}
        carried = {int(k): t.to(self.device, copy=True) for k, t in part("carry").items()}
        self.carry = checkpoints.unpack(facts["carry"], carried)
        self.random, self.best = [t for _, t in sorted(part("random").items())], part("best")
        self.step, self.last = facts["step"], facts["last"]
        self.done = [Record(**record) for record in facts["records"]]

    def must_agree(self, facts: dict) -> None:
        """Refuse a file that is no checkpoint, or one of other settings."""
        if facts.get("kind") != "checkpoint":
            raise ValueError(
                f"expected a checkpoint that fit() wrote at {self.path}, got {facts.get('kind')}: "
                "the file was left as it is; give another path"
            )
        mine, there = self.settings.as_facts(), facts["settings"]
        wrong = [name for name in mine if mine[name] != there.get(name)]
        if wrong:
            said = ", ".join(f"{n}={there.get(n)} there and {mine[n]} here" for n in wrong)
            raise ValueError(
                f"{self.path} was made with other settings ({said}): "
                "use the same ones to go on, or another path to begin anew"
            )


def watched() -> bool:
    """Whether someone sees a progress bar: a terminal or a notebook, and no TQDM_DISABLE."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    notebook = hasattr(shell, "kernel")
    return not os.environ.get("TQDM_DISABLE") and (notebook or sys.stderr.isatty())


def progress(records: Iterable[Record], steps: int) -> Iterator[Record]:
    """Pass records on under a bar with loss and time left; silent where no one is watching."""
    with tqdm(total=steps, unit="step", leave=False, disable=not watched()) as bar:
        for record in records:
            bar.set_postfix(loss=record.loss, held_out=record.held_out, refresh=False)
            bar.update(record.step - bar.n)
            yield record
