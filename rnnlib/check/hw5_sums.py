"""Homework 5: the sum over all label sequences, the loss of a padded batch, and its gradient."""

import torch

from .. import crf
from .core import Case
from .drawing import Draw, telling
from .hw5_paths import chain_given, labels_given, right_viterbi

# --- log Z --------------------------------------------------------------------------------------


def right_log_z(emissions, transitions, start, end):
    """What is expected."""
    return crf.log_normaliser(emissions[None], (transitions, start, end))[0].item()


def summed(gather):
    """log Z with another way of gathering; `gather` takes the message and the transitions."""
    def mistake(emissions, transitions, start, end):
        message = start + emissions[0]
        for row in emissions[1:]:
            message = gather(message, transitions) + row
        return (message + end).logsumexp(0).item()
    return mistake


def exp_first(emissions, transitions, start, end):
    """The sum without logarithms, as far as it goes."""
    message = (start + emissions[0]).exp()
    for row in emissions[1:]:
        message = (message @ transitions.exp()) * row.exp()
    return (message @ end.exp()).log().item()


LOG_Z_MISTAKES = [
    ("the end is missing: the last label has a score of its own",
     lambda e, A, s, end: right_log_z(e, A, s, 0 * end)),
    ("the start is missing: the first label has a score of its own",
     lambda e, A, s, end: right_log_z(e, A, 0 * s, end)),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j, and the "
     "sum is over i", lambda e, A, s, end: right_log_z(e, A.T, s, end)),
    ("this is the score of the best sequence: all sequences are added up",
     lambda *given: right_viterbi(*given)[1]),
    ("each message keeps the best beginning only: all beginnings are added up",
     summed(lambda message, A: (message[:, None] + A).amax(0))),
    ("a sum where the pairs i, j need one: message[i] belongs to the rows of the transitions",
     summed(lambda message, A: (message + A).logsumexp(0))),
    ("the sum is over j, the label to come: it is over i, the rows of transitions",
     summed(lambda message, A: (message[:, None] + A).logsumexp(1))),
    ("a plain sum: the sum is over exp of the scores, and log comes after it",
     summed(lambda message, A: (message[:, None] + A).sum(0))),
    ("every word for itself: the transitions are not used",
     lambda e, A, s, end: e.logsumexp(1).sum().item()),
    ("the exponential of a large score is not a number any more: logsumexp takes the largest "
     "score out first", exp_first),
    ("this is Z: its logarithm is asked for",
     lambda *given: torch.tensor(right_log_z(*given)).double().exp().item()),
    ("this is - log Z", lambda *given: -right_log_z(*given)),
]


def log_z_case(name, given, weight=1):
    """A case of log Z."""
    return Case(name, [given], right_log_z, LOG_Z_MISTAKES, weight=weight)


def raised(given, by):
    """The same, every emission higher by so much."""
    e, *chain = given
    return e + by, *chain


def log_z_cases(seed):
    """One word, two words, six, and sizes at which exp fails."""
    draw = Draw(seed + 55)
    return [log_z_case("one word: no transition", chain_given(draw, 1, 2), 0.5),
            log_z_case("two words", chain_given(draw, 2, 2)),
            log_z_case("six words, four labels", chain_given(draw, 6, 4), 2),
            log_z_case("two words with scores of 800", raised(chain_given(draw, 2, 3), 800.0)),
            log_z_case("60 words with scores of -20", raised(chain_given(draw, 60, 3), -20.0))]


def log_z_hidden(seed):
    """Many labels."""
    return [log_z_case("fifteen words, twenty labels", chain_given(Draw(seed + 56), 15, 20))]


# --- the loss of a padded batch -----------------------------------------------------------------


def real(emissions, lengths):
    """True (B, T) at real words."""
    return torch.arange(emissions.shape[1]) < lengths[:, None]


def parts(emissions, labels, lengths, *chain, masks="both"):
    """(log Z, score), (B,) each; masks: which of the two knows of the padding."""
    mask = real(emissions, lengths)
    z_mask = mask if masks in ("both", "z") else None
    score_mask = mask if masks in ("both", "score") else None
    return (crf.log_normaliser(emissions, chain, z_mask),
            crf.score(emissions, chain, labels, score_mask))


