"""Homework 3, exercises 1 and 3: pairs of words counted, and what <unk> hides."""

import math
from collections import Counter
from itertools import chain, pairwise

import torch

from .core import Case
from .drawing import Draw

# --- probabilities of pairs ---------------------------------------------------------------------


def between(texts, bos, eos):
    """Every pair of neighbours, each text between its markers."""
    return [pair for text in texts for pair in pairwise([bos, *text, eos])]


def table(found, size, share):
    """A table (size, size) of share(counts, i, j)."""
    counts = Counter(found)
    return torch.tensor([[share(counts, i, j) for j in range(size)] for i in range(size)]).double()


def after(counts, i):
    """How many pairs begin with i."""
    return sum(count for (first, _), count in counts.items() if first == i)


def right_bigrams(texts, size, bos, eos, alpha):
    """What is expected."""
    return shares(lambda c, i, j, a, K: (c[i, j] + a) / (after(c, i) + a * K))(
        texts, size, bos, eos, alpha)


def shares(rule, pairs=between, never=True):
    """A table by another rule(counts, i, j, alpha, size - 1), or from other pairs; `never`: the
    begin marker gets 0."""
    def function(texts, size, bos, eos, alpha):
        def share(c, i, j):
            return 0.0 if never and j == bos else rule(c, i, j, alpha, size - 1)
        return table(pairs(texts, bos, eos), size, share)
    return function


def from_pairs(pairs):
    """The right rule on other pairs."""
    return shares(lambda c, i, j, a, K: (c[i, j] + a) / (after(c, i) + a * K), pairs)


def divided(count, total, nothing=0.0):
    """count / total, or what stands for 0 / 0."""
    return count / total if total else nothing


def columns(texts, size, bos, eos, alpha):
    """Each column divided by its own sum."""
    counts = Counter(between(texts, bos, eos))
    found = torch.tensor([[counts[i, j] + alpha for j in range(size)] for i in range(size)])
    found[:, bos] = 0
    return (found / found.sum(0).clamp(min=1e-30)).double()


def columns_counted(texts, size, bos, eos, alpha):
    """Each count divided by how often j came, alpha added size - 1 times."""
    into = Counter(j for _, j in between(texts, bos, eos))
    return shares(lambda c, i, j, a, K: (c[i, j] + a) / (into[j] + a * K))(
        texts, size, bos, eos, alpha)


def once_each(texts, bos, eos):
    """Each different pair of a text, once: what `count[i, j] += 1` with tensors i, j counts."""
    return chain(*(set(between([text], bos, eos)) for text in texts))


