"""Homework 5: the rules of BIO, and spans that are right as a whole."""

import torch

from ..crf import bio_rules
from ..metrics_spans import conlleval, span_counts, strict
from .core import Case
from .drawing import Draw, telling

# --- the rules of BIO ---------------------------------------------------------------------------


def right_allowed(labels):
    """What is expected: (follows (K, K), first (K,)), True = allowed."""
    follows, first, _ = bio_rules(labels)
    return follows, first


def ruled(rule, first=None):
    """Rules by another rule; `rule` takes two labels, `first` one."""
    def mistake(labels):
        follows = torch.tensor([[bool(rule(a, b)) for b in labels] for a in labels])
        rows = [bool(first(b)) for b in labels] if first else right_allowed(labels)[1].tolist()
        return follows, torch.tensor(rows)
    return mistake


def goes_on(a, b):
    """Whether b may follow a."""
    return b[0] != "I" or a != "O" and a[1:] == b[1:]


ALLOWED_MISTAKES = [
    ("rows and columns are swapped: follows[i, j] is about label j after label i",
     lambda labels: (right_allowed(labels)[0].T.contiguous(), right_allowed(labels)[1])),
    ("an I may go on with a span of its own type only: I-Y after B-X is forbidden",
     ruled(lambda a, b: b[0] != "I" or a != "O")),
    ("I-X after I-X is allowed: a span may have three words",
     ruled(lambda a, b: b[0] != "I" or a == "B" + b[1:])),
    ("I-X after O is forbidden: nothing has begun that it could go on with",
     ruled(lambda a, b: b[0] != "I" or a == "O" or a[1:] == b[1:])),
    ("an I at the first word is forbidden: nothing has begun that it could go on with",
     ruled(goes_on, lambda b: True)),
    ("O may be the first label: a sentence need not begin with a span",
     ruled(goes_on, lambda b: b[0] == "B")),
    ("True marks what is allowed, not what is forbidden",
     lambda labels: (~right_allowed(labels)[0], ~right_allowed(labels)[1])),
    ("B-X may follow anything: a span may begin right after another one",
     ruled(lambda a, b: goes_on(a, b) and not (b[0] == "B" and a != "O"))),
    ("O may follow anything: a span may have one word",
     ruled(lambda a, b: goes_on(a, b) and not (b == "O" and a[0] == "B"))),
    ("the two values are swapped: the pairs come first",
     lambda labels: right_allowed(labels)[::-1]),
]


def kinds_of(draw, types):
    """The labels of so many types, in random order."""
    names = ["LOC", "PER", "ORG", "DATE", "ARTIST"][:types]
    labels = ["O", *(f"{side}-{name}" for name in names for side in "BI")]
    order = torch.randperm(len(labels), generator=draw.generator)
    return [labels[n] for n in order]


def allowed_case(name, draw, types, weight=1):
    """A case of the rules."""
    return Case(name, [(kinds_of(draw, types),)], right_allowed, ALLOWED_MISTAKES,
                returns=("follows", "first"), weight=weight)


def allowed_cases(seed):
    """One type, two, three."""
    draw = Draw(seed + 61)
    return [allowed_case("one type", draw, 1), allowed_case("two types", draw, 2, 2)]


def allowed_hidden(seed):
    """More types."""
    return [allowed_case("five types", Draw(seed + 62), 5)]


# --- span F1 ------------------------------------------------------------------------------------


def right_span_f1(gold, predicted):
    """What is expected."""
    return span_counts(gold, predicted).f1


def f1(true, mine):
    """F1 of two sets, or lists of sets."""
    if isinstance(true, set):
        true, mine = [true], [mine]
    both = sum(map(len, true)) + sum(map(len, mine))
    return 2 * sum(len(a & b) for a, b in zip(true, mine, strict=True)) / both if both else 0.0


def over_sets(of):
    """F1 over all sentences with another set for each of them."""
    return lambda gold, predicted: f1([set(of(tags)) for tags in gold],
                                      [set(of(tags)) for tags in predicted])


def ratio(below):
    """Right spans over those of one side."""
    def mistake(gold, predicted):
        counts = span_counts(gold, predicted)
        return getattr(counts, below)
    return mistake


def open_ended(tags):
    """Spans without one that lasts to the end of the sentence."""
    return [span for span in strict(tags) if span[2] < len(tags)]


def merged(tags):
    """Spans where B-X does not end a span of the same type."""
    kind, shown = None, []
    for tag in tags:
        goes_on = tag != "O" and tag[2:] == kind
        kind = kind if goes_on else tag[2:] if tag[0] == "B" else None
        shown.append(f"I-{kind}" if goes_on else tag)
    return strict(shown)


