"""Right and wrong answers to the exercises of notebook 13, for the tests alone."""
import torch
from torch.nn.functional import one_hot, scaled_dot_product_attention

# --- attention ----------------------------------------------------------------------------------


def attend_by_library(s, h, real):
    mask = torch.zeros(real.shape).masked_fill(~real, -torch.inf)[:, None]
    c = scaled_dot_product_attention(s[:, None], h, h, mask, scale=1.0)[:, 0]
    eye = torch.eye(h.shape[1]).expand(len(h), -1, -1)
    return c, scaled_dot_product_attention(s[:, None], h, eye, mask, scale=1.0)[:, 0]


def attend_by_loop(s, h, real):
    cs, weights = [], []
    for query, states, mask in zip(s, h, real, strict=True):
        e = torch.exp(states @ query) * mask
        weights.append(e / e.sum())
        cs.append(weights[-1] @ states)
    return torch.stack(cs), torch.stack(weights)


def attending(weigh):
    def function(s, h, real):
        a = weigh(torch.einsum("bh,bsh->bs", s, h), real)
        return torch.einsum("bs,bsh->bh", a, h), a
    return function


def closed(e, real, by=-torch.inf):
    return torch.where(real, e, torch.tensor(by))


ATTEND_RIGHT = [attend_by_library, attend_by_loop]
ATTEND_WRONG = [
    (attending(lambda e, real: closed(e, real).softmax(0).nan_to_num()), "over the batch"),
    (attending(lambda e, real: e.softmax(1)), "the padding is not masked"),
    (attending(lambda e, real: torch.where(real, e.softmax(1), 0.0)), "after the softmax"),
    (attending(lambda e, real: closed(e, real, 0.0).softmax(1)), "are set to 0"),
    (lambda s, h, real: (s, real / real.sum(1, keepdim=True)), "the encoder's states are not used"),
    (attending(lambda e, real: e * real), "the softmax is missing"),
    (lambda s, h, real: attend_by_loop(s / s.shape[1] ** 0.5, h, real), "square root of H"),
    (attending(lambda e, real: real / real.sum(1, keepdim=True)), "all words get the same weight"),
    (attending(lambda e, real: one_hot(closed(e, real).argmax(1), e.shape[1]).float()),
     "the choice is soft"),
    (lambda s, h, real: attend_by_loop(s, h, real)[::-1], "are swapped"),
]


# --- one step of the decoder --------------------------------------------------------------------


def found(s, h, values=None):
    values = h if values is None else values
    return torch.stack([torch.softmax(states @ query, 0) @ what
                        for query, states, what in zip(s, h, values, strict=True)])


def step_in_one_product(y, s, x, h, p):
    both = torch.cat([y, s, found(s, h)], 1)
    return torch.tanh(both @ torch.cat([p["W"], p["U"], p["C"]], 1).T + p["b"])


def step_by_library(y, s, x, h, p):
    c = attend_by_library(s, h, torch.ones(h.shape[:2], dtype=torch.bool))[0]
    return torch.tanh(torch.addmm(p["b"], c, p["C"].T) + y @ p["W"].T + s @ p["U"].T)


def stepped(context):
    def function(y, s, x, h, p):
        return torch.tanh(y @ p["W"].T + s @ p["U"].T + context(y, s, x, h) @ p["C"].T + p["b"])
    return function


def plain(y, s, p):
    return y @ p["W"].T + s @ p["U"].T + p["b"]


STEP_RIGHT = [step_in_one_product, step_by_library]
STEP_WRONG = [
    (lambda y, s, x, h, p: plain(y, s, p).tanh(), "is not used in the new"),
    (stepped(lambda y, s, x, h: found(s, x)), "looks at the embeddings of the source"),
    (stepped(lambda y, s, x, h: found(s, x, h)), "the scores are made with the embeddings"),
    (stepped(lambda y, s, x, h: found(s, h, x)), "the embeddings of the source are summed"),
    (stepped(lambda y, s, x, h: found(s, s[:, None])), "its own state"),
    (stepped(lambda y, s, x, h: found(y, h)), "embedding of the last word asks"),
    (lambda y, s, x, h, p: torch.tanh(
        plain(y, s, p) + found(plain(y, s, p).tanh(), h) @ p["C"].T),
     "the new state asks"),
    (stepped(lambda y, s, x, h: h[:, -1]), "the fixed context again"),
    (stepped(lambda y, s, x, h: h.sum(1) / h.shape[1]), "the mean"),
    (lambda y, s, x, h, p: plain(y, s, p).tanh() + found(s, h) @ p["C"].T,
     "after the tanh"),
    (lambda y, s, x, h, p: plain(y, s, p) + found(s, h) @ p["C"].T, "tanh is missing"),
    (lambda y, s, x, h, p: torch.tanh(plain(y, s, p) + found(s, h) @ p["C"]),
     "C is transposed"),
    (lambda y, s, x, h, p: torch.tanh(y @ p["W"].T + s @ p["U"].T + found(s, h) @ p["C"].T),
     "the bias is missing"),
]


