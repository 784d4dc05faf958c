"""Dates into one format and English into Spanish through one vector: how far a small model gets.

    python -m rnnlib.experiments.context_writers            every plan, three seeds
    python -m rnnlib.experiments.context_writers dates 0    one run; seed 0 writes its weights

Dates are tested on days that are not in the training part, on ways of writing never seen, and, by
models that learned from short dates only, on longer ones.
"""

import copy
import sys
import time
from dataclasses import asdict, dataclass, replace

import torch

from .. import DATA, checkpoints, train
from ..datasets import load as load_data
from ..layers_built import weights
from ..metrics_texts import bleu
from ..text import Vocab
from .fixed_context import TASKS, Corpus, Recipe, Writer, fit
from .record import append, measured, recorded, run_key, versions

CLAIM = "context_writers"
COMMAND = "python -m rnnlib.experiments.context_writers"
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Plan:
    """A task, how it is learned, and the most symbols of a source that is learned from."""

    task: str
    recipe: Recipe
    longest: int = 1000

    def setting(self) -> dict:
        """What a record says about the plan."""
        return {"task": self.task, "longest": self.longest} | self.recipe.setting()


PLANS = {
    "dates": Plan("dates", Recipe(steps=6000, lr=6e-3)),
    "sentences": Plan("sentences", Recipe(steps=3000)),
    "dates_by_looking": Plan("dates", Recipe(kind="attention", H=96, steps=1500, lr=5e-3)),
    "short_dates": Plan("dates", Recipe(steps=3000, lr=6e-3), longest=20),
}
SHIPPED = ("dates", "sentences")
"""Of these plans the weights of seed 0 come with the course."""


def weights_file(name: str):
    """Where the weights of a plan are kept."""
    return DATA / "weights" / f"{name[:-1]}_writer.safetensors"


def learn(plan: Plan, data) -> tuple[Writer, float]:
    """A model trained by a plan, two bytes a weight, and the seconds of the processor it took."""
    corpus = Corpus.of(TASKS[plan.task], plan.recipe.kind, data)
    corpus = replace(corpus, train=[one for one in corpus.train if len(one[0]) <= plan.longest])
    model, began = plan.recipe.model(len(corpus.sources), len(corpus.targets)), time.process_time()
    for _ in train.progress(fit(model, corpus, plan.recipe), plan.recipe.steps):
        pass
    seconds = time.process_time() - began
    return Writer(copy.deepcopy(model).half().float(), corpus, {}), seconds


def measures(plan: Plan, writer: Writer, data) -> dict:
    """What is recorded of a trained model, in per cent."""
    found, cut = {"parameters": weights(writer.model)}, writer.corpus.task.cut
    parts = {"": [pair for pair in data.test if len(cut(pair[0])) <= plan.longest],
             "_longer": [pair for pair in data.test if len(cut(pair[0])) > plan.longest]}
    if plan.task == "dates":
        parts["_new"] = load_data("new_dates").test
    for name, examples in parts.items():
        for width in (1, 5) if examples else ():
            found[f"exact{name}_{width}"] = writer.right(examples, width)
    if plan.task == "sentences":
        texts = writer.write([x for x, _ in data.test])
        found["bleu_1"] = bleu(texts, [[y] for _, y in data.test])
    return found


def run(plan: Plan, data) -> tuple[Writer, list]:
    """Train and measure: the model with its facts, and the records."""
    writer, seconds = learn(plan, data)
    values = measures(plan, writer, data)
    facts = {"recipe": asdict(plan.recipe), "task": plan.task, "versions": versions()}
    facts |= {side: getattr(writer.corpus, side).symbols for side in ("sources", "targets")}
    facts |= {"data": data.name, "data_sha256": data.sha256, "test": values}
    writer.facts.update(facts | {"seconds": round(seconds)})
    return writer, measured(CLAIM, plan.setting(), plan.recipe.seed, values, seconds, data)


def load(name: str, path=None) -> Writer:
    """A model that comes with the course: "dates" or "sentences"."""
    if name not in SHIPPED:
        raise ValueError(f"expected one of {', '.join(SHIPPED)}, got {name!r}: only these come "
                         "with the course")
    path = weights_file(name) if path is None else path
    _, facts = checkpoints.read(path)
    recipe, vocabs = Recipe(**facts["recipe"]), (Vocab(facts["sources"]), Vocab(facts["targets"]))
    corpus = Corpus(TASKS[facts["task"]], recipe.kind, *vocabs, [], [], [])
    model = recipe.model(*map(len, vocabs))
    return Writer(model, corpus, train.load_weights(path, model))


def main(name: str = "", *seeds: str) -> None:
    """Every run that is not recorded yet; seed 0 of a shipped plan writes its weights."""
    torch.set_num_threads(1)
    for plan_name in [name] if name else PLANS:
        for seed in map(int, seeds or SEEDS):
            plan = PLANS[plan_name]
            plan = replace(plan, recipe=replace(plan.recipe, seed=seed))
            data = load_data(TASKS[plan.task].data)
            if run_key(plan.setting(), seed, data) in recorded(CLAIM):
                continue
            writer, found = run(plan, data)
            if plan_name in SHIPPED and seed == 0:
                facts = {"command": f"{COMMAND} {plan_name} 0", **writer.facts}
                train.save_weights(weights_file(plan_name), writer.model.half(), facts)
            append(found)
            print(plan_name, seed, *(f"{r.metric} {r.value:.2f}" for r in found), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
