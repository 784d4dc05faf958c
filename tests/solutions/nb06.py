"""Right and wrong answers to the exercises of notebook 06, for the tests alone."""
import itertools
import math

import torch

# --- viterbi ------------------------------------------------------------------------------------


def viterbi_with_pointers(start, transitions, emissions):
    best, pointers = start + emissions[0], []
    for row in emissions[1:]:
        ways = best[:, None] + transitions
        pointers.append(ways.argmax(0))
        best = ways.max(0).values + row
    label = int(best.argmax())
    labels = [label]
    for pointer in reversed(pointers):
        label = int(pointer[label])
        labels.append(label)
    return labels[::-1]


def viterbi_by_hand(start, transitions, emissions):
    """Another way: every sequence is scored."""
    T, K = emissions.shape

    def score(y):
        total = start[y[0]] + sum(emissions[t, j] for t, j in enumerate(y))
        return total + sum(transitions[i, j] for i, j in itertools.pairwise(y))
    return list(max(itertools.product(range(K), repeat=T), key=score))


def viterbi_wrong(**parts):
    rule = {"gather": lambda ways: ways.max(0).values, "first": lambda s, e: s + e[0],
            "ways": lambda best, t: best[:, None] + t, "labels": lambda labels: labels} | parts

    def viterbi(start, transitions, emissions):
        best, pointers = rule["first"](start, emissions), []
        for row in emissions[1:]:
            ways = rule["ways"](best, transitions)
            pointers.append(ways.argmax(0))
            best = rule["gather"](ways) + row
        labels = [int(best.argmax())]
        for pointer in reversed(pointers):
            labels.append(int(pointer[labels[-1]]))
        return rule["labels"](labels[::-1])
    return viterbi


def viterbi_without_way_back(start, transitions, emissions):
    best = start + emissions[0]
    labels = [int(best.argmax())]
    for row in emissions[1:]:
        best = (best[:, None] + transitions).amax(0) + row
        labels.append(int(best.argmax()))
    return labels


def viterbi_greedy(start, transitions, emissions):
    labels = [int((start + emissions[0]).argmax())]
    for row in emissions[1:]:
        labels.append(int((row + transitions[labels[-1]]).argmax()))
    return labels


def viterbi_marginal(start, transitions, emissions):
    T, K = emissions.shape
    p = torch.zeros(T, K, dtype=torch.double)
    for y in itertools.product(range(K), repeat=T):
        total = start[y[0]] + sum(emissions[t, j] for t, j in enumerate(y))
        total = total + sum(transitions[i, j] for i, j in itertools.pairwise(y))
        p[range(T), y] += math.exp(total)
    return p.argmax(1).tolist()


VITERBI_RIGHT = [viterbi_with_pointers, viterbi_by_hand]
VITERBI_WRONG = [
    (lambda start, transitions, emissions: [int(row.argmax()) for row in emissions],
     "every word for itself"),
    (viterbi_without_way_back, "no way back"),
    (viterbi_greedy, "greedy"),
    (viterbi_wrong(ways=lambda best, t: best[:, None] + t.T), "the wrong way round: it leads"),
    (viterbi_wrong(gather=lambda ways: ways.exp().sum(0).log()), "messages added up"),
    (viterbi_wrong(first=lambda start, e: e[0]), "the start is missing"),
    (viterbi_wrong(first=lambda start, e: start), "the first word is missing"),
    (viterbi_wrong(labels=lambda labels: labels[::-1]), "gathered from the last word"),
    (viterbi_wrong(labels=lambda labels: labels[:-1]), "one label is missing"),
    (viterbi_marginal, "the most probable label of each word"),
]


# --- mean_loss ----------------------------------------------------------------------------------


def loss_by_loop(scores, labels, lengths):
    total, count = 0.0, 0
    for b in range(len(scores)):
        for t in range(int(lengths[b])):
            total = total - scores[b, t].log_softmax(0)[labels[b, t]]
            count += 1
    return total / count


