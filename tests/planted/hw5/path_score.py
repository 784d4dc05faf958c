"""Answers to exercise 1 of homework 5: two right ones, and wrong ones with their message."""

import math

import torch


def with_a_loop(labels, emissions, transitions, start, end):
    total = start[labels[0]] + end[labels[-1]]
    for t, label in enumerate(labels):
        total = total + emissions[t, label]
        if t:
            total = total + transitions[labels[t - 1], label]
    return total.item()


def with_indexing(labels, emissions, transitions, start, end):
    y = torch.tensor(labels)
    words = emissions[torch.arange(len(y)), y].sum()
    return start[y[0]] + words + transitions[y[:-1], y[1:]].sum() + end[y[-1]]


def wrong(before=1.0, after=1.0, pairs=1.0, words=slice(None), change=float, turned=False):
    """The score with one part replaced."""
    def path_score(labels, emissions, transitions, start, end):
        y = torch.tensor(labels)
        table = transitions.T if turned else transitions
        total = before * start[y[0]] + after * end[y[-1]]
        total = total + pairs * table[y[:-1], y[1:]].sum()
        return change(total + emissions[torch.arange(len(y)), y][words].sum())
    return path_score


def round_trip(labels, emissions, transitions, start, end):
    return with_a_loop(labels, emissions, transitions, start, end) + sum(
        transitions[labels[t - 1], labels[t]].item() for t in (0,))


RIGHT = [with_a_loop, with_indexing]
WRONG = [
    (wrong(before=0.0), "the start is missing"),
    (wrong(after=0.0), "the end is missing"),
    (wrong(turned=True), "the wrong way round"),
    (wrong(pairs=0.0), "the transitions are missing"),
    (wrong(words=slice(0, 0)), "the emissions are missing"),
    (wrong(words=slice(1, None)), "the emission of the first word"),
    (wrong(words=slice(0, -1)), "the emission of the last word"),
    (round_trip, "one pair too many"),
    (wrong(change=lambda total: math.exp(float(total))), "this is exp of the score"),
    (lambda labels, *given: with_a_loop(labels, *given) / len(labels), "a mean over the words"),
    (lambda y, e, A, s, end: with_a_loop(y, e, A, end, s), "start and end are swapped"),
]
