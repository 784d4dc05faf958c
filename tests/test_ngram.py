"""The n-gram model against a definition written with dictionaries, a case worked by hand, and what
a distribution must do."""

import itertools
import math
from collections import Counter, defaultdict
from fractions import Fraction

import pytest
import torch

from rnnlib import models
from rnnlib.batches import Segments
from rnnlib.models import NGram

SIZE = 5
TEXTS = [[0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 0], [3, 1, 2, 0], [2], [0, 1, 2, 0, 1, 2, 3, 3, 3]]


def sequences():
    return [torch.tensor(text) for text in TEXTS]


def every_history(n):
    """All histories of n - 1 ids, those that begin at the edge of a sequence among them."""
    rows = list(itertools.product(range(SIZE + 1), repeat=n - 1))
    return torch.tensor(rows, dtype=torch.long).view(len(rows), n - 1)


def grams(k):
    """(gram, symbol before it or None) for every place of every text; a first symbol alone is
    none."""
    for text in TEXTS:
        for i in range(k == 1, len(text) - k + 1):
            yield tuple(text[i : i + k]), text[i - 1] if i else None


def counts_of(k, n):
    """Occurrences for k = n; below, different symbols to the left, and each beginning."""
    if k == n:
        return Counter(gram for gram, _ in grams(k))
    left, begins = defaultdict(set), Counter()
    for gram, before in grams(k):
        if before is None:
            begins[gram] += 1
        else:
            left[gram].add(before)
    return Counter({gram: len(left[gram]) + begins[gram] for gram, _ in grams(k)})


def by_definition(w, history, n, D):
    """P(w | history), straight from the formula."""
    p = 1 / SIZE
    for k in range(1, n + 1):
        h = tuple(history[len(history) - k + 1 :])
        if SIZE in h:  # the history ends at the edge
            break
        after = {gram[-1]: c for gram, c in counts_of(k, n).items() if gram[:-1] == h and c}
        if not after:
            break
        total = sum(after.values())
        p = max(after.get(w, 0) - D, 0) / total + D * len(after) / total * p
    return p


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_every_probability_is_that_of_the_definition(n):
    model, histories = NGram(sequences(), SIZE, n, discount=0.6), every_history(n)
    found = model.after(histories)
    for row, history in zip(found.tolist(), histories.tolist(), strict=True):
        if not any(a < SIZE == b for a, b in itertools.pairwise(history)):  # edges come first
            expected = [by_definition(w, history, n, 0.6) for w in range(SIZE)]
            assert row == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6])
def test_probabilities_sum_to_one_after_every_history_seen_or_not(n):
    p = NGram(sequences(), SIZE, n).after(every_history(n))
    assert (p > 0).all()
    assert torch.allclose(p.sum(-1), torch.ones(len(p)).double(), atol=1e-12)


def test_a_bigram_model_worked_by_hand():
    """a b a a with D = 1/2: the bigrams ab, ba, aa once each; a stands after a and after b (2), b
    after a (1); the first a was never guessed."""
    a, b, c = Fraction(1, 2) + Fraction(1, 9), Fraction(1, 6) + Fraction(1, 9), Fraction(1, 9)
    after_a = [Fraction(1, 4) + a / 2, Fraction(1, 4) + b / 2, c / 2]
    assert after_a == [Fraction(10, 18), Fraction(7, 18), Fraction(1, 18)]
    model = NGram([torch.tensor([0, 1, 0, 0])], 3, 2, discount=0.5)
    assert model.after(torch.tensor([[0]]))[0].tolist() == pytest.approx(
        [float(p) for p in after_a], abs=1e-15
    )
    assert model.after(torch.tensor([[1]]))[0].tolist() == pytest.approx([29 / 36, 5 / 36, 2 / 36])
    assert model.distinct == [2, 3]


def test_a_unigram_model_with_little_discount_is_relative_frequency():
    p = NGram([torch.tensor([0, 0, 0, 0, 1])], 2, 1, discount=1e-9).after(torch.empty(1, 0).long())
    assert p[0].tolist() == pytest.approx([0.75, 0.25], abs=1e-8)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_step_by_step_is_the_whole_text(n):
    model = NGram(sequences(), SIZE, n)
    x, y = torch.randint(SIZE, (2, 7)), torch.randint(SIZE, (2, 7))
    whole, last = model.score(x, y)
    state, rows = model.start(2), []
    for t in range(7):
        log_probs, state = model.step(x[:, t], state)
        rows.append(log_probs.gather(1, y[:, t : t + 1]))
    assert torch.allclose(torch.cat(rows, 1), whole, atol=1e-12) and torch.equal(state, last)


