"""Right and wrong answers to the exercises of notebook 14, for the tests alone."""
import torch

# --- writing alone ------------------------------------------------------------------------------


def alone_by_loop(step, state, before):
    token, found = before[:, 0], []
    for _ in range(before.shape[1]):
        log_probs, state = step(token, state)
        token = log_probs.argmax(1)
        found.append(token)
    return torch.stack(found, 1)


def alone_in_place(step, state, before):
    read = before.clone()
    guesses = torch.zeros_like(before)
    for t in range(before.shape[1]):
        log_probs, state = step(read[:, t], state)
        guesses[:, t] = log_probs.max(-1).indices
        if t + 1 < before.shape[1]:
            read[:, t + 1] = guesses[:, t]
    return guesses


def told(step, state, before):
    found = []
    for token in before.T:
        log_probs, state = step(token, state)
        found.append(log_probs.argmax(1))
    return torch.stack(found, 1)


def without_state(step, state, before):
    return alone_by_loop(lambda token, s: (step(token, state)[0], state), state, before)


def always_first(step, state, before):
    return told(step, state, before[:, :1].expand_as(before))


def what_was_read(step, state, before):
    return torch.cat([before[:, :1], alone_by_loop(step, state, before)], 1)[:, :-1]


def least(step, state, before):
    return alone_by_loop(lambda token, s: (-step(token, s)[0], step(token, s)[1]), state, before)


ALONE_RIGHT = [alone_by_loop, alone_in_place]
ALONE_WRONG = [
    (told, "gold words are read"),
    (always_first, "begin marker is read at every place"),
    (without_state, "the state is not carried on"),
    (what_was_read, "this is what is read"),
    (least, "least probable"),
]


# --- own words among the gold ones --------------------------------------------------------------


def mix_by_loop(y, own, u, epsilon, bos):
    rows = []
    for b in range(len(y)):
        row = [bos]
        for t in range(y.shape[1] - 1):
            row.append((y if u[b, t] < epsilon else own)[b, t].item())
        rows.append(row)
    return torch.tensor(rows)


def mix_by_mask(y, own, u, epsilon, bos):
    gold = (u < epsilon).long()
    out = (gold * y + (1 - gold) * own).roll(1, 1)
    out[:, 0] = bos
    return out


def shifted(words, bos):
    return torch.cat([torch.full((len(words), 1), bos), words[:, :-1]], 1)


MIX_RIGHT = [mix_by_loop, mix_by_mask]
MIX_WRONG = [
    (lambda y, own, u, e, bos: shifted(torch.where(u >= e, y, own), bos), "wrong way round"),
    (lambda y, own, u, e, bos: torch.where(u < e, y, own), "not moved"),
    (lambda y, own, u, e, bos: shifted(torch.where(u[:, :1] < e, y, own), bos),
     "one coin decides for a whole text"),
    (lambda y, own, u, e, bos: shifted(torch.where(u[0] < e, y, own), bos), "for a whole place"),
    (lambda y, own, u, e, bos: shifted(y, bos), "that is teacher forcing"),
    (lambda y, own, u, e, bos: shifted(own, bos), "only own words"),
    (lambda y, own, u, e, bos: torch.where(u.roll(0, 1) < e, shifted(y, bos), shifted(own, bos))
     .where(torch.arange(y.shape[1]) > 0, torch.tensor(bos)), "coin of the next place"),
]


# --- the risk over a set ------------------------------------------------------------------------


def risk_by_dict(texts, log_probs, costs, alpha):
    once = {text: n for n, text in enumerate(texts)}
    weights = {text: log_probs[n].exp() ** alpha for text, n in once.items()}
    return sum(w * costs[once[t]] for t, w in weights.items()) / sum(weights.values())


def risk_by_mask(texts, log_probs, costs, alpha):
    again = torch.tensor([text in texts[:n] for n, text in enumerate(texts)])
    Q = torch.softmax((alpha * log_probs).masked_fill(again, -torch.inf), 0)
    return Q @ costs


def unique(texts):
    return torch.tensor([texts.index(text) for text in dict.fromkeys(texts)])


RISK_RIGHT = [risk_by_dict, risk_by_mask]
RISK_WRONG = [
    (lambda texts, lp, costs, alpha: torch.softmax(alpha * lp, 0) @ costs, "counted twice"),
    (lambda texts, lp, costs, alpha: (lp.exp() ** alpha * costs)[unique(texts)].sum(),
     "do not add up to one"),
    (lambda texts, lp, costs, alpha: (lp.exp() * costs)[unique(texts)].sum(),
     "the probabilities of the model"),
    (lambda texts, lp, costs, alpha: risk_by_mask(texts, lp, costs, 1.0), "alpha is missing"),
    (lambda texts, lp, costs, alpha: risk_by_mask(texts, lp, costs, 1 / alpha), "divided by alpha"),
    (lambda texts, lp, costs, alpha: costs[unique(texts)].mean(), "all texts weigh alike"),
    (lambda texts, lp, costs, alpha: (lp * costs)[unique(texts)].sum() / lp[unique(texts)].sum(),
     "exponentiate first"),
]


# --- the gradient from drawn words --------------------------------------------------------------


def gradient_by_loop(p, words, r, b):
    total = torch.zeros_like(p)
    for word, reward, guess in zip(words, r, b, strict=True):
        pull = p.clone()
        pull[word] -= 1
        total += (reward - guess) * pull
    return total / len(words)


def gradient_by_autograd(p, words, r, b):
    scores = p.log().requires_grad_()
    loss = -((r - b) * scores.log_softmax(0)[words]).mean()
    return torch.autograd.grad(loss, scores)[0]


GRADIENT_RIGHT = [gradient_by_loop, gradient_by_autograd]
GRADIENT_WRONG = [
    (lambda p, w, r, b: -gradient_by_loop(p, w, r, b), "the sign is wrong"),
    (lambda p, w, r, b: gradient_by_loop(p, w, r, torch.zeros_like(r)), "the baseline is missing"),
    (lambda p, w, r, b: gradient_by_loop(p, w, r + b, 0 * b), "the baseline is added"),
    (lambda p, w, r, b: gradient_by_loop(p, w, r, b) * len(w), "are added up"),
    (lambda p, w, r, b: gradient_by_loop(p, w, r, b) - p * (r - b).mean(), "p is missing"),
    (lambda p, w, r, b: p * (r - b).mean(), "the drawn word is missing"),
    (lambda p, w, r, b: gradient_by_loop(p, w, r ** 0, 0 * b), "the reward is missing"),
    (lambda p, w, r, b: gradient_by_loop(p, w, (r - b) * p[w], 0 * b), "counts by its probability"),
]


# --- a baseline from the other draws ------------------------------------------------------------


def others_by_loop(r):
    rows = [[(sum(row) - one) / (len(row) - 1) for one in row] for row in r.tolist()]
    return torch.tensor(rows)


def others_by_matrix(r):
    n = r.shape[1]
    return r @ (1 - torch.eye(n)) / (n - 1)


OTHERS_RIGHT = [others_by_loop, others_by_matrix]
OTHERS_WRONG = [
    (lambda r: r.mean(1)[:, None].repeat(1, r.shape[1]), "own reward is in its baseline"),
    (lambda r: r * 1.0, "is its baseline"),
    (lambda r: r.amax(1, True) + 0 * r, "the best draw"),
    (lambda r: r.sum(1, True) - r, "not divided by their number"),
    (lambda r: others_by_loop(r) * (r.shape[1] - 1) / r.shape[1], "divided by all draws"),
    (lambda r: r - others_by_loop(r), "return b alone"),
]
