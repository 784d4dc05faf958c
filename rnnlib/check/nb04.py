"""The checks of notebook 04: one order of an n-gram, strings, training items, perplexity, tying."""

import math

import torch

from .core import Case, examine
from .nb04_tying import parameters, tied_scores

__all__ = ["interpolated", "string", "items", "perplexity", "tied_scores", "parameters"]


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def distributions(*shape, seed):
    """Probabilities that sum to one along the last axis."""
    return drawn(*shape, seed=seed).softmax(-1)


# --- one order of an n-gram model ---------------------------------------------------------------


def right_interpolated(c, D, lower):
    """What is expected: discounted counts, and what was taken goes to the lower order."""
    if c.sum() == 0:
        return lower
    return (c - D).clamp(min=0) / c.sum() + D * (c > 0).sum() / c.sum() * lower


def where_seen(rule):
    """A rule for histories that were seen; the lower order otherwise."""
    return lambda c, D, lower: lower if c.sum() == 0 else rule(c, D, lower)


INTERPOLATED_MISTAKES = [
    ("relative frequencies: a word never seen after this history gets 0, and one such word makes "
     "the probability of a whole text 0", where_seen(lambda c, D, lower: c / c.sum())),
    ("relative frequencies, and 0 / 0 for a history never seen", lambda c, D, lower: c / c.sum()),
    ("a history never seen gives 0 / 0: return the lower order there",
     lambda c, D, lower: ((c - D).clamp(min=0) + D * (c > 0).sum() * lower) / c.sum()),
    ("what the discount takes is not given back: the sum is below 1",
     where_seen(lambda c, D, lower: (c - D).clamp(min=0) / c.sum())),
    ("a count of 0 is discounted too: max(c - D, 0)",
     where_seen(lambda c, D, lower: (c - D + D * (c > 0).sum() * lower) / c.sum())),
    ("N(h) is the number of different words after the history, not of occurrences",
     where_seen(lambda c, D, lower: (c - D).clamp(min=0) / c.sum() + D * lower)),
    ("what was taken is shared out equally: give it to the lower order in its proportions",
     where_seen(lambda c, D, lower: right_interpolated(c, D, torch.full_like(lower, 1 / len(c))))),
    ("the lower order has the full weight: it gets what the discount took, D N(h) / c(h)",
     where_seen(lambda c, D, lower: (c - D).clamp(min=0) / c.sum() + lower)),
    ("all words of the vocabulary were counted: N(h) is how many different words came after the "
     "history, those with c > 0",
     where_seen(lambda c, D, lower: (c - D).clamp(min=0) / c.sum()
                + D * len(c) / c.sum() * lower)),
    ("the lower order goes only to words never seen here: every word gets its share of it",
     where_seen(lambda c, D, lower: torch.where(
         c > 0, (c - D) / c.sum(), D * (c > 0).sum() / c.sum() * lower))),
    ("a mix with fixed weights: D is taken from each count, not from the whole",
     where_seen(lambda c, D, lower: (1 - D) * c / c.sum() + D * lower)),
    ("a history never seen gives nothing but zeros: it says nothing, so return the lower order",
     lambda c, D, lower: right_interpolated(c, D, lower) * (c.sum() > 0)),
]

INTERPOLATED_CASES = [
    Case(name, [(torch.tensor(counts), 0.5, distributions(len(counts), seed=len(counts)))],
         right_interpolated, INTERPOLATED_MISTAKES)
    for name, counts in [("a history with two different words after it", [3.0, 0.0, 1.0]),
                         ("a history with many words after it", [2.0, 2.0, 0.0, 5.0, 1.0]),
                         ("a history never seen", [0.0, 0.0, 0.0, 0.0])]
]


def interpolated(function):
    """Report on `function(c (size,), D, lower (size,)) -> probabilities (size,)`."""
    return examine(function, INTERPOLATED_CASES)


# --- the probability of a string ----------------------------------------------------------------


def right_string(P, words, bos, eos):
    """What is expected: the product over all neighbours, from the begin to the end marker."""
    return product(P, [bos, *words, eos])


def product(P, path):
    """The product of P[i, j] over neighbours of a path, in float64."""
    return math.prod(P[i, j].double().item() for i, j in zip(path, path[1:], strict=False))


STRING_MISTAKES = [
    ("the end marker is missing: without P(</s> | last word) this is the probability of all "
     "strings that begin so", lambda P, words, bos, eos: product(P, [bos, *words])),
    ("the begin marker is missing: the first word has a probability too, P(w | <s>)",
     lambda P, words, bos, eos: product(P, [*words, eos])),
    ("both markers are missing", lambda P, words, bos, eos: product(P, words)),
    ("P is transposed: row i holds the probabilities after i",
     lambda P, words, bos, eos: product(P.T, [bos, *words, eos])),
    ("a sum: the probabilities of words that follow each other are multiplied",
     lambda P, words, bos, eos: sum(
         P[i, j].item() for i, j in zip([bos, *words], [*words, eos], strict=True))),
    ("a mean for each symbol (a geometric one): the string as a whole was asked for",
     lambda P, words, bos, eos: right_string(P, words, bos, eos) ** (1 / (len(words) + 1))),
    ("the empty string has a probability too: P(</s> | <s>)",
     lambda P, words, bos, eos: right_string(P, words, bos, eos) if words else 1.0),
    ("the string ends with the begin marker: the last symbol is eos",
     lambda P, words, bos, eos: product(P, [bos, *words, bos])),
    ("this is the logarithm",
     lambda P, words, bos, eos: math.log(right_string(P, words, bos, eos))),
]