def loss_by_masking(scores, labels, lengths):
    mask = torch.arange(labels.shape[1]) < lengths[:, None]
    targets = labels.masked_fill(~mask, -100)
    return torch.nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten())


def nats(scores, labels):
    return torch.nn.functional.cross_entropy(scores.mT, labels, reduction="none")


def kept(scores, lengths):
    return (torch.arange(scores.shape[1]) < lengths[:, None]).float()


MEAN_LOSS_RIGHT = [loss_by_loop, loss_by_masking]
MEAN_LOSS_WRONG = [
    (lambda scores, labels, lengths: nats(scores, labels).mean(), "the padding is counted"),
    (lambda scores, labels, lengths: (nats(scores, labels) * kept(scores, lengths)).mean(),
     "still in the number it is divided by"),
    (lambda scores, labels, lengths: torch.stack(
        [nats(s[None, :n], y[None, :n]).mean() for s, y, n in zip(scores, labels, lengths,
                                                                  strict=True)]).mean(),
     "a mean of sentence means"),
    (lambda scores, labels, lengths: (nats(scores, labels) * kept(scores, lengths)).sum(),
     "a sum"),
    (lambda scores, labels, lengths:
     (nats(scores, labels) * kept(scores, lengths)).sum() / len(lengths),
     "divided by the number of sentences"),
    (lambda *given: -loss_by_loop(*given), "the sign is missing"),
    (lambda scores, labels, lengths:
     -((-nats(scores, labels)).exp() * kept(scores, lengths)).sum() / lengths.sum(),
     "the probability itself"),
    (lambda scores, labels, lengths:
     -(scores.gather(2, labels[..., None])[..., 0] * kept(scores, lengths)).sum() / lengths.sum(),
     "no softmax"),
    (lambda scores, labels, lengths:
     -(scores.softmax(1).log().gather(2, labels[..., None])[..., 0]
       * kept(scores, lengths)).sum() / lengths.sum(), "the softmax runs over the words"),
]


# --- before -------------------------------------------------------------------------------------


def before_by_filling(labels, begin):
    found = torch.full_like(labels, begin)
    found[:, 1:] = labels[:, :-1]
    return found


BEFORE_RIGHT = [
    before_by_filling,
    lambda labels, begin: torch.tensor([[begin, *row[:-1]] for row in labels.tolist()]),
]
BEFORE_WRONG = [
    (lambda labels, begin: labels.clone(), "not shifted"),
    (lambda labels, begin: torch.tensor([[*row[1:], begin] for row in labels.tolist()]),
     "shifted the wrong way"),
    (lambda labels, begin: torch.tensor([[row[-1], *row[:-1]] for row in labels.tolist()]),
     "turned round in a circle"),
    (lambda labels, begin: torch.tensor([[begin, *row] for row in labels.tolist()]),
     "one column too many"),
    (lambda labels, begin: labels[:, :-1], "one column too few"),
    (lambda labels, begin: torch.stack([torch.full_like(labels[0], begin), *labels[:-1]]),
     "from sentence to sentence"),
    (lambda labels, begin: before_by_filling(labels, 0), "0 in place of `begin`"),
]


# --- spans --------------------------------------------------------------------------------------


def spans_by_state(tags):
    found, start = [], None
    for t, tag in enumerate([*tags, "O"]):
        if start is not None and tag != "I-" + tags[start][2:]:
            found.append((tags[start][2:], start, t))
            start = None
        if tag.startswith("B-"):
            start = t
    return found


def spans_looking_ahead(tags):
    found = []
    for t, tag in enumerate(tags):
        if tag[0] == "B":
            end = t + 1
            while end < len(tags) and tags[end] == "I" + tag[1:]:
                end += 1
            found.append((tag[2:], t, end))
    return found


def spans_loose(tags):
    found, start = [], None
    for t, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[0] != "I" or tag[2:] != tags[start][2:]):
            found.append((tags[start][2:], start, t))
            start = None
        if tag != "O" and start is None:
            start = t
    return found


