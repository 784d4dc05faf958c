"""Layers over time: depth, direction and raggedness against torch.nn, invariances, errors."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from rnnlib import bptt
from rnnlib.cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell, SimpleGRUCell, loop
from rnnlib.layers import (
    Bidirectional,
    Normalised,
    OverTime,
    Stacked,
    add,
    concatenate,
    mean,
    multiply,
    reverse,
)
from rnnlib.shapes import check_finite

D, H, B, T = 3, 5, 4, 9
LENGTHS = torch.tensor([T, 2, 5, 1])
EXACT = {"rtol": 0, "atol": 1e-10}
PAIRS = {"RNN": (RNNCell, nn.RNN), "LSTM": (LSTMCell, nn.LSTM), "GRU": (GRUResetAfterCell, nn.GRU)}
NAMES = ["l0", "l0_reverse", "l1", "l1_reverse"]
ALL = [RNNCell, LSTMCell, GRUCell, GRUResetAfterCell, SimpleGRUCell]
few = settings(max_examples=20, deadline=None, derandomize=True)


def noise(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def over(cell, D=D, H=H):
    return OverTime(cell(D, H)).double()


def flat(state):
    """The tensors of a nested state, in order."""
    return [state] if torch.is_tensor(state) else [t for s in state for t in flat(s)]


def gradients(outputs, wanted):
    torch.manual_seed(1)
    return torch.autograd.grad(sum((noise(*o.shape) * o).sum() for o in outputs), wanted)


def close(mine, theirs):
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b, **EXACT)


def two_layers_both_ways(kind):
    """A torch.nn module with two layers in both directions, and ours with the same weights."""
    cell, module = PAIRS[kind]
    torch.manual_seed(0)
    theirs = module(D, H, 2, batch_first=True, bidirectional=True).double()
    a, b, c, d = (OverTime(cell.from_torch(theirs, name)) for name in NAMES)
    return Stacked(Bidirectional(a, b), Bidirectional(c, d)), theirs


def as_torch(state, kind):
    """Our nested state as torch.nn has it: (2 layers * 2 directions, B, H), for the LSTM two."""
    tensors = flat(state)
    if kind != "LSTM":
        return torch.stack(tensors)
    return torch.stack(tensors[0::2]), torch.stack(tensors[1::2])


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "packed"])
@pytest.mark.parametrize("kind", PAIRS)
def test_deep_and_both_ways_is_torch_with_gradients_and_states(kind, lengths):
    ours, theirs = two_layers_both_ways(kind)
    x = noise(B, T, D).requires_grad_()
    first = [noise(B, H).requires_grad_() for _ in flat(ours.start(B))]
    h, last = ours(x, nest(first, ours.start(B)), lengths)
    given = x
    if lengths is not None:
        given = nn.utils.rnn.pack_padded_sequence(x, lengths, True, False)
    y, end = theirs(given, as_torch(first, kind))
    if lengths is not None:
        y, _ = nn.utils.rnn.pad_packed_sequence(y, True)
    mine = [h, *flat(as_torch(last, kind))]
    reference = [y, *flat(end)]
    close(mine, reference)
    cells = [m for m in ours.modules() if hasattr(m, "gates")]
    weights = [w for cell in cells for w in (cell.W, cell.U, cell.b)]
    names = [f"{w}_{name}" for name in NAMES for w in ("weight_ih", "weight_hh", "bias_ih")]
    d_mine = gradients(mine, [x, *first, *weights])
    d_theirs = gradients(reference, [x, *first, *[getattr(theirs, name) for name in names]])
    n = 1 + len(first)
    close(d_mine[:n], d_theirs[:n])
    close([torch_order(cells[0], d) for d in d_mine[n:]], d_theirs[n:])


def torch_order(cell, rows):
    """Rows of the cell's gates in the order in which torch.nn has them."""
    order = {RNNCell: "h", LSTMCell: "ifgo", GRUResetAfterCell: "rzg"}[type(cell)]
    return rows.unflatten(0, (len(order), H))[[cell.gates.index(k) for k in order]].flatten(0, 1)


def nest(tensors, like):
    """The tensors in the nesting of `like`."""
    it = iter(tensors)

    def fill(s):
        return next(it) if torch.is_tensor(s) else tuple(fill(part) for part in s)

    return fill(like)


@pytest.mark.parametrize("cell", ALL)
def test_the_way_through_time_changes_no_number_and_no_gradient(cell):
    torch.manual_seed(0)
    fast = over(cell)
    slow = OverTime(fast.cell, run=loop)
    x = noise(B, T, D).requires_grad_()
    found = []
    for layer in (fast, slow):
        h, last = layer(x, None, LENGTHS)
        found.append([h, *flat(last), *gradients([h, *flat(last)], [x, *layer.parameters()])])
    close(*found)
    assert fast.run is bptt.run


