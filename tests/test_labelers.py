"""Taggers and classifiers of a task: they learn, ignore padding, and are scored as strings."""

import random
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import pytest
import torch

from rnnlib import models
from rnnlib.experiments import labelers
from rnnlib.experiments.labelers import Recipe, Task

FAST = Recipe(D=12, D_letter=6, H_letter=8, H=10, dropout=0.0, forget=0.0, updates=60, lr=2e-2,
              tokens=60)

WORDS = ["".join(letters) for letters in product("abcd", "abcd", "ab")]
random.Random(0).shuffle(WORDS)


def toy(column=1):
    """Tags follow the last letter, the label of the text whether there is a c."""
    words = WORDS[:24]
    draw = torch.Generator().manual_seed(0)
    rows = []
    for _ in range(120):
        n = int(torch.randint(1, 5, (1,), generator=draw))
        text = [words[i] for i in torch.randint(24, (n,), generator=draw).tolist()]
        rows.append((text, ["B-" + w[-1] for w in text], "c" if "c" in "".join(text) else "none"))
    data = SimpleNamespace(name="toy", sha256="0" * 64, train=rows[:100], valid=rows[100:110],
                           test=rows[110:])
    return Task.of(data, column)


@pytest.mark.parametrize("change", [
    {}, {"inputs": "words"}, {"inputs": "letters"}, {"top": "crf"}, {"layers": 2}, {"cell": "gru"},
])
def test_every_recipe_learns_the_toy_tags(change):
    task = toy()
    model, reader, seconds = labelers.trained(task, replace(FAST, **change))
    assert labelers.accuracy(model, reader, task.test, task.kinds) > 95 and seconds > 0
    assert labelers.span_f1(model, reader, task.test, task.kinds) > 95


def test_letters_tell_the_tag_of_an_unknown_word_and_words_do_not():
    task, new = toy(), ([WORDS[24:]], [["B-" + word[-1] for word in WORDS[24:]]])
    found = {}
    for inputs in ("words", "letters"):
        model, reader, _ = labelers.trained(task, replace(FAST, inputs=inputs))
        found[inputs] = labelers.right(model, reader, task, new)
    assert found["letters"]["unknown"] > 95 > 70 > found["words"]["unknown"]
    assert found["letters"]["known"] == 0 and found["letters"]["all"] > 95


def test_a_word_of_the_training_texts_is_known_whatever_its_case():
    task = toy()
    model, reader, _ = labelers.trained(task, replace(FAST, inputs="words", updates=30))
    seen = task.train[0][0][0]
    part = [[seen, seen.upper(), "new"]], [["B-" + seen[-1]] * 2 + ["none of these"]]
    found = labelers.right(model, reader, task, part)
    assert (found["known"], found["unknown"]) == (100, 0)
    assert found["all"] == pytest.approx(200 / 3)


def test_a_classifier_learns_the_toy_texts():
    task = toy(column=2)
    for keep in (models.max_state, models.both_ends):
        model, reader, _ = labelers.trained(task, replace(FAST, keep=keep))
        assert labelers.accuracy(model, reader, task.train, task.kinds) > 95


def test_the_guess_for_a_text_depends_on_no_other_text_and_keeps_the_order():
    task = toy()
    model, reader, _ = labelers.trained(task, replace(FAST, updates=5))
    texts = task.test[0]
    together = labelers.guesses(model, reader, texts, task.kinds)
    assert together == [labelers.guesses(model, reader, [text], task.kinds)[0] for text in texts]
    assert [len(tags) for tags in together] == list(map(len, texts))


def test_the_same_seed_gives_the_same_model_and_leaves_the_readers_random_numbers_alone():
    task = toy()
    torch.manual_seed(3)
    a, *_ = labelers.trained(task, replace(FAST, updates=3, dropout=0.3))
    after = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(after, torch.rand(1))
    b, *_ = labelers.trained(task, replace(FAST, updates=3, dropout=0.3))
    assert all(map(torch.equal, a.state_dict().values(), b.state_dict().values()))


def test_a_smaller_task_has_some_of_the_texts_and_all_of_the_labels():
    task = toy()
    small = task.only(7, seed=1)
    assert len(small.train[0]) == 7 and small.kinds == task.kinds and small.test == task.test
    assert small.train[0] == task.only(7, seed=1).train[0] != task.only(7, seed=2).train[0]


def test_inputs_of_another_name_are_refused():
    with pytest.raises(ValueError, match="expected inputs"):
        labelers.trained(toy(), replace(FAST, inputs="pictures"))


def test_no_texts_have_no_guesses_and_an_empty_text_is_refused_in_one_sentence():
    task = toy()
    numbers = labelers.reader(task)
    tagger = labelers.model(task, numbers, FAST)
    assert labelers.guesses(tagger, numbers, [], task.kinds) == []
    for texts in ([[]], [["aab"], []]):
        with pytest.raises(ValueError, match="at least one word each, got an empty one"):
            labelers.guesses(tagger, numbers, texts, task.kinds)


def test_other_scripts_emoji_and_a_word_of_ten_thousand_letters_get_a_label_each():
    task = toy()
    numbers = labelers.reader(task)
    tagger = labelers.model(task, numbers, FAST)
    texts = [["🙂", "Привет", "你好"], ["a" * 10_000], ["x"]]
    found = labelers.guesses(tagger, numbers, texts, task.kinds)
    assert list(map(len, found)) == [3, 1, 1]
