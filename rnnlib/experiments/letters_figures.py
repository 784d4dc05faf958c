"""How well letters become phones after ten minutes on two cores.

    python -m rnnlib.experiments.letters_figures ten_minutes     trains, measures, records

Two models learn at the same time, each on a core of its own, and their probabilities are averaged:
two threads would not make one small model learn twice as fast.  Minutes are those of the processor,
so that a busy machine measures the same; the learning rate falls by this clock.
"""

import sys
import time
from dataclasses import asdict, dataclass, replace

import joblib
import torch

from .. import train
from ..datasets import load as load_data
from ..models import Averaged
from ..objectives import likelihood
from .letters_to_phones import Corpus, Recipe, errors
from .record import append, measured

CLAIM = "letters_figures"
COMMAND = "python -m rnnlib.experiments.letters_figures"


@dataclass(frozen=True)
class Plan:
    """A recipe, how many models learn by it (by seed), and minutes of the processor for each."""

    recipe: Recipe
    models: int
    minutes: float

    def setting(self) -> dict:
        """What a record says about the plan."""
        left_out = ("seed", "steps", "every")
        kept = {name: value for name, value in asdict(self.recipe).items() if name not in left_out}
        return kept | {"models": self.models, "minutes": self.minutes}


SHORT = Recipe(H=96, G=128, dropout=0.0, tokens=1000, lr=8e-3, every=100)
"""Small and without dropout, for about a dozen passes over the words."""

PLANS = {
    "ten_minutes": Plan(SHORT, models=2, minutes=10),
    "one_alone": Plan(SHORT, models=1, minutes=10),
}


class Clock:
    """A learning rate by the clock of the processor: half a cosine wave over so many seconds."""

    def __init__(self, seconds):
        self.begin, self.seconds = time.process_time(), seconds

    def spent(self) -> float:
        """Seconds since the clock was made."""
        return time.process_time() - self.begin

    def __call__(self, done: float) -> float:
        return train.cosine(min(1.0, self.spent() / self.seconds))


def member(plan: Plan, k: int, corpus: Corpus) -> tuple:
    """Model number k, trained on one thread: (weights, updates, seconds of the processor)."""
    torch.set_num_threads(1)
    clock, recipe = Clock(60 * plan.minutes), replace(plan.recipe, seed=plan.recipe.seed + k)
    batches = corpus.pairs(corpus.train, recipe.tokens, recipe.seed)
    model = recipe.model(len(corpus.letters), len(corpus.phones))
    settings = replace(recipe.settings(), steps=10**9, decay=clock)
    before = clock.spent()
    for record in train.fit(model, batches, likelihood, settings):
        now = clock.spent()
        if now + (now - before) > clock.seconds:  # the next stretch would not be finished
            return model.state_dict(), record.step, now
        before = now


def train_all(plan: Plan, corpus: Corpus) -> tuple:
    """The models of a plan, their updates, and the seconds of the slowest."""
    jobs = (joblib.delayed(member)(plan, k, corpus) for k in range(plan.models))
    found = joblib.Parallel(plan.models, inner_max_num_threads=1)(jobs)
    models = []
    for weights, _, _ in found:
        models.append(plan.recipe.model(len(corpus.letters), len(corpus.phones)).eval())
        models[-1].load_state_dict(weights)
    updates = [steps for _, steps, _ in found]
    return models, updates, max(seconds for *_, seconds in found)


def run(plan: Plan, data) -> list:
    """Train, measure on the test, and return the records."""
    corpus = Corpus.of(data)
    models, updates, seconds = train_all(plan, corpus)
    values = {"parameters": sum(w.numel() for model in models for w in model.parameters()),
              "updates": sum(updates)}
    alone = [errors(model, corpus, corpus.test, 1) for model in models]
    values |= {f"{name}_alone": sum(one[name] for one in alone) / len(alone) for name in alone[0]}
    for width in (1, 5):
        values |= errors(Averaged(models), corpus, corpus.test, width)
    return measured(CLAIM, plan.setting(), plan.recipe.seed, values, seconds, data)


def main(name: str = "", seed: str = "0") -> None:
    """One plan, recorded."""
    if name not in PLANS:
        raise SystemExit(f"expected one of {', '.join(PLANS)}, got {name!r}: {COMMAND} NAME")
    plan = PLANS[name]
    plan = replace(plan, recipe=replace(plan.recipe, seed=10 * int(seed)))
    found = run(plan, load_data("cmudict"))
    append(found)
    for record in found:
        print(f"{record.metric:26}{record.value:,.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
