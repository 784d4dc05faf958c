"""The widgets and pictures of notebook 12: driven over all controls, they show what is computed."""
import pytest

from rnnlib import plots
from rnnlib.experiments import context_writers
from rnnlib.plots.context_rows import segments
from rnnlib.widgets import between_two, fill_context


@pytest.fixture(scope="module")
def writers():
    return {name: context_writers.load(name) for name in context_writers.SHIPPED}


def fill(writers):
    return fill_context(writers, {
        "a date": ("dates", "25 dic 1983", 60), "half read": ("dates", "25 dic 1983", 6),
        "a sentence": ("sentences", "the green witch arrived", 60)})


def between(writers):
    return between_two(writers, {
        "sentences": ("sentences", "the green witch arrived", "the old doctors sang", 0.5),
        "near the end": ("sentences", "the green witch arrived", "the old doctors sang", 0.95),
        "dates": ("dates", "3 January 1990", "28 January 1990", 0.5)})


WIDGETS = {"fill_context": fill, "between_two": between}


@pytest.mark.parametrize("name", WIDGETS)
def test_every_control_can_be_driven_to_both_ends(writers, name):
    ui = WIDGETS[name](writers)
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


@pytest.mark.parametrize("name", WIDGETS)
def test_it_opens_on_its_first_preset_and_every_preset_is_another_picture(writers, name):
    ui = WIDGETS[name](writers)
    assert next(iter(ui.presets.values())).items() <= ui.values.items() and ui.text.value
    pictures = set()
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


def test_the_line_below_says_what_is_read_and_written(writers):
    ui = fill(writers)
    assert "1983-12-25" in ui.text.value and "end marker" in ui.text.value
    ui.set({"task": "sentences", "text": "the green witch arrived", "t": 4})
    assert "After 4 of 4" in ui.text.value and "llegó la bruja verde" in ui.text.value
    ui.set({"t": 6})
    assert "has read &#x27;llegó&#x27;" in ui.text.value
    assert "la bruja verde &lt;/s&gt;" in ui.text.value


def test_unknown_signs_are_named(writers):
    ui = fill(writers)
    ui.set({"text": "25 ☃ic 1983"})
    assert "☃" in ui.text.value
    other = between(writers)
    other.set({"first": "the zorb arrived"})
    assert "zorb" in other.text.value


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("typed", ["", "?", "x", " ", "😀 日本語", "w" * 10_000, "the " * 500])
def test_any_text_can_be_typed(writers, typed):
    first, second = fill(writers), between(writers)
    for task in writers:
        first.set({"task": task, "text": typed, "t": 3})
        second.set({"task": task, "first": typed})
        assert first.text.value and second.text.value


def test_the_ends_of_the_way_are_the_answers_to_the_two_sources(writers):
    ui = between(writers)
    for share, source in ((0, "the green witch arrived"), (1, "the old doctors sang")):
        ui.set({"share": share})
        assert writers["sentences"].write([source])[0] in ui.text.value


def test_stretches_of_equal_texts_are_found():
    assert segments(["a", "a", "b", "a"]) == [(0, 2, "a"), (2, 3, "b"), (3, 4, "a")]
    assert segments(["a"]) == [(0, 1, "a")]


def test_rows_that_have_not_happened_are_empty():
    fig = plots.figure(8, 4)
    states = [[0.5, -0.5]] * 4
    plots.context_rows(fig, states, ["a", "<s>", "b", "c"], ["x", "y", "z", "w"], 2, 1)
    image = fig.axes[0].images[0].get_array()
    assert image.mask.any(1).tolist() == [False, False, True, True]
    shown = [text.get_text() for text in fig.axes[0].texts]
    assert "y" in shown and "z" not in shown


def test_more_texts_than_there_is_room_for_are_counted():
    fig = plots.figure(8, 4)
    texts = [str(n) for n in range(20)]
    plots.on_the_way(fig, [[0.0, 1.0]] * 3, ([n / 19 for n in range(20)], texts), 0.0)
    assert "and 9 more" in [text.get_text() for text in fig.axes[2].texts]


@pytest.mark.parametrize("every", [False, True])
def test_the_two_networks_are_drawn(every):
    fig = plots.figure(8, 2.4)
    empty = fig.png()
    plots.two_networks(fig.subplots(), ["a", "b"], ["x", "y", "z"], every)
    assert fig.png() != empty
    shown = [text.get_text() for text in fig.axes[0].texts]
    assert shown.count("</s>") == 1 and shown.count("<s>") == 1 and shown.count("z") == 2
