"""What a CRF costs: seconds of a training step of a tagger with it, as a ratio to a softmax.

    python -m rnnlib.experiments.crf_speed

The two taggers take turns on the same batch, and the shortest of many turns counts, so that other
work on the machine disturbs little.  What a CRF brings is measured by K16.
"""

import time
from dataclasses import dataclass

import torch

from ..cells import LSTMCell
from ..models import CRFTagger, Tagger, Words, both_ways
from .record import append, measured
from .unit_speed import Nothing

CLAIM = "crf_speed"


@dataclass(frozen=True)
class Sizes:
    """One comparison: B sentences of T words, K labels, vectors of D and H numbers."""

    K: int
    B: int = 32
    T: int = 20
    D: int = 100
    H: int = 100
    words: int = 5000
    turns: int = 30

    def setting(self, output):
        """What a record says about a line."""
        sizes = {"K": self.K, "B": self.B, "T": self.T, "D": self.D, "H": self.H}
        return {"output": output, **sizes, "threads": torch.get_num_threads()}


COMPARED = (Sizes(20, D=50, H=50), Sizes(20), Sizes(72))
"""About as many labels as parts of speech, a small and a larger net; the 72 BIO labels of SNIPS."""


def batch(sizes, seed):
    """Random words (B, T), labels (B, T) and lengths (B,) as a bucket has them, T or a bit less."""
    draw = torch.Generator().manual_seed(seed)
    shape = sizes.B, sizes.T
    lengths = torch.randint(sizes.T * 9 // 10, sizes.T + 1, shape[:1], generator=draw)
    words = torch.randint(sizes.words, shape, generator=draw)
    return words, torch.randint(sizes.K, shape, generator=draw), lengths


def taggers(sizes, seed):
    """The two taggers by name, of one size, with the optimiser of each."""
    torch.manual_seed(seed)
    found = {}
    for name in ("softmax", "crf"):
        layer = both_ways(LSTMCell, sizes.D, sizes.H)
        model = Tagger(Words(sizes.words, sizes.D), layer, sizes.K)
        model = CRFTagger(model, sizes.K) if name == "crf" else model
        found[name] = model, torch.optim.Adam(model.parameters(), fused=True)
    return found


def step(model, adam, batch):
    """Seconds of one training step: loss, gradient, update."""
    began = time.perf_counter()
    adam.zero_grad()
    total, count = model.loss(*batch)
    (total / count).backward()
    adam.step()
    return time.perf_counter() - began


def shortest(sizes, seed=0):
    """dict name -> the shortest of its turns, in seconds; the first turn warms up."""
    data, models = batch(sizes, seed), taggers(sizes, seed)
    best = dict.fromkeys(models, float("inf"))
    for turn in range(sizes.turns + 1):
        for name, (model, adam) in models.items():
            seconds = step(model, adam, data)
            best[name] = min(best[name], seconds) if turn else best[name]
    return best


def compare(sizes, seed=0):
    """One comparison as records: `seconds` of each output, and the `ratio` to the softmax."""
    best, found = shortest(sizes, seed), []
    for name, seconds in best.items():
        values = {"seconds": seconds, "ratio": seconds / best["softmax"]}
        found += measured(CLAIM, sizes.setting(name), seed, values, seconds, Nothing())
    return found


def main(seeds=(0, 1, 2)):
    """Every comparison, appended as it comes."""
    for sizes in COMPARED:
        for seed in seeds:
            append(compare(sizes, seed))
        print(sizes, "done", flush=True)


if __name__ == "__main__":
    main()
