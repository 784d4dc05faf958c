"""The hidden Markov model: hand-worked counts, enumeration, invariances, its accuracy."""

import itertools
import math
from collections import Counter

import pytest
import torch

from rnnlib import crf
from rnnlib.datasets import load
from rnnlib.models import HMM, MostFrequent
from rnnlib.models.hmm import smoothed, transitions
from rnnlib.models.suffixes import Suffixes

TEXT = [
    ("the dog barks", "D N V"),
    ("the old dog barks", "D A N V"),
    ("dogs bark", "N V"),
    ("the bark is old", "D N V A"),
    ("Rex barks", "P V"),
    ("a walk", "D N"),
]
SENTENCES = [(words.split(), labels.split()) for words, labels in TEXT]
EXACT = {"rtol": 0, "atol": 1e-12}


@pytest.fixture
def model():
    return HMM(SENTENCES)


def joint(model, words, labels):
    """p(words, labels) as a product of probabilities looked up one by one."""
    between, start, end = (part.exp() for part in model.chain)
    y = [model.labels.index(label) for label in labels]
    p = start[y[0]] * end[y[-1]]
    for i, j in itertools.pairwise(y):
        p = p * between[i, j]
    for word, i in zip(words, y, strict=True):
        p = p * model.word(word).exp()[i]
    return p.item()


def test_a_known_word_has_the_shares_that_were_counted(model):
    p = dict(zip(model.labels, model.word("bark").exp().tolist(), strict=True))
    assert p == pytest.approx({"N": 1 / 5, "V": 1 / 5, "D": 0, "A": 0, "P": 0})
    p = dict(zip(model.labels, model.word("the").exp().tolist(), strict=True))
    assert p["D"] == pytest.approx(3 / 4)


def test_smoothing_is_deleted_interpolation_worked_by_hand():
    """Pairs: 0 0 0 1 | 1 once.  Without it each pair votes for the better of two shares."""
    counts = torch.tensor([[3.0, 1], [0, 1]], dtype=torch.float64)
    # (0, 0): (3-1)/(4-1) = 2/3 against (3-1)/(5-1) = 1/2: three votes for the pair
    # (0, 1): 0 against (2-1)/(5-1) = 1/4: against; (1, 1): 0/0, counted as 0: against
    a = 3 / 6
    wanted = [[a * 3 / 4 + (1 - a) * 3 / 5, a * 1 / 4 + (1 - a) * 2 / 5],
              [a * 0 / 1 + (1 - a) * 3 / 5, a * 1 / 1 + (1 - a) * 2 / 5]]
    torch.testing.assert_close(smoothed(counts), torch.tensor(wanted).double(),
                               rtol=0, atol=1e-7)


def test_each_pair_is_taken_out_of_all_counts_before_it_votes():
    """Of 8 pairs, (0, 0) twice: 1/3 without it against 2/7; left in, it would be 2/4, 3/8."""
    counts = torch.tensor([[2.0, 2], [1, 3]], dtype=torch.float64)
    # (1, 1) votes for the pair, too: 2/3 against 4/7; (0, 1) and (1, 0) vote against it
    a = 5 / 9
    assert smoothed(counts)[0, 0].item() == pytest.approx(a * 2 / 4 + (1 - a) * 3 / 8)


def test_after_each_label_the_probabilities_add_up_to_one(model):
    between, start, end = (part.exp() for part in model.chain)
    torch.testing.assert_close(between.sum(1) + end, torch.ones_like(end), **EXACT)
    assert start.sum().item() < 1, "the rest is the empty sentence, which smoothing allows"
    assert all((part > 0).all() for part in (between, start, end))


def test_transitions_are_the_counts_when_there_is_nothing_to_smooth():
    """Always 0 1: the pair foretells everything, and one vote in 301 goes to the single shares."""
    between, start, end = (part.exp() for part in transitions([[0, 1]] * 100))
    for certain in (start[0], between[0, 1], end[1]):
        assert certain.item() == pytest.approx(1 - (1 / 301) * (2 / 3))


def test_all_sentences_of_known_words_together_have_probability_at_most_one(model):
    total = 0.0
    for n in (1, 2):
        for words in itertools.product(model.counts, repeat=n):
            x = model.emissions(words)[None]
            total += crf.log_normaliser(x, model.chain).exp().item()
    assert 0.1 < total < 1


@pytest.mark.parametrize("words", ["the dog barks", "old dogs walk", "the the the", "Rex"])
def test_tagging_finds_the_most_probable_labels_of_all(model, words):
    words = words.split()
    every = itertools.product(model.labels, repeat=len(words))
    best = max(every, key=lambda labels: joint(model, words, labels))
    assert model.tag(words) == list(best)


def test_messages_added_up_are_the_probability_of_the_beginning(model):
    words = ["the", "bark", "is"]
    added = model.messages(words).exp()
    between, start, _ = (part.exp() for part in model.chain)
    first = start * model.word("the").exp()
    torch.testing.assert_close(added[0], first, **EXACT)
    second = torch.stack([sum(first * between[:, j]) for j in range(5)]) * model.word("bark").exp()
    torch.testing.assert_close(added[1], second, **EXACT)


def test_the_best_messages_end_in_the_score_that_viterbi_returns(model):
    words = ["the", "bark", "is"]
    best = model.messages(words, crf.take_best)
    _, total = crf.viterbi(model.emissions(words)[None], model.chain)
    assert (best[-1] + model.chain[2]).max().item() == pytest.approx(total.item())