STRING_CASES = [
    Case(name, [(distributions(5, 5, seed=7), words, 3, 4)], right_string, STRING_MISTAKES,
         tolerance=1e-7)
    for name, words in [("one word", [1]), ("three words", [0, 2, 1]),
                        ("the empty string: only the end", []),
                        ("a word that comes twice in a row", [2, 2, 0, 2])]
]


def string(function):
    """Report on `function(P, words, bos, eos) -> probability`, P[i, j] the probability of j after
    i."""
    return examine(function, STRING_CASES)


# --- training items -----------------------------------------------------------------------------


def right_items(words, bos, eos):
    """What is expected: y is x one symbol later."""
    return [bos, *words], [*words, eos]


ITEM_MISTAKES = [
    ("the targets are the inputs: the model learns to repeat, not to guess",
     lambda words, bos, eos: ([bos, *words], [bos, *words])),
    ("no end marker among the targets: the model never learns to stop",
     lambda words, bos, eos: ([bos, *words[:-1]], [*words])),
    ("no begin marker: the first word is read and never guessed",
     lambda words, bos, eos: ([*words], [*words[1:], eos])),
    ("the end marker is read: nothing comes after it, so it is a target only",
     lambda words, bos, eos: ([bos, *words, eos], [*words, eos, eos])),
    ("the begin marker is a target: it is read and never guessed",
     lambda words, bos, eos: ([bos, *words, eos], [bos, *words, eos])),
    ("the targets come one symbol before the inputs: y is x one symbol later",
     lambda words, bos, eos: ([*words, eos], [bos, *words])),
    ("the end marker is one place too late: x and y must be equally long",
     lambda words, bos, eos: ([bos, *words], [*words, eos, eos])),
    ("the end marker is missing at the end of y: x and y must be equally long",
     lambda words, bos, eos: ([bos, *words], [*words])),
    ("the targets skip a word: y is x one symbol later, not two",
     lambda words, bos, eos: ([bos, *words], [*words[1:], eos, eos])),
]

ITEM_CASES = [
    Case(name, [(words, 1, 2)], right_items, ITEM_MISTAKES, returns=("x", "y"))
    for name, words in [("two words, three items", [5, 7]), ("four words", [9, 4, 4, 6])]
]


def items(function):
    """Report on `function(words, bos, eos) -> (x, y)`, lists of ids."""
    return examine(function, ITEM_CASES)


# --- perplexity ---------------------------------------------------------------------------------


def right_perplexity(batches):
    """What is expected: all nats of all batches, divided by all symbols, then exp."""
    every = torch.cat(batches).double()
    return every.mean().exp().item()


PERPLEXITY_MISTAKES = [
    ("a mean of batch means: batches of different sizes weigh the same; add up totals and counts",
     lambda batches: torch.stack([batch.double().mean() for batch in batches]).mean().exp().item()),
    ("a mean of the batches' perplexities: average the nats first, then exp once",
     lambda batches: torch.stack([b.double().mean().exp() for b in batches]).mean().item()),
    ("a mean of the perplexities of single symbols: average the nats first, then exp once",
     lambda batches: torch.cat(batches).double().exp().mean().item()),
    ("the base does not fit: nats belong to e, bits to 2",
     lambda batches: 2 ** torch.cat(batches).double().mean().item()),
    ("the base does not fit: this is e to the power of bits",
     lambda batches: math.exp(torch.cat(batches).double().mean().item() / math.log(2))),
    ("the base does not fit: nats belong to e, not to 10",
     lambda batches: 10 ** torch.cat(batches).double().mean().item()),
    ("the exponential is missing: this is the cross-entropy in nats",
     lambda batches: torch.cat(batches).double().mean().item()),
    ("the total is divided by the number of batches: divide by the number of symbols",
     lambda batches: math.exp(torch.cat(batches).double().sum().item() / len(batches))),
    ("the total is not divided: this is one over the probability of the text",
     lambda batches: torch.cat(batches).double().sum().exp().item()),
    ("the sign is turned: surprise is positive, and so is its mean",
     lambda batches: (-torch.cat(batches).double().mean()).exp().item()),
]


def surprises(*sizes):
    """Batches of nats of these sizes, the same in every run."""
    return [drawn(n, seed=n).abs() + 0.1 * n for n in sizes]


PERPLEXITY_CASES = [
    Case(name, [(surprises(*sizes),)], right_perplexity, PERPLEXITY_MISTAKES)
    for name, sizes in [("one batch", [3]), ("two batches of different sizes", [2, 5]),
                        ("a small last batch", [8, 8, 1])]
]


def perplexity(function):
    """Report on `function(batches) -> perplexity`, a list of tensors of nats, one per symbol."""
    return examine(function, PERPLEXITY_CASES)
