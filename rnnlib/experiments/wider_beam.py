"""What a wider beam finds: more probable sounds of a word, and whether they are better ones (K19).

    python -m rnnlib.experiments.wider_beam          three seeds
    python -m rnnlib.experiments.wider_beam 1        one of them

A model from letters to sounds is trained for each seed, then the same held-out words are decoded
greedily, with beams of fixed and of variable width, and by exact search: a beginning only gets less
probable, so one that is already below the best text found need not be continued.
"""

import sys
import time
from dataclasses import dataclass
from statistics import fmean

import torch

from .. import decode
from ..datasets import load
from .letters_to_sounds import LONGEST, Recipe, errors, learn, primed, usable
from .record import append, measured

CLAIM = "K19"
WIDTHS = (1, 2, 4, 8, 16, 32)
FACTORS = (0.5, 0.1, 0.01)
STEPS = (3000, 150)
"""Updates of a model that knows its task and of one that hardly does."""
LIMIT = LONGEST + 2
MOST = 4000
"""Hypotheses that exact search may hold; where it needs more, it is not complete."""
SLACK = 1e-4
"""Differences of log-probabilities below this are rounding."""


@dataclass(frozen=True)
class Task:
    """A trained model, its vocabulary, and held-out words with their pronunciations."""

    model: torch.nn.Module
    vocab: object
    pairs: list

    def batches(self, size=250):
        """(first, state, pairs) for some words at once."""
        for n in range(0, len(self.pairs), size):
            some = self.pairs[n : n + size]
            yield *primed(self.model, self.vocab, [word for word, _ in some]), some

    def search(self, rule) -> tuple:
        """The hypotheses for every word, and how many were continued at a step on average."""
        found, kept, steps = [], 0, 0
        for first, state, some in self.batches():
            layers = []
            for layer in decode.search(self.model.step, first, state, rule, self.vocab.eos, LIMIT):
                alive = ((layer.scores > -torch.inf) & ~layer.ended).sum(1)
                kept, steps = kept + int(alive.sum()), steps + int((alive > 0).sum())
                layers.append(layer)
            found += decode.beams.collect(layers, len(some))
        return found, kept / max(steps, 1)

    def sounds(self, hypothesis) -> list:
        """The sounds of a hypothesis, without the end marker."""
        return self.vocab.decode([i for i in hypothesis.ids if i != self.vocab.eos])


def above(least: torch.Tensor):
    """A rule for exact search: keep all that may still beat `least` (B,) and all complete texts."""

    def keep(total, done):
        scores, index = total.topk(min(MOST, total.shape[1]))
        bar = torch.maximum(least[:, None], done.amax(1, keepdim=True))
        scores = scores.masked_fill(scores < bar, -torch.inf)
        M = max(1, int((scores > -torch.inf).sum(1).max()))
        return scores[:, :M], index[:, :M]

    return keep


def optimum(task: Task, known: list) -> tuple:
    """The most probable finished text of every word, and whether the search was complete.

    known: the score of a good finished text of each word; words alike in it are searched together.
    """
    order = sorted(range(len(known)), key=lambda n: known[n])
    sorted_task = Task(task.model, task.vocab, [task.pairs[n] for n in order])
    found, complete, n = {}, {}, 0
    for first, state, some in sorted_task.batches(10):
        least = torch.tensor([known[k] for k in order[n : n + len(some)]]) - SLACK
        layers = list(decode.search(task.model.step, first, state, above(least), task.vocab.eos,
                                    LIMIT))
        for b, one in enumerate(decode.beams.collect(layers, len(some))):
            full = (len(layer.scores[b]) == MOST and layer.scores[b, -1] > -torch.inf
                    for layer in layers)
            found[order[n + b]], complete[order[n + b]] = one[0], not any(full)
        n += len(some)
    return [found[k] for k in range(n)], [complete[k] for k in range(n)]


def judged(task: Task, best: list) -> dict:
    """Log-probability, errors and length of one hypothesis for each word."""
    wrong = [errors(task.sounds(one), sounds)
             for one, (_, sounds) in zip(best, task.pairs, strict=True)]
    return {
        "log_probability": fmean(one.score for one in best),
        "phone_error": 100 * sum(e for e, _ in wrong) / sum(n for _, n in wrong),
        "word_error": 100 * fmean(e > 0 for e, _ in wrong),
        "length": fmean(len(task.sounds(one)) for one in best),
        "finished": 100 * fmean(one.finished for one in best),
    }


def log_p(one) -> float:
    """The log-probability of a finished text; an unfinished one is none."""
    return one.score if one.finished else -torch.inf


def compared(best: list, greedy: list, optimal: list) -> dict:
    """In per cent of the words: more or less probable than greedy, short of the optimum."""
    both = [tuple(map(log_p, three)) for three in zip(best, greedy, optimal, strict=True)]
    return {
        "more_probable": 100 * fmean(a > g + SLACK for a, g, _ in both),
        "less_probable": 100 * fmean(a < g - SLACK for a, g, _ in both),
        "misses_optimum": 100 * fmean(a < o - SLACK for a, _, o in both),
    }


def measure(task: Task) -> dict:
    """{(search, size): values} for all widths and factors, and for exact search."""
    rules = {("fixed", width): decode.fixed(width) for width in WIDTHS}
    rules |= {("variable", factor): decode.within(factor, most=200) for factor in FACTORS}
    found = {key: task.search(rule) for key, rule in rules.items()}
    best = {key: [one[0] for one in every] for key, (every, _) in found.items()}
    known = [max(-50.0, *map(log_p, row))
             for row in zip(*best.values(), strict=True)]
    best["exact", 0], complete = optimum(task, known)
    values = {key: judged(task, one) | compared(one, best["fixed", 1], best["exact", 0])
              for key, one in best.items()}
    for key, (every, kept) in found.items():
        mean = judged(task, [decode.ranked(one)[0] for one in every])
        values[key] |= {"kept": kept, "phone_error_by_mean": mean["phone_error"],
                        "length_by_mean": mean["length"]}
    values["exact", 0] |= {"complete": 100 * fmean(complete),
                           "length_of_reference": fmean(len(s[0]) for _, s in task.pairs)}
    return values


def run(recipe: Recipe, data, words=1000) -> list:
    """Train, decode the held-out words in every way, and return the records of one seed."""
    began = time.process_time()
    model, vocab, _ = learn(data, recipe)
    held = usable(data.test)
    task = Task(model, vocab, held[:: max(1, len(held) // words)][:words])
    every = measure(task)
    seconds = time.process_time() - began
    common = {"task": "letters to sounds", "words": len(task.pairs),
              "steps": recipe.steps}
    return [record for (kind, size), values in every.items()
            for record in measured(CLAIM, {**common, "search": kind, "size": size}, recipe.seed,
                                   values, seconds, data)]


def main(seeds=(0, 1, 2)):
    """Run, print and append: a model trained well and one trained hardly at all, for each seed."""
    torch.set_num_threads(1)
    data = load("cmudict")
    for recipe in (Recipe(seed=int(seed), steps=steps) for seed in seeds for steps in STEPS):
        records = run(recipe, data)
        append(records)
        for record in records:
            if record.metric in ("log_probability", "phone_error", "misses_optimum", "length"):
                print(f"seed {recipe.seed} steps {recipe.steps} {record.setting['search']:8} "
                      f"{record.setting['size']:5} {record.metric:16}{record.value:8.3f}")
        print(f"{records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or (0, 1, 2))