BIGRAM_MISTAKES = [
    ("the end marker is missing: it is guessed like a word",
     from_pairs(lambda texts, bos, eos: [p for t in texts for p in pairwise([bos, *t])])),
    ("the begin marker is missing: the first word of a text comes after it",
     from_pairs(lambda texts, bos, eos: [p for t in texts for p in pairwise([*t, eos])])),
    ("both markers are missing: a text begins and ends somewhere",
     from_pairs(lambda texts, bos, eos: [p for t in texts for p in pairwise(t)])),
    ("the texts are read as one: the end of a text and the beginning of the next are no pair",
     from_pairs(lambda texts, bos, eos: pairwise([bos, *chain(*texts), eos]))),
    ("the end marker is followed by the next text's begin marker here: nothing follows an end",
     from_pairs(lambda texts, bos, eos: pairwise(
         chain(*([bos, *text, eos] for text in texts))))),
    ("alpha is missing in the denominator: the rows do not sum to 1",
     shares(lambda c, i, j, a, K: divided(c[i, j] + a, after(c, i), math.inf))),
    ("the begin marker gets a share: it is never guessed, so its column is 0",
     shares(lambda c, i, j, a, K: (c[i, j] + a) / (after(c, i) + a * (K + 1)), never=False)),
    ("the begin marker takes no share, so alpha counts size - 1 times in the denominator",
     shares(lambda c, i, j, a, K: (c[i, j] + a) / (after(c, i) + a * (K + 1)))),
    ("alpha counts once in the denominator: it was added to each of size - 1 counts",
     shares(lambda c, i, j, a, K: (c[i, j] + a) / (after(c, i) + a))),
    ("transposed: row i holds what comes after i",
     lambda *given: right_bigrams(*given).T),
    ("each column sums to 1: P(j | i) is divided by how often i was followed by anything", columns),
    ("each column is divided by how often j came: divide by how often i was followed by anything",
     columns_counted),
    ("divided by the number of all pairs: that is how probable the pair is, not j after i",
     shares(lambda c, i, j, a, K: (c[i, j] + a) / (c.total() + a * K))),
    ("divided by the number of all pairs: that is how probable the pair is, not j after i",
     shares(lambda c, i, j, a, K: (c[i, j] + a) / (c.total() + a * K * (K + 1)))),
    ("divided by the number of all pairs: that is how probable the pair is, not j after i",
     shares(lambda c, i, j, a, K: c[i, j] / c.total())),
    *(("alpha is missing: a pair that was never seen gets a little, too",
       shares(lambda c, i, j, a, K, n=n: divided(c[i, j], after(c, i), n), never=never))
      for n in (0.0, math.nan) for never in (True, False)),
    ("1 is added: alpha is the number to add",
     shares(lambda c, i, j, a, K: (c[i, j] + 1) / (after(c, i) + K))),
    ("only pairs never seen get alpha: it is added to every count",
     shares(lambda c, i, j, a, K: (c[i, j] or a) / (after(c, i) + a * K))),
    ("these are counts: probabilities are asked for",
     shares(lambda c, i, j, a, K: float(c[i, j]), never=False)),
    ("these are counts: probabilities are asked for", shares(lambda c, i, j, a, K: c[i, j] + a)),
    ("these are logarithms: probabilities are asked for",
     lambda *given: right_bigrams(*given).log()),
    ("each different pair counts once: count how often it comes",
     from_pairs(lambda texts, bos, eos: set(between(texts, bos, eos)))),
    ("a pair that comes twice in a text counts once: count[i, j] += 1 with tensors i and j adds "
     "once for each place of the table", from_pairs(once_each)),
]


def bigram_case(name, arguments, weight=1):
    """A case of the table."""
    return Case(name, [arguments], right_bigrams, BIGRAM_MISTAKES, weight=weight)


def some_texts(draw, words, lengths):
    """Texts of these lengths over the ids `words`."""
    return [[words[n] for n in draw.ids(len(words), length).tolist()] for length in lengths]


def bigram_cases(seed):
    """One text, three texts, markers with other numbers, an empty text."""
    draw = Draw(seed + 30)
    alpha = (1 + draw.ids(8, 1).item()) / 10
    three = [[2, 3], [2, 3, *some_texts(draw, [2, 3, 4], [2])[0], 2, 3], [4, 2]]
    other = [[0, 1, 0, 1], [], *some_texts(draw, [0, 1, 4], [3, 2])]
    return [bigram_case("one text of two words", ([[2, 3]], 4, 0, 1, alpha)),
            bigram_case("three texts, a pair that comes twice", (three, 5, 0, 1, alpha), 2),
            bigram_case("markers with other numbers, an empty text", (other, 5, 2, 3, 0.25))]


def bigram_hidden(seed):
    """Many words."""
    draw = Draw(seed + 31)
    texts = [*some_texts(draw, list(range(3, 12)), [9, 4, 1, 7, 12, 6]), [3, 4, 5, 3, 4]]
    return [bigram_case("seven texts of nine words", (texts, 12, 1, 2, 0.01))]


# --- what <unk> hides ---------------------------------------------------------------------------


