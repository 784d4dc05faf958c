"""Homework 7: the loss of a batch of targets, writing without a teacher, and how far a text is
from the right one."""

import torch

from ..metrics_texts import edit_distances
from .core import Case
from .drawing import Draw, telling
from .hw7_inside import Writers

# --- the loss -----------------------------------------------------------------------------------


def surprises(scores, y, axis=2):
    """- log p (B, T)."""
    return -scores.log_softmax(axis).gather(2, y[..., None])[..., 0]


def right_loss(scores, y, real):
    """What is expected: the mean over all real places of the batch."""
    return torch.nn.functional.cross_entropy(scores[real], y[real])


LOSS_MISTAKES = [
    ("padding is counted: only real places are guessed",
     lambda scores, y, real: surprises(scores, y).mean()),
    ("padding is left out of the sum, but not of the number it is divided by",
     lambda scores, y, real: (surprises(scores, y) * real).mean()),
    ("a mean of the texts' own means: every place counts the same, in long texts too",
     lambda scores, y, real: ((surprises(scores, y) * real).sum(1) / real.sum(1)).mean()),
    ("this is the sum: the mean over real places is asked for",
     lambda scores, y, real: (surprises(scores, y) * real).sum()),
    ("the sum is divided by the number of texts: divide by that of real places",
     lambda scores, y, real: (surprises(scores, y) * real).sum() / len(y)),
    ("the sign: a loss is minus the log-probability",
     lambda *given: -right_loss(*given)),
    ("the softmax runs over the places: it runs over the tokens",
     lambda scores, y, real: surprises(scores, y, 1)[real].mean()),
    ("the softmax is missing: scores are no log-probabilities",
     lambda scores, y, real: -scores.gather(2, y[..., None])[..., 0][real].mean()),
    ("this is the probability, not minus its logarithm",
     lambda scores, y, real: (-surprises(scores, y)).exp()[real].mean()),
    ("the logarithm is to the base 2: nats are asked for",
     lambda *given: right_loss(*given) / torch.tensor(2.0).log()),
    ("one place too late: scores[:, t] guess y[:, t], for y is shifted already",
     lambda scores, y, real: surprises(scores[:, :-1], y[:, 1:])[real[:, 1:]].mean()),
]


def loss_case(name, draw, lengths, K, weight=1):
    """A case of the loss."""
    T = max(lengths)
    real = torch.arange(T) < torch.tensor(lengths)[:, None]
    given = draw.normal(len(lengths), T, K), draw.ids(K, len(lengths), T), real
    return Case(name, [given], right_loss, LOSS_MISTAKES, weight=weight)


def loss_cases(seed):
    """One text, two, four."""
    draw = Draw(seed + 78)
    return [loss_case("one text of two places", draw, [2], 2),
            loss_case("two texts, the first one is padded", draw, [2, 4], 2, 2),
            loss_case("four texts with padding", draw, [5, 2, 3, 1], 4, 2)]


def loss_hidden(seed):
    """Larger."""
    return [loss_case("eight texts", Draw(seed + 79), [5, 9, 2, 7, 3, 9, 4, 3], 12)]


# --- writing ------------------------------------------------------------------------------------


def written(step, state, markers, length, feed=None, carry=True):
    """The tokens (B, length) that are chosen one after the other; nothing stops."""
    begin, _ = markers
    token, chosen = torch.full((len(state),), begin), []
    for _ in range(length):
        log_probs, new = step(token, state)
        state = new if carry else state
        best = log_probs.argmax(1)
        chosen.append(best)
        token = best if feed is None else feed(best, log_probs, begin)
    return torch.stack(chosen, 1).tolist()


def cut(row, end, keep=0):
    """A text up to its end marker."""
    return row[: row.index(end) + keep] if end in row else row


def right_write(step, state, begin, end, length):
    """What is expected: for each source the tokens before the end marker."""
    return [cut(row, end) for row in written(step, state, (begin, end), length)]


def writes(shown=cut, feed=None, carry=True, more=0):
    """Another way to write; `shown` takes a row and the end marker."""
    return lambda step, state, begin, end, length: [
        shown(row, end)
        for row in written(step, state, (begin, end), length + more, feed, carry)]


def all_stop(step, state, begin, end, length):
    """All texts stop when the first one does."""
    rows = written(step, state, (begin, end), length)
    first = min((row.index(end) for row in rows if end in row), default=length)
    return [row[:first] for row in rows]


def returned_at_once(step, state, begin, end, length):
    """All texts stop at the first end marker; those before it in the batch are a token longer."""
    rows = written(step, state, (begin, end), length)
    first, who = min((row.index(end), n) for n, row in enumerate([*rows, [0] * length + [end]])
                     if end in row)
    return [row[: first + (n < who and first < length)] for n, row in enumerate(rows)]


def what_was_read(step, state, begin, end, length):
    """The token that was read in place of the one that was chosen: the text, a place later."""
    return [cut([begin, *row][:length], end)
            for row in written(step, state, (begin, end), length)]


