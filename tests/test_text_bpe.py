"""Byte pair encoding against the `tokenizers` library, by hand, and on odd texts."""

import json
import random
import time
from itertools import islice

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from rnnlib import text
from rnnlib.datasets import load
from rnnlib.text_bpe import BPE, MARK, growing, joined

SCRIPTS = ["собака", "犬が好き", "كلب", "🐕🐕‍🦺", "naïve", "na\u0308ive", "x", "'", "1984"]


def of_the_library(words, size, least):
    """The library's own tokeniser with as many merges, learned from the same words."""
    tokenizer = Tokenizer(models.BPE(unk_token=text.UNK))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always")
    letters = {MARK}.union(*words)
    trainer = trainers.BpeTrainer(
        vocab_size=len(letters) + 1 + size, min_frequency=least, special_tokens=[text.UNK],
        show_progress=False,
    )
    tokenizer.train_from_iterator([" ".join(words)], trainer)
    return tokenizer


def merges_of(tokenizer):
    return [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


@pytest.fixture(scope="module")
def english():
    """The words of the course's treebank."""
    return [word for words, _ in load("treebank").train for word in words]


def drawn(letters, seed, count=400):
    """Random words in which neighbours overlap and counts tie often."""
    rng = random.Random(seed)
    return ["".join(rng.choices(letters, k=rng.randint(1, 9))) for _ in range(count)]


@pytest.mark.parametrize("least", [2, 5])
def test_on_english_merges_and_pieces_are_those_of_the_library(english, least):
    bpe, theirs = BPE.of(english, 500, least), of_the_library(english, 500, least)
    assert bpe.merges == merges_of(theirs)
    assert bpe.encode(english) == theirs.encode(" ".join(english)).tokens
    made_up = drawn("aeinorstl", 0)
    assert bpe.encode(made_up) == theirs.encode(" ".join(made_up)).tokens


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("letters", ["ab", "aab", "abcd"])
def test_where_counts_tie_and_pairs_overlap_merges_are_those_of_the_library(letters, seed):
    words = drawn(letters, seed)
    assert BPE.of(words, 60).merges == merges_of(of_the_library(words, 60, 2))


def test_merges_are_worked_by_hand():
    """low 5, lower 2, newest 6, widest 3: the text of Sennrich, Haddow and Birch (2016)."""
    words = ["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3
    first = list(islice(growing(words), 5))
    # 9 times: e s, s t; e has the lower number.  7 times: l o, o w and the mark before l, and the
    # mark comes after all letters; it has a lower number than the new piece lo
    assert first == [("e", "s", 9), ("es", "t", 9), ("l", "o", 7), (MARK, "lo", 7),
                     (f"{MARK}lo", "w", 7)]


def test_each_merge_is_at_most_as_frequent_as_the_one_before(english):
    counts = [n for _, _, n in islice(growing(english), 300)]
    assert counts == sorted(counts, reverse=True)


def test_the_count_of_a_merge_is_how_often_its_pair_stands_in_the_text(english):
    learned = list(islice(growing(english), 40))
    before = BPE([pair[:2] for pair in learned[:-1]], {MARK})
    left, right, count = learned[-1]
    pieces = before.encode(english)
    neighbours = list(zip(pieces, pieces[1:], strict=False))
    inside = [pair for pair in neighbours if not pair[1].startswith(MARK)]
    assert inside.count((left, right)) == count


def test_learning_ends_when_no_pair_is_left():
    assert BPE.of(["ab", "ab"], 100).merges == [("a", "b"), (MARK, "ab")]
    assert BPE.of(["ab", "cd"], 100).merges == []
    assert BPE.of(["ab"], 100, least=1).symbols == ["a", "b", MARK, "ab", f"{MARK}ab"]


def test_occurrences_of_a_pair_are_joined_from_left_to_right():
    assert joined(list("aaa"), ("a", "a")) == ["aa", "a"]
    assert joined(list("aaaa"), ("a", "a")) == ["aa", "aa"]
    assert joined(list("abab"), ("a", "b")) == ["ab", "ab"]
    assert joined([], ("a", "b")) == []


def test_steps_show_a_word_growing_together():
    bpe = BPE([("l", "o"), ("lo", "w"), (MARK, "low")], set("low") | {MARK})
    assert [" ".join(pieces) for pieces in bpe.steps("low")] == [
        f"{MARK} l o w", f"{MARK} lo w", f"{MARK} low", f"{MARK}low"]


def test_an_earlier_merge_goes_first():
    bpe = BPE([("b", "c"), ("a", "b")], "abc" + MARK)
    assert bpe.encode(["abc"]) == [MARK, "a", "bc"]


def test_decoding_gives_back_every_word(english):
    bpe = BPE.of(english, 200)
    words = [*english[:2000], *SCRIPTS, "", "two words"]
    assert bpe.decode(bpe.encode(words)) == words


def test_without_merges_the_pieces_are_the_letters():
    bpe = BPE.of(["ab", "ab"], 0)
    assert bpe.encode(["ab", "b"]) == [MARK, "a", "b", MARK, "b"]


def test_letters_that_were_never_seen_are_pieces_without_a_number(english):
    bpe = BPE.of(english, 100)
    for word in ["犬", "🐕", "д"]:
        pieces = bpe.encode([word])
        assert pieces == [MARK, *word]
        assert bpe.vocab.encode(pieces).tolist() == [bpe.vocab[MARK], bpe.vocab.unk]


def test_every_piece_of_the_training_text_has_a_number_of_its_own(english):
    bpe = BPE.of(english, 300)
    vocab, pieces = bpe.vocab, bpe.encode(english)
    assert len(set(bpe.symbols)) == len(bpe.symbols) == len(vocab) - 4
    assert vocab.unk not in vocab.encode(pieces)
    assert vocab.decode(vocab.encode(pieces)) == pieces


def test_more_merges_make_fewer_pieces(english):
    lengths = [len(BPE.of(english, size).encode(english)) for size in (0, 50, 200)]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] > 1.5 * lengths[-1]


def test_any_script_can_be_learned_from():
    bpe = BPE.of(SCRIPTS * 2, 10)
    assert len(bpe.merges) == 10
    assert bpe.decode(bpe.encode(SCRIPTS)) == SCRIPTS


def test_ten_thousand_characters_without_a_space_take_seconds(english):
    bpe, long = BPE.of(english, 300), "".join(english)[:10_000]
    begin = time.process_time()
    assert bpe.decode(bpe.encode([long, "x" * 10_000])) == [long, "x" * 10_000]
    assert len(BPE.of([long], 100).merges) == 100
    assert time.process_time() - begin < 20


@pytest.mark.parametrize("call, message", [
    (lambda: BPE.of([], 3), "at least one word, got none"),
    (lambda: BPE.of("the dog", 3), "got one text: split it with text.words"),
    (lambda: BPE.of(["a"], -1), "at least 0, got -1"),
    (lambda: BPE.of(["a"], 0).encode("the dog"), "got one text: split it with text.words"),
    (lambda: BPE.of(["a"], 0).encode([]), "at least one word, got none"),
])
def test_bad_input_gets_one_clear_sentence(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value) and "\n" not in str(error.value)
