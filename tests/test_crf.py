"""The CRF against sums and maxima over all label sequences, enumerated one by one."""

import itertools

import pytest
import torch
from torch.autograd import gradcheck

from rnnlib.crf import (
    CRF,
    NONE,
    add_up,
    backward_messages,
    bio_chain,
    bio_rules,
    forbid,
    k_best,
    log_likelihood,
    log_normaliser,
    marginals,
    messages,
    score,
    viterbi,
)
from rnnlib.crf.gathering import expected_pairs
from rnnlib.experiments import crf_speed

SIZES = [(K, T) for K in range(1, 5) for T in range(1, 7)]
EXACT = {"rtol": 0, "atol": 1e-10}
every_size = pytest.mark.parametrize("K, T", SIZES)


def scores(K, T, B=3, seed=0):
    """Random emissions (B, T, K), a chain, and a ragged mask; float64."""
    draw = torch.Generator().manual_seed(seed + 100 * K + T)
    sizes = (B, T, K), (K, K), (K,), (K,)
    emissions, *chain = (2 * torch.randn(*s, generator=draw, dtype=torch.float64) for s in sizes)
    lengths = torch.tensor([T, 1, (T + 1) // 2])[:B]
    return emissions, tuple(chain), torch.arange(T) < lengths[:, None]


def enumerated(emissions, chain):
    """Every label sequence of one sentence (T, K), with its score added up by hand."""
    transitions, start, end = (part.tolist() for part in chain)
    rows, K, found = emissions.tolist(), emissions.shape[1], []
    for labels in itertools.product(range(K), repeat=len(rows)):
        total = start[labels[0]] + end[labels[-1]]
        total += sum(row[label] for row, label in zip(rows, labels, strict=True))
        total += sum(transitions[i][j] for i, j in itertools.pairwise(labels))
        found.append((labels, total))
    return found


def totals(emissions, chain):
    """The scores of all label sequences of one sentence, float64."""
    return torch.tensor([s for _, s in enumerated(emissions, chain)], dtype=torch.float64)


def sentences(emissions, mask):
    """The emissions (length, K) of each sentence without its padding."""
    return [row[:n] for row, n in zip(emissions, mask.sum(1).tolist(), strict=True)]


def plain(emissions, chain, mask):
    """log Z by a loop over the tokens, with autograd through it."""
    transitions, start, end = chain
    alpha = start + emissions[:, 0]
    for t in range(1, emissions.shape[1]):
        here = (alpha[:, :, None] + transitions).logsumexp(1) + emissions[:, t]
        alpha = here.where(mask[:, t, None], alpha)
    return (alpha + end).logsumexp(1)


@every_size
def test_a_score_is_the_sum_written_out(K, T):
    emissions, chain, mask = scores(K, T)
    draw = torch.Generator().manual_seed(T)
    labels = torch.randint(K, mask.shape, generator=draw).where(mask, -100)
    got = score(emissions, chain, labels, mask)
    for b, sentence in enumerate(sentences(emissions, mask)):
        table = dict(enumerated(sentence, chain))
        assert got[b].item() == pytest.approx(table[tuple(labels[b, : len(sentence)].tolist())])


@every_size
def test_the_normaliser_is_the_sum_over_all_sequences(K, T):
    emissions, chain, mask = scores(K, T)
    got = log_normaliser(emissions, chain, mask)
    for b, sentence in enumerate(sentences(emissions, mask)):
        torch.testing.assert_close(got[b], totals(sentence, chain).logsumexp(0), **EXACT)


@every_size
def test_likelihoods_of_all_sequences_add_up_to_one(K, T):
    emissions, chain, _ = scores(K, T, B=1)
    labels = torch.tensor(list(itertools.product(range(K), repeat=T)))
    logs = log_likelihood(emissions.expand(len(labels), -1, -1), chain, labels)
    torch.testing.assert_close(logs.exp().sum().item(), 1.0, **EXACT)


@every_size
def test_marginals_are_shares_of_the_sum(K, T):
    emissions, chain, mask = scores(K, T)
    got = marginals(emissions, chain, mask)
    for b, sentence in enumerate(sentences(emissions, mask)):
        share = totals(sentence, chain).softmax(0)
        wanted = torch.zeros(T, K, dtype=torch.float64)
        for (labels, _), p in zip(enumerated(sentence, chain), share, strict=True):
            for t, label in enumerate(labels):
                wanted[t, label] += p
        torch.testing.assert_close(got[b], wanted, **EXACT)


@every_size
def test_viterbi_finds_the_maximum(K, T):
    emissions, chain, mask = scores(K, T)
    labels, total = viterbi(emissions, chain, mask)
    for b, sentence in enumerate(sentences(emissions, mask)):
        best, highest = max(enumerated(sentence, chain), key=lambda pair: pair[1])
        assert labels[b].tolist() == [*best, *[NONE] * (T - len(best))]
        assert total[b].item() == pytest.approx(highest)


@every_size
def test_the_k_best_are_the_first_k_of_all_in_order(K, T):
    emissions, chain, mask = scores(K, T)
    k = 7
    labels, total = k_best(emissions, chain, k, mask)
    for b, sentence in enumerate(sentences(emissions, mask)):
        n = len(sentence)
        order = sorted(enumerated(sentence, chain), key=lambda pair: -pair[1])[:k]
        missing = k - len(order)
        assert labels[b, :, :n].tolist() == [list(y) for y, _ in order] + [[NONE] * n] * missing
        wanted = [s for _, s in order] + [-torch.inf] * missing
        torch.testing.assert_close(total[b], torch.tensor(wanted, dtype=torch.float64), **EXACT)
        assert (labels[b, :, n:] == NONE).all()


def test_viterbi_is_the_first_of_the_k_best():
    emissions, chain, mask = scores(4, 6)
    one, all_of_them = viterbi(emissions, chain, mask), k_best(emissions, chain, 1, mask)
    assert torch.equal(one[0], all_of_them[0][:, 0])
    torch.testing.assert_close(one[1], all_of_them[1][:, 0], **EXACT)


def test_with_ties_the_k_best_are_different_sequences_of_the_highest_scores():
    draw = torch.Generator().manual_seed(0)
    for K, T, k in [(2, 4, 16), (3, 3, 10), (4, 4, 5)]:
        emissions = torch.randint(2, (1, T, K), generator=draw).double()
        chain = tuple(torch.randint(2, s, generator=draw).double() for s in [(K, K), (K,), (K,)])
        labels, total = k_best(emissions, chain, k)
        order = sorted((s for _, s in enumerated(emissions[0], chain)), reverse=True)
        assert total[0].tolist() == order[:k]
        assert len({tuple(row) for row in labels[0].tolist()}) == k
        torch.testing.assert_close(score(emissions.expand(k, -1, -1), chain, labels[0]), total[0])
        assert viterbi(emissions, chain)[1].item() == order[0]


def test_at_every_token_the_messages_meet_in_the_normaliser():
    emissions, chain, mask = scores(4, 6)
    alpha = messages(emissions, chain, mask)
    meet = (alpha + backward_messages(emissions, chain, mask)).logsumexp(2)
    wanted = log_normaliser(emissions, chain, mask)[:, None].expand_as(meet)
    torch.testing.assert_close(meet, wanted, **EXACT)


def test_a_chain_of_zeros_is_a_softmax_at_each_token():
    emissions, chain, mask = scores(4, 5)
    zeros = tuple(torch.zeros_like(part) for part in chain)
    real = mask[..., None]
    torch.testing.assert_close(
        marginals(emissions, zeros, mask), emissions.softmax(2) * real, **EXACT
    )
    assert torch.equal(viterbi(emissions, zeros, mask)[0], emissions.argmax(2).where(mask, NONE))


@pytest.mark.parametrize("K, T", [(1, 1), (1, 3), (3, 1), (2, 4), (4, 5)])
def test_the_gradient_is_that_of_finite_differences(K, T):
    emissions, chain, mask = scores(K, T)
    inputs = [part.requires_grad_() for part in (emissions, *chain)]
    labels = torch.arange(3 * T).view(3, T) % K
    assert gradcheck(lambda e, *c: log_normaliser(e, c, mask), inputs)
    assert gradcheck(lambda e, *c: log_likelihood(e, c, labels, mask), inputs)


def test_the_gradient_by_hand_is_that_of_autograd_through_the_loop():
    emissions, chain, mask = scores(4, 6)
    inputs = [part.requires_grad_() for part in (emissions, *chain)]
    weights = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    mine = torch.autograd.grad((weights * log_normaliser(emissions, chain, mask)).sum(), inputs)
    theirs = torch.autograd.grad((weights * plain(emissions, chain, mask)).sum(), inputs)
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b, **EXACT)


def test_the_gradient_of_the_normaliser_is_the_marginals():
    emissions, chain, mask = scores(4, 6)
    emissions.requires_grad_()
    (slope,) = torch.autograd.grad(log_normaliser(emissions, chain, mask).sum(), emissions)
    torch.testing.assert_close(slope, marginals(emissions, chain, mask), **EXACT)


def everything(emissions, chain, mask):
    """What each function says about the first sentence of a batch, without its padding."""
    n = int(mask[0].sum())
    labels = torch.zeros(mask.shape, dtype=torch.long)
    return [
        log_normaliser(emissions, chain, mask)[0],
        log_likelihood(emissions, chain, labels, mask)[0],
        marginals(emissions, chain, mask)[0, :n],
        viterbi(emissions, chain, mask)[0][0, :n],
        k_best(emissions, chain, 3, mask)[0][0, :, :n],
    ]


def test_padding_batch_mates_and_order_change_nothing():
    emissions, chain, mask = scores(4, 5)
    junk = torch.cat([emissions, torch.full((3, 4, 4), torch.nan, dtype=torch.float64)], 1)
    longer = torch.cat([mask, torch.zeros(3, 4, dtype=torch.bool)], 1)
    alone = everything(emissions[:1], chain, mask[:1])
    turned = [2, 0, 1]
    for got in [
        everything(emissions, chain, mask),
        everything(junk, chain, longer),
        everything(emissions[turned].roll(-1, 0), chain, mask[turned].roll(-1, 0)),
    ]:
        for a, b in zip(alone, got, strict=True):
            torch.testing.assert_close(a, b, **EXACT)


def test_junk_in_padding_gets_no_gradient_and_gives_none():
    emissions, chain, mask = scores(4, 5)
    junk = emissions.masked_fill(~mask[..., None], torch.nan).requires_grad_()
    chain = [part.requires_grad_() for part in chain]
    labels = torch.zeros(mask.shape, dtype=torch.long)
    slopes = torch.autograd.grad(log_likelihood(junk, chain, labels, mask).sum(), [junk, *chain])
    assert all(slope.isfinite().all() for slope in slopes)
    assert (slopes[0][~mask] == 0).all()


NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def valid(labels):
    """Whether a sequence of names is BIO: each I-X has B-X or I-X just before it."""
    pairs = itertools.pairwise(["O", *labels])
    return all(b[0] != "I" or a in (f"B-{b[2:]}", f"I-{b[2:]}") for a, b in pairs)


def test_bio_rules_leave_exactly_the_valid_sequences():
    chain = bio_chain(NAMES)
    for T in range(1, 5):
        rows = torch.tensor(list(itertools.product(range(5), repeat=T)))
        got = score(torch.zeros(len(rows), T, 5), chain, rows) == 0
        assert got.tolist() == [valid([NAMES[i] for i in row]) for row in rows.tolist()]
        everything = torch.zeros(1, T, 5)
        assert log_normaliser(everything, chain).exp().item() == pytest.approx(got.sum().item())


def test_under_constraints_everything_is_a_sum_over_allowed_sequences():
    emissions, chain, mask = scores(5, 4)
    chain = forbid(chain, bio_rules(NAMES))
    labels, total = k_best(emissions, chain, 4, mask)
    for b, sentence in enumerate(sentences(emissions, mask)):
        table = [(y, s) for y, s in enumerated(sentence, chain) if valid([NAMES[i] for i in y])]
        order = sorted(table, key=lambda pair: -pair[1])[:4]
        n = min(4, len(order))
        assert labels[b, :n, : len(sentence)].tolist() == [list(y) for y, _ in order[:n]]
        wanted = torch.tensor([s for _, s in table], dtype=torch.float64).logsumexp(0)
        torch.testing.assert_close(log_normaliser(emissions, chain, mask)[b], wanted, **EXACT)


def test_gradients_under_constraints_are_finite_and_right():
    emissions, free, mask = scores(5, 4)
    rules = bio_rules(NAMES)
    inputs = [part.requires_grad_() for part in (emissions, *free)]
    assert gradcheck(lambda e, *c: log_normaliser(e, forbid(c, rules), mask), inputs)


def test_a_far_better_label_that_leads_nowhere_does_not_hide_the_way():
    """In 32 bits, sums of exp(score) would lose the way that is 300 behind; logarithms do not."""
    emissions = torch.tensor([[[300.0, 0.0], [0.0, 0.0]]])
    transitions = torch.tensor([[-torch.inf, -torch.inf], [0.0, -torch.inf]])
    chain = transitions, torch.zeros(2), torch.zeros(2)
    assert viterbi(emissions, chain)[0].tolist() == [[1, 0]]
    assert log_normaliser(emissions, chain).item() == 0
    torch.testing.assert_close(marginals(emissions, chain)[0], torch.tensor([[0.0, 1], [1, 0]]))


@pytest.mark.parametrize("spread", [1, 30, 300])
@pytest.mark.parametrize("forbidden", [0, 0.4, 1])
def test_fast_sums_are_the_plain_ones_however_far_the_scores_lie_apart(spread, forbidden):
    draw = torch.Generator().manual_seed(spread)
    alpha, after = (spread * torch.randn(40, 4, generator=draw) for _ in range(2))
    transitions = spread * torch.randn(4, 4, generator=draw)
    transitions[torch.rand(4, 4, generator=draw) < forbidden] = -torch.inf
    wide = [part.double() for part in (alpha, transitions, after)]
    pairs = wide[0][:, :, None] + wide[1]
    torch.testing.assert_close(
        add_up(alpha, transitions).double(), pairs.logsumexp(1), rtol=1e-5, atol=1e-5
    )
    total = (pairs + wide[2][:, None]).flatten(1).logsumexp(1).clamp(min=-1e3)
    share = (pairs + wide[2][:, None] - total[:, None, None]).exp()
    weights = torch.randn(40, 1, generator=draw)
    got = expected_pairs(alpha, transitions, after - total[:, None].float(), weights)
    wanted = (weights[..., None] * share).sum(0)
    torch.testing.assert_close(got.double(), wanted, rtol=2e-3 if spread > 9 else 1e-5, atol=1e-3)


def test_gradients_are_right_where_the_fast_sums_are_not():
    emissions, chain, mask = scores(3, 4)
    chain = (150 * chain[0], *chain[1:])
    inputs = [part.requires_grad_() for part in (400 * emissions, *chain)]
    mine = torch.autograd.grad(log_normaliser(inputs[0], inputs[1:], mask).sum(), inputs)
    theirs = torch.autograd.grad(plain(inputs[0], inputs[1:], mask).sum(), inputs)
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b, **EXACT)


