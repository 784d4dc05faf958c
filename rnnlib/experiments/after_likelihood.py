"""Six ways to go on after likelihood, each for the same seconds of the processor (K24).

    python -m rnnlib.experiments.after_likelihood 0 1 2     what is not recorded of these seeds
    python -m rnnlib.experiments.after_likelihood 0 likelihood "minimum risk"
    python -m rnnlib.experiments.after_likelihood ship      the weights that come with the course

A small model learns by likelihood to turn letters into phones.  From a copy of its weights each
way goes on for the same seconds of one thread, with its own learning rate, which falls to nothing
by this clock.  Then the words of a fixed sample of the test are written greedily.
"""

import copy
import itertools
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

import torch

from .. import DATA, ROOT, checkpoints, train
from ..datasets import load as load_data
from ..models import EncoderDecoder
from ..objectives import (
    Discriminator,
    EditCost,
    MinimumRisk,
    Mixer,
    ProfessorForcing,
    ScheduledSampling,
    WithBaseline,
    WithDiscriminator,
    likelihood,
    nats,
    reinforce,
)
from . import drift, letters_to_phones
from .letters_figures import Clock
from .letters_to_phones import LONGEST, Corpus, Recipe
from .record import append, measured, recorded, run_key, versions

CLAIM = "K24"
SEEDS = (0, 1, 2)
COMMAND = "python -m rnnlib.experiments.after_likelihood"
WEIGHTS = DATA / "weights" / "small_speller.safetensors"
"""The model of seed 0 before any other way, as it comes with the course."""

FOLDER = ROOT / "build" / "after_likelihood"
"""Where a run leaves its models."""
BEGUN = "pre-training"
"""The name of the model from which every way starts."""


@dataclass(frozen=True)
class Plan:
    """The model and its pre-training, and what is spent on each way.

    Args:
        recipe: of the model and its pre-training.
        seconds: of the processor, for each way.
        words: of the test that are written.
        n: texts that minimum risk draws for each word.
        alpha: of minimum risk.
        judged: updates of the discriminator that tells gold words from own ones.
    """

    recipe: Recipe = field(default_factory=lambda: Recipe(
        D=24, H=40, G=64, dropout=0.0, tokens=1000, lr=1e-2, steps=4000))
    seconds: float = 15.0
    words: int = 2000
    n: int = 5
    alpha: float = 1.0
    judged: int = 60


@dataclass(frozen=True)
class Way:
    """How to go on: what is trained, with which loss, learning rate and words in a batch.

    Args:
        wrap: `wrap(model)`, the module that is trained; it changes the model's own weights.
        loss: `loss(material, share)`, a loss for `train.fit`; share() is what is spent of the time.
        lr: the highest learning rate.
        tokens: letters and phones in a batch.
    """

    wrap: Callable
    loss: Callable
    lr: float
    tokens: int = 1000


@dataclass(frozen=True)
class Material:
    """What the losses are made from: the plan, the numbering of the phones, and costs."""

    plan: Plan
    phones: object
    cost: EditCost

    def reward(self, texts, numbers):
        """The phone error of each word with a minus."""
        return -self.cost(texts, numbers)


def itself(model):
    """Nothing beside the model is trained."""
    return model


def with_baseline(model):
    """The model with a baseline for the reward."""
    return WithBaseline(model, model.decoder.F)


