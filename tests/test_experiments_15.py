"""The captioners of notebook 15: equal sizes, what is counted and read off, the shipped one."""
import dataclasses
import types

import pytest
import torch

from rnnlib import claims
from rnnlib.datasets import load
from rnnlib.datasets.shape_scenes import UNSEEN, Thing, caption
from rnnlib.experiments import captioner, captions, captions_found
from rnnlib.experiments.captions import BLIND, CONV, FLAT, UNITS, Album, Recipe
from rnnlib.experiments.said_in_captions import (
    counted,
    in_vector,
    instead,
    pairs,
    what_became,
    wrong_words,
)

RED_TRIANGLE = (Thing("triangle", "red", "large", 16, 16),)
TEXT = "a large red triangle"


@pytest.fixture(scope="module")
def album():
    data, kind = load("scenes"), dataclasses.make_dataclass(
        "D", ["name", "sha256", "train", "valid", "test"])
    return Album(kind("few", "0", data.train[:200], data.valid[:40], data.test[:320]))


@pytest.mark.parametrize("encoder", [CONV, FLAT])
def test_the_three_styles_have_equally_many_weights(encoder):
    sizes = [sum(map(torch.numel, Recipe(encoder, style).model(15).parameters()))
             for style in UNITS]
    assert max(sizes) < 1.01 * min(sizes)


def test_pairs_are_colours_with_the_shape_after_them():
    assert pairs("a red circle above a large blue square") == [("red", "circle"),
                                                               ("blue", "square")]
    assert pairs("circle red") == [] == pairs("")


@pytest.mark.parametrize("said, way", [
    ("a large red triangle", "right"), ("a small red triangle", "right"),
    ("a large red circle", "shape"), ("a large blue triangle", "colour"),
    ("a large blue circle", "both"), ("a large red", "form"), ("", "form"),
    ("a large red circle above a small red circle", "form")])
def test_what_became_of_a_pair(said, way):
    assert [row[2] for row in what_became(TEXT, said)] == [way]


def test_counts_by_hand():
    other = (Thing("circle", "yellow", "small", 16, 16),)
    examples = [(RED_TRIANGLE, TEXT), (RED_TRIANGLE, TEXT), (other, "a small yellow circle")]
    said = [(TEXT, 0.5), ("a small red circle", 0.25), ("a small yellow circle", 0.75)]
    found = counted(examples, said)
    assert found["exact"] == pytest.approx(200 / 3) and found["sure"] == 0.5
    assert found["size_wrong"] == found["shape_wrong"] == pytest.approx(100 / 3)
    assert found["colour_wrong"] == 0 == found["relation_wrong"] == found["pair_form"]
    assert found["pair_right"] == found["pair_shape"] == found["pair_trained"] == 50
    assert "pair_right" not in counted(examples[2:], said[2:])
    assert instead(examples, said, ("red", "triangle")) == {("red", "triangle"): 1,
                                                            ("red", "circle"): 1}


def test_a_pair_that_is_new_as_well_is_no_pair_of_the_training():
    said = ["a large red circle", "a large red square", "a large green circle", "a red circle"]
    found = counted([(RED_TRIANGLE, TEXT)] * 4, [(text, 1.0) for text in said])
    assert found["pair_trained"] == 50


def test_a_reader_that_was_told_half_of_the_new_pairs_is_asked_about_the_other_half():
    scenes = [(Thing(shape, colour, "large", 16, 16),)
              for shape, colour in [("triangle", "red"), ("circle", "green")] * 20]
    vectors = torch.eye(2)[torch.tensor([0, 1] * 10 + [1, 0] * 10)]  # turned round in the second
    seen = [(Thing("square", "yellow", "large", 16, 16),)] * 4
    found = in_vector([torch.zeros(4, 2), torch.zeros(4, 2), vectors], [seen, seen, scenes])
    assert found["told_shape_unseen"] == 0 == found["told_colour_unseen"]


def test_captions_of_another_form_are_not_compared_word_by_word():
    assert set(wrong_words([(TEXT, "a large red")]).values()) == {0}
    relation = ("a small red circle left of a large blue circle",
                "a small red circle above a large blue circle")
    assert wrong_words([relation]) == {"size": 0, "colour": 0, "shape": 0, "relation": 100}


def test_the_unseen_pairs_are_in_no_caption_of_the_training(album):
    said = {pair for _, text in album.data.train + album.seen for pair in pairs(text)}
    assert not said & UNSEEN and all(set(pairs(text)) & UNSEEN for _, text in album.unseen)
    assert album.training(5)[-5:] == album.unseen[:5]


