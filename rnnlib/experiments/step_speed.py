"""How fast a character is generated: the Stepper against torch.nn.LSTM called with T = 1.

    python -m rnnlib.experiments.step_speed             a table
    python -m rnnlib.experiments.step_speed --record    the same, appended to data/results/

All racers have the same weights, and each writes a text: a step, a draw, the draw fed back.  They
take turns; the ratio is the median over rounds.  Nothing else should run meanwhile.
"""

import argparse
import time
from dataclasses import dataclass
from types import SimpleNamespace

import torch
import torch.nn.functional as F

from ..cells import LSTMCell
from ..decode import inverse
from ..models import LanguageModel
from ..stepping import Stepper
from .record import append, measured
from .speed import ratios, threads, turns

CLAIM = "step_speed"
GOAL = 3.0
"""So many times as fast as nn.LSTM a character shall be generated."""


@dataclass(frozen=True)
class Settings:
    """Sizes of the model, threads, characters of a text, and turns of every racer."""

    size: int = 100
    D: int = 64
    H: int = 256
    threads: tuple = (1, 2)
    length: int = 200
    rounds: int = 9
    least: float = 0.1
    seed: int = 0


def by_torch(model):
    """A step with the layer of torch.nn and T = 1, as it is written everywhere."""
    lstm = model.layer.cell.to_torch()

    @torch.no_grad()
    def step(token, state):
        x = model.E(token)[:, None]  # (B, 1, D)
        h, state = lstm(x, state)
        return F.log_softmax(model.V(h[:, 0]), -1), state

    return step


def writers(settings):
    """(name -> function that writes a text, name -> its step and first state)."""
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        cell = LSTMCell(settings.D, settings.H)
        model = LanguageModel(settings.size, settings.D, cell).eval()
    zero, first, ours = model.start(1), torch.zeros(1, dtype=torch.long), Stepper(model)
    steps = {"ours": (ours.step, zero), "model.step": (model.step, zero),
             "nn.LSTM": (by_torch(model), tuple(s[None] for s in zero))}

    def writer(step, state):
        return lambda: plain(step, first, state, settings.length)

    writes = {name: writer(*one) for name, one in steps.items()}
    return writes | {"ours": lambda: ours.write(first, zero, settings.length)}, steps


@torch.no_grad()
def plain(step, token, state, length, seed=0):
    """The ids (1, length) of a text, as short as the loop can be with a `step`."""
    generator, out = torch.Generator().manual_seed(seed), []
    for _ in range(length):
        log_probs, state = step(token, state)
        token = inverse(log_probs, torch.rand(1, generator=generator, dtype=torch.float64))
        out.append(token)
    return torch.stack(out, 1)


def alone(steps, settings):
    """name -> function that makes as many steps without a draw, always after the same token."""
    token = torch.zeros(1, dtype=torch.long)

    def reader(step, state):
        def run():
            now = state
            for _ in range(settings.length):
                _, now = step(token, now)
        return run

    return {name: reader(*one) for name, one in steps.items()}


def agreed(writes):
    """Raise AssertionError unless all racers write the same text."""
    texts = {name: write() for name, write in writes.items()}
    for name, text in texts.items():
        assert torch.equal(text, texts["ours"]), f"{name} writes another text"


def race(count, settings):
    """Records on this many threads: microseconds a character, and how much faster ours is."""
    found = []
    with threads(count):
        writes, steps = writers(settings)
        agreed(writes)
        for what, racers in {"character": writes, "step": alone(steps, settings)}.items():
            begin = time.perf_counter()
            times = turns(racers, settings)
            for name, faster in {"ours": 1.0, **ratios(times)}.items():
                micro = sorted(times[name])[len(times[name]) // 2] / settings.length * 1e6
                found += records(what, name, {"ratio": faster, "microseconds": micro},
                                 time.perf_counter() - begin, settings)
    return found


def records(what, name, values, seconds, settings):
    """Records of one racer."""
    setting = {"what": what, "against": name, "threads": torch.get_num_threads(), "B": 1,
               "size": settings.size, "D": settings.D, "H": settings.H,
               "cpu": torch.backends.cpu.get_cpu_capability()}
    data = SimpleNamespace(name="random numbers", sha256="")
    return measured(CLAIM, setting, settings.seed, values, seconds, data)


def main(arguments=None, settings=Settings()):  # noqa: B008
    """Measure and print; append with --record."""
    parser = argparse.ArgumentParser(description="How fast a character is generated.")
    parser.add_argument("--record", action="store_true", help="append to data/results/")
    given = parser.parse_args(arguments)
    for count in settings.threads:
        found = race(count, settings)
        for record in found:
            where = f"{record.setting['what']:10}{record.setting['against']:12}"
            print(f"{where} threads {count}: {record.metric} {record.value:.2f}", flush=True)
        if given.record:
            append(found)


if __name__ == "__main__":
    main()
