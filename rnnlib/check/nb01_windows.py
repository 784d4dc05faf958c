"""Checks of notebook 01, second half: windows, n-grams, a window net's weights, how far it sees."""

from collections import Counter

from .core import Case, examine

# --- windows ------------------------------------------------------------------------------------

PAD = "<pad>"


def sliding(row, width):
    """All runs of `width` neighbours in a row of words."""
    return [row[k : k + width] for k in range(len(row) - width + 1)]


def padded(left, right):
    """Windows with other widths and paddings on the two sides; both take n."""
    return lambda words, n: sliding([PAD] * left(n) + list(words) + [PAD] * right(n),
                                    left(n) + right(n) + 1)


right_windows = padded(lambda n: n, lambda n: n)


def changed(change):
    """The right windows, each changed by a function of the window and n."""
    return lambda words, n: [change(window, n) for window in right_windows(words, n)]


def filled(left, right):
    """Windows filled up with other symbols; both take the words and n."""
    return lambda words, n: sliding(left(words, n) + list(words) + right(words, n), 2 * n + 1)


WINDOW_MISTAKES = [
    ("no padding: the words at the edges get windows too, filled up with <pad>",
     lambda words, n: sliding(list(words), 2 * n + 1)),
    ("the windows at the edges are too short: fill them up with <pad>",
     changed(lambda window, n: [word for word in window if word != PAD])),
    ("a slice that begins below 0 counts from the end of the list: pad the words first",
     lambda words, n: [words[k - n : k + n + 1] for k in range(len(words))]),
    ("a window for each place of the padded row too: one for each word, none for <pad>",
     lambda words, n: sliding([PAD] * 2 * n + list(words) + [PAD] * 2 * n, 2 * n + 1)),
    ("the word itself is missing: 2 n + 1 words, it stands in the middle",
     changed(lambda window, n: window[:n] + window[n + 1 :])),
    ("the centre is off by one: the window of a word begins n words before it",
     lambda words, n: sliding(([PAD] * n + list(words) + [PAD] * (n + 1))[1:], 2 * n + 1)),
    ("the centre is off by one: the word stands in the middle, not one place later",
     lambda words, n: sliding(([PAD] * (n + 1) + list(words) + [PAD] * n)[:-1], 2 * n + 1)),
    ("one word is missing at the right: a slice ends before its end, so add 1",
     changed(lambda window, n: window[:-1])),
    ("the words to the left only: n on either side", padded(lambda n: n, lambda n: 0)),
    ("2 n words to the left and none to the right: the word stands in the middle",
     padded(lambda n: 2 * n, lambda n: 0)),
    ("the words to the right only: n on either side", padded(lambda n: 0, lambda n: n)),
    ("the first and the last word are repeated at the edges: use <pad>",
     filled(lambda words, n: [words[0]] * n, lambda words, n: [words[-1]] * n)),
    ("the text goes round: after its end comes <pad>, not its beginning",
     lambda words, n: [[words[(k + j) % len(words)] for j in range(-n, n + 1)]
                       for k in range(len(words))]),
    ("each window is the wrong way round", changed(lambda window, n: window[::-1])),
]

WINDOW_CASES = [
    Case(name, [arguments], right_windows, WINDOW_MISTAKES) for name, arguments in [
        ("n = 0: each word alone", (["a", "b"], 0)),
        ("one word between two neighbours, n = 1", ("no more midterms".split(), 1)),
        ("a text shorter than the window, n = 2", (["more", "midterms"], 2)),
        ("a sentence, n = 2", ("i hope there are no more midterms".split(), 2))]
]


def windows(function):
    """Report on `function(words, n) -> list of windows`, each a list of 2 n + 1 words."""
    return examine(function, WINDOW_CASES)


# --- weights of a window net --------------------------------------------------------------------


def right_weights(size, D, n, H, K):
    """What is expected: embedding, hidden layer over n words, output, with biases."""
    return size * D + H * n * D + H + K * H + K


WEIGHT_MISTAKES = [
    ("the number of words in the window does not occur: each of the n places has D columns in W",
     lambda size, D, n, H, K: right_weights(size, D, 1, H, K)),
    ("n counts all words of the window here, not those on either side",
     lambda size, D, n, H, K: right_weights(size, D, 2 * n + 1, H, K)),
    ("n embeddings: one E serves all places, only W differs from place to place",
     lambda size, D, n, H, K: right_weights(size, D, n, H, K) + (n - 1) * size * D),
    ("E is missing: each of the `size` words has D numbers",
     lambda size, D, n, H, K: right_weights(0, D, n, H, K)),
    ("the biases are missing: H and K more", lambda size, D, n, H, K:
     right_weights(size, D, n, H, K) - H - K),
    ("the bias of the hidden layer is missing",
     lambda size, D, n, H, K: right_weights(size, D, n, H, K) - H),
    ("the bias of the output is missing",
     lambda size, D, n, H, K: right_weights(size, D, n, H, K) - K),
    ("a bias for each place: the hidden layer has one, H numbers",
     lambda size, D, n, H, K: right_weights(size, D, n, H, K) + (n - 1) * H),
    ("the output reads the hidden layer: V has K H numbers, whatever n is",
     lambda size, D, n, H, K: right_weights(size, D, n, H, K) + (n - 1) * K * H),
    ("words as vectors with a single 1: here they go through E, so W reads n D numbers",
     lambda size, D, n, H, K: H * n * size + H + K * H + K),
    ("V is missing: K scores from H numbers",
     lambda size, D, n, H, K: size * D + H * n * D + H),
    ("H H numbers too many: weights from state to state are for a recurrent net",
     lambda size, D, n, H, K: right_weights(size, D, n, H, K) + H * H),
]

