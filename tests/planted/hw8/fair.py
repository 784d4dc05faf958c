"""Answers to exercise 5 of homework 8: right ones, and wrong ones with their message."""

from statistics import fmean


def by_lists(runs):
    names = sorted({run[0] for run in runs})
    rates = set.intersection(*({run[1] for run in runs if run[0] == name} for name in names))
    found = {}
    for name in names:
        best, lowest = None, float("inf")
        for rate in rates:
            mean = fmean(run[3] for run in runs if run[:2] == (name, rate))
            if mean < lowest:
                best, lowest = rate, mean
        rows = sorted((run[2], run[4]) for run in runs if run[:2] == (name, best))
        found[name] = best, [test for _, test in rows]
    return found


def by_dicts(runs):
    valid, test = {}, {}
    for model, rate, seed, v, t in runs:
        valid.setdefault((model, rate), []).append(v)
        test[model, rate, seed] = t
    models = {model for model, _ in valid}
    rates = [r for r in {rate for _, rate in valid} if all((m, r) in valid for m in models)]
    found = {}
    for m in models:
        best = min(rates, key=lambda r: sum(valid[m, r]) / len(valid[m, r]))
        seeds = sorted(s for model, rate, s in test if (model, rate) == (m, best))
        found[m] = (best, [test[m, best, s] for s in seeds])
    return found


def wrong(score=lambda rows: fmean(row[3] for row in rows), shared=True, pick=min,
          report=lambda rows: [row[4] for row in sorted(rows, key=lambda row: row[2])]):
    """The comparison with one part replaced; rows are the runs of one model at one rate."""
    def fair(runs):
        names, found = {run[0] for run in runs}, {}
        for name in names:
            rates = {run[1] for run in runs if run[0] == name}
            if shared:
                rates = {r for r in rates if all(any(run[:2] == (n, r) for run in runs)
                                                 for n in names)}
            rows = {r: [run for run in runs if run[:2] == (name, r)] for r in rates}
            best = pick(rows, key=lambda r: score(rows[r]))
            found[name] = best, report(rows[best])
        return found
    return fair


def as_found(runs):
    found = {}
    for run in sorted(runs, key=lambda run: run[4]):
        found.setdefault(run[0], (run[1], [run[4]]))
    return found


def own_rates(runs):
    found = by_lists(runs)
    names, rates = list(found), {run[1] for run in runs if run[0] == "A"}
    result = {}
    for name in names:
        mine = [run for run in runs if run[0] == name and run[1] in rates]
        seeds = sorted({run[2] for run in mine})
        result[name] = found[name][0], [
            min((run for run in mine if run[2] == s), key=lambda run: run[3])[4] for s in seeds]
    return result


def same_rate(runs):
    rates = {run[1] for run in runs if run[0] == "A"} & {run[1] for run in runs if run[0] == "B"}
    rate = min(rates, key=lambda r: sum(run[3] for run in runs if run[1] == r))
    return {name: (rate, [run[4] for run in sorted(runs, key=lambda run: run[2])
                          if run[:2] == (name, rate)]) for name in ("A", "B")}


def lucky(rows):
    return [min(rows, key=lambda row: row[3])[4]]


def mean_test(rows):
    return fmean(row[4] for row in rows)


RIGHT = [by_lists, by_dicts]
WRONG = [
    (as_found, "nothing is mended yet"),
    (wrong(mean_test), "the rate is chosen on test: choose on valid"),
    (wrong(lambda rows: min(row[4] for row in rows)), "the rate is chosen on test: choose on"),
    (wrong(mean_test, shared=False), "the rate is chosen on test, and among"),
    (wrong(report=lucky), "the best seed is picked"),
    (wrong(lambda rows: min(row[3] for row in rows)), "one lucky seed decides"),
    (wrong(shared=False), "one model chooses among more rates"),
    (wrong(shared=False, report=lucky), "only the best seed, and among rates"),
    (wrong(report=lambda rows: [row[3] for row in sorted(rows, key=lambda row: row[2])]),
     "these are the losses on valid"),
    (own_rates, "each seed has its own rate"),
    (wrong(pick=max), "the worst rate"),
    (wrong(report=mean_test), "a mean is reported"),
    (wrong(report=lambda rows: [mean_test(rows)]), "a mean is reported"),
    (wrong(report=lambda rows: [row[4] for row in rows]), "in the order of the runs"),
    (same_rate, "one rate for all models"),
]
