"""plots: colours that can be told apart, texts that can be read, drawing that stays on its Axes."""

import time

import matplotlib
import numpy as np
import pytest
from matplotlib.text import Text

from rnnlib import plots
from rnnlib.plots.curves import power_of_ten
from rnnlib.plots.grids import short
from rnnlib.plots.lettering import Lettering
from rnnlib.plots.prose import broken

# ---- every picture of the package, as a function of an empty figure ----

RANDOM = np.random.default_rng(0)
WORD = list("network")
STATES = np.tanh(RANDOM.normal(size=(7, 4)))


def one(draw):
    return lambda fig: draw(fig.subplots())


def error_parts():
    own, future = RANDOM.normal(size=(2, 7, 4)) * 0.3
    return {"own": own, "future": future, "sum": own + future, "U": RANDOM.normal(size=(7, 4, 4))}


def seen_numbers():
    y = RANDOM.dirichlet(np.ones(7), size=7)
    return {"x": np.eye(7), "before": np.vstack([np.zeros(4), STATES[:-1]]), "h": STATES, "y": y}


WEIGHTS = {
    "W": RANDOM.normal(size=(4, 7)),
    "U": RANDOM.normal(size=(4, 4)),
    "b": RANDOM.normal(size=4),
    "V": RANDOM.normal(size=(7, 4)),
    "symbols": WORD,
}
SEEN_NUMBERS, ERROR_PARTS = seen_numbers(), error_parts()
SENTENCE = (
    "the green witch arrived and nobody could say why she had come so late to the $5 ball".split()
)
NORMS = {
    name: rate ** np.arange(40.0)[::-1]
    for name, rate in (("rnn", 0.5), ("lstm", 0.98), ("gru", 0.9))
}
LOSSES = {name: np.exp(-np.arange(9) / 4) + n for n, name in enumerate(plots.MODELS)}

PICTURES = {
    "matrix": (
        6,
        2.4,
        one(
            lambda ax: plots.matrix(
                ax, WEIGHTS["W"], (list("abcd"), WORD), np.arange(7) == 2, "$W$"
            )
        ),
    ),
    "states": (6, 2, one(lambda ax: plots.states(ax, STATES, WORD, upto=4, title="states"))),
    "tokens": (7, 1.2, one(lambda ax: plots.tokens(ax, SENTENCE, RANDOM.random(len(SENTENCE))))),
    "continuation": (
        6,
        2,
        one(lambda ax: plots.continuation(ax, "To be, or ", "not to be\nthat is " * 9)),
    ),
    "curves": (
        6,
        3,
        one(
            lambda ax: plots.curves(
                ax, range(9), LOSSES, {"rnn": np.full(9, 0.1)}, ("step", "loss"), "Six models"
            )
        ),
    ),
    "by_distance": (6, 3, one(lambda ax: plots.by_distance(ax, NORMS, "Gradients"))),
    "bars": (3, 3, one(lambda ax: plots.bars(ax, [0.9, 0.06, 0.04], ["e", " ", "$"], 1, "next"))),
    "flow": (
        6,
        2.6,
        one(lambda ax: plots.flow(ax, RANDOM.random(7), RANDOM.random(7), 3, WORD, "Error")),
    ),
    "activations": (8, 2.6, plots.activations),
    "recurrent_view": (2, 2.5, one(plots.recurrent_view)),
    "unrolled_view": (8, 2.5, one(lambda ax: plots.unrolled_view(ax, WORD, forward=3))),
    "unrolled_view back": (8, 2.5, one(lambda ax: plots.unrolled_view(ax, WORD, back=3))),
    "step": (9, 5.4, lambda fig: plots.step(fig, WEIGHTS, SEEN_NUMBERS, WORD, 4)),
    "error_step": (9, 5.6, lambda fig: plots.error_step(fig, ERROR_PARTS, WORD, 3)),
}


def drawn(name):
    width, height, draw = PICTURES[name]
    fig = plots.figure(width, height)
    assert draw(fig) is None
    fig.canvas.draw()
    return fig


