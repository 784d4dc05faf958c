"""Homework 4, exercises 3 to 5: beams of both kinds, and how to rank texts of unequal length."""

import math

from .core import Case
from .drawing import Draw
from .hw4_draws import probable
from .hw4_inside import Pairs

# --- searching ----------------------------------------------------------------------------------


def searched(model, begin, end, length, keep):
    """Complete and cut texts as (tokens, log-probability), best first.

    keep  from (continuations best first, complete texts) to those that stay; each of them is
          (score, parent's place, tokens, state)
    """
    live, done = [(0.0, 0, [], begin)], []
    for _ in range(length):
        grown = []
        for place, (score, _, tokens, (token, state)) in enumerate(live):
            log_probs, new = model(token, state)
            grown += [(score + p, place, [*tokens, i], (i, new))
                      for i, p in enumerate(log_probs.tolist())]
        kept = keep(sorted(grown, key=lambda h: -h[0]), done)
        done += [h for h in kept if h[2][-1] == end]
        live = [h for h in kept if h[2][-1] != end]
        if not live:
            break
    return [(h[2], h[0]) for h in sorted(done + live, key=lambda h: -h[0])]


def narrowing(width):
    """The best, one less for each complete text."""
    return lambda grown, done: grown[: width - len(done)]


def right_beam(model, first, state, end, length, width):
    """What is expected of the fixed width."""
    return searched(model, (first, state), end, length, narrowing(width))


def kept_by(keep):
    """A beam with another rule; `keep` takes the continuations, the complete texts, the width."""
    return lambda model, first, state, end, length, width: searched(
        model, (first, state), end, length, lambda grown, done: keep(grown, done, width))


def own_best(grown, done, width):
    """Each text keeps its own best continuation; the first step fills the beam."""
    if len({h[1] for h in grown}) == 1 and not done and len(grown[0][2]) == 1:
        return grown[:width]
    best = {}
    for h in grown:
        best.setdefault(h[1], h)
    return list(best.values())


def reported(change):
    """The right beam, reported in another way; `change` takes the list and the arguments."""
    return lambda *given: change(right_beam(*given), given)


def stopping(model, first, state, end, length, width):
    """Stops as soon as one text is complete."""
    stopped = []

    def keep(grown, done):
        if done:
            stopped.append(True)
            return []
        return grown[:width]
    return searched(model, (first, state), end, length, keep)


def greedy(model, first, state, end, length, width):
    """A beam of width 1."""
    return right_beam(model, first, state, end, length, 1)


def forgetful(model, first, state, end, length, width):
    """The scores of the last tokens alone decide."""
    def keep(grown, done):
        rated = sorted(grown, key=lambda h: -(h[0] - parents[-1][h[1]]))[: width - len(done)]
        parents.append([h[0] for h in rated if h[2][-1] != end])
        return rated
    parents = [[0.0]]
    return searched(model, (first, state), end, length, keep)


BEAM_MISTAKES = [
    ("the beam does not narrow: one place less for each text that is complete",
     kept_by(lambda grown, done, width: grown[:width])),
    ("each text keeps its own best continuation: the best of all continuations stay, whoever "
     "their parents are", kept_by(own_best)),
    ("this is greedy decoding: the beam has `width` places", greedy),
    ("the search stops at the first complete text: the others may become better", stopping),
    ("only the last token's score decides: a text is as probable as all its tokens together",
     forgetful),
    ("one place too many", lambda model, first, state, end, length, width: right_beam(
        model, first, state, end, length, width + 1)),
    ("one step too few: a text may have `length` tokens",
     lambda model, first, state, end, length, width: right_beam(
         model, first, state, end, length - 1, width)),
    ("one step too many: a text has at most `length` tokens",
     lambda model, first, state, end, length, width: right_beam(
         model, first, state, end, length + 1, width)),
    ("the end marker is missing: it was chosen, so it belongs to the text",
     reported(lambda found, given: [([i for i in text if i != given[3]], score)
                                    for text, score in found])),
    ("the first token is among the chosen ones: it was given",
     reported(lambda found, given: [([given[1], *text], score) for text, score in found])),
    ("texts that the limit cut off are thrown away: they are returned too",
     reported(lambda found, given: [(text, score) for text, score in found
                                    if text[-1] == given[3]])),
    ("only the best text is returned: all that were kept are asked for, best first",
     reported(lambda found, given: found[:1])),
    ("the worst stands first: sort from the most probable on",
     reported(lambda found, given: found[::-1])),
    ("divided by the length: here the log-probability itself is asked for",
     reported(lambda found, given: sorted(((text, score / len(text)) for text, score in found),
                                          key=lambda h: -h[1]))),
    ("these are probabilities: log-probabilities are asked for",
     reported(lambda found, given: [(text, math.exp(score)) for text, score in found])),
    ("complete texts are continued: nothing follows an end marker",
     lambda model, first, state, end, length, width: searched(
         model, (first, state), None, length, lambda grown, done: grown[:width])),
]


def model_of(draw, V, hope=0.0):
    """A random model of V tokens; token 1 ends a text and is more probable by `hope`."""
    scores = probable(draw, V, V, V) * 1.2
    scores[..., 1] += hope
    return Pairs(scores.log_softmax(-1))


def telling(draw, make, tells):
    """Arguments that `make(draw)` draws, the first of them for which `tells(*arguments)`."""
    for _ in range(500):
        arguments = make(draw)
        if tells(*arguments):
            return arguments
    raise ValueError("no such model was drawn: take another seed")


