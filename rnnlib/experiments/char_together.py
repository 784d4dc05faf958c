"""Several character models on two cores: each learns on its own core, probabilities are averaged.

    python -m rnnlib.experiments.char_together 3     trains for 3 minutes in all and records
    python -m rnnlib.experiments.char_together 10    the same for 10

A second process trains a second LSTM on the second core in the same time.  The models differ by
their seeds and so in part of their mistakes: p(x) = (p_1(x) + ... + p_M(x)) / M never needs more
nats than the models do on average.  The price is M times the weights, which are recorded, and M
times the work of reading a text.
"""

import json
import math
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, replace

import joblib
import torch

from ..datasets import load as load_data
from .char_figures import Recipe, fit, in_blocks, in_float32, keep_memory
from .char_model import Corpus, nats
from .record import append, measured

CLAIM = "char_figures"
COMMAND = "python -m rnnlib.experiments.char_together"
START = 8
"""Seconds set aside for starting the processes."""


@dataclass(frozen=True)
class Plan:
    """How many models, how many of them at once, how many minutes in all; one recipe for each."""

    recipe: Recipe
    models: int
    minutes: float
    at_once: int = 2

    def each(self, k):
        """The recipe of model number k, with its own seed and its share of the minutes."""
        rounds = math.ceil(self.models / self.at_once)
        minutes = (self.minutes - START / 60) / rounds
        return replace(self.recipe, seed=self.recipe.seed + k, minutes=minutes)


PLANS = {
    3: Plan(Recipe(H=256, lr=5e-3, dropout=0.15), models=2, minutes=3),
    10: Plan(Recipe(H=320, lr=5e-3, dropout=0.2), models=4, minutes=10),
}
"""Minutes -> the plan."""


class Together:
    """Models that are read at once: the probability of a symbol is the mean of theirs."""

    def __init__(self, models):
        if not models:
            raise ValueError("expected at least one model, got none")
        self.models = models

    def score(self, x, y, state=None):
        """Log-probabilities (B, T) of the symbols y, each after x up to the one before; states."""
        states = [None] * len(self.models) if state is None else state
        found = [model.score(x, y, s) for model, s in zip(self.models, states, strict=True)]
        each = torch.stack([log_probs for log_probs, _ in found])  # (M, B, T)
        return each.logsumexp(0) - math.log(len(found)), [state for _, state in found]


def member(recipe, corpus):
    """One model, trained on one thread: (weights, record of its last stretch)."""
    torch.set_num_threads(1)
    keep_memory()
    model = recipe.model(len(corpus.vocab))
    last = fit(model, corpus, recipe)
    return model.state_dict(), last


def train_all(plan, corpus):
    """(models, last records, seconds from the first to the last moment) of a plan."""
    began = time.perf_counter()
    jobs = (joblib.delayed(member)(plan.each(k), corpus) for k in range(plan.models))
    found = joblib.Parallel(plan.at_once, inner_max_num_threads=1)(jobs)
    seconds = time.perf_counter() - began
    models = []
    for k, (weights, _) in enumerate(found):
        model = plan.each(k).model(len(corpus.vocab))
        model.load_state_dict(weights)
        models.append(in_float32(model))
    return models, [last for _, last in found], seconds


def run(plan, data):
    """Train, measure, and return the records."""
    corpus = Corpus.of(data)
    models, last, seconds = train_all(plan, corpus)
    together, ids = Together(models), corpus.held_out
    alone = [nats(model, ids) for model in models]
    values = {"nats": nats(together, ids), "nats_blocks": in_blocks(together, ids),
              "nats_alone": sum(alone) / len(alone), "training_seconds": seconds,
              "parameters": sum(w.numel() for model in models for w in model.parameters()),
              "updates": sum(record.step for record in last),
              "tokens": sum(record.step for record in last) * plan.recipe.B * plan.recipe.T}
    return measured(CLAIM, setting(plan), plan.recipe.seed, values, seconds, data)


def setting(plan):
    """What a record says about a run."""
    left_out = ("seed", "steps", "every", "minutes")
    kept = {name: value for name, value in asdict(plan.recipe).items() if name not in left_out}
    return kept | {"minutes": plan.minutes, "models": plan.models, "processes": plan.at_once,
                   "threads": 1}


def best_runs(records):
    """(minutes, models) -> (setting, values by metric) of the recorded run with the fewest nats.

    The held-out tenth has thereby chosen among the runs.
    """
    runs = defaultdict(dict)
    for r in records:
        runs[json.dumps(r.setting, sort_keys=True), r.seed][r.metric] = r.value
    found = {}
    for (setting, _), values in sorted(runs.items(), key=lambda run: -run[1]["nats"]):
        setting = json.loads(setting)
        found[setting["minutes"], setting.get("models", 1)] = setting, values
    return dict(sorted(found.items()))


def main(arguments=None):
    """One plan, recorded."""
    (minutes,) = sys.argv[1:] if arguments is None else arguments
    found = run(PLANS[int(minutes)], load_data("tinyshakespeare"))
    append(found)
    for record in found:
        print(f"{record.metric:18}{record.value:,.4f}")


if __name__ == "__main__":
    main()
