"""Span F1 against seqeval on sequences valid and invalid; confusions and calibration by hand."""

import itertools
import random

import pytest
import torch
from seqeval.metrics import classification_report
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

from rnnlib.datasets import load
from rnnlib.metrics_labels import calibration, confusion, right_by_word
from rnnlib.metrics_spans import (
    Counts,
    conlleval,
    count_spans,
    invalid_bio,
    scored_file,
    span_counts,
    strict,
)

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def test_every_sequence_up_to_five_tags_has_the_spans_of_seqeval():
    rows = [list(row) for n in range(1, 6) for row in itertools.product(TAGS, repeat=n)]
    theirs = Entities(rows, IOB2).entities
    for row, entities in zip(rows, theirs, strict=True):
        assert strict(row) == [(e.tag, e.start, e.end) for e in entities]
        assert conlleval(row) == [(kind, a, b + 1) for kind, a, b in get_entities(row)]


def drawn(seed, count=1500):
    """Random gold and predicted sequences that agree in about two thirds of the places."""
    rng, tags = random.Random(seed), [*TAGS, "O", "O", "B-creative-work", "I-creative-work"]
    gold = [rng.choices(tags, k=rng.randint(1, 12)) for _ in range(count)]
    return gold, [[t if rng.random() < 0.6 else rng.choice(tags) for t in row] for row in gold]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("spans, mode", [(strict, {"mode": "strict", "scheme": IOB2}),
                                         (conlleval, {})])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_precision_recall_and_f1_are_those_of_seqeval_by_type_and_together(spans, mode, seed):
    gold, predicted = drawn(seed)
    theirs = classification_report(gold, predicted, output_dict=True, **mode)
    mine = count_spans(gold, predicted, spans)
    assert set(mine) == {kind for kind in theirs if not kind.endswith("avg")}
    for kind, counts in [*mine.items(), ("micro avg", span_counts(gold, predicted, spans))]:
        row = theirs[kind]
        assert counts.precision == pytest.approx(row["precision"], abs=1e-12)
        assert counts.recall == pytest.approx(row["recall"], abs=1e-12)
        assert counts.f1 == pytest.approx(row["f1-score"], abs=1e-12)
        assert counts.gold == row["support"]


def test_nothing_found_and_nothing_there_are_zero():
    assert span_counts([["O", "O"]], [["O", "O"]]) == Counts(0, 0, 0)
    assert Counts().f1 == Counts().precision == Counts().recall == 0.0
    assert Counts(0, 0, 3).f1 == Counts(0, 3, 0).f1 == 0.0


def test_counts_of_parts_add_up_to_the_counts_of_the_whole():
    gold, predicted = drawn(3)
    halves = [span_counts(gold[i::2], predicted[i::2]) for i in (0, 1)]
    assert halves[0] + halves[1] == span_counts(gold, predicted)


def test_invalid_sequences_are_those_where_a_span_begins_with_i():
    rows = [["O", "I-PER"], ["I-PER"], ["B-PER", "I-LOC"], ["B-PER", "I-PER"], ["O"],
            ["B-PER", "B-PER", "I-PER"], ["B-LOC", "O", "I-LOC"]]
    assert invalid_bio(rows) == (4, 7)
    assert invalid_bio([]) == (0, 0)


SCORED = """\
New\tB-location\tB-location
York\tI-location\tI-location
's\tO\tO
Batman\tB-creative-work\tB-person

Ann\tB-person\tI-person
\t
Lee\tB-person\tB-person
Roy\tI-person\tO
"""


def test_a_file_in_the_format_of_wnut17_is_scored():
    words, gold, predicted = scored_file(SCORED)
    assert words == [["New", "York", "'s", "Batman"], ["Ann"], ["Lee", "Roy"]]
    # found: New York; Ann only where I-person may begin a span; Lee Roy is cut, Batman mistaken
    assert span_counts(gold, predicted, conlleval) == Counts(right=2, predicted=4, gold=4)
    assert span_counts(gold, predicted, strict) == Counts(right=1, predicted=3, gold=4)
    assert count_spans(gold, predicted)["creative-work"] == Counts(0, 0, 1)


def test_lines_that_end_as_on_windows_are_read_alike():
    assert scored_file(SCORED.replace("\n", "\r\n")) == scored_file(SCORED)


def test_only_a_line_feed_ends_a_line_and_only_a_tab_a_column():
    words, _, _ = scored_file("a b\u2028c\x85\tO\tO\n🐕\tO\tO\n")
    assert words == [["a b\u2028c", "🐕"]]


@pytest.mark.real_data
def test_the_entities_of_wnut17_are_as_many_as_its_authors_counted():
    data = load("wnut17")
    for split, count in [(data.train, 1975), (data.valid, 836), (data.test, 1079)]:
        gold = [tags for _, tags in split]
        assert span_counts(gold, gold, conlleval) == Counts(count, count, count)


