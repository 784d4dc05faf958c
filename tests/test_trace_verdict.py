"""How much a verdict depends on each word: against finite differences, and by construction."""
import pytest
import torch

from rnnlib.cells import GRUCell, LSTMCell
from rnnlib.layers import OverTime
from rnnlib.models import Classifier, Words, both_ends, both_ways, last_state, max_state, mean_state
from rnnlib.trace_verdict import by_state, by_word, left_out, share

X = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 1, 0, 0]])
LENGTHS = torch.tensor([5, 3])
REAL = torch.arange(5) < LENGTHS[:, None]


def classifier(keep, layer=None):
    torch.manual_seed(0)
    layer = layer or (both_ways(LSTMCell, 4, 3) if keep is both_ends else OverTime(GRUCell(4, 6)))
    return Classifier(Words(9, 4), layer, keep, 3, 5).double().eval()


@pytest.mark.parametrize("keep", [last_state, mean_state, max_state, both_ends])
def test_the_gradient_by_a_word_is_that_of_finite_differences(keep):
    model, labels, step = classifier(keep), torch.tensor([2, 0]), 1e-6
    sizes = by_word(model, X, LENGTHS, labels)
    e = model.embed(X).detach()

    def log_p(e):
        return model.scores(e, LENGTHS).log_softmax(1)[torch.arange(2), labels]

    for t in range(5):
        slopes = []
        for d in range(4):
            moved = torch.zeros_like(e)
            moved[:, t, d] = step
            slopes.append((log_p(e + moved) - log_p(e - moved)) / (2 * step))
        assert torch.allclose(torch.stack(slopes, 1).norm(dim=1), sizes[:, t], atol=1e-6)


@pytest.mark.parametrize("keep", [last_state, mean_state, both_ends])
def test_every_real_word_has_a_gradient_and_padding_has_none(keep):
    sizes = by_word(classifier(keep), X, LENGTHS)
    assert torch.equal(sizes > 0, REAL)
    assert torch.allclose(share(sizes).sum(1), torch.ones(2).double())


def places_of_largest(model):
    """Where each unit of the states is largest (B, H)."""
    h, _ = model.layer(model.embed(X), None, LENGTHS)
    return h.masked_fill(~REAL[..., None], -torch.inf).argmax(1)


def test_behind_the_last_of_the_largest_values_a_word_does_not_count():
    model = classifier(max_state)
    last = places_of_largest(model).max(1).values
    assert torch.equal(by_word(model, X, LENGTHS) > 0, torch.arange(5) <= last[:, None])


def test_without_labels_the_verdict_itself_is_asked_about():
    model = classifier(mean_state)
    asked = by_word(model, X, LENGTHS, model.best(X, LENGTHS))
    assert torch.equal(by_word(model, X, LENGTHS), asked)


def test_what_comes_straight_is_all_at_the_last_word_or_equal_or_where_a_unit_is_largest():
    last, mean, largest = (by_state(classifier(keep), X, LENGTHS)
                           for keep in (last_state, mean_state, max_state))
    assert torch.equal(last > 0, REAL & (torch.arange(5) == LENGTHS[:, None] - 1))
    for row, real in zip(mean, REAL, strict=True):
        assert torch.allclose(row[real], row[0].expand(int(real.sum()))) and not row[~real].any()
    where = places_of_largest(classifier(max_state))
    for row, units in zip(largest, where, strict=True):
        assert set(row.nonzero().flatten().tolist()) == set(units.tolist())


def test_one_text_alone_and_in_a_batch_has_the_same_shares():
    model = classifier(both_ends)
    alone = by_word(model, X[1:, :3], LENGTHS[1:])
    assert torch.allclose(alone[0], by_word(model, X, LENGTHS)[1, :3])


def test_a_word_is_left_out_at_each_place():
    assert left_out(["a", "b", "c"]) == [["b", "c"], ["a", "c"], ["a", "b"]]


def test_the_scores_of_a_classifier_from_its_vectors_are_its_scores():
    model = classifier(last_state)
    assert torch.equal(model.scores(model.embed(X), LENGTHS), model(X, LENGTHS))
    assert torch.equal(model.summary(model.embed(X), LENGTHS), model.kept(X, LENGTHS))
