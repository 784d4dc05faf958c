"""trace: against the loop, against autograd, against hand-worked cases."""

import pytest
import torch

from rnnlib import trace
from rnnlib.cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell, SimpleGRUCell, loop

CELLS = [RNNCell, LSTMCell, GRUCell, GRUResetAfterCell, SimpleGRUCell]


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def made(kind, D=3, H=4):
    return kind(D, H).double()


@pytest.mark.parametrize("kind", CELLS)
def test_parts_hold_the_states_of_the_loop(kind):
    cell, x = made(kind), torch.randn(2, 5, 3, dtype=torch.float64)
    found = trace.parts(cell, x)
    assert torch.equal(found["h"], loop(cell, x)[0].detach())
    assert all(value.shape == (2, 5, 4) and not value.requires_grad for value in found.values())


def test_parts_continue_from_a_state():
    cell, x = made(LSTMCell), torch.randn(2, 6, 3, dtype=torch.float64)
    _, state = loop(cell, x[:, :2])
    later = trace.parts(cell, x[:, 2:], state)
    for name, value in trace.parts(cell, x).items():
        assert torch.allclose(value[:, 2:], later[name], atol=1e-12)


def test_the_terms_add_up_to_the_state():
    cell, x = made(RNNCell), torch.randn(2, 5, 3, dtype=torch.float64)
    t = trace.terms(cell, x)
    assert torch.allclose(torch.tanh(t["Wx"] + t["Uh"] + cell.b.detach()), t["h"], atol=1e-12)
    assert torch.allclose(t["before"] @ cell.U.detach().T, t["Uh"], atol=1e-12)


def from_state(cell, x, t):
    """h_T as a function of the state after step t (tensors side by side)."""

    def h_T(state):
        pieces = state.split(cell.H, -1)
        state = pieces[0] if len(pieces) == 1 else tuple(pieces)
        for x_t in x[:, t + 1 :].unbind(1):
            state = cell(x_t, state)
        return cell.output(state)

    return h_T


@pytest.mark.parametrize("kind", CELLS)
def test_derivatives_equal_the_jacobian_of_autograd(kind):
    cell, x = made(kind), torch.randn(1, 6, 3, dtype=torch.float64)
    found, norms = trace.derivatives(cell, x), trace.jacobian(cell, x)
    for t in range(6):
        state = torch.cat(trace.tensors(loop(cell, x[:, : t + 1])[1]), -1).detach()
        exact = torch.autograd.functional.jacobian(from_state(cell, x, t), state)[0, :, 0]
        assert torch.allclose(found[0, t], exact, atol=1e-10, rtol=0)
        assert abs(norms[0, t].item() - torch.linalg.matrix_norm(exact, ord=2).item()) < 1e-10


def test_derivatives_of_one_sequence_do_not_depend_on_its_batch():
    cell, x = made(GRUCell), torch.randn(3, 5, 3, dtype=torch.float64)
    assert torch.allclose(
        trace.derivatives(cell, x)[1:2], trace.derivatives(cell, x[1:2]), atol=1e-12
    )


def test_a_network_without_U_forgets_at_once():
    cell, x = made(RNNCell), torch.randn(1, 4, 3, dtype=torch.float64)
    with torch.no_grad():
        cell.U.zero_()
    assert torch.allclose(
        trace.jacobian(cell, x), torch.tensor([[0.0, 0, 0, 1]], dtype=torch.float64)
    )


@pytest.mark.parametrize("g", [torch.tanh, torch.relu])
def test_errors_are_the_gradients_of_autograd(g):
    cell, x = RNNCell(3, 4, g=g).double(), torch.randn(2, 5, 3, dtype=torch.float64)
    V, targets = torch.randn(6, 4, dtype=torch.float64), torch.randint(6, (2, 5))
    found = trace.errors(cell, V, x, targets)
    state, states, loss = cell.start(2), [], 0.0
    for t in range(5):
        state = cell(x[:, t], state)
        state.retain_grad()
        states.append(state)
        loss = loss + torch.nn.functional.cross_entropy(state @ V.T, targets[:, t], reduction="sum")
    loss.backward()
    assert torch.allclose(found.sum, torch.stack([s.grad for s in states], 1), atol=1e-10, rtol=0)
    assert torch.allclose(found.U.sum((0, 1)), cell.U.grad, atol=1e-10, rtol=0)
    assert torch.equal(found.own + found.future, found.sum)


def test_the_last_step_has_no_future_and_a_masked_step_no_error_of_its_own():
    cell, x = made(RNNCell), torch.randn(1, 4, 3, dtype=torch.float64)
    V, targets = torch.randn(6, 4, dtype=torch.float64), torch.randint(6, (1, 4))
    mask = torch.tensor([[False, False, False, True]])
    found = trace.errors(cell, V, x, targets, mask=mask)
    assert (found.future[:, -1] == 0).all() and (found.own[:, :-1] == 0).all()
    assert (found.sum[:, 0] != 0).any()


def test_saturation_counts_by_hand():
    gates = torch.tensor([[[0.0, 0.5], [0.05, 0.95], [0.5, 0.99], [1.0, 0.5]]])
    left, right = trace.saturation(gates)
    assert left.tolist() == [0.5, 0.0] and right.tolist() == [0.25, 0.5]
    left, right = trace.saturation(gates * 2 - 1, low=-1.0)
    assert left.tolist() == [0.5, 0.0] and right.tolist() == [0.25, 0.5]


def test_wrong_shapes_and_cells_are_one_sentence():
    with pytest.raises(ValueError, match=r"x must be \(B, T, D\) with T >= 1, got \(5, 3\)"):
        trace.parts(made(RNNCell), torch.zeros(5, 3))
    with pytest.raises(ValueError, match="expected a simple RNNCell, got GRUCell"):
        trace.terms(made(GRUCell), torch.zeros(1, 5, 3))
