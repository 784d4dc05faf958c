"""The cells: one step each, against torch.nn, against numbers worked by hand, and their errors."""

import math

import pytest
import torch
from torch import nn

from rnnlib.cells import (
    Cell,
    GRUCell,
    GRUResetAfterCell,
    LSTMCell,
    RNNCell,
    SimpleGRUCell,
    loop,
)

D, H, B, T = 3, 5, 4, 7
CELLS = {
    "tanh": lambda: RNNCell(D, H),
    "relu": lambda: RNNCell(D, H, torch.relu),
    "no bias": lambda: RNNCell(D, H, bias=False),
    "LSTM": lambda: LSTMCell(D, H),
    "GRU": lambda: GRUCell(D, H),
    "GRU reset after": lambda: GRUResetAfterCell(D, H),
    "simple GRU": lambda: SimpleGRUCell(D, H),
}
TWINS = [name for name in CELLS if name not in ("GRU", "simple GRU")]
GATED = ["LSTM", "GRU", "GRU reset after", "simple GRU"]


def make(name):
    torch.manual_seed(0)
    return CELLS[name]().double()


def noise(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def zeroed(cell):
    """The cell with W = U = 0 and random biases."""
    with torch.no_grad():
        cell.W.zero_(), cell.U.zero_(), cell.b.normal_()
    return cell


@pytest.mark.parametrize("name", TWINS)
def test_one_step_is_one_step_of_torch(name):
    cell = make(name)
    x, twin = noise(B, D), cell.to_torch()
    state = cell.start(B)
    state = tuple(map(torch.randn_like, state)) if name == "LSTM" else torch.randn_like(state)
    first = tuple(s[None] for s in state) if name == "LSTM" else state[None]
    y, _ = twin(x[:, None], first)
    torch.testing.assert_close(cell.output(cell(x, state)), y[:, 0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", TWINS)
def test_from_torch_undoes_to_torch_exactly(name):
    cell = make(name)
    again = type(cell).from_torch(cell.to_torch())
    assert again.state_dict().keys() == cell.state_dict().keys()
    for key, weight in cell.state_dict().items():
        assert torch.equal(again.state_dict()[key], weight), key
    x = noise(B, T, D)
    assert torch.equal(loop(again, x)[0], loop(cell, x)[0])


def test_from_torch_takes_any_layer_and_direction_of_a_deep_module():
    module = nn.LSTM(D, H, num_layers=2, bidirectional=True, batch_first=True).double()
    cell = LSTMCell.from_torch(module, "l1_reverse")
    assert (cell.D, cell.H) == (2 * H, H)
    assert torch.equal(cell.W_f, module.weight_ih_l1_reverse[H : 2 * H])


def test_the_element_by_element_notation_gives_the_same_simple_rnn():
    cell, x, h = make("tanh"), noise(D), noise(H)
    by_hand = [
        math.tanh(
            sum(cell.W[i, k].item() * x[k].item() for k in range(D))
            + sum(cell.U[i, j].item() * h[j].item() for j in range(H))
            + cell.b[i].item()
        )
        for i in range(H)
    ]
    torch.testing.assert_close(
        cell(x[None], h[None])[0], torch.tensor(by_hand).double(), atol=1e-7, rtol=0
    )


def test_an_lstm_step_worked_by_hand_on_one_unit():
    cell = LSTMCell(1, 1).double()
    with torch.no_grad():
        for gate, w, u, b in [("i", 1, 0, 0), ("f", 0, 0, 0), ("o", 0, 0, 0), ("g", 0, 1, 0)]:
            cell.rows(gate)[0].fill_(w), cell.rows(gate)[1].fill_(u), cell.rows(gate)[2].fill_(b)
    one = torch.ones(1, 1, dtype=torch.float64)
    parts = cell.parts(0 * one, (one, 2 * one))
    assert parts["i"].item() == parts["f"].item() == parts["o"].item() == 0.5
    assert parts["g"].item() == pytest.approx(math.tanh(1))
    assert parts["c"].item() == pytest.approx(0.5 * 2 + 0.5 * math.tanh(1))
    assert parts["h"].item() == pytest.approx(0.5 * math.tanh(1 + 0.5 * math.tanh(1)))


def test_without_weights_the_simple_rnn_is_tanh_of_its_bias():
    cell = zeroed(make("tanh"))
    assert torch.equal(cell(noise(B, D), noise(B, H)), torch.tanh(cell.b).expand(B, H))


@pytest.mark.parametrize("name", ["GRU", "GRU reset after", "simple GRU"])
def test_an_open_update_gate_keeps_the_old_state_and_a_shut_one_takes_the_candidate(name):
    cell, x, h = make(name), noise(B, D), noise(B, H)
    with torch.no_grad():
        cell.b_z.fill_(1e3)
        assert torch.equal(cell(x, h), h)
        cell.b_z.fill_(-1e3)
        parts = cell.parts(x, h)
    assert torch.equal(parts["h"], parts["g"])


def test_the_derivative_of_the_lstm_context_by_the_old_one_is_the_forget_gate():
    cell, x, h, c = make("LSTM"), noise(1, D), noise(1, H), noise(1, H)
    derivative = torch.autograd.functional.jacobian(lambda c: cell(x, (h, c))[1], c).squeeze()
    f = cell.parts(x, (h, c))["f"][0]
    torch.testing.assert_close(derivative, torch.diag(f), atol=1e-15, rtol=0)


def test_the_two_grus_differ_with_equal_weights_and_agree_when_U_is_diagonal():
    before, after = make("GRU"), make("GRU reset after")
    with torch.no_grad():
        after.b_q.zero_()
        for mine, theirs in zip(before.parameters(), after.parameters(), strict=False):
            theirs.copy_(mine)
    x, h = noise(B, D), noise(B, H)
    assert (before(x, h) - after(x, h)).abs().max().item() > 1e-3
    with torch.no_grad():
        for cell in (before, after):
            cell.U_g.copy_(torch.diag(torch.arange(1.0, H + 1)))
    torch.testing.assert_close(before(x, h), after(x, h), atol=1e-14, rtol=0)


@pytest.mark.parametrize("name", CELLS)
def test_forward_is_built_on_parts(name):
    cell, x = make(name), noise(B, D)
    parts, state = cell.parts(x, cell.start(B)), cell(x, cell.start(B))
    assert torch.equal(parts["h"], cell.output(state))
    assert set(cell.gates) | set(cell.states) <= set(parts)
    assert all(part.shape == (B, H) for part in parts.values())


@pytest.mark.parametrize("name", GATED)
def test_rows_are_views_of_the_stacked_weights_and_attributes_are_rows(name):
    cell = make(name)
    for k, gate in enumerate(cell.gates):
        W, U, b = cell.rows(gate)
        assert W.data_ptr() == cell.W[k * H].data_ptr()
        assert torch.equal(U, cell.U[k * H : (k + 1) * H])
        assert torch.equal(getattr(cell, f"b_{gate}"), b)
    assert len(cell.W) == len(cell.U) == len(cell.b) == len(cell.gates) * H


def test_the_units_have_one_two_three_and_four_pairs_of_matrices():
    per_pair = H * (D + H + 1)
    counts = {name: sum(p.numel() for p in make(name).parameters()) for name in CELLS}
    assert counts["tanh"] == per_pair and counts["simple GRU"] == 2 * per_pair
    assert counts["GRU"] == 3 * per_pair and counts["LSTM"] == 4 * per_pair
    assert counts["GRU reset after"] == 3 * per_pair + H
    assert counts["no bias"] == per_pair - H


@pytest.mark.parametrize("name", CELLS)
def test_weights_start_inside_one_over_the_root_of_H_and_fill_that_range(name):
    for weight in make(name).parameters():
        assert weight.abs().max().item() <= H**-0.5
        assert weight.std().item() > 0.3 * H**-0.5


@pytest.mark.parametrize("name", CELLS)
def test_the_first_state_is_zero_in_the_dtype_of_the_weights(name):
    cell = make(name)
    state = cell.start(B)
    for s in state if isinstance(state, tuple) else (state,):
        assert s.shape == (B, H) and s.dtype == torch.float64 and not s.any()


@pytest.mark.parametrize("name", CELLS)
def test_the_loop_applies_the_cell_at_every_step(name):
    cell, x = make(name), noise(B, 3, D)
    one = cell(x[:, 0], cell.start(B))
    two = cell(x[:, 1], one)
    h, last = loop(cell, x)
    assert torch.equal(h[:, 1], cell.output(two)) and h.shape == (B, 3, H)
    assert torch.equal(cell.output(last), cell.output(cell(x[:, 2], two)))


def test_the_loop_runs_any_cell_that_writes_its_parts():
    class Sum(Cell):
        gates = "h"

        def parts(self, x, state):
            return {"h": state + x}

    x = noise(B, T, H)
    h, last = loop(Sum(H, H).double(), x)
    torch.testing.assert_close(h, x.cumsum(1), atol=1e-12, rtol=0)
    assert torch.equal(last, h[:, -1])


@pytest.mark.parametrize("name", CELLS)
def test_a_sequence_that_ended_keeps_its_last_state_in_the_loop(name):
    cell, x = make(name), noise(2, T, D)
    h, last = loop(cell, x, lengths=torch.tensor([T, 3]))
    alone, end = loop(cell, x[1:, :3])
    torch.testing.assert_close(h[1:, :3], alone, atol=1e-14, rtol=0)
    torch.testing.assert_close(cell.output(last)[1:], cell.output(end), atol=1e-14, rtol=0)
    assert not h[1, 3:].any()


def test_a_cell_travels_through_its_state_dict_and_dtypes():
    cell = make("GRU reset after")
    other = GRUResetAfterCell(D, H).double()
    other.load_state_dict(cell.state_dict())
    x = noise(B, T, D)
    assert torch.equal(loop(other, x)[0], loop(cell, x)[0])
    assert loop(cell.float(), x.float())[0].dtype == torch.float32


WRONG = {
    "tokens not embedded": (lambda: make("tanh")(torch.ones(B, D).long(), noise(B, H)), "embed"),
    "a row of tokens": (
        lambda: make("LSTM")(torch.ones(B).long(), make("LSTM").start(B)),
        r"x must be \(B, D=3\), got \(4,\): did you embed the tokens\?",
    ),
    "another input size": (
        lambda: make("GRU")(noise(B, 8), noise(B, H)),
        r"x must be \(B, D=3\), got \(4, 8\): did you embed the tokens\?",
    ),
    "another dtype": (
        lambda: make("GRU")(torch.ones(B, D), noise(B, H)),
        r"x must be torch.float64 like the weights, got torch.float32: convert with \.to",
    ),
    "an empty batch": (
        lambda: loop(make("GRU"), noise(0, T, D)),
        r"x must be \(B, T, D=3\) with at least 1 of each, got \(0, 7, 3\): skip empty batches",
    ),
    "no steps": (lambda: loop(make("GRU"), noise(B, 0, D)), r"got \(4, 0, 3\)"),
    "a step for a sequence": (lambda: loop(make("GRU"), noise(B, D)), r"x must be \(B, T, D=3\)"),
    "a state of another batch": (
        lambda: make("tanh")(noise(B, D), noise(2, H)),
        r"state h must be \(B=4, H=5\), got \(2, 5\): cell.start\(4\) makes a zero state",
    ),
    "a state of another dtype": (
        lambda: make("tanh")(noise(B, D), torch.zeros(B, H)),
        r"state h must be torch.float64, got torch.float32: cell.start\(4\) makes a zero state",
    ),
    "h without c": (
        lambda: make("LSTM")(noise(B, D), noise(B, H)),
        r"the state must be the tuple \(h, c\), got Tensor: cell.start\(4\) makes a zero state",
    ),
    "a pair for a GRU": (
        lambda: make("GRU")(noise(B, D), (noise(B, H), noise(B, H))),
        r"state h must be \(B=4, H=5\), got tuple",
    ),
    "no such gate": (lambda: make("GRU").rows("f"), "gate must be one of r, z, g, got 'f'"),
    "no units": (lambda: RNNCell(3, 0), "D and H must be at least 1, got D=3, H=0"),
    "no twin": (lambda: make("GRU").to_torch(), "torch.nn has no twin of GRUCell: run it with"),
    "another g": (lambda: RNNCell(D, H, torch.sin).to_torch(), "nn.RNN knows tanh and relu, got"),
    "an LSTM for a GRU": (
        lambda: GRUResetAfterCell.from_torch(nn.LSTM(D, H)),
        "GRUResetAfterCell has no twin in nn.LSTM, got one: the equations differ",
    ),
    "a GRU for the lectures' GRU": (lambda: GRUCell.from_torch(nn.GRU(D, H)), "has no twin"),
    "two layers": (lambda: LSTMCell.from_torch(nn.LSTM(D, H, 2)), "needs a suffix"),
    "no such layer": (lambda: LSTMCell.from_torch(nn.LSTM(D, H), "l3"), "no layer with the suffix"),
    "a projection": (lambda: LSTMCell.from_torch(nn.LSTM(D, H, proj_size=2)), "proj_size=2"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_gives_one_sentence_with_a_hint(case):
    call, message = WRONG[case]
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)
