"""Metrics against definitions, hand-worked cases and scipy."""

import math

import pytest
import torch

from rnnlib import metrics


def test_cross_entropy_is_the_sum_of_minus_log_softmax_of_the_targets():
    torch.manual_seed(0)
    logits, targets = torch.randn(3, 4, 5, dtype=torch.float64), torch.randint(5, (3, 4))
    total, count = metrics.cross_entropy(logits, targets)
    by_hand = -sum(
        math.log(logits[b, t].exp()[targets[b, t]] / logits[b, t].exp().sum())
        for b in range(3)
        for t in range(4)
    )
    assert count == 12
    assert total.item() == pytest.approx(by_hand, rel=1e-12)


def test_uniform_scores_cost_the_logarithm_of_the_vocabulary_size():
    total, count = metrics.cross_entropy(torch.zeros(2, 3, 8), torch.ones(2, 3, dtype=torch.long))
    assert metrics.perplexity(total, count) == pytest.approx(8, rel=1e-6)
    assert metrics.bits(total, count) == pytest.approx(3, rel=1e-6)


def test_what_stands_in_the_padding_changes_neither_loss_nor_gradient():
    torch.manual_seed(0)
    logits, targets = torch.randn(2, 4, 5, requires_grad=True), torch.randint(5, (2, 4))
    mask = torch.tensor([[True, True, True, False], [True, False, False, False]])
    total, count = metrics.cross_entropy(logits, targets, mask)
    total.backward()
    noisy = torch.where(mask[..., None], logits.detach(), 1e6).requires_grad_()
    again, _ = metrics.cross_entropy(noisy, torch.where(mask, targets, 4), mask)
    again.backward()
    assert count == 4 and torch.equal(total, again)
    assert torch.equal(logits.grad, noisy.grad) and not logits.grad[~mask].any()


def test_totals_of_two_unequal_batches_add_up_to_the_total_of_all():
    torch.manual_seed(0)
    logits, targets = torch.randn(10, 5, dtype=torch.float64), torch.randint(5, (10,))
    parts = [metrics.cross_entropy(logits[s], targets[s]) for s in (slice(0, 3), slice(3, 10))]
    whole, count = metrics.cross_entropy(logits, targets)
    assert sum(n for _, n in parts) == count
    assert torch.allclose(parts[0][0] + parts[1][0], whole, atol=1e-12)


def test_the_total_keeps_its_gradient_and_gives_a_perplexity_without_a_warning(recwarn):
    logits = torch.zeros(1, 2, 3, requires_grad=True)
    total, count = metrics.cross_entropy(logits, torch.tensor([[0, 1]]))
    assert metrics.perplexity(total, count) == pytest.approx(3, rel=1e-6)
    (total / count).backward()
    softmax_minus_one_hot = torch.tensor([[[-2, 1, 1], [1, -2, 1]]]) / 6
    assert torch.allclose(logits.grad, softmax_minus_one_hot)
    assert not recwarn.list


def test_bits_per_character_are_those_of_the_string_however_it_was_cut():
    """"ab ab" with probability 1/64: as two words of 1/8, or as five characters."""
    words = torch.tensor([1 / 8, 1 / 8]).log()
    characters = torch.tensor([1 / 4, 1 / 2, 1 / 2, 1 / 2, 1 / 2]).log()
    assert metrics.bits(-words.sum(), 5) == pytest.approx(6 / 5, rel=1e-6)
    assert metrics.bits(-characters.sum(), 5) == pytest.approx(6 / 5, rel=1e-6)
    of_each = [metrics.perplexity(-p.sum(), len(p)) for p in (words, characters)]
    assert of_each == pytest.approx([8, 2 ** (6 / 5)], rel=1e-6)


def test_a_mean_of_batch_means_is_another_number():
    """Losses 1, 1, 1, 1 and 6: the mean is 2, the mean of the two means 3.5."""
    batches = [torch.ones(4), torch.tensor([6.0])]
    total, count = sum(b.sum().item() for b in batches), sum(map(len, batches))
    assert metrics.perplexity(total, count) == pytest.approx(math.exp(2))
    assert sum(b.mean().item() for b in batches) / 2 == 3.5


def test_a_hopeless_model_has_infinite_perplexity():
    assert metrics.perplexity(1e6, 1) == math.inf


def test_accuracy_counts_only_real_tokens():
    predicted, gold = torch.tensor([[1, 2, 3], [1, 0, 0]]), torch.tensor([[1, 2, 0], [2, 0, 0]])
    assert metrics.accuracy(predicted, gold) == (4, 6)
    mask = torch.tensor([[True, True, True], [True, False, False]])
    assert metrics.accuracy(predicted, gold, mask) == (2, 4)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30, 200])
def test_student_is_the_quantile_of_scipy(freedom):
    stats = pytest.importorskip("scipy.stats")
    assert metrics.student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-6)


def test_interval_of_two_values_worked_by_hand():
    mean, half = metrics.interval([1.0, 3.0])
    assert mean == 2
    assert half == pytest.approx(12.706204736, rel=1e-8)  # tan(0.95 pi / 2) standard errors of 1


def test_nineteen_of_twenty_intervals_cover_the_true_mean():
    samples = torch.randn(2000, 4, generator=torch.Generator().manual_seed(1)).tolist()
    covered = sum(abs(mean) <= half for mean, half in map(metrics.interval, samples))
    assert 0.935 <= covered / 2000 <= 0.965


def test_one_value_has_no_interval():
    mean, half = metrics.interval([0.5])
    assert mean == 0.5 and math.isnan(half)


def test_a_mask_that_is_not_bool_is_refused():
    with pytest.raises(ValueError, match="expected a bool mask .* got torch.int64"):
        ones = torch.ones(1, 2).long()
        metrics.cross_entropy(torch.zeros(1, 2, 3), ones, ones)


def test_scores_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"row for each of the targets \(1, 3\), got \(1, 2, 5\)"):
        metrics.cross_entropy(torch.zeros(1, 2, 5), torch.zeros(1, 3).long())


def test_scores_without_a_last_axis_are_refused():
    with pytest.raises(ValueError, match="the last axis holds one score for each"):
        metrics.cross_entropy(torch.zeros(1, 3), torch.zeros(1, 3).long())


def test_scores_in_place_of_predictions_are_refused():
    with pytest.raises(ValueError, match="did you forget the argmax"):
        metrics.accuracy(torch.zeros(1, 3, 7), torch.zeros(1, 3).long())


def test_nothing_counted_is_refused():
    with pytest.raises(ValueError, match="at least one counted token, got 0"):
        nothing = torch.zeros(1, 1, dtype=torch.bool)
        total = metrics.cross_entropy(torch.zeros(1, 1, 3), torch.zeros(1, 1).long(), nothing)
        metrics.perplexity(*total)


def test_an_interval_of_no_values_is_refused():
    with pytest.raises(ValueError, match="at least one value, got none"):
        metrics.interval([])
