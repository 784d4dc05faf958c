"""Answers to exercise 7 of homework 5: two right ones, and wrong ones with their message."""

import torch


def rule(before, label):
    if label.startswith("I-"):
        return before in ("B" + label[1:], label)
    return True


def with_lists(labels):
    follows = [[rule(before, label) for label in labels] for before in labels]
    return torch.tensor(follows), torch.tensor([label[0] != "I" for label in labels])


def with_marks(labels):
    """Another way: everything is allowed, then what is not is marked."""
    K = len(labels)
    follows, first = torch.ones(K, K, dtype=torch.bool), torch.ones(K, dtype=torch.bool)
    for j, label in enumerate(labels):
        prefix, _, kind = label.partition("-")
        if prefix == "I":
            first[j] = False
            follows[:, j] = False
            for i, before in enumerate(labels):
                if before.partition("-")[2] == kind:
                    follows[i, j] = True
    return follows, first


def wrong(rule, first=lambda label: label[0] != "I"):
    return lambda labels: (torch.tensor([[rule(a, b) for b in labels] for a in labels]),
                           torch.tensor([first(b) for b in labels]))


def as_numbers(labels):
    return tuple(table.float() for table in with_lists(labels))


RIGHT = [with_lists, with_marks]
WRONG = [
    (lambda labels: (with_lists(labels)[0].T, with_lists(labels)[1]), "rows and columns"),
    (wrong(lambda a, b: not (a == "O" and b[0] == "I")), "a span of its own type only"),
    (wrong(lambda a, b: b[0] != "I" or a == f"B{b[1:]}"), "I-X after I-X is allowed"),
    (wrong(lambda a, b: rule(a, b) or a == "O"), "I-X after O is forbidden"),
    (wrong(rule, lambda label: True), "an I at the first word"),
    (lambda labels: tuple(~table for table in with_lists(labels)), "not what is forbidden"),
    (wrong(lambda a, b: rule(a, b) and (b[0] != "B" or a == "O")), "B-X may follow anything"),
    (wrong(lambda a, b: rule(a, b) and not (a[0] == "B" and b == "O")), "O may follow anything"),
    (lambda labels: with_lists(labels)[::-1], "the two values are swapped"),
    (wrong(rule, lambda label: label[0] == "B"), "O may be the first label"),
    (as_numbers, "bool tensors are asked for"),
]
