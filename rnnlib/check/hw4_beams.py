"""Homework 4, exercise 3: the search of both beams, and the beam of fixed width."""

import math

from .compare import difference, kind, show
from .core import Case
from .drawing import Draw, telling
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


def told(right):
    """What a case accepts: the texts that `right` finds, in its order; else a sentence."""
    def accepts(found, *given):
        expected = right(*given)
        if not isinstance(found, (list, tuple)) or not all(is_pair(one) for one in found):
            return f"expected a list of pairs (tokens, log-probability), got {of_what(found)}"
        if len(found) != len(expected):
            return f"expected {counted(expected)}\ngot      {counted(found)}"
        said = [text_misfit(*pair) for pair in zip(expected, found, strict=True)]
        return next((f"text {n + 1} of {len(found)}{one}" for n, one in enumerate(said) if one),
                    None)
    return accepts


def text_misfit(expected, one):
    """How a text and its log-probability differ from what is expected, or nothing."""
    said = difference(expected, one, 1e-6)
    if said and show(expected) == show(one):
        return f", as (tokens, log-probability): {said}"
    return f":\nexpected {show(expected)}\ngot      {show(one)}" if said else ""


def is_pair(one):
    """Whether this is a pair whose first value may be tokens."""
    return isinstance(one, (list, tuple)) and len(one) == 2 and hasattr(one[0], "__len__")


def of_what(found):
    """What was found instead of pairs, in words."""
    odd = [one for one in found if not is_pair(one)] if isinstance(found, (list, tuple)) else []
    return f"{kind(found)} with {kind(odd[0])} in it" if odd else kind(found)


def counted(found):
    """How many texts, and the first of them."""
    first = ", ".join(show(one) for one in found[:4])
    texts = "1 text" if len(found) == 1 else f"{len(found)} texts"
    return texts + (f": {first}" if found else "") + (", ..." if len(found) > 4 else "")


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


def forgetful(kept_score):
    """The scores of the last tokens alone decide; `kept_score` takes the sum and the last one."""
    def function(model, first, state, end, length, width):
        def keep(grown, done):
            last = [(h[0] - parents[-1][h[1]], h) for h in grown]
            best = sorted(last, key=lambda one: -one[0])[: width - len(done)]
            kept = [(kept_score(h[0], score), *h[1:]) for score, h in best]
            parents.append([h[0] for h in kept if h[2][-1] != end])
            return kept
        parents = [[0.0]]
        return searched(model, (first, state), end, length, keep)
    return function


def competing(grown, done, width):
    """Complete texts may lose their place to better continuations."""
    best = sorted([*grown, *done], key=lambda h: -h[0])[:width]
    done[:] = [h for h in done if h in best]
    return [h for h in best if h not in done]


def complete_first(found, given):
    """All complete texts before those that go on."""
    return sorted(found, key=lambda h: h[0][-1] != given[3])


def as_found(found, given):
    """Complete texts in the order in which they ended, then the others."""
    return sorted(found, key=lambda h: (h[0][-1] != given[3], len(h[0])))


NOT_NARROWING = kept_by(lambda grown, done, width: grown[:width])
COMPETING = kept_by(competing)
LAST_DECIDES = forgetful(lambda total, last: total)
LAST_ALONE = forgetful(lambda total, last: last)

BEAM_MISTAKES = [
    ("the beam does not narrow: one place less for each text that is complete",
     NOT_NARROWING),
    ("complete texts compete for their places again: they stay, and the others share the rest",
     COMPETING),
    ("each text keeps its own best continuation: the best of all continuations stay, whoever "
     "their parents are", kept_by(own_best)),
    ("this is greedy decoding: the beam has `width` places", greedy),
    ("the search stops at the first complete text: the others may become better", stopping),
    ("only the last token's score decides: a text is as probable as all its tokens together",
     LAST_DECIDES),
    ("the score is that of the last token alone: add it to the score of the text", LAST_ALONE),
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
    ("complete texts stand before the others: sort all of them by log-probability",
     reported(complete_first)),
    ("the texts stand in the order in which they ended: sort all of them by log-probability",
     reported(as_found)),
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


def differs(right, wrong, arguments):
    """Whether each of these wrong searches finds something else than the right one."""
    expected = right(*arguments)
    return all(one(*arguments) != expected for one in wrong)


def greedy_misses(*arguments):
    """Whether the limit cuts a text off, and greedy decoding or a short memory finds others."""
    found = right_beam(*arguments)
    return (any(text[-1] != 1 for text, _ in found) and found[0] != greedy(*arguments)[0]
            and differs(right_beam, [LAST_DECIDES, kept_by(own_best)], arguments))


def ends_matter(*arguments):
    """Whether it matters what becomes of complete texts, in the beam and in the list."""
    return differs(right_beam, [NOT_NARROWING, COMPETING, stopping, reported(complete_first),
                                reported(as_found)],
                   arguments)


def beam_case(name, arguments, weight=1):
    """A case of the fixed width."""
    return Case(name, [arguments], None, BEAM_MISTAKES, 1e-6, weight=weight,
                accepts=told(right_beam))


def beam_cases(seed):
    """Width 1 is greedy; width 2; texts that end early."""
    draw = Draw(seed + 44)
    return [beam_case("width 1 is greedy decoding", (model_of(draw, 4), 0, 0, 1, 3, 1)),
            beam_case("width 2, three steps, greedy misses the best text", telling(
                draw, lambda draw: (model_of(draw, 4), 0, 0, 1, 3, 2), greedy_misses), 2),
            beam_case("width 3, texts end and the beam narrows", telling(
                draw, lambda draw: (model_of(draw, 4, 0.5), 0, 0, 1, 4, 3), ends_matter), 2),
            beam_case("width 4, many tokens", telling(
                draw, lambda draw: (model_of(draw, 9, 0.5), 0, 0, 1, 6, 4), lambda *given: differs(
                    right_beam, [LAST_DECIDES, kept_by(own_best), COMPETING], given)), 2)]


def beam_hidden(seed):
    """Wider than everything: exhaustive search."""
    draw = Draw(seed + 45)
    return [beam_case("wide enough for every text", (model_of(draw, 3, 0.3), 0, 0, 1, 3, 40)),
            beam_case("width 5, longer texts", (model_of(draw, 8, 1.0), 0, 0, 1, 9, 5), 2)]
