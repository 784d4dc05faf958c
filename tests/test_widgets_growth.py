"""The sliders over a character model's training and its units: driven over all controls."""

import pytest

from rnnlib import datasets
from rnnlib.experiments import char_growth, char_model, char_units
from rnnlib.widgets import growth_of_text, units_in_text
from rnnlib.widgets.explore import ends
from rnnlib.widgets.growth_of_text import TITLES


def units_widget():
    reader, poet = char_units.load(), char_model.load()
    text = char_units.readable(datasets.load("pydoc").test[:20_000], reader.vocab)
    return units_in_text({"documentation": (reader, text, "pydoc"),
                          "verse": (poet, char_units.own_text(poet, 200), "tinyshakespeare")})


WIDGETS = {"growth_of_text": growth_of_text, "units_in_text": units_widget}


@pytest.fixture(scope="module", params=WIDGETS)
def ui(request):
    return WIDGETS[request.param]()


def test_every_control_can_be_driven_to_both_ends(ui):
    before = ui.values
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before


def test_every_control_and_every_preset_changes_the_picture(ui):
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
    ui.set(ui.start)


def test_it_opens_on_one_of_its_buttons_and_speaks(ui):
    assert any(values.items() <= ui.start.items() for values in ui.presets.values())
    assert ui.alt and ui.text.value


def test_the_slider_says_what_was_recorded():
    ui, samples = growth_of_text(), char_growth.load("pydoc")
    last = samples["steps"][-1]
    ui.set({"text": TITLES["pydoc"], "updates": last["updates"]})
    assert f"{last['nats']:.2f} nats" in ui.text.value
    ui.set({"updates": 0})
    assert "nothing yet" in ui.text.value


def test_the_line_below_the_units_gives_their_scores():
    ui = units_widget()
    unit = ui.presets["quote"]["unit"]
    ui.set(ui.presets["quote"])
    score = float(ui.text.value.split("quote ")[1].split(",")[0])
    assert f"Unit {unit} follows" in ui.text.value and abs(score) > 0.5
