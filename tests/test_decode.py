"""Sampling against probabilities; decoding sees only step(), so a Markov chain will do."""

import math

import pytest
import torch

from rnnlib import cells
from rnnlib.decode import (
    generate,
    greedy,
    inverse,
    prime,
    sample,
    sampler,
    temperature,
    top_k,
    top_p,
)
from rnnlib.models import LanguageModel

CHAIN = torch.tensor([[0.1, 0.6, 0.3], [0.5, 0.0, 0.5], [0.2, 0.2, 0.6]], dtype=torch.float64)


def chain(token, state):
    return CHAIN[token].log(), state


def surprise_of_counts(counts, probabilities):
    """Pearson's chi-square: about as large as the number of symbols if the counts fit."""
    expected = probabilities * counts.sum()
    real = expected > 0
    return ((counts - expected)[real] ** 2 / expected[real]).sum().item()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_how_often_a_symbol_is_drawn_fits_its_probability(temperature):
    ids = sample(chain, torch.zeros(20000).long(), None, 2, temperature, seed=3)
    powers = CHAIN ** (1 / temperature)
    powers = powers / powers.sum(-1, keepdim=True)
    for first in range(3):
        after = ids[ids[:, 0] == first, 1]
        counts = torch.bincount(after, minlength=3).double()
        assert (
            surprise_of_counts(counts, powers[first]) < 13.8
        )  # exceeded once in 1000 for 3 symbols
    assert surprise_of_counts(torch.bincount(ids[:, 0], minlength=3).double(), powers[0]) < 13.8


def test_wrong_probabilities_would_be_noticed():
    ids = sample(chain, torch.zeros(20000).long(), None, 1, seed=3)
    counts = torch.bincount(ids[:, 0], minlength=3).double()
    assert surprise_of_counts(counts, torch.tensor([0.12, 0.6, 0.28])) > 13.8


def test_a_symbol_of_probability_zero_is_never_drawn():
    edges = torch.tensor([0.0, 0.5, 1 - 2**-53], dtype=torch.float64)
    log_probs = torch.tensor([-math.inf, 0.0, -math.inf, 0.0, -math.inf]).repeat(3, 1)
    assert inverse(log_probs, edges).tolist() == [1, 3, 3]


def test_the_inverse_of_the_distribution_function_worked_by_hand():
    probabilities = torch.tensor([0.25, 0.5, 0.25]).log().repeat(5, 1)
    u = torch.tensor([0.0, 0.2, 0.3, 0.7, 0.8], dtype=torch.float64)
    assert inverse(probabilities, u).tolist() == [0, 0, 1, 1, 2]


def test_temperature_zero_is_greedy():
    ids = sample(chain, torch.tensor([0, 2]), None, 4, temperature=0)
    assert ids.tolist() == [[1, 0, 1, 0], [2, 2, 2, 2]]


def test_a_low_temperature_comes_near_greedy():
    first = torch.tensor([0, 2])
    assert torch.equal(sample(chain, first, None, 9, 0.01)[1], sample(chain, first, None, 9, 0)[1])


def test_the_seed_decides():
    first = torch.zeros(4).long()
    same = sample(chain, first, None, 20, seed=1), sample(chain, first, None, 20, seed=1)
    assert torch.equal(*same)
    assert not torch.equal(same[0], sample(chain, first, None, 20, seed=2))


def test_drawing_leaves_the_random_numbers_of_the_reader_alone():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    sample(chain, torch.zeros(4).long(), None, 20, seed=1)
    assert torch.equal(torch.rand(1), expected)


def test_each_token_is_fed_back_together_with_its_state():
    fed = []

    def counting(token, state):
        fed.append((token.tolist(), state))
        return torch.nn.functional.one_hot((token + 1) % 4, 4).log(), state + 1

    assert sample(counting, torch.tensor([2]), 0, 3).tolist() == [[3, 0, 1]]
    assert fed == [([2], 0), ([3], 1), ([0], 2)]


def test_a_model_samples_what_it_finds_probable():
    torch.manual_seed(0)
    model = LanguageModel(3, 4, cells.LSTMCell(4, 5))
    ids = sample(model.step, torch.zeros(8000).long(), model.start(8000), 2, seed=5)
    log_probs, state = model.step(torch.tensor([0]), model.start(1))
    second = torch.stack([model.step(torch.tensor([k]), state)[0][0] for k in range(3)])
    joint = (log_probs[0][:, None] + second).exp().flatten().detach().double()
    counts = torch.bincount(ids[:, 0] * 3 + ids[:, 1], minlength=9).double()
    assert surprise_of_counts(counts, joint) < 26.1  # exceeded once in 1000 for 9 pairs


def test_nothing_more_is_an_empty_text():
    assert sample(chain, torch.zeros(2).long(), None, 0).shape == (2, 0)


@pytest.mark.parametrize("temperature, length", [(-0.1, 3), (1.0, -1)])
def test_a_negative_temperature_or_length_is_refused(temperature, length):
    said = f"of at least 0, got {temperature} and {length}: 0 is greedy"
    with pytest.raises(ValueError, match=said):
        sample(chain, torch.zeros(2).long(), None, length, temperature)


def test_a_first_token_with_a_time_axis_is_refused():
    with pytest.raises(ValueError, match=r"first token for each sequence, \(B,\), got \(2, 1\)"):
        sample(chain, torch.zeros(2, 1).long(), None, 3)


