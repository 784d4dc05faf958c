"""The data that is always there: the same on every run, of the right shape, split without leaks."""

import datetime
import functools
import re
import sys
from collections import Counter

import pytest

from rnnlib.datasets import load, loading, offline_locales, offline_python, treebank
from rnnlib.datasets.grammar_agreement import LIVING, THINGS
from rnnlib.datasets.offline import MAKERS
from rnnlib.datasets.offline_spelling import pronounce, spelling

make = functools.cache(lambda name, makers=tuple(MAKERS.items()): dict(makers)[name]())
"""Each default, made once for all tests."""
SEEDED = ("slots", "spelling", "sentences", "dates", "agreement")


@pytest.mark.parametrize("name", MAKERS)
def test_every_default_loads_and_says_so_in_one_line(name, capsys, monkeypatch):
    monkeypatch.setitem(loading.MAKERS, name, lambda: make(name))
    data = load(name)
    assert not data.real and data.name == name and data.train and data.valid and data.test
    assert len(data.train) > 4 * len(data.valid) or name == "docstrings"
    said = capsys.readouterr().out
    assert said.startswith(f"{name}: ") and said.count("\n") == 1 and "licence: " in said


@pytest.mark.parametrize("name", SEEDED)
def test_the_same_seed_gives_the_same_data(name):
    one, again, other = (MAKERS[name](300, seed) for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("name, key", [
    ("packages", lambda e: e[0]), ("slots", lambda e: tuple(e[0])), ("spelling", lambda e: e[0]),
    ("sentences", lambda e: e[0]), ("locale_names", lambda e: e[0]), ("dates", lambda e: e[1]),
    ("agreement", lambda e: tuple(e[0])), ("treebank", lambda e: tuple(e[0])),
])
def test_no_key_is_in_two_splits(name, key):
    parts = make(name)
    train, valid, test = ({key(e) for e in parts[split]} for split in ("train", "valid", "test"))
    assert not train & valid and not train & test and not valid & test


def test_labels_of_packages_are_packages():
    labels = {label for _, label in make("packages")["train"]}
    assert labels <= set(offline_python.PACKAGES) and len(labels) >= 10
    assert labels <= set(sys.stdlib_module_names)


def test_a_python_without_documentation_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(ValueError, match="without its documentation \\(pydoc_data\\): install"):
        offline_python.pydoc()


def test_dates_mean_their_day():
    for written, iso in offline_locales.dates(500)["train"]:
        day = datetime.date.fromisoformat(iso)
        numbers = [int(number) for number in re.findall(r"\d+", written)]
        assert day.year in numbers and day.day in numbers


def test_no_written_date_has_two_meanings():
    parts = make("dates")
    pairs = [pair for part in parts.values() for pair in part]
    assert len(dict(pairs)) == len(pairs)


def test_locale_names_are_balanced_and_latin():
    names = make("locale_names")["train"]
    counts = Counter(label for _, label in names)
    assert len(counts) == len(offline_locales.LANGUAGES) and min(counts.values()) > 100
    assert all(re.fullmatch(r"[^\W\d_][\w -]+", name) for name, _ in names)


def test_names_need_babel(monkeypatch):
    monkeypatch.setitem(sys.modules, "babel.dates", None)
    with pytest.raises(ValueError, match="need the package Babel"):
        offline_locales.locale_names()


@pytest.mark.parametrize("word, sounds", [
    ("ship", "SH IH P"), ("cent", "S EH N T"), ("scent", "S EH N T"), ("cat", "K AE T"),
    ("gem", "JH EH M"), ("got", "G AA T"), ("bite", "B AY T"), ("bit", "B IH T"),
    ("bitter", "B IH T ER"), ("phone", "F OW N"), ("quick", "K W IH K"), ("light", "L AY T"),
    ("happy", "HH AE P IY"), ("sing", "S IH NG"), ("boat", "B OW T"), ("fox", "F AA K S"),
])
def test_the_letter_rules_read_english_words(word, sounds):
    assert pronounce(word) == [sounds.split()]


def test_some_words_have_two_readings():
    assert pronounce("bow") == [["B", "AW"], ["B", "OW"]]
    readings = [len(sounds) for _, sounds in spelling(1000)["train"]]
    assert set(readings) >= {1, 2}


NUMBER = {noun: k for forms in LIVING + THINGS for k, noun in enumerate(forms)}


@pytest.mark.parametrize("split", ["train", "test"])
def test_attractors_are_counted_rightly(split):
    for words, label, attractors in make("agreement")[split]:
        numbers = [NUMBER[word] for word in words if word in NUMBER]
        assert label == ("singular", "plural")[numbers[0]]
        assert attractors == sum(number != numbers[0] for number in numbers[1:])
        assert attractors in (0, len(numbers) - 1)


def test_the_test_has_as_many_of_each_number_of_attractors():
    parts = make("agreement")
    assert Counter(e[2] for e in parts["test"]) == dict.fromkeys(range(6), 400)
    assert {e[2] for e in parts["train"]} == {0, 1, 2, 3}
    for part in parts.values():
        share = sum(label == "singular" for _, label, _ in part) / len(part)
        assert 0.45 < share < 0.55


def test_slot_tags_are_valid_bio():
    parts = make("slots")
    for words, tags, _ in parts["train"] + parts["test"]:
        assert len(words) == len(tags) > 0
        for before, tag in zip(["O", *tags], tags, strict=False):
            assert not tag.startswith("I-") or before[2:] == tag[2:]


def test_intents_and_slots_are_the_same_everywhere_but_names_are_new():
    parts = make("slots")
    assert len({intent for *_, intent in parts["train"]}) >= 7
    for k in (1, 2):
        kinds = [{x for e in parts[split] for x in (e[k] if k == 1 else [e[k]])}
                 for split in ("train", "test")]
        assert kinds[1] <= kinds[0]
    known = {word for words, *_ in parts["train"] for word in words}
    filled = [word for words, tags, _ in parts["test"]
              for word, tag in zip(words, tags, strict=True) if tag != "O"]
    assert 0.2 < sum(word not in known for word in filled) / len(filled) < 0.7


def test_the_treebank_has_tags_entities_and_both_teddies():
    tagged, named = make("treebank"), make("entities")
    assert [words for words, _ in tagged["test"]] == [words for words, _ in named["test"]]
    both = [(words[k + 1], tags[k]) for part in named.values() for words, tags in part
            for k in range(len(words) - 1) if words[k] == "Teddy"]
    assert ("Roosevelt", "B-PER") in both and ("bears", "O") in both


@pytest.mark.parametrize("text, message", [
    ("1\tHi\t_\tINTJ\n\n", "expected a comment # split = train, dev or test .* got 'none' before"),
    ("# split = trian\n1\tHi\t_\tINTJ\n\n", "got 'trian' before 'Hi'"),
    ("# split = train\n1 Hi _ INTJ\n\n", "is not CoNLL-U, ten columns between tabs"),
])
def test_a_broken_treebank_is_one_sentence(tmp_path, monkeypatch, text, message):
    (tmp_path / "bank").write_text(text)
    monkeypatch.setattr(treebank, "FILE", tmp_path / "bank")
    with pytest.raises(ValueError, match=message):
        treebank.treebank()


def test_a_missing_treebank_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(treebank, "FILE", tmp_path / "bank")
    with pytest.raises(ValueError, match="treebank of the course, is missing"):
        treebank.entities()
