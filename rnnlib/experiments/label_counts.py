"""What counting alone reaches: the most frequent label of each word, and a hidden Markov model.

    python -m rnnlib.experiments.label_counts

Nothing here is trained and nothing is random, so there is one run for each data set.
"""

import time

from ..datasets import load
from ..metrics_labels import right_by_word
from ..models import HMM, MostFrequent
from .neighbours import scores
from .record import append, measured

CLAIM = "label_counts"
UNKNOWN = {"ewt": "PROPN", "snips": "O", "wnut17": "O"}
"""What the most frequent label is for an unknown word, as in published baselines."""


def pairs(split):
    """(words, labels) of examples that may have more columns."""
    return [tuple(row[:2]) for row in split]


def values_of(tagger, split):
    """All scores on a split, and percent right of known and of unknown words."""
    words, gold = zip(*pairs(split), strict=True)
    mine = tagger.tag_all(words)
    counts = right_by_word(words, gold, mine, tagger)
    found = {side: 100 * n / max(1, total) for side, (n, total) in counts.items()}
    del found["all"]
    return scores(gold, mine) | found


def run(name):
    """Both models on a data set, as records."""
    data, records = load(name), []
    for kind in ("most frequent", "hmm"):
        began, train = time.process_time(), pairs(data.train)
        model = MostFrequent(train, UNKNOWN[name]) if kind == "most frequent" else HMM(train)
        values = values_of(model, data.test)
        values |= {f"dev_{k}": v for k, v in values_of(model, data.valid).items()}
        seconds = time.process_time() - began
        records += measured(CLAIM, {"model": kind}, 0, values, seconds, data)
    return records


def main():
    """Every data set, appended and printed."""
    for name in UNKNOWN:
        records = run(name)
        append(records)
        for r in records:
            print(f"{name} {r.setting['model']}, {r.metric}: {r.value:.2f}", flush=True)


if __name__ == "__main__":
    main()
