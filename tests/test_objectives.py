"""Objectives against enumeration: every text of a small model with its probability and cost."""

import math

import pytest
import torch
from torch import nn

from rnnlib import decode, train
from rnnlib.attention import Bilinear
from rnnlib.cells import GRUCell
from rnnlib.layers import OverTime
from rnnlib.models import AttentionDecoder, EncoderDecoder, Pairs, RecurrentEncoder
from rnnlib.objectives import (
    Discriminator,
    EditCost,
    ExactCost,
    MinimumRisk,
    Mixer,
    ProfessorForcing,
    ScheduledSampling,
    WithBaseline,
    WithDiscriminator,
    exponential,
    gold_words,
    inverse_sigmoid,
    likelihood,
    linear,
    reinforce,
    risk,
)
from rnnlib.objectives.mixer import reinforced
from rnnlib.objectives.professor_forcing import verdict
from rnnlib.objectives.sampled_texts import after, word_log_probs
from rnnlib.objectives.scheduled_sampling import mixed
from rnnlib.text import BOS, EOS, Vocab

VOCAB, LENGTH, F = Vocab([BOS, EOS, "a", "b"]), 3, 8
TARGETS = [[2, 3], [3], []]
COST = EditCost([[target] for target in TARGETS])
EXACT = {"rtol": 0, "atol": 1e-10}


def model():
    torch.manual_seed(3)
    encoder = RecurrentEncoder(3, 4, OverTime(GRUCell(4, 3)))
    decoder = AttentionDecoder(len(VOCAB), 4, OverTime(GRUCell(7, 5)), encoder, Bilinear(5, 3))
    made = EncoderDecoder(encoder, decoder).double()
    with torch.no_grad():
        for weight in made.parameters():
            weight.mul_(2)
    return made


def batch(*numbers):
    sources = [torch.tensor([0, 1, 2]), torch.tensor([1]), torch.tensor([2, 2])]
    return Pairs(sources, map(torch.tensor, TARGETS), VOCAB, 100).batch(numbers)


def all_texts(made, one):
    """Every text for the single source of a batch: ids (N, T), what is real, and lists."""
    first = torch.tensor([VOCAB.bos])
    (found,) = decode.exhaustive(made.step, first, made.start(*one.source), VOCAB.eos, LENGTH)
    ids = torch.full((len(found), LENGTH), VOCAB.eos)
    for row, text in zip(ids, found, strict=True):
        row[: len(text.ids)] = torch.tensor(text.ids)
    lengths = torch.tensor([len(text.ids) for text in found])
    lists = [[i for i in text.ids if i != VOCAB.eos] for text in found]
    return ids, torch.arange(LENGTH) < lengths[:, None], lists


def of_all(made, one):
    """(log-probabilities of each word (N, T), states (N, T, F), real, costs) of every text."""
    ids, real, lists = all_texts(made, one)
    state = decode.rows(made.start(*one.source), torch.zeros(len(ids), dtype=torch.long))
    s, _ = made.read(after(torch.full((len(ids),), VOCAB.bos), ids), state)
    costs = COST(lists, one.numbers * len(ids)).double()
    return word_log_probs(made.output(s), ids, real), s, real, costs


def expected_cost(made, one):
    """The exact risk: the sum over all texts of probability times cost."""
    log_probs, _, _, costs = of_all(made, one)
    return (log_probs.sum(1).exp() * costs).sum()


def gradients(loss, made):
    found = torch.autograd.grad(loss, list(made.parameters()), allow_unused=True)
    return [torch.zeros(()) if g is None else g for g in found]


def check_equal(left, right, **how):
    for a, b in zip(left, right, strict=True):
        torch.testing.assert_close(a, b, **(how or EXACT))


def test_the_texts_of_the_toy_are_all_there_are():
    made, one = model(), batch(0)
    log_probs, _, _, costs = of_all(made, one)
    assert len(log_probs) == 1 + 3 + 9 + 27
    assert log_probs.sum(1).exp().sum().item() == pytest.approx(1, abs=1e-10)
    assert log_probs.sum(1).exp().min() > 1e-4 and costs.unique().numel() > 2


