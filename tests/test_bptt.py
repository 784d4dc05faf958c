"""Backpropagation through time by hand: against the loop, torch.nn and finite differences."""

import weakref

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from rnnlib import bptt, bptt_chunks
from rnnlib.cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell, SimpleGRUCell, loop

D, H, B, T = 3, 5, 4, 11
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
LENGTHS = [None, [T, 3, 1, 7]]
EXACT = {"rtol": 0, "atol": 1e-10}
few = settings(max_examples=15, deadline=None, derandomize=True)


@pytest.fixture(autouse=True)
def several_chunks(monkeypatch):
    """Two steps of the batch of four per chunk, and one step in the last chunk of eleven."""
    monkeypatch.setattr(bptt_chunks, "ROWS", 2 * B)


def make(name):
    torch.manual_seed(0)
    return CELLS[name]().double()


def noise(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def flat(state):
    return list(state) if isinstance(state, tuple) else [state]


def random_state(cell, B):
    state = [noise(*s.shape).requires_grad_() for s in flat(cell.start(B))]
    return tuple(state) if len(state) > 1 else state[0]


def gradients(outputs, wanted):
    """The gradients of a sum of the outputs with fixed random weights."""
    torch.manual_seed(1)
    loss = sum((noise(*o.shape) * o).sum() for o in outputs)
    return torch.autograd.grad(loss, wanted, retain_graph=True)


def close(mine, theirs):
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b, **EXACT)


@pytest.mark.parametrize("lengths", LENGTHS, ids=["full", "ragged"])
@pytest.mark.parametrize("name", CELLS)
def test_by_hand_is_the_loop_with_all_its_gradients(name, lengths):
    cell = make(name)
    x, state = noise(B, T, D).requires_grad_(), random_state(cell, B)
    wanted, found = [x, *flat(state), *cell.parameters()], []
    for through in (loop, bptt.run):
        h, last = through(cell, x, state, lengths)
        found.append([h, *flat(last), *gradients([h, *flat(last)], wanted)])
    close(*found)


@pytest.mark.parametrize("cell", [RNNCell, LSTMCell, GRUCell, GRUResetAfterCell, SimpleGRUCell])
def test_by_hand_is_the_loop_where_rows_are_kept_apart_in_memory(cell):
    torch.manual_seed(0)
    cell, x = cell(D, 128).double(), noise(B, 5, D).requires_grad_()
    wanted, found = [x, *cell.parameters()], []
    assert not bptt_chunks.empty(x, 2, 128).is_contiguous()
    for through in (loop, bptt.run):
        h, last = through(cell, x)
        found.append([h, *flat(last), *gradients([h, *flat(last)], wanted)])
    with torch.no_grad():
        close([bptt.run(cell, x)[0]], [found[0][0]])
    close(*found)


def torch_order(cell, rows):
    """Rows of the cell's gates in the order in which torch.nn has them."""
    order = {RNNCell: "h", LSTMCell: "ifgo", GRUResetAfterCell: "rzg"}[type(cell)]
    blocks = rows.unflatten(0, (len(order), H))
    return blocks[[cell.gates.index(k) for k in order]].flatten(0, 1)


def through_torch(cell, x, state, lengths):
    """(outputs, last states, gradients by x, first states, W, U, biases) of the torch.nn twin."""
    twin, first = cell.to_torch(), [s.detach()[None].requires_grad_() for s in flat(state)]
    packed = lengths is not None
    given = nn.utils.rnn.pack_padded_sequence(x, lengths, True, False) if packed else x
    y, last = twin(given, tuple(first) if len(first) > 1 else first[0])
    y = nn.utils.rnn.pad_packed_sequence(y, True)[0] if packed else y
    outputs = [y, *[s[0] for s in flat(last)]]
    found = gradients(outputs, [x, *first, *twin.parameters()])
    return outputs, found[: 1 + len(first)], found[1 + len(first) :]


