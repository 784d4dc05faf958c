"""The language model against what a distribution over strings must do."""

import itertools
import math

import pytest
import torch

from rnnlib import cells, models, train
from rnnlib.batches import Segments
from rnnlib.models import LanguageModel

CELLS = [cells.RNNCell, cells.LSTMCell, cells.GRUCell, cells.GRUResetAfterCell, cells.SimpleGRUCell]


def small(cell=cells.LSTMCell, size=3, D=4, H=5, **options):
    torch.manual_seed(0)
    return LanguageModel(size, D, cell(D, H), **options).double()


def log_prob(model, first, string):
    """log P(string | first), by forward()."""
    x = torch.tensor([[first, *string[:-1]]])
    logits, _ = model(x)
    return logits.log_softmax(-1)[0, range(len(string)), list(string)].sum().item()


@pytest.mark.parametrize("cell", CELLS)
def test_the_probabilities_of_all_strings_of_one_length_sum_to_one(cell):
    model = small(cell)
    strings = itertools.product(range(3), repeat=4)
    assert math.fsum(math.exp(log_prob(model, 2, s)) for s in strings) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("cell", CELLS)
def test_step_by_step_is_forward(cell):
    model, x = small(cell), torch.randint(3, (2, 6))
    logits, last = model(x)
    state, rows = model.start(2), []
    for t in range(6):
        log_probs, state = model.step(x[:, t], state)
        rows.append(log_probs)
    assert torch.allclose(torch.stack(rows, 1), logits.log_softmax(-1), atol=1e-10)
    output = model.layer.cell.output
    assert torch.allclose(output(state), output(last), atol=1e-10)


def test_a_text_in_two_halves_with_the_state_carried_is_the_text_in_one():
    model, x = small(), torch.randint(3, (2, 8))
    whole, _ = model(x)
    first, state = model(x[:, :3])
    second, _ = model(x[:, 3:], state)
    assert torch.allclose(torch.cat([first, second], 1), whole, atol=1e-10)


def test_the_future_changes_nothing_about_the_past():
    model, x = small(), torch.randint(3, (1, 6))
    other = x.clone()
    other[:, 4:] = (other[:, 4:] + 1) % 3
    a, b = model(x)[0], model(other)[0]
    assert torch.equal(a[:, :4], b[:, :4]) and not torch.equal(a[:, 4:], b[:, 4:])


def test_a_row_does_not_feel_its_batch_mates():
    model, x = small(), torch.randint(3, (3, 6))
    assert torch.allclose(model(x)[0][1:2], model(x[1:2])[0], atol=1e-12)


def test_tying_is_one_matrix_in_two_places():
    model = small(H=4, tied=True)
    untied = small(H=4)
    saved = sum(p.numel() for p in untied.parameters()) - sum(p.numel() for p in model.parameters())
    assert saved == 3 * 4 and model.V.weight is model.E.weight
    model(torch.tensor([[0, 1]]))[0].sum().backward()
    assert model.E.weight.grad[2].abs().sum() > 0  # never read, but scored


def test_tying_unequal_sizes_puts_a_projection_before_the_embedding():
    """scores = E P h + b, term by term, with P (D, H)."""
    model, x = small(D=4, H=6, tied=True), torch.tensor([[0, 2, 1]])
    P, E = model.V.P.weight, model.E.weight
    h, _ = model.layer(model.E(x))
    assert P.shape == (4, 6)
    assert torch.allclose(model(x)[0], h @ P.T @ E.T + model.V.bias, atol=1e-12)
    untied = sum(p.numel() for p in small(D=4, H=6).parameters())
    assert sum(p.numel() for p in model.parameters()) == untied - 3 * 6 + 4 * 6


def test_the_score_of_symbols_is_their_log_softmax_and_the_state_is_that_of_forward():
    model, ids = small(), torch.randint(3, (2, 7))
    found, last = model.score(ids[:, :-1], ids[:, 1:])
    scores, state = model(ids[:, :-1])
    expected = scores.log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
    assert torch.allclose(found, expected, atol=1e-12)
    assert all(torch.equal(a, b) for a, b in zip(last, state, strict=True))


def test_training_carries_a_detached_state_and_reads_the_text_in_one_go():
    """What `fit` hands on has no history, and is the state of one long read."""
    model, ids, seen = small(), torch.randint(3, (25,)), []

    def spy(model, batch, carry):
        seen.append(carry)
        mean, count, state = models.next_symbol(model, batch, carry)
        return 0 * mean, count, state  # gradients of zero: the weights stay

    settings = train.Settings(steps=6, every=6)
    list(train.fit(model, Segments(ids, B=2, T=2), spy, settings))
    rows = Segments(ids, B=2, T=12)[0][0]
    _, whole = model(rows[:, :10])
    assert seen[0] is None and not any(part.requires_grad for part in seen[5])
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(seen[5], whole, strict=True))


def test_dropout_works_in_training_only():
    model, x = small(dropout=0.5), torch.randint(3, (2, 5))
    assert not torch.equal(model(x)[0], model(x)[0])
    model.eval()
    assert torch.equal(model(x)[0], model(x)[0])


def test_the_loss_of_a_segment_is_the_mean_surprise_and_the_state_goes_on():
    model, ids = small(), torch.randint(3, (41,))
    segments = Segments(ids, B=2, T=5)
    carry, total = None, 0.0
    for batch in segments:
        mean, count, carry = models.next_symbol(model, batch, carry)
        total += mean.item() * count
    rows = ids[:40].view(2, 20), ids[1:41].view(2, 20)
    by_hand = sum(-log_prob(model, x[0].item(), y.tolist()) for x, y in zip(*rows, strict=True))
    assert total == pytest.approx(by_hand, rel=1e-9)
    assert models.held_out(model, segments) == (pytest.approx(by_hand, rel=1e-9), 40)


def test_a_fresh_segment_forgets_the_state():
    model, batch = small(), (torch.tensor([[0, 1]]), torch.tensor([[1, 2]]), True)
    _, _, carry = models.next_symbol(model, batch, None)
    once, _, _ = models.next_symbol(model, batch, None)
    again, _, _ = models.next_symbol(model, batch, carry)
    assert torch.equal(once, again)


def test_a_cell_of_another_input_size_is_refused():
    with pytest.raises(ValueError, match="a cell with D=4, as the embedding, got RNNCell.*D=3"):
        LanguageModel(5, 4, cells.RNNCell(3, 4))


def test_a_missing_batch_axis_is_refused():
    with pytest.raises(ValueError, match=r"expected ids \(B, T\), got \(4,\): add a batch axis"):
        small()(torch.zeros(4).long())
