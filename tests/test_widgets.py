"""widgets: driven over all their controls without a browser; what fails must fail loudly."""

import ipywidgets
import numpy as np
import pytest
import torch

from rnnlib import trace
from rnnlib.cells import GRUCell, LSTMCell, RNNCell, loop
from rnnlib.decode import sample
from rnnlib.models import LanguageModel
from rnnlib.text import Vocab
from rnnlib.widgets import error_flow, explore, flow_back, step_through, window, writer
from rnnlib.widgets.explore import ends
from rnnlib.widgets.step_through import read
from rnnlib.widgets.writer import continue_it

SYMBOLS = list("ehlo w")


def network(seed=0):
    torch.manual_seed(seed)
    return RNNCell(len(SYMBOLS), 4), torch.randn(len(SYMBOLS), 4)


def step_widget():
    return step_through(*network(), SYMBOLS, "hello")


def error_widget():
    ids = torch.tensor([SYMBOLS.index(c) for c in "hello"])
    return error_flow(*network(), torch.eye(len(SYMBOLS))[ids], ids.roll(-1), list("hello"))


def window_widget():
    sizes = {name: np.tril(np.random.default_rng(n).random((8, 8))) for n, name in enumerate("ab")}
    measured = {
        name: ([1, 2, 4, 8], {"carried": [0.5 + 0.1 * n, 0.8, 0.9, 1.0]}, None)
        for n, name in enumerate("ab")
    }
    return window(sizes, list("truncate"), measured)


def character_model():
    torch.manual_seed(0)
    vocab = Vocab(["\n", " ", *"abcdeh"])
    return LanguageModel(len(vocab), 8, GRUCell(8, 8)).eval(), vocab


def writer_widget():
    model, vocab = character_model()
    return writer(model.step, model.start(1), vocab, text="abc", length=20)


WIDGETS = {
    "step_through": step_widget,
    "error_flow": error_widget,
    "window": window_widget,
    "writer": writer_widget,
}


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
def test_one_bundle_has_live_view_picture_and_alt_text(name):
    ui = WIDGETS[name]()
    data, facts = ui._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == ui.alt == ui.image.tooltip == facts["image/png"]["alt"]
    assert facts["image/png"]["width"] == int(ui.image.width) == 900
    assert bytes(ui.image.value).startswith(b"\x89PNG")


def tree(widget):
    return [widget, *(w for child in getattr(widget, "children", ()) for w in tree(child))]


@pytest.mark.parametrize("name", WIDGETS)
def test_no_widget_hides_errors_in_an_output(name):
    assert not any(isinstance(w, ipywidgets.Output) for w in tree(WIDGETS[name]().panel))


# ---- explore ----


class Counted:
    """A drawing function that counts its calls and fails at k = 3."""

    def __init__(self):
        self.calls = []

    def __call__(self, fig, k, word="a"):
        self.calls.append((k, word))
        fig.subplots().plot([0, 1 / (k - 3)])
        return f"k is <{k}>"


def slider(value=1):
    return ipywidgets.IntSlider(value=value, min=0, max=8)


def test_a_change_in_the_browser_that_fails_is_shown_in_red_and_keeps_the_picture():
    ui = explore(Counted(), {"k": slider()}, "a line")
    before = ui.image.value
    ui.controls["k"].value = 3
    assert 'class="rnnlib-error"' in ui.error.value and "ZeroDivisionError" in ui.error.value
    assert ui.image.value == before
    ui.controls["k"].value = 4
    assert ui.error.value == "" and ui.image.value != before


@pytest.mark.parametrize("drive", [lambda ui: ui.set({"k": 3}), lambda ui: ui.sweep()])
def test_a_drive_that_fails_raises(drive):
    with pytest.raises(ZeroDivisionError):
        drive(explore(Counted(), {"k": slider()}, "a line", presets={"bad": {"k": 3}}))


def test_a_sweep_finds_an_error_at_an_end():
    def draw(fig, k):
        1 / (k - 8)

    with pytest.raises(ZeroDivisionError):
        explore(draw, {"k": slider()}, "a line").sweep()


def test_a_first_picture_that_fails_raises():
    with pytest.raises(ZeroDivisionError):
        explore(Counted(), {"k": slider(3)}, "a line")


def test_one_change_is_one_redraw():
    draw = Counted()
    ui = explore(
        draw,
        {"k": slider(), "word": ipywidgets.Text("a")},
        "a line",
        presets={"both": {"k": 5, "word": "b"}},
    )
    ui.controls["k"].value = 2
    ui.controls["word"].value = "ab"
    ui.set({"k": 4, "word": "c"})
    ui.buttons["both"].click()
    ui.buttons["reset"].click()
    assert draw.calls == [(1, "a"), (2, "a"), (2, "ab"), (4, "c"), (5, "b"), (1, "a")]


def test_the_button_of_the_present_setting_stands_out():
    ui = explore(Counted(), {"k": slider()}, "a line", presets={"big": {"k": 8}})
    assert [b.button_style for b in ui.buttons.values()] == ["", "info"]
    ui.controls["k"].value = 8
    assert [b.button_style for b in ui.buttons.values()] == ["info", ""]


def test_a_button_that_fails_says_so_in_red():
    ui = explore(Counted(), {"k": slider()}, "a line", presets={"bad": {"k": 3}})
    ui.buttons["bad"].click()
    assert "ZeroDivisionError" in ui.error.value


def test_what_is_said_is_shown_as_it_is():
    ui = explore(Counted(), {"k": slider()}, "a line", "claim: <s> begins")
    assert "k is &lt;1&gt;" in ui.text.value
    assert "&lt;s&gt; begins" in ui.panel.children[0].value