@pytest.mark.parametrize("lengths", LENGTHS, ids=["full", "packed"])
@pytest.mark.parametrize("name", TWINS)
def test_by_hand_is_torch_with_all_its_gradients(name, lengths):
    cell = make(name)
    x, state = noise(B, T, D).requires_grad_(), random_state(cell, B)
    h, last = bptt.run(cell, x, state, lengths)
    outputs = [h, *flat(last)]
    theirs, d_states, d_weights = through_torch(cell, x, state, lengths)
    close(outputs, theirs)
    close(gradients(outputs, [x, *flat(state)]), [d_states[0], *[d[0] for d in d_states[1:]]])
    mine = gradients(outputs, [cell.W, cell.U, *([] if name == "no bias" else [cell.b])])
    close([torch_order(cell, d) for d in mine], d_weights[: len(mine)])
    if name == "GRU reset after":  # torch's second bias counts only in the candidate
        close(gradients(outputs, [cell.b_q]), [d_weights[3][-H:]])


@pytest.mark.parametrize("name", CELLS)
def test_finite_differences_agree_over_several_chunks(name):
    cell = make(name)
    names, weights = zip(*cell.named_parameters(), strict=True)
    x, state = noise(2, 5, D).requires_grad_(), flat(random_state(cell, 2))

    def through(x, *others):
        first = others[: len(state)]
        inputs = (x, tuple(first) if len(first) > 1 else first[0], [5, 3])
        given = {f"cell.{n}": w for n, w in zip(names, others[len(state) :], strict=True)}
        h, last = torch.func.functional_call(Runs(cell), given, inputs)
        return (h, *flat(last))

    assert torch.autograd.gradcheck(through, (x, *state, *weights), fast_mode=True)


