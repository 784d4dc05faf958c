"""Answers to exercise 4 of homework 4: two right ones, and wrong ones with their message."""

import math


def with_probabilities(step, first, state, end, length, factor):
    """Another way: shares of the best probability, texts and states in one dict."""
    live, done = {(): (1.0, first, state)}, {}
    for _ in range(length):
        grown = {}
        for text, (p, token, old) in live.items():
            log_probs, new = step(token, old)
            for n, log_p in enumerate(log_probs.tolist()):
                grown[(*text, n)] = (p * math.exp(log_p), n, new)
        best = max([p for p, _, _ in grown.values()] + list(done.values()))
        kept = {text: h for text, h in grown.items() if h[0] >= factor * best * (1 - 1e-12)}
        done |= {text: h[0] for text, h in kept.items() if h[1] == end}
        live = {text: h for text, h in kept.items() if h[1] != end}
        if not live:
            break
    found = list(done.items()) + [(text, h[0]) for text, h in live.items()]
    return [(list(text), math.log(p)) for text, p in sorted(found, key=lambda h: -h[1])]


def wrong(keep):
    """The search with another rule; `keep` takes the continuations and the complete texts."""
    def variable_beam(step, first, state, end, length, factor):
        live, done = [([], 0.0, first, state, 0)], []
        for _ in range(length):
            grown = []
            for place, (text, score, token, old, _) in enumerate(live):
                log_probs, new = step(token, old)
                grown += [(text + [n], score + p, n, new, place)
                          for n, p in enumerate(log_probs.tolist())]
            kept = keep(grown, done) if keep.__code__.co_argcount == 2 else keep(
                grown, done, factor)
            done += [h for h in kept if h[2] == end]
            live = [h for h in kept if h[2] != end]
            if not live:
                break
        return [(h[0], h[1]) for h in sorted(done + live, key=lambda h: -h[1])]
    return variable_beam


def with_lists(step, first, state, end, length, factor):
    def keep(grown, done):
        best = max(one[1] for one in grown + done)
        return [h for h in grown if h[1] >= best + math.log(factor)]
    return wrong(keep)(step, first, state, end, length, factor)


def best_of(grown, done):
    return max(h[1] for h in grown + done)


RIGHT = [with_lists, with_probabilities]
WRONG = [
    (wrong(lambda grown, done, factor: [h for h in grown if h[1] >= best_of(grown, [])
                                        + math.log(factor)]), "complete texts are forgotten"),
    (wrong(lambda grown, done, factor: [h for h in grown if h[1] >= factor * best_of(grown, done)]),
     "the factor multiplies log-probabilities"),
    (wrong(lambda grown, done, factor: [h for h in grown if h[1] >= best_of(grown, done) / factor]),
     "the factor divides log-probabilities"),
    (wrong(lambda grown, done, factor: [h for h in grown if math.exp(h[1]) >= factor]),
     "the factor is taken for a probability"),
    (wrong(lambda grown, done, factor: [h for h in grown if h[1] >= best_of(grown, done) - factor]),
     "the factor itself is subtracted"),
    (wrong(lambda grown, done, factor: [h for h in grown if h[1] >= best_of(
        [g for g in grown if g[4] == h[4]], []) + math.log(factor)]), "among themselves"),
    (wrong(lambda grown, done: grown), "nothing is pruned"),
    (wrong(lambda grown, done: [max(grown, key=lambda h: h[1])]), "only the best continuation"),
    (lambda *given: [h for h in with_lists(*given) if h[0][-1] == given[3]],
     "texts that the limit cut off"),
    (wrong(lambda grown, done, factor: [h for h in grown if h[1] > best_of(grown, done)
                                        + math.log(factor)]), "at least, not more than"),
    (lambda *given: sorted(with_lists(*given), key=lambda h: h[0][-1] != given[3]),
     "complete texts stand before the others"),
    (lambda *given: sorted(with_lists(*given), key=lambda h: (h[0][-1] != given[3], len(h[0]))),
     "in the order in which they ended"),
    (lambda *given: with_lists(*given)[::-1], "the worst stands first"),
]
