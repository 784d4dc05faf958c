"""Minimum risk against likelihood for a minute each, chosen by a pilot on the valid words (K24).

    python -m rnnlib.experiments.tuned_risk pilot 0 1     these lines of the pilot
    python -m rnnlib.experiments.tuned_risk 0 1 2         these seeds, both ways, a minute each

From the models at which after_likelihood begins.  Both ways get the learning rate, and minimum risk
the sharpness alpha, with which 30 seconds of seed 0 had the fewest phone errors on the valid words.
All test words are then written greedily, and once as the model draws them: the phone error of
drawn words is the risk itself, the one of greedy words is what is used.
"""

import sys
from dataclasses import dataclass, replace
from functools import partial

import torch

from ..datasets import load as load_data
from ..metrics_texts import symbol_errors
from ..objectives.sampled_texts import draw
from . import after_likelihood
from .after_likelihood import CLAIM, SEEDS, WAYS, Plan, go_on, pretrained
from .letters_to_phones import LONGEST, Corpus
from .record import append, measured, recorded, run_key

PILOT = "risk_pilot"
"""The name under which the pilot is recorded."""
SECONDS, SHORT = 60.0, 30.0
"""Of the processor, for each way and for each line of the pilot."""
BEGIN = {"way": "pre-training, all test words", "seconds": 0.0}
"""What a record says about the models at which both begin."""


@dataclass(frozen=True)
class Choice:
    """A way of after_likelihood with its learning rate; alpha and n for minimum risk only.

    Its words stand in a batch of `tokens` letters and phones.
    """

    way: str
    lr: float
    alpha: float = 1.0
    n: int = 8
    tokens: int = 1000

    def setting(self, seconds: float) -> dict:
        """What a record says about it."""
        risk = {"alpha": self.alpha, "n": self.n} if self.way == "minimum risk" else {}
        return {"way": f"{self.way}, {seconds:.0f} s", "seconds": seconds, "lr": self.lr,
                "batch": self.tokens, **risk}


TRIED = (
    Choice("minimum risk", 5e-4, 1.0),
    Choice("minimum risk", 5e-4, 0.1),
    Choice("minimum risk", 5e-4, 0.005),
    Choice("likelihood", 2e-3),
    Choice("likelihood", 5e-3),
    Choice("minimum risk", 2e-3, 1.0),
)
"""The pilot; 0.005 is the alpha of Shen et al. for sentences."""
CHOSEN = TRIED[4], TRIED[0]
"""What had the fewest phone errors on the valid words, for each way."""


def trained(choice: Choice, seconds: float, seed: int, corpus: Corpus) -> tuple:
    """The model of a seed after this way: (model, updates, seconds of the processor)."""
    plan = Plan(seconds=seconds, n=choice.n, alpha=choice.alpha)
    model, _ = pretrained(corpus, replace(plan.recipe, seed=seed))
    way = replace(WAYS[choice.way], lr=choice.lr, tokens=choice.tokens)
    return go_on(model, corpus, way, plan, seed)


def drawn_error(model, corpus: Corpus, examples, seed: int = 0) -> float:
    """The phone error in per cent of words that are drawn, one text for each word."""
    examples, texts = sorted(examples, key=lambda row: len(row[0])), []
    vocab = corpus.phones
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for start in range(0, len(examples), 500):
            words = [word for word, _ in examples[start : start + 500]]
            first = torch.full((len(words),), vocab.bos)
            state = model.start(*corpus.source(words))
            texts += draw(model, state, first, vocab.eos, LONGEST + 1).lists(vocab.eos)
    said = [vocab.decode(text) for text in texts]
    wrong, of = symbol_errors(said, [several for _, several in examples])
    return 100 * wrong / of


def scores(model, corpus: Corpus, examples) -> dict[str, float]:
    """What after_likelihood measures, and the phone error of drawn words."""
    with torch.no_grad():
        return {**after_likelihood.scores(model, corpus, examples),
                "drawn_error": drawn_error(model, corpus, examples)}


def pilot(choice: Choice, data, corpus: Corpus) -> list:
    """Records of a line of the pilot, on the valid words."""
    model, updates, spent = trained(choice, SHORT, 0, corpus)
    values = {"updates": updates, **scores(model, corpus, corpus.valid)}
    return measured(PILOT, choice.setting(SHORT), 0, values, spent, data)


def tested(setting: dict, seed: int, data, corpus: Corpus, train) -> list:
    """Records of the model that `train(seed, corpus)` returns, on all test words."""
    model, updates, spent = train(seed, corpus)
    values = {"updates": updates, **scores(model, corpus, corpus.test)}
    return measured(CLAIM, setting, seed, values, spent, data)


def begin(seed: int, corpus: Corpus) -> tuple:
    """The model at which all ways begin: as `trained`."""
    recipe = replace(Plan().recipe, seed=seed)
    model, spent = pretrained(corpus, recipe)
    return model.eval(), recipe.steps, spent


def jobs(arguments, data, corpus: Corpus) -> list:
    """What is asked for, as (claim, setting, seed, function that returns the records)."""
    numbers = [int(one) for one in arguments if one.isdigit()]
    if "pilot" in arguments:
        lines = [TRIED[n] for n in numbers] or TRIED
        return [(PILOT, one.setting(SHORT), 0, partial(pilot, one, data, corpus)) for one in lines]
    ways = [(BEGIN, begin), *((one.setting(SECONDS), partial(trained, one, SECONDS))
                              for one in CHOSEN)]
    return [(CLAIM, setting, seed, partial(tested, setting, seed, data, corpus, way))
            for seed in numbers or SEEDS for setting, way in ways]


def main(*arguments: str) -> None:
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    data = load_data("cmudict")
    if not data.real:
        raise SystemExit("this is compared on the real dictionary: "
                         "fetch it first with python3 course.py data fetch cmudict")
    for claim, setting, seed, run in jobs(arguments, data, Corpus.of(data)):
        if run_key(setting, seed, data) not in recorded(claim):
            append(found := run())
            said = " ".join(f"{r.metric} {r.value:.3f}" for r in found)
            print(f"{seed} {setting['way']}: {said} in {found[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