def test_the_risk_over_all_texts_is_the_expected_cost_with_its_gradient():
    made, one = model(), batch(0)
    log_probs, _, _, costs = of_all(made, one)
    everything = torch.ones(1, len(costs), dtype=torch.bool)
    over_all = risk(log_probs.sum(1)[None], costs[None], everything, 1.0).sum()
    torch.testing.assert_close(over_all, expected_cost(made, one), **EXACT)
    check_equal(gradients(over_all, made), gradients(expected_cost(made, one), made))


def test_minimum_risk_with_enough_draws_is_the_exact_risk_and_the_exact_policy_gradient():
    """Every text is drawn at least once and listed once, so Q is the model itself."""
    made, one = model(), batch(0)
    torch.manual_seed(0)
    loss, count, _ = MinimumRisk(COST, VOCAB, n=6000, alpha=1.0, length=LENGTH)(made, one, None)
    wanted = expected_cost(made, one)
    torch.testing.assert_close(loss, wanted, **EXACT)
    check_equal(gradients(loss, made), gradients(wanted, made))
    assert count == 1


@pytest.mark.parametrize("alpha", [0.05, 2.0])
def test_minimum_risk_renormalises_over_different_candidates_with_the_gold_one(alpha):
    made, three = model(), batch(0, 1, 2)
    objective = MinimumRisk(COST, VOCAB, n=4, alpha=alpha, length=LENGTH)
    torch.manual_seed(1)
    loss, count, _ = objective(made, three, None)
    torch.manual_seed(1)
    state = decode.rows(made.start(*three.source), torch.arange(3).repeat_interleave(4))
    texts = objective.candidates(made, three, state).lists(VOCAB.eos)
    total, repeats = 0.0, 0
    for b in range(3):
        different = {tuple(text) for text in texts[5 * b : 5 * b + 5]}
        repeats += 5 - len(different)
        assert tuple(TARGETS[b]) in different
        ids, real, lists = all_texts(made, batch(b))
        log_probs = of_all(made, batch(b))[0].sum(1)
        chosen = {tuple(text): p for text, p in zip(lists, log_probs, strict=True)}
        weights = {text: (alpha * chosen[text]).exp() for text in different}
        cost = {text: COST([list(text)], [b]).item() for text in different}
        total += sum(weights[t] * cost[t] for t in different) / sum(weights.values())
    torch.testing.assert_close(loss, total / 3, **EXACT)
    assert repeats and count == 3


def one_by_one(made, both, one, b):
    """The gradient of REINFORCE from each text (N of them), with its probability."""
    log_probs, _, real, costs = of_all(made, one)
    for n in range(len(costs)):
        each = reinforced(log_probs[n : n + 1], -costs[n : n + 1], b[n : n + 1], real[n : n + 1])
        flat = torch.cat([g.flatten() for g in gradients_kept(each, made)])
        yield log_probs[n].sum().exp().item(), flat


def gradients_kept(loss, made):
    found = torch.autograd.grad(loss, list(made.parameters()), retain_graph=True,
                                allow_unused=True)
    return [torch.zeros(p.shape, dtype=p.dtype) if g is None else g
            for g, p in zip(found, made.parameters(), strict=True)]


def test_reinforce_is_the_exact_policy_gradient_on_average_with_any_baseline_of_the_state():
    made, one = model(), batch(0)
    exact = torch.cat([g.flatten() for g in gradients(expected_cost(made, one), made)])
    both = WithBaseline(made, F).double()
    for scale in (0.0, 1.0):
        with torch.no_grad():
            both.baseline.weight.normal_().mul_(scale)
        b = both.guess(of_all(made, one)[1])
        mean = sum(p * flat for p, flat in one_by_one(made, both, one, b))
        torch.testing.assert_close(mean, exact, **EXACT)