def right_adjusted(log_probs, ids, unk, outside):
    """What is expected: the perplexity of a model that knows all words by name."""
    pairs = zip(log_probs.tolist(), ids.tolist(), strict=True)
    inverse = [math.exp(-p) * (outside if i == unk else 1) for p, i in pairs]
    return math.exp(sum(map(math.log, inverse)) / len(inverse))


def surprising(change):
    """e to the mean of the numbers that `change(log_probs, is_unk, outside)` returns, minus."""
    return lambda log_probs, ids, unk, outside: (-change(log_probs, ids == unk, outside)).exp()


def of_all(change):
    """The right nats of each symbol, made into another number."""
    return lambda p, ids, unk, outside: change(
        -torch.where(ids == unk, p - math.log(outside), p))


ADJUSTED_MISTAKES = [
    ("nothing is adjusted: <unk> stands for `outside` words that share its probability",
     surprising(lambda p, rare, m: p.mean())),
    ("the probability of <unk> is multiplied: each word behind it gets a part, so divide",
     surprising(lambda p, rare, m: (p + rare * math.log(m)).mean())),
    ("every word is divided: only <unk> stands for several",
     surprising(lambda p, rare, m: (p - math.log(m)).mean())),
    ("the log-probability is divided: divide the probability, so subtract a logarithm",
     surprising(lambda p, rare, m: torch.where(rare, p / m, p).mean())),
    ("the log-probability is multiplied: divide the probability, so subtract a logarithm",
     surprising(lambda p, rare, m: torch.where(rare, p * m, p).mean())),
    ("`outside` itself is subtracted: its logarithm belongs there",
     surprising(lambda p, rare, m: (p - rare * m).mean())),
    ("the unknown words are left out: they are words of the text and count",
     surprising(lambda p, rare, m: p[~rare].mean())),
    ("the unknown words cost nothing, but are counted",
     surprising(lambda p, rare, m: p[~rare].sum() / len(p))),
    ("<unk> is adjusted once: each time it comes it stands for one of `outside` words",
     surprising(lambda p, rare, m: (p.sum() - bool(rare.any()) * math.log(m)) / len(p))),
    ("the adjustment is counted in: N is the number of symbols",
     surprising(lambda p, rare, m: (p - rare * math.log(m)).sum() / (len(p) + rare.sum()))),
    ("these are nats: perplexity is e to that power", of_all(lambda nats: nats.mean())),
    ("2 to the power of nats: e belongs to nats", of_all(lambda nats: 2 ** nats.mean())),
    ("this is a mean of single perplexities: take the mean of the nats first",
     of_all(lambda nats: nats.exp().mean())),
    ("the sign: a log-probability is below 0, its surprise above",
     of_all(lambda nats: (-nats.mean()).exp())),
    ("the nats are not divided by the number of symbols", of_all(lambda nats: nats.sum().exp())),
]


def adjusted_case(name, inputs, weight=1):
    """A case of the adjustment."""
    return Case(name, inputs, right_adjusted, ADJUSTED_MISTAKES, weight=weight)


def measured(draw, ids):
    """Log-probabilities of symbols, between a half and a hundredth."""
    return ((1 + draw.ids(49, len(ids)).double()) / 100).log()


def adjusted_cases(seed):
    """One unknown word of three, two of five."""
    draw = Draw(seed + 32)
    three, five = torch.tensor([5, 1, 3]), torch.tensor([2, 6, 2, 4, 0])
    many = [2 + draw.ids(20, 1).item() for _ in range(2)]
    return [adjusted_case("one unknown word of three", [(measured(draw, three), three, 1, 10)]),
            adjusted_case("two of five, <unk> is another number",
                          [(measured(draw, five), five, 2, n) for n in many], 2)]


def adjusted_hidden(seed):
    """More symbols."""
    draw = Draw(seed + 33)
    ids = draw.ids(6, 40)
    return [adjusted_case("forty symbols", [(measured(draw, ids), ids, 3, 1234)])]
