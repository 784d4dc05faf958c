"""Homework 4, exercises 1 and 2: filters of a whole batch, and sampling with given numbers."""

import math

import torch

from .core import Case
from .drawing import Draw
from .hw4_inside import Pairs

# --- temperature, then top-k --------------------------------------------------------------------


def right_filtered(log_probs, t, k):
    """What is expected: row by row, by sorting and cutting."""
    rows = []
    for row in log_probs.tolist():
        bar = sorted(row, reverse=True)[min(k, len(row)) - 1]
        weights = [math.exp((value - max(row)) / t) if value >= bar else 0.0 for value in row]
        rows.append([weight / sum(weights) for weight in weights])
    return torch.tensor(rows, dtype=log_probs.dtype).log()


def shaped(change):
    """Other log-probabilities, scaled to sum to one; `change` takes log-probabilities, t and k."""
    return lambda log_probs, t, k: change(log_probs, t, k).log_softmax(-1)


def cut(log_probs, k, largest=True, dim=-1):
    """-inf where a token is not among the k best."""
    k = min(k, log_probs.shape[dim])
    best = log_probs.topk(k, dim, largest).indices
    return torch.full_like(log_probs, -math.inf).scatter(dim, best, log_probs.gather(dim, best))


FILTER_MISTAKES = [
    ("what is left does not sum to one: take log_softmax again after the cut",
     lambda log_probs, t, k: cut((log_probs / t).log_softmax(-1), k)),
    ("the temperature is missing", shaped(lambda log_probs, t, k: cut(log_probs, k))),
    ("multiplied by t: a temperature below 1 makes the probable more probable, so divide",
     shaped(lambda log_probs, t, k: cut(log_probs * t, k))),
    ("the temperature divides probabilities: divide the log-probabilities",
     shaped(lambda log_probs, t, k: cut(log_probs.exp() / t, k))),
    ("nothing is cut: only the k best tokens of a row may be left",
     shaped(lambda log_probs, t, k: log_probs / t)),
    ("the k least probable are kept", shaped(
        lambda log_probs, t, k: cut(log_probs / t, k, largest=False))),
    ("one token too many is kept", shaped(lambda log_probs, t, k: cut(log_probs / t, k + 1))),
    ("what is cut gets a log-probability of 0, that of a sure thing: it is -inf",
     shaped(lambda log_probs, t, k: cut(log_probs / t, k).masked_fill(
         cut(log_probs, k).isinf(), 0.0))),
    ("one bar for the whole batch: each row has its own k best",
     shaped(lambda log_probs, t, k: torch.where(
         log_probs >= log_probs.flatten().topk(min(k, log_probs.numel())).values[-1],
         log_probs / t, -math.inf))),
    ("each token is scaled over the texts: each row is a text, and its probabilities sum to 1",
     lambda log_probs, t, k: cut(log_probs / t, k).log_softmax(0)),
    ("these are probabilities: log-probabilities are asked for",
     lambda *given: right_filtered(*given).exp()),
    ("only the k best are returned: every token keeps its place, with -inf where it is cut",
     lambda log_probs, t, k: (log_probs / t).topk(min(k, log_probs.shape[1])).values.log_softmax(
         -1)),
]


def probable(draw, *shape):
    """Log-probabilities along the last axis, all different."""
    scores = draw.normal(*shape).double() + torch.arange(shape[-1]).double() * 0.03
    return scores.log_softmax(-1)


def filter_case(name, arguments, weight=1):
    """A case of the filter."""
    return Case(name, [arguments], right_filtered, FILTER_MISTAKES, weight=weight)


def filter_cases(seed):
    """One row, two rows, a k that is larger than the vocabulary."""
    draw = Draw(seed + 40)
    return [filter_case("one row of three, the two best at half the temperature",
                        (probable(draw, 1, 3), 0.5, 2)),
            filter_case("two rows, each with its own best", (probable(draw, 2, 5), 0.8, 2), 2),
            filter_case("k larger than the vocabulary", (probable(draw, 2, 3), 2.0, 9)),
            filter_case("k = 1 is greedy", (probable(draw, 2, 4), 1.5, 1))]


def filter_hidden(seed):
    """Larger."""
    return [filter_case("a large batch", (probable(Draw(seed + 41), 9, 40), 0.7, 11))]


# --- sampling -----------------------------------------------------------------------------------


def right_sample(step, first, state, end, numbers):
    """What is expected: for each number the token in whose piece of the line it falls."""
    return drawn(step, (first, state), end, numbers)


def by_pieces(log_probs, u):
    """The token in whose piece u falls."""
    reached = 0.0
    for token, p in enumerate(log_probs.exp().tolist()):
        reached += p
        if u < reached:
            return token
    return len(log_probs) - 1


def drawn(step, begin, end, numbers, choose=by_pieces, feed=lambda first, token: token):
    """(tokens, log-probability); `choose` and `feed` may be wrong."""
    (first, state), out, total = begin, [], 0.0
    token = first
    for u in numbers:
        log_probs, state = step(feed(first, token), state)
        token = choose(log_probs, u)
        out.append(token)
        total += log_probs[token].item()
        if token == end:
            break
    return out, total


