"""Taggers and classifiers: what they compute, invariances, that they learn, errors."""

import itertools

import pytest
import torch
from torch import nn
from torch.autograd import gradcheck

from rnnlib.cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell, SimpleGRUCell
from rnnlib.crf import NONE, bio_rules, score
from rnnlib.layers import Bidirectional, Normalised, OverTime, Stacked
from rnnlib.models.classifiers import Classifier, both_ends, last_state, max_state, mean_state
from rnnlib.models.inputs import LetterConv, LetterRNN, SideBySide, Words
from rnnlib.models.taggers import CRFTagger, HistoryTagger, Tagger, both_ways

B, T, L, D, H, K = 4, 7, 5, 6, 5, 3
SIZE, LETTERS = 20, 9
LENGTHS = torch.tensor([7, 2, 5, 1])
CELLS = [RNNCell, LSTMCell, GRUCell, GRUResetAfterCell, SimpleGRUCell]
EXACT = {"rtol": 0, "atol": 1e-10}


def batch():
    """Word ids (B, T), letter ids (B, T, L) with 0 as padding, labels (B, T), and lengths."""
    draw = torch.Generator().manual_seed(0)
    real = torch.arange(T) < LENGTHS[:, None]
    words = torch.randint(1, SIZE, (B, T), generator=draw).where(real, 0)
    long = torch.randint(1, L + 1, (B, T, 1), generator=draw)
    letters = torch.randint(1, LETTERS, (B, T, L), generator=draw)
    letters = letters.where((torch.arange(L) < long) & real[..., None], 0)
    return (words, letters), torch.randint(K, (B, T), generator=draw), LENGTHS


def longer(x, n, axis):
    """x with n more zeros along an axis."""
    shape = list(x.shape)
    shape[axis] = n
    return torch.cat([x, x.new_zeros(shape)], axis)


def inputs(letters=LetterConv):
    torch.manual_seed(0)
    spell = {
        LetterConv: lambda: LetterConv(LETTERS, 4, 6),
        LetterRNN: lambda: LetterRNN(LETTERS, GRUCell(4, 3), LSTMCell(4, 3)),
    }[letters]()
    return SideBySide(Words(SIZE, D), spell).double()


def tagger(cell=LSTMCell, letters=LetterConv):
    embed = inputs(letters)
    return Tagger(embed, both_ways(cell, embed.size, H), K).double().eval()


def crf_tagger(rules=None):
    model = CRFTagger(tagger(), K, rules).double().eval()
    with torch.no_grad():
        for weight in model.crf.parameters():
            weight.normal_()
    return model


def history_tagger():
    embed = inputs()
    return HistoryTagger(embed, GRUCell(embed.size + 2, H), K).double().eval()


def classifier(keep=last_state, layer=None):
    embed = inputs()
    layer = layer or both_ways(LSTMCell, embed.size, H)
    return Classifier(embed, layer, keep, K, 8).double().eval()


TAGGERS = {"softmax": tagger, "CRF": crf_tagger, "history": history_tagger,
           "letters by RNN": lambda: tagger(RNNCell, LetterRNN)}
KEEPS = [last_state, both_ends, mean_state, max_state]


def variants(x, labels, lengths):
    """Batches that say the same about the first sentence: more padding, other mates and order."""
    (words, letters), order = x, torch.tensor([0, 3, 1])
    yield (words, letters), labels, lengths
    yield (longer(words, 3, 1), longer(longer(letters, 3, 1), 4, 2)), longer(labels, 3, 1), lengths
    yield (words[order], letters[order]), labels[order], lengths[order]
    yield (words[:1], letters[:1]), labels[:1], lengths[:1]


@pytest.mark.parametrize("model", TAGGERS.values(), ids=TAGGERS)
def test_padding_batch_mates_and_order_change_no_tagging(model):
    model, found = model(), []
    for x, labels, lengths in variants(*batch()):
        given = (x, labels, lengths) if isinstance(model, HistoryTagger) else (x, lengths)
        found.append([model(*given)[0, : lengths[0]], model.best(x, lengths)[0, : lengths[0]]])
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            torch.testing.assert_close(a, b, **EXACT)


