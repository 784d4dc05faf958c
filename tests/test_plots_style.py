"""The look of the course: colours that can be told apart, text that can be read."""

import io
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from PIL import Image

from rnnlib import plots
from rnnlib.plots.style import stored

# Machado, Oliveira and Fernandes 2009: what a reader with each kind of colour blindness sees
SEEN = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
OKLAB = (
    np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    ),
    np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    ),
)


def perceived(colours, kind):
    """OKLab coordinates times 100 of colours as they are seen with a kind of vision."""
    rgb = np.array([matplotlib.colors.to_rgb(c) for c in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    cones = np.clip(linear @ SEEN[kind].T, 0, 1) @ OKLAB[0].T
    return np.cbrt(cones) @ OKLAB[1].T * 100


def closest(colours, kind):
    """The smallest distance between two of the colours."""
    lab = perceived(colours, kind)
    far = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    return far[np.triu_indices(len(lab), 1)].min()


def colours_of(family):
    """The colours of a family, a dict or a list."""
    colours = getattr(plots, family)
    return list(colours.values()) if isinstance(colours, dict) else colours


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize(
    "family, least", [("GATES", 14), ("MODELS", 14), ("WEIGHTS", 14), ("ERRORS", 14), ("SPARE", 14)]
)
def test_colours_are_told_apart_by_everyone(family, least, kind):
    assert closest(colours_of(family), kind) >= least


def test_the_measure_of_distance_finds_red_and_green_confused():
    assert closest(["#c00000", "#587000"], "normal") > 20
    assert closest(["#c00000", "#587000"], "deuteranopia") < 10


@pytest.mark.parametrize("kind", SEEN)
def test_maps_keep_their_order_for_everyone(kind):
    lightness = perceived(plots.PROBS(np.linspace(0, 1, 33)), kind)[:, 0]
    assert (np.diff(lightness) < 0).all()
    lightness = perceived(plots.STATES(np.linspace(0, 1, 33)), kind)[:, 0]
    assert (np.diff(lightness[:17]) > 0).all() and (np.diff(lightness[16:]) < 0).all()
    assert closest(plots.STATES([0.1, 0.9]), kind) > 18


def contrast(a, b):
    high, low = sorted([plots.luminance(a), plots.luminance(b)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_is_legible_on_every_colour():
    steps = np.linspace(0, 1, 9)
    everything = [(r, g, b) for r in steps for g in steps for b in steps]
    everything += [*plots.STATES(np.linspace(0, 1, 64)), *plots.PROBS(np.linspace(0, 1, 64))]
    assert all(contrast(colour, plots.ink_on(colour)) >= 4.5 for colour in everything)


def test_luminance_of_black_white_and_red():
    assert plots.luminance("black") == 0 and plots.luminance("white") == pytest.approx(1)
    assert plots.luminance("#ff0000") == pytest.approx(0.2126)


def test_pictures_need_no_pyplot():
    code = (
        "import sys, rnnlib.plots as p; f = p.figure(3, 2);"
        "p.bars(f.subplots(), [1.0], ['a']); f.png();"
        "assert 'matplotlib.pyplot' not in sys.modules and 'ipywidgets' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_figure_shows_itself_with_its_size_and_alt_text():
    fig = plots.figure(6, 2, alt="a line that rises")
    data, facts = fig._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"} and data["text/plain"] == "a line that rises"
    assert facts == {"image/png": {"width": 600, "alt": "a line that rises"}}


def test_the_stored_picture_is_small_and_looks_the_same():
    fig = plots.figure(6, 3)
    plots.matrix(fig.subplots(), np.linspace(-1, 1, 60).reshape(6, 10))
    png = fig.png()
    few = stored(png)
    a, b = (np.asarray(Image.open(io.BytesIO(p)).convert("RGB")).astype(int) for p in (png, few))
    assert len(few) < 0.6 * len(png) and np.abs(a - b).mean() < 0.5


def test_a_picture_that_was_emptied_is_as_good_as_a_new_one():
    def draw(fig):
        left, right = fig.subplots(1, 2)
        left.plot([1, 3, 2])
        right.set(title="$h_t$", xlabel="steps")

    new, used = plots.figure(5, 2), plots.figure(5, 2)
    used.set_layout_engine("none")
    used.add_axes([0.1, 0.1, 0.5, 0.5]).bar([1, 2], [3, 4])
    used.suptitle("a title")
    used.text(0.5, 0.5, "words")
    used.png()
    used.empty()
    draw(new)
    draw(used)
    assert used.png() == new.png()
