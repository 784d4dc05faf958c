"""Going astray and going on after likelihood: measured on models whose words are known."""

from dataclasses import replace

import pytest
import torch

from rnnlib import claims
from rnnlib.experiments import after_likelihood as after
from rnnlib.experiments import drift, tuned_risk
from rnnlib.experiments.letters_to_phones import Corpus, Recipe
from rnnlib.text import BOS, EOS, Vocab

PHONES = Vocab([BOS, EOS, "A", "B", "C"])
LETTERS = Vocab(list("abc"))
RECIPE = Recipe(D=6, H=6, G=8, dropout=0.0, tokens=200, lr=2e-2, steps=120, warmup=10)
WORDS = ["abc", "cab", "bca", "aabb", "cc", "bab", "acac", "b", "abcabcabca"]
EXAMPLES = [(word, [[letter.upper() for letter in word]]) for word in WORDS]
CORPUS = Corpus(LETTERS, PHONES, EXAMPLES, EXAMPLES, EXAMPLES)


class Copier:
    """Writes the letters of its source; `lost` says whether it then follows what it has read.

    Its state is the source and a place in it.  A lost one looks for the phone that it read last
    and goes on behind it, so that one slip leads it elsewhere.
    """

    def __init__(self, lost):
        self.lost = lost

    def start(self, x, lengths):
        end = torch.full((len(x), 1), -1)
        real = torch.arange(x.shape[1]) < lengths[:, None]
        return torch.cat([x.where(real, -1), end], 1), torch.zeros(len(x), dtype=torch.long)

    def step(self, token, state):
        source, place = state
        phone = token - 2
        if self.lost:
            found = (source == phone[:, None]).long()
            place = torch.where(token == PHONES.bos, 0, found.argmax(1) + 1)
        wanted = source.gather(1, place.clamp(max=source.shape[1] - 1)[:, None])[:, 0]
        word = torch.where(wanted < 0, PHONES.eos, wanted + 2)
        log_probs = torch.full((len(token), len(PHONES)), -9.0)
        log_probs[:, 2] = -8.5  # of the wrong ones A is the most probable
        log_probs.scatter_(1, word[:, None], -0.01)
        return log_probs, (source, place + 1)

    def read(self, y, state):
        found = []
        for token in y.T:
            log_probs, state = self.step(token, state)
            found.append(log_probs)
        return torch.stack(found, 1), state

    def output(self, s):
        return s

    def __call__(self, source, y):
        return self.read(y, self.start(*source))[0]


def batches(examples=EXAMPLES):
    return list(CORPUS.pairs(examples, 8000, 0))


@pytest.mark.parametrize("lost", [False, True])
def test_a_model_that_copies_makes_no_error_after_gold_words_of_different_letters(lost):
    different = [row for row in EXAMPLES if len(set(row[0])) == len(row[0])]
    found = drift.by_position(Copier(lost), batches(different), PHONES.eos, range(3))
    assert found == {"gold": [0.0] * 3, "own": [0.0] * 3}


def test_errors_by_position_are_counted_over_the_texts_that_reach_a_place():
    """"cc" after its first c: a lost copier stands behind it again, and never ends."""
    found = drift.by_position(Copier(True), batches([("cc", [["C", "C"]]), ("b", [["B"]])]),
                              PHONES.eos, range(3))
    assert found == {"gold": [0.0, 0.0, 100.0], "own": [0.0, 0.0, 100.0]}


def test_own_words_are_read_after_own_words_and_gold_ones_after_gold_ones():
    """Gold C A B for the letters a b c: one wrong at the first place, and what it leads to."""
    wrong = batches([("abc", [["C", "A", "B"]])])[0]
    gold, own = drift.guesses(Copier(True), wrong, PHONES.eos)
    assert PHONES.decode(gold[0].tolist()) == ["A", EOS, "B", "C"]  # behind C, A, B
    assert PHONES.decode(own[0].tolist()) == ["A", "B", "C", EOS]