@pytest.mark.parametrize("model", TAGGERS.values(), ids=TAGGERS)
def test_the_loss_of_a_batch_is_the_sum_over_its_sentences(model):
    model, ((words, letters), labels, lengths) = model(), batch()
    total, count = model.loss((words, letters), labels, lengths)
    parts = [model.loss((words[b : b + 1, :n], letters[b : b + 1, :n]), labels[b : b + 1, :n])
             for b, n in enumerate(lengths.tolist())]
    torch.testing.assert_close(total, sum(nats for nats, _ in parts), **EXACT)
    assert count == sum(n for _, n in parts) == lengths.sum()


@pytest.mark.parametrize("model", TAGGERS.values(), ids=TAGGERS)
def test_labels_in_padding_do_not_matter_and_get_none(model):
    model, (x, labels, lengths) = model(), batch()
    real = torch.arange(T) < lengths[:, None]
    other = model.loss(x, labels.where(real, -100), lengths)[0]
    torch.testing.assert_close(model.loss(x, labels, lengths)[0], other, **EXACT)
    best = model.best(x, lengths)
    assert ((best == NONE) == ~real).all()


@pytest.mark.parametrize("keep", KEEPS)
def test_padding_batch_mates_and_order_change_no_verdict(keep):
    model = classifier(keep)
    found = [model(x, lengths)[0] for x, _, lengths in variants(*batch())]
    for other in found[1:]:
        torch.testing.assert_close(found[0], other, **EXACT)


@pytest.mark.parametrize("cell", CELLS)
def test_a_tagger_is_embedding_then_layer_then_one_matrix(cell):
    model, ((words, letters), _, lengths) = tagger(cell), batch()
    h, _ = model.layer(model.embed((words, letters)), None, lengths)
    wanted = h @ model.V.weight.T + model.V.bias
    torch.testing.assert_close(model((words, letters), lengths), wanted, **EXACT)


def test_a_tagger_with_torchs_lstm_computes_the_same():
    embed, (x, _, _) = inputs(), batch()
    theirs = nn.LSTM(embed.size, H, batch_first=True, bidirectional=True).double()
    sides = (OverTime(LSTMCell.from_torch(theirs, name)) for name in ("l0", "l0_reverse"))
    model = Tagger(embed, Bidirectional(*sides), K).double()
    torch.testing.assert_close(model(x), model.V(theirs(embed(x))[0]), **EXACT)


def test_any_layer_can_carry_a_tagger_and_a_classifier():
    (words, _), labels, lengths = batch()
    layer = Stacked(both_ways(GRUCell, D, H), Normalised(OverTime(RNNCell(2 * H, H)), H))
    model = Tagger(Words(SIZE, D), layer, K, dropout=0.5)
    assert model(words, lengths).shape == (B, T, K)
    assert Classifier(Words(SIZE, D), layer, last_state, K, 8)(words, lengths).shape == (B, K)


def test_the_probabilities_of_a_softmax_and_of_a_new_crf_agree():
    """A new CRF knows nothing about pairs of labels: it is the softmax at each word."""
    model, (x, labels, lengths) = tagger(), batch()
    crf = CRFTagger(model, K).double()
    torch.testing.assert_close(
        model.probabilities(x, lengths), crf.probabilities(x, lengths), **EXACT
    )
    torch.testing.assert_close(model.loss(x, labels, lengths)[0], crf.loss(x, labels, lengths)[0],
                               **EXACT)
    assert torch.equal(model.best(x, lengths), crf.best(x, lengths))


def test_a_crf_on_top_prefers_no_sequence_to_its_best():
    model, (x, _, _) = crf_tagger(), batch()
    chain, emissions = model.crf.chain, model(x)
    best = score(emissions, chain, model.best(x))
    for row in itertools.islice(itertools.product(range(K), repeat=T), 0, None, 7):
        other = score(emissions, chain, torch.tensor(row).expand(B, T))
        assert (other <= best + 1e-9).all()


def test_a_crf_on_top_with_rules_breaks_none():
    names = ["O", "B-X", "I-X"]
    model, (x, _, lengths) = crf_tagger(bio_rules(names)), batch()
    for row in model.best(x, lengths).tolist():
        labels = [names[i] for i in row if i != NONE]
        assert all(b != "I-X" or a != "O" for a, b in itertools.pairwise(["O", *labels]))


