"""Homework 8, exercises 4 and 5: models of equal size, and a comparison that chooses fairly."""

import math
from collections import defaultdict
from functools import lru_cache
from statistics import fmean

from .core import Case
from .drawing import Draw

# --- as many weights ----------------------------------------------------------------------------


def weights(g, D, K, H):
    """Weights of g gate-like matrices of inputs, state and bias, and of the output layer."""
    return g * (H * H + H * D + H) + H * K + K


def right_widest(g, D, K, budget):
    """What is expected: counted up from 1."""
    return counted(weights)(g, D, K, budget)


def counted(count):
    """The largest H by another count of the weights."""
    def function(g, D, K, budget):
        H = 1
        while count(g, D, K, H + 1) <= budget:
            H += 1
        return H
    return function


def nearest(g, D, K, budget):
    """The H whose weights are nearest the budget."""
    H = right_widest(g, D, K, budget)
    return min((H, H + 1), key=lambda one: abs(weights(g, D, K, one) - budget))


def root(g, D, K, budget):
    """The H, with a fraction, that has exactly as many weights."""
    p = g * D + g + K
    return (math.sqrt(p * p + 4 * g * (budget - K)) - p) / (2 * g)


WIDEST_MISTAKES = [
    ("the output layer is missing: it has weights too",
     counted(lambda g, D, K, H: g * (H * H + H * D + H))),
    ("the biases are missing", counted(lambda g, D, K, H: g * (H * H + H * D) + H * K)),
    ("the bias of the output layer is missing",
     counted(lambda g, D, K, H: g * (H * H + H * D + H) + H * K)),
    ("the biases of the cell are missing",
     counted(lambda g, D, K, H: g * (H * H + H * D) + H * K + K)),
    ("the input matrices are missing: W is (H, D), once for each of the g",
     counted(lambda g, D, K, H: g * (H * H + H) + H * K + K)),
    ("g counts for the state's matrices alone: each of the g has inputs and a bias as well",
     counted(lambda g, D, K, H: g * H * H + H * D + H + H * K + K)),
    ("the output layer is multiplied by g: there is one",
     counted(lambda g, D, K, H: g * (H * H + H * D + H + H * K + K))),
    ("g is ignored: a GRU has three of each, an LSTM four",
     counted(lambda g, D, K, H: weights(1, D, K, H))),
    ("exactly the budget is allowed: no more weights than that",
     lambda g, D, K, budget: right_widest(g, D, K, budget - 1)),
    ("a width is a whole number: the largest that fits", root),
    ("the nearest size: it may not have more weights than the budget", nearest),
    ("one too many: it may not have more weights than the budget",
     lambda g, D, K, budget: right_widest(g, D, K, budget) + 1),
    ("one too few: the largest that fits", lambda g, D, K, budget:
     right_widest(g, D, K, budget) - 1),
    ("this is the number of weights: the width is asked for",
     lambda g, D, K, budget: weights(g, D, K, right_widest(g, D, K, budget))),
]


def sized(draw, H):
    """Arguments for which a cell of this width just fits, and nearly the next."""
    g, D, K = (1, 3, 4)[draw.ids(3, 1).item()], 3 + draw.ids(40, 1).item(), 2 + draw.ids(
        60, 1).item()
    here, following = weights(g, D, K, H), weights(g, D, K, H + 1)
    return [(g, D, K, here), (g, D, K, following - 1)]


def widest_case(name, inputs, weight=1):
    """A case of sizes."""
    return Case(name, inputs, right_widest, WIDEST_MISTAKES, weight=weight)


def widest_cases(seed):
    """A small budget; budgets that are just enough and just not enough; three cells."""
    draw = Draw(seed + 86)
    D, K = 4 + draw.ids(20, 1).item(), 3 + draw.ids(30, 1).item()
    tight = [(1, D, K, weights(1, D, K, H) + more) for H in (7, 11) for more in (0, -1, -K)]
    tight.append((1, D, K, weights(1, D, K, 40) - K - 2))
    return [widest_case("a simple network, just enough and just not", tight),
            widest_case("simple, GRU and LSTM with one budget",
                        [(g, 32, 50, 12000 + D) for g in (1, 3, 4)], 2)]


def widest_hidden(seed):
    """More budgets."""
    draw = Draw(seed + 87)
    return [widest_case("other budgets", [pair for H in (20, 61, 130) for pair in sized(draw, H)])]


# --- a fair choice ------------------------------------------------------------------------------


def grouped(runs):
    """model -> rate -> [(seed, valid, test)], by seed."""
    found = defaultdict(lambda: defaultdict(list))
    for model, rate, seed, valid, test in runs:
        found[model][rate].append((seed, valid, test))
    return {m: {r: sorted(rows) for r, rows in rates.items()} for m, rates in found.items()}


def common(found):
    """The rates that every model was given."""
    return set.intersection(*(set(rates) for rates in found.values()))


def mean_valid(rows):
    """The mean over seeds of the loss that may be used to choose."""
    return fmean(valid for _, valid, _ in rows)


def chosen(rank=mean_valid, rates=common, report=lambda rows: [row[2] for row in rows],
           pick=min):
    """A comparison by another choice; `rank` takes the rows of a rate."""
    def function(runs):
        found = grouped(runs)
        allowed = rates(found) if rates else None
        result = {}
        for model, tried in found.items():
            rate = pick((r for r in tried if not allowed or r in allowed),
                        key=lambda r, tried=tried: rank(tried[r]))
            result[model] = rate, report(tried[rate])
        return result
    return function


right_fair = chosen()


