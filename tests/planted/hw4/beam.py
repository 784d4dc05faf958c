"""Answers to exercise 3 of homework 4: two right ones, and wrong ones with their message."""

import math

import torch


def with_lists(step, first, state, end, length, width):
    live, done = [([], 0.0, first, state)], []
    for _ in range(length):
        grown = []
        for text, score, token, old in live:
            log_probs, new = step(token, old)
            grown += [(text + [n], score + p, n, new) for n, p in enumerate(log_probs.tolist())]
        grown.sort(key=lambda h: h[1], reverse=True)
        kept = grown[: width - len(done)]
        done += [h for h in kept if h[2] == end]
        live = [h for h in kept if h[2] != end]
        if not live:
            break
    found = sorted(done + live, key=lambda h: h[1], reverse=True)
    return [(text, score) for text, score, _, _ in found]


def with_tensors(step, first, state, end, length, width):
    """Another way: topk over all continuations, a place less for each complete text."""
    texts, states, scores = [[]], [state], torch.zeros(1).double()
    found = []
    while texts and length:
        rows = [step((text or [first])[-1], old) for text, old in zip(texts, states)]
        total = scores[:, None] + torch.stack([log_probs for log_probs, _ in rows])
        V = total.shape[1]
        scores, places = total.flatten().topk(min(width, total.numel()))
        new = [(texts[p // V] + [p % V], rows[p // V][1], s)
               for p, s in zip(places.tolist(), scores.tolist())]
        complete = [one for one in new if one[0][-1] == end]
        found += [(text, s) for text, _, s in complete]
        width -= len(complete)
        new = [one for one in new if one[0][-1] != end]
        texts, states = [one[0] for one in new], [one[1] for one in new]
        scores = torch.tensor([one[2] for one in new]).double()
        length -= 1
    found += list(zip(texts, scores.tolist()))
    return sorted(found, key=lambda pair: -pair[1])


def wrong(keep=None, stop=False, own=False, end_is=None):
    """The search with one part replaced; `keep` takes the continuations, best first."""
    def beam(step, first, state, end, length, width):
        live, done = [([], 0.0, first, state)], []
        for _ in range(length):
            grown = []
            for place, (text, score, token, old) in enumerate(live):
                log_probs, new = step(token, old)
                grown += [(text + [n], score + p, n, new, place, p)
                          for n, p in enumerate(log_probs.tolist())]
            grown.sort(key=lambda h: -h[1])
            kept = keep(grown, done, width) if keep else grown[: width - len(done)]
            kept = [h[:4] for h in kept]
            done += [h for h in kept if h[2] == end]
            live = [h for h in kept if h[2] != end]
            if not live or stop and done:
                break
        return [(h[0], h[1]) for h in sorted(done + live, key=lambda h: -h[1])]
    return beam


def own_best(grown, done, width):
    if len(grown[0][0]) == 1:
        return grown[:width]
    return [max((h for h in grown if h[4] == place), key=lambda h: h[1])
            for place in sorted({h[4] for h in grown})]


def reported(change):
    return lambda *given: change(with_lists(*given), given)


def by_mean(found, given):
    return sorted([(text, score / len(text)) for text, score in found], key=lambda h: -h[1])


def all_compete(step, first, state, end, length, width):
    """The best `width` of the complete texts and the continuations together."""
    live, done = [([], 0.0, first, state)], []
    for _ in range(length):
        grown = list(done)
        for text, score, token, old in live:
            log_probs, new = step(token, old)
            grown += [(text + [n], score + p, n, new) for n, p in enumerate(log_probs.tolist())]
        best = sorted(grown, key=lambda h: h[1], reverse=True)[:width]
        done = [h for h in best if h[2] == end]
        live = [h for h in best if h[2] != end]
        if not live:
            break
    return [h[:2] for h in sorted(done + live, key=lambda h: h[1], reverse=True)]


def last_score(step, first, state, end, length, width):
    """The score of a continuation is that of its last token."""
    live, done = [([], first, state)], []
    found = []
    for _ in range(length):
        grown = []
        for text, token, old in live:
            log_probs, new = step(token, old)
            grown += [(p, text + [n], n, new) for n, p in enumerate(log_probs.tolist())]
        grown.sort(key=lambda h: -h[0])
        kept = grown[: width - len(done)]
        done += [h for h in kept if h[2] == end]
        found = [h for h in kept if h[2] != end]
        live = [h[1:] for h in found]
        if not live:
            break
    return sorted([(text, p) for p, text, *_ in done + found], key=lambda h: -h[1])


def complete_first(found, given):
    """As the loop of notebook 05 returns them."""
    return [h for h in found if h[0][-1] == given[3]] + [h for h in found if h[0][-1] != given[3]]


def unsorted(found, given):
    ended = [h for h in found if h[0][-1] == given[3]]
    return sorted(ended, key=lambda h: len(h[0])) + [h for h in found if h[0][-1] != given[3]]


RIGHT = [with_lists, with_tensors]
WRONG = [
    (wrong(lambda grown, done, width: grown[:width]), "the beam does not narrow"),
    (wrong(own_best), "each text keeps its own best continuation"),
    (wrong(lambda grown, done, width: grown[: 1 - len(done)]), "this is greedy decoding"),
    (wrong(lambda grown, done, width: sorted(grown, key=lambda h: -h[5])[: width - len(done)]),
     "only the last token's score decides"),
    (lambda *given: with_lists(*given[:5], given[5] + 1), "one place too many"),
    (lambda *given: with_lists(*given[:4], given[4] - 1, given[5]) if given[4] > 1 else [],
     "one step too few"),
    (lambda *given: with_lists(*given[:4], given[4] + 1, given[5]), "one step too many"),
    (reported(lambda found, given: [([i for i in text if i != given[3]], score)
                                    for text, score in found]), "the end marker is missing"),
    (reported(lambda found, given: [([given[1], *text], score) for text, score in found]),
     "the first token is among"),
    (reported(lambda found, given: [h for h in found if h[0][-1] == given[3]]),
     "texts that the limit cut off"),
    (all_compete, "complete texts compete for their places again"),
    (last_score, "the score is that of the last token alone"),
    (reported(complete_first), "complete texts stand before the others"),
    (reported(unsorted), "in the order in which they ended"),
    (reported(lambda found, given: found[:1]), "only the best text is returned"),
    (reported(lambda found, given: found[::-1]), "the worst stands first"),
    (reported(by_mean), "divided by the length"),
    (reported(lambda found, given: [(text, math.exp(score)) for text, score in found]),
     "these are probabilities"),
]
