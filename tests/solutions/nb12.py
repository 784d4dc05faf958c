"""Right and wrong answers to the exercises of notebook 12, for the tests alone."""
import torch
from torch.nn import functional as F

# --- one row for one network --------------------------------------------------------------------


def row_by_lists(source, target):
    symbols = source + ["<s>"] + target + ["</s>"]
    return symbols, [n > len(source) for n in range(len(symbols))]


def row_by_loop(source, target):
    symbols, counted = [], []
    for word in source:
        symbols.append(word)
        counted.append(False)
    symbols.append("<s>")
    counted.append(False)
    for word in target + ["</s>"]:
        symbols.append(word)
        counted.append(True)
    return symbols, counted


def marked(symbols, first, last=None):
    last = len(symbols) if last is None else last
    return symbols, [first <= n < last for n in range(len(symbols))]


ROW_RIGHT = [row_by_lists, row_by_loop]
ROW_WRONG = [
    (lambda s, t: marked(s + t + ["</s>"], len(s)), "the separator is missing"),
    (lambda s, t: marked(s + ["<s>"] + t, len(s) + 1), "the end marker is missing"),
    (lambda s, t: marked(s + ["<s>"] + t + ["</s>"], len(s)), "the separator is counted"),
    (lambda s, t: marked(s + ["<s>"] + t + ["</s>"], len(s) + 1, len(s) + 1 + len(t)),
     "the end marker is not counted"),
    (lambda s, t: (s + ["<s>"] + t + ["</s>"], [True] * len(s) + [False] + [True] * (len(t) + 1)),
     "the source is counted, too"),
    (lambda s, t: marked(s + ["<s>"] + t + ["</s>"], 0), "everything is counted"),
    (lambda s, t: marked(s + ["<s>"] + t + ["</s>"], 0, len(s) + 1), "the wrong way round"),
    (lambda s, t: (t + ["<s>"] + s + ["</s>"], row_by_lists(s, t)[1]), "the target comes first"),
    (lambda s, t: marked(s + ["<s>"] + t + ["</s>"], len(s) + 2), "one symbol late"),
    (lambda s, t: marked(["<s>"] + s + ["<s>"] + t + ["</s>"], len(s) + 2),
     "the source has a begin marker"),
]


# --- two networks -------------------------------------------------------------------------------


def recur(words, W, U, h):
    states = []
    for word in words:
        h = torch.tanh(F.linear(word, W) + F.linear(h, U))
        states.append(h)
    return states


def handed_by_lists(x, y, encoder, decoder):
    *_, context = recur(x, *encoder, torch.zeros(encoder[1].shape[0]))
    return torch.stack(recur(y, *decoder, context))


def handed_by_library(x, y, encoder, decoder):
    def layer(weights):
        made = torch.nn.RNN(x.shape[1], len(weights[0]), bias=False)
        made.weight_ih_l0.data, made.weight_hh_l0.data = weights
        return made
    _, context = layer(encoder)(x)
    return layer(decoder)(y, context)[0].detach()


def handing(begin=lambda states: states[-1], reader=lambda e, d: e, writer=lambda e, d: d,
            back=lambda states, inner: torch.stack(inner)):
    def function(x, y, encoder, decoder):
        states = recur(x, *reader(encoder, decoder), torch.zeros(len(encoder[1])))
        return back(states, recur(y, *writer(encoder, decoder), begin(states)))
    return function


def linear(x, y, encoder, decoder):
    h = torch.zeros(len(encoder[1]))
    for word in x:
        h = encoder[0] @ word + encoder[1] @ h
    states = []
    for word in y:
        h = decoder[0] @ word + decoder[1] @ h
        states.append(h)
    return torch.stack(states)


HANDED_RIGHT = [handed_by_lists, handed_by_library]
HANDED_WRONG = [
    (handing(begin=lambda s: torch.zeros_like(s[0])), "starts at zeros"),
    (handing(begin=lambda s: s[0]), "first state"),
    (handing(begin=lambda s: torch.stack(s).mean(0)), "the mean"),
    (handing(writer=lambda e, d: e), "the encoder's weights write"),
    (handing(reader=lambda e, d: d), "the decoder's weights read"),
    (handing(reader=lambda e, d: d, writer=lambda e, d: e), "swapped"),
    (lambda x, y, e, d: handed_by_lists(x.flip(0), y, e, d), "from its end"),
    (linear, "the tanh is missing"),
    (lambda x, y, e, d: handed_by_lists(x, y, (e[1], e[0]), (d[1], d[0])), "W and U"),
    (handing(back=lambda s, inner: torch.stack([s[-1], *inner])), "one of the states"),
    (handing(back=lambda s, inner: inner[-1]), "only the last state"),
    (handing(back=lambda s, inner: torch.stack(s + inner)), "only the decoder's are wanted"),
]


