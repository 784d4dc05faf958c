"""The checks of notebook 05: temperature, top-p, the loop, both kinds of beam, the length."""
import torch

from .core import Case, examine
from .nb05_beam import beam_step, near, normalised

__all__ = ["temperature", "top_p", "generate", "beam_step", "near", "normalised"]


def probabilities(*values):
    """Probabilities as a tensor of 64-bit numbers."""
    return torch.tensor(values, dtype=torch.float64)


# --- temperature --------------------------------------------------------------------------------


def right_temperature(log_probs, t):
    """What is expected: a softmax of the log-probabilities divided by t."""
    return torch.softmax(log_probs / t, -1)


TEMPERATURE_MISTAKES = [
    ("the temperature divides probabilities: divide the log-probabilities, then take the softmax",
     lambda log_probs, t: torch.softmax(log_probs.exp() / t, -1)),
    ("the temperature divides probabilities: scaled up again they are the old ones, "
     "divide the log-probabilities",
     lambda log_probs, t: log_probs.exp() / t / (log_probs.exp() / t).sum()),
    ("the temperature divides probabilities: divide the log-probabilities",
     lambda log_probs, t: log_probs.exp() / t),
    ("multiplied by t: a temperature below 1 must make the distribution sharper, so divide",
     lambda log_probs, t: torch.softmax(log_probs * t, -1)),
    ("the sum is not one: after the division the probabilities have to be scaled up or down",
     lambda log_probs, t: (log_probs / t).exp()),
    ("a softmax of probabilities: after p ** (1 / t) divide by the sum",
     lambda log_probs, t: torch.softmax(log_probs.exp() ** (1 / t), -1)),
    ("these are log-probabilities: probabilities are asked for",
     lambda log_probs, t: torch.log_softmax(log_probs / t, -1)),
    ("these are the divided log-probabilities: a softmax makes probabilities of them",
     lambda log_probs, t: log_probs / t),
    ("t does nothing", lambda log_probs, t: log_probs.exp()),
]

TEMPERATURE_CASES = [
    Case(name, [(values.log(), t)], right_temperature, TEMPERATURE_MISTAKES)
    for name, values, t in [
        ("half the temperature squares the probabilities", probabilities(0.6, 0.3, 0.1), 0.5),
        ("a high temperature flattens", probabilities(0.7, 0.2, 0.1), 2.0),
        ("temperature 1 changes nothing", probabilities(0.25, 0.5, 0.25), 1.0),
        ("what is impossible stays impossible", probabilities(0.5, 0.0, 0.4, 0.1), 1.5)]
]


def temperature(function):
    """Report on `function(log_probs (V,), t) -> probabilities (V,)`."""
    return examine(function, TEMPERATURE_CASES)


# --- top-p --------------------------------------------------------------------------------------


def scaled(probs, kept):
    """The kept probabilities, scaled to sum to one."""
    probs = probs * kept
    return probs / probs.sum()


def kept_until(probs, p, include=True, descending=True):
    """Bool (V,): the tokens from one end until their sum reaches p, the crossing one in or out."""
    order = probs.argsort(descending=descending)
    reached = probs[order].cumsum(0)
    before = reached - probs[order]
    kept = torch.zeros_like(probs, dtype=torch.bool)
    kept[order] = before < p if include else reached <= p
    return kept


def reached_before(probs, p, more):
    """Bool (V,): as many tokens, from the best on, as stay below p, and some more."""
    ranked = probs.sort(descending=True).values
    return probs.argsort(descending=True).argsort() < (ranked.cumsum(0) < p).sum() + more


def right_top_p(probs, p):
    """What is expected: the smallest set that reaches p, scaled up to one."""
    return scaled(probs, kept_until(probs, p))


def unsorted_top_p(probs, p):
    """The tokens in the order of their ids."""
    return scaled(probs, probs.cumsum(0) - probs < p)


def short_top_p(probs, p):
    """The set alone, in the order of its probabilities."""
    found = right_top_p(probs, p).sort(descending=True).values
    return found[found > 0]


