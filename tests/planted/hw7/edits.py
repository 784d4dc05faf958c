"""Answers to exercise 7 of homework 7: two right ones, and wrong ones with their message."""

from collections import Counter
from functools import cache


def with_a_table(left, right):
    rows = [[i + j for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1,
                             rows[i - 1][j - 1] + (left[i - 1] != right[j - 1]))
    return rows[-1][-1]


def with_recursion(left, right):
    @cache
    def rest(i, j):
        if i == len(left) or j == len(right):
            return len(left) - i + len(right) - j
        if left[i] == right[j]:
            return rest(i + 1, j + 1)
        return 1 + min(rest(i + 1, j), rest(i, j + 1), rest(i + 1, j + 1))

    return rest(0, 0)


def wrong(exchange=1, border=1):
    def edits(left, right):
        row = [border * j for j in range(len(right) + 1)]
        for i in range(len(left)):
            new = [border * (i + 1)]
            for j in range(len(right)):
                new.append(min(row[j + 1] + 1, new[j] + 1,
                               row[j] + (exchange if left[i] != right[j] else 0)))
            row = new
        return row[-1]
    return edits


def by_place(left, right):
    same = sum(a == b for a, b in zip(left, right, strict=False))
    return max(len(left), len(right)) - same


def without_order(left, right):
    return max(len(left), len(right)) - (Counter(left) & Counter(right)).total()


def three_calls(left, right):
    if not left or not right:
        return len(left) + len(right)
    return min(three_calls(left[1:], right) + 1, three_calls(left, right[1:]) + 1,
               three_calls(left[1:], right[1:]) + (left[0] != right[0]))


RIGHT = [with_a_table, with_recursion]
WRONG = [
    (wrong(exchange=2), "an exchange costs 1"),
    (wrong(border=0), "the border of the table is 0"),
    (by_place, "places are compared one by one"),
    (lambda left, right: abs(len(left) - len(right)), "the difference of the lengths"),
    (lambda left, right: int(left != right), "1 or 0"),
    (without_order, "without their order"),
    (lambda left, right: with_a_table(left, right) / max(len(right), 1), "divided by the length"),
    (three_calls, "it ran longer than"),
    (lambda left, right: max(len(left), len(right)) - with_a_table(left, right),
     "how many symbols stay"),
]
