"""The experiments of notebook 05 on tiny sizes, and their measures against definitions."""

import itertools
import math

import pytest
import torch

from rnnlib import claims, decode
from rnnlib.datasets.loading import Data
from rnnlib.experiments import (
    beam_speed,
    letters_to_sounds,
    open_ended,
    random_toys,
    wider_beam,
)
from rnnlib.experiments.toy_texts import Trees

PAIRS = [("ab", [["A", "B"]]), ("ba", [["B", "A"]]), ("aab", [["A", "A", "B"], ["A", "B"]]),
         ("b", [["B"]]), ("abba", [["A", "B", "B", "A"]]), ("a", [["A"]])]


def data(train=PAIRS, test=PAIRS):
    return Data("toy", False, "", "0", "", "", train, test, test)


TINY = letters_to_sounds.Recipe(D=8, H=16, words=6, tokens=40, steps=120, lr=4e-2, dropout=0.0)


@pytest.fixture(scope="module")
def task():
    model, vocab, _ = letters_to_sounds.learn(data(), TINY)
    return wider_beam.Task(model, vocab, PAIRS)


# --- letters to sounds ---------------------------------------------------------------------------


def test_a_batch_counts_the_sounds_and_the_end_marker_and_nothing_else():
    vocab = letters_to_sounds.vocabulary(data())
    x, y, counted = letters_to_sounds.Pairs(PAIRS, vocab, TINY)[0]
    for row, targets, real in zip(x, y, counted, strict=True):
        text = vocab.decode(row)
        source = text.index("|")
        wanted = ["".join(text[:source]), vocab.decode(targets[real])]
        assert [wanted[0], [[*s] for s in [wanted[1][:-1]]][0]] in [
            [word, sounds[0]] for word, sounds in PAIRS]
        assert wanted[1][-1] == "</s>"


def test_a_model_that_has_learned_six_words_by_heart_says_them(task):
    found, _ = task.search(decode.fixed(1))
    assert [task.sounds(one[0]) for one in found] == [s[0] for _, s in PAIRS]


def brute(a, b):
    """Levenshtein's distance by its recursion."""
    if not a or not b:
        return len(a) + len(b)
    return min(brute(a[1:], b) + 1, brute(a, b[1:]) + 1, brute(a[1:], b[1:]) + (a[0] != b[0]))


def test_the_distance_is_the_fewest_changes():
    texts = [t for n in range(4) for t in itertools.product("ab", repeat=n)]
    for a, b in itertools.product(texts, texts):
        assert letters_to_sounds.distance(a, b) == brute(a, b)


def test_errors_count_from_the_nearest_pronunciation():
    assert letters_to_sounds.errors(["A", "B"], PAIRS[2][1]) == (0, 2)
    assert letters_to_sounds.errors(["B"], PAIRS[2][1]) == (1, 2)


def test_exact_search_finds_the_most_probable_text_of_all():
    """Against a list of everything, for a model that hardly knows its task."""
    recipe = letters_to_sounds.Recipe(D=8, H=16, words=6, tokens=40, steps=8, lr=1e-2)
    model, vocab, _ = letters_to_sounds.learn(data(), recipe)
    weak = wider_beam.Task(model, vocab, PAIRS[:2])
    greedy = [one[0] for one in weak.search(decode.fixed(1))[0]]
    best, complete = wider_beam.optimum(weak, [max(-50.0, wider_beam.log_p(g)) for g in greedy])
    first, state, _ = next(weak.batches())
    listed = decode.exhaustive(model.step, first, state, vocab.eos, 5)
    for one, every, sure in zip(best, listed, complete, strict=True):
        assert sure and one.score >= every[0].score - 1e-5
        if len(one.ids) <= 5:
            assert one.ids == every[0].ids


def test_the_measures_of_all_searches_hang_together(task):
    values = wider_beam.measure(task)
    assert values["fixed", 1]["more_probable"] == 0 == values["exact", 0]["misses_optimum"]
    assert values["exact", 0]["complete"] == 100
    for key, one in values.items():
        assert one["log_probability"] <= values["exact", 0]["log_probability"] + 1e-4, key
        assert one["phone_error"] == 0 and one["finished"] == 100


def test_a_run_gives_records_for_every_search_and_size():
    records = wider_beam.run(letters_to_sounds.Recipe(D=4, H=6, words=6, steps=5, tokens=40),
                             data(), words=4)
    kinds = {(r.setting["search"], r.setting["size"]) for r in records}
    assert len(kinds) == len(wider_beam.WIDTHS) + len(wider_beam.FACTORS) + 1
    assert {r.claim for r in records} == {"K19"}


# --- going on with a text -------------------------------------------------------------------------