TOP_P_MISTAKES = [
    ("the token that crosses p is dropped: the set has to reach p, so it belongs to it",
     lambda probs, p: scaled(probs, kept_until(probs, p, include=False))),
    ("the token that crosses p is dropped, even where it is the first: the set has to reach p",
     lambda probs, p: scaled(probs, reached_before(probs, p, 0))),
    ("one token too many: stop with the token that crosses p",
     lambda probs, p: scaled(probs, reached_before(probs, p, 2))),
    ("the result is as short as the set: a token that is cut keeps its place, with probability 0",
     short_top_p),
    ("the token that crosses p is dropped, and what is left is not scaled up to one",
     lambda probs, p: probs * kept_until(probs, p, include=False)),
    ("what is left does not sum to one: divide by its sum",
     lambda probs, p: probs * kept_until(probs, p)),
    ("a softmax of probabilities: what is left has to be divided by its sum",
     lambda probs, p: torch.softmax(probs.masked_fill(~kept_until(probs, p), -torch.inf), -1)),
    ("tokens are taken in the order of their ids: begin with the most probable", unsorted_top_p),
    ("the least probable tokens are taken first: sort from the most probable on",
     lambda probs, p: scaled(probs, kept_until(probs, p, descending=False))),
    ("p is taken for a limit of single probabilities: it is one of their sum",
     lambda probs, p: scaled(probs, probs >= p)),
    ("the result stands in the order of the sorted tokens: put each back in its place",
     lambda probs, p: right_top_p(probs.sort(descending=True).values, p)),
    ("only the most probable token is left: go on until the sum reaches p",
     lambda probs, p: scaled(probs, probs == probs.max())),
]

TOP_P_CASES = [
    Case(name, [(values, p)], right_top_p, TOP_P_MISTAKES) for name, values, p in [
        ("the first token reaches p alone", probabilities(0.2, 0.7, 0.1), 0.6),
        ("the second token crosses p", probabilities(0.1, 0.3, 0.45, 0.15), 0.6),
        ("p = 1 keeps everything", probabilities(0.25, 0.25, 0.375, 0.125), 1.0),
        ("six tokens, none of them sorted",
         probabilities(0.05, 0.3, 0.1, 0.25, 0.08, 0.22), 0.8)]
]


def top_p(function):
    """Report on `function(probs (V,), p) -> probabilities (V,)`, the nucleus alone."""
    return examine(function, TOP_P_CASES)


# --- the loop -----------------------------------------------------------------------------------


def counts_up(token, state):
    """A model for the check: after `token` the most probable is token + 1, whatever the state."""
    return torch.log_softmax(4.0 * (torch.arange(6) == token + 1), -1), state + 1


def by_state(token, state):
    """A model for the check: what is most probable depends on the number of tokens read alone."""
    return torch.log_softmax(4.0 * (torch.arange(6) == (2 * state + 1) % 6), -1), state + 1


def never_ends(token, state):
    """A model for the check: after token 1 it is 2, after that 1 again."""
    return torch.log_softmax(4.0 * (torch.arange(6) == 3 - token), -1), state + 1


def written(step, first, state, end, length):
    """What is expected: chosen tokens, the end marker included, at most `length` of them."""
    out, token = [], first
    while len(out) < length:
        log_probs, state = step(token, state)
        token = log_probs.argmax().item()
        out.append(token)
        if token == end:
            break
    return out


def fed_wrongly(again=False, frozen=False, past=False):
    """The loop with the first token read again and again, or the first state, or no stop."""
    def loop(step, first, state, end, length):
        out, token = [], first
        while len(out) < length:
            log_probs, new = step(first if again else token, state)
            state = state if frozen else new
            token = log_probs.argmax().item()
            out.append(token)
            if token == end and not past:
                break
        return out
    return loop


GENERATE_MISTAKES = [
    ("the end marker is off by one: it was chosen, so it belongs to the text",
     lambda *given: [i for i in written(*given) if i != given[3]]),
    ("the first token is counted: it was given, not chosen",
     lambda *given: [given[1], *written(*given)]),
    ("the first token is counted, and the limit with it",
     lambda *given: [given[1], *written(*given)][:given[4]]),
    ("one token too many: the text has at most `length` tokens",
     lambda *given: written(*given[:4], given[4] + 1)),
    ("one token too few: the text may have `length` tokens",
     lambda *given: written(*given[:4], given[4] - 1)),
    ("the loop goes on after the end marker", fed_wrongly(past=True)),
    ("the choice is not fed back: the next input is the token that was chosen",
     fed_wrongly(again=True)),
    ("the state is not passed on: each step needs the state that the last one returned",
     fed_wrongly(frozen=True)),
]

GENERATE_CASES = [
    Case(name, [arguments], written, GENERATE_MISTAKES) for name, arguments in [
        ("each choice is fed back, until the end marker", (counts_up, 0, 0, 3, 9)),
        ("the state is passed on", (by_state, 0, 0, 5, 9)),
        ("an end marker that never comes: the limit", (never_ends, 1, 0, 5, 4)),
        ("the end marker comes with the last token allowed", (counts_up, 0, 0, 4, 4))]
]


def generate(function):
    """Report on `function(step, first, state, end, length) -> list of ids`, greedy decoding."""
    return examine(function, GENERATE_CASES)
