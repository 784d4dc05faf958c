"""What notebook 04 says about K05, K06 and K07 is what the records say."""

from collections import defaultdict

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


def test_k05_every_lstm_is_ahead_of_every_window_and_every_window_of_the_ngrams():
    found = {name: values("K05", "perplexity", {"model": name, "symbols": 2000})
             for name in ("ngram", "window", "lstm")}
    assert max(found["lstm"]) < min(found["window"]) < max(found["window"]) < min(found["ngram"])


def test_k06_tying_saves_one_matrix():
    tied, untied = (values("K06", "parameters", {"tied": t}) for t in (True, False))
    assert {b - a for a, b in zip(tied, untied, strict=True)} == {2000 * 96}
    assert 0.4 < 1 - tied[0] / untied[0] < 0.45


def test_k07_free_running_stays_above_every_teacher_from_a_hundred_updates_on():
    for step in (100, 200, 400):
        teacher = values("K07", f"nats_{step}", {"reads": "teacher"})
        for reads in ("sampled", "greedy"):
            assert min(values("K07", f"nats_{step}", {"reads": reads})) > max(teacher) + 0.5
