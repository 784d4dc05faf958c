"""Notebook 14: the set of minimum risk training, and which candidates gain by it."""

import ipywidgets
import torch

from ..objectives import risk
from ..plots import candidates
from .explore import explore

ALT = (
    "A bar for each candidate: its share Q within the set, coloured by whether training makes it "
    "more or less probable; beside it how strongly."
)
CAPTION = (
    "Minimum risk lets all candidates gain that cost less than the mean of the set, and all others "
    "lose. A small alpha lets rare candidates have a say; with a large one the set is "
    "hardly more than its most probable text."
)


def who_gains(texts, log_probs, costs, gold, presets):
    """Move alpha and the number of texts in the set; see shares, risk and who gains.

    texts      all texts there are; log_probs, costs  (N,) of each
    gold       place of the gold text, which is always in the set
    presets    dict label -> {"alpha": ..., "n": ...}: one button each, the first one opens
    """
    order = [gold, *(k for k in log_probs.argsort(descending=True).tolist() if k != gold)]

    def draw(fig, alpha, n):
        kept = order[: n + 1]
        Q = torch.softmax(alpha * log_probs[kept], 0)
        everything = torch.ones(1, len(kept), dtype=torch.bool)
        R = risk(log_probs[None, kept], costs[None, kept], everything, alpha).item()
        pull = Q * (R - costs[kept])
        names = [texts[k] + ("  (gold)" if k == gold else "") for k in kept]
        candidates(fig, names, Q.tolist(), costs[kept].tolist(), pull.tolist(), R)
        gain = [texts[k] for k, p in zip(kept, pull.tolist(), strict=True) if p > 1e-6]
        return f"Risk {R:.3f}. These gain: {', '.join(gain) or 'none'}; the others lose."

    first = next(iter(presets.values()))
    controls = {
        "alpha": ipywidgets.FloatLogSlider(min=-2, max=1, step=0.05, value=first["alpha"],
                                           description="α", layout={"width": "320px"}),
        "n": ipywidgets.IntSlider(min=1, max=len(texts) - 1, value=first["n"],
                                  description="texts beside the gold one",
                                  layout={"width": "320px"}),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(8.6, 3.6))
