"""Answers to exercise 2 of homework 5: two right ones, and wrong ones with their message."""

import torch


def with_tensors(emissions, transitions, start, end):
    best, came_from = start + emissions[0], []
    for row in emissions[1:]:
        best, back = (best[:, None] + transitions).max(0)
        best = best + row
        came_from.append(back)
    score, label = (best + end).max(0)
    labels = [label.item()]
    for back in reversed(came_from):
        labels.append(back[labels[-1]].item())
    return labels[::-1], score.item()


def with_paths(emissions, transitions, start, end):
    """Another way: every label keeps its best beginning as a list, no way back is needed."""
    K = len(start)
    kept = [(start[j].item() + emissions[0, j].item(), [j]) for j in range(K)]
    pairs, rows = transitions.tolist(), emissions.tolist()
    for row in rows[1:]:
        kept = [max((score + pairs[i][j] + row[j], [*labels, j])
                    for i, (score, labels) in enumerate(kept)) for j in range(K)]
    score, labels = max((score + end[j].item(), labels) for j, (score, labels) in enumerate(kept))
    return labels, score


def from_the_right(emissions, transitions, start, end):
    """A third way: the best rest of the sentence first, then forward."""
    rest = [end]
    for row in emissions[1:].flip(0):
        rest.append((transitions + row + rest[-1]).amax(1))
    rest = rest[::-1]
    labels = [(start + emissions[0] + rest[0]).argmax().item()]
    for row, after in zip(emissions[1:], rest[1:], strict=True):
        labels.append((transitions[labels[-1]] + row + after).argmax().item())
    return labels, (start + emissions[0] + rest[0]).max().item()


def score_of(labels, emissions, transitions, start, end):
    y = torch.tensor(labels)
    return (start[y[0]] + emissions[torch.arange(len(y)), y].sum()
            + transitions[y[:-1], y[1:]].sum() + end[y[-1]]).item()


def greedy(emissions, transitions, start, end):
    labels = [(start + emissions[0]).argmax().item()]
    for t in range(1, len(emissions)):
        last = t == len(emissions) - 1
        here = transitions[labels[-1]] + emissions[t]
        labels.append((here + end * 0 if last else here).argmax().item())
    return labels, score_of(labels, emissions, transitions, start, end)


def no_way_back(emissions, transitions, start, end):
    best = start + emissions[0]
    labels = [best.argmax().item()]
    for row in emissions[1:]:
        best = (best[:, None] + transitions).max(0).values + row
        labels.append(best.argmax().item())
    labels[-1] = (best + end).argmax().item()
    return labels, (best + end).max().item()


def for_itself(emissions, transitions, start, end):
    labels = emissions.argmax(1).tolist()
    return labels, score_of(labels, emissions, transitions, start, end)


def no_end(emissions, transitions, start, end):
    return with_tensors(emissions, transitions, start, torch.zeros_like(end))


def end_decides_only_the_labels(emissions, transitions, start, end):
    labels, score = with_tensors(emissions, transitions, start, end)
    return labels, score - end[labels[-1]].item()


def sums(emissions, transitions, start, end):
    message, messages = start + emissions[0], []
    for row in emissions[1:]:
        messages.append(message)
        message = torch.logsumexp(message[:, None] + transitions, 0) + row
    score, label = (message + end).max(0)
    labels = [label.item()]
    for message in messages[::-1]:
        labels.append((message + transitions[:, labels[-1]]).argmax().item())
    return labels[::-1], score.item()


def products(emissions, transitions, start, end):
    best, came_from = (start + emissions[0]).exp(), []
    for row in emissions[1:]:
        best, back = (best[:, None] * transitions.exp()).max(0)
        best = best * row.exp()
        came_from.append(back)
    score, label = (best * end.exp()).max(0)
    labels = [label.item()]
    for back in came_from[::-1]:
        labels.append(back[labels[-1]].item())
    return labels[::-1], score.log().item()


def other_search(add, axis):
    def viterbi(emissions, transitions, start, end):
        best, came_from = start + emissions[0], []
        for row in emissions[1:]:
            best, back = add(best, transitions).max(axis)
            best = best + row
            came_from.append(back)
        score, label = (best + end).max(0)
        labels = [label.item()]
        for back in reversed(came_from):
            labels.append(back[labels[-1]].item())
        return labels[::-1], score.item()
    return viterbi


RIGHT = [with_tensors, with_paths, from_the_right]
WRONG = [
    (greedy, "greedy: a label is fixed"),
    (no_way_back, "no way back"),
    (for_itself, "every word for itself"),
    (no_end, "it decides about the last label"),
    (end_decides_only_the_labels, "the end is missing in the score"),
    (lambda e, A, s, end: with_tensors(e, A, 0 * s, end), "the start is missing"),
    (lambda e, A, s, end: with_tensors(e, A.T, s, end), "the wrong way round"),
    (sums, "messages added up"),
    (products, "200 words: scores are added"),
    (lambda *given: (with_tensors(*given)[0][::-1], with_tensors(*given)[1]),
     "the labels are the wrong way round"),
    (lambda *given: (with_tensors(*given)[0][:-1], with_tensors(*given)[1]),
     "one label is missing"),
    (lambda *given: with_tensors(*given)[::-1], "the two values are swapped"),
    (other_search(lambda best, A: best[:, None] + A, 1), "the maximum is over j"),
    (other_search(lambda best, A: best + A, 0), "the message stands at j"),
]