def test_long_sentences_in_32_bits_stay_close_to_64():
    draw = torch.Generator().manual_seed(0)
    emissions = 10 * torch.randn(1, 2000, 3, generator=draw, dtype=torch.float64)
    chain = tuple(torch.randn(s, generator=draw).double() for s in [(3, 3), (3,), (3,)])
    small = emissions.float(), [part.float() for part in chain]
    shares, total = marginals(*small).double(), log_normaliser(*small).double()
    torch.testing.assert_close(shares, marginals(emissions, chain), rtol=0, atol=5e-3)
    torch.testing.assert_close(total, log_normaliser(emissions, chain), rtol=1e-4, atol=0)


def test_a_new_crf_is_a_softmax_and_learns_what_follows_what():
    torch.manual_seed(0)
    crf, labels = CRF(3), torch.tensor([[0, 1, 2, 0, 1]])
    emissions = torch.zeros(1, 5, 3)
    torch.testing.assert_close(crf(emissions, labels).exp().item(), 3.0**-5)
    adam = torch.optim.Adam(crf.parameters(), lr=0.3)
    for _ in range(60):
        adam.zero_grad()
        crf(emissions, labels).sum().neg().backward()
        adam.step()
    assert torch.equal(crf.best(emissions), labels)


def test_a_crf_with_rules_never_breaks_them_and_saves_them():
    torch.manual_seed(0)
    crf = CRF(5, bio_rules(NAMES))
    emissions = 5 * torch.randn(50, 6, 5)
    assert all(valid([NAMES[i] for i in row]) for row in crf.best(emissions).tolist())
    again = CRF(5)
    again.load_state_dict(crf.state_dict())
    assert torch.equal(again.best(emissions), crf.best(emissions))