class Runs(nn.Module):
    """A cell as a module over time, so that its weights can be exchanged."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x, state, lengths):
        return bptt.run(self.cell, x, state, lengths)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("rows, block", [(1, 1), (7, 2000), (10**6, 1), (2 * B, 10**9)])
def test_the_sizes_of_chunks_and_of_blocks_of_memory_change_nothing(name, rows, block, monkeypatch):
    cell, x = make(name), noise(B, T, D).requires_grad_()
    found = []
    for sizes in ((2 * B, 1), (rows, block)):
        monkeypatch.setattr(bptt_chunks, "ROWS", sizes[0])
        monkeypatch.setattr(bptt_chunks, "BLOCK", sizes[1])
        h, last = bptt.run(cell, x)
        found.append([h, *flat(last), *gradients([h, *flat(last)], [x, *cell.parameters()])])
    close(*found)


@pytest.mark.parametrize("name", CELLS)
def test_without_gradients_the_numbers_are_the_same_and_nothing_is_recorded(name):
    cell, x = make(name), noise(B, T, D)
    h, last = bptt.run(cell, x)
    with torch.no_grad():
        quiet, end = bptt.run(cell, x)
    close([quiet, *flat(end)], [h, *flat(last)])
    assert h.requires_grad and not quiet.requires_grad


@pytest.mark.parametrize("name", CELLS)
@given(more=st.integers(1, 5), seed=st.integers(0, 99))
@few
def test_more_padding_changes_nothing(name, more, seed):
    torch.manual_seed(seed)
    cell, lengths = make(name), torch.randint(1, T + 1, (B,))
    x = noise(B, T, D).requires_grad_()
    wider = torch.cat((x, 100 * noise(B, more, D)), 1)
    found = []
    for given_x in (x, wider):
        h, last = bptt.run(cell, given_x, lengths=lengths)
        outputs = [h[:, :T], *flat(last)]
        found.append([*outputs, *gradients(outputs, [x, *cell.parameters()])])
    close(*found)


@pytest.mark.parametrize("name", CELLS)
@given(seed=st.integers(0, 99))
@few
def test_other_sequences_in_the_batch_and_their_order_change_nothing(name, seed):
    torch.manual_seed(seed)
    cell, lengths, x = make(name), torch.randint(1, T + 1, (B,)), noise(B, T, D)
    order = torch.randperm(B)
    h, last = bptt.run(cell, x, lengths=lengths)
    mixed, end = bptt.run(cell, x[order], lengths=lengths[order])
    close([mixed, *flat(end)], [h[order], *[s[order] for s in flat(last)]])
    alone, end = bptt.run(cell, x[:1, : lengths[0]])
    close([alone, *flat(end)], [h[:1, : lengths[0]], *[s[:1] for s in flat(last)]])


@pytest.mark.parametrize("name", CELLS)
@given(cut=st.integers(1, T - 1))
@few
def test_a_sequence_in_two_parts_with_the_state_carried_is_the_whole(name, cut):
    cell, x = make(name), noise(B, T, D).requires_grad_()
    h, last = bptt.run(cell, x)
    a, middle = bptt.run(cell, x[:, :cut])
    b, end = bptt.run(cell, x[:, cut:], middle)
    parts, whole = [torch.cat((a, b), 1), *flat(end)], [h, *flat(last)]
    close(parts, whole)
    wanted = [x, *cell.parameters()]
    close(gradients(parts, wanted), gradients(whole, wanted))


def test_without_weights_every_state_is_tanh_of_the_bias():
    cell = make("tanh")
    with torch.no_grad():
        cell.W.zero_(), cell.U.zero_()
    h, _ = bptt.run(cell, noise(B, T, D))
    torch.testing.assert_close(h, torch.tanh(cell.b).expand(B, T, H), **EXACT)


def test_a_relu_with_the_identity_as_U_adds_up_its_input():
    cell = RNNCell(H, H, torch.relu, bias=False).double()
    with torch.no_grad():
        cell.W.copy_(torch.eye(H)), cell.U.copy_(torch.eye(H))
    x = noise(B, T, H).abs()
    torch.testing.assert_close(bptt.run(cell, x)[0], x.cumsum(1), **EXACT)


@pytest.mark.parametrize("name", CELLS)
def test_the_loss_may_look_at_one_output_only(name):
    cell = make(name)
    x, state = noise(B, T, D).requires_grad_(), random_state(cell, B)
    wanted = [x, *flat(state), *cell.parameters()]
    for k in range(1 + len(flat(state))):
        found = []
        for through in (loop, bptt.run):
            h, last = through(cell, x, state)
            loss = [h, *flat(last)][k].sum()  # sum() sends back one number, expanded
            found.append(torch.autograd.grad(loss, wanted, materialize_grads=True))
        close(*found)


def test_the_loss_may_look_at_every_context_of_the_lstm():
    cell, x = make("LSTM"), noise(B, T, D).requires_grad_()
    lengths = torch.tensor([1, T, 4, 6])
    found = []
    for through in (loop, bptt.run):
        _, (_, c) = through(cell, x, None, lengths)
        found.append(torch.autograd.grad((c**2).sum(), [x, cell.W, cell.U, cell.b]))
    close(*found)
    assert not found[0][0][0, 1:].any()  # padding gets no error


def test_a_frozen_input_gets_no_gradient_and_the_weights_keep_theirs():
    cell, x = make("GRU"), noise(B, T, D)
    bptt.run(cell, x)[0].sum().backward()
    mine = [p.grad.clone() for p in cell.parameters()]
    cell.zero_grad()
    loop(cell, x)[0].sum().backward()
    assert x.grad is None
    close(mine, [p.grad for p in cell.parameters()])


@pytest.mark.parametrize("name", CELLS)
def test_backward_twice_over_one_graph_gives_the_same_gradients(name):
    cell, x = make(name), noise(B, T, D).requires_grad_()
    loss = (bptt.run(cell, x)[0] ** 2).sum()
    first = torch.autograd.grad(loss, [x, *cell.parameters()], retain_graph=True)
    assert all(map(torch.equal, first, torch.autograd.grad(loss, [x, *cell.parameters()])))


@pytest.mark.parametrize("name", CELLS)
def test_second_derivatives_are_refused_and_not_wrong(name):
    cell, x = make(name), noise(B, T, D).requires_grad_()
    d_x = torch.autograd.grad((bptt.run(cell, x)[0] ** 2).sum(), x, create_graph=True)[0]
    with pytest.raises(RuntimeError, match="once_differentiable"):
        d_x.sum().backward()


@pytest.mark.parametrize("name", CELLS)
def test_changing_the_output_in_place_is_caught_and_not_silently_wrong(name):
    h, _ = bptt.run(make(name), noise(B, T, D))
    with pytest.raises(RuntimeError, match="in-?place"):
        h.mul_(2).sum().backward()


@pytest.mark.parametrize("name", CELLS)
def test_the_memory_of_a_pass_is_freed_without_the_garbage_collector(name):
    class Saved:
        def __init__(self, tensor):
            self.tensor = tensor
            alive.append(weakref.ref(self))

    cell, x, alive = make(name), noise(B, T, D), []
    with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        h, _ = bptt.run(cell, x)
    assert len(alive) >= 4 and all(saved() is not None for saved in alive)
    del h, _
    assert all(saved() is None for saved in alive)


@pytest.mark.parametrize("name", CELLS)
def test_single_precision_is_close_to_double_precision(name):
    cell, x = make(name), noise(B, T, D)
    found = []
    for dtype in (torch.float64, torch.float32):
        cell, x = cell.to(dtype), x.detach().to(dtype).requires_grad_()
        h, _ = bptt.run(cell, x)
        found.append((h, *torch.autograd.grad(h.sum(), [x, *cell.parameters()])))
    for double, single in zip(*found, strict=True):
        assert single.dtype == torch.float32
        most = double.abs().max().item()
        assert (single.double() - double).abs().max().item() < 1e-5 * max(1, most)


@pytest.mark.parametrize("name", CELLS)
def test_autocast_runs_in_half_precision_and_gives_full_gradients(name):
    cell = make(name).float()
    x = noise(B, T, D).float().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        h, _ = bptt.run(cell, x)
    h.float().sum().backward()
    assert h.dtype == torch.bfloat16 and x.grad.dtype == cell.W.grad.dtype == torch.float32
    exact, _ = bptt.run(cell, x)
    assert (exact - h).abs().max().item() < 0.05


def test_a_cell_without_a_pass_by_hand_goes_through_the_loop():
    class Reversed(GRUCell):
        """z mixes the other way round: a subclass must not inherit the pass of its parent."""

        def parts(self, x, state):
            parts = super().parts(x, state)
            return {**parts, "h": parts["z"] * parts["g"] + (1 - parts["z"]) * state}

    own, sine = Reversed(D, H).double(), RNNCell(D, H, torch.sin).double()
    x = noise(B, T, D)
    for cell in (own, sine):
        assert not bptt.by_hand(cell)
        assert torch.equal(bptt.run(cell, x)[0], loop(cell, x)[0])
    assert all(bptt.by_hand(make(name)) for name in CELLS)


@pytest.mark.parametrize(
    "x, state, lengths, message",
    [
        ((B, T), None, None, r"x must be \(B, T, D=3\), got \(4, 11\): did you embed the tokens\?"),
        ((B, T, 8), None, None, r"x must be \(B, T, D=3\), got \(4, 11, 8\)"),
        ((0, T, D), None, None, r"got \(0, 11, 3\): skip empty batches"),
        ((B, T, D), (2, H), None, r"state h must be \(B=4, H=5\), got \(2, 5\)"),
        ((B, T, D), None, [T, 1, 1, T + 1], r"lengths must be from 1 to T=11, got 1 to 12: pad to"),
        ((B, T, D), None, [T, 1, 0, 2], "lengths must be from 1 to T=11, got 0 to 11: drop empty"),
        ((B, T, D), None, [T, 1, -2, 2], "got -2 to 11: drop empty sequences"),
        ((B, T, D), None, [T, 1], r"lengths must be B=4 whole numbers, got torch.int64 \(2,\)"),
        ((B, T, D), None, [1.0, 2.0, 3.0, 4.0], r"lengths must be B=4 whole numbers, got torch.fl"),
    ],
)
def test_wrong_input_gives_one_sentence_with_a_hint(x, state, lengths, message):
    with pytest.raises(ValueError, match=message):
        bptt.run(make("GRU"), noise(*x), None if state is None else noise(*state), lengths)
