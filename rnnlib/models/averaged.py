"""Several models that write one text together: the probability of a word is the mean of theirs."""

import math

import torch
from torch import Tensor, nn


class Averaged(nn.Module):
    """p(word) = (p_1(word) + ... + p_M(word)) / M, for models from a source to a text.

    It never needs more nats for a word than its members do on average.
    It is used like an `EncoderDecoder`; its scores are log-probabilities, its attention weights
    the mean of those of its members, None unless all have attention.

    Args:
        models: with `start`, `read`, `output` and `watch`, of one target vocabulary.
    """

    def __init__(self, models):
        super().__init__()
        self.models = nn.ModuleList(models)
        sizes = {model.size for model in self.models}
        if len(sizes) != 1:
            raise ValueError(
                f"expected at least one model, all with as many target symbols, got "
                f"{sorted(sizes)}: probabilities of the same words are averaged"
            )
        (self.size,) = sizes

    def start(self, *source):
        """The tuple of the members' states before the first word, for B sources."""
        return tuple(model.start(*source) for model in self.models)

    def watch(self, y: Tensor, state) -> tuple:
        """As `read`, with the mean attention weights (B, T, S) or None as a third."""
        each = [model.watch(y, part) for model, part in zip(self.models, state, strict=True)]
        scores = [model.output(s).log_softmax(2)
                  for model, (s, *_) in zip(self.models, each, strict=True)]
        log_probs = torch.stack(scores).logsumexp(0) - math.log(len(scores))
        weights = [weights for *_, weights in each]
        mean = None if any(w is None for w in weights) else torch.stack(weights).mean(0)
        return log_probs, tuple(part for _, part, _ in each), mean

    def read(self, y: Tensor, state) -> tuple:
        """Log-probabilities (B, T, size) of the word after each word of y (B, T), new state."""
        log_probs, state, _ = self.watch(y, state)
        return log_probs, state

    def output(self, s: Tensor) -> Tensor:
        """What `read` gave: it is scores already."""
        return s

    def step(self, token: Tensor, state) -> tuple:
        """Read one word (B,): log-probabilities of the next one (B, size), and the new state."""
        log_probs, state = self.read(token[:, None], state)
        return log_probs[:, 0], state

    def forward(self, source: tuple, y: Tensor) -> Tensor:
        """Log-probabilities (B, T, size) of the word after each word of y (B, T)."""
        return self.read(y, self.start(*source))[0]
