"""Right and wrong answers to the exercises of notebook 01, for the tests alone."""
import math
from collections import Counter

import torch

# --- score --------------------------------------------------------------------------------------


def score_by_loop(words, counts, prior, size):
    total = sum(counts.values()) + size
    found = math.log(prior)
    for word in words:
        found += math.log((counts.get(word, 0) + 1) / total)
    return found


def score_by_product(words, counts, prior, size):
    product = prior
    for word in words:
        product *= (counts.get(word, 0) + 1) / (sum(counts.values()) + size)
    return math.log(product)


def score_in_torch(words, counts, prior, size):
    often = torch.tensor([counts.get(word, 0) for word in words], dtype=torch.double)
    return math.log(prior) + ((often + 1) / (sum(counts.values()) + size)).log().sum()


def score_with(below, one=1, prior_of=math.log):
    def score(words, counts, prior, size):
        found = prior_of(prior)
        for word in words:
            found = found + math.log((counts.get(word, 0) + one) / below(words, counts, size))
        return found
    return score


def total_and_size(words, counts, size):
    return sum(counts.values()) + size


SCORE_RIGHT = [score_by_loop, score_by_product, score_in_torch]
SCORE_WRONG = [
    (score_with(total_and_size, prior_of=lambda prior: 0.0), "the prior is missing"),
    (score_with(total_and_size, prior_of=lambda prior: prior),
     "the prior is added as it is"),
    (lambda *given: math.exp(score_by_loop(*given)), "this is the product itself"),
    (lambda words, counts, prior, size: math.log(prior) + sum(
        (counts.get(word, 0) + 1) / (sum(counts.values()) + size) for word in words),
     "the probabilities are added"),
    (score_with(lambda words, counts, size: sum(counts.values())),
     "the size of the vocabulary is missing"),
    (score_with(lambda words, counts, size: sum(counts.values()) + len(counts)),
     "the wrong vocabulary"),
    (score_with(lambda words, counts, size: size), "the total is missing below"),
    (score_with(lambda words, counts, size: sum(counts.values()) + 1), "below stands total + 1"),
    (score_with(lambda words, counts, size: len(counts) + size), "the number of different words"),
    (score_with(lambda words, counts, size: len(words) + size), "the words to score are counted"),
    (lambda words, counts, prior, size: score_by_loop(set(words), counts, prior, size),
     "a word that comes twice counts once"),
    (lambda words, counts, prior, size: score_by_loop(
        [w for w in words if w in counts], counts, prior, size), "never seen are left out"),
    (lambda *given: score_by_loop(*given) / math.log(10), "another logarithm: math.log"),
    (lambda *given: score_by_loop(*given) / math.log(2), "to the base 2"),
]


# --- windows ------------------------------------------------------------------------------------


def windows_by_slices(words, n):
    row = n * ["<pad>"] + words + n * ["<pad>"]
    return [row[k:k + 2 * n + 1] for k in range(len(words))]


def windows_by_places(words, n):
    return [[words[j] if 0 <= j < len(words) else "<pad>" for j in range(k - n, k + n + 1)]
            for k in range(len(words))]


def windows_between(start, end):
    return lambda words, n: [
        [words[j] if 0 <= j < len(words) else "<pad>" for j in range(k + start(n), k + end(n) + 1)]
        for k in range(len(words))]


WINDOWS_RIGHT = [windows_by_slices, windows_by_places]
WINDOWS_WRONG = [
    (lambda words, n: [words[k:k + 2 * n + 1] for k in range(len(words) - 2 * n)], "no padding"),
    (lambda words, n: [words[max(0, k - n):k + n + 1] for k in range(len(words))], "too short"),
    (lambda words, n: [words[k - n:k + n + 1] for k in range(len(words))], "begins below 0"),
    (lambda words, n: windows_by_slices(n * ["<pad>"] + words + n * ["<pad>"], n),
     "a window for each place of the padded row"),
    (lambda words, n: [w[:n] + w[n + 1:] for w in windows_by_slices(words, n)],
     "the word itself is missing"),
    (windows_between(lambda n: 1 - n, lambda n: n + 1), "the window of a word begins n words"),
    (windows_between(lambda n: -n - 1, lambda n: n - 1), "not one place later"),
    (windows_between(lambda n: -n, lambda n: n - 1), "one word is missing at the right"),
    (windows_between(lambda n: -n, lambda n: 0), "the words to the left only"),
    (windows_between(lambda n: -2 * n, lambda n: 0), "2 n words to the left"),
    (windows_between(lambda n: 0, lambda n: n), "the words to the right only"),
    (lambda words, n: [[words[min(max(j, 0), len(words) - 1)] for j in range(k - n, k + n + 1)]
                       for k in range(len(words))], "are repeated at the edges"),
    (lambda words, n: [[words[j % len(words)] for j in range(k - n, k + n + 1)]
                       for k in range(len(words))], "the text goes round"),
    (lambda words, n: [w[::-1] for w in windows_by_slices(words, n)], "the wrong way round"),
]