def as_found(runs):
    """The run with the lowest test loss."""
    best = {}
    for run in runs:
        if run[0] not in best or run[4] < best[run[0]][4]:
            best[run[0]] = run
    return {model: (run[1], [run[4]]) for model, run in best.items()}


def best_of(rows):
    """The test loss of the seed with the lowest valid loss."""
    return [min(rows, key=lambda row: row[1])[2]]


def one_rate(runs):
    """One rate for all models, the lowest mean of all."""
    found = grouped(runs)
    rate = min(common(found), key=lambda r: sum(mean_valid(rates[r]) for rates in found.values()))
    return {m: (rate, [row[2] for row in rates[rate]]) for m, rates in found.items()}


def by_seed(runs):
    """Each seed at its own best rate."""
    found, result = grouped(runs), {}
    for model, (rate, _) in right_fair(runs).items():
        rows = [(row, r) for r in common(found) for row in found[model][r]]
        seeds = sorted({row[0] for row, _ in rows})
        result[model] = rate, [min((row for row, _ in rows if row[0] == s),
                                   key=lambda row: row[1])[2] for s in seeds]
    return result


def in_order(runs):
    """Test losses in the order of the runs."""
    return {m: (rate, [run[4] for run in runs if run[:2] == (m, rate)])
            for m, (rate, _) in right_fair(runs).items()}


def mean_test(rows):
    """What nobody may use to choose."""
    return fmean(test for _, _, test in rows)


FAIR_MISTAKES = [
    ("nothing is mended yet: this takes the one run of each model that did best on test",
     as_found),
    ("the rate is chosen on test: choose on valid, and look at test once",
     chosen(mean_test)),
    ("the rate is chosen on test: choose on valid, and look at test once",
     chosen(lambda rows: min(row[2] for row in rows))),
    ("the rate is chosen on test, and among rates that only one model was given",
     chosen(mean_test, rates=None)),
    ("the best seed is picked: a model is as good as all its seeds", chosen(report=best_of)),
    ("the rate of the single best run: one lucky seed decides; take the mean over the seeds",
     chosen(lambda rows: min(row[1] for row in rows))),
    ("one model chooses among more rates: only those that every model was given count",
     chosen(rates=None)),
    ("only the best seed, and among rates that only one model was given",
     chosen(rates=None, report=best_of)),
    ("these are the losses on valid: choose there, report test",
     chosen(report=lambda rows: [row[1] for row in rows])),
    ("each seed has its own rate: one rate for a model, from the mean over its seeds", by_seed),
    ("the worst rate: a lower loss is better", chosen(pick=max)),
    ("a mean is reported: the losses of all seeds are asked for, so that their spread is seen",
     chosen(report=mean_test)),
    ("a mean is reported: the losses of all seeds are asked for, so that their spread is seen",
     chosen(report=lambda rows: [mean_test(rows)])),
    ("the losses stand in the order of the runs: order them by seed, so that they can be paired",
     in_order),
    ("one rate for all models: each model gets its own best", one_rate),
]


def some_runs(draw, rates, seeds):
    """Runs of two models; B was given one rate more; valid and test of a run go together."""
    runs = [(model, rate, seed, *losses(draw)) for model in ("A", "B") for rate in rates
            for seed in seeds if model == "B" or rate != rates[-1]]
    order = draw.ids(10**6, len(runs)).argsort().tolist()
    return [runs[n] for n in order]


def losses(draw):
    """(valid, test) of a run."""
    valid = 2 + draw.normal(1).item() / 2
    test = valid + draw.normal(1).item() / 4 + 0.1
    return round(valid, draw.places), round(test, draw.places)


def shown(runs):
    """The numbers of the known mistakes that show on these runs."""
    right = right_fair(runs)
    return {n for n, (_, wrong) in enumerate(FAIR_MISTAKES) if wrong(runs) != right}


def telling(draw, rates, seeds):
    """Three inputs on which, together, every known mistake shows; of forty drawn."""
    drawn = [runs for runs in (some_runs(draw, rates, seeds) for _ in range(40)) if clear(runs)]
    tried, inputs, still = [(runs, shown(runs)) for runs in drawn], [], set()
    for _ in range(3):
        still = still or set(range(len(FAIR_MISTAKES)))
        runs, found = max(tried, key=lambda one, still=still: len(one[1] & still))
        inputs, still = [*inputs, (runs,)], still - found
    return inputs


def clear(runs):
    """Whether no two rates of a model are equally good on valid, and no two runs."""
    models = {run[0] for run in runs}
    if any(len({run[3] for run in runs if run[0] == m}) < len(
            [run for run in runs if run[0] == m]) for m in models):
        return False
    return all(len({round(mean_valid(rows), 6) for rows in rates.values()}) == len(rates)
               for rates in grouped(runs).values())


def fair_case(name, draw, rates, seeds, weight=1):
    """A case of runs."""
    return Case(name, telling(draw, rates, seeds), right_fair, FAIR_MISTAKES, weight=weight)


@lru_cache(maxsize=8)
def fair_cases(seed):
    """Three rates, the last of which one model alone was given; two seeds, then three."""
    draw = Draw(seed + 88, places=2)
    return [fair_case("two rates for both models, a third for B alone; two seeds", draw,
                      (0.1, 0.03, 0.01), (0, 1)),
            fair_case("three rates for both, a fourth for B alone; three seeds", draw,
                      (0.3, 0.1, 0.03, 0.01), (0, 1, 2), 2)]


@lru_cache(maxsize=8)
def fair_hidden(seed):
    """More runs."""
    draw = Draw(seed + 89, places=3)
    return [fair_case("five rates, four seeds", draw, (1.0, 0.3, 0.1, 0.03, 0.01), (3, 4, 5, 6))]