# --- teacher forcing ----------------------------------------------------------------------------


def forced_by_loop(step, state, target, bos, eos):
    total, token = 0.0, bos
    for wanted in target + [eos]:
        log_probs, state = step(token, state)
        total, token = total - log_probs[wanted], wanted
    return total / (len(target) + 1)


def forced_by_library(step, state, target, bos, eos):
    rows = []
    for token in [bos] + target:
        log_probs, state = step(token, state)
        rows.append(log_probs)
    return F.nll_loss(torch.stack(rows), torch.tensor(target + [eos]))


def forcing(read=lambda y, b, e: [b] + y, guess=lambda y, b, e: y + [e], carry=True,
            end=lambda total, n: total / n, own=False, pick=lambda p, wanted: p[wanted]):
    def function(step, state, target, bos, eos):
        total, n, start, mine = 0.0, 0, state, None
        pairs = zip(read(target, bos, eos), guess(target, bos, eos), strict=True)
        for token, wanted in pairs:
            p, state = step(mine if own and n else token, state if carry else start)
            total, n, mine = total - pick(p, wanted), n + 1, int(p.argmax())
        return end(total, n)
    return function


FORCED_RIGHT = [forced_by_loop, forced_by_library]
FORCED_WRONG = [
    (forcing(own=True), "its own words"),
    (forcing(pick=lambda p, wanted: p.max()), "most probable word"),
    (forcing(lambda y, b, e: [b] + y[:-1], lambda y, b, e: y), "the end marker is not counted"),
    (forcing(end=lambda total, n: total), "added up"),
    (forcing(end=lambda total, n: total / (n - 1)), "by the number of words"),
    (forcing(end=lambda total, n: -total / n), "the sign"),
    (forcing(lambda y, b, e: y, lambda y, b, e: y[1:] + [e]), "the begin marker is missing"),
    (forcing(lambda y, b, e: y + [e]), "the word that it has to guess"),
    (forcing(carry=False), "not carried"),
    (forcing(lambda y, b, e: [b] * (len(y) + 1)), "<s> at every step"),
]


# --- the context at every step ------------------------------------------------------------------


def every_by_loop(e, c, W, U, C, start=None, given=None, seen=None, g=torch.tanh):
    h, rows = c if start is None else start(c), []
    for t in range(len(e)):
        now = c if given is None else given(c, t)
        h = g(e[t] @ W.T + h @ U.T + now @ C.T)
        rows.append(torch.cat((h, e[t], c)) if seen is None else seen(h, e[t], c))
    return torch.stack(rows)


def every_by_library(e, c, W, U, C):
    layer = torch.nn.RNN(e.shape[1] + len(c), len(c), bias=False)
    layer.weight_ih_l0.data, layer.weight_hh_l0.data = torch.cat([W, C], 1), U
    always = c.expand(len(e), -1)
    h, _ = layer(torch.cat([e, always], 1), c[None])
    return torch.cat([h.detach(), e, always], 1)


def everying(**other):
    return lambda e, c, W, U, C: every_by_loop(e, c, W, U, C, **other)


def early(e, c, W, U, C):
    h = torch.cat([c[None], every_by_loop(e, c, W, U, C)[:-1, : len(c)]])
    return torch.cat([h, e, c.expand(len(e), -1)], 1)


EVERY_RIGHT = [every_by_loop, every_by_library]
EVERY_WRONG = [
    (everying(given=lambda c, t: c * (t == 0)), "the first update only"),
    (everying(given=lambda c, t: torch.zeros_like(c)), "never enters"),
    (everying(start=torch.zeros_like), "starts at zeros"),
    (everying(seen=lambda h, e, c: h), "the state alone"),
    (everying(seen=lambda h, e, c: torch.cat([h, c])), "does not read the word"),
    (everying(seen=lambda h, e, c: torch.cat([h, e])), "does not read the context"),
    (everying(seen=lambda h, e, c: torch.cat([h, c, e])), "in another order"),
    (everying(seen=lambda h, e, c: torch.cat([c, h, e])), "the context comes last"),
    (early, "the state before the word"),
    (everying(g=lambda a: a), "the tanh is missing"),
    (lambda e, c, W, U, C: every_by_loop(e, c, U, W, C), "W and U"),
    (lambda e, c, W, U, C: every_by_loop(e, c, W, C, U), "U and C"),
]
