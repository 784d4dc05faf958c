"""The registry holds what it promises, and `data` of course.py says so."""

import re

import pytest

from rnnlib.datasets import commands, fetch, load, names, offline, parsing, registry
from rnnlib.datasets.registry import Offline, Real, entries, real

REAL = [row for row in entries().values() if isinstance(row, Real)]
MADE = [row for row in entries().values() if isinstance(row, Offline)]


def test_the_names_of_the_course_are_there():
    assert {row.name for row in REAL} == set(
        "tinyshakespeare ewt snips clinc150 sms_spam wnut17 cmudict tatoeba names linzen".split())
    assert names() == [row.name for row in REAL + MADE]


@pytest.mark.parametrize("row", REAL, ids=lambda row: row.name)
def test_every_real_row_is_complete(row):
    assert row.name in parsing.READERS and isinstance(entries()[row.offline], Offline)
    assert row.licence and row.citation and row.splits and set(row.counts) == {
        "train", "valid", "test"}
    assert min(row.counts.values()) > 0 and len({file.name for file in row.files}) == len(row.files)


@pytest.mark.parametrize("file", [file for row in REAL for file in row.files],
                         ids=lambda file: file.name)
def test_every_file_is_pinned(file):
    assert re.fullmatch("[0-9a-f]{64}", file.sha256) and file.bytes > 0
    assert bool(file.member) == bool(file.member_sha256) == bool(file.member_bytes)
    assert file.url.startswith("https://")
    assert re.search("/[0-9a-f]{40}/", file.url) or file.inside


def test_every_offline_row_has_its_maker():
    assert {row.name for row in MADE} == set(offline.MAKERS)
    assert all(row.made and row.licence and row.title for row in MADE)


@pytest.mark.parametrize("name, hint", [
    ("ewtt", "did you mean ewt"), ("tinyshakespear", "did you mean tinyshakespeare"),
    ("Sentences", "did you mean sentences"), ("xyzzy", "the names are tinyshakespeare, ewt"),
    ("", "the names are"), (None, "the names are"),
])
def test_an_unknown_name_gets_a_hint(name, hint):
    for ask in (load, fetch):
        with pytest.raises(ValueError, match=f"there is no data set named {name!r}: {hint}"):
            ask(name)


def test_made_data_is_not_fetched():
    with pytest.raises(ValueError, match="dates is made by the library and needs no download"):
        real("dates")


def test_list_names_everything_with_licence_and_size(capsys):
    assert commands.main([]) == 0
    shown = capsys.readouterr().out
    for row in REAL + MADE:
        assert row.name in shown and row.licence in shown
    assert "17.8 MB" in shown


@pytest.mark.parametrize("arguments", [["lst"], ["fetch"], ["list", "ewt"]])
def test_misuse_shows_how_to_use_it(arguments, capsys):
    assert commands.main(arguments) == 2
    assert capsys.readouterr().out.startswith("usage: python3 course.py data")


def test_help_is_not_an_error():
    assert commands.main(["--help"]) == 0


def test_an_error_is_one_line_and_exit_code_1(capsys):
    assert commands.main(["fetch", "ewtt"]) == 1
    assert capsys.readouterr().out.count("\n") == 1


def test_fetch_says_licence_and_citation(capsys, monkeypatch):
    monkeypatch.setattr(commands, "fetch", lambda name: "the folder")
    assert commands.main(["fetch", "ewt", "snips"]) == 0
    shown = capsys.readouterr().out
    assert "ewt: 17.8 MB in the folder" in shown and "CC0" in shown and "please cite: Silv" in shown


def test_fetch_all_means_all_real_sets(monkeypatch):
    asked = []
    monkeypatch.setattr(commands, "fetch", asked.append)
    commands.main(["fetch", "all"])
    assert asked == [row.name for row in REAL]


def test_stopping_a_download_is_not_a_crash(capsys, monkeypatch):
    def stop(name):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "fetch", stop)
    assert commands.main(["fetch", "ewt"]) == 130
    assert "continues where it stopped" in capsys.readouterr().out


@pytest.mark.parametrize("verdict, named, code", [
    ("ok", True, 0), ("not on this machine", True, 1), ("not on this machine", False, 0),
    ("input.txt is damaged", False, 1),
])
def test_verify_fails_on_damage_and_on_what_was_asked_for(monkeypatch, verdict, named, code):
    monkeypatch.setattr(commands, "verify", lambda name: [("a", verdict)])
    assert commands.main(["verify", *(["ewt"] if named else [])]) == code


def test_the_registry_is_read_once():
    assert registry.entries() is registry.entries()
