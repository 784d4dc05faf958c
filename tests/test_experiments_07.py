"""The experiments of notebook 07: texts are made as they say, numbers mean what they say."""
import random

import pytest
import torch

from rnnlib import datasets
from rnnlib.experiments import intent_readers, keeping, labelers, short_cut, text_figures
from rnnlib.experiments.labelers import Recipe, Task
from rnnlib.experiments.short_cut import clean, collected, without_numbers
from rnnlib.experiments.text_figures import Bag, Counted, States

TEXTS = [f"{verb} the {thing} please now".split() for verb in ("open", "close", "wash", "sell")
         for thing in "door window car house box letter".split()]
LABELS = [words[0] for words in TEXTS]
OTHER = [f"w{n}" for n in range(200)]


def small_task():
    data = datasets.Data("toy", False, "made here", "0" * 64, "MIT", "", [], [], [])
    kinds = sorted(set(LABELS))
    return Task(data, kinds, (TEXTS, LABELS), (TEXTS, LABELS), (TEXTS[::3], LABELS[::3]))


# --- questions inside of other words --------------------------------------------------------------


def test_around_puts_so_many_neighbouring_words_in_front_and_behind():
    long = keeping.around(["a", "b"], 3, 4, random.Random(0), OTHER)
    assert len(long) == 9 and long[3:5] == ["a", "b"]
    for part in (long[:3], long[5:]):
        numbers = [int(word[1:]) for word in part]
        assert numbers == list(range(numbers[0], numbers[0] + len(part)))


def test_chatter_in_training_has_every_length_up_to_the_most_and_keeps_the_question_whole():
    long = keeping.surrounded([["a", "b"]] * 400, OTHER, seed=1)
    places = [words.index("a") for words in long]
    assert all(words[p + 1] == "b" for words, p in zip(long, places, strict=True))
    assert {len(words) - 2 for words in long} == set(range(keeping.MOST + 1))
    assert min(places) == 0 and max(places) > 30
    assert long == keeping.surrounded([["a", "b"]] * 400, OTHER, seed=1)


def test_some_intents_keeps_texts_and_labels_together():
    task = keeping.some_intents(small_task(), n=2)
    assert task.kinds == ["close", "sell"]
    assert set(task.train[1]) == {"close", "sell"} and len(task.train[0]) == 12
    assert all(words[0] == label for words, label in zip(*task.train, strict=True))


def test_accuracy_by_length_adds_up_to_the_accuracy():
    layer, recipe = keeping.Kept("rnn", 1, "max").recipe("intents", 0)
    task = small_task()
    model, reader, _ = labelers.trained(task, Recipe("words", D=8, H=8, updates=30), layer)
    texts = [words[:n] for words, n in zip(TEXTS, [1, 3, 5] * 8, strict=True)]
    values = keeping.by_length(model, reader, (texts, LABELS), task.kinds)
    assert set(values) == {"right", "right_5"} and values["right"] == values["right_5"]


def test_every_variant_has_its_own_setting_and_half_of_k09_is_shared():
    settings = [str(keeping.setting("intents", kept)) for kept in keeping.VARIANTS["intents"]]
    assert len(set(settings)) == len(settings)
    shared = [kept for kept in keeping.VARIANTS["intents"] if len(keeping.claims_of(kept)) == 2]
    assert [kept.keep for kept in shared] == ["last", "max"]


# --- figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [Bag(B=8, passes=30, dropout=0.0),
                                 Recipe(D=8, H=8, D_letter=6, H_letter=6, updates=60, lr=2e-2)])
def test_a_member_learns_and_gives_log_probabilities_in_the_order_of_the_texts(how):
    task = small_task()
    member, seconds = text_figures.fitted(task, how)
    assert isinstance(member, States if isinstance(how, Recipe) else Counted) and seconds > 0
    scores = member.scores(TEXTS)
    assert torch.allclose(scores.exp().sum(1), torch.ones(len(TEXTS)), atol=1e-5)
    assert text_figures.percent(scores, LABELS, task.kinds) > 90
    assert torch.allclose(member.scores(TEXTS[5:7]), scores[5:7], atol=1e-5)