def test_a_training_step_takes_less_than_twice_that_of_a_softmax():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        records = crf_speed.compare(crf_speed.Sizes(20, turns=10))
    finally:
        torch.set_num_threads(threads)
    found = {(r.setting["output"], r.metric): r.value for r in records}
    assert found["softmax", "ratio"] == 1
    assert found["crf", "ratio"] == found["crf", "seconds"] / found["softmax", "seconds"] < 2


CHAIN = torch.zeros(2, 2), torch.zeros(2), torch.zeros(2)
NOWHERE = torch.full((2, 2), -torch.inf), torch.zeros(2), torch.zeros(2)
THREE = torch.zeros(1, 3, 2)


@pytest.mark.parametrize("call, text", [
    (lambda: log_normaliser(torch.zeros(3, 2), CHAIN), "emissions (B, T, K) with at least 1"),
    (lambda: log_normaliser(torch.zeros(1, 0, 2), CHAIN), "no empty sentence"),
    (lambda: log_normaliser(torch.zeros(1, 3, 4), CHAIN), "transitions (4, 4), start (4,)"),
    (lambda: viterbi(THREE, CHAIN, torch.ones(1, 3)), "bool mask (1, 3), got torch.float32"),
    (lambda: viterbi(THREE, CHAIN, torch.tensor([[True, False, True]])), "pad at the right"),
    (lambda: viterbi(THREE, CHAIN, torch.zeros(1, 3).bool()), "leave empty sentences out"),
    (lambda: score(THREE, CHAIN, torch.tensor([[0, 1, 2]])), "labels from 0 to 1, got 2: is it"),
    (lambda: score(THREE, CHAIN, torch.tensor([[0, -1, 1]])), "labels from 0 to 1, got -1"),
    (lambda: score(THREE, CHAIN, torch.zeros(1, 3)), "labels (1, 3) of whole numbers"),
    (lambda: k_best(THREE, CHAIN, 0), "k of at least 1, got 0"),
    (lambda: log_normaliser(THREE, NOWHERE), "every label sequence of sentence 0 of the batch is"),
    (lambda: viterbi(THREE, NOWHERE), "allow a start, an end and enough transitions"),
    (lambda: k_best(THREE, NOWHERE, 2), "is forbidden"),
    (lambda: marginals(THREE, NOWHERE), "is forbidden"),
    (lambda: log_likelihood(THREE, bio_chain(["O", "I-X"]), torch.tensor([[0, 1, 1]])),
     "labels of sentence 0 of the batch are forbidden by the constraints"),
    (lambda: log_normaliser(THREE * torch.nan, CHAIN), "numbers or -inf, got NaN"),
    (lambda: viterbi(THREE * torch.nan, CHAIN), "numbers or -inf, got NaN"),
    (lambda: bio_rules(["O", "S-PER"]), "labels O, B-X and I-X, got 'S-PER'"),
    (lambda: bio_rules(["O", "B"]), "labels O, B-X and I-X, got 'B'"),
    (lambda: forbid(CHAIN, bio_rules(["O", "B-X", "I-X"])), "bool rules of the sizes (2, 2)"),
    (lambda: CRF(0), "at least 1 label, got K=0"),
    (lambda: CRF(2, bio_rules(["O", "B-X", "I-X"])), "bool rules of the sizes (2, 2)"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
