"""The widgets of notebook 05: driven over all controls; they show what decoding computes."""
import math

import pytest
import torch

from rnnlib import decode, plots
from rnnlib.cells import LSTMCell
from rnnlib.experiments.toy_texts import Table
from rnnlib.models import LanguageModel
from rnnlib.plots.search_tree import Tree
from rnnlib.text import Vocab
from rnnlib.widgets import choosing, grow_beam
from rnnlib.widgets.explore import ends
from rnnlib.widgets.grow_beam import BEAMS, all_texts, growth

TOY = Table({"": {"the": 0.5, "a": 0.3, "witches": 0.2}, "the": {"cat": 0.6, "dog": 0.4},
             "a": {"cat": 0.9, "dog": 0.1}, "witches": {"arrived": 0.95, "slept": 0.05},
             "the cat": {"slept": 0.7, "sat": 0.3}})
VOCAB = Vocab(list("\n abcdeROMI:"))


def model():
    torch.manual_seed(0)
    return LanguageModel(len(VOCAB), 4, LSTMCell(4, 6)).eval()


def tree_widget():
    return grow_beam(TOY)


def choosing_widget():
    reader = model()
    return choosing(reader.step, reader.start(1), VOCAB, "ROMEO:\n".replace("E", "e"), length=30)


WIDGETS = {"grow_beam": tree_widget, "choosing": choosing_widget}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_can_be_driven_to_both_ends(name):
    ui = WIDGETS[name]()
    before = ui.values
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_and_every_preset_changes_the_picture(name):
    ui = WIDGETS[name]()
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


@pytest.mark.parametrize("name", WIDGETS)
def test_the_opening_state_is_named_by_a_preset(name):
    ui = WIDGETS[name]()
    assert any(values.items() <= ui.values.items() for values in ui.presets.values())
    assert ui.alt and ui.text.value


def test_the_tree_holds_every_text_and_each_beginning_has_the_sum_of_its_texts():
    texts = all_texts(TOY, 6)
    assert len(texts) == 7 and sum(texts.values()) == pytest.approx(1)
    tree = Tree(texts)
    assert tree.probability["the",] == pytest.approx(0.5)
    assert tree.probability["the", "cat"] == pytest.approx(0.3)
    rows = [tree.places[text][1] for text in texts]
    assert sorted(rows) == list(range(len(texts)))


@pytest.mark.parametrize("beam", BEAMS)
def test_what_the_widget_calls_ended_is_what_the_search_returns(beam):
    steps = growth(TOY, BEAMS[beam], 6)
    ended = {text for one in steps for text, fate in one.items() if fate == "ended"}
    layers = decode.search(TOY.step, *TOY.begin(), BEAMS[beam], TOY.end, 6)
    found = decode.beams.collect(layers, 1)[0]
    assert ended == {tuple(TOY.vocab.decode(list(one.ids))) for one in found if one.finished}


def test_the_line_below_the_tree_tells_the_best_text_found_and_the_best_of_all():
    ui = tree_widget()
    ui.set({"beam": "width 1", "step": ui.controls["step"].max})
    assert "the cat slept" in ui.text.value and "0.210" in ui.text.value
    assert "a cat" in ui.text.value and "0.270" in ui.text.value
    ui.set({"beam": "width 3", "step": ui.controls["step"].max})
    assert "the best there is" in ui.text.value


def test_greedy_leaves_one_character_and_its_text_is_the_greedy_one():
    ui = choosing_widget()
    ui.set({"temperature": 0.0})
    assert "1 character can be drawn; the choice holds 0.00 bits" in ui.text.value
    ui.set({"temperature": 1.0, "k": 3})
    assert "3 characters can be drawn" in ui.text.value


def test_what_the_filter_removed_is_marked_out_and_the_rest_is_written_as_a_number():
    fig = plots.figure(4, 3)
    ax = fig.subplots()
    after = decode.top_k(torch.tensor([0.5, 0.3, 0.2]).log(), 2).exp()
    plots.filtered(ax, [0.5, 0.3, 0.2], after, ["a", " ", "c"])
    assert [text.get_text() for text in ax.texts] == ["0.62", "0.38", "out"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "␣", "c"]


def test_widths_stand_on_a_scale_of_doublings_with_their_levels():
    fig = plots.figure(6, 3)
    plots.by_width(fig, {"errors": ([1, 2, 8], {"beam": [3, 2, 1]}, {"beam": [0.1, 0.1, 0.1]}),
                         "length": ([1, 2, 8], {"beam": [5, 5, 4]}, {})},
                   {"errors": {"exact": 0.5}})
    left, right = fig.axes
    assert [tick.get_text() for tick in left.get_xticklabels()] == ["1", "2", "8"]
    assert left.lines[0].get_xdata().tolist() == [0, 1, 3]
    assert left.lines[-1].get_ydata() == [0.5, 0.5] and left.get_ylabel() == "errors"
    assert len(right.lines) == 1 and len(fig.legends) == 1


def test_the_table_of_a_toy_says_what_it_was_given():
    token, state = TOY.begin()
    log_probs, state = TOY.step(token, state)
    said = dict(zip(TOY.vocab.symbols, log_probs[0].exp().tolist(), strict=True))
    assert {w: p for w, p in said.items() if p} == pytest.approx(
        {"the": 0.5, "a": 0.3, "witches": 0.2})
    log_probs, state = TOY.step(torch.tensor([TOY.vocab["witches"]]), state)
    log_probs, _ = TOY.step(torch.tensor([TOY.vocab["slept"]]), state)
    assert math.exp(log_probs[0, TOY.end]) == 1
