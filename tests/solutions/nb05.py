"""Right and wrong answers to the exercises of notebook 05, for the tests alone."""
import math

import torch

# --- temperature --------------------------------------------------------------------------------


def temperature_by_power(log_probs, t):
    """Another way: probabilities to the power 1 / t."""
    powers = log_probs.exp() ** (1 / t)
    return powers / powers.sum()


def temperature_by_softmax(log_probs, t):
    return torch.softmax(log_probs / t, 0)


TEMPERATURE_RIGHT = [temperature_by_power, temperature_by_softmax]
TEMPERATURE_WRONG = [
    (lambda log_probs, t: torch.softmax(torch.exp(log_probs) / t, 0), "divides probabilities"),
    (lambda log_probs, t: torch.softmax(log_probs * t, 0), "multiplied by t"),
    (lambda log_probs, t: torch.exp(log_probs / t), "the sum is not one"),
    (lambda log_probs, t: torch.log_softmax(log_probs / t, 0), "these are log-probabilities"),
    (lambda log_probs, t: log_probs / t, "the divided log-probabilities"),
    (lambda log_probs, t: log_probs.exp() / log_probs.exp().sum(), "scaled up again"),
    (lambda log_probs, t: torch.softmax(temperature_by_power(log_probs, 1.0) ** (1 / t), 0),
     "a softmax of probabilities"),
]


# --- top-p --------------------------------------------------------------------------------------


def top_p_by_loop(probs, p):
    out, total = torch.zeros_like(probs), 0.0
    for n in sorted(range(len(probs)), key=lambda n: -probs[n]):
        if total >= p:
            break
        out[n] = probs[n]
        total += probs[n].item()
    return out / out.sum()


def top_p_by_sort(probs, p):
    ordered, order = probs.sort(descending=True)
    ordered = ordered * (ordered.cumsum(0) - ordered < p)
    return torch.zeros_like(probs).scatter(0, order, ordered / ordered.sum())


def top_p_loop(stop_before=False, scale=True, key=lambda probs: lambda n: -probs[n]):
    def top_p(probs, p):
        out, total = torch.zeros_like(probs), 0.0
        for n in sorted(range(len(probs)), key=key(probs)):
            if total + stop_before * probs[n].item() > p or (not stop_before and total >= p):
                break
            out[n] = probs[n]
            total += probs[n].item()
        return out / out.sum() if scale else out
    return top_p


def top_p_counted(more, in_place=True):
    def top_p(probs, p):
        ordered, order = probs.sort(descending=True)
        n = int((ordered.cumsum(0) < p).sum()) + more
        if not in_place:
            return ordered[:n] / ordered[:n].sum()
        out = torch.zeros_like(probs)
        out[order[:n]] = ordered[:n]
        return out / out.sum()
    return top_p


TOP_P_RIGHT = [top_p_by_loop, top_p_by_sort]
TOP_P_WRONG = [
    (top_p_loop(stop_before=True), "the token that crosses p is dropped: the set"),
    (top_p_loop(stop_before=True, scale=False), "dropped, and what is left is not scaled"),
    (top_p_counted(0), "dropped, even where it is the first"),
    (top_p_counted(2), "one token too many"),
    (top_p_counted(1, in_place=False), "as short as the set"),
    (top_p_loop(scale=False), "does not sum to one"),
    (top_p_loop(key=lambda probs: lambda n: n), "in the order of their ids"),
    (top_p_loop(key=lambda probs: lambda n: probs[n]), "the least probable tokens"),
    (lambda probs, p: torch.where(probs < p, 0.0, probs) / probs[probs >= p].sum(),
     "a limit of single probabilities"),
    (lambda probs, p: top_p_by_loop(probs.sort(descending=True).values, p),
     "in the order of the sorted tokens"),
]


# --- the loop -----------------------------------------------------------------------------------


def generate_by_loop(step, first, state, end, length):
    ids = [first]
    for _ in range(length):
        log_probs, state = step(ids[-1], state)
        ids.append(int(log_probs.argmax()))
        if ids[-1] == end:
            break
    return ids[1:]


def generate_by_recursion(step, first, state, end, length):
    if length == 0:
        return []
    log_probs, state = step(first, state)
    token = log_probs.argmax().item()
    rest = [] if token == end else generate_by_recursion(step, token, state, end, length - 1)
    return [token, *rest]


def generate_wrong(stop="after", feed="choice", state_kept=True, limit=0):
    def generate(step, first, state, end, length):
        ids, token = [], first
        for _ in range(length + limit):
            log_probs, new = step(token, state)
            state = new if state_kept else state
            chosen = int(log_probs.argmax())
            if stop == "before" and chosen == end:
                break
            ids.append(chosen)
            if stop == "after" and chosen == end:
                break
            token = chosen if feed == "choice" else first
        return ids
    return generate


GENERATE_RIGHT = [generate_by_loop, generate_by_recursion]
GENERATE_WRONG = [
    (generate_wrong(stop="before"), "the end marker is off by one"),
    (generate_wrong(stop="never"), "the loop goes on after the end marker"),
    (generate_wrong(feed="first"), "the choice is not fed back"),
    (generate_wrong(state_kept=False), "the state is not passed on"),
    (generate_wrong(limit=1), "one token too many"),
    (generate_wrong(limit=-1), "one token too few"),
    (lambda *given: [given[1], *generate_by_loop(*given)], "the first token is counted: it"),
]


# --- one step of a beam -------------------------------------------------------------------------


