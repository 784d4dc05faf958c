"""Attention: worked by hand, against a loop, with one key, equal keys, padding; errors."""

import math

import pytest
import torch
from torch.autograd import gradcheck

from rnnlib.attention import Additive, Bilinear, DotProduct, ScaledDotProduct, covered

B, T, S, H = 3, 4, 6, 5
LENGTHS = torch.tensor([6, 1, 4])
REAL = torch.arange(S) < LENGTHS[:, None]
EXACT = {"rtol": 0, "atol": 1e-12}


def make(kind, Q=H):
    torch.manual_seed(0)
    return (kind(Q, H, 7) if kind is Additive else kind(Q, H)).double()


KINDS = [DotProduct, ScaledDotProduct, Bilinear, Additive]
FREE = [Bilinear, Additive]


def states(Q=H):
    draw = torch.Generator().manual_seed(1)
    s = torch.randn(B, T, Q, generator=draw, dtype=torch.float64)
    return s, torch.randn(B, S, H, generator=draw, dtype=torch.float64)


def score(attention, s, h):
    """The equation of one score, on vectors."""
    if isinstance(attention, Additive):
        W, U, b = attention.W.weight, attention.U.weight, attention.U.bias
        return attention.v @ torch.tanh(W @ s + U @ h + b)
    if isinstance(attention, Bilinear):
        return s @ attention.W @ h
    return s @ h / (math.sqrt(H) if isinstance(attention, ScaledDotProduct) else 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("Q", [H, 3])
def test_attention_is_a_loop_over_words(kind, Q):
    if Q != H and kind not in FREE:
        return
    attention, (s, h) = make(kind, Q), states(Q)
    c, a = attention(s, attention.remember(h, REAL))
    for b in range(B):
        for t in range(T):
            n = LENGTHS[b]
            scores = torch.stack([score(attention, s[b, t], h[b, j]) for j in range(n)])
            weights = scores.exp() / scores.exp().sum()
            torch.testing.assert_close(a[b, t, :n], weights, **EXACT)
            torch.testing.assert_close(c[b, t], weights @ h[b, :n], **EXACT)


@pytest.mark.parametrize("kind", KINDS)
def test_padding_gets_no_weight_and_does_not_matter(kind):
    attention, (s, h) = make(kind), states()
    c, a = attention(s, attention.remember(h, REAL))
    assert (a.masked_select(~REAL[:, None].expand_as(a)) == 0).all()
    other = h.where(REAL[..., None], 1e3)
    torch.testing.assert_close(c, attention(s, attention.remember(other, REAL))[0], **EXACT)
    torch.testing.assert_close(a.sum(2), torch.ones(B, T, dtype=torch.float64), **EXACT)


@pytest.mark.parametrize("kind", KINDS)
def test_with_one_key_there_is_no_choice(kind):
    attention, (s, h) = make(kind), states()
    c, a = attention(s, attention.remember(h[:, :1]))
    assert (a == 1).all() and torch.equal(c, h[:, :1].expand(-1, T, -1))


@pytest.mark.parametrize("kind", KINDS)
def test_equal_keys_get_equal_weights(kind):
    attention, (s, h) = make(kind), states()
    _, a = attention(s, attention.remember(h[:, :1].expand(-1, 4, -1)))
    torch.testing.assert_close(a, torch.full_like(a, 0.25), **EXACT)


def test_three_states_by_hand():
    s = torch.tensor([[[1.0, 2.0]]])
    h = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]])  # scores 1, 2, 3
    attention = DotProduct(2, 2)
    c, a = attention(s, attention.remember(h))
    assert a[0, 0].tolist() == pytest.approx([0.0900306, 0.2447285, 0.6652410], abs=1e-6)
    assert c[0, 0].tolist() == pytest.approx([0.7552715, 0.9099695], abs=1e-6)


def test_a_bilinear_score_with_the_identity_is_the_dot_product():
    bilinear, (s, h) = make(Bilinear), states()
    with torch.no_grad():
        bilinear.W.copy_(torch.eye(H))
    dot = make(DotProduct)
    torch.testing.assert_close(bilinear(s, bilinear.remember(h)), dot(s, dot.remember(h)), **EXACT)


def test_large_scores_stay_finite():
    attention, (s, h) = make(DotProduct), states()
    _, a = attention(1e5 * s, attention.remember(h, REAL))
    assert a.isfinite().all()


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_finite_differences(kind):
    attention, (s, h) = make(kind), states()
    assert gradcheck(lambda s, h: attention(s, attention.remember(h, REAL)),
                     [s.requires_grad_(), h.requires_grad_()])


def test_a_covered_word_is_not_seen_and_the_others_share_its_weight():
    attention, (s, h) = make(Bilinear), states()
    memory = attention.remember(h)
    _, before = attention(s, memory)
    places = torch.zeros(B, S, dtype=torch.bool)
    places[:, 2] = True
    _, a = attention(s, covered(memory, places))
    rest = before.masked_fill(places[:, None], 0.0)
    torch.testing.assert_close(a, rest / rest.sum(2, keepdim=True), **EXACT)


def test_the_queries_of_a_target_do_not_see_one_another():
    attention, (s, h) = make(Additive), states()
    memory = attention.remember(h, REAL)
    one_by_one = [attention(s[:, t : t + 1], memory)[0] for t in range(T)]
    torch.testing.assert_close(attention(s, memory)[0], torch.cat(one_by_one, 1), **EXACT)


@pytest.mark.parametrize("call, text", [
    (lambda: DotProduct(3, 4), "states of one size, got Q=3 and H=4: use Bilinear"),
    (lambda: make(Bilinear).remember(torch.zeros(2, 3, 4)), "(B, S, H=5) with at least one word"),
    (lambda: make(Bilinear).remember(torch.zeros(2, 0, H)), "at least one word, got (2, 0, 5)"),
    (lambda: make(Bilinear).remember(states()[1], ~REAL), "a real word in each row"),
    (lambda: make(Bilinear).remember(states()[1], REAL[:, 1:]), "expected a bool mask (3, 6)"),
    (lambda: make(Bilinear)(states(4)[0], make(Bilinear).remember(states()[1])), "Q=5), got (3, 4"),
    (lambda: covered(make(Bilinear).remember(states()[1]), torch.ones(B, S).bool()), "leave one"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
