"""Beam search against exhaustive search, loops over hypotheses and greedy, on random models."""

import math

import pytest
import torch
from decode_toys import Trees, slow_beam, slow_variable

from rnnlib import cells, decode
from rnnlib.models import LanguageModel

TREES = Trees(N=1000, V=3, T=4)


def beams(trees, width, models=None):
    first, state = trees.begin(models)
    return decode.beam(trees.step, first, state, width, trees.end, trees.T)


def pairs(hypotheses):
    return [(one.ids, round(one.score, 9)) for one in hypotheses]


def rounded(found):
    return [(ids, round(score, 9)) for ids, score in found]


@pytest.fixture(scope="module")
def every():
    """All texts of all thousand models by `decode.exhaustive`."""
    first, state = TREES.begin()
    return decode.exhaustive(TREES.step, first, state, TREES.end, TREES.T)


def test_exhaustive_search_lists_every_text_with_its_probability(every):
    for model in (0, 17, 999):
        listed = {one.ids: one.score for one in every[model]}
        assert listed.keys() == set(TREES.texts())
        for ids, score in listed.items():
            assert score == pytest.approx(TREES.score(model, ids))
        assert sum(map(math.exp, listed.values())) == pytest.approx(1)
        score, ids = TREES.best(model)
        assert every[model][0].ids == ids and every[model][0].score == pytest.approx(score)


def test_a_beam_of_width_one_is_greedy_on_a_thousand_models():
    first, state = TREES.begin()
    greedy = decode.generate(TREES.step, first, state, decode.greedy, TREES.T, TREES.end)
    for one, n, ids in zip(beams(TREES, 1), greedy.lengths.tolist(), greedy.ids.tolist(),
                           strict=True):
        assert [one[0].ids] == [tuple(ids[:n])] and len(one) == 1


def test_a_variable_beam_of_factor_one_is_greedy():
    first, state = TREES.begin()
    narrow = decode.variable_beam(TREES.step, first, state, 1.0, TREES.end, TREES.T)
    assert [pairs(a) for a in narrow] == [pairs(b) for b in beams(TREES, 1)]


def test_a_beam_as_wide_as_there_are_texts_is_exhaustive_search(every):
    for found, listed in zip(beams(TREES, 3**4), every, strict=True):
        assert pairs(found) == pairs(listed)


def test_a_variable_beam_of_a_tiny_factor_is_exhaustive_search(every):
    first, state = TREES.begin()
    found = decode.variable_beam(TREES.step, first, state, 1e-300, TREES.end, TREES.T)
    assert [pairs(one) for one in found] == [pairs(one) for one in every]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 9])
def test_no_text_of_any_beam_is_better_than_the_best_text(width, every):
    """True of finished texts: the score of an unfinished one is that of a beginning."""
    for found, listed in zip(beams(TREES, width), every, strict=True):
        scores = {one.ids: one.score for one in listed}
        assert 1 <= len(found) <= width
        for one in found:
            assert one.score == pytest.approx(scores[one.ids])
            assert not one.finished or one.score <= listed[0].score + 1e-9


@pytest.mark.parametrize("width", [2, 3, 4])
def test_all_hypotheses_in_one_batch_are_a_loop_over_hypotheses(width):
    for model, found in zip(range(60), beams(TREES, width), strict=False):
        assert pairs(found) == rounded(slow_beam(TREES, model, width))


@pytest.mark.parametrize("factor", [0.8, 0.3, 0.05])
def test_a_variable_beam_is_a_loop_over_hypotheses(factor):
    first, state = TREES.begin(range(60))
    every = decode.variable_beam(TREES.step, first, state, factor, TREES.end, TREES.T)
    for model, found in enumerate(every):
        assert pairs(found) == rounded(slow_variable(TREES, model, factor))


def test_a_batch_of_sentences_is_each_sentence_alone():
    together = beams(TREES, 3, range(40))
    for model in range(40):
        assert pairs(beams(TREES, 3, [model])[0]) == pairs(together[model])


def test_one_call_of_step_serves_all_hypotheses_of_all_sentences():
    trees = Trees(N=8, V=3, T=4)
    beams(trees, 5)
    assert trees.calls <= 4


def test_somewhere_a_wider_beam_finds_a_less_probable_text():
    """Why no test may say that wider is better."""
    trees = Trees(N=1000, V=5, T=5, sharp=0.5)
    found = {width: [one[0] for one in beams(trees, width)] for width in (1, 2)}
    worse = [n for n, (one, two) in enumerate(zip(found[1], found[2], strict=True))
             if one.finished and two.finished and two.score < one.score - 1e-9]
    assert worse
    assert pairs(beams(trees, 2, worse[:1])[0]) == rounded(slow_beam(trees, worse[0], 2))


