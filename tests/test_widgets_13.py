"""The widgets and pictures of notebook 13: driven over all controls, they show what is computed."""
import numpy as np
import pytest

from rnnlib import plots
from rnnlib.experiments import phrase_translator
from rnnlib.widgets import cover_word, soft_choice
from rnnlib.widgets.soft_choice import PRESETS

SAMPLES = {"nothing": ("the green witch arrived", 0), "the colour": ("the green witch arrived", 2)}


@pytest.fixture(scope="module")
def translator():
    return phrase_translator.load()[0]


@pytest.fixture
def widgets(translator):
    return {"soft_choice": soft_choice(), "cover_word": cover_word(translator, SAMPLES)}


@pytest.mark.parametrize("name", ["soft_choice", "cover_word"])
def test_every_control_can_be_driven_to_both_ends(widgets, name):
    ui = widgets[name]
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


@pytest.mark.parametrize("name", ["soft_choice", "cover_word"])
def test_it_opens_on_its_first_preset_and_every_preset_is_another_picture(widgets, name):
    ui = widgets[name]
    assert next(iter(ui.presets.values())).items() <= ui.values.items() and ui.text.value
    pictures = set()
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


def test_a_state_of_length_zero_chooses_nothing():
    ui = soft_choice()
    ui.set(PRESETS["no choice"])
    assert "33% of the weight" in ui.text.value


def test_between_two_states_no_length_decides():
    ui = soft_choice()
    ui.set(PRESETS["between two"])
    share = int(ui.text.value.split("%")[0].split(">")[-1])
    assert 49 <= share <= 51


def test_a_covered_word_changes_what_is_written(translator):
    ui = cover_word(translator, SAMPLES)
    assert "Nothing is covered" in ui.text.value
    ui.set({"cover": 2})
    now = " ".join(translator.words(translator.answer("the green witch arrived", [1])))
    assert f"Now: {now}." in ui.text.value or f"is written: {now}." in ui.text.value


@pytest.mark.parametrize("typed", ["", "?", "xyzzy", "😀 日本語", "w" * 5000, "the " * 300])
def test_any_text_can_be_typed(translator, typed):
    ui = cover_word(translator, SAMPLES)
    for place in (0, 1, 16):
        ui.set({"text": typed, "cover": place})
    assert ui.text.value


def test_an_unknown_word_is_named(translator):
    ui = cover_word(translator, SAMPLES)
    ui.set({"text": "the green xyzzy arrived"})
    assert "xyzzy" in ui.text.value and "words of the grammar" in ui.text.value


def test_the_ribbons_of_a_word_fill_its_box():
    fig = plots.figure(6, 3)
    a = np.array([[0.25, 0.75], [1.0, 0.0]])
    plots.ribbons(fig, ["one", "two"], ["uno", "dos"], a)
    bands = [path.vertices for path in fig.axes[0].collections[-1].get_paths()]
    assert len(bands) == 3  # a weight of zero has no ribbon
    wide = [band[7, 0] - band[0, 0] for band in bands]
    assert wide[0] == pytest.approx(wide[1] / 3)
    assert wide[2] == pytest.approx(wide[0] + wide[1])


def test_a_word_that_was_not_written_before_is_lit():
    fig = plots.figure(6, 3)
    plots.ribbons(fig, ["one"], ["uno", "dos"], np.ones((2, 1)), 0, ["uno", "tres"])
    boxes = [patch.get_facecolor() for patch in fig.axes[0].patches]
    assert len(set(boxes)) == 3  # covered, as before, new


def test_the_context_stays_in_the_triangle():
    fig = plots.figure(9, 4)
    h = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    a = np.array([0.2, 0.3, 0.5])
    plots.three_states(fig, h, np.array([0.5, 0.5]), h @ [0.5, 0.5], a, a @ h)
    star = next(line for line in fig.axes[0].lines if line.get_marker() == "*")
    assert np.allclose(star.get_xydata()[0], [-0.3, -0.2])
