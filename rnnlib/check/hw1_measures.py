"""Homework 1, exercises 4 and 5: how far a function sees, and how often a tagger is right."""

import torch

from .core import Case
from .drawing import Draw
from .hw1_inside import Looks

# --- reach --------------------------------------------------------------------------------------


def right_reach(f, x):
    """What is expected: known, as the function says what it looks at."""
    return f.looks != 0


def compared(change, far=lambda off: (off > 0).any(-1)):
    """Outputs before and after a change: `change(x, s)` makes the changed copy; `far` says from
    the distances (T, K) which rows have changed."""
    def function(f, x):
        columns = [far((f(change(x, s)) - f(x)).abs()) for s in range(len(x))]
        return torch.stack(columns, -1)
    return function


def one_number(x, s):
    """Only the first number of word s is changed."""
    x = x.clone()
    x[s, 0] += 1.5
    return x


def added(x, s):
    """All numbers of word s are changed."""
    x = x.clone()
    x[s] += torch.linspace(1.0, 1.7, x.shape[1])
    return x


def to_zero(x, s):
    """Word s is set to zeros."""
    x = x.clone()
    x[s] = 0
    return x


def up_to(x, s):
    """All words up to s are changed, as if none had been put back."""
    x = x.clone()
    x[: s + 1] += 1.3
    return x


def shifted_by(n):
    """What is right, moved by some places."""
    return lambda f, x: torch.roll(right_reach(f, x), n, 1)


REACH_MISTAKES = [
    ("rows and columns are exchanged: row t, column s, output t depends on word s",
     lambda f, x: right_reach(f, x).T),
    ("the outputs are compared as a whole: ask for each output by itself",
     lambda f, x: right_reach(f, x).any(0).expand(len(x), -1).clone()),
    ("no dependence is found, as when only the first number of the word is changed or the first "
     "of the output compared, or when all of an output has to change: one of them is enough",
     compared(one_number)),
    ("the word is set to zeros: if it was all zeros before, nothing has changed",
     compared(to_zero)),
    ("a changed word stays changed while the next one is tried: change a fresh copy",
     compared(up_to)),
    ("small changes do not count here: any change counts, however small",
     compared(added, lambda off: (off > 0.01).any(-1))),
    ("turned round: True where the output changes", lambda f, x: ~right_reach(f, x)),
    ("this is the answer for every network that reads from left to right: try it out, f may be "
     "another function", lambda f, x: torch.ones(len(x), len(x)).tril().bool()),
    ("each output is only asked about its own word: try all pairs",
     lambda f, x: torch.eye(len(x)).bool() & right_reach(f, x)),
    ("the columns are off by one: word s belongs into column s, counted from 0", shifted_by(1)),
    ("everything depends on everything here", lambda f, x: torch.ones(len(x), len(x)).bool()),
]


