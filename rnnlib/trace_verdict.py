"""How much the verdict on a text depends on each of its words: gradients, and leaving words out.

A gradient says how fast the verdict would change if the vector of a word moved a little; leaving
the word out says what happens without it.  Taught in
notebooks/07_sequence_classification.ipynb.
"""

import torch
from torch import Tensor

from .models.taggers import real_words


def by_word(model, x, lengths=None, labels=None) -> Tensor:
    """Norms of d log p(label) / d (vector of the word at t): (B, T), zero in padding.

    Args:
        model: a `models.Classifier`.
        x: what `model.embed` reads.
        lengths: (B,) or None.
        labels: (B,) numbers; None for the labels that the model chooses.
    """
    e = model.embed(x).detach().requires_grad_()
    with torch.enable_grad():
        logs = model.scores(e, lengths).log_softmax(1)
        chosen = logs.argmax(1) if labels is None else labels
        (slope,) = torch.autograd.grad(logs.gather(1, chosen[:, None]).sum(), e)
    return slope.norm(dim=2)


def by_state(model, x, lengths=None, labels=None) -> Tensor:
    """Norms of d log p(label) / d h_t that come straight from what was kept, not from later states.

    One text each at its real words; of the last state all comes at the last word, of a mean an
    equal part everywhere, of a maximum only where a unit is largest: (B, T).
    """
    e = model.embed(x).detach()
    h, _ = model.layer(e, None, lengths)
    h = h.detach().requires_grad_()
    with torch.enable_grad():
        kept = model.keep(h, real_words(lengths, h))
        logs = model.V(torch.tanh(model.W(kept))).log_softmax(1)
        chosen = logs.argmax(1) if labels is None else labels
        (slope,) = torch.autograd.grad(logs.gather(1, chosen[:, None]).sum(), h)
    return slope.norm(dim=2)



def share(norms: Tensor) -> Tensor:
    """Norms (B, T) as shares of their sum: what part of the whole each word has."""
    return norms / norms.sum(1, keepdim=True).clamp(min=1e-30)


def left_out(words: list) -> list:
    """A text without its first word, without its second, ...: T lists of T - 1 words."""
    return [words[:t] + words[t + 1 :] for t in range(len(words))]
