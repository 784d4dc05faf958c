"""The checks of notebook 05 about beams: one step of the fixed width, and the length of a text."""
import torch

from .core import Case, examine

NAMES = ("scores", "parents", "tokens")


def best_of(total, M):
    """(scores, parents, tokens) of the M best continuations of total (K, V)."""
    scores, index = total.flatten().topk(M)
    V = total.shape[1]
    return scores, index // V, index % V


def right_step(scores, ended, log_probs):
    """What is expected: parents' scores added, ended ones out, one place less for each of them."""
    total = (scores[:, None] + log_probs)[~ended]
    found, parents, tokens = best_of(total, len(scores) - int(ended.sum()))
    return found, (~ended).nonzero()[:, 0][parents], tokens


def with_total(make):
    """A beam step whose continuations are scored otherwise; `make` gives total (K, V)."""
    def step(scores, ended, log_probs):
        total = make(scores, log_probs).masked_fill(ended[:, None], -torch.inf)
        return best_of(total, len(scores) - int(ended.sum()))
    return step


def each_its_best(scores, ended, log_probs):
    """The best continuation of each live hypothesis."""
    total = (scores[:, None] + log_probs)[~ended]
    found, tokens = total.max(1)
    order = found.argsort(descending=True)
    return found[order], (~ended).nonzero()[:, 0][order], tokens[order]


def transposed(scores, ended, log_probs):
    """Places read as if tokens came first."""
    total = (scores[:, None] + log_probs).masked_fill(ended[:, None], -torch.inf)
    found, index = total.flatten().topk(len(scores) - int(ended.sum()))
    return found, index % len(scores), index // len(scores)


def renumbered(scores, ended, log_probs):
    """Parents numbered among the live hypotheses alone."""
    total = (scores[:, None] + log_probs)[~ended]
    return best_of(total, len(total))


def out_afterwards(scores, ended, log_probs):
    """The best of all continuations, then without those of ended hypotheses."""
    found = best_of(scores[:, None] + log_probs, len(scores))
    return tuple(part[~ended[found[1]]] for part in found)


STEP_MISTAKES = [
    ("the parent's score is forgotten: a hypothesis is as probable as all its tokens together",
     with_total(lambda scores, log_probs: log_probs + 0 * scores[:, None])),
    ("log-probabilities are multiplied: they add up",
     with_total(lambda scores, log_probs: scores[:, None] * log_probs)),
    ("ended hypotheses are continued: nothing follows an end marker",
     lambda scores, ended, log_probs: best_of(scores[:, None] + log_probs,
                                              len(scores) - int(ended.sum()))),
    ("ended hypotheses are continued, and the beam is as wide as before",
     lambda scores, ended, log_probs: best_of(scores[:, None] + log_probs, len(scores))),
    ("ended hypotheses take places and go afterwards: take them out before the best are chosen",
     out_afterwards),
    ("0 stands for the impossible: it is the log-probability of a sure thing, take -inf",
     lambda scores, ended, log_probs: best_of(
         (scores[:, None] + log_probs).masked_fill(ended[:, None], 0), int((~ended).sum()))),
    ("the beam does not narrow: one place less for each hypothesis that has ended",
     lambda scores, ended, log_probs: best_of(
         (scores[:, None] + log_probs).masked_fill(ended[:, None], -torch.inf), len(scores))),
    ("each hypothesis keeps its own best continuation: the best of all continuations are kept, "
     "two of them may have one parent", each_its_best),
    ("parent and token are mixed up: the place in the flattened (K, V) is parent * V + token",
     transposed),
    ("parents are numbered among the live hypotheses: number them among all K", renumbered),
    ("the least probable continuations are kept",
     lambda scores, ended, log_probs: tuple(
         part if n else -part for n, part in enumerate(best_of(
             -(scores[:, None] + log_probs).masked_fill(ended[:, None], torch.inf),
             len(scores) - int(ended.sum()))))),
]


def beam(scores, ended, K, V, seed):
    """Arguments of a step: scores (K,), ended (K,), log-probabilities (K, V)."""
    generator = torch.Generator().manual_seed(seed)
    drawn = 2 * torch.randn(K, V, generator=generator, dtype=torch.float64)
    return (torch.tensor(scores, dtype=torch.float64), torch.tensor(ended),
            torch.log_softmax(drawn, -1))


TIGHT = (torch.tensor([-0.5, -2.5], dtype=torch.float64), torch.tensor([False, False]),
         torch.tensor([[0.5, 0.3, 0.2], [0.9, 0.05, 0.05]], dtype=torch.float64).log())