def test_suffixes_are_worked_by_hand():
    """Two labels 3 to 1, theta is the deviation of 0.75 and 0.25; "b" 1 to 1, "ab" only the 2nd."""
    counts = {"xb": Counter({0: 1}), "ab": Counter({1: 1}), "no": Counter({0: 2})}
    model = Suffixes(counts, torch.tensor([3.0, 1], dtype=torch.float64))
    theta = math.sqrt(0.125)
    p = 0.75  # of label 0, for the empty suffix: the share in the text, then that of rare words
    for share in (3 / 4, 1 / 2, 0.0):  # "", "b", "ab"
        p = (share + theta * p) / (1 + theta)
    assert model.of("cab")[0].item() == pytest.approx(p)
    assert model.of("cab").sum().item() == pytest.approx(1)


def test_an_unknown_word_stands_for_a_label_by_the_rule_of_bayes(model):
    """p(word | label) is p(label | word) / p(label), up to a number that all labels share."""
    p = model.word("larks").exp() * model.totals / model.totals.sum()
    torch.testing.assert_close(p, model.suffixes.of("larks"), **EXACT)


def test_an_unknown_word_is_tagged_by_its_end_and_its_capital(model):
    words = [f"{stem}ing" for stem in "runn swimm sleep talk".split()]
    names = "Anna Berta Clara Dora".split()
    text = [(["they", word], ["PRON", "VERB"]) for word in words]
    text += [(["they", "saw", name], ["PRON", "VERB", "PROPN"]) for name in names]
    text += [(["a", noun], ["DET", "NOUN"]) for noun in "cat dog house tree".split()]
    hmm = HMM(text)
    assert hmm.tag(["they", "jumping"]) == ["PRON", "VERB"]
    assert hmm.labels[hmm.word("Emma").argmax()] == "PROPN"
    assert hmm.labels[hmm.word("jumping").argmax()] == "VERB"


def test_words_with_a_capital_are_counted_apart():
    text = [(["see", name], ["VERB", "PROPN"]) for name in "Anton Simon Jason".split()]
    text += [(["see", noun], ["VERB", "NOUN"]) for noun in "carton lemon mason".split()]
    hmm = HMM(text)
    assert hmm.tag(["see", "Cameron"]) == ["VERB", "PROPN"]
    assert hmm.tag(["see", "cameron"]) == ["VERB", "NOUN"]


def test_a_frequent_word_says_nothing_about_unknown_ones():
    text = [(["thing", "x"], ["N", "S"])] * 11 + [(["going", "x"], ["V", "S"])]
    hmm = HMM(text)
    assert hmm.labels[hmm.suffixes.of("running").argmax()] == "V"


def test_padding_batch_mates_and_order_change_nothing(model):
    sentences = [words for words, _ in SENTENCES] + [["zzz"], ["the"] * 30]
    alone = [model.tag(words) for words in sentences]
    assert model.tag_all(sentences) == alone
    assert model.tag_all(sentences[::-1]) == alone[::-1]
    assert model.tag_all(sentences * 40)[-len(sentences) :] == alone


@pytest.mark.parametrize("word", ["собака", "犬", "🐕🐕", "", "x" * 10_000, "’", "ÅNGSTRÖM"])
def test_any_word_gets_a_label(model, word):
    assert model.word(word).isfinite().any()
    assert model.tag([word])[0] in model.labels
    assert len(model.tag(["the", word, "barks"])) == 3


def test_one_sentence_of_one_word_is_enough():
    hmm = HMM([(["Yes"], ["INTJ"])])
    assert hmm.tag(["No", "way"]) == ["INTJ", "INTJ"]


@pytest.mark.parametrize("call, text", [
    (lambda: HMM([]), "an HMM counts sentences, got none"),
    (lambda: HMM([(["a", "b"], ["X"])]), "got 2 words and 1 labels in sentence 0"),
    (lambda: HMM([(["a"], ["X"]), ([], [])]), "got 0 words and 0 labels in sentence 1"),
    (lambda: HMM(SENTENCES).tag([]), "a list of at least one word, got []"),
    (lambda: HMM(SENTENCES).tag("the dog"), "a list of at least one word, got 'the dog'"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)


def right(tagger, examples):
    """Share of right labels, in percent."""
    tagged = tagger([words for words, _ in examples])
    pairs = [(a, b) for (_, y), z in zip(examples, tagged, strict=True)
             for a, b in zip(y, z, strict=True)]
    return 100 * sum(a == b for a, b in pairs) / len(pairs)


def test_on_the_courses_treebank_it_beats_the_most_frequent_tag():
    data = load("treebank")
    hmm = HMM(data.train)
    held_out = data.valid + data.test
    baseline = right(MostFrequent(data.train, "PROPN").tag_all, held_out)
    assert right(hmm.tag_all, held_out) > baseline + 2


@pytest.mark.real_data
def test_on_english_web_texts_it_is_five_points_above_the_most_frequent_tag():
    data = load("ewt")
    hmm = HMM(data.train)
    baseline = right(MostFrequent(data.train, "PROPN").tag_all, data.test)
    assert baseline == pytest.approx(86.93, abs=0.1)
    assert right(hmm.tag_all, data.test) > baseline + 4.5
