"""Tasks made of random numbers, with a dependency exactly as long as asked for, batch by batch.

`Stream("adding", B=64, T=200, seed=0)[step]` is the batch of that step: the same for the same seed
and step, never the same for two steps, so that a model cannot learn it by heart.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import torch


def adding(B, T, generator):
    """Numbers in [0, 1], two of them marked: what is the sum of the two? x (B, T, 2), y (B, 1).

    One mark is in the first half, one in the second.  Saying 1 every time costs a mean squared
    error of 1/6 = 0.1667 (Hochreiter and Schmidhuber 1997).
    """
    if T < 2:
        raise ValueError(f"T must be at least 2, got {T}: two numbers are marked")
    value, mark = torch.rand(B, T, generator=generator), torch.zeros(B, T)
    first = torch.randint(0, T // 2, (B, 1), generator=generator)
    second = torch.randint(T // 2, T, (B, 1), generator=generator)
    mark.scatter_(1, first, 1.0).scatter_(1, second, 1.0)
    return torch.stack([value, mark], -1), (value * mark).sum(1, keepdim=True)


def copying(B, T, generator, symbols=8, length=5):
    """Symbols, T blank steps, a go sign, as many blanks: x (B, T + 2 length, symbols + 2) one-hot.

    y (B, length) are the symbols, to be said again at the last `length` steps; the first of those
    reads the go sign.  A guess is right once in `symbols` (after Arjovsky et al. 2016).
    """
    y = torch.randint(0, symbols, (B, length), generator=generator)
    blank = torch.full((B, T), symbols)
    go = torch.full((B, length), symbols)
    go[:, 0] = symbols + 1
    return torch.nn.functional.one_hot(torch.cat([y, blank, go], 1), symbols + 2).float(), y


TASKS = {"adding": adding, "copying": copying}


@dataclass(frozen=True)
class Stream:
    """Endless batches of a task: `stream[step]` is `(x, y)` of that step."""

    name: str
    B: int
    T: int
    seed: int = 0

    def __post_init__(self):
        if self.name not in TASKS:
            raise ValueError(f"task must be one of {', '.join(TASKS)}, got {self.name!r}")

    def __getitem__(self, step):
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step + 1)
        return TASKS[self.name](self.B, self.T, generator)

    @cached_property
    def sha256(self):
        """A hash that changes with what the task makes."""
        x, y = TASKS[self.name](4, self.T, torch.Generator().manual_seed(0))
        return hashlib.sha256(x.numpy().tobytes() + y.numpy().tobytes()).hexdigest()
