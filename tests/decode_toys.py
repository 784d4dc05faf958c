"""Beam searches as loops over hypotheses, for the tests of decoding."""

import torch

from rnnlib.experiments.toy_texts import Trees

__all__ = ["Trees", "slow_beam", "slow_variable"]


def slow_beam(trees, model, width):
    """Beam search of one model as a loop over hypotheses: [(ids, score)] finished ones first."""
    live, done = [((), 0.0)], []
    for _ in range(trees.T):
        every = [((*ids, token), trees.score(model, (*ids, token)))
                 for ids, _ in live for token in range(trees.V)]
        every.sort(key=lambda pair: -pair[1])
        best = every[:width - len(done)]
        done += [pair for pair in best if pair[0][-1] == trees.end]
        live = [pair for pair in best if pair[0][-1] != trees.end]
        if not live:
            break
    done.sort(key=lambda pair: -pair[1])
    return done + sorted(live, key=lambda pair: -pair[1])


def slow_variable(trees, model, factor):
    """The variable beam of one model as a loop over hypotheses: [(ids, score)]."""
    live, done = [((), 0.0)], []
    bar = torch.tensor(factor, dtype=torch.float64).log().item()
    for _ in range(trees.T):
        every = [((*ids, token), trees.score(model, (*ids, token)))
                 for ids, _ in live for token in range(trees.V)]
        top = max(score for _, score in every + done)
        near = [pair for pair in every if pair[1] >= top + bar]
        done += [pair for pair in near if pair[0][-1] == trees.end]
        live = [pair for pair in near if pair[0][-1] != trees.end]
        if not live:
            break
    done.sort(key=lambda pair: -pair[1])
    return done + sorted(live, key=lambda pair: -pair[1])
