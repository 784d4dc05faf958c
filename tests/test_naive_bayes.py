"""Naive Bayes: the lecture's example to the last digit, blind to order, checked input."""
from fractions import Fraction
from math import log

import pytest
import torch

from rnnlib.models.naive_bayes import NaiveBayes

DOCUMENTS = [(text.split(), label) for text, label in [
    ("natalie was soooo thrilled that usman had a famous new poem", "sarcastic"),
    ("she was totally 100% not annoyed that it had surpassed her poem on the bestseller list",
     "sarcastic"),
    ("usman was happy that his poem about thanksgiving was so successful", "not sarcastic"),
    ("he congratulated natalie for getting #2 on the bestseller list", "not sarcastic")]]
LECTURE = {"natalie": (0.033, 0.036), "usman": (0.033, 0.036), "soooo": (0.033, 0.018),
           "totally": (0.033, 0.018), "happy": (0.016, 0.036)}


def test_the_ten_probabilities_of_the_lecture_are_reproduced_as_it_rounds_them():
    model = NaiveBayes(DOCUMENTS)
    for word, rounded in LECTURE.items():
        found = [round(model.probability(word, label), 3) for label in
                 ("sarcastic", "not sarcastic")]
        assert tuple(found) == rounded


def test_the_score_is_the_product_of_fractions_worked_by_hand():
    model = NaiveBayes(DOCUMENTS)
    byhand = [Fraction(4, 55**5), Fraction(8, 61**5)]  # not sarcastic, sarcastic
    scores = model.scores(list(LECTURE))
    assert scores.tolist() == pytest.approx([log(p) for p in byhand], abs=1e-12)
    assert model.label(list(LECTURE)) == "sarcastic"


def test_with_all_known_words_of_the_sentence_the_verdict_turns():
    sentence = "natalie told usman she was soooo totally happy for him".split()
    model = NaiveBayes(DOCUMENTS)
    byhand = [Fraction(48, 55**8) / 2, Fraction(96, 61**8) / 2]
    assert model.scores(sentence).exp().tolist() == pytest.approx([float(p) for p in byhand])
    assert model.label(sentence) == "not sarcastic"


def test_every_label_has_probabilities_that_sum_to_one():
    model = NaiveBayes(DOCUMENTS, smoothing=0.3)
    assert torch.allclose(model.log_words.exp().sum(1), torch.ones(2).double())
    assert model.log_prior.exp().sum().item() == pytest.approx(1)


def test_the_order_of_the_words_changes_nothing():
    model, words = NaiveBayes(DOCUMENTS), DOCUMENTS[1][0]
    assert torch.allclose(model.scores(words), model.scores(words[::-1]))
    assert not torch.allclose(model.scores(words), model.scores(words[1:]))


def test_words_never_seen_are_left_out_and_repeated_ones_count_each_time():
    model = NaiveBayes(DOCUMENTS)
    assert torch.equal(model.scores(["poem", "zebra"]), model.scores(["poem"]))
    once, twice = (model.scores(["poem"] * n) - model.log_prior for n in (1, 2))
    assert torch.allclose(2 * once, twice)


def test_the_prior_counts_documents_not_words():
    model = NaiveBayes([(["a"] * 9, "x"), (["b"], "y"), (["b"], "y")])
    assert model.log_prior.exp().tolist() == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.parametrize("arguments, said", [
    (([],), "expected at least one document"), ((DOCUMENTS, 0), "expected a smoothing above 0")])
def test_bad_input_is_one_sentence(arguments, said):
    with pytest.raises(ValueError, match=said):
        NaiveBayes(*arguments)
