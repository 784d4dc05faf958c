"""Answers to exercise 5 of homework 3: right ones, and wrong ones with their message."""

import math

import torch
from torch.nn import functional as F


def mended(model, optimiser, segments):
    state, total, count = None, 0.0, 0
    for x, y, fresh in segments:
        scores, state = model(x, None if fresh else state)
        state = state.detach()
        loss = F.cross_entropy(scores.flatten(0, 1), y.flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * y.numel()
        count += y.numel()
    return math.exp(total / count)


def by_sums(model, optimiser, segments):
    """Another way: gathered by hand, the state detached where it is used."""
    state, nats = None, []
    for x, y, fresh in segments:
        scores, state = model(x, None if fresh or state is None else state.detach())
        each = -scores.log_softmax(-1).gather(-1, y[..., None])
        for group in optimiser.param_groups:
            for weight in group["params"]:
                weight.grad = None
        each.mean().backward()
        optimiser.step()
        nats.append(each.detach().flatten())
    return torch.cat(nats).mean().exp()


def wrong(begin=lambda state, fresh: None if fresh else state, clear=True, number=None,
          shrink=lambda loss, y: loss, keep=False, moves=True):
    """The loop with one part replaced; `number` takes the pairs (mean nats, symbols)."""
    def epoch(model, optimiser, segments):
        state, seen = None, []
        optimiser.zero_grad()
        for x, y, fresh in segments:
            scores, new = model(x, begin(state, fresh))
            state = new if keep else new.detach()
            loss = F.cross_entropy(scores.flatten(0, 1), y.flatten())
            if clear:
                optimiser.zero_grad()
            shrink(loss, y).backward(retain_graph=keep == "retained")
            if moves:
                optimiser.step()
            seen.append((loss.item(), y.numel()))
        return number(seen) if number else math.exp(
            sum(n * count for n, count in seen) / sum(count for _, count in seen))
    return epoch


def once(model, optimiser, segments):
    state, losses = None, []
    for x, y, fresh in segments:
        scores, state = model(x, None if fresh else state)
        state = state.detach()
        losses.append((F.cross_entropy(scores.flatten(0, 1), y.flatten()), y.numel()))
    sum(loss for loss, _ in losses).backward()
    optimiser.step()
    return math.exp(sum(loss.item() * n for loss, n in losses) / sum(n for _, n in losses))


def late(model, optimiser, segments):
    state, total, count = None, 0.0, 0
    for x, y, fresh in segments:
        begin = None if fresh else state
        scores, state = model(x, begin)
        state = state.detach()
        optimiser.zero_grad()
        F.cross_entropy(scores.flatten(0, 1), y.flatten()).backward()
        optimiser.step()
        again = model(x, begin)[0]
        total += F.cross_entropy(again.flatten(0, 1), y.flatten(), reduction="sum").item()
        count += y.numel()
    return math.exp(total / count)


def mean_of_perplexities(seen):
    return sum(math.exp(n) for n, _ in seen) / len(seen)


def mean(seen):
    return sum(n * count for n, count in seen) / sum(count for _, count in seen)


def cleared_too_late(model, optimiser, segments):
    nats, count, state = 0.0, 0, None
    for x, y, fresh in segments:
        scores, state = model(x, None if fresh else state)
        state = state.detach()
        loss = F.cross_entropy(scores.flatten(0, 1), y.flatten())
        loss.backward()
        optimiser.zero_grad()
        optimiser.step()
        nats, count = nats + loss.item() * y.numel(), count + y.numel()
    return math.exp(nats / count)


RIGHT = [mended, by_sums]
WRONG = [
    (wrong(lambda state, fresh: state, clear=False, number=mean_of_perplexities),
     "nothing is mended yet"),
    (wrong(lambda state, fresh: state), "a text that it does not belong to"),
    (wrong(lambda state, fresh: None), "the state is thrown away"),
    (wrong(lambda state, fresh: state if fresh else None), "turned round"),
    (wrong(clear=False), "the gradients of all segments so far add up"),
    (wrong(number=mean_of_perplexities), "a mean of the segments' perplexities"),
    (wrong(number=lambda seen: math.exp(sum(n for n, _ in seen) / len(seen))),
     "a mean of the segments' means"),
    (wrong(number=mean), "these are nats"),
    (wrong(number=lambda seen: 2 ** mean(seen)), "2 to the power of nats"),
    (wrong(number=lambda seen: math.exp(seen[-1][0])), "the perplexity of the last segment"),
    (wrong(shrink=lambda loss, y: loss / y.numel()), "the loss is divided twice"),
    (wrong(shrink=lambda loss, y: loss * y.numel()), "the update uses a sum"),
    (wrong(keep=True), "detach it when you carry it over"),
    (wrong(keep="retained"), "detach it when you carry it over"),
    (wrong(moves=False), "nothing is learned"),
    (once, "one update at the end of the pass"),
    (late, "measured after the update"),
    (wrong(lambda state, fresh: state, number=mean_of_perplexities), "fresh is ignored, and a"),
    (wrong(clear=False, number=mean_of_perplexities), "the gradients still add up"),
    (wrong(lambda state, fresh: state, clear=False), "the gradients still add up"),
    (cleared_too_late, "zero_grad() stands right before it"),
]