def test_a_slip_costs_a_counting_copier_nothing_and_a_lost_one_its_place():
    one = batches([("bca", [["B", "C", "A"]])])[0]
    steady, lost = (drift.slip_at(Copier(lost), one, 0, PHONES) for lost in (False, True))
    assert PHONES.decode(steady.slipped[0]) == ["A", "C", "A"] and steady.further() == [0]
    assert PHONES.decode(lost.slipped[0]) == ["A"] and lost.further() == [1]
    for found in (steady, lost):
        assert PHONES.decode(found.right[0]) == ["B", "C", "A"] and found.gold == found.right


def test_slips_are_averaged_over_the_texts_with_a_word_at_that_place():
    found = drift.slips(Copier(False), batches(), PHONES, 3)
    assert found == {"further": 0.0, "clean": 100.0, "next_gold": 100.0, "next_slip": 100.0}
    assert drift.slips(Copier(True), batches([EXAMPLES[2]]), PHONES, 0) == {
        "further": 1.0, "clean": 0.0, "next_gold": 100.0, "next_slip": 0.0}


def test_new_triples_are_counted_as_often_as_they_occur():
    seen = set(drift.triples(["abcd"]))
    assert seen == {("a", "b", "c"), ("b", "c", "d")}
    found = drift.new_triples(["abce", "xbcd", "abcd"], seen)
    assert found == pytest.approx(100 / 3) and drift.new_triples(["ab"], seen) == 0


def test_a_story_marks_what_is_wrong_after_an_alignment():
    rows, further = drift.story(Copier(True), CORPUS, "bca", ["B", "C", "A"], 0)
    assert rows["alone"] == rows["gold"] == [("B", "right"), ("C", "right"), ("A", "right")]
    assert rows["after a slip"] == [("A", "slip"), drift.MISSING, drift.MISSING] and further == 1
    assert drift.aligned(list("ad"), list("abcd")) == [
        ("a", "right"), drift.MISSING, drift.MISSING, ("d", "right")]
    assert [kind for _, kind in drift.aligned(list("xbcd"), list("abcd"))] == [
        "wrong", "right", "right", "right"]


def test_words_with_several_pronunciations_are_left_out():
    examples = [*EXAMPLES, ("ab", [["A"], ["B"]]), ("a" * 99, [["A"]])]
    assert drift.single(examples) == EXAMPLES


@pytest.fixture(scope="module")
def begun():
    return after.begin(CORPUS, RECIPE)[0]


PLAN = after.Plan(RECIPE, seconds=0.4, words=9, n=3)


@pytest.mark.parametrize("name", after.WAYS)
def test_every_way_changes_a_copy_and_leaves_the_model_that_it_began_with(begun, name):
    before = {key: weight.clone() for key, weight in begun.state_dict().items()}
    way = replace(after.WAYS[name], tokens=100)
    model, updates, seconds = after.go_on(begun, CORPUS, way, PLAN)
    changed = [not torch.equal(before[key], weight) for key, weight in model.state_dict().items()]
    assert all(changed) and updates >= 10 and seconds >= PLAN.seconds and not model.training
    assert all(torch.equal(before[key], weight) for key, weight in begun.state_dict().items())


def test_the_references_are_those_of_the_pairs_in_their_order():
    several = Corpus(LETTERS, PHONES, [("ab", [["A"], ["B", "A"]]), ("c", [["C"]])], [], [])
    found = after.references(several)
    pairs = several.pairs(several.train, 100, 0)
    assert len(found) == len(pairs.targets.ids)
    for own, ids in zip(pairs.targets.ids, found, strict=True):
        assert own.tolist() in ids
    assert found[0] == found[1] and len(found[0]) == 2


def test_the_gold_words_of_mixer_fall_to_none_in_half_of_the_time():
    material = after.Material(PLAN, PHONES, None)
    assert [after.mixed(material, lambda s=share: s).gold(0)
            for share in (0, 0.25, 0.5, 1)] == [8, 4, 0, 0]


def test_the_reward_is_the_phone_error_with_a_minus():
    cost = after.EditCost([[[2, 3]], [[4]]])
    reward = after.Material(PLAN, PHONES, cost).reward
    assert reward([[2, 3], [2]], [0, 1]).tolist() == [0, -1]