# --- weights ------------------------------------------------------------------------------------


def weights_counted(size, D, n, H, K):
    net = torch.nn.Embedding(size, D), torch.nn.Linear(n * D, H), torch.nn.Linear(H, K)
    return sum(w.numel() for module in net for w in module.parameters())


WEIGHTS_RIGHT = [lambda size, D, n, H, K: size * D + (n * D + 1) * H + (H + 1) * K,
                 weights_counted]
WEIGHTS_WRONG = [
    (lambda size, D, n, H, K: weights_counted(size, D, 1, H, K), "window does not occur"),
    (lambda size, D, n, H, K: n * size * D + H * n * D + H + K * H + K, "n embeddings"),
    (lambda size, D, n, H, K: H * n * D + H + K * H + K, "E is missing"),
    (lambda size, D, n, H, K: size * D + H * n * D + K * H, "the biases are missing"),
    (lambda size, D, n, H, K: size * D + H * n * D + K * H + K, "bias of the hidden layer"),
    (lambda size, D, n, H, K: size * D + H * n * D + K * H + H, "the bias of the output"),
    (lambda size, D, n, H, K: size * D + n * (H * D + H) + K * H + K, "a bias for each place"),
    (lambda size, D, n, H, K: size * D + H * n * D + H + K * H * n + K, "whatever n is"),
    (lambda size, D, n, H, K: H * n * size + H + K * H + K, "a single 1"),
    (lambda size, D, n, H, K: size * D + H * n * D + H, "V is missing"),
    (lambda size, D, n, H, K: weights_counted(size, D, n, H, K) + H * H, "from state to state"),
    (lambda size, D, n, H, K: weights_counted(size, D, 2 * n + 1, H, K), "on either side"),
]


# --- ngrams -------------------------------------------------------------------------------------


def ngrams_by_slices(words, n):
    row = (n - 1) * ["<s>"] + words + ["</s>"]
    return Counter(tuple(row[k:k + n]) for k in range(len(row) - n + 1))


def ngrams_by_shifts(words, n):
    row, found = ["<s>"] * (n - 1) + words + ["</s>"], {}
    for gram in zip(*(row[k:] for k in range(n)), strict=False):
        found[gram] = found.get(gram, 0) + 1
    return found


def ngrams_of(before, after):
    def ngrams(words, n):
        row = before(n) * ["<s>"] + words + after(n) * ["</s>"]
        return Counter(tuple(row[k:k + n]) for k in range(len(row) - n + 1))
    return ngrams


def ngrams_without_first(words, n):
    row = (n - 1) * ["<s>"] + words + ["</s>"]
    return dict(Counter(tuple(row[k:k + n]) for k in range(1, len(row) - n + 1)))


def ngrams_in_steps(words, n):
    row = (n - 1) * ["<s>"] + words + ["</s>"]
    return dict(Counter(tuple(row[k:k + n]) for k in range(0, len(row) - n + 1, n)))


NGRAMS_RIGHT = [ngrams_by_slices, ngrams_by_shifts]
NGRAMS_WRONG = [
    (ngrams_of(lambda n: 0, lambda n: 0), "the edges are lost"),
    (ngrams_of(lambda n: n - 1, lambda n: 0), "the last n-gram is lost"),
    (ngrams_of(lambda n: 0, lambda n: 1), "the beginning is lost"),
    (ngrams_of(lambda n: 1, lambda n: 1), "one begin marker"),
    (ngrams_of(lambda n: n, lambda n: 1), "n begin markers"),
    (ngrams_of(lambda n: n - 1, lambda n: n - 1), "n - 1 end markers"),
    (ngrams_without_first, "the first n-gram is lost"),
    (lambda words, n: {gram: 1 for gram in ngrams_by_slices(words, n)}, "how often is lost"),
    (ngrams_in_steps, "steps of n words"),
    (lambda words, n: {" ".join(g): c for g, c in ngrams_by_slices(words, n).items()},
     "the keys are texts"),
    (lambda words, n: ngrams_by_slices(words, n + 1), "n + 1 words in each"),
]


# --- first --------------------------------------------------------------------------------------


def first_counted(t, n):
    before = list(range(1, t))
    return before[-(n - 1):][0]


FIRST_RIGHT = [lambda t, n: max(1, t - (n - 1)), first_counted]
FIRST_WRONG = [
    (lambda t, n: t - n + 1, "outside the text"),
    (lambda t, n: max(1, t - n), "n words of history: an n-gram"),
    (lambda t, n: t - n, "some of them outside the text"),
    (lambda t, n: max(1, t - n + 2), "one word too few: n - 1"),
    (lambda t, n: t - n + 2, "one word too few, and"),
    (lambda t, n: max(0, t - n), "positions count from 1"),
    (lambda t, n: max(0, t - n + 1), "the first position is 1"),
    (lambda t, n: t - 1, "the word just before t"),
    (lambda t, n: min(t, n) - 1, "the number of words"),
    (lambda t, n: n - 1, "count back from t"),
    (lambda t, n: 1, "all words before"),
]