# --- bilinear scores ----------------------------------------------------------------------------


SCORES_RIGHT = [
    lambda s, W, h: torch.einsum("btq,qh,bsh->bts", s, W, h),
    lambda s, W, h: s @ (h @ W.T).transpose(1, 2),
]
SCORES_WRONG = [
    (lambda s, W, h: torch.einsum("btq,qh,bsh->bst", s, W, h), "the two sides are swapped"),
    (lambda s, W, h: torch.einsum("btq,hq,bsh->bts", s, W, h), "W is transposed"),
    (lambda s, W, h: torch.einsum("bth,bsh->bts", s, h), "W is not used"),
    (lambda s, W, h: torch.einsum("btq,qh,bsh->bts", s, W, h).softmax(-1), "these are the weights"),
    (lambda s, W, h: (s @ W).tanh() @ h.mT, "no tanh"),
    (lambda s, W, h: torch.einsum("btq,qh,bsh->bts", s, W, h) / W.shape[1] ** 0.5, "square root"),
    (lambda s, W, h: torch.einsum("btq,qh,bth->bt", s, W, h), "every pair is asked for"),
]


# --- crossings ----------------------------------------------------------------------------------


def crossings_by_sorting(a):
    """Exchanges of neighbours until the places are sorted."""
    places, count = a.argmax(1).tolist(), 0
    for _ in places:
        for t in range(len(places) - 1):
            if places[t] > places[t + 1]:
                places[t], places[t + 1] = places[t + 1], places[t]
                count += 1
    return count


def counted(places, crosses):
    places = torch.as_tensor(places)
    return int(torch.triu(crosses(places[:, None], places[None]), 1).sum())


CROSSINGS_RIGHT = [crossings_by_sorting, lambda a: counted(a.argmax(1), torch.gt)]
CROSSINGS_WRONG = [
    (lambda a: counted(a.argmax(0), torch.gt), "of each column"),
    (lambda a: int((a.argmax(1)[:-1] > a.argmax(1)[1:]).sum()), "only neighbours"),
    (lambda a: counted(a.argmax(1), torch.ge), "the same source word do not cross"),
    (lambda a: counted(a.argmax(1), torch.lt), "that do not cross"),
    (lambda a: counted(a.argmax(1), torch.gt) * 2, "counted twice"),
    (lambda a: int((a.argmax(1) != torch.arange(len(a))).sum()), "crossings are pairs"),
]


# --- a covered word -----------------------------------------------------------------------------


def cover_by_scores(a, j):
    e = a.log()
    e[:, j] = -torch.inf
    return e.softmax(1)


def cover_by_loop(a, j):
    rows = []
    for row in a.tolist():
        left = [0.0 if k == j else weight for k, weight in enumerate(row)]
        rows.append([weight / sum(left) for weight in left])
    return torch.tensor(rows)


def open_words(a, j):
    return (torch.arange(a.shape[1]) != j).float()


COVER_RIGHT = [cover_by_scores, cover_by_loop]
COVER_WRONG = [
    (lambda a, j: a * open_words(a, j), "do not add up to 1"),
    (lambda a, j: (a + a[:, [j]] / (a.shape[1] - 1)) * open_words(a, j), "in equal parts"),
    (lambda a, j: (a + open_words(a, j).log()).softmax(1), "of weights: it belongs to scores"),
    (lambda a, j: a * (torch.arange(len(a)) != j).float()[:, None], "a row is covered"),
    (lambda a, j: cover_by_loop(a, j)[:, open_words(a, j).bool()], "leave a zero in its place"),
    (lambda a, j: a * open_words(a, j) + a[:, [j]] * one_hot(
        (a * open_words(a, j)).argmax(1), a.shape[1]), "to the largest of the others"),
    (lambda a, j: a.clone(), "nothing is covered"),
]