def beam_by_loop(scores, ended, log_probs):
    every = [(scores[k].item() + log_probs[k, v].item(), k, v)
             for k in range(len(scores)) if not ended[k] for v in range(log_probs.shape[1])]
    best = sorted(every, reverse=True)[:len(scores) - int(ended.sum())]
    found, parents, tokens = zip(*best, strict=True)
    return torch.tensor(found).double(), torch.tensor(parents), torch.tensor(tokens)


def beam_by_topk(scores, ended, log_probs):
    total = scores[:, None] + log_probs
    total[ended] = -torch.inf
    best = total.view(-1).topk(int((~ended).sum()))
    V = log_probs.shape[1]
    return best.values, best.indices.div(V, rounding_mode="floor"), best.indices % V


def beam_wrong(score=lambda s, lp: s + lp, skip=True, narrow=True):
    def beam_step(scores, ended, log_probs):
        every = [(score(scores[k], log_probs[k, v]).item(), k, v)
                 for k in range(len(scores)) if not (skip and ended[k])
                 for v in range(log_probs.shape[1])]
        best = sorted(every, reverse=True)[:len(scores) - narrow * int(ended.sum())]
        found, parents, tokens = zip(*best, strict=True)
        return torch.tensor(found).double(), torch.tensor(parents), torch.tensor(tokens)
    return beam_step


def beam_one_child_each(scores, ended, log_probs):
    best = [(scores[k] + log_probs[k]).max(0) for k in range(len(scores)) if not ended[k]]
    parents = [k for k in range(len(scores)) if not ended[k]]
    rows = sorted(((b.values.item(), k, b.indices.item()) for b, k in
                   zip(best, parents, strict=True)), reverse=True)
    found, parents, tokens = zip(*rows, strict=True)
    return torch.tensor(found).double(), torch.tensor(parents), torch.tensor(tokens)


def beam_mixed_up(scores, ended, log_probs):
    total = (scores[:, None] + log_probs).masked_fill(ended[:, None], -torch.inf)
    best = total.flatten().topk(int((~ended).sum()))
    return best.values, best.indices % len(scores), best.indices // len(scores)


def beam_filtered_late(scores, ended, log_probs):
    best = (scores[:, None] + log_probs).flatten().topk(len(scores))
    V = log_probs.shape[1]
    alive = ~ended[best.indices // V]
    return best.values[alive], best.indices[alive] // V, best.indices[alive] % V


def beam_masked_by_zero(scores, ended, log_probs):
    total = torch.where(ended[:, None], 0.0, scores[:, None] + log_probs)
    best = total.flatten().topk(len(scores) - int(ended.sum()))
    return best.values, best.indices // log_probs.shape[1], best.indices % log_probs.shape[1]


BEAM_STEP_RIGHT = [beam_by_loop, beam_by_topk]
BEAM_STEP_WRONG = [
    (beam_wrong(score=lambda s, lp: lp), "the parent's score is forgotten"),
    (beam_wrong(score=lambda s, lp: s * lp), "log-probabilities are multiplied"),
    (beam_wrong(skip=False), "ended hypotheses are continued: nothing"),
    (beam_wrong(skip=False, narrow=False), "ended hypotheses are continued, and"),
    (beam_wrong(narrow=False), "the beam does not narrow"),
    (beam_one_child_each, "each hypothesis keeps its own best"),
    (beam_filtered_late, "take places and go afterwards"),
    (beam_masked_by_zero, "0 stands for the impossible"),
    (beam_mixed_up, "parent and token are mixed up"),
]


# --- the variable width -------------------------------------------------------------------------


def near_by_loop(scores, done, factor):
    best = max(scores.tolist() + done.tolist())
    return torch.tensor([math.exp(score - best) >= factor for score in scores.tolist()])


def near_by_logarithm(scores, done, factor):
    best = scores.max() if not len(done) else max(scores.max(), done.max())
    return scores >= best + math.log(factor)


NEAR_RIGHT = [near_by_loop, near_by_logarithm]
NEAR_WRONG = [
    (lambda scores, done, factor: scores >= factor * max(scores.tolist() + done.tolist()),
     "the bar lies above the best"),
    (lambda scores, done, factor: scores >= max(scores.tolist() + done.tolist()) - factor,
     "added or subtracted itself"),
    (lambda scores, done, factor: scores >= scores.max() + math.log(factor),
     "complete hypotheses are forgotten"),
    (lambda scores, done, factor: scores > max(scores.tolist() + done.tolist())
     + math.log(factor), "exactly at the bar"),
    (lambda scores, done, factor: scores.exp() > factor, "taken for a probability"),
    (lambda scores, done, factor: scores < max(scores.tolist() + done.tolist()) + math.log(factor),
     "the ones to prune"),
    (lambda scores, done, factor: scores >= max(scores.tolist() + done.tolist())
     - math.log(factor), "the bar lies above the best"),
]


# --- the length ---------------------------------------------------------------------------------

NORMALISED_RIGHT = [
    lambda scores, lengths, power: scores / lengths ** power,
    lambda scores, lengths, power: scores * lengths.double() ** -power,
]
NORMALISED_WRONG = [
    (lambda scores, lengths, power: scores * lengths ** power, "multiplied: the sign"),
    (lambda scores, lengths, power: scores / lengths, "the power is forgotten"),
    (lambda scores, lengths, power: scores / (power * lengths), "the power multiplies the length"),
    (lambda scores, lengths, power: scores / (lengths - 1) ** power, "a token is missing"),
    (lambda scores, lengths, power: scores + lengths * power, "a bonus for each token"),
    (lambda scores, lengths, power: scores, "nothing is normalised"),
]
