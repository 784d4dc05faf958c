"""Figures of recorded results: they draw the numbers of the records, and say what they show."""

import math

import pytest

from rnnlib import claims, claims_pictures
from rnnlib.experiments.record import Record


@pytest.fixture
def recorded(monkeypatch):
    """A made-up claim: two units, the second one without its longest length; two seeds."""
    def row(unit, T, seed, value):
        return Record("K99", {"unit": unit, "T": T}, seed, "mse", value, 0.0, "d", "", {})

    rows = [row("rnn", T, seed, T + seed) for T in (2, 10, 30) for seed in (0, 1)]
    rows += [row("gru", T, seed, 1.0) for T in (2, 10) for seed in (0, 1)]
    rows.append(row("naive_bayes", 2, 0, 5.0))

    def results(claim, metric=None, setting=None, data=None):
        wanted = (setting or {}).items()
        return [r for r in rows if metric in (None, r.metric) and wanted <= r.setting.items()]

    monkeypatch.setattr(claims, "results", results)


def test_lines_of_different_lengths_share_one_axis(recorded):
    lines = {unit: {"unit": unit} for unit in ("rnn", "gru")}
    xs, means, halves = claims_pictures.united("K99", "mse", "T", lines)
    assert xs == [2, 10, 30] and means["rnn"] == [2.5, 10.5, 30.5]
    assert means["gru"][:2] == [1.0, 1.0] and math.isnan(means["gru"][2])
    assert halves["rnn"][0] == pytest.approx(6.3531, abs=1e-3)


def test_wide_ranges_stand_at_equal_distances_and_the_level_is_drawn(recorded):
    panel = ("mse", {"rnn": {"unit": "rnn"}})
    fig = claims_pictures.over("K99", "T", {"one": panel, "two": panel}, ("T", "error"), level=7)
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["one", "two"]
    for ax in fig.axes:
        line, level = ax.get_lines()
        assert list(line.get_xdata()) == [0, 1, 2] and list(line.get_ydata()) == [2.5, 10.5, 30.5]
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "10", "30"]
        assert set(level.get_ydata()) == {7}
    assert fig.alt == "error against T: simple RNN, simple RNN." and fig.png()


def test_one_legend_is_enough_for_panels_with_the_same_lines(recorded):
    both = ("mse", {"rnn": {"unit": "rnn"}, "gru": {"unit": "gru"}})
    one, two = claims_pictures.over("K99", "T", {"a": both, "b": both}, ("T", "")).axes
    assert one.get_legend() is None and len(two.get_legend().get_texts()) == 2


def test_bars_have_the_recorded_heights_and_whiskers_where_there_are_seeds(recorded):
    models = {unit: {"unit": unit, "T": 2} for unit in ("naive_bayes", "rnn")}
    fig = claims_pictures.groups("K99", {"first": "mse"}, models, (3, "a coin"), "percent")
    assert [bar.get_height() for bar in fig.axes[0].patches] == [5.0, 2.5]
    assert len(fig.axes[0].collections) == 1, "one whisker: naive Bayes has a single run"
