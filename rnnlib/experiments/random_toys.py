"""How often a beam misses the most probable text of random models whose answer is known (K19).

    python -m rnnlib.experiments.random_toys

A thousand random models of 4 words and an end marker, texts of at most 5 tokens.  Every text can be
listed, so the most probable one is known.
"""

import time
from types import SimpleNamespace

import torch

from .. import decode
from .record import append, measured
from .toy_texts import Trees

CLAIM = "K19"
WIDTHS = (1, 2, 3, 4, 8, 16, 32)
SLACK = 1e-9


def best_scores(trees: Trees, width: int) -> torch.Tensor:
    """The score of the best finished text of every model (N,), -inf where none is finished."""
    first, state = trees.begin()
    found = decode.beam(trees.step, first, state, width, trees.end, trees.T)
    scores = [one[0].score if one[0].finished else -torch.inf for one in found]
    return torch.tensor(scores, dtype=torch.float64)


def optimum(trees: Trees) -> torch.Tensor:
    """The score of the most probable finished text of every model (N,), all texts tried."""
    best = torch.full((trees.N,), -torch.inf, dtype=torch.float64)
    scores = torch.zeros(trees.N, 1, dtype=torch.float64)  # of all beginnings of one length
    start = 0
    for t in range(trees.T):
        nodes = trees.V**t
        here = trees.tables[:, start : start + nodes] + scores[..., None]  # (N, nodes, V)
        best = torch.maximum(best, here[..., trees.end].amax(1))
        here[..., trees.end] = -torch.inf  # nothing follows the end marker
        scores, start = here.flatten(1), start + nodes
    return best


def run(seed: int, N=1000, V=5, T=5, sharp=1.0) -> list:
    """The records of one seed: in per cent of the models, for every width."""
    began = time.process_time()
    trees = Trees(N, V, T, seed, sharp)
    best, narrower = optimum(trees), None
    values = {}
    for width in WIDTHS:
        found = best_scores(trees, width)
        values[width] = {"misses_optimum": 100 * (found < best - SLACK).double().mean()}
        if narrower is not None:
            worse = 100 * (found < narrower - SLACK).double().mean()
            values[width]["worse_than_narrower"] = worse
        narrower = found
    seconds = time.process_time() - began
    setting = {"task": "random toys", "search": "fixed", "models": N, "V": V, "T": T}
    data = SimpleNamespace(name="random models", sha256="")
    return [record for width, found in values.items()
            for record in measured(CLAIM, {**setting, "size": width}, seed, found, seconds, data)]


def main(seeds=(0, 1, 2)):
    """Run, print and append."""
    for seed in seeds:
        records = run(seed)
        append(records)
        for record in records:
            print(f"seed {seed} width {record.setting['size']:3} {record.metric:20}"
                  f"{record.value:6.2f}")


if __name__ == "__main__":
    main()
