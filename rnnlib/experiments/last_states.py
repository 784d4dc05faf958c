"""What the last state of a reader knows of each place of a text: one direction or two (K09).

    python -m rnnlib.experiments.last_states

Two character models are trained, one on a text and one on the text turned round: separate models
for the two directions (notes).  Then their weights are fixed, they read windows of held-out text,
and a linear probe for each place tries to name the character there from the last state alone.
"""

import sys
import time
from dataclasses import replace

import torch

from ..datasets import load
from ..trace_layers import commonest_share, readable
from . import recency
from .record import append, measured

PLACES, WINDOWS = 20, 5000
KINDS = {"from the left": (64, 0), "from the right": (0, 64), "side by side": (32, 32)}
"""Numbers in the last state: of the reader from the left, and of the one from the right."""


def windows(ids, places=PLACES, most=WINDOWS):
    """Pieces of a text (N, places), one after the other."""
    n = min(most, len(ids) // places)
    return ids[: n * places].view(n, places)


@torch.no_grad()
def last_state(model, rows):
    """The state (N, H) after a window was read, from a zero state."""
    cell = model.layer.cell
    return cell.output(model.layer(model.E(rows))[1])


def both_last(models, rows):
    """Last states of the reader from the left and of the one from the right, side by side."""
    left, right = models
    found = [last_state(left, rows)] if left else []
    found += [last_state(right, rows.flip(1))] if right else []
    return torch.cat(found, 1)


def fitted(kind, recipe, ids, size):
    """A character model for each direction of a kind, None where it has none."""
    sizes = zip(KINDS[kind], (ids, ids.flip(0)), strict=True)
    return [recency.fit(replace(recipe, H=H), text, size) if H else None for H, text in sizes]


def run(recipe, kind, data):
    """One kind as records: place_1 ... place_20, percent of characters that a probe names."""
    began = time.process_time()
    vocab, ids, held = recency.corpus(data)
    rows = windows(held)
    h = both_last(fitted(kind, recipe, ids, len(vocab)), rows)
    values = {f"place_{t + 1}": 100 * readable(h, rows[:, t], len(vocab))
              for t in range(rows.shape[1])}
    values |= {"commonest": 100 * commonest_share(rows[:, 0])}
    setting = {"what": "last state", "kind": kind, "unit": recipe.unit}
    seconds = time.process_time() - began
    return measured("K09", setting, recipe.seed, values, seconds, data)


def main(seeds=(0, 1, 2)):
    """Run, print and append: simple RNNs."""
    torch.set_num_threads(1)
    data = load("tinyshakespeare")
    for seed in seeds:
        for kind in KINDS:
            records = run(recency.Recipe("rnn", steps=600, seed=seed), kind, data)
            append(records)
            said = " ".join(f"{r.value:.0f}" for r in records)
            print(f"{kind} seed={seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (0, 1, 2))
