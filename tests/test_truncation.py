"""The experiment on truncated backpropagation through time: identities on a small model."""

import pytest
import torch

from rnnlib import cells, trace
from rnnlib.experiments import truncation
from rnnlib.experiments.record import measured
from rnnlib.experiments.truncation import Corpus, Settings, carried, dropped

TINY = Settings(D=3, H=5, B=2, T=8, windows=(1, 2, 4, 8), tried=(2, 4), updates=3, runs=3,
                segment=4)


class Text:
    """Stands for a loaded data set."""

    name, sha256 = "a text", "0"
    train = valid = "the green witch arrived and the green cat left " * 3


@pytest.fixture
def corpus():
    return Corpus.of(Text)


@pytest.fixture
def model(corpus):
    return truncation.new_model(corpus, TINY, seed=0).double()


def autograd(model, batch):
    """The gradient of the mean loss by U, through the whole text."""
    logits, _ = model(batch[0])
    mean = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[1].flatten())
    return torch.autograd.grad(mean, model.layer.cell.U)[0]


@pytest.mark.parametrize("pass_on", [carried, dropped])
def test_a_window_as_long_as_the_text_is_full_backpropagation(model, corpus, pass_on):
    batch = corpus.batch(TINY, 0)
    found = truncation.gradient(model, batch, TINY.T, pass_on)["U"]
    assert torch.allclose(found, autograd(model, batch), atol=1e-12)


def test_a_carried_state_leaves_the_loss_as_it_is(model, corpus):
    batch = corpus.batch(TINY, 0)
    losses = [truncation.loss(model, batch, k, carried)[0].item() for k in TINY.windows]
    assert losses == pytest.approx(losses[:1] * 4, abs=1e-9)


def test_a_state_that_is_not_carried_changes_the_loss(model, corpus):
    batch = corpus.batch(TINY, 0)
    one, all_of_it = (truncation.loss(model, batch, k, dropped)[0].item() for k in (1, TINY.T))
    assert abs(one - all_of_it) > 1e-3


def test_without_any_earlier_state_U_gets_no_gradient(model, corpus):
    batch = corpus.batch(TINY, 0)
    assert not truncation.gradient(model, batch, 1, dropped)["U"].any()


def test_the_cut_gradient_is_the_sum_over_its_segments(model, corpus):
    x, y = corpus.batch(TINY, 0)
    halves, state = 0, None
    for s in (0, 4):
        part = x[:, s : s + 4], y[:, s : s + 4]
        total, state = truncation.loss(model, part, 4, carried, state)
        halves = halves + torch.autograd.grad(total / y.numel(), model.layer.cell.U)[0]
    whole = truncation.gradient(model, (x, y), 4, carried)["U"]
    assert torch.allclose(whole, halves, atol=1e-12)


def test_the_records_of_the_bias_end_at_no_bias(corpus):
    records = truncation.bias(corpus, TINY, seed=0)
    assert len(records) == 2 * (2 * 4 + 1) * 4
    full = [r for r in records if r.setting["window"] == TINY.T and "carried" in r.setting["state"]]
    errors = [r.value for r in full if r.metric.startswith("error")]
    assert len(errors) == 8 and max(errors) < 1e-12


def test_a_comparison_with_itself_is_perfect_and_with_zeros_has_no_direction():
    full = {name: torch.ones(2, 2) for name in "UW"}
    same = truncation.compare(full, full)
    assert same["cosine_U"] == pytest.approx(1) and same["error_U"] == 0
    zeros = truncation.compare({name: torch.zeros(2, 2) for name in "UW"}, full)
    assert zeros["cosine_U"] == 0 and zeros["error_U"] == pytest.approx(1)


def test_a_longer_window_keeps_more_bytes(model, corpus):
    batch = corpus.batch(TINY, 0)
    sizes = [truncation.kept(model, batch, k) for k in TINY.windows]
    assert sizes == sorted(sizes) and sizes[-1] > 4 * sizes[0]


def test_every_window_is_trained_and_measured(corpus):
    records = truncation.trained(corpus, TINY, seed=0)
    found = {(r.setting["window"], r.setting["state"]): r.value for r in records}
    assert found.keys() == {(k, state) for k in (2, 4) for state in ("carried", "not carried")}
    assert len(set(found.values())) == 4 and all(0 < value < 8 for value in found.values())


def test_the_cost_is_measured_for_every_window(corpus):
    records = truncation.cost(corpus, TINY, seed=0)
    assert {r.metric for r in records} == {"bytes", "seconds_per_character"}
    assert len(records) == 8 and all(r.value > 0 for r in records)


def seen(kind):
    """A small network, its output, an input and its targets."""
    torch.manual_seed(0)
    cell, score = kind(3, 4).double(), torch.nn.Linear(4, 5).double()
    return cell, score, torch.randn(2, 6, 3).double(), torch.randint(5, (2, 6))


@pytest.mark.parametrize("kind", [cells.RNNCell, cells.LSTMCell, cells.GRUCell])
def test_a_loss_blames_its_own_state_and_earlier_ones_and_no_later_one(kind):
    found = trace.reach(*seen(kind))
    assert found.shape == (2, 6, 6) and not found.triu(1).any()
    assert (found[:, -1] > 0).all() and (found.diagonal(dim1=1, dim2=2) > 0).all()


def test_the_blame_on_the_diagonal_is_the_own_error():
    cell, score, x, targets = seen(cells.RNNCell)
    with torch.no_grad():
        score.bias.zero_()
    own = trace.errors(cell, score.weight.detach(), x, targets).own.norm(dim=-1)
    found = trace.reach(cell, score, x, targets)
    assert torch.allclose(found.diagonal(dim1=1, dim2=2), own, atol=1e-12)


def test_the_blame_one_step_back_went_through_U_and_a_tanh():
    cell, score, x, targets = seen(cells.RNNCell)
    with torch.no_grad():
        score.bias.zero_()
    found = trace.reach(cell, score, x, targets)[:, -1, -2]
    own = trace.errors(cell, score.weight.detach(), x, targets).own[:, -1]
    h = trace.parts(cell, x)["h"][:, -1]
    assert torch.allclose(found, (((1 - h**2) * own) @ cell.U.detach()).norm(dim=-1), atol=1e-12)


def test_the_graph_has_a_tanh_for_every_step():
    cell, score, x, _ = seen(cells.RNNCell)
    h, _ = cells.loop(cell, x)
    assert trace.operations(h.sum())["tanh"] == 6
    assert trace.operations(score(h[:, 2]).sum())["tanh"] == 6  # stacked with the later ones
    assert not trace.operations(x.requires_grad_().sum())["tanh"]


def test_results_by_window_are_means_over_seeds_and_level_where_one_window_was_measured():
    def record(state, k, seed, value):
        setting = {"state": state, "window": k}
        return measured("truncation", setting, seed, {"cosine_U": value}, 0, Text)[0]

    rows = [("carried", 1, 0, 0.5), ("carried", 1, 1, 0.7), ("carried", 4, 0, 1)]
    rows += [("other", 4, 0, 3)]
    windows, lines, halves = truncation.by_window([record(*row) for row in rows])
    assert windows == [1, 4] and lines == {"carried": [pytest.approx(0.6), 1], "other": [3, 3]}
    assert halves["carried"][0] == pytest.approx(12.706 * 0.1, rel=1e-3)
