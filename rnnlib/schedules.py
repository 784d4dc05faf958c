"""How long and how fast to train: settings of a run, learning rates as functions of the step."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass


def constant(done: float) -> float:
    """The factor 1 from beginning to end."""
    return 1.0


def cosine(done: float) -> float:
    """A factor that falls from 1 to 0 as half a cosine wave while done goes from 0 to 1."""
    return (1 + math.cos(math.pi * done)) / 2


@dataclass(frozen=True)
class Settings:
    """How long and how to train.

    Args:
        steps: updates in all.
        lr: the highest learning rate of Adam.
        clip: the gradient is scaled down to this norm if it is longer (math.inf: never).
        warmup: updates over which the learning rate grows in a straight line up to lr.
        decay: the factor of lr for the share (0 to 1) of the updates after the warm-up that are
            done: `constant`, `cosine`, or your own function.
        every: updates between two records (and checkpoints).
        patience: stop after so many records in a row without a new lowest held_out (None: never).
        seed: of everything random inside the model, such as dropout.
    """

    steps: int
    lr: float = 1e-3
    clip: float = 1.0
    warmup: int = 0
    decay: Callable[[float], float] = constant
    every: int = 100
    patience: int | None = None
    seed: int = 0

    def __post_init__(self):
        fine = {
            "steps": self.steps >= 1,
            "lr": self.lr > 0,
            "clip": self.clip > 0,
            "warmup": 0 <= self.warmup <= self.steps,
            "every": self.every >= 1,
            "patience": self.patience is None or self.patience >= 1,
        }
        wrong = [name for name in fine if not fine[name]]
        if wrong:
            raise ValueError(
                "expected steps, every and patience of at least 1, lr and clip above 0 and warmup "
                f"from 0 to steps, got {wrong[0]}={getattr(self, wrong[0])}: are two mixed up?"
            )

    def as_facts(self) -> dict:
        """The settings as plain values, the decay by its name."""
        return {**asdict(self), "decay": getattr(self.decay, "__qualname__", repr(self.decay))}


def rate(settings: Settings, step: int) -> float:
    """The learning rate of update number `step` (from 0): linear warm-up, then decay."""
    if step < settings.warmup:
        return settings.lr * (step + 1) / settings.warmup
    done = (step - settings.warmup) / max(1, settings.steps - settings.warmup)
    return settings.lr * settings.decay(done)