def spans_of_any_i(tags):
    found, t = [], 0
    while t < len(tags):
        end = t + 1
        if tags[t][0] == "B":
            while end < len(tags) and tags[end][0] == "I":
                end += 1
            found.append((tags[t][2:], t, end))
        t = end if tags[t][0] == "B" else t + 1
    return found


def spans_merged(tags):
    found, t = [], 0
    while t < len(tags):
        end = t + 1
        if tags[t][0] == "B":
            while end < len(tags) and tags[end] != "O" and tags[end][2:] == tags[t][2:]:
                end += 1
            found.append((tags[t][2:], t, end))
            t = end
        else:
            t += 1
    return found


def spans_closed_by_the_next(tags):
    found, start = [], None
    for t, tag in enumerate(tags):
        if start is not None and tag != "I-" + tags[start][2:]:
            found.append((tags[start][2:], start, t))
            start = None
        if tag[0] == "B":
            start = t
    return found


SPANS_RIGHT = [spans_by_state, spans_looking_ahead]
SPANS_WRONG = [
    (lambda tags: [(kind, a, b - 1) for kind, a, b in spans_by_state(tags)],
     "the end is the last word itself"),
    (spans_loose, "an I-X that continues nothing"),
    (spans_of_any_i, "an I of another type"),
    (spans_merged, "B-X after an X"),
    (spans_closed_by_the_next, "the last span is lost"),
    (lambda tags: [span for span in spans_by_state(tags) if span[2] - span[1] > 1],
     "spans of one word are lost"),
    (lambda tags: [(tag[2:], t, t + 1) for t, tag in enumerate(tags) if tag[0] == "B"],
     "only the B of each span"),
    (lambda tags: [(kind, a + 1, b + 1) for kind, a, b in spans_by_state(tags)],
     "places counted from 1"),
]


# --- log_z --------------------------------------------------------------------------------------


def z_by_messages(emissions, transitions):
    alpha = emissions[0]
    for row in emissions[1:]:
        alpha = torch.logsumexp(alpha[:, None] + transitions + row, 0)
    return torch.logsumexp(alpha, 0)


def z_by_enumeration(emissions, transitions):
    T, K = emissions.shape
    scores = [sum(emissions[t, j] for t, j in enumerate(y))
              + sum(transitions[i, j] for i, j in itertools.pairwise(y))
              for y in itertools.product(range(K), repeat=T)]
    return torch.logsumexp(torch.stack(scores), 0)


def z_wrong(**parts):
    rule = {"gather": lambda ways: ways.logsumexp(0), "end": lambda alpha: alpha.logsumexp(0),
            "first": lambda e: e[0], "way": lambda t: t} | parts

    def log_z(emissions, transitions):
        alpha = rule["first"](emissions)
        for row in emissions[1:]:
            alpha = rule["gather"](alpha[:, None] + rule["way"](transitions)) + row
        return rule["end"](alpha)
    return log_z


def z_plain(emissions, transitions):
    alpha = emissions[0].exp()
    for row in emissions[1:]:
        alpha = (alpha @ transitions.exp()) * row.exp()
    return alpha.sum().log()


LOG_Z_RIGHT = [z_by_messages, z_by_enumeration]
LOG_Z_WRONG = [
    (z_wrong(gather=lambda ways: ways.amax(0), end=lambda alpha: alpha.amax(0)),
     "the best sequence alone"),
    (z_wrong(end=lambda alpha: alpha.amax(0)), "the best of the sums"),
    (lambda emissions, transitions: sum(row.logsumexp(0) for row in emissions),
     "the transitions are missing"),
    (z_wrong(way=lambda t: t.T), "the wrong way round"),
    (z_plain, "exp of large scores is infinite"),
    (z_wrong(first=lambda e: 0 * e[0]), "the first word is missing"),
    (z_wrong(end=lambda alpha: alpha), "the last sum is missing"),
    (z_wrong(end=lambda alpha: alpha.logsumexp(0).exp()), "Z itself"),
]
