"""The checks of notebook 14, second half: risk over a set, one draw's gradient, a baseline."""

import torch

from .core import Case, examine

# --- the risk over a set ------------------------------------------------------------------------


def first_ones(texts):
    """The places where a text stands for the first time."""
    return [n for n, text in enumerate(texts) if text not in texts[:n]]


def over(texts, log_probs, costs, share, kept=first_ones):
    """The sum of share times cost over the places that are kept."""
    places = kept(texts)
    return (share(log_probs[places]) * costs[places]).sum()


def right_risk(texts, log_probs, costs, alpha):
    """What is expected: every different text once, shares that add up to one."""
    return over(texts, log_probs, costs, lambda lp: torch.softmax(alpha * lp, 0))


def everyone(texts):
    """All places, repeated texts too."""
    return list(range(len(texts)))


RISK_MISTAKES = [
    ("a text that was drawn twice is counted twice: the set has it once",
     lambda texts, lp, costs, alpha: over(
         texts, lp, costs, lambda x: torch.softmax(alpha * x, 0), everyone)),
    ("the shares do not add up to one: divide by their sum over the set",
     lambda texts, lp, costs, alpha: over(texts, lp, costs, lambda x: (alpha * x).exp())),
    ("the probabilities of the model are used: raise them to alpha and divide by their sum",
     lambda texts, lp, costs, alpha: over(texts, lp, costs, torch.exp)),
    ("alpha is missing", lambda texts, lp, costs, alpha: over(
        texts, lp, costs, lambda x: torch.softmax(x, 0))),
    ("it is divided by alpha: P to the power of alpha is exp(alpha log P)",
     lambda texts, lp, costs, alpha: over(
         texts, lp, costs, lambda x: torch.softmax(x / alpha, 0))),
    ("all texts weigh alike: their shares are P to the power of alpha",
     lambda texts, lp, costs, alpha: over(
         texts, lp, costs, lambda x: torch.full_like(x, 1 / len(x)))),
    ("logarithms are weights here: exponentiate first",
     lambda texts, lp, costs, alpha: over(texts, lp, costs, lambda x: alpha * x / (alpha * x).sum())
     ),
    ("the softmax is taken over all, repeated texts left out afterwards: leave them out first",
     lambda texts, lp, costs, alpha: (torch.softmax(alpha * lp, 0) * costs)[
         first_ones(texts)].sum()),
]

RISK_CASES = [
    Case(name, [(texts.split(), torch.tensor(p).log(), torch.tensor(costs), alpha)], right_risk,
         RISK_MISTAKES)
    for name, texts, p, costs, alpha in [
        ("three texts, one of them twice, alpha = 0.5", "ab aa ab b", [0.04, 0.36, 0.04, 0.16],
         [0.0, 0.5, 0.0, 1.0], 0.5),
        ("five texts, one of them three times, alpha = 2", "a bb a ba a",
         [0.2, 0.3, 0.2, 0.05, 0.2], [0.5, 1.0, 0.5, 0.0, 0.5], 2.0)]
]


def risk(function):
    """Report on `function(texts, log_probs (n,), costs (n,), alpha) -> risk`."""
    return examine(function, RISK_CASES)


# --- the gradient from drawn words --------------------------------------------------------------


def hot(words, p):
    """One row for each drawn word, with a one at it."""
    return torch.nn.functional.one_hot(words, p.shape[-1]).to(p)


def right_gradient(p, words, r, b):
    """What is expected: the mean over the draws of (r - b) (p - 1(w))."""
    return ((r - b)[:, None] * (p - hot(words, p))).mean(0)


GRADIENT_MISTAKES = [
    ("the sign is wrong: this is the gradient of the expected reward, the loss is that with a "
     "minus", lambda p, words, r, b: -right_gradient(p, words, r, b)),
    ("the baseline is missing", lambda p, words, r, b: right_gradient(p, words, r, 0 * b)),
    ("the baseline is added: subtract it", lambda p, words, r, b: right_gradient(p, words, r, -b)),
    ("the draws are added up: take their mean",
     lambda p, words, r, b: right_gradient(p, words, r, b) * len(r)),
    ("p is missing: the gradient of -log p(w) with respect to the scores is p - 1(w)",
     lambda p, words, r, b: ((r - b)[:, None] * -hot(words, p)).mean(0)),
    ("the drawn word is missing: p - 1(w)",
     lambda p, words, r, b: ((r - b)[:, None] * p[None]).mean(0)),
    ("the reward is missing: this is the gradient of likelihood for the drawn words",
     lambda p, words, r, b: (p - hot(words, p)).mean(0)),
    ("a draw counts by its probability, but it was drawn with that probability already",
     lambda p, words, r, b: (p[words][:, None] * (r - b)[:, None] * (p - hot(words, p))).mean(0)),
]

GRADIENT_CASES = [
    Case(name, [tuple(map(torch.tensor, row))], right_gradient, GRADIENT_MISTAKES)
    for name, row in [
        ("one draw, no baseline", ([0.5, 0.25, 0.25], [1], [-0.5], [0.0])),
        ("one draw, a baseline", ([0.5, 0.3, 0.2], [2], [-0.5], [-0.75])),
        ("four draws", ([0.1, 0.2, 0.3, 0.4], [3, 3, 1, 0], [-0.2, -0.2, 0.0, -1.0],
                        [-0.3, -0.3, -0.3, -0.4]))]
]


def gradient(function):
    """Report on `function(p (K,), words (n,), r (n,), b (n,)) -> (K,)`."""
    return examine(function, GRADIENT_CASES)


# --- a baseline from the other draws ------------------------------------------------------------


def right_others(r):
    """What is expected: for each draw the mean reward of the other draws of its source."""
    return (r.sum(1, keepdim=True) - r) / (r.shape[1] - 1)


OTHERS_MISTAKES = [
    ("the draw's own reward is in its baseline: a baseline must not depend on the word that was "
     "drawn", lambda r: r.mean(1, keepdim=True).expand_as(r)),
    ("the draw's own reward is its baseline: then nothing is left to learn from",
     lambda r: r.clone()),
    ("the best draw is the baseline: it depends on the word that was drawn",
     lambda r: r.max(1, keepdim=True).values.expand_as(r)),
    ("the mean runs over the sources: a hard source would pull an easy one down",
     lambda r: (r.sum(0, keepdim=True) - r) / max(1, len(r) - 1)),
    ("the sum of the others is not divided by their number",
     lambda r: r.sum(1, keepdim=True) - r),
    ("it is divided by all draws: the others are one fewer",
     lambda r: (r.sum(1, keepdim=True) - r) / r.shape[1]),
    ("these are differences r - b: return b alone", lambda r: r - right_others(r)),
]

OTHERS_CASES = [
    Case(name, [(torch.tensor(rows),)], right_others, OTHERS_MISTAKES)
    for name, rows in [("one source, three draws", [[-0.5, 0.0, -1.0]]),
                       ("two sources, four draws", [[-0.25, 0.0, -1.0, -0.5],
                                                    [-2.0, -1.0, -1.0, -3.0]])]
]


def others(function):
    """Report on `function(r (B, n)) -> b (B, n)`."""
    return examine(function, OTHERS_CASES)