def loss_by(combine, masks="both"):
    """A loss made of log Z and score in another way; `combine` takes both and the lengths."""
    def loss(emissions, labels, lengths, transitions, start, end):
        z, score = parts(emissions, labels, lengths, transitions, start, end, masks=masks)
        return combine(z, score, lengths).item()
    return loss


right_loss = loss_by(lambda z, score, lengths: (z - score).mean())


def loss_without(change):
    """The right loss of another chain; `change` takes and returns transitions, start, end."""
    return lambda e, y, lengths, *chain: right_loss(e, y, lengths, *change(*chain))


def end_too_late(e, y, lengths, A, s, end):
    """The end score of the label that stands in the last column."""
    z, score = parts(e, y, lengths, A, s, end)
    rows = torch.arange(len(y))
    return (z - score + end[y[rows, lengths - 1]] - end[y[:, -1]]).mean().item()


LOSS_MISTAKES = [
    ("the sign: the loss is log Z - score, so that it falls when the right labels gain",
     loss_by(lambda z, score, lengths: (score - z).mean())),
    ("the padding is counted: only the first `lengths` words of a row are real",
     loss_by(lambda z, score, lengths: (z - score).mean(), None)),
    ("the padding is counted in log Z: beyond its last word a sentence keeps its message",
     loss_by(lambda z, score, lengths: (z - score).mean(), "score")),
    ("the padding is counted in the score of the right labels",
     loss_by(lambda z, score, lengths: (z - score).mean(), "z")),
    ("the end score is that of the label in the last column: the last label of a sentence stands "
     "at its own length", end_too_late),
    ("log Z is missing: without it the loss has no floor, every score would only grow",
     loss_by(lambda z, score, lengths: -score.mean())),
    ("the score of the right labels is missing: this is log Z alone",
     loss_by(lambda z, score, lengths: z.mean())),
    ("this is the sum over the sentences: a mean is asked for",
     loss_by(lambda z, score, lengths: (z - score).sum())),
    ("divided by the number of words: here the mean is over sentences",
     loss_by(lambda z, score, lengths: (z - score).sum() / lengths.sum())),
    ("a mean of means for each word: here the mean is over sentences",
     loss_by(lambda z, score, lengths: ((z - score) / lengths).mean())),
    ("the end is missing: the last label has a score of its own",
     loss_without(lambda A, s, end: (A, s, 0 * end))),
    ("the start is missing: the first label has a score of its own",
     loss_without(lambda A, s, end: (A, 0 * s, end))),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j",
     loss_without(lambda A, s, end: (A.T, s, end))),
]


def loss_case(name, draw, lengths, K, weight=1):
    """A case of the loss; what stands in padding is as random as the rest."""
    B, T = len(lengths), max(lengths)
    e, *chain = chain_given(draw, B * T, K)
    given = e.view(B, T, K), draw.ids(K, B, T), torch.tensor(lengths), *chain
    return Case(name, [given], right_loss, LOSS_MISTAKES, weight=weight)


def loss_cases(seed):
    """From one sentence to a padded batch."""
    draw = Draw(seed + 57)
    return [loss_case("one sentence of one word", draw, [1], 2, 0.5),
            loss_case("one sentence of three words", draw, [3], 2),
            loss_case("two sentences of one length", draw, [3, 3], 3),
            loss_case("two sentences, the first one is padded", draw, [1, 2], 2, 2),
            loss_case("four sentences with padding", draw, [4, 1, 6, 2], 3, 2)]


def loss_hidden(seed):
    """Larger."""
    return [loss_case("eight sentences with padding", Draw(seed + 58),
                      [5, 9, 1, 7, 2, 9, 3, 3], 6, 2)]


# --- the gradient of the transitions ------------------------------------------------------------


def observed(labels, K):
    """How often j follows i in the right labels (K, K)."""
    counts = torch.zeros(K, K).double()
    for i, j in zip(labels, labels[1:], strict=False):
        counts[i, j] += 1
    return counts


def expected(labels, e, A, s, end):
    """How often j follows i on the average of all sequences, by differentiating log Z."""
    A = A.detach().clone().requires_grad_()
    with torch.enable_grad():
        z = crf.log_normaliser(e[None], (A, s, end)).sum()
        return torch.autograd.grad(z, A)[0]


def right_pair_gradient(labels, emissions, transitions, start, end):
    """What is expected: expected minus observed counts."""
    return expected(labels, emissions, transitions, start, end) - observed(labels, len(start))