@pytest.mark.parametrize(
    "values, said",
    [
        ({"q": 1}, r"set names 'q', expected one of \['k'\]"),
        ({"k": 99}, "k does not take 99: the control made it 8; choose a value within its limits"),
    ],
)
def test_values_that_are_not_taken_are_one_sentence(values, said):
    with pytest.raises(ValueError, match=said):
        explore(Counted(), {"k": slider()}, "a line").set(values)


def test_a_preset_of_an_unknown_control_is_one_sentence():
    with pytest.raises(ValueError, match="the preset 'big' names 'q', expected one of"):
        explore(Counted(), {"k": slider()}, "a line", presets={"big": {"q": 1}})


@pytest.mark.parametrize(
    "control, values",
    [
        (ipywidgets.IntSlider(min=2, max=5), [2, 5]),
        (ipywidgets.FloatLogSlider(base=10, min=-2, max=1), [0.01, 10]),
        (ipywidgets.Checkbox(), [False, True]),
        (ipywidgets.Dropdown(options=[("one", 1), ("two", 2)]), [1, 2]),
        (ipywidgets.SelectionSlider(options=[1, 4]), [1, 4]),
        (ipywidgets.Text(), ["", "?"]),
        (ipywidgets.IntRangeSlider(min=0, max=9), [(0, 0), (0, 9), (9, 9)]),
    ],
)
def test_a_sweep_knows_the_ends_of_every_control(control, values):
    assert ends(control) == values
    explore(lambda fig, x: None, {"x": control}, "nothing").sweep()


# ---- the numbers behind the pictures ----


def test_the_states_on_the_step_widget_are_those_of_the_loop():
    cell, V = network()
    seen = read(cell, V, SYMBOLS, list("hello"))
    h = loop(cell, torch.from_numpy(seen["x"])[None])[0][0].detach()
    assert torch.allclose(torch.from_numpy(seen["h"]), h, atol=1e-6)
    assert torch.allclose(torch.from_numpy(seen["y"]), torch.softmax(h @ V.T, -1), atol=1e-6)


def test_the_step_widget_notices_the_same_letter_and_skips_unknown_ones():
    ui = step_widget()
    ui.set(ui.presets["l again"])
    assert "Step 4 reads &#x27;l&#x27;. Step 3 read it too" in ui.text.value
    ui.set({"word": "hexe", "t": 3})
    assert (
        "Step 3 reads &#x27;e&#x27;" in ui.text.value
        and "it reads only &#x27;hee&#x27;" in ui.text.value
    )
    ui.set({"word": ""})
    assert "Type a word of these letters: e h l o" in ui.text.value


def test_the_slider_of_the_step_widget_ends_with_the_word():
    ui = step_widget()
    ui.set({"t": 5})
    for word, end in [("hole", 4), ("", 4), ("lox", 2), ("hello" * 3, 12)]:
        ui.set({"word": word})
        assert ui.controls["t"].max == end and ui.values["t"] <= end
    ui.set({"t": 12})
    ui.sweep()
    assert ui.values == {"word": "hello" * 3, "t": 12}


@pytest.mark.parametrize(
    "arguments, said",
    [
        (
            (RNNCell(3, 4), torch.zeros(6, 4), SYMBOLS, "hello"),
            "expected one input unit and one row of V per symbol",
        ),
        (
            (RNNCell(6, 4), torch.zeros(5, 4), SYMBOLS, "hello"),
            r"got D = 6 and V \(5, 4\) with H = 4",
        ),
        (
            (*network(), SYMBOLS, "hexe"),
            "expected a word of 1 to 12 of the symbols 'ehlo w', got 'hexe'",
        ),
        ((*network(), SYMBOLS, ""), "expected a word of 1 to 12"),
        (
            (LSTMCell(6, 4), torch.zeros(6, 4), SYMBOLS, "hello"),
            "expected a simple RNNCell, got LSTMCell",
        ),
    ],
)
def test_weights_that_do_not_fit_are_one_sentence(arguments, said):
    with pytest.raises(ValueError, match=said):
        step_through(*arguments)


def test_the_error_widget_says_the_sizes_of_both_parts():
    ids = torch.tensor([SYMBOLS.index(c) for c in "hello"])
    found = trace.errors(*network(), torch.eye(6)[ids][None], ids.roll(-1)[None])
    ui = error_widget()
    ui.set({"back": 5})
    assert f"has size {found.own[0, 0].norm():.2f}" in ui.text.value
    assert f"from steps 2 to 5 has size {found.future[0, 0].norm():.2f}" in ui.text.value


def test_known_errors_flow_back_like_those_of_the_network():
    ids = torch.tensor([SYMBOLS.index(c) for c in "hello"])
    found = trace.errors(*network(), torch.eye(6)[ids][None], ids.roll(-1)[None])
    known = flow_back({name: value[0] for name, value in found._asdict().items()}, list("hello"))
    assert known.image.value == error_widget().image.value


def test_the_writer_continues_what_was_typed():
    model, vocab = character_model()
    ids = [0, *vocab.encode(list("abc")).tolist()]
    p, written = continue_it((model.step, model.start(1)), ids, 20, 0.7, 3)
    _, state = model(torch.tensor([ids[:-1]]))
    assert torch.equal(written, sample(model.step, torch.tensor(ids[-1:]), state, 20, 0.7, 3)[0])
    scores = model(torch.tensor([ids]))[0][0, -1].detach()
    assert torch.allclose(p, torch.softmax(scores / 0.7, -1), atol=1e-5)


def test_the_writer_skips_what_its_model_never_saw():
    ui = writer_widget()
    ui.set({"text": "ax!"})
    assert "The model has never seen ! x and skips it." in ui.text.value
    same = ui.image.value
    ui.set({"text": "a"})
    assert ui.image.value == same