STEP_CASES = [
    Case(name, [arguments], right_step, STEP_MISTAKES, returns=NAMES) for name, arguments in [
        ("two hypotheses, and both places go to children of the first", TIGHT),
        ("one of three has ended: two places are left",
         beam([-1.0, -0.2, -1.5], [False, True, False], 3, 4, 3)),
        ("five hypotheses, two ended",
         beam([-2.0, -2.2, -0.4, -2.5, -3.0], [False, False, True, False, True], 5, 7, 4))]
]


def beam_step(function):
    """Report on `function(scores (K,), ended (K,), log_probs (K, V)) -> (scores, parents, tokens)`,
    the best continuations of the live hypotheses, best first."""
    return examine(function, STEP_CASES)


# --- the variable width --------------------------------------------------------------------------


def right_near(scores, done, factor):
    """What is expected: as probable as factor times the best of all, complete ones included."""
    best = torch.cat([scores, done]).max()
    return scores >= best + torch.tensor(factor, dtype=torch.float64).log()


NEAR_MISTAKES = [
    ("the bar lies above the best: a factor below 1 raises a negative score, and log(factor) is "
     "negative, so add it",
     lambda scores, done, factor: scores >= factor * torch.cat([scores, done]).max()),
    ("the factor divides log-probabilities: it belongs to probabilities, so add its logarithm",
     lambda scores, done, factor: scores >= torch.cat([scores, done]).max() / factor),
    ("the factor is added or subtracted itself: its logarithm is",
     lambda scores, done, factor: scores >= torch.cat([scores, done]).max() - factor),
    ("complete hypotheses are forgotten: the best score may be that of one of them",
     lambda scores, done, factor: right_near(scores, done[:0], factor)),
    ("only complete hypotheses are compared with: the best may be a live one",
     lambda scores, done, factor: scores >= (
         done.max() if len(done) else scores.max()) + torch.tensor(factor).double().log()),
    ("the factor is taken for a probability: it is relative to the best",
     lambda scores, done, factor: scores.exp() >= factor),
    ("a hypothesis exactly at the bar is pruned: it is within the factor, so >= and not >",
     lambda scores, done, factor: scores.exp() > factor * torch.cat([scores, done]).exp().max()),
    ("these are the ones to prune", lambda *given: ~right_near(*given)),
]

NEAR_CASES = [
    Case(name, [(torch.tensor(scores).double(), torch.tensor(done).double(), factor)],
         right_near, NEAR_MISTAKES) for name, scores, done, factor in [
        ("within half of the best", [-1.0, -1.6, -1.8, -3.0], [], 0.5),
        ("the best is complete already", [-2.0, -2.6, -3.5, -4.5], [-1.0], 0.2),
        ("a complete one that is not the best", [-1.0, -2.0, -3.5, -6.0, -1.1], [-4.0, -9.0], 0.1),
        ("factor 1 keeps the best alone", [-2.0, -2.5], [-8.0], 1.0)]
]


def near(function):
    """Report on `function(scores (N,), done (M,), factor) -> kept, bool (N,)`."""
    return examine(function, NEAR_CASES)


# --- the length of a text -----------------------------------------------------------------------


def right_normalised(scores, lengths, power):
    """What is expected: log-probabilities divided by a power of the length."""
    return scores / lengths ** power


NORMALISED_MISTAKES = [
    ("multiplied: the sign is wrong way round, this pushes long texts down even further",
     lambda scores, lengths, power: scores * lengths ** power),
    ("the sign of the power is turned: a log-probability is negative, dividing raises it",
     lambda scores, lengths, power: -scores / lengths ** power),
    ("the power is forgotten: this is the mean for power 1 alone",
     lambda scores, lengths, power: scores / lengths),
    ("the power multiplies the length: it is its exponent",
     lambda scores, lengths, power: scores / (lengths * power)),
    ("a token is missing: the end marker has a probability too, so it counts",
     lambda scores, lengths, power: scores / (lengths - 1) ** power),
    ("a bonus for each token: divide by a power of the length instead",
     lambda scores, lengths, power: scores + power * lengths),
    ("nothing is normalised", lambda scores, lengths, power: scores + 0 * lengths),
]

NORMALISED_CASES = [
    Case(name, [(torch.tensor(scores).double(), torch.tensor(lengths), power)],
         right_normalised, NORMALISED_MISTAKES) for name, scores, lengths, power in [
        ("power 1 is the mean for each token", [-4.0, -6.0], [2, 4], 1.0),
        ("a power between sum and mean", [-4.0, -6.0, -9.0], [4, 9, 16], 0.5),
        ("power 0 is the sum", [-4.0, -6.0], [3, 5], 0.0)]
]


def normalised(function):
    """Report on `function(scores (N,), lengths (N,), power) -> scores (N,)` to rank texts by."""
    return examine(function, NORMALISED_CASES)
