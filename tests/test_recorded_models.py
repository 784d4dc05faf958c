"""What notebook 04 says about K05, K06 and K07 is what the records say."""

from collections import defaultdict
from statistics import fmean

import pytest

from rnnlib import claims


def values(claim, metric, setting):
    """The recorded values of one setting, one for each seed."""
    return [record.value for record in claims.results(claim, metric, setting)]


@pytest.mark.parametrize("claim", ["K05", "K06", "K07"])
def test_every_recorded_setting_has_three_seeds_but_counting_has_none(claim):
    seeds = defaultdict(set)
    for record in claims.results(claim):
        if record.setting.get("model") != "ngram":
            seeds[str(sorted(record.setting.items(), key=str)), record.metric].add(record.seed)
    assert seeds and all(found == {0, 1, 2} for found in seeds.values())


def test_k05_in_every_run_lstm_then_simple_network_then_window_then_ngrams():
    order = ("lstm", "rnn", "window", "ngram")
    found = [values("K05", "perplexity", {"model": name, "symbols": 2000}) for name in order]
    found[-1] = values("K05", "perplexity", {"model": "ngram", "symbols": 2000, "n": 5})
    assert all(max(a) < min(b) for a, b in zip(found, found[1:], strict=False))


def test_k05_the_step_to_a_network_is_the_largest_and_the_one_to_recurrence_the_smallest():
    mean = {name: fmean(values("K05", "perplexity", {"model": name, "symbols": 2000} | more))
            for name, more in (("lstm", {}), ("rnn", {}), ("window", {}), ("ngram", {"n": 5}))}
    steps = [mean["ngram"] - mean["window"], mean["rnn"] - mean["lstm"],
             mean["window"] - mean["rnn"]]
    assert steps == sorted(steps, reverse=True) and steps[-1] > 0


def test_k05_five_is_the_best_order_on_the_valid_split():
    valid = [values("K05", "valid_perplexity", {"model": "ngram", "symbols": 2000, "n": n})
             for n in range(1, 6)]
    assert min(valid) == valid[-1]


def test_k06_tying_saves_one_matrix():
    tied, untied = (values("K06", "parameters", {"tied": t}) for t in (True, False))
    assert {b - a for a, b in zip(tied, untied, strict=True)} == {2000 * 96}
    assert 0.4 < 1 - tied[0] / untied[0] < 0.45


def test_k07_free_running_stays_above_every_teacher_from_a_hundred_updates_on():
    for step in (100, 200, 400):
        teacher = values("K07", f"nats_{step}", {"reads": "teacher"})
        for reads in ("sampled", "greedy"):
            assert min(values("K07", f"nats_{step}", {"reads": reads})) > max(teacher) + 0.5


def test_k07_free_running_reads_hardly_more_than_half_as_many_characters_a_second():
    teacher = values("K07", "characters_per_second", {"reads": "teacher"})
    for reads in ("sampled", "greedy"):
        own = values("K07", "characters_per_second", {"reads": reads})
        assert max(o / t for o, t in zip(own, teacher, strict=True)) < 0.65
