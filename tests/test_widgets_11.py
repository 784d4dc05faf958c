"""The widgets and pictures of notebook 11: driven over all controls, they show what is computed."""
from itertools import islice

import pytest

from rnnlib import plots
from rnnlib.experiments import letter_taggers
from rnnlib.text_bpe import BPE, growing
from rnnlib.widgets import grow_pieces, made_up_word
from rnnlib.widgets.made_up_word import best

WORDS = "the low lower lowest newer newest wide wider widest then these the the".split() * 5
SAMPLES = {"ly": ("He snarply left .", 2), "ed": ("the dog zorbed it .", 3)}


def made_up():
    return made_up_word(letter_taggers.load(), SAMPLES)


def pieces():
    found = list(islice(growing(WORDS), 40))
    return grow_pieces(found, WORDS[:13], {"three": (3, "the lowest owl"),
                                           "letters": (0, "the lowest owl")})


WIDGETS = {"made_up_word": made_up, "grow_pieces": pieces}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_can_be_driven_to_both_ends(name):
    ui = WIDGETS[name]()
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


@pytest.mark.parametrize("name", WIDGETS)
def test_it_opens_on_its_first_preset_and_every_preset_is_another_picture(name):
    ui = WIDGETS[name]()
    assert next(iter(ui.presets.values())).items() <= ui.values.items() and ui.text.value
    pictures = set()
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


def test_the_last_letters_of_an_adverb_decide_it():
    ui = made_up()
    assert "ADV" in ui.text.value and "letter 7" in ui.text.value


@pytest.mark.parametrize("typed", ["", "?", "x", "😀 日本語 zorbed", "w" * 10_000, "a " * 500])
def test_any_text_can_be_typed(typed):
    ui = made_up()
    for place in (1, 12):
        ui.set({"text": typed, "place": place})
    assert ui.text.value


def test_a_sentence_that_is_too_short_shows_its_last_word():
    ui = made_up()
    ui.set({"text": "they zorbed", "place": 9})
    assert "&#x27;zorbed&#x27;" in ui.text.value


def test_known_words_are_said_to_be_known():
    ui = made_up()
    ui.set({"text": "the house", "place": 2})
    assert "has a row of its own" in ui.text.value
    ui.set({"text": "the zorb", "place": 2})
    assert "has no row" in ui.text.value


def test_the_likeliest_labels_come_first():
    taggers = letter_taggers.load()
    labels, values = best(taggers.probabilities("words", ["the", "dog"])[0], taggers.kinds)
    assert labels[0] == "DET" and values == sorted(values, reverse=True)


def test_the_cuts_shown_are_those_of_the_first_merges():
    found, ui = list(islice(growing(WORDS), 40)), pieces()
    for n in (0, 5, 10):
        ui.set({"merges": n})
        bpe = BPE([pair[:2] for pair in found[:n]], set("".join(WORDS)))
        mean = len(bpe.encode(WORDS[:13])) / 13
        assert f"{mean:.2f} symbols" in ui.text.value


@pytest.mark.parametrize("typed", ["", "?", "😀 日本語 low", "w" * 10_000, "a " * 500])
def test_any_words_can_be_cut(typed):
    ui = pieces()
    for n in (0, 10):
        ui.set({"merges": n, "text": typed})
    assert ui.text.value


def test_a_label_of_a_bar_stands_above_its_interval():
    fig = plots.figure(4, 2.4)
    plots.vocabularies(fig, ["a", "b"], {"bits": ([2.0, 2.5], [0.5, float("nan")])})
    assert [text.xy[1] for text in fig.axes[0].texts] == [2.5, 2.5]
    assert fig.axes[0].get_ylim()[1] > 2.5


def test_the_pictures_of_the_notebook_are_drawn():
    draws = {
        "windows": lambda fig: plots.letter_windows(
            fig, {"ab": [[0.5, -1.0]], "abc": [[0.1, 0.2, 0.9]]}, ["unit 3"]),
        "rows": lambda fig: plots.letter_rows(
            fig.subplots(), ["abc", "d"], [[1, 0, -1], [0.5]], ["one", "two"]),
        "bars": lambda fig: plots.vocabularies(
            fig, ["letters", "words"], {"bits": ([2.0, 2.5], [0.1, float("nan")])}),
    }
    for name, draw in draws.items():
        figure = plots.figure(6, 2.4, alt="x")
        empty = figure.png()
        draw(figure)
        assert figure.png() != empty, name


def test_the_largest_value_of_each_window_is_framed():
    fig = plots.figure(6, 2.4)
    plots.letter_windows(fig, {"abc": [[0.1, 0.9, 0.2], [0.8, -0.5, 0.1]]}, ["one", "two"])
    corners = [patch.get_xy() for patch in fig.axes[0].patches]
    assert corners == [(0.5, -0.5), (-0.5, 0.5)]
