"""The widgets and pictures of notebook 01: driven over all controls, true to what they show."""
import pytest

from rnnlib import plots
from rnnlib.experiments import out_of_window, word_order
from rnnlib.widgets import cue, reorder
from rnnlib.widgets.explore import ends
from rnnlib.widgets.reorder import SENTENCES


@pytest.fixture(scope="module")
def readers():
    return word_order.readers(seed=0, updates=200)


@pytest.fixture(scope="module")
def ui(readers):
    return {"reorder": reorder(readers),
            "cue": cue({name: out_of_window.trained(full, 0, 150) for name, full in
                        [("window", "window 5"), ("rnn", "rnn")]})}


@pytest.mark.parametrize("name", ["reorder", "cue"])
def test_every_control_can_be_driven_to_both_ends(ui, name):
    before = ui[name].values
    assert ui[name].sweep() >= 2 * len(ui[name].controls) + len(ui[name].presets)
    assert ui[name].values == before


@pytest.mark.parametrize("name", ["reorder", "cue"])
def test_every_control_and_every_preset_changes_the_picture(ui, name):
    one = ui[name]
    for control, value in one.values.items():
        pictures = set()
        for end in [*ends(one.controls[control]), value]:
            one.set({control: end})
            pictures.add(one.image.value)
        assert len(pictures) > 1, f"{control} changes nothing"
    pictures = set()
    for values in one.presets.values():
        one.set(values)
        pictures.add(one.image.value)
    assert len(pictures) == len(one.presets)


@pytest.mark.parametrize("name", ["reorder", "cue"])
def test_the_opening_state_is_named_by_a_preset(ui, name):
    one = ui[name]
    one.set(one.start)
    assert any(values.items() <= one.values.items() for values in one.presets.values())
    assert one.alt and one.text.value


def test_it_opens_on_the_effect_that_its_caption_claims(ui):
    ui["reorder"].set(ui["reorder"].start)
    assert "by more than 0.1: the recurrent net." in ui["reorder"].text.value


def test_within_the_window_the_window_notices_and_the_bag_never_does(ui):
    one = ui["reorder"]
    one.set(one.presets["within the window"])
    assert "the window, the recurrent net" in one.text.value
    for number in range(1, 8):
        one.set({"shuffle": number})
        assert "the bag" not in one.text.value


def test_the_sentences_of_the_widget_are_known_to_the_models(readers):
    assert all(word in readers["bag"].vocab for text in SENTENCES.values() for word in text.split())


def test_the_window_is_sure_inside_and_knows_nothing_outside(ui):
    one = ui["cue"]
    one.set({"k": 4})
    assert "window 1.00" in one.text.value or "window 0.9" in one.text.value
    one.set({"k": 5})
    first = one.text.value.split("window ")[1].split(",")[0]
    one.set({"which": "many"})
    second = one.text.value.split("window ")[1].split(",")[0]
    one.set(one.start)
    assert float(first) + float(second) == pytest.approx(1, abs=0.011)  # the cue changes nothing


def test_exact_zeros_are_grey_in_the_picture_of_influences():
    fig = plots.figure(4, 4)
    ax = fig.subplots()
    plots.influence(ax, [[1.0, 0.0], [1e-9, 1.0]], ["a", "b"])
    rgb = ax.images[0].get_array()
    assert tuple(rgb[0, 1]) == pytest.approx((0.93,) * 3)
    assert tuple(rgb[1, 0]) != tuple(rgb[0, 1])  # a small one is not drawn as zero


def test_every_position_of_a_cue_picture_has_a_bar_or_a_zero():
    fig = plots.figure(9, 4)
    plots.cue_reach(fig, list("abcd"), 1, 2, {"window": [0, 0, 1, 1], "rnn": [1e-20, 1, 1, 1]})
    row, window, rnn = fig.axes
    zeros = [text for made in window.collections for text in getattr(made, "texts", [])]
    assert len(window.patches) == 2 and zeros == ["0", "0"]
    assert len(rnn.patches) == 4 and min(bar.get_height() for bar in rnn.patches) > 0


def test_texts_of_two_lengths_meet_other_weights_and_signals_keep_their_values():
    fig = plots.figure(7, 2)
    ax = fig.subplots()
    plots.own_weights(ax, [["good", "day"], ["a", "good", "day"]])
    assert len(ax.patches) == 6
    fig = plots.figure(7, 3)
    plots.signals(fig, {"up": ([1, 2, 3], [3, 1, 2])})
    assert [len(ax.lines) for ax in fig.axes] == [1, 1]
