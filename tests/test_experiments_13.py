"""The experiments of notebook 13 on small cases: texts, links, equal sizes, what is measured."""
import random
from types import SimpleNamespace

import pytest
import torch

from rnnlib.datasets import load
from rnnlib.datasets.grammar_phrases import lexicon
from rnnlib.experiments import (
    compared_scores,
    copied_strings,
    covering,
    joined_sentences,
    phrase_translator,
    translators,
    word_links,
)
from rnnlib.experiments.compared_scores import Recipe

PAIRS = [("the witch arrived", "llegó la bruja"), ("the old king sings", "el rey viejo canta"),
         ("did she sing ?", "¿ cantó ?")]
TEXTS = ["the green witch arrived", "the white houses are big", "an old cat slept in the garden"]


@pytest.fixture(scope="module")
def data():
    return load("sentences")


@pytest.fixture(scope="module")
def both():
    return phrase_translator.load()[:2]


# ---- texts and links ----


def test_joined_texts_have_the_lengths_asked_for_and_keep_their_parts():
    found = joined_sentences.joined(PAIRS, 4, (7, 9))
    assert len(found) == 4 == len(dict(found))
    known = dict(PAIRS)
    for english, spanish in found:
        assert 7 <= len(english.split()) <= 9
        assert [known[part] for part in english.split(" and ")] == spanish.split(" y ")


def test_joined_texts_depend_on_the_seed_only():
    assert joined_sentences.joined(PAIRS, 3, (7, 9)) == joined_sentences.joined(PAIRS, 3, (7, 9))


def test_the_links_of_the_green_witch_cross():
    found = word_links.links("the green witch arrived", "llegó la bruja verde")
    assert found == {0: 3, 2: 2, 3: 1}
    assert word_links.crossings(found) == [(0, 2), (0, 3), (2, 3)]


def test_a_word_that_two_english_words_may_mean_has_no_link():
    found = word_links.links("the old king saw an old cat", "el rey viejo vio a un gato viejo")
    assert found == {1: 2, 3: 3, 6: 6}


def test_every_link_joins_words_of_the_lexicon(data):
    for english, spanish in data.test[:200]:
        for t, j in word_links.links(english, spanish).items():
            assert english.split()[j] in word_links.partners()[spanish.split()[t]]


# ---- K20 ----


def test_the_three_copiers_have_as_many_weights():
    counts = []
    for name in copied_strings.DECODERS:
        corpus = copied_strings.corpus_of(0, 50)
        recipe = copied_strings.recipe(name)
        model = recipe.model(len(corpus.sources), len(corpus.targets))
        counts.append(translators.weights(model))
    assert max(counts) < 1.01 * min(counts)


def test_strings_are_copied_from_source_to_target():
    found = copied_strings.strings(random.Random(0), 50, range(1, 5))
    assert all(source == target and 1 <= len(source) <= 4 for source, target in found)
    assert {letter for source, _ in found for letter in source} == set(copied_strings.LETTERS)


def test_a_perfect_copier_has_no_errors_and_a_mute_one_only_errors(monkeypatch):
    monkeypatch.setattr(copied_strings, "written", lambda model, corpus, sources: sources)
    perfect = copied_strings.quality(None, None, 5)
    monkeypatch.setattr(copied_strings, "written", lambda model, corpus, sources: [[]] * 5)
    mute = copied_strings.quality(None, None, 5)
    for n in copied_strings.LENGTHS:
        assert (perfect[f"wrong_{n}"], perfect[f"exact_{n}"]) == (0, 100)
        assert (mute[f"wrong_{n}"], mute[f"exact_{n}"]) == (100, 0)


# ---- K22 ----


def test_unequal_sizes_have_as_many_weights_as_the_dot_product():
    counts = {pair: translators.weights(Recipe(*pair).model(60, 80))
              for pair in compared_scores.grid()}
    dot = counts["dot", "equal"]
    assert counts["scaled dot", "equal"] == dot
    assert counts["bilinear", "equal"] == dot + 64 * 64
    assert abs(counts["bilinear", "narrow"] - dot) < 0.01 * dot


