"""The widgets and pictures of notebook 14: driven over all controls, they show what is computed."""
import pytest
import torch
from test_experiments_14 import CORPUS, EXAMPLES, PHONES, Copier, batches

from rnnlib import plots
from rnnlib.experiments import drift
from rnnlib.widgets import astray, who_gains
from rnnlib.widgets.astray import said
from rnnlib.widgets.explore import ends

LINES = {"after gold phones": [0.0, 10.0, 20.0], "after its own phones": [0.0, 30.0, 45.0]}
LOG_P = torch.tensor([0.32, 0.08, 0.05, 0.05, 0.2, 0.05, 0.125, 0.125]).log()
COSTS = torch.tensor([1.0, 2, 0, 1, 2, 2, 1, 2]) / 3
TEXTS = ["aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"]


def slip():
    return astray(Copier(True), CORPUS, EXAMPLES, LINES,
                  {"first": ("bca", 1), "second": ("abc", 2), "long": ("abcabcabca", 4)})


def gaining():
    return who_gains(TEXTS, LOG_P, COSTS, 2, {"all": {"alpha": 1.0, "n": 7},
                                              "flat": {"alpha": 0.05, "n": 7},
                                              "one": {"alpha": 1.0, "n": 1}})


WIDGETS = {"astray": slip, "who_gains": gaining}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_can_be_driven_to_both_ends(name):
    ui = WIDGETS[name]()
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_and_every_preset_changes_the_picture(name):
    ui = WIDGETS[name]()
    assert next(iter(ui.presets.values())).items() <= ui.values.items() and ui.text.value
    for control, value in ui.values.items():
        pictures = set()
        for end in [*ends(ui.controls[control]), value]:
            ui.set({control: end})
            pictures.add(ui.image.value)
        assert len(pictures) > 1, f"{control} changes nothing"
    pictures = set()
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


def test_the_line_below_says_how_many_further_errors_a_slip_brings():
    ui = slip()
    rows, further = drift.story(Copier(True), CORPUS, "bca", ["B", "C", "A"], 0)
    assert further == 1 and "phone 1 brings one further error" in ui.text.value
    assert rows["after a slip"][0][1] == "slip"
    assert "no further error" in said("x", 0, 0, False) and "3 further" in said("x", 0, 3, False)
    assert "2 fewer errors" in said("x", 0, -2, False)


def test_a_place_behind_the_end_of_a_word_is_its_last():
    ui = slip()
    ui.set({"word": "cc", "place": 9})
    assert "phone 2 (its last)" in ui.text.value


def test_who_costs_less_than_the_mean_gains():
    """By hand: the risk of all eight texts is 1.405 / 3, so cost 1/3 gains and 2/3 loses."""
    ui = gaining()
    assert "Risk 0.468" in ui.text.value
    assert "These gain: aba, aaa, bba, abb;" in ui.text.value
    ui.set({"alpha": 1.0, "n": 1})
    assert "Risk 0.288" in ui.text.value and "These gain: aba;" in ui.text.value


def test_the_colours_of_the_candidates_follow_their_pull():
    fig = plots.figure(8, 3)
    plots.candidates(fig, ["x", "y", "z"], [0.5, 0.3, 0.2], [0, 1, 0.5], [0.2, -0.2, 0.0], 0.5)
    shown = [bar.get_facecolor() for bar in fig.axes[1].patches]
    assert len(set(shown)) == 3
    assert [bar.get_width() for bar in fig.axes[0].patches] == [0.5, 0.3, 0.2]


def test_a_gain_is_coloured_only_where_its_interval_is_clear_of_zero():
    ax = plots.figure(6, 3).subplots()
    plots.gains(ax, {"better": (-1.0, 0.5, [-1.2, -0.8]), "unclear": (-1.0, 1.5, [-2.0, 0.0]),
                     "worse": (1.0, 0.5, [0.8, 1.2])}, "difference")
    colours = [line.get_color() for line in ax.lines if line.get_marker() == "D"]
    assert len(set(colours)) == 3


def test_each_word_of_a_text_has_a_tile_of_its_kind():
    ax = plots.figure(6, 2).subplots()
    plots.text_rows(ax, {"gold": [("A", "right")], "own": [("B", "wrong"), ("A", "slip")]}, 5)
    assert len(ax.patches) == 3 and len({patch.get_facecolor() for patch in ax.patches}) == 3


def test_the_pictures_of_the_notebook_are_drawn():
    one = batches()
    draws = {
        "clouds": lambda fig: plots.clouds(fig, {"1": [[0.1, 0.2]], "5": [[0.0, 0.1]]}, (0, 0.1),
                                           ("x", "y"), 0.5),
        "places": lambda fig: plots.by_place(
            fig.subplots(), drift.by_position(Copier(True), one, PHONES.eos, range(4)),
            halves={"gold": [1.0] * 4, "own": [1.0] * 4}),
    }
    for name, draw in draws.items():
        figure = plots.figure(6, 2.4, alt="x")
        empty = figure.png()
        draw(figure)
        assert figure.png() != empty, name