def test_a_linear_reader_finds_what_stands_in_the_vector(album):
    parts = [album.data.train, album.seen, album.unseen]
    scenes = [[scene for scene, _ in part] for part in parts]
    def as_numbers(things):
        colours = sorted({thing.colour for thing in things})
        shapes = sorted({thing.shape for thing in things})
        return torch.stack([torch.tensor([float(thing.colour == c) for c in colours]
                                         + [float(thing.shape == s) for s in shapes])
                            for thing in things])
    vectors = [as_numbers([scene[0] for scene in part]) for part in scenes]
    noise = [v + 1e-3 * torch.randn(v.shape, generator=torch.Generator().manual_seed(0))
             for v in vectors]
    assert set(in_vector(noise, scenes).values()) == {100.0}
    nothing = in_vector([torch.zeros_like(v) for v in vectors], scenes)
    assert all(value < 100 for value in nothing.values())


def test_a_run_measures_what_it_says(album):
    records = {r.metric: r for r in captions.run(Recipe(steps=2), album)}
    shares = [r.value for name, r in records.items() if name.startswith("pair_")
              and name != "pair_trained_unseen"]
    assert sum(shares) == pytest.approx(100) and len(shares) == 5
    assert {"exact_seen", "exact_unseen", "nats_seen", "sure_noise", "read_shape_unseen",
            "shape_after_yellow_unseen"} <= records.keys()
    assert records["exact_seen"].setting["style"] == "every step"


def test_a_blind_captioner_says_the_same_of_all_pictures(album):
    recipe = Recipe(BLIND, steps=2)
    model, _ = captions.trained(recipe, album)
    said = captions.captions(model, album, album.pixels(album.seen) * 0)
    assert len(set(said)) == 1
    assert not album.batches(album.seen, 8, 0, blind=True)[0].source[0].any()


def test_what_is_already_recorded_is_not_run_again(monkeypatch, album):
    grid = captions.grid(0)
    done = {captions.run_key(recipe.setting(), 0, load("scenes")) for recipe in grid}
    monkeypatch.setattr(captions, "recorded", lambda claim: done)
    monkeypatch.setattr(captions, "run", lambda *a: pytest.fail("it was run again"))
    captions.main(["0"])


def test_tables_take_the_runs_of_one_recipe_alone():
    def record(value, **changed):
        setting = dataclasses.replace(Recipe(), **changed).setting()
        return types.SimpleNamespace(setting=setting, metric="exact_seen", value=value)

    records = [record(98.0), record(15.0, steps=100), record(50.0, shown=3)]
    assert captions_found.found(records, "exact_seen")[0] == 98
    assert captions_found.found(records, "exact_seen", Recipe(steps=100, seed=7))[0] == 15
    assert captions_found.text((15.0, float("nan"))) == "15.0 one run"
    with pytest.raises(ValueError, match="which seeds were run"):
        captions_found.found(records, "exact_seen", Recipe(steps=5))


def test_every_control_is_recorded_and_stands_in_its_table():
    table = captions_found.controls(claims.results("captions")).split("\n")
    assert [line[:26].strip() for line in table[1:]] == list(captions_found.CONTROLS)
    plans = {plan(seed)[0] for plan in (captions.early, captions.longer) for seed in (0, 1)}
    wanted = {dataclasses.replace(recipe, seed=seed) for recipe in captions_found.CONTROLS.values()
              for seed in (0, 1)}
    assert plans <= wanted


def test_the_shape_after_another_colour_is_asked_of_the_model(album):
    class Echo:
        """Says circle after yellow, square after all else."""

        def eval(self):
            return self

        def __call__(self, source, y):
            word = [("circle" if album.vocab.symbols[row[-1]] == "yellow" else "square") for row in
                    y.tolist()]
            scores = torch.zeros(*y.shape, len(album.vocab))
            scores[range(len(y)), -1, album.vocab.encode(word)] = 1.0
            return scores

    circles = [one for one in album.seen if pairs(one[1])[0][1] == "circle"]
    share = 100 * len(circles) / len(album.seen)
    assert captions.after(Echo(), album, album.seen, "yellow") == pytest.approx(share)


def test_the_shipped_captioner_writes_what_is_recorded():
    made, album = captioner.load(), Album(load("scenes"))
    said = [made.say(scene) for scene, _ in album.seen[:60]]
    right = sum(one == text for one, (_, text) in zip(said, album.seen, strict=False))
    assert right >= 0.9 * 60 and made.facts["reached"]["exact_seen"] > 90
    assert captioner.WEIGHTS.stat().st_size < 3e6
    together = captions.captions(made.model, album, album.pixels(album.seen[:60]))
    assert [text for text, _ in together] == said


def test_the_steps_are_those_of_greedy_decoding():
    made = captioner.load()
    steps, right = made.of(RED_TRIANGLE)
    assert right == caption(RED_TRIANGLE) == TEXT and steps[-1].word == "</s>"
    for step in steps:
        assert step.word == step.labels[0] and len(step.labels) == captioner.SHOWN
        assert step.probabilities == sorted(step.probabilities, reverse=True)
    assert len(made.steps(torch.zeros(3, 32, 32), limit=2)) == 2
    with pytest.raises(ValueError, match="another size has to be scaled first"):
        made.steps(torch.zeros(3, 16, 16))