def any_i(tags):
    """Spans in which any I goes on, whatever its type."""
    kind, shown = None, []
    for tag in tags:
        kind = kind if tag[0] == "I" else None if tag == "O" else tag[2:]
        shown.append("O" if kind is None else f"{tag[0]}-{kind}")
    return strict(shown)


def accuracy(gold, predicted):
    """The share of right labels."""
    both = [pair for true, mine in zip(gold, predicted, strict=True)
            for pair in zip(true, mine, strict=True)]
    return sum(a == b for a, b in both) / max(1, len(both))


def words_of(tags):
    """Words with a label that is not O."""
    return [(n, tag) for n, tag in enumerate(tags) if tag != "O"]


SPAN_MISTAKES = [
    ("this is the accuracy of the labels: spans are counted, and O's are none", accuracy),
    ("words are counted: a span of three words counts once, and only when it is right as a whole",
     over_sets(words_of)),
    ("a span that lasts to the end of its sentence is lost", over_sets(open_ended)),
    ("an I that continues nothing begins a span here: only B begins one", over_sets(conlleval)),
    ("an I of another type goes on with the span: it ends there", over_sets(any_i)),
    ("two spans of one type side by side are taken for one: each B begins a new one",
     over_sets(merged)),
    ("the type is not compared: type, beginning and end must be right",
     over_sets(lambda tags: [span[1:] for span in strict(tags)])),
    ("the end is not compared: type, beginning and end must be right",
     over_sets(lambda tags: [span[:2] for span in strict(tags)])),
    ("a mean of the sentences' F1: count the spans of all sentences together, divide once",
     lambda gold, predicted: sum(right_span_f1([a], [b]) for a, b in zip(
         gold, predicted, strict=True)) / max(1, len(gold))),
    ("spans of different sentences are mixed up: the number of the sentence belongs to a span",
     lambda gold, predicted: f1({s for tags in gold for s in strict(tags)},
                                {s for tags in predicted for s in strict(tags)})),
    ("this is the precision: F1 also asks how many of the true spans were found",
     ratio("precision")),
    ("this is the recall: F1 also asks how many of the proposed spans are right",
     ratio("recall")),
    ("in percent: F1 lies between 0 and 1", lambda *given: 100 * right_span_f1(*given)),
]


def tags_given(draw, T, noise):
    """Labels of T words, and the same with some of them drawn anew."""
    kinds = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    gold = []
    for n in draw.ids(5, T).tolist():
        goes = kinds[n][0] != "I" or gold and gold[-1] != "O"
        gold.append((f"I-{gold[-1][2:]}" if kinds[n][0] == "I" else kinds[n]) if goes else "O")
    drawn, new = draw.ids(100, T).tolist(), draw.ids(5, T).tolist()
    return gold, [kinds[k] if p < noise else tag
                  for tag, p, k in zip(gold, drawn, new, strict=True)]


def sentences_given(draw, lengths, noise=35):
    """(gold, predicted) of several sentences."""
    both = [tags_given(draw, T, noise) for T in lengths]
    return [gold for gold, _ in both], [mine for _, mine in both]


def all_tell(*given):
    """Whether every known mistake gives another number."""
    right = right_span_f1(*given)
    return right > 0 and all(abs(wrong(*given) - right) > 1e-3 for _, wrong in SPAN_MISTAKES)


def span_case(name, given, weight=1):
    """A case of span F1."""
    return Case(name, [given], right_span_f1, SPAN_MISTAKES, weight=weight)


def span_cases(seed):
    """A span with one wrong word, several sentences, nothing at all."""
    draw = Draw(seed + 63)
    half = [["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "O", "O", "B-LOC"]]
    return [span_case("two spans: one is right, of the other a word is missing", half, 0.5),
            span_case("a sentence of eight words", telling(
                draw, lambda draw: sentences_given(draw, [8]),
                lambda *given: 0 < right_span_f1(*given) < 1)),
            span_case("three sentences in which every known mistake shows", telling(
                draw, lambda draw: sentences_given(draw, [9, 6, 8]), all_tell), 2),
            span_case("no span anywhere: 0", ([["O", "O"]], [["O", "O"]]), 0)]


def span_hidden(seed):
    """More sentences."""
    return [span_case("twelve sentences", telling(
        Draw(seed + 64), lambda draw: sentences_given(draw, [7] * 12), all_tell), 2)]
