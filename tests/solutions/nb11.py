"""Right and wrong answers to the exercises of notebook 11, for the tests alone."""
import math
from collections import Counter

import torch
from torch.nn import functional as F

# --- unknown words ------------------------------------------------------------------------------


def unknown_by_loop(train, test):
    new = 0
    for word in test:
        if word not in train:
            new += 1
    return 100 * new / len(test)


def unknown_by_counts(train, test):
    often = Counter(test)
    return 100 * (1 - sum(often[word] for word in set(train)) / often.total())


UNKNOWN_RIGHT = [unknown_by_loop, unknown_by_counts]
UNKNOWN_WRONG = [
    (lambda train, test: 100 * len(set(test) - set(train)) / len(set(test)),
     "different words are counted"),
    (lambda train, test: 100 * sum(w in train for w in test) / len(test), "the known words"),
    (lambda train, test: sum(w not in train for w in test) / len(test), "from 0 to 1"),
    (lambda train, test: 100 * sum(w not in test for w in train) / len(train), "swapped"),
    (lambda train, test: unknown_by_loop([w.lower() for w in train], [w.lower() for w in test]),
     "capital letters are lost"),
    (lambda train, test: len([w for w in test if w not in train]), "not a percentage"),
    (lambda train, test: 100 * sum(w not in train for w in test) / len(train),
     "length of the training text"),
    (lambda train, test: 100 * sum(Counter(train)[w] <= 1 for w in test) / len(test),
     "only if the training text has it twice"),
]


# --- windows over letters -----------------------------------------------------------------------