WEIGHT_CASES = [
    Case(name, [arguments], right_weights, WEIGHT_MISTAKES) for name, arguments in [
        ("small sizes, countable by hand", (3, 2, 2, 4, 2)),
        ("a window of one word", (10, 4, 1, 3, 2)),
        ("a window of five words", (1000, 50, 5, 64, 17)),
        ("a document of a thousand words, all at once", (1000, 50, 1000, 64, 2))]
]


def weights(function):
    """Report on `function(size, D, n, H, K) -> how many numbers the net has to learn`."""
    return examine(function, WEIGHT_CASES)


# --- n-grams ------------------------------------------------------------------------------------

BEGIN, END = "<s>", "</s>"


def counted(row, n, step=1):
    """The n-grams of a row of words that begin every `step` words, with their counts."""
    return dict(Counter(map(tuple, sliding(row, n)[::step])))


def right_ngrams(words, n):
    """What is expected: n - 1 begin markers, the words, one end marker."""
    return counted([BEGIN] * (n - 1) + list(words) + [END], n)


def marked(before, after):
    """Counts with other numbers of markers; both take n."""
    return lambda words, n: counted([BEGIN] * before(n) + list(words) + [END] * after(n), n)


NGRAM_MISTAKES = [
    ("the edges are lost: no markers", marked(lambda n: 0, lambda n: 0)),
    ("the last n-gram is lost: is </s> there, and does range go to len(row) - n + 1?",
     marked(lambda n: n - 1, lambda n: 0)),
    ("the beginning is lost: the first word needs n - 1 markers before it",
     marked(lambda n: 0, lambda n: 1)),
    ("one begin marker: the first word is guessed from n - 1 symbols, so it needs n - 1 of them",
     marked(lambda n: 1, lambda n: 1)),
    ("n begin markers: the first n-gram is then markers alone, and <s> is never guessed",
     marked(lambda n: n, lambda n: 1)),
    ("n - 1 end markers: after the first </s> nothing is guessed any more",
     marked(lambda n: n - 1, lambda n: n - 1)),
    ("the first n-gram is lost: begin at 0",
     lambda words, n: counted(([BEGIN] * (n - 1) + list(words) + [END])[1:], n)),
    ("how often is lost: an n-gram that comes twice counts 2",
     lambda words, n: dict.fromkeys(right_ngrams(words, n), 1)),
    ("steps of n words: n-grams overlap, every word ends one",
     lambda words, n: counted([BEGIN] * (n - 1) + list(words) + [END], n, n)),
    ("the keys are texts: use tuples of words",
     lambda words, n: {" ".join(gram): c for gram, c in right_ngrams(words, n).items()}),
    ("n + 1 words in each: an n-gram has n",
     lambda words, n: counted([BEGIN] * n + list(words) + [END], n + 1)),
]

NGRAM_CASES = [
    Case(name, [arguments], right_ngrams, NGRAM_MISTAKES) for name, arguments in [
        ("n = 1: the words and the end", (["no", "more"], 1)),
        ("n = 2, one word", (["no"], 2)),
        ("n = 2, a pair that comes twice", ("no more no more".split(), 2)),
        ("n = 3: two begin markers", ("there are no more".split(), 3)),
        ("n = 4, a sentence shorter than the n-gram", (["no", "more"], 4))]
]


def ngrams(function):
    """Report on `function(words, n) -> dict from tuples of n words to counts`, markers included."""
    return examine(function, NGRAM_CASES)


# --- how far a model sees -----------------------------------------------------------------------


def right_first(t, n):
    """What is expected: the first of the n - 1 words before word t, at least 1."""
    return max(1, t - n + 1)


FIRST_MISTAKES = [
    ("this is outside the text: nothing stands before position 1", lambda t, n: t - n + 1),
    ("n words of history: an n-gram is n words with the guessed one, so n - 1 before it",
     lambda t, n: max(1, t - n)),
    ("n words of history, and some of them outside the text", lambda t, n: t - n),
    ("one word too few: n - 1 words before word t begin at t - n + 1",
     lambda t, n: max(1, t - n + 2)),
    ("one word too few, and some of them outside the text", lambda t, n: t - n + 2),
    ("near the beginning this gives 0: the first position is 1", lambda t, n: max(0, t - n + 1)),
    ("the word just before t, whatever n is: there are n - 1 of them", lambda t, n: t - 1),
    ("positions count from 1 here, not from 0", lambda t, n: max(0, t - n)),
    ("the number of words, not the position of the first", lambda t, n: min(t, n) - 1),
    ("the number n - 1 itself: count back from t", lambda t, n: n - 1),
    ("all words before: that is what a recurrent net may use", lambda t, n: 1),
]

FIRST_CASES = [
    Case(name, [arguments], right_first, FIRST_MISTAKES) for name, arguments in [
        ("a pair, n = 2, at word 5", (5, 2)), ("n = 5 at word 20", (20, 5)),
        ("n = 5 at word 3: the text has just begun", (3, 5)), ("n = 3 at word 3", (3, 3))]
]


def first(function):
    """Report on `function(t, n) -> position`, counted from 1, for an n-gram model at word t > 1."""
    return examine(function, FIRST_CASES)
