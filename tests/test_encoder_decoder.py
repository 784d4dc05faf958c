"""Models from a source to a text: equations, invariances, one step against all, errors."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from rnnlib import decode
from rnnlib.attention import Additive, Bilinear, DotProduct
from rnnlib.cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell
from rnnlib.layers import Bidirectional, Normalised, OverTime, Stacked, add
from rnnlib.models import (
    AttentionDecoder,
    Averaged,
    ContextDecoder,
    ConvEncoder,
    Decoder,
    DeepAttentionDecoder,
    EncoderDecoder,
    InputDecoder,
    LanguageModel,
    OneNetwork,
    Pairs,
    RecurrentEncoder,
    StartingAt,
    beam_answers,
    both_ways,
    cover,
    greedy_answers,
    read_again,
    weights_of,
)
from rnnlib.objectives import likelihood, mean_by_text, nats
from rnnlib.text import BOS, EOS, Vocab

D, H, G = 4, 5, 6
SOURCES, TARGETS = Vocab(list("abcdefg")), Vocab([BOS, EOS, *"uvwxyz"])
LENGTHS = torch.tensor([6, 1, 4])
X = torch.tensor([[0, 1, 2, 3, 4, 5], [6, 0, 0, 0, 0, 0], [3, 3, 1, 2, 0, 0]])
Y = torch.tensor([[0, 2, 3, 4, 5], [0, 5, 2, 1, 1], [0, 7, 7, 2, 1]])
EXACT = {"rtol": 0, "atol": 1e-10}


def one_way(cell=LSTMCell, size=D):
    return OverTime(cell(size, H))


ENCODERS = {
    "RNN": lambda: RecurrentEncoder(len(SOURCES), D, one_way(RNNCell)),
    "LSTM": lambda: RecurrentEncoder(len(SOURCES), D, one_way()),
    "both ways": lambda: RecurrentEncoder(len(SOURCES), D, both_ways(GRUCell, D, H)),
    "stack": lambda: RecurrentEncoder(len(SOURCES), D, Stacked(
        both_ways(LSTMCell, D, H), Normalised(one_way(GRUResetAfterCell, 2 * H), H))),
    "convolution": lambda: ConvEncoder(len(SOURCES), D),
}
DECODERS = {
    "state": lambda e: Decoder(len(TARGETS), D, OverTime(LSTMCell(D, G)), e),
    "context": lambda e: ContextDecoder(len(TARGETS), D, OverTime(GRUCell(D + e.C, G)), e),
    "input": lambda e: InputDecoder(len(TARGETS), D, OverTime(LSTMCell(D, G)), e),
    "attention": lambda e: AttentionDecoder(len(TARGETS), D, OverTime(LSTMCell(D + e.size, G)), e,
                                            Bilinear(G, e.size)),
    "attention of a stack": lambda e: AttentionDecoder(
        len(TARGETS), D, Stacked(OverTime(GRUCell(D + e.size, 3)), OverTime(RNNCell(3, G))), e,
        Additive(G, e.size, 4)),
    "deep attention": lambda e: DeepAttentionDecoder(
        len(TARGETS), D, (OverTime(GRUCell(D, 3)), OverTime(LSTMCell(3 + e.size, G))), e,
        Bilinear(3, e.size)),
}


def one_network(cell=LSTMCell):
    torch.manual_seed(0)
    return OneNetwork(LanguageModel(9, D, cell(D, H))).double().eval()


def model(encoder="both ways", decoder="attention"):
    torch.manual_seed(0)
    made = ENCODERS[encoder]()
    return EncoderDecoder(made, DECODERS[decoder](made)).double().eval()


EVERY = {
    **{f"{e} + {d}": (lambda e=e, d=d: model(e, d)) for e, d in itertools.chain(
        itertools.product(ENCODERS, ["attention"]), itertools.product(["stack"], DECODERS))},
    "one network": one_network,
    "two together": lambda: Averaged([model("LSTM", "attention"), model("stack", "context")]),
}
every = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)


@every
def test_padding_batch_mates_and_order_change_nothing(make):
    model = make()
    found = model((X, LENGTHS), Y)[2]
    order = torch.tensor([2, 1])
    wider = torch.cat([X, torch.full((3, 4), 5)], 1)
    other = X.where(torch.arange(6) < LENGTHS[:, None], 6)
    for x, lengths, y in [(wider, LENGTHS, Y), (X[order], LENGTHS[order], Y[order]),
                          (X[2:, :4], None, Y[2:]), (other, LENGTHS, Y)]:
        again = model((x, lengths), y)
        place = -1 if len(again) == 3 else 0
        torch.testing.assert_close(found, again[place], **EXACT)


@every
def test_step_by_step_is_the_whole_target_at_once(make):
    model = make()
    scores = model((X, LENGTHS), Y)
    state = model.start(X, LENGTHS)
    for t in range(Y.shape[1]):
        log_probs, state = model.step(Y[:, t], state)
        torch.testing.assert_close(log_probs, F.log_softmax(scores[:, t], 1), **EXACT)


@every
def test_a_target_read_in_two_pieces_is_the_same_target(make):
    model = make()
    whole, _ = model.read(Y, model.start(X, LENGTHS))
    first, state = model.read(Y[:, :2], model.start(X, LENGTHS))
    second, _ = model.read(Y[:, 2:], state)
    torch.testing.assert_close(whole, torch.cat([first, second], 1), **EXACT)


@every
def test_no_word_sees_a_later_one_and_every_word_sees_every_source_word(make):
    model = make()
    changed = Y.clone()
    changed[:, 3] = 6
    before, after = model((X, LENGTHS), Y), model((X, LENGTHS), changed)
    torch.testing.assert_close(before[:, :3], after[:, :3], **EXACT)
    assert (before[:, 3] - after[:, 3]).abs().max() > 1e-5
    for place in range(4):
        other = X.clone()
        other[2, place] = 5
        moved = (model((other, LENGTHS), Y) - before).abs().amax((1, 2))
        assert moved[2] > 1e-8 and (moved[:2] == 0).all()


@every
def test_the_rows_of_a_state_can_be_chosen(make):
    model = make()
    state, order = model.start(X, LENGTHS), torch.tensor([2, 0, 0])
    chosen, _ = model.step(Y[order, 0], decode.rows(state, order))
    torch.testing.assert_close(chosen, model.step(Y[:, 0], state)[0][order], **EXACT)


def test_models_together_have_the_mean_of_their_probabilities_and_of_their_weights():
    members = [model("LSTM", "attention"), model("stack", "attention")]
    both = Averaged(members)
    mean = sum(one((X, LENGTHS), Y).softmax(2) for one in members) / 2
    torch.testing.assert_close(both((X, LENGTHS), Y).exp(), mean, **EXACT)
    weights = sum(weights_of(one, (X, LENGTHS), Y) for one in members) / 2
    torch.testing.assert_close(weights_of(both, (X, LENGTHS), Y), weights, **EXACT)
    twice = Averaged([members[0]] * 2)((X, LENGTHS), Y)
    torch.testing.assert_close(twice, members[0]((X, LENGTHS), Y).log_softmax(2), **EXACT)


def test_without_attention_there_are_no_weights():
    assert weights_of(model("LSTM", "context"), (X, LENGTHS), Y) is None
    assert weights_of(one_network(), (X, LENGTHS), Y) is None


def test_equal_states_are_handed_over_as_they_are():
    encoder = RecurrentEncoder(len(SOURCES), D, OverTime(LSTMCell(D, G)))
    decoder = Decoder(len(TARGETS), D, OverTime(LSTMCell(D, G)), encoder)
    assert not list(decoder.begin.parameters())
    encoded = encoder(X, LENGTHS)
    h, c = decoder.start(encoded)
    _, last = encoder.layer(encoder.E(X), None, LENGTHS)
    assert torch.equal(h, last[0]) and torch.equal(c, last[1]) and torch.equal(encoded.c, h)


def test_different_states_are_bridged_by_a_matrix():
    made = model("both ways", "state")
    encoded, bridge = made.encoder(X, LENGTHS), made.decoder.begin
    h, c = made.decoder.start(encoded)
    wanted = torch.tanh(encoded.c @ bridge.W.weight.T + bridge.W.bias)
    torch.testing.assert_close(torch.cat([h, c], 1), wanted, **EXACT)
    assert encoded.c.shape == (3, 2 * H)


def test_the_context_of_two_directions_is_both_ends():
    encoder = ENCODERS["both ways"]().double()
    encoded = encoder(X, LENGTHS)
    for b, n in enumerate(LENGTHS):
        ends = torch.cat([encoded.h[b, n - 1, :H], encoded.h[b, 0, H:]])
        torch.testing.assert_close(encoded.c[b], ends, **EXACT)
    merged = Bidirectional(one_way(), one_way(), add)
    assert RecurrentEncoder(len(SOURCES), D, merged).C == 2 * H


def test_a_state_decoder_is_a_language_model_that_starts_elsewhere():
    made = model("LSTM", "state")
    decoder, state = made.decoder, made.start(X, LENGTHS)
    h, _ = decoder.layer(decoder.E(Y), state)
    torch.testing.assert_close(made((X, LENGTHS), Y), decoder.V(h), **EXACT)


def test_the_context_enters_every_state_and_every_output():
    """h_t = g(y_(t-1), h_(t-1), c) and scores = V [h_t; y_(t-1); c] + b, step by step."""
    made = model("LSTM", "context")
    decoder, encoded = made.decoder, made.encoder(X, LENGTHS)
    h, cell = decoder.start(encoded)[0], decoder.layer.cell
    for t in range(Y.shape[1]):
        e = decoder.E(Y[:, t])
        h = cell(torch.cat([e, encoded.c], 1), h)
        scores = decoder.V(torch.cat([h, e, encoded.c], 1))
        torch.testing.assert_close(made((X, LENGTHS), Y)[:, t], scores, **EXACT)


def test_the_vector_as_first_input_is_read_before_the_begin_marker():
    made = model("LSTM", "input")
    decoder, encoded = made.decoder, made.encoder(X, LENGTHS)
    first = decoder.begin(encoded.c)[:, None]
    h, _ = decoder.layer(torch.cat([first, decoder.E(Y)], 1))
    torch.testing.assert_close(made((X, LENGTHS), Y), decoder.V(h[:, 1:]), **EXACT)


def test_attention_enters_the_computation_of_the_new_state():
    """The notes, step by step: c_t from h_(t-1), then h_t = g(y_(t-1), h_(t-1), c_t)."""
    made = model("both ways", "attention")
    decoder, encoded = made.decoder, made.encoder(X, LENGTHS)
    state, scores, weights = decoder.start(encoded)[0], [], []
    for t in range(Y.shape[1]):
        q = state[0] @ decoder.attention.W  # s W h
        a = (encoded.h @ q[:, :, None])[..., 0].masked_fill(~encoded.real, -torch.inf).softmax(1)
        c = (a[:, :, None] * encoded.h).sum(1)
        state = decoder.layer.cell(torch.cat([decoder.E(Y[:, t]), c], 1), state)
        scores.append(decoder.V(torch.cat([state[0], c], 1)))
        weights.append(a)
    torch.testing.assert_close(made((X, LENGTHS), Y), torch.stack(scores, 1), **EXACT)
    found = weights_of(made, (X, LENGTHS), Y)
    torch.testing.assert_close(found, torch.stack(weights, 1), **EXACT)


def test_in_the_deep_form_the_lower_layer_asks_and_the_upper_layer_reads_the_answer():
    made = model("both ways", "deep attention")
    decoder, encoded = made.decoder, made.encoder(X, LENGTHS)
    lower, upper, _ = decoder.start(encoded)
    for t in range(Y.shape[1]):
        lower = decoder.layer.cell(decoder.E(Y[:, t]), lower)
        q = lower @ decoder.attention.W
        a = (encoded.h @ q[:, :, None])[..., 0].masked_fill(~encoded.real, -torch.inf).softmax(1)
        c = (a[:, :, None] * encoded.h).sum(1)
        upper = decoder.upper.cell(torch.cat([lower, c], 1), upper)
        wanted = decoder.V(torch.cat([upper[0], c], 1))
        torch.testing.assert_close(made((X, LENGTHS), Y)[:, t], wanted, **EXACT)


def test_one_network_is_a_language_model_on_source_separator_target():
    one = one_network()
    for x, n, y in zip(X, LENGTHS, Y, strict=True):
        row = torch.cat([x[:n], y])[None]
        wanted, _ = one.model(row)
        torch.testing.assert_close(one((x[None, :n], None), y[None])[0], wanted[0, n:], **EXACT)


def test_a_convolution_is_worked_by_hand_and_sees_three_words_to_each_side():
    encoder = ENCODERS["convolution"]().double()
    h, zero = encoder.E(X[0]), torch.zeros(1, D, dtype=torch.float64)
    for conv in encoder.W:
        wide = torch.cat([zero, h, zero])
        seen = [(conv.weight * wide[t : t + 3].T).sum((1, 2)) + conv.bias for t in range(6)]
        h = h + torch.tanh(torch.stack(seen))
    torch.testing.assert_close(encoder(X, LENGTHS).h[0], h, **EXACT)
    torch.testing.assert_close(encoder(X, LENGTHS).c[0], h.mean(0), **EXACT)
    other = X.clone()
    other[0, 0] = 6
    moved = (encoder(other, LENGTHS).h[0] - encoder(X, LENGTHS).h[0]).abs().sum(1) > 0
    assert moved.tolist() == [True] * 4 + [False] * 2


@every
def test_answers_are_what_decoding_finds_and_carry_the_right_scores(make):
    made = make()
    for found in (greedy_answers(made, (X, LENGTHS), TARGETS, 7),
                  beam_answers(made, (X, LENGTHS), TARGETS, 3, 7)):
        for b, answer in enumerate(found):
            n = LENGTHS[b]
            row = [TARGETS.bos, *answer.ids, *[TARGETS.eos] * answer.finished]
            log_probs = made((X[b : b + 1, :n], None), torch.tensor(row)[None, :-1]).log_softmax(2)
            score = sum(log_probs[0, t, i].item() for t, i in enumerate(row[1:]))
            assert answer.score == pytest.approx(score, abs=1e-9)
            assert answer.weights is None or answer.weights.shape == (len(row) - 1, X.shape[1])
            if answer.weights is not None:
                torch.testing.assert_close(answer.weights[:, :n].sum(1).double(),
                                           torch.ones(len(row) - 1).double(), **EXACT)


@every
def test_a_beam_as_wide_as_all_texts_finds_the_best_one(make):
    made, length = make(), 3
    state = made.start(X, LENGTHS)
    first = torch.full((3,), TARGETS.bos)
    best = decode.exhaustive(made.step, first, state, TARGETS.eos, length)
    found = beam_answers(made, (X, LENGTHS), TARGETS, made.size**length, length)
    for answer, texts in zip(found, best, strict=True):
        assert answer.score == pytest.approx(texts[0].score, abs=1e-9)


def test_greedy_answers_stop_at_the_limit():
    made = model()
    with torch.no_grad():
        made.decoder.V.bias[TARGETS.eos] = -100.0
    found = greedy_answers(made, (X, LENGTHS), TARGETS, 4)
    assert all(len(answer.ids) == 4 and not answer.finished for answer in found)
    assert len(read_again(made, (X, LENGTHS), TARGETS, [[], [2], [2, 3]], [1, 0, 1])) == 3


def test_a_covered_word_is_never_looked_at_whatever_is_written():
    made, places = model("both ways", "attention"), torch.zeros(3, 6, dtype=torch.bool)
    places[0, 2] = True
    source = (X, LENGTHS)
    hidden = StartingAt(made, cover(made.start(*source), places))
    for answer in (greedy_answers(hidden, source, TARGETS, 7)[0],
                   beam_answers(hidden, source, TARGETS, 3, 7)[0]):
        assert (answer.weights[:, 2] == 0).all() and (answer.weights[:, 3] > 0).all()
    plain, same = (greedy_answers(m, source, TARGETS, 7)[1:] for m in (made, hidden))
    assert [a.ids for a in plain] == [a.ids for a in same]


def test_a_text_may_start_from_the_context_of_another_source():
    made = model("LSTM", "context")
    other = made.start(X[[1, 2, 0]], LENGTHS[[1, 2, 0]])
    found = greedy_answers(StartingAt(made, other), (X, LENGTHS), TARGETS, 7)
    wanted = greedy_answers(made, (X[[1, 2, 0]], LENGTHS[[1, 2, 0]]), TARGETS, 7)
    assert [a.ids for a in found] == [a.ids for a in wanted]
    assert [a.score for a in found] == [a.score for a in wanted]


def pairs(n=24, tokens=80):
    draw = torch.Generator().manual_seed(2)
    sources = [torch.randint(0, 7, (int(torch.randint(1, 6, (), generator=draw)),), generator=draw)
               for _ in range(n)]
    return Pairs(sources, [2 + x.flip(0) % 5 for x in sources], TARGETS, tokens)


def test_a_pass_shows_every_pair_once_and_batches_keep_to_their_size():
    data = pairs()
    seen = [number for batch in data for number in batch.numbers]
    assert sorted(seen) == list(range(24)) and data.per_pass > 2
    for batch in data:
        (x, lengths), B = batch.source, len(batch.numbers)
        assert B * (x.shape[1] + batch.y.shape[1]) <= 80
        assert (lengths == batch.real.sum(1) - 1).all()
        for b, number in enumerate(batch.numbers):
            n = lengths[b]
            assert torch.equal(x[b, :n], data.sources[number])
            assert batch.y[b].tolist()[: n + 1] == [*data.targets.ids[number].tolist(), TARGETS.eos]
            assert batch.before[b].tolist()[: n + 1] == [0, *data.targets.ids[number].tolist()]
    assert data[3].numbers == pairs()[3].numbers != data[3 + data.per_pass].numbers


def test_the_loss_of_a_batch_is_that_of_its_pairs():
    made, data = model("stack", "context"), pairs()
    batch = data[0]
    total, count, _ = likelihood(made, batch, None)
    parts = [likelihood(made, data.batch([n]), None)[:2] for n in batch.numbers]
    wanted = sum(mean * n for mean, n in parts) / sum(n for _, n in parts)
    torch.testing.assert_close(total, wanted, **EXACT)
    by_text, texts, _ = mean_by_text(made, batch, None)
    torch.testing.assert_close(by_text, sum(mean for mean, _ in parts) / len(parts), **EXACT)
    assert count == batch.real.sum() and texts == len(batch.numbers)
    whole, n = nats(made, data)
    one_by_one = [likelihood(made, data.batch([k]), None)[:2] for k in range(24)]
    assert whole == pytest.approx(sum((mean * n).item() for mean, n in one_by_one), abs=1e-6)
    assert n == sum(n for _, n in one_by_one)


LEARNERS = {name: EVERY[name] for name in ("stack + context", "convolution + attention",
                                           "stack + deep attention")}
LEARNERS["one network"] = lambda: OneNetwork(LanguageModel(9, D, LSTMCell(D, 16)))


@pytest.mark.parametrize("make", LEARNERS.values(), ids=LEARNERS)
def test_a_model_learns_some_pairs_by_heart(make):
    torch.manual_seed(0)
    made, data = make().float().train(), pairs(8, 1000)
    adam = torch.optim.Adam(made.parameters(), lr=0.03)
    batch = data[0]
    for _ in range(200):
        adam.zero_grad()
        loss, _, _ = likelihood(made, batch, None)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(made.parameters(), 1.0)
        adam.step()
    found = greedy_answers(made.eval(), batch.source, TARGETS, 8)
    wanted = [data.targets.ids[n].tolist() for n in batch.numbers]
    right = sum(a.ids == w for a, w in zip(found, wanted, strict=True))
    assert right >= 7, f"{right} of 8"


def test_a_source_longer_than_ever_seen_is_read():
    for encoder in ENCODERS:
        long = torch.zeros(1, 3000, dtype=torch.long)
        assert model(encoder, "attention")((long, None), Y[:1]).isfinite().all()


def test_a_target_without_words_is_one_end_marker():
    batch = Pairs([torch.tensor([1])], [torch.tensor([])], TARGETS, 10)[0]
    assert batch.before.tolist() == [[0]] and batch.y.tolist() == [[1]]


NO_END = Vocab([BOS, "a", "b"])


@pytest.mark.parametrize("call, text", [
    (lambda: Averaged([]), "at least one model, all with as many target symbols, got []"),
    (lambda: Averaged([model(), one_network()]), "all with as many target symbols, got [8, 9]"),
    (lambda: model().encoder(X[:, :0], None), "source ids (B, S) of at least one word, got (3, 0)"),
    (lambda: model().encoder(X[0], None), "needs a batch axis, x[None]"),
    (lambda: model().encoder(X, torch.tensor([6, 0, 0])), "drop empty sequences"),
    (lambda: one_network().start(X, torch.tensor([6, 0, 0])), "drop empty sequences"),
    (lambda: model().encoder(X, torch.tensor([7, 1, 1])), "pad to the longest"),
    (lambda: model().encoder(X + 2, LENGTHS), "expected ids from 0 to 6, got 2 to 8"),
    (lambda: model().encoder(X.float(), LENGTHS), "got 0.0 to 6.0 in torch.float32"),
    (lambda: model()((X, LENGTHS), Y + 3), "expected ids from 0 to 7, got 3 to 10"),
    (lambda: model()((X, LENGTHS), Y[:, 0]), "target ids (B, T), got (3,)"),
    (lambda: one_network()((X, LENGTHS), Y + 3), "expected ids from 0 to 8, got 3 to 10"),
    (lambda: Pairs([X[0]], [Y[0]], NO_END, 9), "this vocabulary has no </s>"),
    (lambda: greedy_answers(model(), (X, LENGTHS), NO_END, 9), "this vocabulary has no </s>"),
    (lambda: Pairs([X[0]], [], TARGETS, 9), "at least one target"),
    (lambda: Pairs([X[0]], [Y[0]] * 2, TARGETS, 9), "as many targets as sources, got 2 and 1"),
    (lambda: Pairs([X[0], X[0][:0]], [Y[0]] * 2, TARGETS, 9), "got none at place 1: leave empty"),
    (lambda: ConvEncoder(7, D, width=2), "odd number of words and at least one layer, got width=2"),
    (lambda: RecurrentEncoder(7, D + 1, one_way()), "reads 5 numbers, the embedding, got one that"),
    (lambda: ContextDecoder(8, D, one_way(), ENCODERS["RNN"]()), "embedding and context, got one"),
    (lambda: AttentionDecoder(8, D, OverTime(RNNCell(D + H, G)), ENCODERS["RNN"](),
                              DotProduct(H, H)), "Q=6 (decoder) and H=5 (encoder), got Q=5"),
    (lambda: model()((X[:2], LENGTHS[:2]), Y), "a target for each of 2 sources, got 3"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
