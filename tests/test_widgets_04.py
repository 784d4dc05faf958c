"""The widget of notebook 04: driven over all controls; it shows what the models compute."""
import math

import pytest
import torch

from rnnlib import models, plots
from rnnlib.experiments import word_models
from rnnlib.widgets import next_word
from rnnlib.widgets.next_word import follow, likeliest

SAMPLES = {"thanks": "Thank you very much .", "far": "the keys that i left in the car are"}


def three():
    found, vocab, _ = word_models.load()
    ids = [vocab.encode(s.lower().split()) for s in SAMPLES.values()]
    return {"ngram": models.NGram(ids, len(vocab), 3), **found}, vocab


def test_every_control_and_every_preset_changes_the_picture():
    ui = next_word(*three(), SAMPLES)
    before, pictures = ui.values, set()
    assert ui.sweep() >= 5 and ui.values == before
    for text in ("", "?", *SAMPLES.values(), "qwertyuiop " * 20):
        ui.set({"text": text})
        pictures.add(ui.image.value)
    assert len(pictures) == 5
    assert "Read as <unk>: qwertyuiop" in ui.text.value.replace("&lt;", "<").replace("&gt;", ">")


def test_it_opens_on_the_first_sentence_with_a_caption_and_an_alt_text():
    ui = next_word(*three(), SAMPLES)
    assert ui.values == {"text": SAMPLES["thanks"]} and ui.alt and "Mean surprise" in ui.text.value


@pytest.mark.parametrize("name", ["ngram", "lstm", "window"])
def test_the_bits_are_those_of_the_sentence(name):
    found, vocab = three()
    ids = vocab.encode("thank you very much .".split())
    bits, after = follow(found[name], [vocab.bos, *ids.tolist()])
    with torch.no_grad():
        whole = -models.of_sentence(found[name], ids, vocab) / math.log(2)
    assert bits == pytest.approx(whole[:-1].tolist(), abs=1e-4)
    assert -after[vocab.eos].item() / math.log(2) == pytest.approx(whole[-1].item(), abs=1e-4)


def test_the_likeliest_words_come_first_and_long_ones_are_cut():
    _, vocab = three()
    log_probs = torch.full((len(vocab),), -20.0)
    longest = max(range(len(vocab)), key=lambda i: len(vocab.symbols[i]))
    log_probs[longest], log_probs[vocab.eos] = math.log(0.5), math.log(0.4)
    p, names = likeliest(log_probs, vocab)
    assert p[:2] == pytest.approx([0.5, 0.4]) and names[1] == "the end"
    assert names[0].endswith("…") and len(names[0]) == 10


def test_the_pictures_of_the_notebook_are_drawn():
    words = "<s> i like tea </s>".split()
    for draw in (lambda ax: plots.items(ax, words),
                 lambda ax: plots.contexts(ax, words, {"ngram": 2, "rnn": 5}),
                 lambda ax: plots.surprises(ax, words, {"rnn": [1.0, 2, 3, 4, 15]})):
        figure = plots.figure(5, 2, alt="x")
        empty = figure.png()
        draw(figure.subplots())
        assert figure.png() != empty
