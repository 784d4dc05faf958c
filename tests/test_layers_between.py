"""Layers without a state, shortened ones, whole stacks: against torch.nn, invariances, errors."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from rnnlib.cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell
from rnnlib.layers import Backwards, OverTime, Stacked, concatenate, reverse
from rnnlib.layers_built import (
    DIRECTIONS,
    joined,
    normalised,
    stacked,
    two_readers,
    weights,
    widest,
)
from rnnlib.layers_pointwise import Convolution, FeedForward, Shortened, largest
from rnnlib.trace_layers import by_layer, commonest_share, readable

D, H, B, T = 3, 4, 4, 9
LENGTHS = torch.tensor([T, 2, 5, 1])
EXACT = {"rtol": 0, "atol": 1e-10}
few = settings(max_examples=15, deadline=None, derandomize=True)


def noise(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def close(a, b):
    torch.testing.assert_close(a, b, **EXACT)


LAYERS = {
    "feed-forward": lambda: FeedForward(D, H),
    "convolution": lambda: Convolution(D, H, 5),
    "a wide convolution": lambda: Convolution(D, H, 25),
    "backwards": lambda: Backwards(OverTime(LSTMCell(D, H))),
    "every second": lambda: Shortened(two_readers(GRUCell, D, H), 2),
    "every fourth": lambda: Shortened(OverTime(LSTMCell(D, H)), 4),
    "all of them": lambda: Stacked(FeedForward(D, H), Convolution(H, H, 3),
                                   Shortened(two_readers(RNNCell, H, H), 3), FeedForward(2 * H, D)),
} | {name: (lambda build=build: build(GRUCell, D, H, 2))
     for name, build in (DIRECTIONS | {"normalised": normalised}).items()}


def made(name):
    torch.manual_seed(0)
    return LAYERS[name]().double()


@pytest.mark.parametrize("name", LAYERS)
@given(seed=st.integers(0, 99), more=st.integers(0, 5))
@few
def test_padding_batch_mates_and_their_order_change_nothing(name, seed, more):
    torch.manual_seed(seed)
    x, lengths, order = noise(B, T, D), torch.randint(1, T + 1, (B,)), torch.randperm(B)
    layer = made(name)
    h, _ = layer(x, None, lengths)
    wider = torch.cat((x, 100 * torch.ones(B, more, D).double()), 1)
    other, _ = layer(wider[order], None, lengths[order])
    close(other[:, :T], h[order])
    for b, n in enumerate(lengths.tolist()):
        close(layer(x[b : b + 1, :n])[0], h[b : b + 1, :n])
        assert not h[b, n:].any()


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_says_its_size_and_makes_a_state_that_it_takes(name):
    layer = made(name)
    h, _ = layer(noise(B, T, D), layer.start(B))
    assert h.shape == (B, T, layer.size)


@pytest.mark.parametrize("name", LAYERS)
def test_the_error_finds_its_way_back_through_it(name):
    layer, x = made(name), noise(2, 5, D).requires_grad_()
    lengths = torch.tensor([5, 3])
    assert torch.autograd.gradcheck(lambda x: layer(x, None, lengths)[0], x)


@pytest.mark.parametrize("width", [1, 3, 7])
def test_a_convolution_is_torchs_conv1d_on_each_sequence_alone(width):
    layer, x = Convolution(D, H, width).double(), noise(B, T, D)
    h, last = layer(x, None, LENGTHS)
    for b, n in enumerate(LENGTHS.tolist()):
        wanted = F.conv1d(x[b, :n].T[None], layer.W.weight, layer.W.bias, padding=width // 2)
        close(h[b, :n], torch.tanh(wanted)[0].T)
    assert last == ()


def test_a_convolution_worked_by_hand():
    """1, 2, 3 with the weights 1, 10, 100: zeros outside, b = 0.5."""
    layer = Convolution(1, 1, 3).double()
    with torch.no_grad():
        layer.W.weight.copy_(torch.tensor([[[1.0, 10, 100]]]).double() / 1000)
        layer.W.bias.fill_(0.5)
    h, _ = layer(torch.tensor([[[1.0], [2], [3]]]).double())
    sums = torch.tensor([10 + 200, 1 + 20 + 300, 2 + 30]).double() / 1000 + 0.5
    close(h.flatten(), torch.tanh(sums))


def test_a_feed_forward_layer_is_a_convolution_of_width_one():
    one, other, x = FeedForward(D, H).double(), Convolution(D, H, 1).double(), noise(B, T, D)
    with torch.no_grad():
        other.W.weight.copy_(one.W.weight[..., None])
        other.W.bias.copy_(one.W.bias)
    close(one(x, None, LENGTHS)[0], other(x, None, LENGTHS)[0])


def test_backwards_is_the_backward_half_of_two_readers():
    both, x = two_readers(GRUCell, D, H).double(), noise(B, T, D)
    h, last = Backwards(both.backwards)(x, None, LENGTHS)
    whole, (_, end) = both(x, None, LENGTHS)
    close(h, whole[..., H:])
    close(last, end)


def test_the_largest_of_every_k_steps_worked_by_hand():
    x = torch.tensor([[1.0, 5, 2, 3, 9], [-4, -2, -7, 8, 8]])[..., None]
    assert largest(x, 2).squeeze(2).tolist() == [[5, 3, 9], [-2, 8, 8]]
    assert largest(x, 2, torch.tensor([5, 3])).squeeze(2).tolist() == [[5, 3, 9], [-2, -7, 0]]
    assert torch.equal(largest(x, 1), x)


def test_one_step_for_every_one_is_the_layer_itself():
    layer, x = two_readers(GRUCell, D, H).double(), noise(B, T, D)
    close(Shortened(layer, 1)(x, None, LENGTHS)[0], layer(x, None, LENGTHS)[0])


def test_a_shortened_layer_repeats_what_it_made_of_fewer_steps():
    layer, x = OverTime(GRUCell(D, H)).double(), noise(B, T, D)
    h, last = Shortened(layer, 4)(x)
    inside, end = layer(largest(x, 4))  # 9 steps become 3
    close(h[:, [0, 3, 4, 8]], inside[:, [0, 0, 1, 2]])
    close(last, end)


# --- whole stacks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_two_directions_side_by_side_are_torchs_bidirectional_gru(layers):
    theirs = nn.GRU(D, H, layers, batch_first=True, bidirectional=True).double()
    ours = joined(concatenate)(GRUResetAfterCell, D, H, layers).double()
    for k, layer in enumerate(ours.layers):
        layer.forwards.cell = GRUResetAfterCell.from_torch(theirs, f"l{k}")
        layer.backwards.cell = GRUResetAfterCell.from_torch(theirs, f"l{k}_reverse")
    x = noise(B, T, D)
    close(ours(x)[0], theirs(x)[0])


def seen_from(build, t):
    """Which input steps can change the output at step t of a stack of two layers."""
    torch.manual_seed(0)
    x = noise(1, T, D).requires_grad_()
    h, _ = build(RNNCell, D, H, 2).double()(x)
    return torch.autograd.grad(h[0, t].pow(2).sum(), x)[0][0].abs().sum(1) > 0


def test_a_direction_sees_what_it_has_read_and_nothing_else():
    t = torch.arange(T)
    assert torch.equal(seen_from(DIRECTIONS["from the left"], 4), t <= 4)
    assert torch.equal(seen_from(DIRECTIONS["from the right"], 4), t >= 4)
    assert seen_from(DIRECTIONS["two stacks"], 4).all()


def test_no_unit_of_two_separate_stacks_sees_both_sides_and_every_unit_of_a_joined_one_does():
    x = noise(1, T, D).requires_grad_()
    for name, both in (("two stacks", False), ("side by side", True)):
        h, _ = DIRECTIONS[name](RNNCell, D, H, 2).double()(x)
        for unit in range(2 * H):
            reach = torch.autograd.grad(h[0, 4, unit], x, retain_graph=True)[0][0].abs().sum(1)
            assert bool(reach[:4].sum() > 0 and reach[5:].sum() > 0) == both


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_widest_network_is_within_the_budget_and_the_next_one_is_not(name):
    def network(H):
        return DIRECTIONS[name](GRUCell, D, H, 2)

    found = widest(network, 2000)
    assert weights(network(found)) <= 2000 < weights(network(found + 1))


def test_a_merged_layer_has_the_weights_of_two_and_the_next_one_fewer():
    sizes = {name: weights(DIRECTIONS[name](RNNCell, D, H, 2)) for name in DIRECTIONS}
    one = H * D + H * H + H
    assert sizes["from the left"] == one + 2 * H * H + H
    assert sizes["side by side"] == 2 * (one + 3 * H * H + H)
    for name in ("added", "multiplied", "two stacks"):
        assert sizes[name] == 2 * sizes["from the left"]


def test_layers_of_different_sizes_fit_when_each_is_made_for_the_one_below():
    net = stacked(lambda size: FeedForward(size, size + 2), D, 4)
    assert [layer.size for layer in net.layers] == [5, 7, 9, 11] and net.size == 11


# --- layer by layer -------------------------------------------------------------------------------


def test_the_outputs_by_layer_end_with_what_the_stack_puts_out_in_evaluation():
    net = DIRECTIONS["side by side"](GRUCell, D, H, 3).double()
    net.dropout.p = 0.5
    x = noise(B, T, D)
    found = by_layer(net.train(), x, LENGTHS)
    assert len(found) == 4 and found[0] is x
    close(found[-1], net.eval()(x, None, LENGTHS)[0])
    close(found[1], net.layers[0](x, None, LENGTHS)[0])


def test_a_probe_reads_what_is_there_and_not_what_is_not():
    torch.manual_seed(0)
    symbols, other = torch.randint(4, (2, 2000))
    states = F.one_hot(symbols, 4).float() @ torch.randn(4, 8) + 0.01 * torch.randn(2000, 8)
    assert readable(states, symbols, 4) > 0.99
    assert readable(states, other, 4) < 0.35


def test_a_blind_probe_names_the_commonest_of_the_part_it_was_fitted_to():
    assert commonest_share(torch.tensor([1, 1, 1, 2, 2, 2, 2, 1, 2, 2])) == pytest.approx(2 / 3)


WRONG = {
    "an even window": (lambda: Convolution(D, H, 4),
                       "expected a window of an odd number of steps, got width=4"),
    "no window": (lambda: Convolution(D, H, 0), "odd number of steps, got width=0"),
    "no steps": (lambda: Shortened(OverTime(RNNCell(D, H)), 0), "at least one step .* got k=0"),
    "another size": (lambda: FeedForward(D, H)(torch.zeros(2, 3, 5)),
                     r"x must be \(B, T, D=3\), got \(2, 3, 5\): does the layer below"),
    "no batch": (lambda: Convolution(D, H, 3)(torch.zeros(3, D)), r"x must be \(B, T, D=3\), got"),
    "lengths": (lambda: Convolution(D, H, 3)(torch.zeros(2, 3, D), None, [3, 4]),
                "lengths must be from 1 to T=3, got 3 to 4"),
    "no room": (lambda: widest(lambda H: FeedForward(D, H), 3),
                "budget of at least 4 weights, what H = 1 takes, got 3"),
    "no stack": (lambda: by_layer(OverTime(RNNCell(D, H)), torch.zeros(1, 2, D)),
                 "expected a Stacked layer, got OverTime"),
    "too few states": (lambda: readable(torch.zeros(1, 2), torch.zeros(1).long(), 2),
                       "states to fit to and states to test on, got 1 states"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_gives_one_sentence_with_a_hint(case):
    call, message = WRONG[case]
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_reading_turned_input_backwards_is_reading_forwards():
    layer, x = OverTime(LSTMCell(D, H)).double(), noise(B, T, D)
    h, _ = Backwards(layer)(reverse(x, LENGTHS), None, LENGTHS)
    close(reverse(h, LENGTHS), layer(x, None, LENGTHS)[0])
