"""`load`: where it looks, what it refuses, what it says; and the real sets when they are here."""

import dataclasses
import functools
import hashlib
import zipfile

import pytest

from rnnlib.datasets import load, loading, locating, registry
from rnnlib.datasets.registry import File, Real

real_data = pytest.mark.real_data
REAL = [row.name for row in registry.entries().values() if isinstance(row, Real)]
TEXT = "abcdefghij" * 10


real_load = functools.cache(load)
"""Real sets, read once for all tests."""


def _sha256(body):
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def given(tmp_path, monkeypatch):
    """An empty RNNLIB_DATA and an empty cache; `tiny` takes the place of tinyshakespeare."""
    (tmp_path / "given").mkdir()
    monkeypatch.setenv("RNNLIB_DATA", str(tmp_path / "given"))
    monkeypatch.setattr(locating, "cache", lambda: tmp_path / "cache")
    row = dataclasses.replace(
        registry.entries()["tinyshakespeare"], folder="tiny",
        files=(File("input.txt", "", len(TEXT), _sha256(TEXT.encode())),),
        counts={"train": 85, "valid": 5, "test": 10})
    table = {**registry.entries(), row.name: row}
    monkeypatch.setattr(registry, "entries", lambda: table)
    return tmp_path / "given" / "tiny"


def _put(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "input.txt").write_text(text)


def test_real_data_comes_first(given, capsys):
    _put(given, TEXT)
    data = load("tinyshakespeare")
    assert data.real and data.name == "tinyshakespeare"
    assert data.train + data.valid + data.test == TEXT and data.sha256 == _sha256(TEXT.encode())
    assert capsys.readouterr().out == ("tinyshakespeare: real data, Tiny Shakespeare, 85 / 5 / 10 "
                                       "characters; licence: public domain text (repository MIT)\n")


def test_then_the_cache(given, tmp_path):
    _put(tmp_path / "cache" / "tiny", TEXT)
    assert load("tinyshakespeare").real


def test_then_the_offline_default_and_says_so(given, capsys):
    data = load("tinyshakespeare")
    assert not data.real and data.name == "pydoc" and len(data.train) > 100_000
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and said.startswith("tinyshakespeare (Tiny Shakespeare) is not on")
    assert "in its place pydoc" in said and "python3 course.py data fetch tinyshakespeare" in said
    assert str(given.parent) not in said


def test_a_damaged_file_is_refused(given):
    _put(given, TEXT[:-1])
    with pytest.raises(ValueError, match="input.txt of tinyshakespeare is damaged: expected 100 "
                                         "bytes, got 99; .* fetch tinyshakespeare brings a good"):
        load("tinyshakespeare")
    _put(given, TEXT[:-1] + "x")
    with pytest.raises(ValueError, match="is damaged: expected SHA-256"):
        load("tinyshakespeare")


def test_a_damaged_file_is_passed_over_for_a_good_copy(given, tmp_path):
    _put(given, "rubbish")
    _put(tmp_path / "cache" / "tiny", TEXT)
    assert load("tinyshakespeare").real


def test_a_misspelled_rnnlib_data_is_noticed(given, monkeypatch):
    monkeypatch.setenv("RNNLIB_DATA", "nowhere/at/all")
    with pytest.raises(ValueError, match="RNNLIB_DATA names a folder that does not exist, nowhere"):
        load("tinyshakespeare")


def test_wrong_counts_are_refused(given):
    row = registry.entries()["tinyshakespeare"]
    with pytest.raises(ValueError, match="expected 85 characters in train, got 1; has its parser"):
        loading.check_counts(row, {"train": "a", "valid": "a" * 5, "test": "a" * 10})
    row = dataclasses.replace(row, unit="sentences", counts=dict.fromkeys(loading.SPLITS, 1),
                              tokens=dict.fromkeys(loading.SPLITS, 2))
    with pytest.raises(ValueError, match="expected 2 words in train, got 3"):
        loading.check_counts(row, dict.fromkeys(loading.SPLITS, [(["a", "b", "c"], [])]))


def test_the_inside_of_a_zip_is_checked_too(given):
    given.mkdir()
    with zipfile.ZipFile(given / "a.zip", "w") as archive:
        archive.writestr("fra.txt", "Go.\tVa !\n")
    body = (given / "a.zip").read_bytes()
    good = File("a.zip", "", len(body), _sha256(body), member="fra.txt", member_bytes=9,
                member_sha256=_sha256(b"Go.\tVa !\n"))
    row = dataclasses.replace(registry.entries()["tinyshakespeare"], files=(good,))
    assert locating.read(row) == {"a.zip": "Go.\tVa !\n"}
    bad = dataclasses.replace(row, files=(dataclasses.replace(good, member_sha256="0" * 64),))
    with pytest.raises(ValueError, match="fra.txt of tinyshakespeare is damaged"):
        locating.read(bad)


@real_data
@pytest.mark.parametrize("name", REAL)
def test_real_sets_load_with_the_counts_of_the_registry(name):
    data = real_load(name)
    assert data.real and data.name == name and data.citation


@real_data
@pytest.mark.parametrize("name, key", [
    ("sms_spam", lambda e: e[0]), ("cmudict", lambda e: e[0]), ("names", lambda e: e[0]),
    ("tatoeba", lambda e: "".join(filter(str.isalnum, e[0].lower()))),
    ("linzen", lambda e: (" ".join(e[0]), e[1])),
])
def test_splits_made_here_do_not_overlap(name, key):
    data = real_load(name)
    train, valid, test = ({key(e) for e in part} for part in (data.train, data.valid, data.test))
    assert not train & valid and not train & test and not valid & test


@real_data
def test_real_examples_have_their_shapes():
    words, tags = real_load("ewt").train[0]
    assert words[:3] == ["Al", "-", "Zaman"] and tags[:3] == ["PROPN", "PUNCT", "PROPN"]
    words, tags, intent = real_load("snips").test[0]
    assert tags == "O B-artist I-artist O O B-playlist I-playlist O".split()
    assert intent == "AddToPlaylist" and len(words) == len(tags)
    data = real_load("cmudict")
    words = dict(data.train + data.valid + data.test)
    assert words["a"] == [["AH"], ["EY"]]
    assert {phone for sounds in words.values() for s in sounds for phone in s} == set(
        "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH "
        "UH UW V W Y Z ZH".split())


@real_data
def test_counts_of_the_research_hold():
    wnut = real_load("wnut17")
    spans = [sum(tag.startswith("B-") for _, tags in part for tag in tags)
             for part in (wnut.train, wnut.valid, wnut.test)]
    assert spans == [1975, 836, 1079]
    sms = real_load("sms_spam")
    assert (len(sms.train) + len(sms.valid), len(sms.test)) == (4190, 981)
    clinc = real_load("clinc150")
    assert [sum(label == "oos" for _, label in part) for part in
            (clinc.train, clinc.valid, clinc.test)] == [100, 100, 1000]
    assert len({label for _, label in clinc.train}) == 151
    linzen = real_load("linzen")
    assert [sum(k == n for *_, k in linzen.test) for n in range(1, 6)] == [
        52599, 9380, 2051, 561, 159]
    assert {label for _, label, _ in linzen.train} == {"singular", "plural"}


@real_data
def test_short_pairs_are_short_and_plain():
    data = real_load("tatoeba")
    for english, french in data.train + data.valid + data.test:
        assert 2 <= len(english.split()) <= 7 and len(french.split()) <= 10
        assert "\u202f" not in french and "\xa0" not in french and english.strip() == english
