"""Data with a source and a target made by the library: scenes, expressions, dates in new forms."""

import datetime
import functools
import random

import pytest
import torch

from rnnlib.datasets.bracket_expressions import DEEP, DEEPEST, expressions, value
from rnnlib.datasets.offline_locales import dates, new_dates
from rnnlib.datasets.shape_scenes import (
    COLOURS,
    SIZES,
    UNSEEN,
    Thing,
    caption,
    covered,
    draw_scene,
    render,
    scenes,
)
from rnnlib.text_trees import height, parse

make = functools.cache(lambda maker: maker())


def test_unseen_pairs_are_in_every_scene_of_the_test_and_nowhere_else():
    for split, examples in make(scenes).items():
        new = [any((t.colour, t.shape) in UNSEEN for t in scene) for scene, _ in examples]
        assert all(new) if split == "test" else not any(new)
    train = [thing for scene, _ in make(scenes)["train"] for thing in scene]
    assert {t.colour for t in train} == set(COLOURS) and {t.size for t in train} == set(SIZES)
    assert len({(t.colour, t.shape) for t in train}) == 12 - len(UNSEEN)


def test_no_scene_is_in_two_splits_and_captions_are_true():
    parts = make(scenes)
    train, valid, test = ({scene for scene, _ in parts[s]} for s in ("train", "valid", "test"))
    assert not train & valid and not train & test and not valid & test
    assert all(caption(scene) == words for s in parts.values() for scene, words in s)


@pytest.mark.parametrize("things, words", [
    ([("circle", "red", "small", 8, 16), ("square", "blue", "large", 24, 17)],
     "a small red circle left of a large blue square"),
    ([("circle", "red", "small", 24, 16), ("square", "blue", "large", 8, 17)],
     "a large blue square left of a small red circle"),
    ([("circle", "red", "small", 16, 9), ("triangle", "green", "large", 15, 24)],
     "a small red circle above a large green triangle"),
    ([("circle", "red", "small", 16, 24), ("triangle", "green", "large", 15, 9)],
     "a large green triangle above a small red circle"),
    ([("triangle", "yellow", "small", 3, 3)], "a small yellow triangle"),
])
def test_captions_by_hand(things, words):
    assert caption(tuple(Thing(*thing) for thing in things)) == words


def test_a_picture_shows_the_colour_inside_and_white_outside():
    for shape in ("circle", "square", "triangle"):
        for colour, paint in COLOURS.items():
            picture = render([(Thing(shape, colour, "large", 16, 16),)])[0]
            torch.testing.assert_close(picture[:, 16, 16], torch.tensor(paint))
            assert (picture[:, :8] == 1).all() and (picture[:, :, 25:] == 1).all()
            assert 0 <= picture.min() and picture.max() <= 1


def test_areas_of_shapes_are_those_of_geometry():
    circle, square, small, triangle = covered([
        Thing("circle", "red", "large", 16, 16), Thing("square", "red", "large", 16, 16),
        Thing("circle", "red", "small", 16, 16), Thing("triangle", "red", "large", 16, 16)])
    assert circle.sum().item() == pytest.approx(torch.pi * 36, rel=0.02)
    assert square.sum().item() == pytest.approx((2 * 0.9 * 6) ** 2, rel=0.03)
    assert small.sum().item() == pytest.approx(torch.pi * 9, rel=0.05)
    assert triangle.sum().item() == pytest.approx(3 * 3**0.5 / 4 * 36, rel=0.03)
    columns = (triangle > 0.5).sum(1)
    assert columns[12] < columns[15] < columns[18]  # narrow above, wide below


def test_a_picture_is_the_same_alone_and_with_others_and_moves_with_its_things():
    rng = random.Random(0)
    some = [draw_scene(rng) for _ in range(20)]
    together = render(some)
    for n, scene in enumerate(some):
        assert torch.equal(render([scene])[0], together[n])
    here = render([(Thing("square", "blue", "small", 10, 12),)])
    there = render([(Thing("square", "blue", "small", 13, 17),)])
    assert torch.equal(here.roll((5, 3), (2, 3)), there)


def test_every_scene_fits_into_its_picture():
    for scene, _ in make(scenes)["train"][:500]:
        picture = render([scene])[0]
        edge = torch.cat([picture[:, 0], picture[:, -1], picture[:, :, 0], picture[:, :, -1]], 1)
        assert (edge > 0.99).all()


def test_expressions_mean_their_values():
    for examples in make(expressions).values():
        for text, digit, depth in examples[:300]:
            tree = parse(text)
            assert value(tree) == digit and height(tree) == depth
    assert [value(parse(text)) for text in ("(max 3 (min 4 9))", "(add 7 8 (max 1 2))", "5",
                                           "(min 7 (add 9 9) 9)")] == [4, 7, 5, 7]


def test_expressions_to_learn_from_are_shallow_and_the_test_goes_deeper():
    parts = make(expressions)
    depths = {split: {depth for _, _, depth in parts[split]} for split in parts}
    assert depths["train"] == depths["valid"] == set(range(1, DEEP + 1))
    assert depths["test"] == set(range(1, DEEPEST + 1))
    texts = [{text for text, _, _ in parts[split]} for split in parts]
    assert sum(map(len, texts)) == len(set.union(*texts))
    counts = [sum(depth == d for _, _, depth in parts["test"]) for d in range(1, DEEPEST + 1)]
    assert min(counts) > 100


def test_the_words_alone_do_not_tell_the_value():
    """The same words in another structure may have another value, and no value is frequent."""
    assert value(parse("(max 9 (min 1 2))")) == 9 and value(parse("(min 9 (max 1 2))")) == 2
    counts = [0] * 10
    for _, digit, _ in make(expressions)["train"]:
        counts[digit] += 1
    assert max(counts) < 0.25 * sum(counts)


def test_new_dates_are_days_of_the_test_in_forms_never_seen():
    old, new = dates(), make(new_dates)
    assert new["train"] == old["train"] and new["valid"] == old["valid"]
    days = {day for split in ("train", "valid") for _, day in old[split]}
    assert not days & {day for _, day in new["test"]} and len(new["test"]) == 1500
    forms = {_form(written) for split in old.values() for written, _ in split}
    fresh = sum(_form(written) not in forms for written, _ in new["test"])
    assert fresh > 0.95 * len(new["test"])
    for written, day in new["test"][:300]:
        date = datetime.date.fromisoformat(day)
        assert str(date.year) in written and str(date.day) in written


def _form(written):
    """A date with its numbers made alike and its words left as they are, short: 0 w 0."""
    return " ".join("0" * len(part) if part.isdecimal() else "w" + part[-1] * (part[-1] in ".,")
                    for part in written.replace("(", "( ").replace(")", " )").split())


@pytest.mark.parametrize("scene", [(), (Thing("circle", "red", "small", 1, 1),) * 3])
def test_a_caption_names_one_or_two_things(scene):
    with pytest.raises(ValueError, match="a scene of one or two things, got"):
        caption(scene)
