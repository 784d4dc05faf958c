"""Answers to exercise 6 of homework 7: two right ones, and wrong ones with their message."""

import torch


def as_a_batch(step, state, begin, end, length):
    token = torch.full((len(state),), begin)
    texts, going = [[] for _ in state], [True] * len(state)
    for _ in range(length):
        log_probs, state = step(token, state)
        token = log_probs.argmax(1)
        for n, one in enumerate(token.tolist()):
            going[n] = going[n] and one != end
            if going[n]:
                texts[n].append(one)
        if not any(going):
            break
    return texts


def one_by_one(step, state, begin, end, length):
    texts = []
    for n in range(len(state)):
        text, token, own = [], torch.tensor([begin]), state[n : n + 1]
        while len(text) < length:
            log_probs, own = step(token, own)
            token = log_probs.max(1).indices
            if token.item() == end:
                break
            text.append(token.item())
        texts.append(text)
    return texts


def wrong(more=0, feed=lambda token, begin: token, carry=True, least=False):
    """All rows to the limit, then what `shown` makes of each."""
    def rows(step, state, begin, end, length):
        token, chosen = torch.full((len(state),), begin), []
        for _ in range(length + more):
            log_probs, new = step(token, state)
            state = new if carry else state
            best = log_probs.argmin(1) if least else log_probs.argmax(1)
            chosen.append(best)
            token = feed(best, begin)
        return torch.stack(chosen, 1).tolist() if chosen else [[] for _ in state]
    return rows


def shown(rows, of):
    return lambda step, state, begin, end, length: [
        of(row, end) for row in rows(step, state, begin, end, length)]


def before_end(row, end):
    return row[: row.index(end)] if end in row else row


def first_stops_all(step, state, begin, end, length):
    rows = wrong()(step, state, begin, end, length)
    shortest = min(len(before_end(row, end)) for row in rows)
    return [row[:shortest] for row in rows]


def returns_at_once(step, state, begin, end, length):
    token, texts = torch.full((len(state),), begin), [[] for _ in state]
    for _ in range(length):
        log_probs, state = step(token, state)
        token = log_probs.argmax(1)
        for n, one in enumerate(token.tolist()):
            if one == end:
                return texts
            texts[n].append(one)
    return texts


def writes_what_it_read(step, state, begin, end, length):
    token, texts = torch.full((len(state),), begin), [[] for _ in state]
    going = [True] * len(state)
    for _ in range(length):
        for n, one in enumerate(token.tolist()):
            going[n] = going[n] and one != end
            if going[n]:
                texts[n].append(one)
        log_probs, state = step(token, state)
        token = log_probs.argmax(1)
    return texts


RIGHT = [as_a_batch, one_by_one]
WRONG = [
    (wrong(), "it goes on after the end marker: nothing"),
    (shown(wrong(), lambda row, end: [one for one in row if one != end]),
     "which is only taken out"),
    (shown(wrong(), lambda row, end: row[: row.index(end) + 1] if end in row else row),
     "the end marker is part of the text"),
    (shown(wrong(feed=lambda token, begin: torch.full_like(token, begin)), before_end),
     "what was written is not read"),
    (shown(wrong(carry=False), before_end), "the state is not passed on"),
    (first_stops_all, "all texts stop at the first end marker"),
    (returns_at_once, "all texts stop at the first end marker"),
    (writes_what_it_read, "written is what was read"),
    (shown(wrong(more=-1), before_end), "one token too few"),
    (shown(wrong(more=1), before_end), "one token too many"),
    (shown(wrong(least=True), before_end), "the least probable token"),
    (lambda *given: [[given[2], *text] for text in as_a_batch(*given)],
     "the begin marker is part of the text"),
    (lambda *given: torch.tensor(wrong()(*given)), "a tensor of all rows"),
]
