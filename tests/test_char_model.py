"""The character model that comes with the course: it loads, it writes, its numbers are its own."""

import math
from types import SimpleNamespace

import pytest
import torch

from rnnlib import claims, datasets
from rnnlib.experiments import char_model
from rnnlib.experiments.char_model import Corpus, Recipe

TINY = Recipe(D=8, H=16, B=4, T=16, steps=60, warmup=5, every=20, lr=2e-2, dropout=0.0)


def toy():
    text = "the cat sat on the mat\n" * 120
    return SimpleNamespace(name="toy", sha256="0" * 64, train=text, valid=text, test=text)


@pytest.fixture(scope="module")
def shipped():
    return char_model.load()


def test_it_goes_on_with_a_prompt_for_as_long_as_asked(shipped):
    text = shipped.write("ROMEO:\n", 120)
    assert len(text) == 120 and set(text) <= set(shipped.vocab.symbols)
    assert text == shipped.write("ROMEO:\n", 120) != shipped.write("ROMEO:\n", 120, seed=1)


def test_greedy_and_confident_after_a_well_known_beginning(shipped):
    assert shipped.write("KING RICHARD II", 2, temperature=0) in ("I:", ":\n")


def test_most_of_its_words_are_words_of_the_plays(shipped):
    text = " ".join(shipped.write("\n\n", 400, 0.5, seed) for seed in range(3))
    common = set("the and to of you that my is not a in it with be your for his he".split())
    assert sum(word.lower().strip(",.;:!?") in common for word in text.split()) > 30


def test_an_empty_prompt_begins_a_new_line(shipped):
    assert shipped.write("", 20) == shipped.write("\n", 20)


def test_characters_it_never_saw_are_named(shipped):
    with pytest.raises(ValueError, match="has never seen '@', 'é', only line ends, .*abc"):
        shipped.write("café @")


def test_the_file_says_how_it_was_made_and_is_small(shipped):
    facts = shipped.facts
    assert facts["command"] == "python -m rnnlib.experiments.char_model"
    assert facts["data"] == "tinyshakespeare" and len(facts["data_sha256"]) == 64
    assert facts["steps"] == facts["recipe"]["steps"] and facts["seconds"] > 0
    assert char_model.WEIGHTS.stat().st_size < 3e6


def test_two_bytes_for_each_weight_lose_nothing_that_matters(shipped):
    values = shipped.facts["held_out"]
    assert abs(values["nats"] - values["nats_float32"]) < 1e-3
    (recorded,) = claims.results("char_model", "nats", {"H": shipped.facts["recipe"]["H"]})
    assert recorded.value == values["nats"]


@pytest.mark.real_data
def test_the_recorded_loss_is_the_loss_on_the_real_text(shipped):
    data = datasets.load("tinyshakespeare")
    assert data.sha256 == shipped.facts["data_sha256"]
    part = char_model.nats(shipped.model, shipped.vocab.encode(data.test[:30_000]))
    assert part == pytest.approx(shipped.facts["held_out"]["nats"], abs=0.1)


def test_the_same_recipe_trains_the_same_model_and_reports_it():
    writer, records = char_model.run(TINY, toy())
    again, _ = char_model.run(TINY, toy())
    assert torch.equal(writer.model.V.weight, again.model.V.weight)
    values = {record.metric: record.value for record in records}
    assert values["nats"] < 1.0 < math.log(len(writer.vocab))
    assert values["parameters"] == sum(p.numel() for p in writer.model.parameters())
    assert records[0].setting["H"] == 16 and "seed" not in records[0].setting


def test_a_killed_training_goes_on_from_its_checkpoint(tmp_path):
    corpus, path = Corpus.of(toy()), tmp_path / "run.safetensors"
    model = TINY.model(len(corpus.vocab))
    run = char_model.fit(model, corpus, TINY, path)
    next(run)
    writer, records = char_model.run(TINY, toy(), path)
    expected, _ = char_model.run(TINY, toy())
    assert torch.equal(writer.model.V.weight, expected.model.V.weight)


def test_held_out_text_is_not_trained_on():
    data = toy()
    data.test = "z" * 600
    corpus = Corpus.of(data)
    assert corpus.vocab["z"] not in corpus.train and (corpus.held_out == corpus.vocab["z"]).all()
