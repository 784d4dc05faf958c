"""Letters into phones: the recipe, the corpus, how errors are counted, saving and loading."""

import math
from dataclasses import replace

import pytest
import torch

from rnnlib import train
from rnnlib.datasets import load as load_data
from rnnlib.datasets.offline_spelling import spelling
from rnnlib.experiments import letters_figures, letters_to_phones
from rnnlib.experiments.letters_to_phones import (
    SHIPPED,
    Corpus,
    Recipe,
    errors,
    fit,
    load,
    run,
    written,
)
from rnnlib.models import Averaged
from rnnlib.objectives import nats


class Small:
    """A data set of made-up words."""

    name, sha256, real = "spelling", "0", False
    parts = spelling(400)
    train, valid, test = parts["train"], parts["valid"], parts["test"]


TINY = Recipe(D=16, H=16, G=24, tokens=600, steps=40, lr=2e-2, warmup=5, every=40)
CORPUS = Corpus.of(Small)


def test_every_pronunciation_is_learned_from():
    pairs = CORPUS.pairs(Small.train, 600, 0)
    assert len(pairs.sources) == sum(len(several) for _, several in Small.train)
    word = "".join(CORPUS.letters.decode(pairs.sources[0]))
    assert CORPUS.phones.decode(pairs.targets.ids[0]) in dict(Small.train)[word]


@pytest.mark.parametrize("decoder", letters_to_phones.DECODERS)
def test_training_lowers_the_nats_and_a_seed_fixes_the_weights(decoder):
    recipe = Recipe(**{**TINY.setting(), "decoder": decoder, "seed": 1})
    curves = []
    for _ in range(2):
        model = recipe.model(len(CORPUS.letters), len(CORPUS.phones))
        curves.append([record.held_out for record in fit(model, CORPUS, recipe)])
    assert curves[0] == curves[1] and curves[0][-1] < 0.9 * math.log(len(CORPUS.phones))


def test_words_come_back_in_their_order():
    model = TINY.model(len(CORPUS.letters), len(CORPUS.phones)).eval()
    words = [word for word, _ in Small.test]
    for width in (1, 2):
        all_at_once = written(model, CORPUS, words, width)
        assert all_at_once[7] == written(model, CORPUS, [words[7]], width)[0]


def test_errors_are_percentages_of_words_and_phones(monkeypatch):
    examples = [("cat", [["K", "AE", "T"]]), ("row", [["R", "OW"], ["R", "AW"]])]
    said = {"cat": ["K", "AA", "T", "S"], "row": ["R", "AW"]}
    monkeypatch.setattr(letters_to_phones, "written",
                        lambda model, corpus, words, width: [said[word] for word in words])
    model = TINY.model(len(CORPUS.letters), len(CORPUS.phones))
    assert errors(model, CORPUS, examples, 1) == {"word_error_greedy": 50.0,
                                                  "phone_error_greedy": 40.0}
    assert list(errors(model, CORPUS, examples, 5)) == ["word_error_beam5", "phone_error_beam5"]


def test_a_run_is_recorded_and_its_weights_are_loaded_again(tmp_path):
    speller, records = run(TINY, Small)
    values = {record.metric: record.value for record in records}
    assert {"nats", "parameters", "word_error_greedy", "phone_error_beam5"} <= set(values)
    assert values["parameters"] == sum(w.numel() for w in speller.model.parameters())
    train.save_weights(tmp_path / "weights", speller.model.half(), speller.facts)
    again = load(tmp_path / "weights")
    words = [word for word, _ in Small.test[:20]]
    speller.model.float()
    for left, right in zip(speller.answers(words), again.answers(words), strict=True):
        assert left.ids == right.ids and left.weights.shape[1] == max(map(len, words))
        torch.testing.assert_close(left.weights, right.weights)
    assert again.say(words[0]) == CORPUS.phones.decode(again.answers(words[:1])[0].ids)


def test_what_was_never_seen_is_one_sentence():
    speller = letters_to_phones.Speller(TINY.model(26, 30), CORPUS, {})
    for words, said in [(["É"], "got 'É'"), ([""], "got nothing"), (["two words"], "got ' '")]:
        with pytest.raises(ValueError) as error:
            speller.answers(words)
        assert said in str(error.value) and "write in lower case" in str(error.value)


def test_shipped_weights_stay_small():
    assert 2 * sum(w.numel() for w in SHIPPED.model(26, 41).parameters()) < 3e6


def test_models_by_the_clock_stop_in_time_and_are_better_together():
    plan = letters_figures.Plan(replace(TINY, every=5), models=2, minutes=2 / 60)
    models, updates, seconds = letters_figures.train_all(plan, CORPUS)
    assert len(models) == 2 and min(updates) >= 5 and seconds < 3
    batches = CORPUS.pairs(Small.valid, 600, 0)
    together, *alone = ([nats(m, batches) for m in (Averaged(models), *models)])
    assert together[0] < sum(total for total, _ in alone) / 2
    assert models[0].decoder.E.weight.ne(models[1].decoder.E.weight).any()
    assert plan.setting()["minutes"] == 2 / 60 and "steps" not in plan.setting()


@pytest.mark.real_data
def test_the_real_words_are_split_by_their_hash_with_all_pronunciations():
    data = load_data("cmudict")
    corpus = Corpus.of(data)
    assert len(corpus.letters) == 26 and len(corpus.phones) == 39 + 2
    assert dict(data.train + data.valid + data.test)["either"] in (
        [["IY", "DH", "ER"], ["AY", "DH", "ER"]], [["AY", "DH", "ER"], ["IY", "DH", "ER"]])