def test_a_good_baseline_makes_reinforce_vary_less():
    made, one = model(), batch(0)
    log_probs, _, real, costs = of_all(made, one)
    variance = {}
    for name, b in [("none", 0.0), ("mean", -expected_cost(made, one).item()), ("bad", 5.0)]:
        rows = list(one_by_one(made, None, one, torch.full(real.shape, b, dtype=torch.float64)))
        mean = sum(p * flat for p, flat in rows)
        variance[name] = sum(p * (flat - mean).square().sum() for p, flat in rows).item()
    assert variance["mean"] < 0.8 * variance["none"] < 0.8 * variance["bad"]


def test_the_baseline_is_trained_towards_the_reward_and_no_gradient_goes_on_into_the_network():
    made, one = model(), batch(0)
    both = WithBaseline(made, F).double()
    log_probs, s, real, costs = of_all(made, one)
    loss = reinforced(log_probs, -costs, both.guess(s), real)
    _, bias = torch.autograd.grad(loss, list(both.baseline.parameters()), retain_graph=True)
    wanted = -2 * ((-costs)[:, None] - both.guess(s)).masked_fill(~real, 0).sum()
    torch.testing.assert_close(bias[0], wanted, **EXACT)
    with torch.no_grad():
        both.baseline.weight.normal_()
    square = (0.5 - both.guess(s)).square().sum()
    assert all(g.abs().sum() == 0 for g in gradients(square, made))


def test_texts_are_drawn_as_often_as_they_are_probable():
    made, n = model(), 4000
    many = batch(*[0] * n)
    torch.manual_seed(0)
    for s, start in [(0, ()), (1, (2,))]:
        objective = Mixer(lambda texts, numbers: torch.zeros(len(texts)), VOCAB, None, LENGTH)
        ids, real, drawn = objective.text(made, many, made.start(*many.source), s)
        log_probs, _, _, _ = of_all(made, batch(0))
        every, _, _ = all_texts(made, batch(0))
        chance = {tuple(row): p for row, p in zip(every.tolist(), log_probs.sum(1).exp().tolist(),
                                                  strict=True) if tuple(row[:s]) == start}
        total = sum(chance.values())
        assert not drawn[:, :s].any() and (ids[:, :s] == torch.tensor(start)).all()
        for row, p in chance.items():
            share = (ids == torch.tensor(row)).all(1).double().mean().item()
            assert abs(share - p / total) < 5 * math.sqrt(p / total / n) + 1e-9, row


def test_mixer_with_all_words_gold_is_likelihood():
    made, three = model(), batch(0, 1, 2)
    both = WithBaseline(made, F).double()
    loss, count, carry = Mixer(None, VOCAB, lambda done: 9, LENGTH)(both, three, 4)
    wanted, n, _ = likelihood(made, three, None)
    torch.testing.assert_close(loss, wanted, **EXACT)
    assert count == n and carry == 5
    check_equal(gradients(loss, made), gradients(likelihood(made, three, None)[0], made))


def test_mixer_adds_likelihood_for_the_first_words_and_reinforce_for_the_rest():
    made, three = model(), batch(0, 1, 2)
    both, seen = WithBaseline(made, F).double(), []

    def reward(texts, numbers):
        seen.append(texts)
        return -COST(texts, numbers).double()

    objective = Mixer(reward, VOCAB, lambda done: 1, LENGTH)
    torch.manual_seed(2)
    loss, count, _ = objective(both, three, None)
    torch.manual_seed(2)
    ids, real, drawn = objective.text(made, three, made.start(*three.source), 1)
    total = 0.0
    for b in range(3):
        scores = made(batch(b).source, after(torch.tensor([VOCAB.bos]), ids[b : b + 1]))
        log_probs = scores.log_softmax(2)[0].gather(1, ids[b, :, None])[:, 0]
        r = -COST([seen[0][b]], [b]).item()
        for t in range(ids.shape[1]):
            if t < 1:
                total = total - log_probs[t]
            elif real[b, t]:
                total = total - r * log_probs[t].where(torch.tensor(True), 0) + r * r
    torch.testing.assert_close(loss, total / real.sum(), **EXACT)
    assert count == real.sum() and not drawn[2].any()  # the third text ends with its first item
    assert [text[:1] for text in seen[0]] == [[2], [3], []]


