"""What notebooks 09 and 10 say about K08 and K11 to K15 is what the records say."""

import tomllib
from collections import defaultdict

import pytest

from rnnlib import DATA, claims, claims_series
from rnnlib.experiments import agreement, long_memory, which_unit
from rnnlib.metrics import interval

CLAIMS = ("K08", "K11", "K12", "K13", "K14", "K15")
COUNTED = ("naive_bayes", "always_singular")  # nothing in them is drawn by a seed


def mean_half(claim, metric, setting):
    """(mean, half-width) of one setting."""
    return interval([record.value for record in claims.results(claim, metric, setting)])


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_recorded_setting_has_three_seeds_and_k14_five(claim):
    seeds = defaultdict(set)
    for record in claims.results(claim):
        seeds[str(sorted(record.setting.items(), key=str)), record.metric].add(record.seed)
    fewest = {"K14": 5}.get(claim, 3)
    few = [key for key, found in seeds.items()
           if len(found) < fewest and not any(name in key[0] for name in COUNTED)]
    assert not few, few[:3]


def test_the_verdicts_are_those_of_the_notebooks():
    rows = tomllib.loads((DATA / "syllabus.toml").read_text(encoding="utf-8"))["claims"]
    assert {claim: rows[claim]["verdict"] for claim in CLAIMS} == {
        "K08": "holds", "K11": "holds under conditions", "K12": "holds under conditions",
        "K13": "holds under conditions", "K14": "does not hold here",
        "K15": "holds under conditions"}


def test_k08_the_probe_names_recent_characters_and_soon_no_more():
    _, share, _ = claims_series.profile("K08", "back", {"unit": "rnn"})
    common = claims.results("K08", "commonest", {"unit": "rnn"})[0].value
    assert share[0] > 0.9 and all(a > b for a, b in zip(share[:6], share[1:7], strict=True))
    assert max(share[8:]) < common + 0.02


@pytest.mark.parametrize("g", ["tanh", "relu"])
def test_k11_each_function_vanishes_at_a_small_radius_and_explodes_at_a_large_one(g):
    small, large = (mean_half("K11", "distance_50", {"g": g, "scale": scale, "push": 1.0})
                    for scale in (1.0, 3.0))
    assert sum(small) < -5 and large[0] - large[1] > 3


@pytest.mark.parametrize("unit", ["simple_gru", "gru", "lstm"])
def test_k12_a_shut_gate_loses_the_gradient_and_an_open_one_keeps_it(unit):
    base = {"when": "start", "unit": unit}
    shut, opened = (mean_half("K12", "distance_50", base | {"keep": keep}) for keep in (0.0, 3.0))
    assert sum(shut) < -5 and opened[0] - opened[1] > -1
    assert all(r.value == 0 for r in claims.results("K12", "cut", {"when": "identity"}))


def test_k13_gated_units_add_over_two_hundred_steps_and_the_simple_one_over_ten():
    reach = long_memory.reach(claims.results("K13", "mse", {"task": "adding"}))
    assert reach["rnn"] == (10, 25) and reach["lstm"] == (200, 400) and reach["gru"] == (800, None)
    for unit in ("gru", "lstm"):
        runs = claims.results("K13", "mse", {"task": "adding", "unit": unit, "T": 200})
        assert all(run.value < 0.01 and run.seconds < 180 for run in runs)


@pytest.mark.parametrize("group", agreement.GROUPS)
def test_k13_the_lstm_is_ahead_of_the_bag_of_words_at_every_number_of_attractors(group):
    base = {"task": "agreement"}
    mean, half = mean_half("K13", group, base | {"unit": "lstm"})
    bag, _ = mean_half("K13", group, base | {"unit": "naive_bayes"})
    assert mean - half > bag


def test_k14_neither_unit_is_ahead_on_sentences_and_the_gru_is_on_longer_texts():
    rows = [*which_unit.verdicts(claims.results("K14"))]
    on = {(task, equal, n): who for task, equal, n, _, _, who in rows}
    assert {who for (task, _, n), who in on.items() if task != "characters" and n > 100} == {
        "no difference"}
    assert {who for (task, _, n), who in on.items() if task == "characters"} == {
        "GRU", "no difference"}
    assert {on["agreement", which_unit.STATE, 100], on["intents", which_unit.STATE, 100]} == {
        "GRU", "LSTM"}


def test_k14_three_lines_stand_against_thirty_comparisons_at_once():
    """Student's t for 0.05 / 30 at freedom 4 is 2.71 times that for 0.05."""
    rows = [*which_unit.verdicts(claims.results("K14"))]
    stand = {(task, equal, n, who) for task, equal, n, mean, half, who in rows
             if abs(mean) > 2.72 * half}
    assert len(rows) == 30 and stand == {
        ("characters", which_unit.STATE, 100_000, "GRU"),
        ("characters", which_unit.WEIGHTS, 100_000, "GRU"),
        ("characters", which_unit.WEIGHTS, 948_084, "GRU")}


def test_k15_every_gate_costs_time_and_the_first_one_helps():
    times = [mean_half("K15", "ratio", {"unit": unit, "H": 200})[0] for unit in which_unit.UNITS]
    assert times == sorted(times) and times[0] == 1
    records = claims.results("K14")
    for task in which_unit.SCORES:
        for equal in (which_unit.STATE, which_unit.WEIGHTS):
            gain = {more: (mean, half) for _, more, mean, half
                    in which_unit.gains(records, task, equal)}
            assert gain["lstm"][0] < gain["lstm"][1], "the third gate is ahead"
            if task != "characters":
                assert gain["simple_gru"][0] > gain["simple_gru"][1]