def reach_case(name, looks, draw, weight=1):
    """A case: a function that looks where `looks` (T, T) is not 0.

    It leaves out the first number of each word, and the first of its outputs is always 0.
    """
    T = len(looks)
    A = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.5, -0.3], [0.0, 0.4, 0.6]]).double()
    x = draw.normal(T, 3).double()
    x[T // 2] = 0
    return Case(name, [(Looks(looks.double(), A), x)], right_reach, REACH_MISTAKES, weight=weight)


def looked_at(draw, where):
    """How strongly the functions of the cases look where they look."""
    return torch.where(where, 0.3 + draw.normal(*where.shape).abs(), 0.0)


def band(T, n):
    """True where two places are at most n apart."""
    return (torch.arange(T)[:, None] - torch.arange(T)).abs() <= n


def reach_cases(seed):
    """A function of the left neighbour, a window, a reader, one with a weak spot."""
    draw = Draw(seed + 26)
    left = torch.ones(3, 3).tril(-1).triu(-1).bool()
    odd = draw.ids(2, 4, 4).bool()
    odd[0, 3], odd[3, 0] = True, False
    weak = looked_at(draw, band(4, 1))
    weak[2, 1] = 1e-8
    return [
        reach_case("each output looks at the word before", looked_at(draw, left), draw),
        reach_case("a window of three words", looked_at(draw, band(5, 1)), draw, 2),
        reach_case("from left to right", looked_at(draw, torch.ones(4, 4).tril().bool()), draw),
        reach_case("a function without any order", looked_at(draw, odd), draw, 2),
        reach_case("one word counts very little", weak, draw),
    ]


def reach_hidden(seed):
    """Longer, and from right to left."""
    draw = Draw(seed + 27)
    return [reach_case("from right to left", looked_at(draw, torch.ones(6, 6).triu().bool()), draw),
            reach_case("a window of five words", looked_at(draw, band(9, 2)), draw)]


# --- accuracy -----------------------------------------------------------------------------------

NONE = -100  # stands where a sentence has no tag


def right_accuracy(batches):
    """What is expected: all that are right, divided by all that count."""
    pairs = [(best, tag) for scores, tags in batches
             for best, tag in zip(scores.argmax(-1).flatten().tolist(), tags.flatten().tolist(),
                                  strict=True) if tag != NONE]
    return sum(best == tag for best, tag in pairs) / len(pairs)


def share(right, counted):
    """How many of those that count are right."""
    return (right & counted).sum() / counted.sum()


def by_batch(counted=lambda tags: tags != NONE):
    """A mean of the shares of the batches."""
    return lambda batches: torch.stack([
        share(scores.argmax(-1) == tags, counted(tags)) for scores, tags in batches]).mean()


def together(best=lambda scores: scores.argmax(-1), counted=lambda tags: tags != NONE):
    """A share of all words, chosen or counted in another way."""
    def function(batches):
        right = torch.cat([(best(scores) == tags).flatten() for scores, tags in batches])
        return share(right, torch.cat([counted(tags).flatten() for _, tags in batches]))
    return function


def by_sentence(batches):
    """A mean of the shares of the sentences."""
    return torch.stack([share(row.argmax(-1) == tags, tags != NONE)
                        for batch in batches for row, tags in zip(*batch, strict=True)]).mean()


def counted_words(tags):
    """How many words of a batch have a tag."""
    return (tags != NONE).sum()


ACCURACY_MISTAKES = [
    ("a mean of batch means, padding included: as it was found",
     by_batch(lambda tags: torch.ones_like(tags).bool())),
    ("a mean of batch means: a small batch counts as much as a large one; add up first",
     by_batch()),
    ("a mean of sentence means: a short sentence counts as much as a long one; add up first",
     by_sentence),
    ("padding is counted, and it is never right: leave out the places with -100",
     together(counted=lambda tags: torch.ones_like(tags).bool())),
    ("padding is divided by, but not counted as right or wrong",
     lambda batches: right_accuracy(batches) * sum(counted_words(t) for _, t in batches) / sum(
         t.numel() for _, t in batches)),
    ("tag 0 is left out: 0 is a tag, padding is -100", together(counted=lambda tags: tags > 0)),
    ("only the last batch counts", lambda batches: right_accuracy(batches[-1:])),
    ("only the first batch counts", lambda batches: right_accuracy(batches[:1])),
    ("the lowest score wins: argmax, not argmin", together(lambda scores: scores.argmin(-1))),
    ("this is the share of mistakes: 1 minus what is asked for",
     lambda batches: 1 - right_accuracy(batches)),
    ("in per cent: a share between 0 and 1 is asked for",
     lambda batches: 100 * right_accuracy(batches)),
    ("this is how many are right: divide by how many there are",
     lambda batches: right_accuracy(batches) * sum(counted_words(t) for _, t in batches)),
]


def tagged(draw, lengths, K):
    """A batch (scores, tags) of sentences of these lengths, about half of it right."""
    B, T = len(lengths), max(lengths)
    tags, scores = draw.ids(K, B, T), draw.normal(B, T, K)
    helped = torch.nn.functional.one_hot(tags, K) * draw.ids(2, B, T)[..., None]
    ended = torch.arange(T) >= torch.tensor(lengths)[:, None]
    return scores + 4.0 * helped, tags.masked_fill(ended, NONE)


def certain(tags, K, right):
    """A batch of one sentence: the first `right` words get their tag, the others another one."""
    tags = torch.tensor([tags])
    best = torch.where(torch.arange(tags.shape[1]) < right, tags.clamp(min=0), (tags + 1) % K)
    return torch.nn.functional.one_hot(best, K).double(), tags


def accuracy_case(name, *inputs, weight=1):
    """A case of accuracy."""
    return Case(name, [(batches,) for batches in inputs], right_accuracy, ACCURACY_MISTAKES,
                weight=weight)


def accuracy_cases(seed):
    """One batch, padding, batches of different sizes."""
    draw = Draw(seed + 28)
    one = draw.ids(2, 3).tolist()
    return [
        accuracy_case("three words, two of them right", [certain(one, 3, 2)]),
        accuracy_case("two words and padding, one of them right",
                      [certain([*draw.ids(3, 2).tolist(), NONE, NONE], 3, 1)], weight=2),
        accuracy_case("a batch of one word and a batch of four",
                      [certain([1], 3, 1), certain(draw.ids(3, 4).tolist(), 3, 1)], weight=2),
        accuracy_case("many sentences", [tagged(draw, [3, 1, 4], 3), tagged(draw, [2, 5], 3),
                                         tagged(draw, [1], 3)]),
    ]


def accuracy_hidden(seed):
    """Larger batches."""
    draw = Draw(seed + 29)
    return [accuracy_case("large batches", [tagged(draw, [7, 9, 2, 4], 5), tagged(draw, [1, 2], 5),
                                            tagged(draw, [12, 3, 3], 5)])]
