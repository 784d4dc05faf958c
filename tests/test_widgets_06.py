"""The widgets of notebook 06: driven over all controls; they show what the models compute."""
import pytest
import torch

from rnnlib import crf, plots
from rnnlib.datasets import load
from rnnlib.experiments import pos_taggers
from rnnlib.models import HMM
from rnnlib.plots.lettering import Lettering
from rnnlib.widgets import edit_words, viterbi_steps
from rnnlib.widgets.edit_words import KEPT, likeliest
from rnnlib.widgets.viterbi_steps import ROWS, rows_of

SAMPLES = {"fish": "They can fish .", "old": "the old man sees the dog"}


@pytest.fixture(scope="module")
def hmm():
    return HMM(load("treebank").train)


@pytest.fixture(scope="module")
def taggers():
    return pos_taggers.load()[0]


def widget(name, hmm, taggers):
    return viterbi_steps(hmm, SAMPLES) if name == "trellis" else edit_words(
        taggers, SAMPLES, "A claim.")


@pytest.mark.parametrize("name", ["trellis", "words"])
def test_every_control_and_every_preset_changes_the_picture(name, hmm, taggers):
    ui = widget(name, hmm, taggers)
    before, first, pictures = ui.values, ui.image.value, set()
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


@pytest.mark.parametrize("name", ["trellis", "words"])
def test_it_opens_on_the_first_sentence_with_an_alt_text(name, hmm, taggers):
    ui = widget(name, hmm, taggers)
    assert ui.values["text"] == SAMPLES["fish"] and ui.alt and ui.text.value


@pytest.mark.parametrize("name", ["trellis", "words"])
@pytest.mark.parametrize("text", ["x" * 300, "$5 $6", "犬 🐕", "a " * 60, "."])
def test_any_text_is_drawn(name, text, hmm, taggers):
    widget(name, hmm, taggers).set({"text": text})


def test_the_way_back_is_that_of_the_tagger(hmm):
    words = "the old man sees the dog".split()
    labels, best, before, path, _ = rows_of(hmm, words)
    assert [labels[row] for row in path] == hmm.tag(words) and len(labels) <= ROWS
    row = path[-1]
    for t in range(len(words) - 2, -1, -1):
        row = before[t][row]
        assert row == path[t]
    wanted = hmm.messages(words, crf.take_best)[:, [hmm.labels.index(name) for name in labels]]
    torch.testing.assert_close(best, wanted)


def test_step_by_step_the_picture_grows_and_then_goes_back(hmm):
    ui, pictures = viterbi_steps(hmm, SAMPLES), []
    for step in range(9):
        ui.set({"step": step})
        pictures.append(ui.image.value)
    assert len(set(pictures)) == 9
    ui.set({"step": 2})
    assert "Forward, 2 of 4" in ui.text.value
    ui.set({"step": 8})
    assert "The way back, 4 of 4" in ui.text.value


def test_the_shares_are_the_probabilities_of_the_tagger(taggers):
    one = taggers["both ways"]
    p = one.probabilities("They can fish .".split())
    torch.testing.assert_close(p.sum(1), torch.ones(4))
    best = likeliest(p[0].tolist(), one.labels)
    assert best[0] == (one.labels[p[0].argmax()], p[0].max().item()) and len(best) == KEPT


def test_a_later_word_changes_what_is_before_it_only_for_the_one_that_reads_both_ways(taggers):
    one, other = (words.split() for words in ("Teddy bears are", "Teddy Roosevelt was"))
    first = {name: [tagger.probabilities(words)[0] for words in (one, other)]
             for name, tagger in taggers.items()}
    torch.testing.assert_close(*first["left to right"])
    assert (first["both ways"][0] - first["both ways"][1]).abs().max() > 1e-3


def test_confusions_are_percent_of_the_right_tag():
    ax = plots.figure(4, 3, "").subplots()
    plots.confused(ax, [[8, 2], [0, 5]], ["A", "B"])
    texts = [text for one in ax.collections if isinstance(one, Lettering) for text in one.texts]
    assert sorted(texts) == ["100", "20", "80"]


def test_a_share_has_its_name_when_there_is_room_for_it():
    fig = plots.figure(4, 3, "")
    plots.label_shares(fig, ["x"], {"one": [[("A", 0.7), ("B", 0.25), ("C", 0.05)]]})
    texts = [text for ax in fig.axes for one in ax.collections if isinstance(one, Lettering)
             for text in one.texts]
    assert sorted(texts) == ["A .70", "B .25", "x"]
