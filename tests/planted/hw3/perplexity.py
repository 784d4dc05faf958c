"""Answers to exercise 2 of homework 3: right ones, and wrong ones with their message."""

import math

import torch


def in_one_sum(step, start, texts, bos, eos):
    total, count = 0.0, 0
    for text in texts:
        state, token = start, bos
        for following in text + [eos]:
            log_probs, state = step(token, state)
            total -= log_probs[following].item()
            count += 1
            token = following
    return math.exp(total / count)


def in_bits(step, start, texts, bos, eos):
    bits = []
    for text in texts:
        state = start
        for read, asked in zip([bos, *text], [*text, eos]):
            log_probs, state = step(read, state)
            bits.append(-float(log_probs[asked]) / math.log(2))
    return 2 ** (sum(bits) / len(bits))


def by_weights(step, start, texts, bos, eos):
    """Each text's mean, weighed by its number of symbols."""
    means = torch.tensor([math.log(in_one_sum(step, start, [t], bos, eos)) for t in texts])
    sizes = torch.tensor([len(t) + 1.0 for t in texts])
    return ((means * sizes).sum() / sizes.sum()).exp()


def each(step, start, texts, bos, eos):
    """The nats of each text."""
    found = []
    for text in texts:
        state, nats = start, []
        for read, asked in zip([bos, *text], [*text, eos]):
            log_probs, state = step(read, state)
            nats.append(-log_probs[asked].item())
        found.append(torch.tensor(nats).double())
    return found


def made(change):
    return lambda *given: float(change(each(*given)))


def free_running(step, start, texts, bos, eos):
    nats = []
    for text in texts:
        state, token = start, bos
        for asked in [*text, eos]:
            log_probs, state = step(token, state)
            nats.append(-log_probs[asked].item())
            token = int(log_probs.argmax())
    return math.exp(sum(nats) / len(nats))


def always_bos(step, start, texts, bos, eos):
    nats = []
    for text in texts:
        state = start
        for asked in [*text, eos]:
            log_probs, state = step(bos, state)
            nats.append(-log_probs[asked].item())
    return math.exp(sum(nats) / len(nats))


def carried(step, start, texts, bos, eos):
    state, nats = start, []
    for text in texts:
        for read, asked in zip([bos, *text], [*text, eos]):
            log_probs, state = step(read, state)
            nats.append(-log_probs[asked].item())
    return math.exp(sum(nats) / len(nats))


def frozen(step, start, texts, bos, eos):
    return in_one_sum(lambda token, state: (step(token, start)[0], start), start, texts, bos, eos)


def same_word(step, start, texts, bos, eos):
    nats = []
    for text in texts:
        state = start
        for read in [bos, *text]:
            log_probs, state = step(read, state)
            nats.append(-log_probs[read].item())
    return math.exp(sum(nats) / len(nats))


def one_more(step, start, texts, bos, eos):
    return in_one_sum(step, start, [[*text, eos] for text in texts], bos, eos)


def multiplied(step, start, texts, bos, eos):
    found = torch.cat(each(step, start, texts, bos, eos))
    return math.prod(1 / math.exp(-p) for p in found.tolist()) ** (1 / len(found))


RIGHT = [in_one_sum, in_bits, by_weights]
WRONG = [
    (free_running, "the model reads its own guesses"),
    (always_bos, "reads the begin marker again and again"),
    (carried, "the state goes over from one text to the next"),
    (frozen, "the state is not passed on"),
    (same_word, "the word that was just read"),
    (made(lambda found: torch.cat([n[:-1] for n in found]).mean().exp()),
     "the end marker is missing: it is guessed like a word"),
    (made(lambda found: (sum(n[:-1].sum() for n in found) / sum(map(len, found))).exp()),
     "the end marker is missing in the sum, but counted"),
    (made(lambda found: (sum(n.sum() for n in found) / sum(len(n) - 1 for n in found)).exp()),
     "the end marker is in the sum, but not counted"),
    (made(lambda found: (sum(n.sum() for n in found) / sum(len(n) + 1 for n in found)).exp()),
     "the begin marker is counted"),
    (one_more, "the end marker is read, and another one asked for"),
    (made(lambda found: sum(n.mean().exp() for n in found) / len(found)),
     "a mean of the texts' perplexities"),
    (made(lambda found: (sum(n.mean() for n in found) / len(found)).exp()),
     "a mean of the texts' means"),
    (made(lambda found: torch.cat(found).exp().mean()), "every symbol's own perplexity"),
    (made(lambda found: (torch.cat(found).sum() / len(found)).exp()),
     "divided by the number of texts"),
    (made(lambda found: torch.cat(found).sum().exp()), "not divided at all"),
    (made(lambda found: (-torch.cat(found).mean()).exp()), "the sign"),
    (made(lambda found: torch.cat(found).mean()), "these are nats for each symbol"),
    (made(lambda found: 2 ** torch.cat(found).mean()), "2 to the power of nats"),
    (made(lambda found: (torch.cat(found).mean() / math.log(2)).exp()), "e to the power of bits"),
    (multiplied, "too small for the computer"),
    (lambda step, start, texts, bos, eos: in_one_sum(step, start, texts[:1], bos, eos),
     "only the first text is measured"),
]