# --- generate: a way to choose, an end marker, a limit ------------------------------------------

END = 2


def three(token, state):
    """0 leads to 1, 1 to the end marker 2; after it there is no probability at all."""
    sure = torch.tensor([[0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.0, 0.0, 0.0]])
    return sure[token].log(), state


def test_generation_stops_at_the_end_marker_and_says_how_long_each_text_is():
    texts = generate(three, torch.tensor([0, 1]), None, greedy, 9, END)
    assert texts.ids.tolist() == [[1, 2], [2, 2]]
    assert texts.lengths.tolist() == [2, 1] and texts.finished.all()
    assert texts.lists() == [[1], []]


def test_an_end_marker_that_never_comes_leaves_the_text_unfinished_at_the_limit():
    texts = generate(chain, torch.tensor([0]), None, greedy, 5, end=2)
    assert texts.lengths.tolist() == [5] and not texts.finished.any()
    assert len(texts.lists()[0]) == 5


def test_a_text_does_not_depend_on_batch_mates_that_write_longer():
    alone = generate(three, torch.tensor([1]), None, greedy, 9, END)
    both = generate(three, torch.tensor([1, 0]), None, greedy, 9, END)
    assert both.lists()[0] == alone.lists()[0] and both.lengths[0] == alone.lengths[0]


def test_how_often_a_filtered_symbol_is_drawn_fits_its_filtered_probability():
    choose = sampler(3, lambda log_probs: top_k(temperature(log_probs, 0.5), 2))
    texts = generate(chain, torch.zeros(20000).long(), None, choose, 1)
    counts = torch.bincount(texts.ids[:, 0], minlength=3).double()
    kept = torch.tensor([0.0, 0.6**2, 0.3**2])
    assert counts[0] == 0
    assert surprise_of_counts(counts, kept / kept.sum()) < 10.9  # once in 1000 for 2 symbols


def test_sampling_through_top_p_of_one_and_temperature_one_changes_nothing():
    choose = sampler(7, lambda log_probs: top_p(temperature(log_probs, 1.0), 1.0))
    ids = generate(chain, torch.zeros(50).long(), None, choose, 8).ids
    assert torch.equal(ids, sample(chain, torch.zeros(50).long(), None, 8, seed=7))


def test_a_filter_and_a_sample_at_temperature_zero_are_both_greedy():
    first = torch.tensor([0, 1, 2])
    choose = sampler(1, lambda log_probs: temperature(log_probs, 0))
    ids = generate(chain, first, None, choose, 6).ids
    assert torch.equal(ids, sample(chain, first, None, 6, temperature=0))
    assert torch.equal(ids, generate(chain, first, None, greedy, 6).ids)


# --- prompts ------------------------------------------------------------------------------------


def reader(size=5):
    torch.manual_seed(1)
    model = LanguageModel(size, 3, cells.LSTMCell(3, 4)).double()
    return model


def test_priming_reads_all_but_the_last_token():
    model = reader()
    prompt = torch.tensor([[1, 2, 3, 0], [4, 4, 1, 2]])
    token, state = prime(model.step, prompt, model.start(2))
    log_probs, _ = model.step(token, state)
    whole = torch.log_softmax(model(prompt)[0][:, -1], -1)
    assert token.tolist() == [0, 2] and torch.allclose(log_probs, whole)


def test_prompts_of_different_lengths_are_each_prompt_alone():
    model = reader()
    prompt, lengths = torch.tensor([[1, 2, 3, 0], [4, 2, 0, 0], [3, 0, 0, 0]]), [4, 2, 1]
    token, state = prime(model.step, prompt, model.start(3), torch.tensor(lengths))
    together = generate(model.step, token, state, greedy, 6).ids
    for b, n in enumerate(lengths):
        one, alone = prime(model.step, prompt[b:b + 1, :n], model.start(1))
        assert torch.equal(generate(model.step, one, alone, greedy, 6).ids[0], together[b])


def test_a_prompt_of_one_token_is_not_read_ahead():
    model = reader()
    start = model.start(1)
    token, state = prime(model.step, torch.tensor([[3]]), start)
    assert token.tolist() == [3] and state is start


BAD = [
    (lambda: generate(chain, torch.zeros(2).long(), None, greedy, -1), "at least 0, got -1"),
    (lambda: generate(chain, torch.zeros(2, 1).long(), None, greedy, 3), r"\(B,\), got \(2, 1\)"),
    (lambda: prime(chain, torch.zeros(2, 0).long(), None), "begins with the begin marker"),
    (lambda: prime(chain, torch.zeros(3).long(), None), r"prompt \(B, T\) .* got \(3,\)"),
    (lambda: prime(chain, torch.zeros(2, 3).long(), None, torch.tensor([3, 0])),
     r"from 1 to T=3, got \[3, 0\]"),
    (lambda: generate(three, torch.tensor([2]), None, greedy, 3), "no probability on any next"),
    (lambda: generate(lambda token, state: (torch.full((1, 2), 4.0), state),
                      torch.tensor([0]), None, greedy, 3), "got 4: scores .* need a log_softmax"),
]


@pytest.mark.parametrize("call, said", BAD)
def test_bad_input_gets_a_sentence(call, said):
    with pytest.raises(ValueError, match=said):
        call()
