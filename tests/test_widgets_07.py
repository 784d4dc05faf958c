"""The widgets and pictures of notebook 07: driven over all controls, true to what they show."""
import random

import pytest
import torch

from rnnlib import plots
from rnnlib.experiments import intent_readers
from rnnlib.widgets import chatter, verdict
from rnnlib.widgets.chatter import around_fixed
from rnnlib.widgets.explore import ends

SAMPLES = {"balance": "how much money do i have in my account", "joke": "please tell me a joke"}
QUESTIONS = {"what is the balance of my account": 0, "please tell me a joke right now": 1}
OTHER = "the old man sat by the window and looked at the rain".split() * 12


@pytest.fixture(scope="module")
def readers():
    return intent_readers.load()[0]


@pytest.fixture(scope="module")
def ui(readers):
    kinds = readers["chatter"]["max"].kinds
    asked = {text: kinds[n] for text, n in QUESTIONS.items()}
    return {"verdict": verdict(readers["intents"], SAMPLES),
            "chatter": chatter(readers["chatter"], asked, OTHER)}


@pytest.mark.parametrize("name", ["verdict", "chatter"])
def test_every_control_can_be_driven_to_both_ends(ui, name):
    before = ui[name].values
    assert ui[name].sweep() >= 2 * len(ui[name].controls) + len(ui[name].presets)
    assert ui[name].values == before


@pytest.mark.parametrize("name", ["verdict", "chatter"])
def test_every_control_and_every_preset_changes_the_picture(ui, name):
    one = ui[name]
    for control, value in one.values.items():
        pictures = set()
        for end in [*ends(one.controls[control]), value]:
            one.set({control: end})
            pictures.add(one.image.value)
        assert len(pictures) > 1, f"{control} changes nothing"
    one.set(one.start)
    pictures = set()
    for values in one.presets.values():
        one.set(values)
        pictures.add(one.image.value)
    assert len(pictures) == len(one.presets)


@pytest.mark.parametrize("name", ["verdict", "chatter"])
def test_the_opening_state_is_named_by_a_preset(ui, name):
    one = ui[name]
    one.set(one.start)
    assert any(values.items() <= one.values.items() for values in one.presets.values())
    assert one.alt and one.text.value


def test_the_line_below_names_the_darkest_word_and_the_one_that_is_missed_most(ui, readers):
    one, words = readers["intents"]["last"], SAMPLES["joke"].split()
    ui["verdict"].set({"text": SAMPLES["joke"], "first": "last"})
    shares, without = one.shares(words), one.without(words)
    dark = words[max(range(5), key=shares.__getitem__)]
    assert f"keeps the last state: darkest is &#x27;{dark}&#x27;" in ui["verdict"].text.value
    missed = words[min(range(5), key=without.__getitem__)]
    assert missed in ui["verdict"].text.value


def test_odd_texts_are_drawn(ui):
    for text in ("", "?", "word", "🙂 слово", "$x$ & <b>", "y" * 300, "so " * 40):
        ui["verdict"].set({"text": text})
    ui["verdict"].set(ui["verdict"].start)


def test_a_word_of_ten_thousand_letters_is_cut_and_a_long_text_says_what_is_read(ui):
    ui["verdict"].set({"text": "tell me a joke " + "y" * 10_000})
    assert "y" * 20 not in ui["verdict"].text.value
    assert len(ui["verdict"].text.value) < 1000 and "Only the first" not in ui["verdict"].text.value
    ui["verdict"].set({"text": "so " * 15})
    assert "Only the first 14 words are read." in ui["verdict"].text.value
    ui["verdict"].set(ui["verdict"].start)


def test_the_curve_of_a_reader_is_its_probability(ui, readers):
    ui["chatter"].set({"k": 3, "where": "behind"})
    question = ui["chatter"].values["question"]
    label = readers["chatter"]["max"].kinds[0]
    p = ui["chatter"].text.value.split("simple RNN, max ")[1].split(".<")[0]
    start = random.Random(0).randrange(len(OTHER) - 40)
    words = [*question.split(), *OTHER[start : start + 3]]
    assert float(p) == pytest.approx(readers["chatter"]["max"].probabilities([words], label)[0],
                                     abs=0.006)


def test_a_question_is_found_at_its_place():
    assert around_fixed(["a", "b"], ["x"], "behind") == (["a", "b", "x"], (0, 2))
    assert around_fixed(["a", "b"], ["x"], "in front") == (["x", "a", "b"], (1, 3))


def test_reliability_leaves_empty_bins_out():
    picture = plots.figure(4, 3, alt="x")
    ax = picture.subplots()
    nan = float("nan")
    plots.reliability(ax, {"model": (torch.tensor([0.1, nan, 0.9]), torch.tensor([0.2, nan, 0.8]),
                                     torch.tensor([5.0, 0.0, 20.0]))})
    assert ax.lines[1].get_xdata().tolist() == pytest.approx([0.1, 0.9])
    assert picture.png()
