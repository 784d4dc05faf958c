"""The widgets of notebook 10: driven over all controls; they show what the cells compute."""
import numpy as np
import pytest
import torch

from rnnlib import plots
from rnnlib.cells import GRUCell, LSTMCell, RNNCell, SimpleGRUCell, loop
from rnnlib.experiments import gate_readers
from rnnlib.widgets import gate_microscope, keep_open, one_unit, variants
from rnnlib.widgets.explore import ends
from rnnlib.widgets.one_unit import NUMBERS, driven, opened
from rnnlib.widgets.variants import STAND, TURNED, compared


def microscope_widget():
    readers, _ = gate_readers.load()
    return gate_microscope(readers, {
        "a number": ("words", "the number of people", 10),
        "brackets": ("characters", 'f(x) or "y"', 5)})


WIDGETS = {"one_unit": one_unit, "variants": variants, "keep_open": keep_open,
           "gate_microscope": microscope_widget}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_can_be_driven_to_both_ends(name):
    ui = WIDGETS[name]()
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


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
def test_the_opening_state_is_the_first_preset_or_named_by_one(name):
    ui = WIDGETS[name]()
    assert any(values.items() <= ui.values.items() for values in ui.presets.values())
    assert ui.alt and ui.text.value


def test_the_hand_driven_unit_is_an_lstm_without_weights():
    """Gates forced by biases in an LSTMCell give the numbers that the widget draws."""
    signs, g = {"i": "1?01", "f": "0111", "o": "1101"}, torch.tensor([0.8, -0.5, 0.3, 0.9])
    gates = {k: opened(word, 4, 3.0) for k, word in signs.items()}
    c, h = driven(g.numpy(), gates)
    cell, state = LSTMCell(1, 1), (torch.zeros(1, 1), torch.zeros(1, 1))
    with torch.no_grad():
        cell.W.zero_(), cell.U.zero_()
        for t in range(4):
            for k in "ifo":
                cell.rows(k)[2].fill_(np.log(gates[k][t] / (1 - gates[k][t])))
            cell.rows("g")[2].fill_(torch.atanh(g[t]).item())
            state = cell(torch.zeros(1, 1), state)
            assert state[0].item() == pytest.approx(h[t], abs=1e-6)
            assert state[1].item() == pytest.approx(c[t], abs=1e-6)


def test_store_keep_release_shows_the_second_number_at_step_seven_only():
    gates = {k: opened(word, 8, 50.0) for k, word in
             {"i": "01000000", "f": "00111110", "o": "00000010"}.items()}
    h = driven(NUMBERS, gates)[1]
    assert h.tolist() == pytest.approx([0] * 6 + [np.tanh(-0.5), 0], abs=1e-9)


def test_gates_that_are_not_written_are_shut_and_other_signs_are_half_open():
    assert opened("1x", 3, 60.0).tolist() == pytest.approx([1, 0.5, 0])


@pytest.mark.parametrize("unit", ["LSTM", TURNED])
def test_renamed_forms_agree_and_one_does_not(unit):
    for name, gap in compared(unit, 2.0)[1].items():
        assert (gap < 1e-12) == ((unit, name) != ("LSTM", "cs447"))


def test_the_same_letters_with_the_other_meaning_are_another_network():
    gaps = compared(STAND, 2.0)[1]
    assert gaps["cs447"] < 1e-12 and min(gaps["cs421"], gaps["cs505"]) > 0.1
    assert gaps["cs421"] == pytest.approx(gaps["cs505"])


def test_the_microscope_draws_the_cell_it_was_given():
    readers, _ = gate_readers.load()
    tokens = ["the", "number"]
    parts, _ = readers["words"].read(tokens)
    cell = readers["words"].cell
    h, _ = loop(cell, readers["words"].E(readers["words"].vocab.encode(tokens))[None])
    assert torch.allclose(parts["h"], h[0].detach(), atol=1e-6)


@pytest.mark.parametrize("draw", [plots.four_units, plots.lstm_inside, plots.gru_inside])
def test_a_diagram_draws_on_the_axes_it_is_given(draw):
    fig = plots.figure(9, 3.6)
    ax = fig.add_subplot()
    assert draw(ax) is None and ax.texts and len(fig.axes) == 1


def test_differences_have_zero_in_the_middle():
    fig = plots.figure(8, 3)
    plots.differences(fig, {"a": ([1, 2], {"equal": ([0.5, -2.0], [0.1, 0.2])})})
    low, high = fig.axes[0].get_ylim()
    assert low == -high


@pytest.mark.parametrize("kind, states", [(RNNCell, 1), (SimpleGRUCell, 1), (GRUCell, 1),
                                          (LSTMCell, 2)])
def test_only_the_lstm_hands_on_two_vectors(kind, states):
    cell, x = kind(3, 5), torch.ones(2, 3)
    state = cell(x, cell.start(2))
    parts = state if isinstance(state, tuple) else (state,)
    assert [tuple(part.shape) for part in parts] == [(2, 5)] * states
    assert cell.output(state) is parts[0]