@pytest.mark.parametrize("t", [0, 3])
def test_the_history_is_the_label_before_and_nothing_later(t):
    model, (x, labels, _) = history_tagger(), batch()
    before = model(x, labels)
    changed = labels.clone()
    changed[:, t] = (labels[:, t] + 1) % K
    after = model(x, changed)
    torch.testing.assert_close(before[:, : t + 1], after[:, : t + 1], **EXACT)
    assert (before[:, t + 1] - after[:, t + 1]).abs().max() > 1e-4


def test_with_its_own_guesses_as_history_a_tagger_agrees_with_itself():
    model, (x, _, lengths) = history_tagger(), batch()
    own = model.best(x, lengths)
    again = model(x, own, lengths).argmax(2).where(own != NONE, NONE)
    assert torch.equal(own, again)


def test_a_word_of_letters_by_convolution_is_worked_by_hand():
    model = LetterConv(LETTERS, 4, 6).double()
    word = torch.tensor([3, 1, 8])
    e = torch.cat([torch.zeros(1, 4), model.E(word), torch.zeros(1, 4)]).double()
    weight, places = model.W.weight, []  # (H, D, width)
    for t in range(3):
        window = e[t : t + 3]
        places.append(torch.tanh((weight * window.T).sum((1, 2)) + model.W.bias))
    wanted = torch.stack(places).amax(0)
    torch.testing.assert_close(model(word[None, None])[0, 0], wanted, **EXACT)


def test_a_word_of_letters_by_an_rnn_is_both_last_states():
    model = LetterRNN(LETTERS, GRUCell(4, 3), LSTMCell(4, 2)).double()
    word = torch.tensor([3, 1, 8])
    forwards, backwards = model.layer.forwards.cell, model.layer.backwards.cell
    h, s = forwards.start(1), backwards.start(1)
    for i in word:
        h = forwards(model.E(i)[None], h)
    for i in word.flip(0):
        s = backwards(model.E(i)[None], s)
    wanted = torch.cat([h, s[0]], 1)
    torch.testing.assert_close(model(word[None, None])[0], wanted, **EXACT)


@pytest.mark.parametrize("letters", [LetterConv, LetterRNN])
def test_a_word_is_the_same_wherever_and_as_often_as_it_stands(letters):
    spell = inputs(letters).parts[1]
    x = torch.tensor([[[1, 2, 0], [3, 4, 5], [1, 2, 0]], [[1, 2, 0], [0, 0, 0], [0, 0, 0]]])
    h = spell(x)
    for b, t in [(0, 2), (1, 0)]:
        torch.testing.assert_close(h[0, 0], h[b, t], **EXACT)
    assert (h[1, 1:] == 0).all() and (h[0, 0] - h[0, 1]).abs().max() > 1e-3


@pytest.mark.parametrize("letters", [LetterConv, LetterRNN])
def test_gradients_through_letters_are_those_of_finite_differences(letters):
    spell = inputs(letters).parts[1]
    x = torch.tensor([[[1, 2, 0], [3, 4, 5]], [[1, 2, 0], [0, 0, 0]]])
    weight = spell.E.weight.detach().clone().requires_grad_()
    other = torch.tensor([i for i in range(LETTERS) if i != 0])

    def of(rows):
        full = torch.zeros_like(weight).index_copy(0, other, rows)
        return torch.func.functional_call(spell, {"E.weight": full}, (x,))

    assert gradcheck(of, [weight.detach()[other].requires_grad_()])


def test_a_word_of_ten_thousand_letters_is_read():
    for spell in (LetterConv(LETTERS, 4, 6), LetterRNN(LETTERS, RNNCell(4, 3), RNNCell(4, 3))):
        assert spell(torch.ones(1, 1, 10_000, dtype=torch.long)).isfinite().all()


def test_what_is_kept_is_worked_by_hand():
    h = torch.arange(24.0).view(2, 3, 4)
    real = torch.tensor([[True, True, True], [True, True, False]])
    assert last_state(h, real).tolist() == [[8, 9, 10, 11], [16, 17, 18, 19]]
    assert both_ends(h, real).tolist() == [[8, 9, 2, 3], [16, 17, 14, 15]]
    assert mean_state(h, real).tolist() == [[4, 5, 6, 7], [14, 15, 16, 17]]
    assert max_state(h, real).tolist() == [[8, 9, 10, 11], [16, 17, 18, 19]]
    assert max_state(-h - 1, real).tolist() == [[-1, -2, -3, -4], [-13, -14, -15, -16]]


