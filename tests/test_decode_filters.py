"""Filters against definitions written out token by token."""

import math

import pytest
import torch

from rnnlib import decode

P = torch.tensor([0.5, 0.2, 0.15, 0.1, 0.05], dtype=torch.float64)
RANDOM = torch.log_softmax(2 * torch.randn(200, 7, generator=torch.Generator().manual_seed(1))
                           .double(), -1)


def kept(log_probs):
    return [n for n, value in enumerate(log_probs.tolist()) if value > -math.inf]


def slow_top_p(log_probs, p):
    """Take tokens from the most probable on until their probability reaches p."""
    order = sorted(range(len(log_probs)), key=lambda n: -log_probs[n])
    total, taken = 0.0, []
    for n in order:
        taken.append(n)
        total += math.exp(log_probs[n])
        if total >= p:
            break
    mass = sum(math.exp(log_probs[n]) for n in taken)
    return [math.exp(v) / mass if n in taken else 0.0 for n, v in enumerate(log_probs)]


def slow_top_k(log_probs, k):
    order = sorted(range(len(log_probs)), key=lambda n: -log_probs[n])[:k]
    mass = sum(math.exp(log_probs[n]) for n in order)
    return [math.exp(v) / mass if n in order else 0.0 for n, v in enumerate(log_probs)]


@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.9, 0.999, 1.0])
def test_top_p_is_the_smallest_set_that_reaches_p(p):
    expected = torch.tensor([slow_top_p(row, p) for row in RANDOM.tolist()]).double()
    assert torch.allclose(decode.top_p(RANDOM, p).exp(), expected, atol=1e-6)


@pytest.mark.parametrize("k", [1, 2, 6, 7, 100])
def test_top_k_keeps_the_k_most_probable(k):
    expected = torch.tensor([slow_top_k(row, k) for row in RANDOM.tolist()]).double()
    assert torch.allclose(decode.top_k(RANDOM, k).exp(), expected, atol=1e-6)


@pytest.mark.parametrize("p, count", [(0.4, 1), (0.49, 1), (0.51, 2), (0.69, 2), (0.86, 4), (1, 5)])
def test_the_token_that_crosses_p_is_kept(p, count):
    assert kept(decode.top_p(P.log(), p)) == list(range(count))


def test_top_p_of_one_keeps_even_what_is_too_small_to_count():
    log_probs = torch.tensor([0.0, -80.0, -90.0, -math.inf])
    assert kept(decode.top_p(log_probs, 1.0)) == [0, 1, 2]


@pytest.mark.parametrize("t", [0.3, 1.0, 2.5])
def test_temperature_raises_probabilities_to_a_power(t):
    powers = P ** (1 / t)
    assert torch.allclose(decode.temperature(P.log(), t).exp(), powers / powers.sum())


def test_temperature_zero_puts_all_on_the_first_of_the_most_probable():
    tied = torch.tensor([[0.1, 0.45, 0.45], [0.6, 0.2, 0.2]]).log()
    assert decode.temperature(tied, 0).exp().tolist() == [[0, 1, 0], [1, 0, 0]]


def test_top_k_of_one_top_p_near_zero_and_temperature_zero_are_all_greedy():
    best = decode.temperature(RANDOM, 0)
    assert torch.equal(decode.top_k(RANDOM, 1), best)
    assert torch.equal(decode.top_p(RANDOM, 1e-9), best)


def test_filters_compose_and_their_order_matters():
    first = decode.top_p(decode.temperature(P.log(), 0.5), 0.8)
    second = decode.temperature(decode.top_p(P.log(), 0.8), 0.5)
    assert kept(first) == [0, 1] and kept(second) == [0, 1, 2]  # 0.25 : 0.04 : 0.0225 ...


@pytest.mark.parametrize("filtered", [
    lambda x: decode.top_k(x, 3), lambda x: decode.top_p(x, 0.7),
    lambda x: decode.temperature(x, 0.5)])
def test_a_filter_is_pure_knows_no_normalisation_and_returns_probabilities(filtered):
    before = RANDOM.clone()
    out = filtered(RANDOM)
    assert torch.equal(RANDOM, before)
    assert torch.allclose(out.exp().sum(-1), torch.ones(200).double())
    assert torch.allclose(filtered(RANDOM + 3.0).exp(), out.exp())
    assert torch.equal(out.argmax(-1), RANDOM.argmax(-1))
    assert torch.equal(filtered(RANDOM[:4].view(2, 2, 7)), out[:4].view(2, 2, 7))


def test_a_filter_does_not_know_its_batch_mates():
    for filtered in (lambda x: decode.top_k(x, 3), lambda x: decode.top_p(x, 0.7)):
        alone = torch.stack([filtered(row) for row in RANDOM[:20]])
        assert torch.equal(filtered(RANDOM)[:20], alone)


BAD = [
    (lambda: decode.temperature(P.log(), -1), "temperature of at least 0, got -1: 0 is greedy"),
    (lambda: decode.temperature(P.log(), math.nan), "temperature of at least 0, got nan"),
    (lambda: decode.top_k(P.log(), 0), "k of at least 1, got 0"),
    (lambda: decode.top_p(P.log(), 0), "p above 0 and at most 1, got 0"),
    (lambda: decode.top_p(P.log(), 1.2), "p above 0 and at most 1, got 1.2"),
    (lambda: decode.top_p(P.log(), -0.1), "got -0.1"),
    (lambda: decode.top_k(torch.full((2, 3), -math.inf), 2), "no probability on any next token"),
    (lambda: decode.top_p(torch.tensor([[0.0, -1], [math.nan, 0]]), 0.5), "in row 1"),
]


@pytest.mark.parametrize("call, said", BAD)
def test_bad_input_gets_a_sentence(call, said):
    with pytest.raises(ValueError, match=said):
        call()