def test_reinforce_alone_draws_every_word():
    made, three = model(), batch(0, 1, 2)
    objective = reinforce(lambda texts, numbers: -COST(texts, numbers).double(), VOCAB, LENGTH)
    _, real, drawn = objective.text(made, three, made.start(*three.source), objective.gold(0))
    assert torch.equal(real, drawn)


def test_the_schedule_of_mixer():
    left = gold_words(pretrain=100, every=10, fewer=2, longest=7)
    assert [left(i) for i in (0, 99, 100, 109, 110, 120, 130, 500)] == [7, 7, 5, 5, 3, 1, 0, 0]


def test_the_schedules_of_scheduled_sampling():
    falling = linear(1.0, 0.2, 10)
    assert [round(falling(i), 9) for i in (0, 5, 10, 99)] == [1.0, 0.6, 0.2, 0.2]
    assert [exponential(0.5)(i) for i in (0, 1, 3)] == [1.0, 0.5, 0.125]
    sigmoid = inverse_sigmoid(10)
    assert sigmoid(0) == pytest.approx(10 / 11) and sigmoid(10 * math.log(10)) == pytest.approx(.5)
    assert sigmoid(10**6) < 1e-9


def test_scheduled_sampling_with_gold_words_only_is_likelihood():
    made, three = model(), batch(0, 1, 2)
    loss, count, carry = ScheduledSampling(lambda done: 1.0)(made, three, None)
    torch.testing.assert_close(loss, likelihood(made, three, None)[0], **EXACT)
    assert count == three.real.sum() and carry == 1


def test_scheduled_sampling_reads_gold_words_where_the_coin_says_so_and_own_ones_elsewhere():
    made, three = model(), batch(0, 0, 1)
    gold = torch.tensor([[True, False, True]] * 3)
    for _ in range(20):
        read = mixed(made, three, gold)
        assert (read[:, 0] == VOCAB.bos).all() and torch.equal(read[:, 1], three.y[:, 0])
    many = batch(*[0] * 4000)
    read = mixed(made, many, torch.zeros_like(many.real))
    log_probs, _ = made.step(torch.tensor([VOCAB.bos]), made.start(*batch(0).source))
    shares = torch.bincount(read[:, 1], minlength=4) / 4000
    torch.testing.assert_close(shares.double(), log_probs[0].exp(), rtol=0, atol=0.04)


def test_scheduled_sampling_on_own_words_is_the_mean_over_all_own_beginnings():
    """epsilon = 0: the sum over y_1 of p(y_1) (-log p(gold_1) - log p(gold_2 | y_1)) and so on."""
    made, one, n = model(), batch(0), 5000
    gold, exact = one.y[0], 0.0
    beginnings = [((), 1.0, made.start(*one.source), VOCAB.bos)]
    for t in range(len(gold)):
        following = []
        for ids, p, state, token in beginnings:
            log_probs, new = made.step(torch.tensor([token]), state)
            exact -= p * log_probs[0, gold[t]].item()
            following += [((*ids, k), p * log_probs[0, k].exp().item(), new, k) for k in range(4)]
        beginnings = following
    torch.manual_seed(0)
    loss, _, _ = ScheduledSampling(lambda done: 0.0)(made, batch(*[0] * n), None)
    assert loss.item() == pytest.approx(exact / len(gold), abs=0.02)


class Table(nn.Module):
    """A model that knows p(next | last word) alone, as a table of log-probabilities."""

    def __init__(self, rows):
        super().__init__()
        self.scores = nn.Parameter(torch.tensor(rows, dtype=torch.float64).log())

    def start(self, x, lengths):
        return x.new_zeros(len(x), 1)

    def read(self, y, state):
        return self.scores[y], state

    def output(self, s):
        return s

    def step(self, token, state):
        return self.scores[token].log_softmax(1), state

    def forward(self, source, y):
        return self.scores[y]


