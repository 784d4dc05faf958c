"""Minimum risk training: the expected cost of what the model would write (cs447).

Source: Shen et al., Minimum risk training for neural machine translation (2016):

    R(theta) = sum over sources x of  sum over y in S(x) of  Q(y | x) cost(y)
    Q(y | x) = P(y | x)^alpha / sum over y' in S(x) of P(y' | x)^alpha

S(x) is a set of texts drawn from the model, with the gold text; alpha makes the distribution over
it flatter (below 1) or sharper.  With all texts there are in S(x) and alpha = 1 it is the risk.
"""

import torch
from torch import Tensor

from .sampled_texts import Drawn, after, draw, each_n_times, word_log_probs


def risk(log_probs: Tensor, costs: Tensor, listed: Tensor, alpha: float) -> Tensor:
    """The sum over candidates of Q cost, for each source: (B,).

    Args:
        log_probs: (B, n), of each candidate.
        costs: (B, n).
        listed: (B, n) bool, False where a candidate stands there a second time.
        alpha: sharpness of Q.
    """
    Q = torch.softmax((alpha * log_probs).masked_fill(~listed, -torch.inf), 1)
    return (Q * costs).sum(1)


class MinimumRisk:
    """The mean risk of a batch over sampled candidates, as a loss for a pre-trained model.

    A model with dropout is another model each time it runs; train it without.

    Args:
        cost: `cost(texts, numbers) -> (N,)`, see objectives.costs.
        vocab: of the target, with begin and end marker.
        n: texts drawn for each source.
        alpha: sharpness of Q; Shen et al. use 0.005 for sentences.
        length: the most words of a drawn text.
    """

    def __init__(self, cost, vocab, n=10, alpha=0.05, length=30):
        if n < 1 or alpha <= 0:
            raise ValueError(f"expected at least one text for each source and an alpha above 0, "
                             f"got n={n} and alpha={alpha}: 1 leaves the model's own shares")
        self.cost, self.bos, self.eos = cost, vocab.bos, vocab.eos
        self.n, self.alpha, self.length = n, alpha, length

    def __call__(self, model, batch, carry):
        B, m = len(batch.y), self.n + 1
        state = model.start(*batch.source)
        drawn = self.candidates(model, batch, each_n_times(state, self.n, B))
        first = drawn.ids.new_full((B * m,), self.bos)
        s, _ = model.read(after(first, drawn.ids), each_n_times(state, m, B))
        log_probs = word_log_probs(model.output(s), drawn.ids, drawn.real).sum(1).view(B, m)
        numbers = [number for number in batch.numbers for _ in range(m)]
        costs = self.cost(drawn.lists(self.eos), numbers).to(log_probs).view(B, m)
        listed = ~repeated(drawn.ids.view(B, m, -1))
        return risk(log_probs, costs, listed, self.alpha).mean(), B, carry

    def candidates(self, model, batch, state) -> Drawn:
        """For each source the gold text and n drawn ones: (B (n + 1), T)."""
        B, first = len(batch.y), batch.before[:, 0].repeat_interleave(self.n)
        drawn = draw(model, state, first, self.eos, self.length)
        T = max(drawn.ids.shape[1], batch.y.shape[1])
        ids = torch.cat([longer(batch.y, T, self.eos)[:, None],
                         longer(drawn.ids, T, self.eos).view(B, self.n, T)], 1)
        real = torch.cat([longer(batch.real, T, False)[:, None],
                          longer(drawn.real, T, False).view(B, self.n, T)], 1)
        return Drawn(ids.flatten(0, 1), real.flatten(0, 1))


def longer(x: Tensor, T: int, value) -> Tensor:
    """x (N, t) filled up at the right with a value: (N, T)."""
    return torch.cat([x, x.new_full((len(x), T - x.shape[1]), value)], 1)


def repeated(ids: Tensor) -> Tensor:
    """Which of n texts (B, n, T) stood there before: (B, n) bool."""
    same = (ids[:, :, None] == ids[:, None]).all(3)  # (B, n, n)
    return same.tril(-1).any(2)