def test_unequal_sizes_are_unequal():
    attention = Recipe("bilinear", "narrow").model(60, 80).decoder.attention
    assert attention.H == 32 and attention.Q > 64


def test_a_short_training_gives_every_number(data):
    pairs = [tuple(side.split() for side in pair) for pair in data.train[:60]]
    corpus = translators.Corpus.of(data, least=1)
    small = translators.Corpus(corpus.sources, corpus.targets, pairs, pairs[:10], pairs[:10])
    recipe = Recipe("dot", D=8, H=8, passes=2)
    found = {r.metric: r.value for r in compared_scores.run(recipe, data, small)}
    assert set(found) == {"nats_1", "nats_2", "parameters", "wrong", "exact", "linked"}
    assert found["nats_2"] < found["nats_1"]


def test_a_link_is_found_where_its_own_sentence_looks(monkeypatch):
    pairs = [(english.split(), spanish.split()) for english, spanish in PAIRS[:2]]
    corpus = translators.Corpus.of(SimpleNamespace(train=PAIRS, valid=PAIRS, test=PAIRS), least=1)
    places = {"right": [[0, 0, 1], [0, 2, 1, 3]], "second wrong": [[2, 0, 1], [0, 0, 0, 0]]}
    for name, looks in places.items():
        places[name] = [SimpleNamespace(ids=corpus.targets.encode(spanish).tolist(),
                                        weights=torch.eye(4)[row])
                        for (_, spanish), row in zip(pairs, looks, strict=True)]
    places["right"][0].weights = torch.eye(4)[[2, 0, 1]]
    found = {}
    for name, answers in places.items():
        monkeypatch.setattr(compared_scores, "greedy_answers", lambda *given, a=answers: a)
        model = SimpleNamespace(eval=lambda: None)
        found[name] = compared_scores.quality(model, corpus, pairs)
    assert found["right"] == {"wrong": 0, "exact": 100, "linked": 100}
    assert found["second wrong"]["linked"] == 40  # two links of five


# ---- covering ----


def test_covering_a_word_is_the_same_as_an_attention_that_cannot_see_it(both):
    one = both[0]
    ids, before, _ = covering.looked(one, TEXTS[0])
    found = covering.covered(one, TEXTS[0], before)
    for j in range(4):
        alone = one.next_words(TEXTS[0], before, [j])
        torch.testing.assert_close(found[j], alone, rtol=0, atol=1e-4)


def test_leaving_a_word_out_is_a_shorter_source(both):
    one = both[0]
    _, before, _ = covering.looked(one, TEXTS[0])
    found = covering.left_out(one, TEXTS[0], before)
    torch.testing.assert_close(found[1], one.next_words("the witch arrived", before),
                               rtol=0, atol=1e-4)


def test_a_model_agrees_with_itself(both):
    found = covering.agreement(both[0], both[0], TEXTS)
    assert found == {"texts": 100, "same": 100, "moved": 0}


class Obedient:
    """Writes the noun and the adjective of "the white box fell"; next, whom it obeys decides."""

    def __init__(self, obeys):
        things, groups = lexicon()["nouns"]["thing"], lexicon()["adjectives"]
        self.gender = {noun: form for form, g in enumerate("mf") for noun in things[g]}
        self.forms = {word: forms for group in groups.values() for word, forms in group.items()}
        every = [form for forms in self.forms.values() for form in forms]
        self.symbols = ["<bos>", *dict.fromkeys([*self.gender, *every])]
        self.corpus, self.obeys = SimpleNamespace(targets=SimpleNamespace(bos=0)), obeys

    def answer(self, text):
        _, adjective, noun, _ = text.split()
        words = [noun, self.forms[adjective][self.gender[noun]]]
        return SimpleNamespace(ids=[self.symbols.index(word) for word in words])

    def words(self, answer):
        return [self.symbols[n] for n in answer.ids]

    def next_words(self, text, before):
        _, adjective, noun, _ = text.split()
        noun = {"source": noun, "written": self.symbols[before[-1]]}.get(self.obeys)
        word = self.forms[adjective][self.gender[noun]] if noun else "<bos>"
        p = torch.zeros(len(before), len(self.symbols))
        p[-1, self.symbols.index(word)] = 1
        return p