def texts(artist):
    """(text, box in pixels) of all that is written on an Axes, or on a figure beside its Axes."""
    found, renderer = [], artist.get_figure(root=True).canvas.get_renderer()
    for child in artist.get_children():
        if isinstance(child, matplotlib.axes.Axes) and artist is not child:
            continue
        if isinstance(child, Lettering):
            found += [(text, box) for text, box in child.boxes() if text.strip()]
        elif isinstance(child, Text):
            if child.get_visible() and child.get_text().strip():
                found.append((child.get_text(), child.get_window_extent(renderer)))
        elif isinstance(child, matplotlib.axis.Axis):
            found += on_axis(child, renderer) if artist.axison else []
        else:
            found += texts(child)
    return found


def on_axis(axis, renderer):
    """The label of an axis and of its ticks in sight."""
    low, high = sorted(axis.get_view_interval())
    labels = [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    labels = [t for t in [axis.label, *labels] if t.get_visible() and t.get_text()]
    return [(t.get_text(), t.get_window_extent(renderer)) for t in labels]


@pytest.mark.parametrize("name", PICTURES)
def test_every_text_stands_inside_the_figure(name):
    fig = drawn(name)
    for part in [fig, *fig.axes]:
        for text, box in texts(part):
            assert box.x0 >= -1 and box.y0 >= -1, f"{text!r} begins outside, at {box.x0, box.y0}"
            assert box.x1 <= fig.bbox.x1 + 1 and box.y1 <= fig.bbox.y1 + 1, f"{text!r} ends outside"


@pytest.mark.parametrize("name", PICTURES)
def test_no_two_texts_of_an_axes_overlap(name):
    fig = drawn(name)
    for part in [fig, *fig.axes]:
        found = texts(part)
        for n, (one_text, a) in enumerate(found):
            for other, b in found[:n]:
                across = min(a.x1, b.x1) - max(a.x0, b.x0)
                upwards = min(a.y1, b.y1) - max(a.y0, b.y0)
                assert across < 1 or upwards < 1, f"{one_text!r} and {other!r} overlap"


def test_the_search_for_overlaps_sees_texts_of_both_kinds():
    fig = drawn("step")
    found = {text for part in [fig, *fig.axes] for text, _ in texts(part)}
    assert {"states so far", "h₃", "W", "n"} <= found


@pytest.mark.parametrize("name", PICTURES)
def test_drawing_leaves_matplotlib_as_it_was_and_repeats_to_the_byte(name):
    before = dict(matplotlib.rcParams)
    pictures = [drawn(name).png() for _ in range(2)] if name not in ("tokens", "flow") else []
    assert dict(matplotlib.rcParams) == before
    assert len(set(pictures)) <= 1


def test_drawing_on_one_axes_leaves_its_neighbour_alone():
    for name, (width, height, _) in PICTURES.items():
        if name in ("activations", "step", "error_step"):
            continue
        fig = plots.figure(width * 2, height)
        left, right = fig.subplots(1, 2)
        fig.subplots = lambda ax=right: ax
        before = len(left.get_children()), left.get_xlim(), left.axison
        PICTURES[name][2](fig)
        assert (len(left.get_children()), left.get_xlim(), left.axison) == before, name


# ---- what single pictures say ----


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (-0.0, "0"),
        (0.52, ".52"),
        (-0.07, "-.07"),
        (0.004, "0"),
        (1, "1"),
        (-1, "-1"),
        (0.996, "1.0"),
        (1.26, "1.3"),
        (-9.96, "-10"),
        (12.3, "12"),
        (-0.5, "-.50"),
    ],
)
def test_numbers_take_four_characters(value, text):
    assert short(value) == text and len(text) <= 4


def faces(ax):
    """The colours of the cells of a grid."""
    return ax.collections[-1].get_facecolor()


def test_the_colour_of_a_value_does_not_depend_on_the_other_values():
    axes = plots.figure(4, 2).subplots(1, 2)
    plots.matrix(axes[0], [[0.5, 0.1]])
    plots.matrix(axes[1], [[0.5, -7.0]])
    assert (faces(axes[0])[0] == faces(axes[1])[0]).all()
    assert np.allclose(faces(axes[1])[1], plots.STATES(0.0))


def letterings(ax):
    return [c for c in ax.collections if isinstance(c, Lettering)]


def test_only_lit_cells_keep_their_number():
    ax = plots.figure(4, 2).subplots()
    plots.matrix(ax, [[0.1, 0.2], [0.3, 0.4]], lit=[True, False])
    assert [c.texts for c in letterings(ax)] == [[".10", ".30"]]


