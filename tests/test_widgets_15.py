"""The widget and pictures of notebook 15: driven over all controls, they show what is computed."""
import pytest

from rnnlib import plots
from rnnlib.datasets.shape_scenes import UNSEEN, caption, render
from rnnlib.experiments import captioner, captions
from rnnlib.plots.pictured import short
from rnnlib.widgets import draw_scene
from rnnlib.widgets.draw_scene import PLACES, PRESETS, THINGS, scene_of, told


@pytest.fixture(scope="module")
def ui():
    return draw_scene(captioner.load())


def test_every_control_can_be_driven_to_all_its_values(ui):
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(THINGS) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


def test_it_opens_on_a_pair_that_the_model_never_saw_and_gets_wrong(ui):
    assert ui.values == dict(zip(("first", "second", "place"), next(iter(PRESETS.values())),
                                 strict=True))
    assert "Never seen in training: green circle, blue square." in ui.text.value
    assert "Right would be: a large green circle left of" in ui.text.value


def test_every_preset_is_another_picture(ui):
    pictures = set()
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


def test_seen_pairs_are_said_right_and_empty_paper_gets_a_caption_all_the_same(ui):
    ui.set(ui.presets["all seen"])
    assert "Right." in ui.text.value and "All pairs were in training." in ui.text.value
    ui.set(ui.presets["empty paper"])
    assert "Nothing is there. It says: a " in ui.text.value


def test_nearly_all_seen_scenes_of_the_widget_are_said_right():
    writer = captioner.load()
    seen = [name for name in THINGS if tuple(name.split()[1:]) not in UNSEEN]
    scenes = [scene_of(one, two, place) for one in seen for two in seen[::5]
              for place in ("left of", "above", "alone")]
    found = captions.captions(writer.model, writer, 1 - render(scenes))
    right = sum(said == caption(scene) for scene, (said, _) in zip(scenes, found, strict=True))
    assert len(seen) == 18 and right >= 0.99 * len(scenes)


@pytest.mark.parametrize("place, right", [
    ("left of", "a large red circle left of a small blue square"),
    ("above", "a large red circle above a small blue square"), ("alone", "a large red circle")])
def test_scenes_are_what_was_chosen(place, right):
    assert caption(scene_of("large red circle", "small blue square", place)) == right
    assert scene_of("large red circle", "small blue square", "nothing at all") == ()
    assert set(PLACES) > {place}


def test_the_line_below_names_the_unseen_pairs():
    scene = scene_of("large red circle", "small blue square", "left of")
    assert "blue square." in told(scene, "x", "y") and ("blue", "square") in UNSEEN


def test_probabilities_are_never_rounded_to_what_they_are_not():
    assert [short(p) for p in (1, 0.9999, 0.5, 0.004)] == ["1.00", "0.999", "0.50", "<.01"]


def test_the_word_taken_is_orange_when_it_is_wrong():
    fig = plots.figure(9, 4)
    steps = [(["a", "the"], [0.9, 0.1])] * 3
    plots.worded(fig, [[[1.0, 1.0, 1.0]] * 4] * 4, steps, [1])
    boxes = [part.get_facecolor()[0].tolist() for part in fig.axes[1].collections
             if len(part.get_facecolor()) == 1 and len(part.get_paths()) == 1
             and not hasattr(part, "texts")]
    assert len(boxes) == 3  # the words that were taken
    assert boxes[0] == boxes[2] != boxes[1]


def test_the_pictures_of_the_notebook_are_drawn():
    white = [[[[1.0, 1.0, 1.0]] * 4] * 4]
    both = ((90.0, 2.0), (1.0, float("nan")))
    draws = {
        "gallery": lambda fig: plots.gallery(fig, white * 2, ["one", "two"]),
        "places": plots.three_places,
        "seen": lambda fig: plots.seen_and_unseen(fig, {"net": {"state": both, "input": both}}),
        "pairs": lambda fig: plots.shares_of_pairs(fig.add_subplot(), {"state": [60, 40]},
                                                   ["right", "wrong"]),
    }
    for name, draw in draws.items():
        figure = plots.figure(8, 3, alt="x")
        empty = figure.png()
        draw(figure)
        assert figure.png() != empty, name
