"""Linear probes: what can be read off a state with one matrix (notebook 09, claims K08 and K09)."""

import torch
from torch.nn import functional as F


def linear_probe(states, symbols, K, ridge=1e-3):
    """The matrix (H + 1, K) whose scores [h, 1] P come closest to the one-hot symbols.

    Least squares with a small penalty, solved exactly: the same probe in every run.

    Args:
        states: (N, H); each number is taken in units of its own spread.
        symbols: (N,) ids below K.
    """
    X, Y = with_one(states).double(), F.one_hot(symbols, K).double()
    penalty = ridge * len(X) * torch.eye(X.shape[1], dtype=X.dtype, device=X.device)
    return torch.linalg.solve(X.T @ X + penalty, X.T @ Y)


def with_one(states):
    """The states (N, H) with a column of ones: (N, H + 1)."""
    return torch.cat([states, torch.ones_like(states[:, :1])], 1)


def recency(h, ids, K, back, fit=0.75):
    """How often a linear probe of h_t names the symbol read k steps before t: list, k = 0 ... back.

    Probes are fitted on the first share `fit` of the rows and tested on the others.

    Args:
        h: (B, T, H) states of a text of ids (B, T), B rows that continue.
        back: the largest k; states before it are left out, so that every k sees the same states.
    """
    B, T = ids.shape
    if back >= T:
        raise ValueError(f"back must be below T={T}, got {back}: give longer rows")
    cut = max(1, min(B - 1, round(B * fit)))
    mean, spread = h[:cut].flatten(0, 1).mean(0), h[:cut].flatten(0, 1).std(0) + 1e-6
    X = ((h - mean) / spread)[:, back:]
    found = []
    for k in range(back + 1):
        y = ids[:, back - k : T - k]
        P = linear_probe(X[:cut].flatten(0, 1), y[:cut].flatten(), K)
        guess = (with_one(X[cut:].flatten(0, 1)).double() @ P).argmax(1)
        found.append((guess == y[cut:].flatten()).double().mean().item())
    return found


def commonest(ids, fit=0.75):
    """The share of the most frequent symbol: what a probe reaches that reads nothing."""
    cut = max(1, min(len(ids) - 1, round(len(ids) * fit)))
    return (ids[cut:] == ids[:cut].flatten().mode().values).double().mean().item()