def test_a_sample_is_always_the_same_and_never_longer_than_what_there_is():
    assert after.sample(range(100), 5) == after.sample(range(100), 5)
    assert sorted(after.sample(range(3), 5)) == [0, 1, 2]


def test_a_way_is_recorded_with_its_model_and_its_measures(begun, tmp_path, monkeypatch):
    monkeypatch.setattr(after, "FOLDER", tmp_path)
    monkeypatch.setattr(after, "pretrained", lambda corpus, recipe: (begun, 1.5))
    data = type("Data", (), {"name": "toy", "sha256": "0"})
    found = after.run("likelihood", replace(PLAN, seconds=0.1), data, CORPUS)
    by_claim = {claim: {r.metric: r.value for r in found if r.claim == claim}
                for claim in ("K23", "K24")}
    assert by_claim["K24"].keys() == {"updates", "word_error", "phone_error", "nats"}
    assert {"gold_0", "own_9", "further_3", "new_own"} <= by_claim["K23"].keys()
    assert (tmp_path / "likelihood_0.safetensors").exists()
    assert {r.setting["way"] for r in found} == {"likelihood"}


def test_the_shipped_model_is_read_for_its_own_data_and_another_one_is_trained_for_any_other(
        begun, tmp_path, monkeypatch):
    monkeypatch.setattr(after, "pretrained", lambda corpus, recipe: (begun, 1.5))
    data = type("Data", (), {"name": "toy", "sha256": "0"})
    path = tmp_path / "weights.safetensors"
    facts = after.ship(data, CORPUS, PLAN, path)
    assert facts["command"].endswith("after_likelihood ship") and facts["seconds"] == 2
    back = after.ready(data, CORPUS, RECIPE, path)
    for mine, weight in zip(begun.parameters(), back.parameters(), strict=True):
        torch.testing.assert_close(weight, mine, rtol=1e-3, atol=1e-3)
    other = type("Data", (), {"name": "other", "sha256": "1"})
    fresh = after.ready(other, CORPUS, replace(RECIPE, steps=3, warmup=1), path)
    assert not torch.allclose(next(fresh.parameters()), next(back.parameters()), atol=1e-2)


def test_a_discriminator_tells_states_over_nonsense_from_states_over_gold_words(begun):
    """After three updates the model still draws nonsense, and the two are easily told apart."""
    rough, _ = after.begin(CORPUS, replace(RECIPE, steps=3, warmup=1))
    before = {key: weight.clone() for key, weight in rough.state_dict().items()}
    easy, hard = (drift.told_apart(model, CORPUS, EXAMPLES * 5, 60) for model in (rough, begun))
    assert easy > 70 and hard < easy - 5
    assert all(torch.equal(before[key], weight) for key, weight in rough.state_dict().items())
    assert all(weight.requires_grad for weight in rough.parameters())


def test_a_slip_needs_a_text_that_is_long_enough():
    with pytest.raises(ValueError, match="a text with a word at place 30, got none"):
        drift.slips(Copier(False), batches(), PHONES, 30)


def test_a_way_ends_with_the_first_record_after_its_seconds(begun, monkeypatch):
    class Ticking(after.Clock):
        def spent(self):
            self.ticks = getattr(self, "ticks", 0) + 1
            return 0.1 * self.ticks

        def __call__(self, done):
            return 1.0

    monkeypatch.setattr(after, "Clock", Ticking)
    plan = replace(PLAN, seconds=1.0)
    _, updates, seconds = after.go_on(begun, CORPUS, after.WAYS["likelihood"], plan)
    assert updates == 110 and seconds == pytest.approx(1.2)


def test_every_way_is_recorded_with_three_seeds_and_the_same_seconds():
    plan = after.Plan()
    for name in after.WAYS:
        found = claims.results("K24", "phone_error", {"way": name})
        assert {r.seed for r in found} >= {0, 1, 2}, name
        assert all(plan.seconds <= r.seconds < 1.1 * plan.seconds for r in found), name


def test_in_every_recorded_model_own_words_double_the_errors_at_the_sixth_place():
    def values(metric):
        records = claims.results("K23", metric, {"way": after.BEGUN})
        return {r.seed: r.value for r in records}

    gold, own, first = values("gold_5"), values("own_5"), values("own_0")
    assert len(gold) >= 3 and first == values("gold_0")
    assert all(own[seed] > 2 * gold[seed] for seed in gold)