def test_states_after_the_present_are_empty():
    ax = plots.figure(6, 2).subplots()
    plots.states(ax, STATES, WORD, upto=2)
    grid = next(c for c in ax.collections if len(c.get_facecolor()) == 28).get_facecolor()
    empty = (grid.reshape(4, 7, 4)[..., :3] == grid.reshape(4, 7, 4)[0, 6, :3]).all(-1)
    assert empty[:, 2:].all() and not empty[:, :2].any()


def test_bars_are_as_long_as_the_probabilities():
    ax = plots.figure(3, 2).subplots()
    plots.bars(ax, [0.7, 0.2, 0.1], list("abc"))
    assert [bar.get_width() for bar in ax.patches] == [0.7, 0.2, 0.1] and ax.get_xlim() == (0, 1)


def test_the_scale_of_the_error_does_not_move_while_it_flows_back():
    limits = set()
    for reached in (1, 3, 7):
        ax = plots.figure(4, 2).subplots()
        plots.flow(ax, np.arange(1, 8), np.arange(7, 0, -1), reached)
        limits.add(ax.get_ylim())
        assert [bar.get_height() for bar in ax.patches[:7]] == [
            t if t >= reached else 0 for t in range(1, 8)
        ]
    assert len(limits) == 1


def test_gradients_by_distance_start_at_the_last_step_and_show_zeros_on_the_floor():
    ax = plots.figure(4, 2).subplots()
    plots.by_distance(ax, {"rnn": [0.0, 0.25, 1.0]}, floor=1e-6)
    assert ax.lines[0].get_ydata().tolist() == [1.0, 0.25, 1e-6] and ax.get_yscale() == "log"


def test_a_band_lies_a_half_width_around_its_curve():
    ax = plots.figure(4, 2).subplots()
    plots.curves(ax, [0, 1], {"rnn": [1.0, 2.0]}, {"rnn": [0.5, 0.25]})
    y = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert y.min() == 0.5 and y.max() == 2.25


def test_models_and_gates_have_one_colour_everywhere():
    ax = plots.figure(4, 2).subplots()
    plots.curves(ax, [0, 1], {"gru": [1, 2], "lstm": [2, 3]})
    assert [line.get_color() for line in ax.lines] == [plots.MODELS["gru"], plots.MODELS["lstm"]]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["GRU", "LSTM"]


@pytest.mark.parametrize(
    "arguments, lit",
    [({"forward": 3}, 3 * 3 + 1), ({}, 3 * 7 + 1), ({"back": 5}, 2 * 3), ({"forward": 0}, 1)],
)
def test_as_many_nodes_are_lit_as_steps_are_done(arguments, lit):
    ax = plots.figure(8, 2.5).subplots()
    plots.unrolled_view(ax, WORD, **arguments)
    rims = next(
        c for c in ax.collections if len(c.get_offsets()) == 22 and len(c.get_edgecolor()) == 22
    )
    assert (rims.get_edgecolor()[:, :3] == matplotlib.colors.to_rgb(plots.INK)).all(1).sum() == lit


@pytest.mark.parametrize("seed", range(20))
def test_a_broken_text_loses_nothing_but_spaces_and_keeps_its_width(seed):
    random = np.random.default_rng(seed)
    text = "".join(random.choice(list("ab cd \n"), size=random.integers(0, 120)))
    lines = broken(text, 13)
    assert all(stop - start <= 13 for start, stop in lines)
    kept = [n for start, stop in lines for n in range(start, stop)]
    assert all(text[n] in " \n" for n in set(range(len(text))) - set(kept)) and len(
        set(kept)
    ) == len(kept)


def test_how_long_pictures_take(capsys):
    for name, (width, height, draw) in PICTURES.items():
        drawn(name)
        start = time.process_time()
        fig = plots.figure(width, height)
        draw(fig)
        fig.png()
        with capsys.disabled():
            print(f"\n  {name:20s} {1000 * (time.process_time() - start):4.0f} ms", end="")


@pytest.mark.parametrize(
    "value, text", [(1e-6, "10⁻⁶"), (1.0, "10⁰"), (1e12, "10¹²"), (0.5, "0.5")]
)
def test_powers_of_ten_are_written_as_such(value, text):
    assert power_of_ten(value) == text
