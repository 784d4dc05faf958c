"""What notebook 02 says about the simple recurrent network, on other sizes and seeds than there."""

import copy

import pytest
import torch
from torch import nn

from rnnlib.cells import RNNCell, loop
from rnnlib.check import nb02

SIZES = [(1, 1, 1), (3, 4, 5), (4, 4, 2), (7, 3, 6)]  # D, H, T


def drawn(D, H, T, B=2, **settings):
    """A cell and an input in double precision."""
    torch.manual_seed(D + H + T)
    return RNNCell(D, H, **settings).double(), torch.randn(B, T, D).double()


@pytest.mark.parametrize("D, H, T", SIZES)
def test_the_gradient_of_a_shared_matrix_is_the_sum_over_its_copies(D, H, T):
    cell, x = drawn(D, H, T)
    layers, h = [copy.deepcopy(cell) for _ in range(T)], cell.start(2)
    for layer, x_t in zip(layers, x.unbind(1), strict=True):
        h = layer(x_t, h)
    h.square().sum().backward()
    last = loop(cell, x)[1]
    last.square().sum().backward()
    assert torch.equal(last, h)
    for name in "WUb":
        parts = sum(getattr(layer, name).grad for layer in layers)
        torch.testing.assert_close(getattr(cell, name).grad, parts)


@pytest.mark.parametrize("D, H, T", SIZES)
def test_without_g_the_whole_network_is_one_matrix(D, H, T):
    cell, x = drawn(D, H, T, g=lambda a: a, bias=False)
    M = torch.cat([torch.linalg.matrix_power(cell.U, T - 1 - t) @ cell.W for t in range(T)], 1)
    torch.testing.assert_close(loop(cell, x)[1], x.flatten(1) @ M.T)


@pytest.mark.parametrize("D, H, T", SIZES)
def test_a_bias_is_a_weight_on_an_input_that_is_always_one(D, H, T):
    cell, x = drawn(D, H, T)
    wide = RNNCell(D + 1, H, bias=False).double()
    wide.load_state_dict({"W": torch.cat([cell.W, cell.b[:, None]], 1), "U": cell.U})
    ones = torch.ones(2, T, 1).double()
    torch.testing.assert_close(loop(wide, torch.cat([x, ones], 2))[0], loop(cell, x)[0])


@pytest.mark.parametrize("D, H, T", SIZES)
def test_the_recurrence_costs_H_squared_weights_whatever_the_length(D, H, T):
    def count(*modules):
        return sum(weight.numel() for module in modules for weight in module.parameters())

    assert count(RNNCell(D, H)) == count(nn.Linear(D, H)) + H * H
    assert count(RNNCell(D, H, bias=False)) == count(nn.Linear(D, H, bias=False)) + H * H
    assert count(nn.RNN(D, H)) == count(RNNCell(D, H)) + H
    output = nn.Linear(H, T, bias=False)
    assert count(RNNCell(D, H), output) == nb02.right_count(D, H, T)


def test_the_slope_of_tanh_that_the_check_expects_is_the_derivative():
    a = torch.linspace(-5, 5, 101, dtype=torch.float64, requires_grad=True)
    h = torch.tanh(a)
    (slope,) = torch.autograd.grad(h.sum(), a)
    torch.testing.assert_close(nb02.SLOPE_CASES[0].oracle(h), slope)