class Unsure(Copier):
    """Gives every phone and the end marker the same chance."""

    def step(self, token, state):
        log_probs, state = super().step(token, state)
        even = torch.full_like(log_probs, -torch.inf)
        even[:, 1:] = -torch.tensor(float(len(PHONES) - 1)).log()
        return even, state


def test_words_drawn_from_a_model_that_is_sure_are_right_and_from_an_unsure_one_wrong():
    drawn = [tuned_risk.drawn_error(model(False), CORPUS, EXAMPLES) for model in (Copier, Unsure)]
    assert drawn[0] < 5 and drawn[1] > 50
    state = torch.get_rng_state()
    assert tuned_risk.drawn_error(Unsure(False), CORPUS, EXAMPLES) == drawn[1]
    assert torch.equal(state, torch.get_rng_state())


def test_drawn_phones_are_counted_as_edits_for_each_hundred(monkeypatch):
    words = EXAMPLES[:2]
    right = [CORPUS.phones.encode(several[0]).tolist() for _, several in
             sorted(words, key=lambda row: len(row[0]))]
    texts = type("Texts", (), {"lists": lambda self, end: [right[0], right[1][:-1]]})
    monkeypatch.setattr(tuned_risk, "draw", lambda *given: texts())
    model = type("Model", (), {"start": lambda self, *source: None})()
    phones = sum(map(len, right))
    assert tuned_risk.drawn_error(model, CORPUS, words) == 100 / phones


def test_a_choice_is_trained_with_its_own_rate_and_alpha(begun, monkeypatch):
    seen = []
    monkeypatch.setattr(tuned_risk, "pretrained", lambda corpus, recipe: (begun, 1.5))
    monkeypatch.setattr(tuned_risk, "go_on", lambda *those: seen.append(those) or (begun, 10, 0.4))
    for choice in tuned_risk.CHOSEN:
        assert tuned_risk.trained(choice, 0.4, 2, CORPUS) == (begun, 10, 0.4)
        model, corpus, way, plan, seed = seen.pop()
        assert (model, corpus, seed) == (begun, CORPUS, 2)
        assert (way.lr, way.tokens, plan.seconds) == (choice.lr, choice.tokens, 0.4)
        assert (plan.alpha, plan.n) == (choice.alpha, choice.n)
        assert way.loss is after.WAYS[choice.way].loss


def test_what_is_asked_for_is_a_line_of_the_pilot_or_each_way_of_a_seed():
    data = type("Data", (), {"name": "toy", "sha256": "0"})
    ((claim, setting, seed, _),) = tuned_risk.jobs(["pilot", "1"], data, CORPUS)
    assert (claim, setting["alpha"], setting["seconds"], seed) == ("risk_pilot", 0.1, 30, 0)
    found = [(claim, setting["way"], seed)
             for claim, setting, seed, _ in tuned_risk.jobs(["2"], data, CORPUS)]
    assert found == [("K24", way, 2) for way in (
        "pre-training, all test words", "likelihood, 60 s", "minimum risk, 60 s")]


def test_the_chosen_settings_had_the_fewest_phone_errors_of_the_pilot():
    tried = {one.setting(tuned_risk.SHORT)["way"] for one in tuned_risk.TRIED}
    found = claims.results("risk_pilot", "phone_error")
    assert len(found) == len(tuned_risk.TRIED)
    for one in tuned_risk.CHOSEN:
        best = min((r for r in found if r.setting["way"] == f"{one.way}, 30 s"),
                   key=lambda r: r.value)
        assert best.setting == one.setting(tuned_risk.SHORT) and best.setting["way"] in tried


def test_the_minute_is_recorded_with_three_seeds_and_the_same_seconds():
    for way in (one.setting(tuned_risk.SECONDS) for one in tuned_risk.CHOSEN):
        found = claims.results("K24", "drawn_error", way)
        assert {r.seed for r in found} >= {0, 1, 2}, way
        assert all(60 <= r.seconds < 63 for r in found), way
