"""What a character model learns first: spaces, short words, long words, structure (K25).

    python -m rnnlib.experiments.char_growth pydoc 0 1 2      one text with these seeds

While an LSTM trains on a text it writes pieces at growing numbers of updates; `text_shape` measures
them.  A measure has gone half its way at the number of updates from which on it stays nearer to the
value of the text itself than half of the distance it had before training.  The samples of seed 0
are kept in data/growth/, for the slider of notebook 05.
"""

import json
import math
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import fmean

import torch

from .. import DATA, ROOT, cells, models, train
from ..batches import Segments
from ..checkpoints import replace
from ..datasets import load as load_data
from ..metrics import interval
from ..stepping import Stepper
from .char_model import Corpus
from .record import append, measured, versions
from .text_shape import MEASURES, Text, measure

FOLDER = DATA / "growth"
GROWN = ROOT / "build" / "char_growth"
"""Where the trained models are left for `char_units`."""
COMMAND = "python -m rnnlib.experiments.char_growth"
STEPS = (0, 10, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000)
"""Updates after which samples are drawn."""
EARLY = ("white space", "words of 1-2", "words of 3-4", "words of 5-6", "words of 7+")
CLAIMED = {"tinyshakespeare": (*EARLY, "speeches"), "pydoc": (*EARLY, "quotes", "brackets")}
"""The order of the claim, for each text."""
SHOWN = 700
"""Characters of a sample that are kept for the slider."""