def by_counts(count):
    """Another count in place of the expected one, minus what was observed."""
    return lambda labels, *given: count(*given) - observed(labels, len(given[2]))


def independent(e, A, s, end):
    """Products of the marginals of single words."""
    p = crf.marginals(e[None], (A, s, end))[0]
    return p[:-1].T @ p[1:]


def from_the_left(e, A, s, end):
    """Pairs weighed by what came before them alone."""
    alpha = crf.messages(e[None], (A, s, end))[0]
    rows = alpha[:-1, :, None] + A + e[1:, None]
    return rows.flatten(1).softmax(1).view_as(rows).sum(0)


def emissions_counted(times):
    """Pairs in which the emission of the second word counts so many times."""
    def count(e, A, s, end):
        alpha = crf.messages(e[None], (A, s, end))[0]
        beta = crf.backward_messages(e[None], (A, s, end))[0]
        z = (alpha[-1] + end).logsumexp(0)
        pairs = alpha[:-1, :, None] + A + (times * e[1:] + beta[1:])[:, None]
        return (pairs - z).exp().sum(0)
    return count


def best_pairs(e, A, s, end):
    """Counts on the best path."""
    return observed(right_viterbi(e, A, s, end)[0], len(s))


GRADIENT_MISTAKES = [
    ("the sign: the loss is log Z - score, so its gradient is expected minus observed counts",
     lambda *given: -right_pair_gradient(*given)),
    ("the observed counts are missing: they come from the score of the right labels",
     expected),
    ("the expected counts are missing: they come from log Z",
     lambda labels, *given: -observed(labels, len(given[2]))),
    ("the expected counts are those of the best path alone: all sequences count, each with its "
     "probability", by_counts(best_pairs)),
    ("labels of neighbours are taken as independent: p(y_t-1 = i, y_t = j) is not the product of "
     "the two marginals", by_counts(independent)),
    ("what comes after the pair is missing: the words to its right decide, too",
     by_counts(from_the_left)),
    ("an emission counts twice: that of word t stands in beta_t(j) or beside it, not in both",
     by_counts(emissions_counted(2))),
    ("the emission of the second word of the pair is missing", by_counts(emissions_counted(0))),
    ("a pair that comes twice in y counts once: observed[i, j] += 1 with tensors i and j adds "
     "once for each place of the matrix", lambda labels, *given: expected(labels, *given)
     - observed(labels, len(given[2])).clamp(max=1)),
    ("rows and columns are swapped: gradient[i, j] belongs to j after i",
     lambda *given: right_pair_gradient(*given).T.contiguous()),
    ("only the observed counts are the wrong way round",
     lambda labels, *given: expected(labels, *given) - observed(labels, len(given[2])).T),
    ("divided by the number of pairs: counts are added up over the sentence",
     lambda labels, *given: right_pair_gradient(labels, *given) / max(1, len(labels) - 1)),
    ("the end is missing: it decides about the probabilities, too",
     lambda labels, e, A, s, end: right_pair_gradient(labels, e, A, s, 0 * end)),
    ("the start is missing: it decides about the probabilities, too",
     lambda labels, e, A, s, end: right_pair_gradient(labels, e, A, 0 * s, end)),
]


def gradient_case(name, draw, T, K, weight=1):
    """A case of the gradient; the right labels are no palindrome and not the best ones, and from
    six on a pair comes twice."""
    def make(draw):
        return labels_given(draw, T, K), *chain_given(draw, T, K)

    def tells(labels, *given):
        if T >= 6 and observed(labels, K).max() < 2:
            return False
        return T == 1 or labels != labels[::-1] and right_viterbi(*given)[0] != labels
    return Case(name, [telling(draw, make, tells)], right_pair_gradient, GRADIENT_MISTAKES,
                weight=weight)


def gradient_cases(seed):
    """Two words, three, six; one word has no pair."""
    draw = Draw(seed + 59)
    return [gradient_case("two words, two labels", draw, 2, 2),
            gradient_case("three words: a word on the right decides, too", draw, 3, 2, 2),
            gradient_case("six words, four labels", draw, 6, 4, 2),
            gradient_case("one word: there is no pair", draw, 1, 2, 0)]


def gradient_hidden(seed):
    """A sentence too long to list all sequences."""
    return [gradient_case("twenty words, five labels", Draw(seed + 60), 20, 5, 2)]
