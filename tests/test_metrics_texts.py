"""Distances and errors of written texts: a plain loop, hand-worked cases, sacrebleu, errors."""

import random

import numpy as np
import pytest
import sacrebleu

from rnnlib.experiments.letters_to_sounds import distance
from rnnlib.metrics_texts import (
    bleu,
    chrf,
    edit_distances,
    exact_matches,
    nearest,
    sentence_bleu,
    symbol_errors,
    text_errors,
)


def some_texts(n, seed):
    rng = random.Random(seed)
    return [[rng.choice("abcd") for _ in range(rng.randrange(8))] for _ in range(n)]


def test_all_distances_at_once_are_those_of_a_loop():
    left, right = some_texts(400, 0), some_texts(400, 1)
    found = edit_distances(left, right)
    assert found.tolist() == [distance(a, b) for a, b in zip(left, right, strict=True)]
    assert len(set(found.tolist())) > 5


def test_distances_are_distances():
    a, b, c = some_texts(200, 2), some_texts(200, 3), some_texts(200, 4)
    ab, bc, ac = edit_distances(a, b), edit_distances(b, c), edit_distances(a, c)
    assert (ab == edit_distances(b, a)).all() and (ac <= ab + bc).all()
    assert ((ab == 0) == [x == y for x, y in zip(a, b, strict=True)]).all()


@pytest.mark.parametrize("a, b, wanted", [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("", "", 0), ("abc", "abc", 0),
    ("abc", "bca", 2), ("intention", "execution", 5),
])
def test_distances_by_hand(a, b, wanted):
    assert edit_distances([a], [b]).tolist() == [wanted]
    assert edit_distances([a, "zz"], [b, "z"]).tolist() == [wanted, 1]


def test_no_pairs_have_no_distances():
    assert edit_distances([], []).tolist() == []


def test_the_nearest_reference_counts_and_of_equally_near_ones_the_longest():
    texts = [["K", "AE", "T"], ["D"], []]
    references = [[["K", "AA"], ["K", "AE", "T", "S"]], [["D"], ["T", "OW"]], [["A"], ["B", "C"]]]
    edits, base = nearest(texts, references)
    assert edits.tolist() == [1, 0, 1] and base.tolist() == [4, 1, 1]
    assert nearest([["A"]], [[["B"], ["A", "B"]]])[1].tolist() == [2]
    assert symbol_errors(texts, references) == (2, 6)
    assert text_errors(texts, references) == (2, 3) and exact_matches(texts, references) == (1, 3)


def test_errors_of_batches_add_up():
    texts, references = some_texts(50, 5), [[a, b] for a, b in zip(some_texts(50, 6),
                                                                 some_texts(50, 7), strict=True)]
    whole = np.array(symbol_errors(texts, references))
    parts = [symbol_errors(texts[k:k + 10], references[k:k + 10]) for k in range(0, 50, 10)]
    assert (whole == np.sum(parts, 0)).all()


def test_a_tuple_equals_a_list_and_a_string_its_letters():
    assert exact_matches([("a", "b"), "ab"], [[["a", "b"]], [["a", "b"]]]) == (2, 2)


SAID = ["the green witch arrived", "there are two cats ."]
RIGHT = [["the green witch arrived", "the green witch came"],
         ["there are two cats in the kitchen .", "two cats are in the kitchen ."]]


def test_bleu_and_chrf_are_those_of_sacrebleu():
    turned = list(map(list, zip(*RIGHT, strict=True)))
    assert bleu(SAID, RIGHT) == sacrebleu.corpus_bleu(SAID, turned).score
    assert chrf(SAID, RIGHT) == sacrebleu.corpus_chrf(SAID, turned).score
    assert sentence_bleu(SAID[1], RIGHT[1]) == sacrebleu.sentence_bleu(SAID[1], RIGHT[1]).score
    assert bleu(SAID[:1], RIGHT[:1]) == pytest.approx(100)
    assert chrf(SAID[:1], RIGHT[:1]) == pytest.approx(100)


def test_bleu_by_hand():
    """Five words, four right, "a b c" in a row: precisions 4/5, 2/4, 1/3, and none of four."""
    said = ["a b c x e"]
    right = [["a b c d e"]]
    assert bleu(said, right) < sentence_bleu("a b c d", right[0]) < 100
    unigrams = 4 / 5 * 2 / 4 * 1 / 3 * 1 / (2 * 2)  # sacrebleu: none of two counts as half of one
    assert bleu(said, right) == pytest.approx(100 * unigrams**0.25, abs=0.01)


@pytest.mark.parametrize("call, text", [
    (lambda: edit_distances(["a"], []), "as many texts on both sides, got 1 and 0"),
    (lambda: symbol_errors([], []), "at least one text, got 0 for 0"),
    (lambda: text_errors([["a"]], [["a"], ["b"]]), "got 2 for 1 texts"),
    (lambda: text_errors([["a"]], [[]]), "at least one reference for text 0, got []"),
    (lambda: text_errors([["a"]], ["a"]), "a single reference goes into a list, [reference]"),
    (lambda: bleu([["a", "b"]], [["a b"]]), "expected strings, got ['a', 'b']: join"),
    (lambda: chrf(["a", "b"], [["a"], ["a", "b"]]), "as many references for each text, got [1, 2]"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
