"""The experiments of notebook 04 on small texts: what is counted, what is read, what is kept."""
import math

import pytest
import torch

from rnnlib import models
from rnnlib.experiments import free_running, three_models, word_models, word_text
from rnnlib.experiments.three_models import Recipe
from rnnlib.text import Vocab


def small_text(count=60, size=6):
    """Sentences in which each word follows the one before in the alphabet."""
    vocab = Vocab.of([list("abcdef")])
    ids = [vocab.encode("abcdefab"[k % size : k % size + 3 + k % 2]) for k in range(count)]
    return word_text.WordText("toy", "0", vocab, ids, ids[:9], ids[9:20])


def letters(count=4000):
    """A text of three letters in turn, with a fourth now and then."""
    vocab = Vocab.of(["abcd"], specials=())
    ids = vocab.encode(("abc" * 5 + "d") * (count // 16))
    return free_running.Characters("toy", "0", vocab, ids, ids[:3300])


def test_sentences_of_running_text_end_at_full_stops_and_empty_lines():
    found = word_text.sentences("Read it. Then write\nit back!\n\nDone")
    assert found == [["read", "it", "."], ["then", "write", "it", "back", "!"], ["done"]]


def test_sentences_of_tagged_words_keep_the_words_in_lower_case():
    assert word_text.sentences([(["The", "END"], ["DET", "NOUN"])]) == [["the", "end"]]


def test_a_cut_vocabulary_turns_rare_words_into_unknown_ones():
    text = small_text()
    cut = text.cut(6)  # four markers and two letters
    assert len(cut.vocab) == 6 and cut.vocab.symbols == text.vocab.symbols[:6]
    kept = {i for ids in text.train for i in ids.tolist() if i < 6}
    assert {i for ids in cut.train for i in ids.tolist()} == kept | {cut.vocab.unk}
    assert cut.unknown() > 0 == text.unknown()


def test_marked_sentences_begin_and_end_with_their_markers():
    text = small_text()
    assert all(ids[0] == text.vocab.bos and ids[-1] == text.vocab.eos for ids in text.marked())
    assert sum(map(len, text.marked())) == sum(map(len, text.train)) + 2 * len(text.train)


def test_a_part_keeps_the_first_sentences_and_the_vocabulary():
    text = small_text()
    part = text.part(0.25)
    assert len(part.train) == 15 and part.vocab is text.vocab and part.test is text.test


@pytest.mark.parametrize("name", ["lstm", "rnn", "window"])
def test_a_network_learns_a_regular_language_and_says_what_it_was(name):
    recipe = Recipe(name, D=8, H=8, dropout=0.0, tokens=60, passes=20, lr=2e-2)
    model, records = three_models.run(recipe, small_text())
    values = {record.metric: record.value for record in records}
    assert values["perplexity"] < 3  # only the end and the first word are open
    assert values["parameters"] == sum(p.numel() for p in model.parameters())
    assert records[0].setting["model"] == name
    assert ("width" in records[0].setting) == (name == "window")


def test_all_models_are_measured_on_the_same_number_of_symbols():
    text = small_text()
    counted = {models.total(model, models.Sentences(text.test, text.vocab, 50))[1]
               for model in (models.NGram(text.marked(), len(text.vocab), 3),
                             *(Recipe(name, 4, 4).network(len(text.vocab)).eval()
                               for name in ("lstm", "window")))}
    assert counted == {sum(len(ids) + 1 for ids in text.test)}


def test_the_ngram_record_holds_its_size():
    values = {r.metric: r.value for r in three_models.counted(small_text(), 3, 10)}
    model = models.NGram(small_text().marked(), 10, 3)
    assert values["grams"] == sum(model.distinct) and values["bytes"] == model.bytes


def test_only_the_tied_lstm_on_the_whole_text_counts_for_both_claims(monkeypatch):
    kept = []
    monkeypatch.setattr(three_models, "append", kept.extend)
    text = small_text()
    for recipe, claims in ((Recipe("lstm", 4, 4, passes=1), {"K05", "K06"}),
                           (Recipe("lstm", 4, 4, tied=False, passes=1), {"K06"}),
                           (Recipe("window", 4, 4, passes=1), {"K05"})):
        kept.clear()
        three_models.keep(three_models.run(recipe, text)[1], recipe)
        assert {record.claim for record in kept} == claims


@pytest.mark.parametrize("reads", ["sampled", "greedy"])
def test_a_free_running_model_reads_its_own_output_after_the_first_symbol(reads):
    text, recipe = letters(), free_running.Recipe(reads, D=4, H=8)
    model, x = recipe.model(4), text.train[:40].view(4, 10)
    read = free_running.own_inputs(model, x, free_running.CHOOSE[reads])
    assert torch.equal(read[:, 0], x[:, 0]) and not torch.equal(read, x)
    if reads == "greedy":
        guess = model(read)[0].argmax(-1)
        assert torch.equal(read[:, 1:], guess[:, :-1])


def test_teacher_forcing_reads_the_text():
    text, recipe = letters(), free_running.Recipe(D=4, H=8)
    model, batch = recipe.model(4), (text.train[:20].view(2, 10), text.train[1:21].view(2, 10))
    mean, count, carry = free_running.loss_of("teacher")(model, (*batch, True), None)
    nats = -model.score(batch[0], batch[1])[0].sum().item()
    assert count == 20 and carry is None and math.isclose(mean.item() * 20, nats, rel_tol=1e-5)


def test_the_curves_of_both_ways_begin_alike_and_the_teacher_is_faster():
    text = letters()
    runs = {reads: free_running.curve(free_running.Recipe(reads, 8, 16, T=16), text, 100)[1][-1]
            for reads in ("teacher", "sampled")}
    assert runs["teacher"].held_out < 0.5 * runs["sampled"].held_out


def test_word_models_survive_being_written(tmp_path):
    text = small_text()
    found = {name: Recipe(name).network(len(text.vocab)) for name in word_models.RECIPES}
    facts = {"recipes": {name: {} for name in found}}
    word_models.save(found, text.vocab, facts, tmp_path / "w.safetensors")
    again, vocab, _ = word_models.load(tmp_path / "w.safetensors")
    assert vocab.symbols == text.vocab.symbols
    for name, model in found.items():
        mine = dict(model.named_parameters())
        for key, weight in again[name].named_parameters():
            assert torch.allclose(weight, mine[key], atol=1e-3)
        assert again[name].V.weight is again[name].E.weight and not again[name].training


def test_the_word_models_of_the_course_are_small_and_know_a_phrase():
    found, vocab, facts = word_models.load()
    assert word_models.WEIGHTS.stat().st_size < 3_000_000
    for name, model in found.items():
        state = model.start(1)
        for word in "<s> please let me know if you have any".split():
            log_probs, state = model.step(torch.tensor([vocab[word]]), state)
        assert vocab.decode(log_probs.argmax(-1)) == ["questions"]
        assert facts["values"][name]["perplexity"] < 110
