"""Sentences with their markers: what is read, what is guessed, what is counted."""

import itertools
import math

import pytest
import torch

from rnnlib import cells, models
from rnnlib.models import LanguageModel, NGram, Sentences, WindowLM
from rnnlib.text import Vocab

VOCAB = Vocab.of([["the", "cat", "sat"]])
TEXT = [["the", "cat", "sat"], ["cat"], ["the", "the", "sat", "cat", "cat"], []]
IDS = [VOCAB.encode(words) for words in TEXT]


def every_model():
    """One model of each kind, over the vocabulary."""
    torch.manual_seed(0)
    size = len(VOCAB)
    marked = [torch.cat([torch.tensor([VOCAB.bos]), i, torch.tensor([VOCAB.eos])]) for i in IDS]
    return {
        "ngram": NGram(marked, size, 3),
        "window": WindowLM(size, 4, 5, 3).double(),
        "rnn": LanguageModel(size, 4, cells.RNNCell(4, 5)).double(),
        "tied": LanguageModel(size, 4, cells.LSTMCell(4, 6), tied=True).double(),
    }


KINDS = list(every_model())


def by_steps(model, words):
    """The log-probabilities of a sentence and its end, one step after the other."""
    state, found = model.start(1), []
    for token, wanted in itertools.pairwise([VOCAB.bos, *words.tolist(), VOCAB.eos]):
        log_probs, state = model.step(torch.tensor([token]), state)
        found.append(log_probs[0, wanted].item())
    return found


def test_begin_markers_are_read_and_end_markers_are_guessed():
    (x, y, real), = Sentences(IDS[:2], VOCAB, tokens=100)
    rows = {VOCAB.decode(a[m])[-1]: (VOCAB.decode(a[m]), VOCAB.decode(b[m]))
            for a, b, m in zip(x, y, real, strict=True)}
    assert rows["sat"] == (["<s>", "the", "cat", "sat"], ["the", "cat", "sat", "</s>"])
    assert rows["cat"] == (["<s>", "cat"], ["cat", "</s>"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_at_once_is_the_sentence_step_by_step(kind):
    model = every_model()[kind]
    for words in IDS:
        found = models.of_sentence(model, words, VOCAB)
        assert found.tolist() == pytest.approx(by_steps(model, words), abs=1e-12)
        assert len(found) == len(words) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_total_of_a_text_is_that_of_its_sentences_however_they_are_batched(kind):
    model = every_model()[kind]
    alone = -sum(models.of_sentence(model, words, VOCAB).sum().item() for words in IDS)
    for tokens, seed in ((1, 0), (8, 1), (100, 2)):
        nats, count = models.total(model, Sentences(IDS, VOCAB, tokens, seed))
        assert nats == pytest.approx(alone, abs=1e-10)
        assert count == 3 + 1 + 5 + 0 + 4  # words, and an end marker for each sentence


@pytest.mark.parametrize("kind", KINDS)
def test_all_strings_up_to_a_length_have_less_than_all_probability(kind):
    """Longer strings, and strings with unused markers inside, have the rest."""
    model, totals = every_model()[kind], []
    for longest in (1, 2, 3):
        strings = itertools.chain.from_iterable(
            itertools.product((1, 4, 5, 6), repeat=n) for n in range(longest + 1))
        found = (models.of_sentence(model, torch.tensor(s).long(), VOCAB) for s in strings)
        totals.append(math.fsum(f.sum().exp().item() for f in found))
    assert 0 < totals[0] < totals[1] < totals[2] < 1


def test_the_loss_of_a_batch_is_the_mean_over_its_real_symbols():
    model = every_model()["rnn"]
    batch = Sentences(IDS, VOCAB, tokens=100)[0]
    mean, count, carry = models.next_word(model, batch, None)
    nats, real = -models.of_sentence(model, IDS[0], VOCAB).sum().item(), int(batch[2].sum())
    assert count == real and carry is None
    one = Sentences(IDS[:1], VOCAB, tokens=100)[0]
    assert models.next_word(model, one, None)[0].item() == pytest.approx(nats / 4, abs=1e-10)


def test_the_same_seed_gives_the_same_batches():
    one, other = (Sentences(IDS * 5, VOCAB, tokens=8, seed=3) for _ in range(2))
    assert all(torch.equal(one[k][0], other[k][0]) for k in range(one.per_pass))
