"""Three translators with as many weights: sizes, what is written, and what a record holds."""

import dataclasses
from types import SimpleNamespace

import pytest

from rnnlib.experiments import translators
from rnnlib.layers_built import weights

PAIRS = [("a red ball rolls .", "rueda una pelota roja ."), ("a cat sleeps .", "duerme un gato ."),
         ("the ball sleeps .", "duerme la pelota ."), ("a red cat rolls .", "rueda un gato rojo .")]


def tiny():
    """A corpus of four sentences, each part the same."""
    return SimpleNamespace(train=PAIRS, valid=PAIRS, test=PAIRS, name="tiny", sha256="0")


def recipe(decoder, **changes):
    """A recipe that learns four sentences by heart."""
    small = translators.Recipe(decoder, D=8, H=8, G=12, dropout=0.0, tokens=60, passes=150, lr=0.02)
    return dataclasses.replace(small, **changes)


@pytest.fixture
def corpus():
    """The four sentences with all their words."""
    return translators.Corpus.of(tiny(), least=1)


@pytest.mark.parametrize("decoder", translators.DECODERS)
def test_every_decoder_has_as_many_weights_within_two_per_cent(decoder):
    full = translators.Recipe(decoder)
    goal = weights(translators.Recipe("attention").model(900, 1100))
    assert abs(weights(full.model(900, 1100)) / goal - 1) < 0.02


@pytest.mark.parametrize("decoder", translators.DECODERS)
def test_four_sentences_are_learnt_by_heart_and_written_in_order(decoder, corpus):
    model = recipe(decoder).model(len(corpus.sources), len(corpus.targets))
    *_, last = translators.fit(model, corpus, recipe(decoder))
    assert last.held_out < 0.1
    sources = [source for source, _ in corpus.test]
    texts = translators.written(model, corpus, sources)
    assert texts == [" ".join(target) for _, target in corpus.test]
    assert translators.written(model, corpus, sources[::-1]) == texts[::-1]


def test_quality_of_the_gold_translations_is_one_hundred_at_every_length(corpus, monkeypatch):
    gold = {" ".join(source): " ".join(target) for source, target in corpus.test}
    monkeypatch.setattr(translators, "written", lambda model, corpus, sentences:
                        [gold[" ".join(one)] for one in sentences])
    values = translators.quality(None, corpus, corpus.test)
    assert set(values) == {"bleu", "chrf", "bleu 3-4", "chrf 3-4", "bleu 5", "chrf 5"}
    assert all(value == pytest.approx(100) for value in values.values())


def test_rare_words_are_unknown_on_both_sides():
    corpus = translators.Corpus.of(tiny(), least=2)
    assert corpus.sources["the"] == corpus.sources.unk
    assert corpus.targets["la"] == corpus.targets.unk


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    one, same, other = (recipe("start", seed=seed).model(9, 9) for seed in (0, 0, 1))
    flat = [model.encoder.E.weight.tolist() for model in (one, same, other)]
    assert flat[0] == flat[1] != flat[2]


def test_a_claim_gets_records_of_the_decoders_that_it_compares():
    data = tiny()
    both = translators.records(recipe("start"), {"bleu": 1.0}, 2.0, data)
    one = translators.records(recipe("attention"), {"bleu": 1.0}, 2.0, data)
    assert [record.claim for record in both] == ["K20", "K21"]
    assert [record.claim for record in one] == ["K20"]
    assert both[0].setting["decoder"] == "start"