WRITE_MISTAKES = [
    ("it goes on after the end marker: nothing belongs to a text after it",
     writes(lambda row, end: row)),
    ("it goes on after the end marker, which is only taken out: the text ends there",
     writes(lambda row, end: [token for token in row if token != end])),
    ("the end marker is part of the text: asked for are the tokens before it",
     writes(lambda row, end: cut(row, end, 1))),
    ("what was written is not read: the next input is the token that was chosen, not the begin "
     "marker", writes(feed=lambda best, log_probs, begin: torch.full_like(best, begin))),
    ("the state is not passed on: each step needs the one that the last step returned",
     writes(carry=False)),
    ("all texts stop at the first end marker: each has its own", all_stop),
    ("all texts stop at the first end marker: each has its own", returned_at_once),
    ("one token too few: a text may have `length` tokens", writes(more=-1)),
    ("one token too many: a text has at most `length` tokens", writes(more=1)),
    ("the least probable token is written, or the first one over and over: take the most probable",
     lambda step, state, begin, end, length: right_write(
         lambda token, state: ((r := step(token, state))[0].neg(), r[1]), state, begin, end,
         length)),
    ("written is what was read, the begin marker first: write what was chosen", what_was_read),
    ("the begin marker is part of the text: it was read, not written",
     lambda step, state, begin, end, length: [
         [begin, *row] for row in right_write(step, state, begin, end, length)]),
    ("a tensor of all rows: texts have different lengths, so return a list of lists",
     lambda step, state, begin, end, length: torch.tensor(
         written(step, state, (begin, end), length))),
]


def writer(draw, N, K, L, hope):
    """(step, state, begin, end, length): N sources, K tokens; token 0 begins, 1 ends."""
    table = draw.normal(N, L, K, K).double() + 0.01 * torch.arange(K)
    table[..., 1] += hope
    table[..., 0] -= 9.0
    places = torch.stack([torch.arange(N), torch.zeros(N, dtype=torch.long)], 1)
    return Writers(table.log_softmax(-1)), places, 0, 1, L


def write_tells(*given):
    """Whether every known mistake writes something else."""
    right = right_write(*given)
    lists = [mistake(*given) for _, mistake in WRITE_MISTAKES[:10]]
    return right not in lists and len({str(one) for one in lists}) == len(lists)


def write_case(name, given, weight=1):
    """A case of writing."""
    return Case(name, [given], right_write, WRITE_MISTAKES, weight=weight)


def write_cases(seed):
    """One source; three whose texts end at different places; six."""
    draw = Draw(seed + 80)
    return [write_case("one source, three tokens", telling(
                draw, lambda draw: writer(draw, 1, 4, 3, -1.0),
                lambda *given: len(right_write(*given)[0]) == 3)),
            write_case("four sources, their texts end at different places", telling(
                draw, lambda draw: writer(draw, 4, 5, 5, 0.0), write_tells), 2),
            write_case("six sources", telling(
                draw, lambda draw: writer(draw, 6, 7, 7, 0.0), write_tells), 2)]


def write_hidden(seed):
    """Longer."""
    return [write_case("nine sources", writer(Draw(seed + 81), 9, 12, 10, 0.5))]


# --- the distance -------------------------------------------------------------------------------


def right_edits(left, right):
    """What is expected."""
    return int(edit_distances([left], [right])[0])


def table(left, right, exchange=1, across=True, border=True):
    """The distance by another table."""
    row = [n * border for n in range(len(right) + 1)]
    for i, a in enumerate(left):
        new = [(i + 1) * border]
        for j, b in enumerate(right):
            ways = [row[j + 1] + 1, new[-1] + 1]
            ways += [row[j] + exchange * (a != b)] if across or a == b else []
            new.append(min(ways))
        row = new
    return row[-1]


EDIT_MISTAKES = [
    ("an exchange costs 1: here it costs 2, as one left out and one put in",
     lambda left, right: table(left, right, 2)),
    ("the border of the table is 0: to make n symbols of nothing takes n edits",
     lambda left, right: table(left, right, border=False)),
    ("places are compared one by one: after a symbol that is left out all others move",
     lambda left, right: sum(a != b for a, b in zip(left, right, strict=False)) + abs(
         len(left) - len(right))),
    ("this is the difference of the lengths", lambda left, right: abs(len(left) - len(right))),
    ("1 or 0: how many edits is asked for", lambda left, right: int(left != right)),
    ("the symbols are counted without their order",
     lambda left, right: max(len(left), len(right)) - sum(
         min(left.count(c), right.count(c)) for c in set(left))),
    ("divided by the length of the right text: the number of edits is asked for",
     lambda left, right: right_edits(left, right) / max(1, len(right))),
    ("this is how many symbols stay: how many edits is asked for",
     lambda left, right: max(len(left), len(right)) - right_edits(left, right)),
]


def word(draw, length):
    """A text of so many letters."""
    return "".join("abcd"[n] for n in draw.ids(4, length).tolist())


def edits_tell(left, right):
    """Whether the known mistakes give other numbers."""
    return right_edits(left, right) not in [m(left, right) for _, m in EDIT_MISTAKES]


def edit_case(name, pairs, weight=1):
    """A case of the distance."""
    return Case(name, pairs, right_edits, EDIT_MISTAKES, weight=weight)


def edit_cases(seed):
    """Nothing to do, one edit, several."""
    draw = Draw(seed + 82)

    def pair(one, other):
        return telling(draw, lambda draw: (word(draw, one), word(draw, other)), edits_tell)
    return [edit_case("two equal texts", [("ab", "ab")], 0),
            edit_case("one symbol is missing at the beginning", [("bcd", "abcd")]),
            edit_case("texts of six and seven symbols", [pair(6, 7)], 2),
            edit_case("from nothing to three symbols, and back",
                      [("", word(draw, 3)), (word(draw, 3), "")]),
            edit_case("a list of numbers does as well", [([1, 2, 3], [1, 3])]),
            edit_case("twelve symbols, within seconds (three calls for each entry take minutes: "
                      "keep a table)", [(word(draw, 12), word(draw, 12))])]


def edit_hidden(seed):
    """Longer."""
    draw = Draw(seed + 83)
    return [edit_case("texts of ten and twelve symbols", [telling(
        draw, lambda draw: (word(draw, 10), word(draw, 12)), edits_tell)], 2)]