@pytest.mark.parametrize("obeys", ["written", "source", "neither"])
def test_at_odds_says_whom_the_ending_obeys(obeys):
    found = covering.at_odds(Obedient(obeys), 10)
    assert found == {"written": 0, "source": 0, "neither": 0} | {obeys: 100}


@pytest.fixture
def looks(monkeypatch):
    """Two words are written, numbers 1 and 2; the first looks at place 0, the second at place 1."""
    weights = torch.tensor([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]])
    monkeypatch.setattr(covering, "looked", lambda *given: (torch.tensor([1, 2]), [0, 1], weights))


def without(losses):
    """log p of three words at two steps, a row for each word that is lost; of losses[t] at step t
    the loss makes word 0 the likeliest."""
    p = torch.zeros(3, 2, 3)
    for t in (0, 1):
        p[:, t, t + 1] = 1
        p[losses[t], t] = torch.tensor([1.0, 0.0, 0.0])
    return lambda *given: p


def test_only_the_loss_of_the_word_looked_at_most_counts_as_that(looks):
    assert covering.changes(None, ["x"], without([0, 1])) == {"most": 100, "other": 0}
    assert covering.changes(None, ["x"], without([0, 0]), seed=3)["most"] == 50
    assert covering.changes(None, ["x"] * 40, without([1, 0]))["most"] == 0
    assert 20 < covering.changes(None, ["x"] * 40, without([1, 0]))["other"] < 80


def test_the_leader_is_the_word_whose_loss_hurts_most(looks, monkeypatch):
    monkeypatch.setattr(covering, "covered", without([0, 1]))
    monkeypatch.setattr(covering, "left_out", without([0, 2]))
    assert covering.leaders(None, ["x"]) == {"covered": 100, "left out": 50}


def test_links_that_cross_are_counted_apart():
    weights = torch.eye(4)[[0, 2, 1, 0]]  # right for "rey" and "viejo", wrong for "canta"
    one = SimpleNamespace(answer=lambda text: SimpleNamespace(weights=weights),
                          words=lambda answer: "el rey viejo canta".split())
    assert covering.crossed(one, PAIRS) == {
        "links": pytest.approx(200 / 3), "crossing": 100, "counted": 3, "counted crossing": 2}


def test_shares_are_percentages(both):
    for found in (covering.changes(both[0], TEXTS), covering.leaders(both[0], TEXTS),
                  covering.borrowed(both[0], 5), covering.at_odds(both[0], 5)):
        assert all(0 <= value <= 100 for value in found.values())


def test_a_covered_word_gets_no_weight(both):
    answer = both[0].answer(TEXTS[0], [1])
    assert (answer.weights[:, 1] == 0).all()


@pytest.mark.parametrize("text, said", [("", "got nothing"), ("the grue arrived", "'grue'")])
def test_a_text_outside_the_grammar_gets_one_clear_sentence(both, text, said):
    with pytest.raises(ValueError) as error:
        both[0].answer(text)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_weights_survive_saving(both, tmp_path):
    made = dict(enumerate([*both, both[0]]))
    phrase_translator.save(made, {}, tmp_path / "w.safetensors")
    again = phrase_translator.load(tmp_path / "w.safetensors")
    assert again[1].answer(TEXTS[1]).ids == both[1].answer(TEXTS[1]).ids
