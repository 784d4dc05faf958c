"""The CRF as a module: learned transitions, and the loss and the best labels they lead to."""

import torch
from torch import Tensor, nn

from .allowed import forbid
from .best_labels import viterbi
from .sums import log_likelihood


class CRF(nn.Module):
    """Learned scores of label pairs, first labels and last labels for K labels (cs447).

    All start at 0, where the CRF is a softmax at each token.  With rules, as `bio_rules` makes
    them, forbidden labels have probability 0 in training and in decoding.

    Args:
        K: number of labels.
        rules: None, or three bool tensors (K, K), (K,), (K,), True = allowed.
    """

    def __init__(self, K, rules=None):
        super().__init__()
        if K < 1:
            raise ValueError(f"expected at least 1 label, got K={K}: what is there to choose?")
        self.transitions = nn.Parameter(torch.zeros(K, K))
        self.start, self.end = nn.Parameter(torch.zeros(K)), nn.Parameter(torch.zeros(K))
        rules = rules if rules is not None else [torch.ones_like(part) > 0 for part in self.parts]
        forbid(self.parts, rules)  # complains if the sizes differ
        for name, rule in zip(("between", "first", "last"), rules, strict=True):
            self.register_buffer(name, rule)

    @property
    def parts(self):
        """The learned scores alone: transitions (K, K), start (K,), end (K,)."""
        return self.transitions, self.start, self.end

    @property
    def chain(self):
        """The learned scores with -inf for what the rules forbid."""
        return forbid(self.parts, (self.between, self.first, self.last))

    def forward(self, emissions: Tensor, labels: Tensor, mask: Tensor | None = None) -> Tensor:
        """log p(labels) (B,) of the label sequences (B, T), given emissions (B, T, K)."""
        return log_likelihood(emissions, self.chain, labels, mask)

    def best(self, emissions: Tensor, mask: Tensor | None = None) -> Tensor:
        """The most probable label sequences (B, T), NONE in padding."""
        return viterbi(emissions, self.chain, mask)[0]