@dataclass(frozen=True)
class Recipe:
    """Sizes and training of a model, and how much it writes: `pieces` times `length` characters."""

    D: int = 32
    H: int = 128
    B: int = 32
    T: int = 64
    lr: float = 5e-3
    steps: tuple = STEPS
    pieces: int = 40
    length: int = 500
    seed: int = 0

    def model(self, symbols):
        """A model with fresh weights."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            return models.LanguageModel(symbols, self.D, cells.LSTMCell(self.D, self.H))


def growing(recipe, corpus):
    """(updates, model in evaluation) again and again while a model trains."""
    model = recipe.model(len(corpus.vocab)).eval()
    yield 0, model
    settings = train.Settings(recipe.steps[-1], recipe.lr, warmup=20, every=10, seed=recipe.seed)
    segments = Segments(corpus.train, recipe.B, recipe.T)
    for record in train.fit(model, segments, models.next_symbol, settings):
        if record.step in recipe.steps:
            yield record.step, model


def written(recipe, model, vocab, updates):
    """Pieces that the model writes after a line end, temperature 1."""
    stepper = Stepper(model)
    first = torch.full((recipe.pieces,), vocab["\n"])
    state, seed = stepper.start(recipe.pieces), 1000 * recipe.seed + updates
    ids = stepper.write(first, state, recipe.length, 1.0, seed)
    return ["".join(vocab.decode(row)) for row in ids]


def half_way(steps, values, goal):
    """The updates from which on a measure stays nearer to the goal than half its first distance.

    Between two numbers of updates the place is found on a logarithmic scale.  A value that is nan
    counts as no progress.  None: it never gets there.
    """
    done = progress(values, goal)
    behind = [k for k, p in enumerate(done) if not p >= 0.5]
    if behind[-1] == len(done) - 1:
        return None
    k = behind[-1]
    low, high = (math.log(max(1, steps[n])) for n in (k, k + 1))
    before = max(0.0, done[k])
    return math.exp(low + (high - low) * (0.5 - before) / (done[k + 1] - before))


def progress(values, goal):
    """How far each value has come from the first one to the goal: 0 at the start, 1 there.

    A value that could not be measured counts as no progress; where even the first one could not,
    the way begins at 0.
    """
    first = 0.0 if math.isnan(values[0]) else values[0]
    return [0.0 if math.isnan(v) else 1 - abs(goal - v) / abs(goal - first) for v in values]


def followed(recipe, data):
    """One model in training: (records, what its samples look like, for the slider, the model)."""
    began, corpus = time.process_time(), Corpus.of(data)
    text = Text.of(data.train + data.valid + data.test, recipe.length)
    goal, found = measure(text.pieces, text, data.name), []
    for updates, model in growing(recipe, corpus):
        pieces = written(recipe, model, corpus.vocab, updates)
        values = measure(pieces, text, data.name)
        total, count = models.held_out(model, Segments(corpus.held_out[:20_001], 20, 250))
        found.append({"updates": updates, "sample": "".join(pieces)[:SHOWN],
                      "measures": values, "nats": total / count})
    seconds = time.process_time() - began
    samples = {"text": goal, "steps": found}
    return as_records(recipe, data, goal, found, seconds), samples, model


def as_records(recipe, data, goal, found, seconds):
    """The measures at each number of updates, of the text itself, and where half the way is."""
    setting = {name: value for name, value in asdict(recipe).items()
               if name not in ("seed", "steps")} | {"text": data.name}
    halves = {name: half_way(recipe.steps, [one["measures"][name] for one in found], goal[name])
              for name in goal}
    parts = [({"when": "text"}, goal), ({"when": "half way"}, halves)]
    parts += [({"when": "training", "updates": one["updates"]},
               one["measures"] | {"nats": one["nats"]}) for one in found]
    return [record for when, values in parts
            for record in measured("K25", setting | when, recipe.seed, known(values), seconds,
                                   data)]


def known(values):
    """The values that could be measured."""
    return {name: v for name, v in values.items() if v is not None and not math.isnan(v)}


def halves(records, name):
    """dict measure -> seed -> updates at half the way, in the order in which they come."""
    found = defaultdict(dict)
    for record in records:
        if record.setting["text"] == name and record.setting["when"] == "half way":
            found[record.metric][record.seed] = record.value
    return dict(sorted(found.items(), key=lambda item: fmean(map(math.log, item[1].values()))))


def times(values):
    """(geometric mean, factor): the 95 % interval goes from mean / factor to mean * factor."""
    mean, half = interval([math.log(value) for value in values])
    return math.exp(mean), math.exp(half)


def reached(records, name):
    """dict measure -> (mean, factor) of its updates at half the way, the first one first.

    None, at the end, where some seed did not get there.
    """
    found = halves(records, name)
    seeds = {record.seed for record in records if record.setting["text"] == name}
    every = {what: times(by.values()) for what, by in found.items() if by.keys() == seeds}
    return every | {what: None for what in MEASURES[name] if what not in every}


def in_order(records, name):
    """For neighbours in the claim's order: (first, then, how many times as late, factor, verdict).

    The ratio is taken seed by seed, the interval goes from ratio / factor to ratio * factor;
    verdict is "later", "earlier" or "no difference".  Where one of the two was not reached by all
    seeds, the end of training stands in its place and there is no factor; where both were not,
    the verdict is "not reached".
    """
    found, every = halves(records, name), reached(records, name)
    for first, then in pairwise(CLAIMED[name]):
        if every[first] and every[then]:
            mean, factor = times([found[then][s] / found[first][s] for s in found[first]])
            later, earlier = mean / factor > 1, mean * factor < 1
            verdict = "later" if later else "earlier" if earlier else "no difference"
        else:
            ends = [every[what][0] if every[what] else STEPS[-1] for what in (first, then)]
            mean, factor = ends[1] / ends[0], math.nan
            verdict = "later" if every[first] else "earlier" if every[then] else "not reached"
        yield first, then, mean, factor, verdict


def about(data, recipe):
    """How something was made."""
    return {"command": COMMAND, "recipe": asdict(recipe), "versions": versions(),
            "data": data.name, "data_sha256": data.sha256}


def keep(data, recipe, samples, folder=FOLDER):
    """Write the samples of a text for the slider."""
    steps = [one | {"measures": known(one["measures"])} for one in samples["steps"]]
    samples = samples | {"steps": steps}  # JSON has no nan
    text = json.dumps(about(data, recipe) | samples, ensure_ascii=False, indent=1)
    replace(folder / f"{data.name}.json", text.encode())


def load(name, folder=FOLDER):
    """The samples of a text: a dict with `text` (its own measures) and `steps`."""
    samples = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    for one in samples["steps"]:
        one["measures"] = {what: one["measures"].get(what, math.nan) for what in samples["text"]}
    return samples


def main(arguments=None):
    """One text and some seeds on one thread, appended as they come."""
    name, *seeds = sys.argv[1:] if arguments is None else arguments
    torch.set_num_threads(1)
    data = load_data(name)
    for seed in map(int, seeds):
        recipe = Recipe(seed=seed)
        records, samples, model = followed(recipe, data)
        append(records)
        train.save_weights(GROWN / f"{name}_{seed}.safetensors", model, about(data, recipe))
        if seed == 0:
            keep(data, recipe, samples)
        print(name, seed, {r.metric: round(r.value) for r in records
                           if r.setting["when"] == "half way"}, flush=True)


if __name__ == "__main__":
    main()
