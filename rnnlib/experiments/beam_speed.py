"""How fast a beam search is when all hypotheses of all sentences take a step together.

    python -m rnnlib.experiments.beam_speed             a table of ratios; more than 1 is faster
    python -m rnnlib.experiments.beam_speed --record    the same, appended to data/results/

Against the loop that everybody writes first: sentence by sentence, hypothesis by hypothesis.  And
drawing by the inverse distribution function against torch.multinomial.  All racers first prove
that they return the same (two ways to draw: equally often), then take turns; the ratio is the
median over rounds.  Nothing else should run meanwhile.
"""

import argparse
import statistics
import time
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace

import torch

from .. import decode
from ..cells import GRUCell
from ..models import LanguageModel
from .record import append, measured
from .speed import ratios, threads, turns

CLAIM = "beam_speed"
GOALS = {("beam", 1): 3.5, ("beam", 2): 5.0}
"""The ratio to reach, by what was raced and the number of threads."""

SHARP = 20
"""The output weights are so many times larger than fresh ones, so that no two hypotheses tie."""


@dataclass(frozen=True)
class Settings:
    """Sizes of the search and of the model, threads, turns of every racer."""

    B: int = 16
    width: int = 5
    size: int = 10_000
    D: int = 256
    H: int = 256
    length: int = 30
    threads: tuple = (1, 2)
    rounds: int = 5
    least: float = 0.05
    seed: int = 0


@torch.no_grad()
def loop_over_hypotheses(step, first, state, width, length):
    """Beam search without an end marker, one hypothesis of one sentence in each call of `step`."""
    found = []
    for b in range(len(first)):
        live = [((), 0.0, first[b : b + 1], decode.rows(state, torch.tensor([b])))]
        for _ in range(length):
            every = []
            for ids, score, token, past in live:
                log_probs, new = step(token, past)
                best = log_probs[0].topk(width)
                for value, k in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                    every.append(((*ids, k), score + value, best.indices.new_tensor([k]), new))
            live = sorted(every, key=lambda one: -one[1])[:width]
        found.append([one[:2] for one in live])
    return found


def searchers(settings) -> dict:
    """The racers of the search, by name: functions that return (ids, score) by sentence."""
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        model = LanguageModel(settings.size, settings.D, GRUCell(settings.D, settings.H)).eval()
        first = torch.randint(settings.size, (settings.B,))
    model.V.weight.data *= SHARP
    start, limits = model.start(settings.B), (settings.width, None, settings.length)

    def ours():
        """All hypotheses of all sentences in one step."""
        found = decode.beam(model.step, first, start, *limits)
        return [[(one.ids, one.score) for one in sentence] for sentence in found]

    def loop():
        """One hypothesis after the other."""
        return loop_over_hypotheses(model.step, first, start, settings.width, settings.length)

    return {"ours": ours, "loop over hypotheses": loop}


def same(racers) -> None:
    """ArithmeticError unless all racers return the same texts with the same scores."""
    wanted, *others = (racer() for racer in racers.values())
    for found in others:
        for mine, theirs in zip(wanted, found, strict=True):
            off = max(abs(a[1] - b[1]) for a, b in zip(mine, theirs, strict=True))
            if [one[0] for one in mine] != [one[0] for one in theirs] or off > 1e-3:
                raise ArithmeticError(f"the racers must agree, off by {off:.1g}: {mine[0]}")


def drawers(settings) -> dict:
    """The racers that draw one token in every row of width * B distributions."""
    generator = torch.Generator().manual_seed(settings.seed)
    rows = settings.B * settings.width
    log_probs = torch.randn(rows, settings.size, generator=generator).log_softmax(-1)

    def ours():
        """One uniform number for each row."""
        u = torch.rand(rows, generator=generator, dtype=torch.float64)
        return decode.inverse(log_probs, u)

    def multinomial():
        """One random number for each token of each row."""
        return torch.multinomial(log_probs.exp(), 1, generator=generator)[:, 0]

    return {"ours": ours, "torch.multinomial": multinomial}


@dataclass(frozen=True)
class Line:
    """One race: what, on how many threads, milliseconds of ours, how much faster ours was."""

    what: str
    threads: int
    milliseconds: float
    ratios: dict
    seconds: float

    def __str__(self):
        against = ", ".join(f"{ratio:.2f} times as fast as {name}"
                            for name, ratio in self.ratios.items())
        goal = GOALS.get((self.what, self.threads))
        return (f"{self.what}, threads {self.threads}: {self.milliseconds:.1f} ms, {against}"
                + (f" (to reach: {goal})" if goal else ""))


def race(what, racers, count, settings) -> Line:
    """A line of the table."""
    begin = time.perf_counter()
    with threads(count):
        times = turns(racers, settings)
    seconds = time.perf_counter() - begin
    return Line(what, count, statistics.median(times["ours"]) * 1e3, ratios(times), seconds)


def run(settings):
    """The lines of all races, one after the other."""
    for count in settings.threads:
        field = searchers(settings)
        same(field)
        yield race("beam", field, count, settings)
        yield race("draw", drawers(settings), count, settings)


def records(line, settings) -> list:
    """The line as records, one for each rival."""
    sizes = {name: value for name, value in asdict(settings).items()
             if name in ("B", "width", "size", "D", "H", "length")}
    setting = {"what": line.what, "threads": line.threads, **sizes}
    data = SimpleNamespace(name="random weights", sha256="")
    values = {"milliseconds": line.milliseconds}
    made = measured(CLAIM, setting, settings.seed, values, line.seconds, data)
    for rival, ratio in line.ratios.items():
        made += measured(CLAIM, {**setting, "against": rival}, settings.seed, {"ratio": ratio},
                         line.seconds, data)
    return made


def main(arguments=None, settings=Settings()):  # noqa: B008
    """Race, print every line as it comes, and record it when asked."""
    parser = argparse.ArgumentParser(prog="beam_speed", description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, nargs="+", default=settings.threads)
    parser.add_argument("--record", action="store_true", help="append to data/results/")
    given = parser.parse_args(arguments)
    settings = replace(settings, threads=tuple(given.threads))
    for line in run(settings):
        print(line, flush=True)
        if given.record:
            append(records(line, settings))


if __name__ == "__main__":
    main()