def with_choice(choose):
    """Sampling with another choice."""
    return lambda step, first, state, end, numbers: drawn(
        step, (first, state), end, numbers, choose)


def with_result(change):
    """The right sample, reported in another way."""
    return lambda *given: change(*right_sample(*given), given)


def by_ranks(log_probs, u):
    """Pieces laid out from the most probable token on."""
    order = log_probs.argsort(descending=True)
    return order[by_pieces(log_probs[order], u)].item()


def forgetful(step, first, state, end, numbers):
    """The first state at every step."""
    return drawn(lambda token, _: (step(token, state)[0], state), (first, state), end, numbers)


def never_ending(step, first, state, end, numbers):
    """On after the end marker."""
    return drawn(step, (first, state), None, numbers)


SAMPLE_MISTAKES = [
    ("the most probable token is chosen: the number u decides",
     with_choice(lambda log_probs, u: log_probs.argmax().item())),
    ("the pieces are laid out from the most probable token on: they stand in the order of the "
     "tokens", with_choice(by_ranks)),
    ("one token too late: it is the first whose piece ends beyond u",
     with_choice(lambda log_probs, u: min(by_pieces(log_probs, u) + 1, len(log_probs) - 1))),
    ("one token too early: it is the first whose piece ends beyond u",
     with_choice(lambda log_probs, u: max(by_pieces(log_probs, u) - 1, 0))),
    ("all tokens are drawn with the same probability",
     with_choice(lambda log_probs, u: int(u * len(log_probs)))),
    ("the choice is not fed back: the next input is the token that was drawn",
     lambda step, first, state, end, numbers: drawn(
         step, (first, state), end, numbers, feed=lambda first, token: first)),
    ("the state is not passed on: each step needs the state that the last one returned",
     forgetful),
    ("the loop goes on after the end marker", never_ending),
    ("the end marker is missing: it was drawn, so it belongs to the text",
     with_result(lambda out, total, given: ([i for i in out if i != given[3]], total))),
    ("the end marker and its probability are missing: it was drawn like the others",
     lambda step, first, state, end, numbers: (
         [i for i in right_sample(step, first, state, end, numbers)[0] if i != end],
         without_end(step, (first, state), end, numbers))),
    ("the first token is among the drawn ones: it was given",
     with_result(lambda out, total, given: ([given[1], *out], total))),
    ("the probability of the end marker is missing: it was drawn like the others",
     lambda step, first, state, end, numbers: (
         right_sample(step, first, state, end, numbers)[0], without_end(
             step, (first, state), end, numbers))),
    ("this is the probability of the text: its logarithm is asked for",
     with_result(lambda out, total, given: (out, math.exp(total)))),
    ("this is a mean over the tokens: the log-probability of a text is the sum",
     with_result(lambda out, total, given: (out, total / len(out)))),
    ("the two values are swapped: the tokens come first",
     with_result(lambda out, total, given: (total, out))),
]


def without_end(step, begin, end, numbers):
    """The log-probability of the tokens before the end marker."""
    (token, state), total = begin, 0.0
    for u in numbers:
        log_probs, state = step(token, state)
        token = by_pieces(log_probs, u)
        if token == end:
            break
        total += log_probs[token].item()
    return total


def sample_case(name, draw, V, numbers, weight=1):
    """A case of sampling; token 0 begins and token 1 ends."""
    model = Pairs(probable(draw, V, V, V))
    return Case(name, [(model, 0, 0, 1, numbers)], right_sample, SAMPLE_MISTAKES, 1e-6,
                ("tokens", "log_prob"), weight=weight)


def uniform(draw, count):
    """Numbers between 0 and 1, well away from both."""
    return [(1 + n) / 101 for n in draw.ids(100, count).tolist()]


def ending(draw, V, count):
    """A model and numbers that end the text by drawing the end marker at the last number."""
    for _ in range(2000):
        model, numbers = Pairs(probable(draw, V, V, V)), uniform(draw, count)
        if right_sample(model, 0, 0, 1, numbers)[0].count(1) == 1 and len(
                right_sample(model, 0, 0, 1, numbers)[0]) == count - 1:
            return model, 0, 0, 1, numbers
    raise ValueError("no text of this length was drawn: take another seed")


def sample_cases(seed):
    """One number, three numbers, a text that ends."""
    draw = Draw(seed + 42)
    return [sample_case("one number", draw, 4, uniform(draw, 1)),
            Case("four numbers, and the end marker comes third", [ending(draw, 5, 4)],
                 right_sample, SAMPLE_MISTAKES, 1e-6, ("tokens", "log_prob"), weight=2),
            sample_case("eight numbers and many tokens", draw, 30, uniform(draw, 8), 2)]


def sample_hidden(seed):
    """Longer."""
    draw = Draw(seed + 43)
    return [sample_case("twenty numbers", draw, 25, uniform(draw, 20)),
            Case("seven numbers, and the end marker comes sixth", [ending(draw, 6, 7)],
                 right_sample, SAMPLE_MISTAKES, 1e-6, ("tokens", "log_prob"))]
