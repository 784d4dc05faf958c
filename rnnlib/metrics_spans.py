"""Spans from BIO tags, and how many of them were found: counts first, ratios last.

Two conventions read a sequence of tags that is not valid BIO, such as O I-PER, differently:
`strict` lets only B-X begin a span (seqeval in strict mode with IOB2), `conlleval` also an I-X
that continues nothing (the script of the CoNLL shared tasks, seqeval by default; WNUT17).
Taught in notebooks/06_sequence_labeling.ipynb.
"""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """How many spans were right, predicted and there; counts of several parts may be added.

    A span is right when its type, its first and its last word are.  A ratio without anything
    below its line is 0, as in seqeval.
    """

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other):
        return Counts(self.right + other.right, self.predicted + other.predicted,
                      self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the predicted spans that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold spans that were found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall: 2 right / (predicted + gold)."""
        both = self.predicted + self.gold
        return 2 * self.right / both if both else 0.0


def strict(tags) -> list[tuple[str, int, int]]:
    """Spans (type, start, end) of a sequence, end excluded; only B-X begins one.

    Raises:
        ValueError: a tag that is not O, B-X or I-X.
    """
    return _spans(tags, begins="B")


def conlleval(tags) -> list[tuple[str, int, int]]:
    """Spans (type, start, end) of a sequence, end excluded; an I-X that continues none begins one.

    Raises:
        ValueError: a tag that is not O, B-X or I-X.
    """
    return _spans(tags, begins="BI")


def _spans(tags, begins):
    found, kind, start = [], None, 0
    for t, tag in enumerate([*tags, "O"]):
        prefix, this = _parts(tag)
        if kind is not None and (prefix, this) != ("I", kind):
            found.append((kind, start, t))
            kind = None
        if kind is None and prefix in begins:
            kind, start = this, t
    return found


def _parts(tag):
    """B-PER to (B, PER), O to (O, '')."""
    prefix, dash, kind = tag.partition("-")
    if tag != "O" and (prefix not in ("B", "I") or not kind):
        raise ValueError(f"expected tags O, B-X and I-X, got {tag!r}: is it another scheme?")
    return prefix, kind


def count_spans(gold, predicted, spans=strict) -> dict[str, Counts]:
    """Counts for each type, in alphabetical order; their sum is the micro average.

    Args:
        gold, predicted: sequences of tags of the same lengths.
        spans: strict or conlleval.

    >>> sum(count_spans([["B-PER", "O"]], [["B-PER", "B-LOC"]]).values(), Counts())
    Counts(right=1, predicted=2, gold=1)
    """
    right, proposed, there = Counter(), Counter(), Counter()
    for true, mine in pairs(gold, predicted):
        true, mine = set(spans(true)), set(spans(mine))
        for spans_of, counter in ((true & mine, right), (mine, proposed), (true, there)):
            counter.update(kind for kind, _, _ in spans_of)
    return {kind: Counts(right[kind], proposed[kind], there[kind])
            for kind in sorted(proposed | there)}


def span_counts(gold, predicted, spans=strict) -> Counts:
    """The counts over all types together; their `f1` is the micro-averaged span F1."""
    return sum(count_spans(gold, predicted, spans).values(), Counts())


def invalid_bio(sequences) -> tuple[int, int]:
    """How many sequences have an I-X that neither B-X nor I-X precedes, and how many there are."""
    return sum(strict(tags) != conlleval(tags) for tags in sequences), len(sequences)


def scored_file(text: str) -> tuple[list, list, list]:
    """Words, gold tags and predicted tags by sentence, from a file as WNUT17 scored them.

    Each line is token TAB gold TAB predicted; an empty line ends a sentence.

    Raises:
        ValueError: a line with another number of columns, or no sentence.
    """
    sentences = [[]]
    for number, line in enumerate(text.split("\n"), 1):
        columns = [column.strip() for column in line.split("\t")]
        if not line.strip():
            sentences.append([])
        elif len(columns) != 3:
            raise ValueError(
                f"expected token TAB gold TAB predicted in line {number}, got "
                f"{len(columns)} columns in {line.strip()!r}: is a column missing?"
            )
        else:
            sentences[-1].append(columns)
    columns = [list(map(list, zip(*rows, strict=True))) for rows in sentences if rows]
    if not columns:
        raise ValueError("expected lines token TAB gold TAB predicted, got none: "
                         "is the file empty?")
    return tuple(map(list, zip(*columns, strict=True)))


def pairs(gold, predicted):
    """(gold, predicted) for each sequence; ValueError unless there are as many, equally long."""
    if len(gold) != len(predicted):
        raise ValueError(
            f"expected a predicted sequence for each of the {len(gold)} gold ones, got "
            f"{len(predicted)}: were some left out?"
        )
    for i, (true, mine) in enumerate(zip(gold, predicted, strict=True)):
        if len(true) != len(mine):
            raise ValueError(
                f"expected {len(true)} predicted labels in sequence {i}, got {len(mine)}: "
                "was the padding left on?"
            )
        yield true, mine