@pytest.mark.parametrize("cell", ALL)
def test_the_last_state_is_each_sequence_s_own_and_nothing_comes_after(cell):
    layer, x = over(cell), noise(B, T, D)
    h, last = layer(x, None, LENGTHS)
    for b, n in enumerate(LENGTHS.tolist()):
        alone, end = layer(x[b : b + 1, :n])
        close([h[b : b + 1, :n], *[s[b : b + 1] for s in flat(last)]], [alone, *flat(end)])
        assert not h[b, n:].any()


def deep():
    torch.manual_seed(0)
    below = Bidirectional(over(GRUCell), over(GRUCell))
    above = Normalised(Bidirectional(over(LSTMCell, 2 * H), over(LSTMCell, 2 * H), mean), H)
    return Stacked(below, above).double()


@given(seed=st.integers(0, 99), more=st.integers(0, 4))
@few
def test_padding_and_batch_mates_and_their_order_change_nothing_in_a_deep_net(seed, more):
    torch.manual_seed(seed)
    x, lengths, order = noise(B, T, D), torch.randint(1, T + 1, (B,)), torch.randperm(B)
    net = deep()
    h, last = net(x, None, lengths)
    wider = torch.cat((x, 100 * torch.ones(B, more, D).double()), 1)
    other, end = net(wider[order], None, lengths[order])
    close([other[:, :T], *flat(end)], [h[order], *[s[order] for s in flat(last)]])
    alone, _ = net(x[:1, : lengths[0]])
    close([alone], [h[:1, : lengths[0]]])


@given(lengths=st.lists(st.integers(1, T), min_size=1, max_size=5))
@few
def test_turning_round_twice_is_nothing_and_once_is_backwards(lengths):
    x = torch.randn(len(lengths), T, 2)
    turned = reverse(x, lengths)
    assert torch.equal(reverse(turned, lengths), x)
    for b, n in enumerate(lengths):
        assert torch.equal(turned[b, :n], x[b, :n].flip(0))
        assert torch.equal(turned[b, n:], x[b, n:])


def test_turning_round_takes_tokens_too_and_full_length_is_the_default():
    ids = torch.arange(6).view(2, 3)
    assert reverse(ids, [3, 2]).tolist() == [[2, 1, 0], [4, 3, 5]]
    assert torch.equal(reverse(ids), reverse(ids, [3, 3]))


def test_the_error_finds_its_way_back_through_turning_round():
    x = noise(B, T, 2).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: reverse(x, LENGTHS), x)
    assert torch.autograd.gradgradcheck(lambda x: reverse(x, LENGTHS), x)


@pytest.mark.parametrize("cell", ALL)
def test_reading_the_reversed_input_swaps_the_directions(cell):
    torch.manual_seed(0)
    a, b, x = over(cell), over(cell), noise(B, T, D)
    h, (left, right) = Bidirectional(a, b)(x, None, LENGTHS)
    k, (right_too, left_too) = Bidirectional(b, a)(reverse(x, LENGTHS), None, LENGTHS)
    close([reverse(k, LENGTHS).roll(H, 2)], [h])
    close(flat(left) + flat(right), flat(left_too) + flat(right_too))


def test_the_backward_half_stands_at_its_own_token_and_ends_at_the_first():
    a, b, x = over(RNNCell), over(RNNCell), noise(B, T, D)
    h, (_, last) = Bidirectional(a, b)(x)
    backwards, _ = b(x.flip(1))
    close([h[:, :, H:], last], [backwards.flip(1), h[:, 0, H:]])


@pytest.mark.parametrize(
    "merge, by_hand",
    [
        (concatenate, lambda a, b: torch.cat((a, b), 2)),
        (add, lambda a, b: a + b),
        (multiply, lambda a, b: a * b),
        (mean, lambda a, b: a / 2 + b / 2),
    ],
)
def test_the_four_merges(merge, by_hand):
    a, b, x = over(GRUCell), over(GRUCell), noise(B, T, D)
    net = Bidirectional(a, b, merge)
    h, _ = net(x, None, LENGTHS)
    forwards, _ = a(x, None, LENGTHS)
    backwards, _ = b(reverse(x, LENGTHS), None, LENGTHS)
    close([h], [by_hand(forwards, reverse(backwards, LENGTHS))])
    assert net.size == h.shape[2]


