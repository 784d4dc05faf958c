"""Right and wrong answers to the exercises of notebook 07, for the tests alone."""
import torch

# --- last ---------------------------------------------------------------------------------------


def last_by_index(h, lengths):
    return h[torch.arange(len(h)), lengths - 1]


def last_by_gather(h, lengths):
    place = (lengths - 1)[:, None, None].expand(-1, 1, h.shape[2])
    return h.gather(1, place)[:, 0]


def last_one_by_one(h, lengths):
    return torch.stack([text[n - 1] for text, n in zip(h, lengths.tolist(), strict=True)])


LAST_RIGHT = [last_by_index, last_by_gather, last_one_by_one]
LAST_WRONG = [
    (lambda h, lengths: h[:, -1], "the last column of the batch"),
    (lambda h, lengths: torch.stack([text[min(n, h.shape[1] - 1)] for text, n in
                                     zip(h, lengths.tolist(), strict=True)]),
     "one place too far"),
    (lambda h, lengths: torch.stack([text[max(n - 2, 0)] for text, n in
                                     zip(h, lengths.tolist(), strict=True)]),
     "one place too early"),
    (lambda h, lengths: h[:, 0], "the first word"),
    (lambda h, lengths: h[:, lengths - 1], "all places for every text"),
    (lambda h, lengths: h.sum(1) / lengths[:, None], "the mean of the states"),
    (lambda h, lengths: h[:, int(lengths.min()) - 1], "cut at the shortest one"),
]

# --- pool ---------------------------------------------------------------------------------------


def pool_by_mask(h, real):
    weight = real[..., None].to(h)
    mean = (h * weight).sum(1) / weight.sum(1)
    return mean, torch.where(real[..., None], h, -torch.inf).max(1).values


def pool_one_by_one(h, real):
    kept = [text[row] for text, row in zip(h, real, strict=True)]
    return torch.stack([k.mean(0) for k in kept]), torch.stack([k.amax(0) for k in kept])


def zeroed(h, real):
    return h * real[..., None]


def largest(h, real):
    return pool_by_mask(h, real)[1]


POOL_RIGHT = [pool_by_mask, pool_one_by_one]
POOL_WRONG = [
    (lambda h, real: (h.mean(1), h.amax(1)), "in the mean and in the maximum"),
    (lambda h, real: (zeroed(h, real).mean(1), largest(h, real)), "divided by T"),
    (lambda h, real: (pool_by_mask(h, real)[0], zeroed(h, real).amax(1)), "0 in padding can be"),
    (lambda h, real: (zeroed(h, real).mean(1), zeroed(h, real).amax(1)), "and it counts in"),
    (lambda h, real: (h.sum(1) / real.sum(1, keepdim=True), largest(h, real)),
     "the number of words is right"),
    (lambda h, real: (zeroed(h, real).sum(1), largest(h, real)), "this is the sum"),
    (lambda h, real: pool_by_mask(h, real)[::-1], "in the other order"),
    (lambda h, real: (h.mean(2), h.amax(2)), "not over the units"),
    (lambda h, real: (pool_by_mask(h, real)[0], h.amax(1)), "counted in the maximum"),
]

# --- ends ---------------------------------------------------------------------------------------


def ends_side_by_side(forwards, backwards, lengths):
    return torch.cat([last_by_gather(forwards, lengths), backwards[:, 0]], -1)


def ends_into_a_buffer(forwards, backwards, lengths):
    H = forwards.shape[2]
    kept = forwards.new_empty(len(forwards), 2 * H)
    for b, n in enumerate(lengths.tolist()):
        kept[b, :H], kept[b, H:] = forwards[b, n - 1], backwards[b, 0]
    return kept


