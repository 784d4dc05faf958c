"""Layer by layer: what comes out of each, and what a linear probe can read there (K10).

Taught in notebooks/08_deep_and_bidirectional.ipynb.
"""

import torch

from .layers import Stacked
from .trace_probes import linear_probe, with_one


@torch.no_grad()
def by_layer(stack, x, lengths=None) -> list:
    """What goes into a stack and what each of its layers puts out, lowest first: (B, T, size) each.

    Dropout between the layers is left out.
    """
    if not isinstance(stack, Stacked):
        raise ValueError(f"expected a Stacked layer, got {type(stack).__name__}: a single layer "
                         "has one output, layer(x)")
    found = [x]
    for layer in stack.layers:
        found.append(layer(found[-1], None, lengths)[0])
    return found


def readable(states, symbols, K, fit=0.7) -> float:
    """How often a linear probe names the symbol from a state, on states it was not fitted to.

    Args:
        states: (N, H).
        symbols: (N,) ids below K.
        fit: share of the states, the first ones, that the probe is fitted to.
    """
    cut = round(fit * len(states))
    if not 0 < cut < len(states):
        raise ValueError(f"expected states to fit to and states to test on, got {len(states)} "
                         f"states and fit={fit}")
    mean, spread = states[:cut].mean(0), states[:cut].std(0) + 1e-6
    X = (states - mean) / spread
    P = linear_probe(X[:cut], symbols[:cut], K)
    guess = (with_one(X[cut:]).double() @ P).argmax(1)
    return (guess == symbols[cut:]).double().mean().item()


def commonest_share(symbols, fit=0.7) -> float:
    """The share of the most frequent symbol of the part to fit to: what a blind probe reaches."""
    cut = round(fit * len(symbols))
    return (symbols[cut:] == symbols[:cut].mode().values).double().mean().item()