# --- by hand ------------------------------------------------------------------------------------

A, B, END = 0, 1, 2
HAND = {  # probabilities of a, b, </s> after each beginning
    (): (0.6, 0.4, 0.0), (A,): (0.4, 0.3, 0.3), (B,): (0.05, 0.05, 0.9),
    (A, A): (0.0, 0.0, 1.0), (A, B): (0.5, 0.0, 0.5)}


def by_hand(token, state):
    """The state is the beginning as a row of ids, -1 where nothing was read; token 9 begins."""
    beginnings = [tuple(i for i in row if i >= 0) for row in state.tolist()]
    read = [(*old, i) if i != 9 else old
            for old, i in zip(beginnings, token.tolist(), strict=True)]
    probs = torch.tensor([HAND.get(ids, (0.0, 0.0, 1.0)) for ids in read]).double()
    state = torch.full_like(state, -1)
    for row, ids in zip(state, read, strict=True):
        row[:len(ids)] = torch.tensor(ids)
    return probs.log(), state


def hand(width, length=4):
    return decode.beam(by_hand, torch.tensor([9]), torch.full((1, 6), -1), width, END, length)[0]


def test_greedy_takes_the_better_word_and_misses_the_better_text():
    assert [(one.ids, round(math.exp(one.score), 4)) for one in hand(1)] == [((A, A, END), 0.24)]
    assert [(one.ids, round(math.exp(one.score), 4)) for one in hand(2)] == [
        ((B, END), 0.36), ((A, A, END), 0.24)]


def test_the_beam_narrows_by_one_when_a_hypothesis_ends():
    layers = list(decode.search(by_hand, torch.tensor([9]), torch.full((1, 6), -1),
                                decode.fixed(2), END, 4))
    assert [(layer.scores > -math.inf).sum().item() for layer in layers] == [2, 2, 1]
    assert [layer.ended.sum().item() for layer in layers] == [0, 1, 1]


def test_what_the_limit_cuts_off_is_returned_unfinished():
    found = hand(2, length=2)
    assert [(one.ids, one.finished) for one in found] == [((B, END), True), ((A, A), False)]
    assert [one.finished for one in hand(1, length=2)] == [False]


def test_without_an_end_marker_every_text_is_unfinished():
    first, state = TREES.begin([0, 1])
    for found in decode.beam(TREES.step, first, state, 2, None, 3):
        assert [(len(one.ids), one.finished) for one in found] == [(3, False)] * 2


def test_a_continuation_of_probability_zero_never_comes_out():
    found = hand(50)
    assert all(one.score > -math.inf for one in found)
    assert len(found) == len({one.ids for one in found})
    assert sum(math.exp(one.score) for one in found) == pytest.approx(1)


def test_the_safety_limit_of_a_variable_beam_keeps_the_best():
    first, state = TREES.begin(range(30))
    narrow = decode.search(TREES.step, first, state, decode.within(1e-9, most=2), None, 4)
    wide = decode.beam(TREES.step, first, state, 2, None, 4)
    last = list(narrow)[-1].scores.tolist()
    assert [[one.score for one in found] for found in wide] == last


# --- length ------------------------------------------------------------------------------------


def test_dividing_by_the_length_raises_long_texts():
    short = decode.Hypothesis((5, 2), -4.0, True)
    long_ = decode.Hypothesis((5, 6, 7, 2), -6.0, True)
    assert decode.ranked([long_, short], power=0) == [short, long_]
    assert decode.ranked([short, long_], power=1) == [long_, short]  # -1.5 is more than -2
    assert decode.normalised(-6.0, 4) == -1.5 > decode.normalised(-4.0, 2) == -2.0
    assert decode.normalised(-6.0, 4, power=0.5) == -3.0


def test_ranking_by_length_keeps_finished_texts_first():
    ended, cut = decode.Hypothesis((5, 2), -4.0, True), decode.Hypothesis((5, 6), -0.1, False)
    assert decode.ranked([cut, ended]) == [ended, cut]


# --- the tree ----------------------------------------------------------------------------------


def test_the_tree_of_a_search_holds_every_hypothesis_with_its_parent_and_fate():
    levels = decode.tree(decode.search(by_hand, torch.tensor([9]), torch.full((1, 6), -1),
                                       decode.fixed(2), END, 4))
    said = [[(one.token, one.parent, round(math.exp(one.score), 3), one.fate) for one in level]
            for level in levels]
    assert said == [
        [(A, -1, 0.6, "kept"), (B, -1, 0.4, "kept")],
        [(END, 1, 0.36, "ended"), (A, 0, 0.24, "kept"), (B, 0, 0.18, "pruned"),
         (END, 0, 0.18, "pruned"), (A, 1, 0.02, "pruned"), (B, 1, 0.02, "pruned")],
        [(END, 1, 0.24, "ended")]]


