"""The checks of notebook 07 about numbers: errors under a mean, and verdicts that are held back."""

import torch

from .core import Case, examine

# --- the error at each state when a mean is kept ------------------------------------------------


def walked(own, slope, U, factor=lambda slope, t: slope[t + 1]):
    """Errors from the last step to the first: own part, and U times slope times the error after."""
    found = list(own)
    for t in reversed(range(len(own) - 1)):
        found[t] = own[t] + U * factor(slope, t) * found[t + 1]
    return found


def right_errors(d_s, slope, U):
    """What is expected: an equal part of d_s at every step, and what comes from the future."""
    return walked([d_s / len(slope)] * len(slope), slope, U)


def only_last(d_s, slope):
    """The own errors when only the last state was kept."""
    return [0.0] * (len(slope) - 1) + [d_s]


ERROR_MISTAKES = [
    ("this is the error of the last state alone: in a mean every state has a part of its own",
     lambda d_s, slope, U: walked(only_last(d_s, slope), slope, U)),
    ("every state gets the whole d_s: each has one T-th of the mean, so one T-th of the error",
     lambda d_s, slope, U: walked([d_s] * len(slope), slope, U)),
    ("the error from the future is missing: h_t also went into h_(t+1)",
     lambda d_s, slope, U: [d_s / len(slope)] * len(slope)),
    ("the error from the future is missing, and every state gets the whole d_s",
     lambda d_s, slope, U: [d_s] * len(slope)),
    ("the slope belongs to the wrong step: the error from t+1 goes through the tanh of step t+1",
     lambda d_s, slope, U: walked([d_s / len(slope)] * len(slope), slope, U,
                                  lambda slope, t: slope[t])),
    ("the slope is missing: on its way back the error also goes through a tanh",
     lambda d_s, slope, U: walked([d_s / len(slope)] * len(slope), [1.0] * len(slope), U)),
    ("U is missing: the error comes back through the weight that carried the state",
     lambda d_s, slope, U: right_errors(d_s, slope, 1.0)),
    ("from left to right: the error walks from the last step to the first",
     lambda d_s, slope, U: right_errors(d_s, slope[::-1], U)[::-1]),
    ("the list is the wrong way round: the first number belongs to the first word",
     lambda d_s, slope, U: right_errors(d_s, slope, U)[::-1]),
    ("the own error also goes through its slope: these are errors at the states, not inside tanh",
     lambda d_s, slope, U: [s * d for s, d in zip(slope, right_errors(d_s, slope, U),
                                                  strict=True)]),
]

ERROR_CASES = [
    Case("one word: the mean is its state", [(0.5, [0.75], 0.8)], right_errors, ERROR_MISTAKES),
    Case("two words", [(1.0, [0.5, 0.75], 0.8)], right_errors, ERROR_MISTAKES),
    Case("four words", [(-2.0, [0.9, 0.4, 0.75, 0.6], 1.3)], right_errors, ERROR_MISTAKES),
]


def pooled_errors(function):
    """Report on `function(d_s, slope, U) -> list of T errors`, one unit, the mean kept."""
    return examine(function, ERROR_CASES)


# --- verdicts that are held back ----------------------------------------------------------------


def right_answered(confidence, right, threshold):
    """What is expected: the share that is answered, and the share of the answered that is right."""
    given = confidence >= threshold
    return given.double().mean(), right[given].double().mean()


def shares(given, part):
    """Two shares from masks, as numbers."""
    return given.double().mean(), part.double().mean()


ANSWERED_MISTAKES = [
    ("the right ones are counted among all texts: asked is their share of those answered",
     lambda c, r, t: shares(c >= t, (c >= t) & r)),
    ("all texts are judged, also those held back: asked is the share of those answered",
     lambda c, r, t: shares(c >= t, r)),
    ("a confidence equal to the threshold is enough: use >=",
     lambda c, r, t: shares(c > t, r[c > t])),
    ("this is the share held back: asked is the share answered",
     lambda c, r, t: shares(c < t, r[c >= t])),
    ("the unsure ones are answered: hold back what is below the threshold",
     lambda c, r, t: shares(c <= t, r[c <= t])),
    ("the unsure ones are answered: hold back what is below the threshold, not above",
     lambda c, r, t: shares(c < t, r[c < t])),
    ("the two are in the other order: first the share answered",
     lambda c, r, t: right_answered(c, r, t)[::-1]),
    ("these are counts: divide them", lambda c, r, t: ((c >= t).sum(), r[c >= t].sum())),
    ("the mean confidence is returned: asked is how many were right",
     lambda c, r, t: ((c >= t).double().mean(), c[c >= t].double().mean())),
]


def verdicts(confidence, right):
    """Confidences (N,) and whether each verdict was right (N,)."""
    return torch.tensor(confidence), torch.tensor(right).bool()


FOUR = verdicts([0.95, 0.5, 0.7, 0.3], [1, 0, 1, 1])
SIX = verdicts([0.2, 0.9, 0.4, 0.75, 0.6, 0.99], [0, 1, 1, 0, 0, 1])

ANSWERED_CASES = [
    Case("four verdicts, threshold 0.5", [(*FOUR, 0.5)], right_answered, ANSWERED_MISTAKES,
         returns=("share answered", "share right")),
    Case("six verdicts, threshold 0.55", [(*SIX, 0.55)], right_answered, ANSWERED_MISTAKES,
         returns=("share answered", "share right")),
    Case("a threshold of 0 answers everything", [(*SIX, 0.0)], right_answered, ANSWERED_MISTAKES,
         returns=("share answered", "share right")),
]


def answered(function):
    """Report on `function(confidence (N,), right (N,), threshold) -> (share answered, share
    right)`."""
    return examine(function, ANSWERED_CASES)