def test_a_text_in_two_halves_with_the_state_carried_is_the_text_in_one():
    model, x = NGram(sequences(), SIZE, 4), torch.randint(SIZE, (2, 9))
    whole, _ = model.score(x[:, :-1], x[:, 1:])
    first, state = model.score(x[:, :2], x[:, 1:3])
    second, _ = model.score(x[:, 2:-1], x[:, 3:], state)
    assert torch.equal(torch.cat([first, second], 1), whole)


def test_no_gram_crosses_from_one_sequence_into_the_next():
    apart = NGram([torch.tensor([0, 1]), torch.tensor([2, 3])], SIZE, 2)
    joined = NGram([torch.tensor([0, 1, 2, 3])], SIZE, 2)
    assert apart.distinct == [4, 2] and joined.distinct == [4, 3]


def test_the_order_of_the_sequences_does_not_matter():
    one, other = NGram(sequences(), SIZE, 3), NGram(sequences()[::-1], SIZE, 3)
    assert torch.equal(one.after(every_history(3)), other.after(every_history(3)))


def test_an_order_longer_than_every_sequence_is_passed_over():
    model = NGram(sequences(), SIZE, 20)
    x, y = torch.tensor([[0, 1, 2]]), torch.tensor([[1, 2, 0]])
    assert model.distinct[-1] == 0
    assert torch.isfinite(model.score(x, y)[0]).all()
    state = model.start(1)
    assert torch.isclose(model.step(x[:, 0], state)[0].exp().sum(), torch.tensor(1.0).double())


def test_all_strings_up_to_a_length_have_less_than_all_probability():
    """2 begins, 3 ends; the rest belongs to longer strings and to markers inside strings."""
    model, bos, eos = NGram([torch.tensor(s) for s in ([2, 0, 1, 3], [2, 1, 3])], 4, 3), 2, 3
    total = 0.0
    for length in range(6):
        for words in itertools.product((0, 1), repeat=length):
            x, y = torch.tensor([[bos, *words]]), torch.tensor([[*words, eos]])
            total += model.score(x, y)[0].sum().exp().item()
    assert 0.5 < total < 1


def test_the_estimated_discount_is_that_of_ney():
    """After the first symbol the unigrams occur 3, 2, 1, 1 times: D = 2 / (2 + 2 * 1)."""
    assert NGram([torch.tensor([3, 0, 0, 0, 1, 1, 2, 3])], 4, 1).discounts == [0.5]


def test_a_begin_marker_is_never_guessed():
    """It has only the share of the uniform distribution at the bottom of the chain."""
    sentences = [torch.tensor([4, 0, 1, 3]), torch.tensor([4, 1, 3])] * 3
    for n in (1, 2, 3):
        p = NGram(sentences, SIZE, n).after(torch.full((1, n - 1), 0))
        assert p[0, 4] == p[0].min() and torch.isclose(p[0, 4], p[0, 2])  # 2 was never seen


def test_memory_grows_with_n():
    ids = [torch.randint(SIZE, (500,), generator=torch.Generator().manual_seed(0))]
    small, large = NGram(ids, SIZE, 2), NGram(ids, SIZE, 4)
    assert large.bytes > small.bytes
    assert large.distinct[:2] == small.distinct


def test_held_out_totals_are_those_of_the_steps():
    model, ids = NGram(sequences(), SIZE, 3), torch.randint(SIZE, (21,))
    nats, count = models.held_out(model, Segments(ids, 1, 5))
    whole, _ = model.score(ids[None, :-1], ids[None, 1:])
    assert count == 20 and math.isclose(nats, -whole.sum().item(), rel_tol=1e-12)


@pytest.mark.parametrize(
    "given, message",
    [
        (([torch.tensor([0])], 5, 0), "n of at least 1, got 0"),
        (([], 5, 2), "at least one symbol to count, got none"),
        (([torch.tensor([0, 7])], 5, 2), "ids from 0 to 4, got 0 to 7: size is"),
        ((torch.tensor([0, 1]), 5, 2), r"a running text is a list of one sequence, \[ids\]"),
        (([torch.tensor([0])], 5, 2, 1.5), "a discount between 0 and 1, got 1.5"),
    ],
)
def test_bad_input_is_one_sentence(given, message):
    with pytest.raises(ValueError, match=message):
        NGram(*given)


def test_targets_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"one shape \(B, T\), got \(1, 3\) and \(1, 2\)"):
        NGram(sequences(), SIZE, 2).score(torch.zeros(1, 3).long(), torch.zeros(1, 2).long())