@pytest.mark.parametrize("rule", [decode.fixed(3), decode.within(0.2)])
def test_the_ends_of_the_tree_are_the_texts_of_the_search(rule):
    first, state = TREES.begin(range(25))
    layers = list(decode.search(TREES.step, first, state, rule, TREES.end, TREES.T))
    for sentence in range(25):
        levels, ends = decode.tree(layers, sentence), set()
        for depth, level in enumerate(levels):
            for branch in level:
                ids, one = [branch.token], branch
                for up in range(depth - 1, -1, -1):
                    one = levels[up][one.parent]
                    assert one.fate == "kept"
                    ids.append(one.token)
                assert branch.score == pytest.approx(TREES.score(sentence, ids[::-1]))
                last = depth == TREES.T - 1 and branch.fate == "kept"
                ends |= {tuple(ids[::-1])} if branch.fate == "ended" or last else set()
        keep = decode.beams.collect(layers, 25)[sentence]
        assert ends == {one.ids for one in keep}


def test_a_wide_vocabulary_shows_only_the_best_of_what_was_pruned():
    layers = decode.search(by_hand, torch.tensor([9]), torch.full((1, 6), -1),
                           decode.fixed(1), END, 4)
    levels = decode.tree(layers, pruned=1)
    assert [[one.fate for one in level] for level in levels] == [
        ["kept", "pruned"], ["kept", "pruned"], ["ended"]]


# --- real cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [cells.LSTMCell, cells.GRUCell])
def test_states_of_real_cells_follow_their_hypotheses(cell):
    torch.manual_seed(0)
    model = LanguageModel(6, 5, cell(5, 7)).double()
    first = torch.tensor([1, 2, 3])
    found = decode.beam(model.step, first, model.start(3), 4, 0, 6)
    for b in range(3):
        alone = decode.beam(model.step, first[b:b + 1], model.start(1), 4, 0, 6)[0]
        assert pairs(found[b]) == pairs(alone)
        for one in found[b]:
            ids = torch.tensor([[first[b], *one.ids[:-1]]])
            logits = torch.log_softmax(model(ids)[0], -1)[0]
            assert one.score == pytest.approx(sum(
                logits[t, i].item() for t, i in enumerate(one.ids)))


# --- bad input ----------------------------------------------------------------------------------


def searched(step=TREES.step, rule=None, first=None, length=3, state=None):
    begin, ready = TREES.begin([0])
    return list(decode.search(step, begin if first is None else first, state or ready,
                              rule or decode.fixed(2), TREES.end, length))


def nowhere(token, state):
    return torch.full((len(token), 3), -math.inf), state


BAD = [
    (lambda: decode.fixed(0), "width at least 1, got 0: 1 is greedy"),
    (lambda: beams(TREES, -2), "width at least 1, got -2"),
    (lambda: decode.within(0), "factor above 0 and at most 1, got 0"),
    (lambda: decode.within(1.5), "at most 1, got 1.5"),
    (lambda: decode.within(0.5, most=0), "safety limit of at least 1, got 0"),
    (lambda: searched(length=0), "length of at least 1, got 0"),
    (lambda: searched(first=torch.zeros(1, 1).long()), r"\(B,\), got \(1, 1\)"),
    (lambda: searched(nowhere), "no probability on any next token .* in row 0"),
    (lambda: decode.exhaustive(nowhere, torch.zeros(1).long(), None, 2, 3), "no probability"),
    (lambda: searched(lambda token, state: (torch.randn(len(token), 3) + 9, state)),
     "expected log-probabilities, at most 0, .* need a log_softmax"),
    (lambda: searched(lambda token, state: (torch.zeros(1, len(token), 3), state)),
     r"\(B, V\) with B=1 from step, got \(1, 1, 3\): a step has no time axis"),
    (lambda: searched(lambda token, state: (torch.zeros(len(token), 3), 7), state=7),
     "state of tensors .* got a int"),
    (lambda: decode.normalised(-1.0, 0), "length of at least 1, got 0"),
    (lambda: decode.exhaustive(lambda token, state: (torch.zeros(len(token), 200), None),
                               torch.zeros(1).long(), None, 0, 4), "at most 2,000,000 texts"),
]


@pytest.mark.parametrize("call, said", BAD)
def test_bad_input_gets_a_sentence(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_a_hypothesis_that_ended_may_leave_a_model_without_any_probability():
    def step(token, state):
        probs = torch.tensor([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.0, 0.0, 0.0]])[token]
        return probs.log(), state

    found = decode.beam(step, torch.zeros(2).long(), None, 3, 2, 5)
    assert all(len(one) == 3 for one in found)
