"""Labelled texts as batches: what stands where, what is padding, what is forgotten."""

import pytest
import torch

from rnnlib.batches_labeled import LETTERS, Examples, Forgetful, Reader, spelled, word_counts
from rnnlib.crf import NONE

TEXTS = [["The", "cat", "sat"], ["the", "dog"], ["A", "cat"]]
TAGS = [["D", "N", "V"], ["D", "N"], ["D", "N"]]


def test_words_are_looked_up_in_their_form_and_letters_as_they_stand():
    reader = Reader.of(TEXTS, form=str.lower)
    (words, letters), lengths = reader(TEXTS[:2])
    assert words[0, 0] == words[1, 0] and words.shape == (2, 3) and lengths.tolist() == [3, 2]
    assert not torch.equal(letters[0, 0], letters[1, 0])
    assert "".join(reader.letters.decode(letters[0, 0])) == "The"


def test_padding_is_zero_and_an_unknown_word_and_letter_have_their_own_number():
    reader = Reader.of(TEXTS)
    (words, letters), _ = reader([["zz"], ["cat", "the"]])
    assert words[0].tolist() == [reader.words.unk, 0] and not letters[0, 1].any()
    assert letters[0, 0].tolist()[:2] == [reader.letters.unk] * 2


def test_rare_words_are_unknown_but_still_spelled():
    reader = Reader.of(TEXTS, least=2)
    (words, letters), _ = reader([["dog"]])
    assert words.item() == reader.words.unk and letters.shape == (1, 1, 3)
    assert reader.letters.unk not in letters


def test_of_a_very_long_word_the_beginning_and_the_end_are_read():
    assert spelled("x" * 5000 + "ing") == "x" * (LETTERS // 2) + ("x" * 9 + "ing")
    (_, letters), _ = Reader.of(TEXTS)([["c" * 10_000]])
    assert letters.shape == (1, 1, LETTERS)


def test_other_scripts_and_emoji_are_unknown_letters():
    (words, letters), _ = Reader.of(TEXTS)([["日本語", "🙂", "cat"]])
    assert words.shape == (1, 3) and letters[0, 1, 0] != 0


def test_every_text_comes_once_a_pass_with_its_labels():
    reader = Reader.of(TEXTS)
    examples = Examples(reader, TEXTS, TAGS, ["D", "N", "V"], tokens=4)
    seen = []
    for step in range(examples.per_pass):
        (words, _), labels, lengths = examples[step]
        for row, tags, n in zip(words, labels, lengths, strict=True):
            seen.append((reader.words.decode(row[:n]), tags[:n].tolist()))
            assert (tags[n:] == NONE).all() and not row[n:].any()
    expected = [(text, [["D", "N", "V"].index(tag) for tag in tags])
                for text, tags in zip(TEXTS, TAGS, strict=True)]
    assert sorted(seen) == sorted(expected)


def test_a_text_may_have_one_label():
    examples = Examples(Reader.of(TEXTS), TEXTS, ["a", "b", "b"], ["a", "b"], tokens=100)
    _, labels, _ = examples.batch([0, 1, 2])
    assert labels.tolist() == [0, 1, 1]


def test_the_same_seed_and_step_give_the_same_batch():
    make = lambda: Forgetful(Examples(Reader.of(TEXTS), TEXTS, TAGS, "DNV", 4),  # noqa: E731
                             torch.ones(9), 1, a=1.0)
    for step in (0, 3):
        (a, _), _, _ = make()[step]
        (b, _), _, _ = make()[step]
        assert torch.equal(a, b)


def test_a_word_seen_n_times_is_forgotten_with_a_over_a_plus_n():
    texts = [["often"] * 9 + ["rare"]] * 400
    reader = Reader.of(texts)
    counts = torch.tensor([0, 0, 9, 1])
    forgetful = Forgetful(Examples(reader, texts, ["x"] * 400, ["x"], tokens=4000), counts,
                          reader.words.unk, a=1.0)
    (words, letters), _, _ = forgetful[0]
    share = (words == reader.words.unk).double().mean(0)
    assert share[-1] == pytest.approx(1 / 2, abs=0.1)
    assert share[:-1].mean() == pytest.approx(1 / 10, abs=0.03)
    assert letters.any()


def test_padding_is_never_forgotten():
    reader = Reader.of(TEXTS)
    examples = Examples(reader, TEXTS, TAGS, "DNV", tokens=100)
    (words, _), _, lengths = Forgetful(examples, word_counts(reader, TEXTS), 1, a=1e9)[0]
    assert (words == 0).sum() == 3 * 3 - lengths.sum() and set(words.unique().tolist()) == {0, 1}


def test_words_are_counted_in_their_form():
    reader = Reader.of(TEXTS, form=str.lower)
    counts = word_counts(reader, TEXTS)
    assert counts[reader.words["the"]] == 2 and counts[0] == 0 and counts.sum() == 7


@pytest.mark.parametrize("texts, message", [
    (["the cat"], "expected lists of words, got a str"),
    ([["a"], []], "expected texts of at least one word each, got an empty one"),
    ([], "expected texts of at least one word each"),
    ([["a", ""]], "expected words of at least one letter"),
])
def test_what_is_no_text_gets_one_sentence(texts, message):
    with pytest.raises(ValueError, match=message):
        Reader.of(TEXTS)(texts)


@pytest.mark.parametrize("labels, message", [
    ([["D", "N", "X"], ["D", "N"], ["D", "N"]], "expected labels out of 3, such as D, got 'X'"),
    ([["D", "N"], ["D", "N"], ["D", "N"]], "expected a label for each of 3 words, got 2"),
    ([["D", "N", "V"]], "expected one label, or list of labels, for each of 3 texts, got 1"),
])
def test_labels_that_do_not_fit_get_one_sentence(labels, message):
    with pytest.raises(ValueError, match=message):
        Examples(Reader.of(TEXTS), TEXTS, labels, ["D", "N", "V"])