ENDS_RIGHT = [ends_side_by_side, ends_into_a_buffer]
ENDS_WRONG = [
    (lambda f, b, n: torch.cat([last_by_index(f, n), last_by_index(b, n)], 1),
     "the backward state at the last word has read one word only"),
    (lambda f, b, n: torch.cat([f[:, 0], b[:, 0]], 1), "the forward state has read one word"),
    (lambda f, b, n: torch.cat([f[:, 0], last_by_index(b, n)], 1), "the ends are swapped"),
    (lambda f, b, n: torch.cat([f[:, -1], b[:, 0]], 1), "the forward state is taken in padding"),
    (lambda f, b, n: torch.cat([f[:, -1], b[:, -1]], 1), "both are taken in the last column"),
    (lambda f, b, n: torch.cat([b[:, 0], last_by_index(f, n)], 1), "in the other order"),
    (lambda f, b, n: last_by_index(f, n) + b[:, 0], "the two are added"),
    (lambda f, b, n: torch.stack([last_by_index(f, n), b[:, 0]], 1), "the two are stacked"),
    (lambda f, b, n: torch.cat([last_by_index(f, n), b[:, 0]]), "along the wrong axis"),
]

# --- pooled_errors ------------------------------------------------------------------------------


def errors_from_the_right(d_s, slope, U):
    T, later, found = len(slope), 0.0, []
    for t in reversed(range(T)):
        error = d_s / T + later
        found.insert(0, error)
        later = U * slope[t] * error
    return found


def errors_of_each_word(d_s, slope, U):
    """Another way: what arrives from each later state, one product at a time."""
    T, found = len(slope), []
    for t in range(T):
        factor, total = 1.0, 0.0
        for later in range(t, T):
            factor *= U * slope[later] if later > t else 1.0
            total += factor * d_s / T
        found.append(total)
    return found


def errors_with(own, back):
    """A walk from the right with another own part or another way back."""
    def errors(d_s, slope, U):
        found = [own(d_s, slope, t) for t in range(len(slope))]
        for t in reversed(range(len(slope) - 1)):
            found[t] += back(slope, U, t) * found[t + 1]
        return found
    return errors


def part(d_s, slope, t):
    return d_s / len(slope)


def way(slope, U, t):
    return U * slope[t + 1]


POOLED_ERRORS_RIGHT = [errors_from_the_right, errors_of_each_word]
POOLED_ERRORS_WRONG = [
    (errors_with(lambda d, s, t: d if t == len(s) - 1 else 0.0, way), "the last state alone"),
    (errors_with(lambda d, s, t: d, way), "every state gets the whole d_s: each has"),
    (lambda d_s, slope, U: [d_s / len(slope) for _ in slope], "the error from the future"),
    (lambda d_s, slope, U: [d_s for _ in slope], "and every state gets the whole"),
    (errors_with(part, lambda s, U, t: U * s[t]), "slope belongs to the wrong step"),
    (errors_with(part, lambda s, U, t: U), "the slope is missing"),
    (errors_with(part, lambda s, U, t: s[t + 1]), "U is missing"),
    (lambda d_s, slope, U: errors_from_the_right(d_s, slope, U)[::-1], "the wrong way round"),
]

# --- answered -----------------------------------------------------------------------------------


def answered_by_mask(confidence, right, threshold):
    given = confidence >= threshold
    return given.double().mean().item(), right[given].double().mean().item()


def answered_by_counting(confidence, right, threshold):
    kept = [bool(r) for c, r in zip(confidence, right, strict=True) if c >= threshold]
    return len(kept) / len(right), sum(kept) / len(kept)


def share(mask):
    return mask.double().mean()


ANSWERED_RIGHT = [answered_by_mask, answered_by_counting]
ANSWERED_WRONG = [
    (lambda c, r, t: (share(c >= t), share((c >= t) & r)), "counted among all texts"),
    (lambda c, r, t: (share(c >= t), share(r)), "all texts are judged"),
    (lambda c, r, t: (share(c > t), share(r[c > t])), "equal to the threshold"),
    (lambda c, r, t: (share(c < t), share(r[c >= t])), "the share held back"),
    (lambda c, r, t: answered_by_mask(c, r, t)[::-1], "the other order"),
    (lambda c, r, t: (share(c >= t), c[c >= t].double().mean()), "the mean confidence"),
]