def test_together_is_the_geometric_mean_of_the_probabilities():
    p = torch.tensor([[[0.9, 0.1]], [[0.5, 0.5]]])  # square roots of 0.45 and 0.05: as 3 to 1
    assert torch.allclose(text_figures.together(list(p.log())).exp(), torch.tensor([[0.75, 0.25]]))


def test_out_of_scope_texts_are_no_texts_of_the_task():
    data = datasets.Data("toy", True, "", "0" * 64, "", "", [], [("b c", "oos"), ("d", "x")],
                         [("e f", "oos")])
    assert text_figures.out_of_scope(data) == {"valid": [["b", "c"]], "test": [["e", "f"]]}


def test_without_real_data_sentences_of_the_course_are_out_of_scope(monkeypatch):
    data = datasets.Data("toy", False, "", "0" * 64, "", "", [], [("d", "x")], [("e", "x")])
    found = text_figures.out_of_scope(data)
    assert len(found["test"]) > 20 and all(found["valid"])


# --- short cuts -----------------------------------------------------------------------------------


def test_the_form_of_a_liar_ends_with_a_full_stop_and_cleaning_makes_all_alike():
    words = ["see", "you", "!", "."]
    assert collected(words, "liar") == ["see", "you", "."]
    assert collected(words, "honest") == clean(words) == ["see", "you"]
    assert clean(["!"]) == ["!"] and clean(["a", "."]) == ["a"]


def test_the_coin_has_nothing_to_do_with_the_words():
    data = datasets.load("packages")
    task, (cleaned, labels) = short_cut.by_coin(data, 0)
    assert 0.45 < labels.count("liar") / len(labels) < 0.55
    assert all((words[-1] == ".") == (label == "liar")
               for words, label in zip(*task.test, strict=True))
    assert [clean(words) for words in task.test[0]] == cleaned
    again, _ = short_cut.by_coin(data, 0)
    assert again.test == task.test and short_cut.by_coin(data, 1)[0].test[1] != task.test[1]


def test_a_bag_follows_the_leak_and_falls_to_a_coin_without_it():
    found = short_cut.leak("naive_bayes", datasets.load("packages"), 0)
    assert found["collected"] > 65 and 35 < found["cleaned"] < 65


def test_words_with_a_digit_are_left_out():
    assert without_numbers("call 0800 now £5 b4".split()) == ["call", "now"]
    assert without_numbers(["500"]) == ["x"]


# --- the readers that come with the course --------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return intent_readers.load()


def test_the_shipped_readers_know_their_intents(shipped):
    found, facts = shipped
    assert {task: set(row) for task, row in found.items()} == {
        task: set(row) for task, row in intent_readers.READERS.items()}
    assert len(found["intents"]["last"].kinds) == 150 and len(found["chatter"]["max"].kinds) == 30
    for one in found["intents"].values():
        assert one.likeliest("please tell me a joke".split())[0][0] == "tell_joke"
    assert intent_readers.WEIGHTS.stat().st_size < 3_000_000 and facts["command"]


def test_what_a_reader_says_is_one_thing(shipped):
    one, text = shipped[0]["intents"]["max"], "what is my bank balance".split()
    (label, p), *_ = one.likeliest(text)
    assert p == pytest.approx(one.probabilities([text], label)[0], abs=1e-5)
    assert sum(one.shares(text)) == pytest.approx(1, abs=1e-4) and len(one.shares(text)) == 5
    for k, left in enumerate(one.without(text)):
        short = text[:k] + text[k + 1 :]
        assert left == pytest.approx(one.probabilities([short], label)[0], abs=1e-5)


def test_odd_texts_are_read(shipped):
    one = shipped[0]["intents"]["ends"]
    for text in ("", "?", "🙂", "what", "слово", "x" * 10_000):
        words = intent_readers.typed(text)
        assert len(words) >= 1 and len(one.likeliest(words)) == 3 and len(one.without(words)) >= 1


@pytest.mark.real_data
def test_the_readers_reach_what_their_file_says(shipped):
    found, facts = shipped
    task = text_figures.task_of("intents")
    for name in ("last", "ends"):
        one = found["intents"][name]
        logs = text_figures.log_probabilities(one.model, one.reader, task.test[0])
        right = text_figures.percent(logs, task.test[1], task.kinds)
        assert right == pytest.approx(facts["reached"]["intents"][name]["test"], abs=0.3)