def with_discriminator(model):
    """The model with a discriminator of its own size."""
    F = model.decoder.F
    return WithDiscriminator(model, Discriminator(F, max(4, F // 4)))


def sampled(material, share):
    """Scheduled sampling: from gold words alone to as many own ones."""
    return ScheduledSampling(lambda done: 1 - 0.5 * min(1.0, share()))


def least_risk(material, share):
    """Minimum risk, the cost being phone errors."""
    plan = material.plan
    return MinimumRisk(material.cost, material.phones, plan.n, plan.alpha, LONGEST + 1)


def rewarded(material, share):
    """REINFORCE for every word."""
    return reinforce(material.reward, material.phones, LONGEST + 1)


def mixed(material, share):
    """MIXER: the gold words fall from 8 to none in half of the time."""
    def gold(done):
        return max(0, round(8 * (1 - 2 * share())))

    return Mixer(material.reward, material.phones, gold, LONGEST + 1)


def adversary(material, share):
    """Professor forcing, with little weight on the adversary's part."""
    return ProfessorForcing(material.phones, 0.1, LONGEST + 1)


WAYS = {
    "likelihood": Way(itself, lambda material, share: likelihood, lr=2e-3),
    "scheduled sampling": Way(itself, sampled, lr=2e-3),
    "minimum risk": Way(itself, least_risk, lr=1e-3, tokens=300),
    "minimum risk, small steps": Way(itself, least_risk, lr=2e-4, tokens=300),
    "REINFORCE": Way(with_baseline, rewarded, lr=1e-3),
    "MIXER": Way(with_baseline, mixed, lr=1e-3),
    "professor forcing": Way(with_discriminator, adversary, lr=2e-3),
}


def references(corpus: Corpus) -> list:
    """All pronunciations, as ids, for each pair of `corpus.pairs(corpus.train)`."""
    return [[corpus.phones.encode(one).tolist() for one in several]
            for word, several in corpus.train for this in several
            if len(word) <= LONGEST and len(this) <= LONGEST]


def sample(examples, words: int) -> list:
    """So many examples, always the same ones."""
    examples = list(examples)
    return random.Random(14).sample(examples, min(words, len(examples)))


def begin(corpus: Corpus, recipe: Recipe) -> tuple:
    """A fresh model trained by likelihood, in evaluation: (model, seconds of the processor)."""
    began = time.process_time()
    model = recipe.model(len(corpus.letters), len(corpus.phones))
    batches = corpus.pairs(corpus.train, recipe.tokens, recipe.seed)
    for _ in train.progress(train.fit(model, batches, likelihood, recipe.settings()), recipe.steps):
        pass
    return model.eval(), time.process_time() - began


def go_on(model, corpus: Corpus, way: Way, plan: Plan, seed: int = 0) -> tuple:
    """A copy of a model, trained further in a way: (copy, updates, seconds of the processor)."""
    model = copy.deepcopy(model)
    material = Material(plan, corpus.phones, EditCost(references(corpus)))
    batches = corpus.pairs(corpus.train, way.tokens, seed + 100)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        trained = way.wrap(model)
    clock = Clock(plan.seconds)
    loss = way.loss(material, lambda: clock.spent() / plan.seconds)
    settings = train.Settings(10**9, way.lr, warmup=20, decay=clock, every=10, seed=seed)
    for record in train.fit(trained, batches, loss, settings):
        if clock.spent() > plan.seconds:
            return model.eval(), record.step, clock.spent()


def scores(model: EncoderDecoder, corpus: Corpus, examples) -> dict[str, float]:
    """Word and phone error in per cent, written greedily, and nats for each phone."""
    found = letters_to_phones.errors(model, corpus, examples, 1)
    total, count = nats(model, corpus.pairs(examples, 8000, 0))
    return {"word_error": found["word_error_greedy"], "phone_error": found["phone_error_greedy"],
            "nats": total / count}


def setting(name: str, plan: Plan) -> dict:
    """What a record says about a way."""
    recipe = {key: value for key, value in plan.recipe.setting().items()
              if key in ("D", "H", "G", "tokens", "steps")}
    way = {"lr": WAYS[name].lr, "batch": WAYS[name].tokens} if name in WAYS else {}
    return {"way": name, "seconds": plan.seconds, **way, **recipe}


def ready(data, corpus: Corpus, recipe: Recipe, path=WEIGHTS) -> EncoderDecoder:
    """A model trained by likelihood: the one that comes with the course for its dictionary.

    For any other data one is trained here by the recipe.
    """
    _, facts = checkpoints.read(path)
    if facts["data_sha256"] != data.sha256:
        return begin(corpus, recipe)[0]
    model = Recipe(**facts["recipe"]).model(len(corpus.letters), len(corpus.phones))
    train.load_weights(path, model)
    return model.eval()


def ship(data, corpus: Corpus, plan: Plan, path=WEIGHTS) -> dict:
    """Write the weights that come with the course, two bytes each; returns what is said of them."""
    model, seconds = pretrained(corpus, plan.recipe)
    model = copy.deepcopy(model).half().float()
    facts = {"command": f"{COMMAND} ship", "recipe": asdict(plan.recipe), "data": data.name,
             "data_sha256": data.sha256, "versions": versions(), "seconds": round(seconds),
             "test": scores(model, corpus, sample(corpus.test, plan.words))}
    train.save_weights(path, model.half(), facts)
    return facts


def pretrained(corpus: Corpus, recipe: Recipe, folder=FOLDER) -> tuple:
    """As `begin`, read from a file of this checkout where an earlier call has left it."""
    path = folder / f"begun_{recipe.seed}_{recipe.steps}.safetensors"
    model = recipe.model(len(corpus.letters), len(corpus.phones))
    if path.exists():
        return model.eval(), train.load_weights(path, model)["seconds"]
    model, seconds = begin(corpus, recipe)
    train.save_weights(path, model, {"seconds": seconds})
    return model, seconds


def run(name: str, plan: Plan, data, corpus: Corpus) -> list:
    """One way of one seed (or the model before it) as records of K24 and K23."""
    seed = plan.recipe.seed
    model, seconds = pretrained(corpus, plan.recipe)
    values = {"updates": plan.recipe.steps}
    if name in WAYS:
        model, updates, seconds = go_on(model, corpus, WAYS[name], plan, seed)
        values = {"updates": updates}
    examples = sample(corpus.test, plan.words)
    values |= scores(model, corpus, examples)
    train.save_weights(FOLDER / f"{name.replace(' ', '_')}_{seed}.safetensors", model, {})
    what = setting(name, plan)
    went = drift.measures(model, corpus, examples)
    if name == BEGUN:
        went["told_apart"] = drift.told_apart(model, corpus, examples, plan.judged, seed)
    found = measured("K23", what, seed, went, seconds, data)
    return found + measured(CLAIM, what, seed, values, seconds, data)


def main(*arguments: str) -> None:
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    seeds = [int(one) for one in arguments if one.isdigit()] or SEEDS
    names = [one for one in arguments if not one.isdigit()] or [BEGUN, *WAYS]
    data = load_data("cmudict")
    if not data.real:
        raise SystemExit("the ways are compared on the real dictionary: "
                         "fetch it first with python3 course.py data fetch cmudict")
    corpus, there = Corpus.of(data), recorded(CLAIM)
    if names == ["ship"]:
        print(ship(data, corpus, Plan()))
        return
    for seed, name in itertools.product(seeds, names):
        plan = Plan()
        plan = replace(plan, recipe=replace(plan.recipe, seed=seed))
        if run_key(setting(name, plan), seed, data) not in there:
            found = run(name, plan, data, corpus)
            append(found)
            said = " ".join(f"{r.metric} {r.value:.2f}" for r in found if r.claim == CLAIM)
            print(f"{seed} {name}: {said} in {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