def convolve_by_library(e, W, b):
    h = F.conv1d(e.T[None], W.mT, b, padding=W.shape[1] // 2)
    return torch.tanh(h)[0].amax(1)


def convolve_by_loop(e, W, b, pool=lambda h: h.max(0).values, act=torch.tanh, left=1, right=1):
    D = e.shape[1]
    e = torch.cat([torch.zeros(left, D), e, torch.zeros(right, D)])
    h = [act((W * e[t : t + 3]).sum((1, 2)) + b) for t in range(len(e) - 2)]
    return pool(torch.stack(h))


def convolving(**other):
    return lambda e, W, b: convolve_by_loop(e, W, b, **other)


CONVOLVE_RIGHT = [convolve_by_library, lambda e, W, b: convolve_by_loop(e, W, b)]
CONVOLVE_WRONG = [
    (convolving(pool=lambda h: h.mean(0)), "the mean over the places"),
    (convolving(pool=lambda h: h.sum(0)), "added up over the places"),
    (convolving(pool=lambda h: h[-1]), "only the last window"),
    (convolving(act=lambda a: a), "the tanh is missing"),
    (convolving(left=0, right=0), "no zeros around the word"),
    (convolving(left=0, right=2), "zeros on one side only"),
    (convolving(left=2, right=0), "zeros on the left side only"),
    (convolving(left=2, right=2), "too many zeros"),
    (lambda e, W, b: convolve_by_loop(e, W.flip(1), b), "turned round"),
    (lambda e, W, b: convolve_by_loop(e, W, torch.zeros(len(b))), "the bias is missing"),
    (convolving(pool=lambda h: h.max(1).values), "over the units"),
]


# --- both ends ----------------------------------------------------------------------------------


def ends_by_gather(forwards, backwards, lengths):
    place = (lengths - 1)[:, None, None].expand(-1, 1, forwards.shape[2])
    return torch.cat([forwards.gather(1, place)[:, 0], backwards[:, 0]], -1)


def ends_by_loop(forwards, backwards, lengths):
    rows = [torch.cat([f[n - 1], b[0]]) for f, b, n in zip(forwards, backwards, lengths.tolist(),
                                                           strict=True)]
    return torch.stack(rows)


def last(h, lengths, back=1):
    return torch.stack([row[max(n - back, 0)] for row, n in zip(h, lengths.tolist(), strict=True)])


def averaged(h, lengths):
    return torch.stack([row[:n].mean(0) for row, n in zip(h, lengths.tolist(), strict=True)])


ENDS_RIGHT = [ends_by_gather, ends_by_loop]
ENDS_WRONG = [
    (lambda f, b, n: torch.cat([last(f, n), last(b, n)], 1), "both are taken at the last letter"),
    (lambda f, b, n: torch.cat([f[:, -1], b[:, 0]], 1), "from the padding"),
    (lambda f, b, n: torch.cat([f, b], 2)[:, -1], "both are taken in the last column"),
    (lambda f, b, n: torch.cat([last(f, n, 2), b[:, 0]], 1), "one letter too early"),
    (lambda f, b, n: torch.cat([f, b], 2)[:, 0], "both are taken at the first letter"),
    (lambda f, b, n: torch.cat([b[:, 0], last(f, n)], 1), "swapped"),
    (lambda f, b, n: last(f, n) + b[:, 0], "added"),
    (lambda f, b, n: torch.stack([last(f, n), b[:, 0]], 1), "stacked"),
    (lambda f, b, n: torch.cat([averaged(f, n), averaged(b, n)], 1), "the mean over the letters"),
]


# --- one merge ----------------------------------------------------------------------------------


def counted(words, weigh=lambda count: count):
    pairs = Counter()
    for pieces, count in words:
        for t in range(len(pieces) - 1):
            pairs[pieces[t], pieces[t + 1]] += weigh(count)
    return pairs


def put_together(pieces, pair, most=99):
    out, t = [], 0
    while t < len(pieces):
        if tuple(pieces[t : t + 2]) == pair and most:
            out.append(pair[0] + pair[1])
            t, most = t + 2, most - 1
        else:
            out.append(pieces[t])
            t += 1
    return out


def merge_by_index(words):
    pair = counted(words).most_common(1)[0][0]
    return [(put_together(pieces, pair), count) for pieces, count in words]


def merge_as_text(words):
    """Another way: replace in a text with spaces around the pieces."""
    (left, right), _ = counted(words).most_common(1)[0]
    texts = [(f" {' '.join(pieces)} ".replace(f" {left} {right} ", f" {left}{right} "), count)
             for pieces, count in words]
    return [(text.split(), count) for text, count in texts]


def of_pair(pick):
    def merge(words):
        pair = pick(words)
        return [(put_together(pieces, pair), count) for pieces, count in words]
    return merge


def in_a_row(words):
    row = []
    for pieces, count in words:
        row += pieces * count
    return Counter(zip(row, row[1:], strict=False)).most_common(1)[0][0]


def both_ways_round(words):
    pair = counted(words).most_common(1)[0][0]
    return [(put_together(put_together(pieces, pair), pair[::-1]), n) for pieces, n in words]


def whole_only(words):
    pair = counted(words).most_common(1)[0][0]
    return [([pair[0] + pair[1]] if pieces == list(pair) else pieces, n) for pieces, n in words]


MERGE_RIGHT = [merge_by_index, merge_as_text]
MERGE_WRONG = [
    (of_pair(lambda words: counted(words, lambda _: 1).most_common(1)[0][0]),
     "every word counts once"),
    (lambda words: [(put_together(pieces, counted(words).most_common(1)[0][0], 1), n)
                    for pieces, n in words], "only the first occurrence"),
    (of_pair(in_a_row), "across the border"),
    (of_pair(lambda words: min(counted(words).items(), key=lambda row: row[1])[0]), "the rarest"),
    (both_ways_round, "in both orders"),
    (whole_only, "only whole words"),
    (lambda words: words, "nothing is joined"),
    (lambda words: [pieces for pieces, _ in merge_by_index(words)], "the counts are lost"),
    (lambda words: [(" ".join(pieces), n) for pieces, n in merge_by_index(words)], "glued"),
]


# --- bits for each character --------------------------------------------------------------------


def bits_by_text(nats, sentences):
    text = "".join("".join(f" {word}" for word in words) + "\n" for words in sentences)
    return nats / (len(text) * math.log(2))


def bits_by_log2(nats, sentences):
    n = len(sentences) + sum(len(word) + 1 for words in sentences for word in words)
    return math.log2(math.exp(nats / n))


def divided(n):
    return lambda nats, sentences: nats / math.log(2) / n(sentences)


BITS_RIGHT = [bits_by_text, bits_by_log2]
BITS_WRONG = [
    (divided(lambda s: sum(len(words) for words in s)), "bits for each word:"),
    (divided(lambda s: sum(len(words) + 1 for words in s)), "bits for each word and end"),
    (lambda nats, s: bits_by_text(nats, s) * math.log(2), "these are nats"),
    (lambda nats, s: bits_by_text(nats, s) * math.log(2) ** 2, "multiplied by log 2"),
    (divided(lambda s: sum(len("".join(words)) + 1 for words in s)), "the spaces are not counted"),
    (divided(lambda s: sum(len(" " + " ".join(words)) for words in s)), "the end of the sentence"),
    (divided(lambda s: sum(len("".join(words)) for words in s)), "neither spaces nor ends"),
    (lambda nats, s: 2 ** bits_by_text(nats, s), "the perplexity"),
    (lambda nats, s: nats / math.log(2), "bits of the whole text"),
]


# --- columns of input ---------------------------------------------------------------------------


def columns_by_library(ids, tables):
    return torch.cat([F.embedding(column, E) for column, E in zip(ids, tables, strict=True)], 2)


def columns_by_one_hot(ids, tables):
    rows = [F.one_hot(column, len(E)).float() @ E for column, E in zip(ids, tables, strict=True)]
    return torch.cat(rows, dim=-1)


def found(ids, tables):
    return [E[column] for column, E in zip(ids, tables, strict=True)]


COLUMNS_RIGHT = [columns_by_library, columns_by_one_hot]
COLUMNS_WRONG = [
    (lambda ids, tables: found(ids, tables)[0] + sum(found(ids, tables)[1:]), "are added"),
    (lambda ids, tables: torch.cat(found(ids, tables), 1), "follow each other in time"),
    (lambda ids, tables: torch.stack(found(ids, tables), 2), "a dimension of their own"),
    (lambda ids, tables: torch.cat(found(ids, tables)[::-1], 2), "the opposite order"),
    (lambda ids, tables: torch.cat([tables[0][column] for column in ids], 2), "the first table"),
    (lambda ids, tables: tables[0][ids[0]], "only the first column"),
    (lambda ids, tables: torch.cat([column[..., None] for column in ids], 2), "numbers themselves"),
]