def test_the_bias_of_scheduled_sampling():
    """Data: "a a" and "b b", equally often.  On own words alone the truth is a bad answer, and
    "whatever came before, a and b are equally probable" is the best one."""
    e = 0.01
    begin, end = [e, e, 0.5 - e, 0.5 - e], [e, 0.5 - e, 0.25, 0.25]
    truth = Table([begin, end, [e, 1 / 3, 2 / 3 - 2 * e, e], [e, 1 / 3, e, 2 / 3 - 2 * e]])
    blind = Table([begin, end, *[[e, 1 / 3, 1 / 3 - e / 2, 1 / 3 - e / 2]] * 2])
    texts = [torch.tensor([2, 2]), torch.tensor([3, 3])] * 1000
    both = Pairs([torch.tensor([0])] * 2000, texts, VOCAB, 10**6).batch(range(2000))
    torch.manual_seed(0)
    loss = {(name, chance): ScheduledSampling(lambda done, c=chance: c)(made, both, None)[0].item()
            for name, made in [("truth", truth), ("blind", blind)] for chance in (0.0, 1.0)}
    assert loss["truth", 1.0] < loss["blind", 1.0] - 0.1
    assert loss["truth", 0.0] > loss["blind", 0.0] + 0.1


def professor():
    made = model()
    return WithDiscriminator(made, Discriminator(F, 4).double())


def parts_of(both, one):
    """Nats, C_f and C_d of professor forcing for the batch, by separate computations."""
    made, D = both.model, both.discriminator
    torch.manual_seed(4)
    objective = ProfessorForcing(VOCAB, length=LENGTH)
    state = made.start(*one.source)
    gold, _ = made.read(one.before, state)
    first = one.before[:, 0]
    texts = decode.generate(made.step, first, state, decode.sampler(int(torch.randint(2**62, ()))),
                            objective.length, VOCAB.eos)
    own, _ = made.read(after(first, texts.ids), state)
    real = torch.arange(texts.ids.shape[1]) < texts.lengths[:, None]
    C_f = -torch.log(torch.sigmoid(D(own, real))).mean()
    C_d = -torch.log(torch.sigmoid(D(gold, one.real))).mean()
    C_d = C_d - torch.log(1 - torch.sigmoid(D(own, real))).mean()
    return likelihood(made, one, None)[0], C_f, C_d


@pytest.mark.parametrize("usable, perfect", [(-1, 2), (2, 2), (-1, -1)])
def test_each_network_of_professor_forcing_gets_the_gradient_of_its_own_part(usable, perfect):
    both, three = professor(), batch(0, 1, 2)
    torch.manual_seed(4)
    objective = ProfessorForcing(VOCAB, 0.7, LENGTH, usable, perfect)
    loss, count, _ = objective(both, three, None)
    likely, C_f, C_d = parts_of(both, three)
    wanted = likely + 0.7 * C_f * (usable < 0) + C_d * (perfect > 1)
    torch.testing.assert_close(loss, wanted, **EXACT)
    of_model = likely + 0.7 * C_f * (usable < 0)
    check_equal(gradients_kept(loss, both.model), gradients_kept(of_model, both.model))
    of_D = C_d * (perfect > 1)
    check_equal(gradients_kept(loss, both.discriminator), gradients_kept(of_D, both.discriminator))
    assert count == three.real.sum()


def test_a_discriminator_that_knows_nothing_pays_two_bits_and_is_right_half_the_time():
    both, (_, s, real, _) = professor(), of_all(model(), batch(0))
    nn.init.zeros_(both.discriminator.V.weight)
    nn.init.constant_(both.discriminator.V.bias, 1e-9)
    C_d, right = verdict(both.discriminator, (s, real), (s, real))
    assert C_d.item() == pytest.approx(2 * math.log(2)) and right == 0.5


