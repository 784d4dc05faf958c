"""Homework 5: the score of a label sequence, the best one, and the best ones of a padded batch."""

import torch

from .. import crf
from .core import Case
from .drawing import Draw, telling

# --- what is asked of a CRF ---------------------------------------------------------------------


def chain_given(draw, T, K):
    """(emissions (T, K), transitions (K, K), start (K,), end (K,)), all different, 64 bits."""
    sizes = (T, K), (K, K), (K,), (K,)
    emissions, *chain = (draw.normal(*size).double() for size in sizes)
    return emissions, *(1.5 * part for part in chain)


def labels_given(draw, T, K):
    """T labels as a list of numbers."""
    return draw.ids(K, T).tolist()


# --- the score of a path ------------------------------------------------------------------------


def right_score(labels, emissions, transitions, start, end):
    """What is expected."""
    chain, rows = (transitions, start, end), torch.tensor([labels])
    return crf.score(emissions[None], chain, rows)[0].item()


def other(change):
    """The score with other arguments; `change` takes and returns all five."""
    return lambda *given: right_score(*change(*given))


def round_trip(y, e, A, s, end):
    """With the pair of the last and the first label."""
    return right_score(y, e, A, s, end) + A[y[-1], y[0]].item()


SCORE_MISTAKES = [
    ("the start is missing: the first label has a score of its own",
     other(lambda y, e, A, s, end: (y, e, A, 0 * s, end))),
    ("the end is missing: the last label has a score of its own",
     other(lambda y, e, A, s, end: (y, e, A, s, 0 * end))),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j",
     other(lambda y, e, A, s, end: (y, e, A.T, s, end))),
    ("the transitions are missing: every pair of neighbours has a score",
     other(lambda y, e, A, s, end: (y, e, 0 * A, s, end))),
    ("the emissions are missing: every word has a score for its label",
     other(lambda y, e, A, s, end: (y, 0 * e, A, s, end))),
    ("the emission of the first word is missing",
     other(lambda y, e, A, s, end: (y, torch.cat([0 * e[:1], e[1:]]), A, s, end))),
    ("the emission of the last word is missing",
     other(lambda y, e, A, s, end: (y, torch.cat([e[:-1], 0 * e[-1:]]), A, s, end))),
    ("one pair too many: no transition leads from the last label back to the first", round_trip),
    ("start and end are swapped", other(lambda y, e, A, s, end: (y, e, A, end, s))),
    ("this is exp of the score: the score itself is asked for",
     lambda *given: torch.tensor(right_score(*given)).double().exp().item()),
    ("this is a mean over the words: the score is the sum",
     lambda *given: right_score(*given) / len(given[0])),
]


def score_case(name, draw, T, K, weight=1):
    """A case of the score of a path, whose ways from and to differ."""
    def make(draw):
        return labels_given(draw, T, K), *chain_given(draw, T, K)

    given = telling(draw, make, lambda y, e, A, *ends: T < 2 or abs(
        right_score(y, e, A, *ends) - right_score(y, e, A.T, *ends)) > 0.05)
    return Case(name, [given], right_score, SCORE_MISTAKES, weight=weight)


def score_cases(seed):
    """One word, two words, six."""
    draw = Draw(seed + 50)
    return [score_case("one word: no transition", draw, 1, 2),
            score_case("two words", draw, 2, 2, 2),
            score_case("six words, four labels", draw, 6, 4, 2)]


def score_hidden(seed):
    """Longer."""
    return [score_case("thirty words", Draw(seed + 51), 30, 5)]


# --- the best path ------------------------------------------------------------------------------


def right_viterbi(emissions, transitions, start, end):
    """What is expected: the labels of the highest score, and that score."""
    labels, score = crf.viterbi(emissions[None], (transitions, start, end))
    return labels[0].tolist(), score[0].item()


def chosen(choose):
    """Labels that `choose` finds, with their true score."""
    def mistake(emissions, transitions, start, end):
        labels = choose(emissions, transitions, start, end)
        return labels, right_score(labels, emissions, transitions, start, end)
    return mistake


def columns(e, A, s, gather):
    """The messages (T, K) of a sentence."""
    nothing = torch.zeros_like(s)
    return crf.messages(e[None], (A, s, nothing), None, gather)[0]


def greedy(e, A, s, end):
    """Each label the best one after the label chosen before."""
    labels = [(s + e[0]).argmax().item()]
    for row in e[1:]:
        labels.append((A[labels[-1]] + row).argmax().item())
    return labels


def no_way_back(e, A, s, end):
    """The leader of each column; at the last word with the end."""
    found = columns(e, A, s, crf.take_best)
    return [*found[:-1].argmax(1).tolist(), (found[-1] + end).argmax().item()]


def added_up(e, A, s, end):
    """The way back through messages that were added up."""
    found = columns(e, A, s, crf.add_up)
    labels = [(found[-1] + end).argmax().item()]
    for row in found[:-1].flip(0):
        labels.append((row + A[:, labels[-1]]).argmax().item())
    return labels[::-1]