def greedy_misses(*arguments):
    """Whether greedy decoding finds another text than the beam, and the limit cuts one off."""
    found = right_beam(*arguments)
    return found[0] != greedy(*arguments)[0] and any(text[-1] != 1 for text, _ in found)


def some_cut(*arguments):
    """Whether the limit cuts off one of several texts."""
    found = right_variable(*arguments)
    return len(found) > 1 and any(text[-1] != 1 for text, _ in found)


def beam_case(name, arguments, weight=1):
    """A case of the fixed width."""
    return Case(name, [arguments], right_beam, BEAM_MISTAKES, 1e-6, weight=weight)


def beam_cases(seed):
    """Width 1 is greedy; width 2; texts that end early."""
    draw = Draw(seed + 44)
    return [beam_case("width 1 is greedy decoding", (model_of(draw, 4), 0, 0, 1, 3, 1)),
            beam_case("width 2, three steps, greedy misses the best text", telling(
                draw, lambda draw: (model_of(draw, 4), 0, 0, 1, 3, 2), greedy_misses), 2),
            beam_case("width 3, texts end and the beam narrows", telling(
                draw, lambda draw: (model_of(draw, 4, 1.0), 0, 0, 1, 5, 3),
                lambda *given: len({len(text) for text, _ in right_beam(*given)}) > 2), 2),
            beam_case("width 4, many tokens", telling(
                draw, lambda draw: (model_of(draw, 9, 0.5), 0, 0, 1, 6, 4),
                lambda *given: forgetful(*given) != kept_by(own_best)(*given)), 2)]


def beam_hidden(seed):
    """Wider than everything: exhaustive search."""
    draw = Draw(seed + 45)
    return [beam_case("wide enough for every text", (model_of(draw, 3, 0.3), 0, 0, 1, 3, 40)),
            beam_case("width 5, longer texts", (model_of(draw, 8, 1.0), 0, 0, 1, 9, 5), 2)]


# --- the variable width -------------------------------------------------------------------------


def near(factor, best=lambda grown, done: max(h[0] for h in [*grown, *done])):
    """All whose score is within a factor of the best."""
    return lambda grown, done: [h for h in grown if h[0] >= best(grown, done) + math.log(factor)]


def right_variable(model, first, state, end, length, factor):
    """What is expected of the variable width."""
    return searched(model, (first, state), end, length, near(factor))


def pruned(keep):
    """Another rule; `keep` takes the continuations, the complete texts and the factor."""
    return lambda model, first, state, end, length, factor: searched(
        model, (first, state), end, length, lambda grown, done: keep(grown, done, factor))


WITHOUT_COMPLETE = pruned(
    lambda grown, done, factor: near(factor, lambda g, d: g[0][0])(grown, done))
AMONG_THEMSELVES = pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
    g[0] for g in grown if g[1] == h[1]) + math.log(factor)])

VARIABLE_MISTAKES = [
    ("complete texts are forgotten: the best score may be that of one of them", WITHOUT_COMPLETE),
    ("the factor multiplies log-probabilities: it belongs to probabilities, so add its logarithm",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
         g[0] for g in [*grown, *done]) * factor])),
    ("the factor divides log-probabilities: it belongs to probabilities, so add its logarithm",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
         g[0] for g in [*grown, *done]) / factor])),
    ("the factor is taken for a probability: it is relative to the best",
     pruned(lambda grown, done, factor: [h for h in grown if math.exp(h[0]) >= factor])),
    ("the factor itself is subtracted: its logarithm is added",
     pruned(lambda grown, done, factor: [h for h in grown if h[0] >= max(
         g[0] for g in [*grown, *done]) - factor])),
    ("each text compares its continuations among themselves: the best of all counts",
     AMONG_THEMSELVES),
    ("nothing is pruned", pruned(lambda grown, done, factor: grown)),
    ("only the best continuation stays", pruned(lambda grown, done, factor: grown[:1])),
    ("texts that the limit cut off are thrown away: they are returned too",
     lambda *given: [(text, score) for text, score in right_variable(*given)
                     if text[-1] == given[3]]),
    ("the worst stands first: sort from the most probable on",
     lambda *given: right_variable(*given)[::-1]),
]


def rule_matters(*arguments):
    """Whether complete texts and the best of all count: without either other texts are found."""
    right = right_variable(*arguments)
    return all(wrong(*arguments) != right for wrong in (WITHOUT_COMPLETE, AMONG_THEMSELVES))


def variable_case(name, arguments, weight=1):
    """A case of the variable width."""
    return Case(name, [arguments], right_variable, VARIABLE_MISTAKES, 1e-6, weight=weight)


def variable_cases(seed):
    """Factor 1 is greedy; a third; a tenth, with texts that end."""
    draw = Draw(seed + 46)
    return [variable_case("factor 1 keeps the best alone", (model_of(draw, 4), 0, 0, 1, 3, 1.0)),
            variable_case("a third as probable as the best, two steps", telling(
                draw, lambda draw: (model_of(draw, 4), 0, 0, 1, 2, 0.33), some_cut), 2),
            variable_case("a fifth, and texts end", telling(
                draw, lambda draw: (model_of(draw, 4, 1.5), 0, 0, 1, 4, 0.2), rule_matters), 2)]


def variable_hidden(seed):
    """More tokens."""
    draw = Draw(seed + 47)
    return [variable_case("a tenth, many tokens", (model_of(draw, 7, 1.5), 0, 0, 1, 4, 0.1), 2)]
