"""Tokenisers and vocabulary: round trips, order, and what is said about bad input."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.text import BOS, EOS, PAD, UNK, Vocab, chars, words


def test_words_keep_inner_marks_and_split_punctuation():
    assert words("It's a well-known fact, isn't it?") == [
        "It's", "a", "well-known", "fact", ",", "isn't", "it", "?"]


def test_words_of_other_alphabets_stay_whole():
    assert words("llegó la bruja; l’été") == ["llegó", "la", "bruja", ";", "l’été"]


@given(st.text())
def test_tokenisers_lose_nothing_but_spaces(text):
    assert "".join(chars(text)) == text
    assert "".join(words(text)) == "".join(text.split())


def test_specials_come_first_then_frequent_then_alphabetical():
    vocab = Vocab.of([["b", "a", "c"], ["c"]])
    assert vocab.symbols == [PAD, UNK, BOS, EOS, "c", "a", "b"]
    assert [vocab.pad, vocab.unk, vocab.bos, vocab.eos] == [0, 1, 2, 3]


def test_least_and_most_leave_rare_symbols_out():
    text = "aaabbc"
    assert Vocab.of([text], least=2, specials=()).symbols == ["a", "b"]
    assert Vocab.of([text], most=1, specials=(UNK,)).symbols == [UNK, "a"]


def test_a_special_in_the_text_is_numbered_once():
    assert Vocab.of([[BOS, "a", EOS]]).symbols.count(BOS) == 1


@given(st.lists(st.text(max_size=3), min_size=1))
def test_decode_undoes_encode(tokens):
    vocab = Vocab.of([tokens])
    ids = vocab.encode(tokens)
    assert ids.dtype == torch.long and ids.shape == (len(tokens),)
    assert vocab.decode(ids) == tokens and vocab.decode(ids.tolist()) == tokens


@given(st.lists(st.text(max_size=3), min_size=1, unique=True))
def test_json_round_trip(symbols):
    assert Vocab.from_json(Vocab(symbols).to_json()).symbols == symbols


def test_unknown_symbols_become_unk():
    vocab = Vocab.of(["abc"])
    assert vocab["z"] == vocab.unk and "z" not in vocab and "a" in vocab


def test_unknown_symbol_without_unk_is_named():
    with pytest.raises(ValueError, match="unknown symbol 'z'.*has no <unk>"):
        Vocab.of(["abc"], specials=())["z"]


@pytest.mark.parametrize("make, message", [
    (lambda: Vocab.of([]), "sequences are empty"),
    (lambda: Vocab.of([""]), "sequences are empty"),
    (lambda: Vocab([]), "got none"),
    (lambda: Vocab(["a", "b", "a"]), "got 'a' more than once"),
    (lambda: Vocab(["a", 3]), "must be strings, got 3"),
    (lambda: Vocab(["a"]).decode([1]), "from 0 to 0, got 1"),
    (lambda: Vocab(["a"]).decode([-1]), "got -1"),
    (lambda: Vocab(["a"]).decode(torch.zeros(1, 1, dtype=torch.long)), "batch axis"),
    (lambda: Vocab(["a"]).pad, "has no <pad>"),
    (lambda: Vocab.from_json("{"), "JSON text of a vocabulary"),
    (lambda: Vocab.from_json("[1]"), "JSON text of a vocabulary"),
    (lambda: words(None), "a str, got NoneType"),
    (lambda: chars(b"ab"), "a str, got bytes"),
])
def test_bad_input_is_one_sentence(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