def best_without(change):
    """The best labels of other numbers; `change` takes and returns all four."""
    return lambda *given: right_viterbi(*change(*given))[0]


def drop_end(e, A, s, end):
    """Without the end."""
    return e, A, s, 0 * end


def searched_by(add, axis):
    """Viterbi with another sum of message and transitions, or a maximum over another axis."""
    def mistake(e, A, s, end):
        best, pointers = s + e[0], []
        for row in e[1:]:
            best, back = add(best, A).max(axis)
            best = best + row
            pointers.append(back)
        labels = [(best + end).argmax().item()]
        for back in pointers[::-1]:
            labels.append(back[labels[-1]].item())
        return labels[::-1], (best + end).max().item()
    return mistake


VITERBI_MISTAKES = [
    ("every word for itself: the transitions are not used",
     chosen(lambda e, A, s, end: e.argmax(1).tolist())),
    ("every word for itself: the transitions are not used",
     lambda e, A, s, end: (e.argmax(1).tolist(), e.amax(1).sum().item())),
    ("no way back: the best label at a word so far need not lie on the best path",
     chosen(no_way_back)),
    ("no way back: the best label at a word so far need not lie on the best path",
     lambda *given: (no_way_back(*given), right_viterbi(*given)[1])),
    ("greedy: a label is fixed before the words after it were read", chosen(greedy)),
    ("the end is missing: it decides about the last label, and so about the whole way back",
     chosen(best_without(drop_end))),
    ("the end is missing: it decides about the last label, and so about the whole way back",
     lambda *given: right_viterbi(*drop_end(*given))),
    ("the end is missing in the score that is returned",
     lambda *given: (right_viterbi(*given)[0], right_score(
         right_viterbi(*given)[0], *drop_end(*given)))),
    ("the start is missing: the first label has a score of its own",
     lambda e, A, s, end: right_viterbi(e, A, 0 * s, end)),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j",
     lambda e, A, s, end: right_viterbi(e, A.T, s, end)),
    ("the maximum is over j, the label to come: it is over i, the rows of transitions",
     searched_by(lambda message, A: message[:, None] + A, 1)),
    ("the message stands at j, the label to come: message[i] belongs to the rows of transitions",
     searched_by(lambda message, A: message + A, 0)),
    ("messages added up: keep the best beginning of each label, not the sum of all",
     lambda e, A, s, end: (added_up(e, A, s, end), (
         columns(e, A, s, crf.add_up)[-1] + end).amax().item())),
    ("messages added up: keep the best beginning of each label, not the sum of all",
     chosen(added_up)),
    ("the labels are the wrong way round: they were gathered from the last word on",
     lambda *given: (right_viterbi(*given)[0][::-1], right_viterbi(*given)[1])),
    ("one label is missing: every word has one, the last one too",
     lambda *given: (right_viterbi(*given)[0][:-1], right_viterbi(*given)[1])),
    ("the two values are swapped: the labels come first",
     lambda *given: right_viterbi(*given)[::-1]),
]


def alone(*given):
    """Whether the best path is clearly the best."""
    e, A, s, end = given
    rest = crf.k_best(e[None], (A, s, end), 2)[1][0]
    return (rest[0] - rest[1]).item() > 0.02


def viterbi_tells(*given):
    """Whether greedy search, columns without a way back, and words for themselves all find other
    labels, and the best sequence is clearly the best."""
    best, _ = right_viterbi(*given)
    others = (lambda e, *_: e.argmax(1).tolist()), greedy, no_way_back
    return all(other(*given) != best for other in others) and alone(*given)


def viterbi_case(name, given, weight=1):
    """A case of the best path."""
    return Case(name, [given], right_viterbi, VITERBI_MISTAKES, 1e-6, ("labels", "score"), weight)


def far_below(draw):
    """Two hundred words whose scores add up to less than -1000."""
    e, A, s, end = chain_given(draw, 200, 4)
    return e - 10.0, A, s, end


def viterbi_cases(seed):
    """One word, two words, four, seven, two hundred."""
    draw, finer = Draw(seed + 52), Draw(seed + 53, 4)
    return [
        viterbi_case("one word", telling(draw, lambda draw: chain_given(draw, 1, 2), alone), 0.5),
        viterbi_case("two words", telling(draw, lambda draw: chain_given(draw, 2, 2), alone)),
        viterbi_case("four words, three labels", telling(
            draw, lambda draw: chain_given(draw, 4, 3), viterbi_tells), 2),
        viterbi_case("seven words, five labels", telling(
            draw, lambda draw: chain_given(draw, 7, 5), viterbi_tells), 2),
        viterbi_case("200 words: scores are added, for products of probabilities become 0",
                     far_below(finer))]


def viterbi_hidden(seed):
    """Many labels."""
    return [viterbi_case("twenty words, twelve labels",
                         chain_given(Draw(seed + 54, 4), 20, 12), 2)]