def test_a_stack_feeds_each_layer_the_whole_output_of_the_one_below():
    a, b, x = over(RNNCell), over(LSTMCell, H), noise(B, T, D)
    h, (first, second) = Stacked(a, b)(x)
    below, last = a(x)
    close([h, *flat(second), first], [*flat(b(below)), last])


def test_dropout_acts_between_the_layers_in_training_only():
    a, b, x = over(RNNCell), over(RNNCell, H, 400), noise(B, T, D)
    net = Stacked(a, b, dropout=0.5)
    torch.manual_seed(3)
    h, (first, _) = net(x)
    torch.manual_seed(3)
    close([h], [b(nn.functional.dropout(a(x)[0], 0.5))[0]])
    assert (h == 0).sum().item() == 0  # none after the last layer
    close([first], [a(x)[1]])
    net.eval()
    close([net(x)[0]], [b(a(x)[0])[0]])


def test_a_normalised_layer_has_mean_0_and_variance_1_at_every_real_token():
    layer = Normalised(over(LSTMCell), H).double()
    nn.init.constant_(layer.norm.bias, 0.25)
    h, _ = layer(noise(B, T, D), None, LENGTHS)
    real = torch.arange(T) < LENGTHS[:, None]
    assert (h.mean(2)[real] - 0.25).abs().max().item() < 1e-12
    assert (h.var(2, correction=0)[real] - 1).abs().max().item() < 0.05
    assert not h[~real].any()


def test_states_carried_over_a_cut_make_the_whole_for_a_deep_one_way_net():
    net, x = Stacked(over(LSTMCell), over(GRUCell, H)), noise(B, T, D)
    h, last = net(x)
    a, state = net(x[:, :4])
    b, end = net(x[:, 4:], state)
    close([torch.cat((a, b), 1), *flat(end)], [h, *flat(last)])


def test_start_has_the_shape_of_the_state_that_comes_out():
    net = deep()
    _, last = net(noise(B, T, D))
    assert [s.shape for s in flat(net.start(B))] == [s.shape for s in flat(last)]
    close([net(noise(B, T, D) * 0, net.start(B))[0]], [net(noise(B, T, D) * 0)[0]])


WRONG = {
    "a length over T": (
        lambda: over(GRUCell)(noise(B, T, D), None, [T, T + 3, 1, 1]),
        "lengths must be from 1 to T=9, got 1 to 12: pad to the longest",
    ),
    "a length of zero": (
        lambda: Bidirectional(over(GRUCell), over(GRUCell))(noise(B, T, D), None, [T, 0, 1, 1]),
        "lengths must be from 1 to T=9, got 0 to 9: drop empty sequences",
    ),
    "turning round too much": (
        lambda: reverse(noise(B, T, D), [T, T, T, T + 1]),
        "lengths must be from 1 to T=9, got 9 to 10",
    ),
    "too few lengths": (
        lambda: over(LSTMCell)(noise(B, T, D), None, [1, 2]),
        r"lengths must be B=4 whole numbers, got torch.int64 \(2,\): one for each sequence",
    ),
    "an empty batch": (
        lambda: over(LSTMCell)(noise(0, T, D)),
        r"x must be \(B, T, D=3\) with at least 1 of each, got \(0, 9, 3\): skip empty batches",
    ),
    "layers that do not fit": (
        lambda: Stacked(over(RNNCell), over(RNNCell))(noise(B, T, D)),
        r"x must be \(B, T, D=3\), got \(4, 9, 5\)",
    ),
    "no layers": (lambda: Stacked(), "Stacked needs at least one layer, got none"),
    "one state for two layers": (
        lambda: Stacked(over(RNNCell), over(RNNCell, H))(noise(B, T, D), (noise(B, H),)),
        r"the state of Stacked is 2 states, got 1 of them: layer.start\(B\) makes one",
    ),
    "one state for two directions": (
        lambda: Bidirectional(over(RNNCell), over(RNNCell))(noise(B, T, D), noise(B, H)),
        "the state of Bidirectional is 2 states, got Tensor",
    ),
    "a sum of unequal sizes": (
        lambda: Bidirectional(over(RNNCell), over(RNNCell, D, 2), add),
        "add needs two directions of one size, got 5 and 2: use concatenate",
    ),
    "NaN": (
        lambda: check_finite("x", torch.tensor([1.0, float("nan"), float("inf")])),
        "x must be finite, got 2 NaN or infinite of 3 numbers: look at what made it",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_gives_one_sentence_with_a_hint(case):
    call, message = WRONG[case]
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_finite_numbers_pass():
    check_finite("x", noise(3))