def test_the_published_figure_of_a_submission_follows_from_its_counts():
    """UH-RiTUAL at WNUT17, 1,079 entities: precision 57.54, recall 32.90, F1 41.86."""
    rows = [("w", "B-person", "B-person")] * 355 + [("w", "B-person", "O")] * (1079 - 355)
    rows += [("w", "O", "B-person")] * (617 - 355)
    text = "\n\n".join("\t".join(row) for row in rows)
    counts = span_counts(*scored_file(text)[1:], conlleval)
    ratios = counts.precision, counts.recall, counts.f1
    assert [round(100 * ratio, 2) for ratio in ratios] == [57.54, 32.90, 41.86]


def test_known_and_unknown_words_are_counted_apart():
    words, gold = [["the", "dog"], ["zebra", "the"]], [["D", "N"], ["N", "D"]]
    got = right_by_word(words, gold, [["D", "V"], ["N", "D"]], known={"the", "dog"})
    assert got == {"all": (3, 4), "known": (2, 3), "unknown": (1, 1)}


def test_confusions_stand_in_the_row_of_the_right_label():
    got = confusion([["A", "A", "B"], ["A"]], [["A", "B", "B"], ["B"]], ["A", "B", "C"])
    assert got.tolist() == [[1, 2, 0], [0, 1, 0], [0, 0, 0]]


def test_calibration_is_worked_by_hand():
    confidence = torch.tensor([0.95, 0.85, 0.9, 0.15, 1.0])
    right = torch.tensor([True, False, True, False, True])
    got = calibration(confidence, right)
    assert got.count.tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 2, 2]
    assert got.right.tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2]
    # bins: 0.15 against 0; 0.85 + 0.9 against 1 of 2; 0.95 + 1.0 against 2 of 2
    assert got.error == pytest.approx((0.15 + 0.75 + 0.05) / 5)


def test_a_confidence_between_two_bins_belongs_to_the_lower_one():
    confidence = torch.tensor([0.0, 0.5, 0.5, 0.75, 1.0])
    assert calibration(confidence, confidence > 0, bins=2).count.tolist() == [3, 2]


def test_calibration_is_the_loop_written_out():
    draw = torch.Generator().manual_seed(0)
    p, u = (torch.rand(500, generator=draw, dtype=torch.float64) for _ in range(2))
    right, wanted = u < p**2, 0.0
    for m in range(7):
        here = (p > m / 7) & (p <= (m + 1) / 7)
        if here.any():
            wanted += here.sum() / 500 * (right[here].double().mean() - p[here].mean()).abs()
    assert calibration(p, right, 7).error == pytest.approx(wanted.item())


def test_a_guess_that_is_right_as_often_as_it_says_has_no_error():
    confidence, right = torch.full((10,), 0.7), torch.arange(10) < 7
    assert calibration(confidence, right).error == pytest.approx(0, abs=1e-6)


def test_calibrations_of_parts_add_up():
    p, right = torch.linspace(0, 1, 50), torch.arange(50) % 3 == 0
    both = calibration(p[:20], right[:20]) + calibration(p[20:], right[20:])
    assert both.error == pytest.approx(calibration(p, right).error)


P = torch.tensor([0.5])


@pytest.mark.parametrize("call, text", [
    (lambda: strict(["O", "E-PER"]), "tags O, B-X and I-X, got 'E-PER'"),
    (lambda: conlleval(["B"]), "tags O, B-X and I-X, got 'B'"),
    (lambda: strict(["B-"]), "tags O, B-X and I-X, got 'B-'"),
    (lambda: strict([""]), "tags O, B-X and I-X, got ''"),
    (lambda: count_spans([["O"]], []), "for each of the 1 gold ones, got 0"),
    (lambda: count_spans([["O"]], [["O", "O"]]), "1 predicted labels in sequence 0, got 2"),
    (lambda: scored_file("a\tO\tO\nb\tO\n"), "predicted in line 2, got 2 columns in"),
    (lambda: scored_file("\n\n"), "got none: is the file empty?"),
    (lambda: confusion([["X"]], [["A"]], ["A"]), "labels out of A, got 'X'"),
    (lambda: calibration(P, torch.tensor([1])), "expected confidences (N,) and bools (N,)"),
    (lambda: calibration(-P, torch.tensor([True])), "each from 0 to 1: are they logarithms"),
    (lambda: calibration(P * torch.nan, torch.tensor([True])), "each from 0 to 1"),
    (lambda: calibration(P[:0], torch.tensor([], dtype=torch.bool)), "at least one confidence"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