def test_a_discriminator_learns_to_tell_gold_from_own_words_apart():
    both, many = professor(), batch(*[0] * 64)
    torch.manual_seed(0)
    only = ProfessorForcing(VOCAB, length=LENGTH, usable=2)
    adam = torch.optim.Adam(both.discriminator.parameters(), lr=0.05)
    losses = []
    for _ in range(60):
        adam.zero_grad()
        loss, _, _ = only(both, many, None)
        loss.backward()
        adam.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.5


def test_the_discriminator_does_not_see_padding():
    D, (_, s, real, _) = Discriminator(F, 4).double(), of_all(model(), batch(0))
    other = s.where(real[..., None], 7.0)
    torch.testing.assert_close(D(s, real), D(other, real), **EXACT)


REWARD = lambda texts, numbers: -COST(texts, numbers).double()  # noqa: E731
OBJECTIVES = {
    "likelihood": (lambda m: m, likelihood),
    "scheduled": (lambda m: m, ScheduledSampling(linear(1.0, 0.5, 50))),
    "risk": (lambda m: m, MinimumRisk(COST, VOCAB, 6, 1.0, LENGTH)),
    "reinforce": (lambda m: WithBaseline(m, F).double(), reinforce(REWARD, VOCAB, LENGTH)),
    "mixer": (lambda m: WithBaseline(m, F).double(),
              Mixer(REWARD, VOCAB, gold_words(20, 20, 1, LENGTH), LENGTH)),
    "professor": (lambda m: WithDiscriminator(m, Discriminator(F, 4).double()),
                  ProfessorForcing(VOCAB, 0.1, LENGTH)),
}


class Always:
    """The same batch at every step."""

    def __init__(self, one):
        self.one = one

    def __getitem__(self, step):
        return self.one


@pytest.mark.parametrize("around, objective", OBJECTIVES.values(), ids=OBJECTIVES)
def test_every_objective_lowers_the_exact_expected_cost(around, objective):
    made, three = model(), batch(0, 1, 2)
    trained = around(made)
    before = sum(expected_cost(made, batch(b)).item() for b in range(3))
    settings = train.Settings(steps=80, lr=0.02, every=40)
    list(train.fit(trained, Always(three), objective, settings))
    assert sum(expected_cost(made, batch(b)).item() for b in range(3)) < 0.8 * before


def test_training_with_an_objective_goes_on_from_its_checkpoint(tmp_path):
    around, objective = OBJECTIVES["mixer"]
    whole, three, path = around(model()), batch(0, 1, 2), tmp_path / "run"
    settings = train.Settings(steps=60, lr=0.02, every=30)
    list(train.fit(whole, Always(three), objective, settings))
    cut = around(model())
    next(train.fit(cut, Always(three), objective, settings, path=path))
    again = around(model())
    list(train.fit(again, Always(three), objective, settings, path=path))
    check_equal(list(whole.parameters()), list(again.parameters()), rtol=0, atol=0)


def test_costs_take_the_nearest_reference():
    cost = EditCost([[[1, 2, 3], [1, 2]], [[5]], [[]]])
    texts = [[1, 2], [1, 3], [], [5], [7], []]
    assert cost(texts, [0, 0, 1, 1, 2, 2]).tolist() == pytest.approx([0, 1 / 3, 1, 0, 1, 0])
    exact = ExactCost([[[1, 2, 3], [1, 2]], [[5]]])
    assert exact([[1, 2], [1, 3], [5]], [0, 0, 1]).tolist() == [0, 1, 0]


@pytest.mark.parametrize("call, text", [
    (lambda: MinimumRisk(COST, VOCAB, n=0), "at least one text for each source and an alpha above"),
    (lambda: MinimumRisk(COST, VOCAB, alpha=0), "got n=10 and alpha=0"),
    (lambda: MinimumRisk(COST, Vocab(["a", BOS])), "this vocabulary has no </s>"),
    (lambda: ScheduledSampling(lambda done: 1.5)(model(), batch(0), None), "a chance from 0 to 1"),
    (lambda: EditCost([[]]), "at least one reference for text 0"),
    (lambda: ExactCost([]), "at least one text"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)


