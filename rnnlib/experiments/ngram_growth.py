"""How n-gram models grow with n: distinct n-grams, bytes, perplexity, n-grams never seen (K03).

    python -m rnnlib.experiments.ngram_growth          all seeds
    python -m rnnlib.experiments.ngram_growth 0        one seed

Words of real sentences (EWT; offline the docstrings of Python's library), lower-cased, the words
that occur once in training as <unk>.  Each seed draws its own tenth of all sentences to hold out.
Sentences have a begin marker, which is read, and an end marker, which is guessed.
"""

import random
import sys
import time

import torch

from ..datasets import load
from ..metrics import perplexity
from ..models import NGram, Sentences, total
from ..text import Vocab, words
from .record import append, measured

LONGEST = 7
"""The largest n."""

D, H = 100, 200
"""Embedding and state of the recurrent model whose weights stand beside the tables."""


def sentences(data):
    """All sentences of a data set as lists of lower-cased words."""
    parts = (data.train, data.valid, data.test)
    if isinstance(data.train, str):
        lines = [line for part in parts for line in part.split("\n\n")]
        return [found for line in lines if (found := words(line.lower()))]
    return [[word.lower() for word in example[0]] for part in parts for example in part]


def halves(data, seed):
    """Sentences as ids to count and to hold out, each with its markers, and the vocabulary."""
    every = sentences(data)
    random.Random(seed).shuffle(every)
    cut = len(every) // 10
    vocab = Vocab.of(every[cut:], least=2)
    ids = [vocab.encode(row) for row in every]
    return ids[cut:], ids[:cut], vocab


def marked(rows, vocab):
    """Rows of ids with a begin and an end marker."""
    begin, end = torch.tensor([vocab.bos]), torch.tensor([vocab.eos])
    return [torch.cat([begin, row, end]) for row in rows]


def grams(rows, n):
    """The running n-grams of some rows of ids, as tuples; none reaches from one row to the next."""
    lists = [row.tolist() for row in rows]
    return [tuple(row[i : i + n]) for row in lists for i in range(len(row) - n + 1)]


def unseen(counted, held, n):
    """Percent of the running n-grams of the held-out rows that never occur in the counted ones."""
    known, every = set(grams(counted, n)), grams(held, n)
    return 100 * sum(gram not in known for gram in every) / len(every)


def weights(size):
    """Numbers in a simple recurrent language model with this vocabulary: E, W, U, b, V and bias."""
    return size * D + H * D + H * H + H + size * H + size


def run(data, seed, longest=LONGEST):
    """One split as records, a setting for each n."""
    counted, held, vocab = halves(data, seed)
    text, test = marked(counted, vocab), marked(held, vocab)
    records = []
    for n in range(1, longest + 1):
        began = time.process_time()
        model = NGram(text, len(vocab), n)
        nats, count = total(model, Sentences(held, vocab, 4000))
        values = {"distinct": model.distinct[-1], "all_orders": sum(model.distinct),
                  "counted": len(grams(text, n)), "bytes": model.bytes,
                  "perplexity": perplexity(nats, count),
                  "unseen": unseen(text, test, n), "running": sum(map(len, text)),
                  "vocabulary": len(vocab), "rnn_bytes": 4 * weights(len(vocab))}
        seconds = time.process_time() - began
        records += measured("K03", {"n": n, "text": data.name}, seed, values, seconds, data)
    return records


def main(seeds=(0, 1, 2), sets=("ewt", "docstrings")):
    """Run on the real sentences and on the text that comes with Python, print and append."""
    torch.set_num_threads(1)
    for data in map(load, sets):
        for seed in seeds:
            records = run(data, seed)
            append(records)
            for r in records:
                if r.metric in ("distinct", "perplexity", "unseen"):
                    print(f"seed={seed} {r.setting} {r.metric} {r.value:,.1f}", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (0, 1, 2))
