"""Answers to exercise 8 of homework 5: two right ones, and wrong ones with their message."""


def spans(tags):
    found, begin = [], None
    for t, tag in enumerate([*tags, "O"]):
        if begin is not None and tag != f"I-{tags[begin][2:]}":
            found.append((begin, t, tags[begin][2:]))
            begin = None
        if tag.startswith("B-"):
            begin = t
    return found


def score(right, proposed, true):
    return 2 * right / (proposed + true) if proposed + true else 0.0


def with_sets(gold, predicted):
    def all_of(sentences):
        return {(n, *span) for n, tags in enumerate(sentences) for span in spans(tags)}

    true, mine = all_of(gold), all_of(predicted)
    return score(len(true & mine), len(mine), len(true))


def with_counts(gold, predicted):
    """Another way: precision and recall, and words walked through from each B."""
    def ends(tags):
        reached = {}
        for t, tag in enumerate(tags):
            if tag[0] == "B":
                end = t + 1
                while end < len(tags) and tags[end] == "I" + tag[1:]:
                    end += 1
                reached[t] = (end, tag)
        return reached

    right = proposed = true = 0
    for a, b in zip(gold, predicted, strict=True):
        a, b = ends(a), ends(b)
        right += sum(a.get(t) == span for t, span in b.items())
        proposed, true = proposed + len(b), true + len(a)
    if right == 0:
        return 0.0
    precision, recall = right / proposed, right / true
    return 2 * precision * recall / (precision + recall)


def wrong(of, number=True):
    """F1 with another way to find spans."""
    def span_f1(gold, predicted):
        true = {(n * number, *one) for n, tags in enumerate(gold) for one in of(tags)}
        mine = {(n * number, *one) for n, tags in enumerate(predicted) for one in of(tags)}
        return score(len(true & mine), len(mine), len(true))
    return span_f1


def accuracy(gold, predicted):
    pairs = [(a, b) for true, mine in zip(gold, predicted, strict=True)
             for a, b in zip(true, mine, strict=True)]
    return sum(a == b for a, b in pairs) / len(pairs)


def words(tags):
    return [(t, tag) for t, tag in enumerate(tags) if tag != "O"]


def without_last(tags):
    found, begin = [], None
    for t, tag in enumerate(tags):
        if begin is not None and tag != f"I-{tags[begin][2:]}":
            found.append((begin, t, tags[begin][2:]))
            begin = None
        if tag.startswith("B-"):
            begin = t
    return found


def any_begins(tags):
    """I-X begins a span where it continues none."""
    mended, before = [], "O"
    for tag in tags:
        fits = tag[0] != "I" or before[1:] == tag[1:]
        mended.append(tag if fits else "B" + tag[1:])
        before = mended[-1]
    return spans(mended)


def any_type_goes_on(tags):
    found, begin = [], None
    for t, tag in enumerate([*tags, "O"]):
        if begin is not None and tag[0] != "I":
            found.append((begin, t, tags[begin][2:]))
            begin = None
        if tag[0] == "B":
            begin = t
    return found


def side_by_side(tags):
    found, begin = [], None
    for t, tag in enumerate([*tags, "O"]):
        if begin is not None and tag[2:] != tags[begin][2:]:
            found.append((begin, t, tags[begin][2:]))
            begin = None
        if tag[0] == "B" and begin is None:
            begin = t
    return found


def precision(gold, predicted):
    pairs = list(zip(gold, predicted, strict=True))
    right = sum(len({*spans(a)} & {*spans(b)}) for a, b in pairs)
    proposed = sum(len(spans(b)) for b in predicted)
    return right / proposed if proposed else 0.0


def by_sentence(gold, predicted):
    return sum(with_sets([a], [b]) for a, b in zip(gold, predicted, strict=True)) / len(gold)


RIGHT = [with_sets, with_counts]
WRONG = [
    (accuracy, "this is the accuracy"),
    (wrong(words), "words are counted"),
    (wrong(without_last), "to the end of its sentence is lost"),
    (wrong(any_begins), "an I that continues nothing"),
    (wrong(any_type_goes_on), "an I of another type"),
    (wrong(side_by_side), "side by side are taken for one"),
    (wrong(lambda tags: [one[:2] for one in spans(tags)]), "the type is not compared"),
    (wrong(lambda tags: [one[::2] for one in spans(tags)]), "the end is not compared"),
    (by_sentence, "a mean of the sentences' F1"),
    (wrong(spans, number=0), "spans of different sentences are mixed up"),
    (precision, "this is the precision"),
    (lambda gold, predicted: precision(predicted, gold), "this is the recall"),
    (lambda *given: 100 * with_sets(*given), "in percent"),
]
