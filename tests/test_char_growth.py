"""What a character model learns first: measures of form with known answers, half-way points."""

import math
from types import SimpleNamespace

import pytest

from rnnlib import claims
from rnnlib.experiments import char_growth, text_shape
from rnnlib.experiments.char_growth import Recipe, half_way, in_order
from rnnlib.experiments.record import Record
from rnnlib.experiments.text_shape import Text, measure

PLAY = "KING:\nwe are not a long sentence today\n\nLORD:\nno, nothing here is long\n\n" * 12


def share_of(name, pieces, text="tinyshakespeare"):
    return text_shape.MEASURES[text][name](pieces, Text.of(PLAY, 70))


def test_a_text_is_like_itself():
    found = measure(Text.of(PLAY, 70).pieces, Text.of(PLAY, 70), "tinyshakespeare")
    assert found["word lengths"] == found["line lengths"] == 1
    white = sum(c in " \n" for c in PLAY) / len(PLAY)
    assert found["white space"] == pytest.approx(white, abs=0.01)


def test_words_count_in_their_own_class_of_lengths():
    piece = "are no sentnce xx not zzz today " * 20
    assert share_of("words of 1-2", [piece]) == 0.5  # no, xx
    assert share_of("words of 3-4", [piece]) == pytest.approx(2 / 3)  # are, zzz, not
    assert share_of("words of 5-6", [piece]) == 1  # today
    assert share_of("words of 7+", [piece]) == 0  # sentnce


def test_too_little_to_count_is_no_number():
    assert math.isnan(share_of("words of 7+", ["nothing " * 19]))
    assert share_of("words of 7+", ["nothing " * 20]) == 1


def test_a_speech_begins_with_a_name_alone_on_its_line():
    good = "\n\nKING:\nwe are not so long as all of that"
    bad = "\n\nking: we are not so long as all of that"
    assert share_of("speeches", [good * 20 + bad * 20]) == 0.5


@pytest.mark.parametrize(("piece", "matched", "count"), [
    ("(a)", 2, 2), ("(a", 0, 1), (")a(", 0, 2), ("([)]", 2, 4), ("([])", 4, 4), ("(()", 2, 3)])
def test_brackets_have_a_partner_of_their_kind(piece, matched, count):
    assert text_shape.paired(piece) == (matched, count)


def test_quotes_close_on_the_line_on_which_they_open():
    good, broken, glued = 'say "so" now\n', 'say "so\n', 'say"so"now\n'
    assert share_of("quotes", [good * 20], "pydoc") == 1
    assert share_of("quotes", [broken * 20], "pydoc") == 0
    assert share_of("quotes", [glued * 20], "pydoc") == 0


def test_half_way_lies_where_the_measure_stays_above_the_middle():
    steps = (0, 10, 100, 1000)
    assert half_way(steps, [0.0, 0.0, 1.0, 1.0], 1.0) == pytest.approx(10**1.5)
    assert half_way(steps, [0.0, 0.9, 0.2, 0.8], 1.0) == pytest.approx(100 * 10**0.5)
    assert half_way(steps, [1.0, 0.9, 0.3, 0.2], 0.2) == pytest.approx(10 ** (1 + 0.375 / 0.75))
    assert half_way(steps, [0.0, 0.1, 0.9, 0.4], 1.0) is None
    assert half_way(steps, [math.nan, math.nan, 1.0, 1.0], 1.0) == pytest.approx(10**1.5)


def halves(text, values):
    return [Record("K25", {"text": text, "when": "half way"}, seed, name, value, 0, "", "", {})
            for name, row in values.items() for seed, value in enumerate(row)]


def test_neighbours_are_compared_seed_by_seed():
    values = {"white space": (10, 12, 11), "words of 1-2": (100, 130, 100),
              "words of 3-4": (110, 120, 101), "words of 5-6": (50, 60, 50)}
    found = {(a, b): (ratio, verdict) for a, b, ratio, _, verdict
             in in_order(halves("tinyshakespeare", values), "tinyshakespeare")}
    assert found["white space", "words of 1-2"][1] == "later"
    assert found["words of 1-2", "words of 3-4"][1] == "no difference"
    assert found["words of 3-4", "words of 5-6"][1] == "earlier"
    at_least = pytest.approx(3000 / 150_000 ** (1 / 3))
    assert found["words of 5-6", "words of 7+"] == (at_least, "later")
    assert found["words of 7+", "speeches"][1] == "not reached"
    assert found["words of 3-4", "words of 5-6"][0] == pytest.approx(8.888 ** (-1 / 3))


def test_a_measure_that_one_seed_did_not_reach_is_not_reached():
    values = {"word lengths": (100, 400), "white space": (10, 10), "speeches": (50,)}
    found = char_growth.reached(halves("tinyshakespeare", values), "tinyshakespeare")
    assert list(found)[:2] == ["white space", "word lengths"]
    assert found["white space"] == pytest.approx((10, 1))
    assert found["word lengths"][0] == pytest.approx(200)
    assert found["speeches"] is None and found["line lengths"] is None


@pytest.fixture(scope="module")
def small():
    data = SimpleNamespace(name="tinyshakespeare", sha256="0" * 64, train=PLAY * 8, valid=PLAY,
                           test=PLAY * 10)
    recipe = Recipe(D=8, H=16, B=4, T=16, lr=2e-2, steps=(0, 10, 200), pieces=6, length=120)
    return data, recipe, char_growth.followed(recipe, data)


def test_a_model_in_training_comes_nearer_to_its_text(small):
    _, _, (records, samples, _) = small
    first, last = samples["steps"][0], samples["steps"][-1]
    assert last["nats"] < 1.5 < first["nats"]
    assert last["measures"]["words of 3-4"] > 0.5
    assert not first["measures"]["words of 3-4"] > 0.5
    assert {r.setting["when"] for r in records} == {"text", "half way", "training"}
    assert all(math.isfinite(r.value) for r in records)


def test_samples_are_kept_and_read_again(small, tmp_path):
    data, recipe, (_, samples, _) = small
    char_growth.keep(data, recipe, samples, tmp_path)
    again = char_growth.load("tinyshakespeare", tmp_path)
    assert "NaN" not in (tmp_path / "tinyshakespeare.json").read_text()
    for mine, theirs in zip(again["steps"], samples["steps"], strict=True):
        assert mine["sample"] == theirs["sample"]
        assert mine["measures"] == pytest.approx(theirs["measures"], nan_ok=True)


@pytest.mark.parametrize("name", char_growth.CLAIMED)
def test_the_recorded_samples_come_with_the_course(name):
    samples = char_growth.load(name)
    assert [one["updates"] for one in samples["steps"]] == list(char_growth.STEPS)
    assert samples["data"] == name and len(samples["data_sha256"]) == 64
    assert all(len(one["sample"]) == char_growth.SHOWN for one in samples["steps"])


@pytest.mark.parametrize("name", char_growth.CLAIMED)
def test_the_claim_rests_on_three_seeds(name):
    records = claims.results("K25", setting={"text": name})
    assert len({record.seed for record in records}) >= 3
    found = char_growth.reached(records, name)
    words = [found[what][0] for what in char_growth.EARLY[:4]]
    assert words == sorted(words)  # the part of the claim that holds