def test_repetition_counts_windows_that_came_before():
    assert open_ended.repeated(list("abcdefghij"), 3) == 0
    assert open_ended.repeated(list("abababab"), 2) == pytest.approx(1 - 2 / 7)
    assert open_ended.repeated(list("aaaa"), 2) == pytest.approx(2 / 3)


def test_sharing_counts_windows_that_another_text_has():
    assert open_ended.shared([list("abcde"), list("vwxyz")], 2) == 0
    assert open_ended.shared([list("abc"), list("xbc")], 2) == 0.5
    assert open_ended.shared([list("aaaa"), list("bbbb")], 2) == 0  # within one text is no sharing


def test_the_score_of_a_continuation_does_not_count_the_prompt():
    recipe = open_ended.Recipe(D=4, H=6, B=2, T=8, steps=3)
    text = "ab ba abab baba " * 60
    model, vocab = open_ended.learn(data(text, text), recipe)
    prompt, after = vocab.encode("ab b")[None], vocab.encode("a ab")[None]
    total, (token, state) = 0.0, decode.prime(model.step, prompt, model.start(1))
    for k in after[0]:
        with torch.no_grad():
            log_probs, state = model.step(token, state)
        total, token = total + log_probs[0, k].item(), k[None]
    assert open_ended.score(model, prompt, after).item() == pytest.approx(total / 4, abs=1e-5)


def test_passages_are_pieces_of_the_text_that_do_not_overlap():
    recipe = open_ended.Recipe(prompts=5, read=6, length=4)
    prompt, after = open_ended.passages(torch.arange(50), recipe)
    whole = torch.cat([prompt, after], 1)
    assert (whole.diff(dim=1) == 1).all() and whole.shape == (5, 10)
    assert len(whole.unique()) == 50


def test_going_on_gives_records_for_beams_draws_and_the_text():
    text = "ab ba abab baba " * 60
    recipe = open_ended.Recipe(D=4, H=6, B=2, T=8, steps=3, prompts=2, read=5, length=12)
    records = open_ended.run(recipe, data(text, text))
    assert {r.setting["search"] for r in records} == {"fixed", "sample", "top-p", "the text itself"}


# --- random toys ---------------------------------------------------------------------------------


def test_the_best_score_of_a_random_toy_is_that_of_the_best_of_all_texts():
    trees = Trees(N=40, V=3, T=4)
    best = random_toys.optimum(trees)
    for model in range(40):
        ended = [trees.score(model, ids) for ids in trees.texts() if ids[-1] == trees.end]
        assert best[model].item() == pytest.approx(max(ended))


def test_a_wide_beam_misses_no_optimum_of_small_toys():
    records = random_toys.run(0, N=50, V=3, T=3)
    misses = {r.setting["size"]: r.value for r in records if r.metric == "misses_optimum"}
    assert misses[32] == 0 < misses[1]


# --- speed ---------------------------------------------------------------------------------------

SMALL = beam_speed.Settings(B=2, width=2, size=30, D=4, H=4, length=4, threads=(1,), rounds=2,
                            least=0.0)


def test_the_racers_of_the_search_return_the_same_and_a_wrong_one_is_caught():
    racers = beam_speed.searchers(SMALL)
    beam_speed.same(racers)
    wrong = dict(racers, wrong=lambda: [one[::-1] for one in racers["ours"]()])
    with pytest.raises(ArithmeticError, match="must agree"):
        beam_speed.same(wrong)


def test_both_ways_to_draw_draw_equally_often():
    settings = beam_speed.Settings(B=1, width=1, size=4, seed=1)
    ways = beam_speed.drawers(settings)
    drawn = {name: torch.bincount(torch.cat([way() for _ in range(4000)]), minlength=4) / 4000
             for name, way in ways.items()}
    assert torch.allclose(*drawn.values(), atol=4 * math.sqrt(0.25 / 4000))


def test_a_race_prints_a_line_and_makes_records(capsys):
    lines = list(beam_speed.run(SMALL))
    assert [line.what for line in lines] == ["beam", "draw"]
    assert "times as fast as loop over hypotheses (to reach: 3.5)" in str(lines[0])
    records = beam_speed.records(lines[0], SMALL)
    assert [r.metric for r in records] == ["milliseconds", "ratio"]


# --- what was recorded ----------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["letters to sounds", "going on with a text", "random toys"])
def test_the_claim_rests_on_three_seeds(task):
    seeds = {}
    for record in claims.results("K19", setting={"task": task}):
        seeds.setdefault((str(record.setting), record.metric), set()).add(record.seed)
    assert seeds and all(found == {0, 1, 2} for found in seeds.values())


def test_exact_search_was_complete_for_every_word():
    assert {r.value for r in claims.results("K19", "complete")} == {100.0}
