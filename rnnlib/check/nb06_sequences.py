"""The checks of notebook 06 about whole sequences: spans of BIO tags, the normaliser of a CRF."""
import torch

from .core import Case, examine

# --- spans ----------------------------------------------------------------------------------------


def walk(tags, begins, goes_on):
    """Spans (type, start, end) with two rules to choose: what begins one, what goes on with it."""
    found, kind = [], None
    for place, (prefix, _, name) in enumerate(tag.partition("-") for tag in tags):
        if kind is not None and goes_on(prefix, name, kind):
            found[-1] = (*found[-1][:2], place + 1)
        elif begins(prefix):
            kind = name
            found.append((name, place, place + 1))
        else:
            kind = None
    return found


def same(prefix, name, kind):
    """I-X goes on with an X."""
    return prefix == "I" and name == kind


def right_spans(tags):
    """What is expected: only B-X begins a span, only I-X goes on with it."""
    return walk(tags, lambda prefix: prefix == "B", same)


SPAN_MISTAKES = [
    ("the end is the last word itself: give the place after it, as in Python's slices",
     lambda tags: [(kind, start, end - 1) for kind, start, end in right_spans(tags)]),
    ("an I-X that continues nothing begins a span: only B-X does",
     lambda tags: walk(tags, lambda prefix: prefix != "O", same)),
    ("an I of another type continues the span: I-Y does not belong to an X",
     lambda tags: walk(tags, lambda prefix: prefix == "B", lambda p, name, kind: p == "I")),
    ("B-X after an X is taken into the span: every B begins a new one",
     lambda tags: walk(tags, lambda prefix: prefix == "B",
                       lambda prefix, name, kind: prefix != "O" and name == kind)),
    ("the last span is lost: a sentence may end inside a span",
     lambda tags: [span for span in right_spans(tags) if span[2] < len(tags)]),
    ("spans of one word are lost",
     lambda tags: [span for span in right_spans(tags) if span[2] > span[1] + 1]),
    ("only the B of each span: its I belong to it",
     lambda tags: [(kind, start, start + 1) for kind, start, _ in right_spans(tags)]),
    ("places counted from 1: the first word has place 0",
     lambda tags: [(kind, start + 1, end + 1) for kind, start, end in right_spans(tags)]),
]

SPAN_CASES = [
    Case(name, [(tags.split(),) for tags in texts], right_spans, SPAN_MISTAKES)
    for name, texts in [
        ("nothing but O", ["O", "O O O"]),
        ("one span", ["O B-PER I-PER O", "O B-LOC O"]),
        ("a sentence ends inside a span", ["O B-PER I-PER"]),
        ("neighbours of one type", ["B-PER B-PER I-PER O"]),
        ("neighbours of two types", ["B-PER B-LOC I-LOC O", "B-PER I-LOC O"]),
        ("an I that continues nothing", ["O I-PER I-PER O"])]
]


def spans(function):
    """Report on `function(tags) -> [(type, start, end), ...]`, end excluded, strict BIO."""
    return examine(function, SPAN_CASES)


# --- the normaliser -------------------------------------------------------------------------------


def walk_over(emissions, transitions, gather):
    """The last message of a walk over the words."""
    alpha = emissions[0]
    for row in emissions[1:]:
        alpha = gather(alpha, transitions) + row
    return alpha


def all_ways(alpha, transitions):
    """All ways to each label j, added up."""
    return (alpha[:, None] + transitions).logsumexp(0)


def right_z(emissions, transitions):
    """What is expected: log of the sum of exp(score) over all K ** T sequences."""
    return walk_over(emissions, transitions, all_ways).logsumexp(0)


def unsafe(emissions, transitions):
    """The sum without logarithms."""
    alpha = emissions[0].exp()
    for row in emissions[1:]:
        alpha = (alpha @ transitions.exp()) * row.exp()
    return alpha.sum().log()


Z_MISTAKES = [
    ("the best sequence alone: Z adds up all of them",
     lambda emissions, transitions: walk_over(
         emissions, transitions, lambda alpha, t: (alpha[:, None] + t).amax(0)).amax(0)),
    ("the best of the sums: the last labels are added up, too",
     lambda emissions, transitions: walk_over(emissions, transitions, all_ways).amax(0)),
    ("the transitions are missing: this is a softmax at each word",
     lambda emissions, transitions: emissions.logsumexp(1).sum()),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j",
     lambda emissions, transitions: right_z(emissions, transitions.T)),
    ("exp of large scores is infinite: stay with logarithms, logsumexp", unsafe),
    ("the first word is missing",
     lambda emissions, transitions: right_z(
         torch.cat([0 * emissions[:1], emissions[1:]]), transitions)),
    ("the last sum is missing: one number, over all last labels",
     lambda emissions, transitions: walk_over(emissions, transitions, all_ways)),
    ("Z itself: return its logarithm",
     lambda emissions, transitions: right_z(emissions, transitions).exp()),
]


def scores(T, K, seed, size=1.0):
    """Arguments (emissions, transitions) drawn at random."""
    draw = torch.Generator().manual_seed(seed)
    return size * torch.randn(T, K, generator=draw), size * torch.randn(K, K, generator=draw)


Z_CASES = [
    Case(name, [given], right_z, Z_MISTAKES) for name, given in [
        ("one word: no transition", scores(1, 3, 1)), ("two words, two labels", scores(2, 2, 2)),
        ("five words, four labels", scores(5, 4, 3)),
        ("scores in the hundreds", scores(5, 3, 4, 300.0))]
]


def log_z(function):
    """Report on `function(emissions (T, K), transitions (K, K)) -> log Z`."""
    return examine(function, Z_CASES)
