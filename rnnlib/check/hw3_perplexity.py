"""Homework 3, exercise 2: the perplexity of texts under a model that reads word by word."""

import math
from functools import partial

import torch

from .core import Case
from .drawing import Draw
from .hw3_inside import Reader


def read(step, start, text, markers, feed=lambda token, log_probs: token):
    """(log-probabilities of the words and of the end (n + 1,), last state); `feed` may be wrong."""
    state, found, token = start, [], markers[0]
    for right in [*text, markers[1]]:
        log_probs, state = step(token, state)
        found.append(log_probs[right].double())
        token = feed(right, log_probs)
    return torch.stack(found), state


def each(step, start, texts, bos, eos):
    """The log-probabilities of each text."""
    return [read(step, start, text, (bos, eos))[0] for text in texts]


def right_perplexity(step, start, texts, bos, eos):
    """What is expected."""
    return torch.cat(each(step, start, texts, bos, eos)).mean().neg().exp().item()


def other(change):
    """The right log-probabilities of each text, made into another number."""
    return lambda *given: float(change(each(*given)))


def fed(feed):
    """A model that reads something else than the text."""
    return lambda step, start, texts, bos, eos: float(torch.cat([
        read(step, start, text, (bos, eos), feed)[0] for text in texts]).mean().neg().exp())


def carried(step, start, texts, bos, eos):
    """The state goes over from one text to the next."""
    found, state = [], start
    for text in texts:
        p, state = read(step, state, text, (bos, eos))
        found.append(p)
    return torch.cat(found).mean().neg().exp().item()


def stuck(step, start, texts, bos, eos):
    """The first state at every step."""
    return right_perplexity(lambda token, _: step(token, start), start, texts, bos, eos)


def without_end(change):
    """The log-probabilities of the words alone, of all texts together."""
    return other(lambda found: change(torch.cat([p[:-1] for p in found]), torch.cat(found)))


def same_place(step, start, texts, bos, eos):
    """How probable the token is that was just read."""
    found = []
    for text in texts:
        state = start
        for token in [bos, *text]:
            log_probs, state = step(token, state)
            found.append(log_probs[token].double())
    return torch.stack(found).mean().neg().exp().item()


def product(found):
    """The root of the product of the inverse probabilities."""
    inverse = math.prod(math.exp(-p) for p in torch.cat(found).tolist())
    return inverse ** (1 / sum(map(len, found)))


def end_read(step, start, texts, bos, eos):
    """The end marker is read as well, and another one is asked for."""
    return float(torch.cat([read(step, start, [*t, eos], (bos, eos))[0] for t in texts])
                 .mean().neg().exp())


def total(found):
    """All nats."""
    return -torch.cat(found).sum()


def symbols(found):
    """How many symbols were guessed."""
    return sum(map(len, found))


PERPLEXITY_MISTAKES = [
    ("the model reads its own guesses: perplexity asks how probable the text is, so it reads the "
     "words of the text", fed(lambda right, log_probs: int(log_probs.argmax()))),
    ("the model reads the begin marker again and again: feed the words of the text",
     lambda step, start, texts, bos, eos: fed(lambda right, log_probs: bos)(
         step, start, texts, bos, eos)),
    ("the state goes over from one text to the next: each text begins with `start`", carried),
    ("the state is not passed on: each step needs the state that the last one returned", stuck),
    ("this is the probability of the word that was just read: ask for the next one", same_place),
    ("the end marker is missing: it is guessed like a word, in the sum and in N",
     without_end(lambda words, every: (-words.mean()).exp())),
    ("the end marker is missing in the sum, but counted",
     without_end(lambda words, every: (-words.sum() / len(every)).exp())),
    ("the end marker is in the sum, but not counted",
     without_end(lambda words, every: (-every.sum() / len(words)).exp())),
    ("the begin marker is counted: it is read, not guessed",
     other(lambda found: (total(found) / (symbols(found) + len(found))).exp())),
    ("the end marker is read, and another one asked for: nothing comes after it", end_read),
    ("a mean of the texts' perplexities: add up nats and symbols of all texts, divide once",
     other(lambda found: torch.stack([(-p.mean()).exp() for p in found]).mean())),
    ("a mean of the texts' means: a short text weighs as much as a long one; add up nats and "
     "symbols of all texts, divide once",
     other(lambda found: (-torch.stack([p.mean() for p in found]).mean()).exp())),
    ("a mean of every symbol's own perplexity: take the mean of the nats first",
     other(lambda found: (-torch.cat(found)).exp().mean())),
    ("divided by the number of texts: N counts symbols",
     other(lambda found: (total(found) / len(found)).exp())),
    ("not divided at all: this is one over the probability of all texts",
     other(lambda found: total(found).exp())),
    ("the sign: minus the mean log-probability stands in the exponent",
     other(lambda found: torch.cat(found).mean().exp())),
    ("these are nats for each symbol: perplexity is e to that power",
     other(lambda found: total(found) / symbols(found))),
    ("2 to the power of nats: e belongs to nats, 2 to bits",
     other(lambda found: 2 ** (total(found) / symbols(found)))),
    ("e to the power of bits: e belongs to nats, 2 to bits",
     other(lambda found: (total(found) / symbols(found) / math.log(2)).exp())),
    ("the product of many probabilities is too small for the computer: add logarithms",
     other(product)),
    ("only the first text is measured", lambda step, start, texts, bos, eos: right_perplexity(
        step, start, texts[:1], bos, eos)),
]


def a_model(draw, V):
    """A random model of V tokens; what it says depends on the last two."""
    return Reader((1.3 * draw.normal(V, V, V).double()).log_softmax(-1))


def texts_of(draw, V, lengths):
    """Texts of these lengths; 0 begins, 1 ends, 2 to V - 1 are words."""
    return [(2 + draw.ids(V - 2, length)).tolist() for length in lengths]


def perplexity_case(name, draw, V, lengths, weight=1):
    """A case of texts; the first state is the token 0."""
    arguments = (a_model(draw, V), 0, texts_of(draw, V, lengths), 0, 1)
    return Case(name, [arguments], right_perplexity, PERPLEXITY_MISTAKES, weight=weight)


def perplexity_cases(seed):
    """One text, texts of different lengths, a long one."""
    case = partial(perplexity_case, draw=Draw(seed + 34))
    return [case("one text of three words", V=5, lengths=[3]),
            case("a long text, an empty one, a short one", V=6, lengths=[6, 0, 2], weight=3),
            case("a text of 600 words", V=8, lengths=[600])]


def perplexity_hidden(seed):
    """More texts."""
    return [perplexity_case("many texts", Draw(seed + 35), 9, [1, 12, 5, 5, 0, 30, 2], weight=2)]