def test_both_ends_have_read_the_whole_text():
    model, ((words, letters), _, lengths) = classifier(both_ends), batch()
    e = model.embed((words, letters)).detach().requires_grad_()
    h, _ = model.layer(e, None, lengths)
    kept = both_ends(h, torch.arange(T) < lengths[:, None])
    for half in (kept[:, :H], kept[:, H:]):
        (slope,) = torch.autograd.grad(half.sum(), e, retain_graph=True)
        assert ((slope.abs().sum(2) > 0) == (torch.arange(T) < lengths[:, None])).all()


def train(model, x, labels, lengths, steps=80):
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(steps):
        adam.zero_grad()
        total, count = model.loss(x, labels, lengths)
        (total / count).backward()
        adam.step()
    return model.eval()


@pytest.mark.parametrize("model", TAGGERS.values(), ids=TAGGERS)
def test_a_tagger_learns_a_batch_by_heart(model):
    x, labels, lengths = batch()
    model = train(model().train(), x, labels, lengths)
    real = torch.arange(T) < lengths[:, None]
    assert torch.equal(model.best(x, lengths)[real], labels[real])


@pytest.mark.parametrize("letters", [LetterConv, LetterRNN])
def test_training_leaves_the_padding_of_letters_at_zero(letters):
    model = train(tagger(LSTMCell, letters), *batch(), steps=2)
    assert (model.embed.parts[1].E.weight[0] == 0).all()


@pytest.mark.parametrize("keep", KEEPS)
def test_a_classifier_learns_a_batch_by_heart(keep):
    x, labels, lengths = batch()
    model = train(classifier(keep).train(), x, labels[:, 0], lengths)
    assert torch.equal(model.best(x, lengths), labels[:, 0])


def test_a_sentence_of_one_word_is_tagged_and_classified():
    x, _, _ = batch()
    one = x[0][:1, :1], x[1][:1, :1]
    for model in TAGGERS.values():
        assert model().best(one).shape == (1, 1)
    assert classifier(max_state).best(one).shape == (1,)


WORDS = torch.ones(2, 3, dtype=torch.long)


@pytest.mark.parametrize("call, text", [
    (lambda: Words(SIZE, D)(torch.ones(2, 3, 4).long()), "word ids (B, T), got (2, 3, 4)"),
    (lambda: LetterConv(LETTERS, 4, 6)(WORDS), "letter ids (B, T, L), got (2, 3)"),
    (lambda: LetterConv(LETTERS, 4, 6, width=2), "odd number of letters, got width=2"),
    (lambda: LetterConv(LETTERS, 4, 6)(torch.zeros(1, 2, 3).long()), "got only padding"),
    (lambda: inputs()(WORDS), "expected 2 batches, one for each part, got Tensor"),
    (lambda: inputs()((WORDS,)), "expected 2 batches, one for each part, got 1"),
    (lambda: tagger()(batch()[0], torch.tensor([7, 0, 5, 1])), "drop empty sequences"),
    (lambda: tagger().loss(*batch()[:2], torch.tensor([7, 0, 5, 1])), "lengths must be from 1"),
    (lambda: crf_tagger().loss(batch()[0], batch()[1] + 1), "labels from 0 to 2, got 3"),
    (lambda: tagger().loss(batch()[0], batch()[1] + 1), "labels from 0 to 2, got 3"),
    (lambda: history_tagger().loss(batch()[0], batch()[1] + 1), "labels from 0 to 2, got 3"),
    (lambda: classifier().loss(batch()[0], batch()[1][:, 0] - 5), "labels from 0 to 2, got -5"),
    (lambda: tagger().loss(batch()[0], batch()[1][:, :3]), "expected labels (4, 7) of whole"),
    (lambda: classifier().loss(batch()[0], batch()[1]), "expected labels (4,) of whole numbers"),
    (lambda: HistoryTagger(inputs(), GRUCell(12, H), K), "reads more than the 12 numbers"),
    (lambda: both_ends(torch.zeros(1, 2, 3), torch.ones(1, 2).bool()), "which is odd"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
