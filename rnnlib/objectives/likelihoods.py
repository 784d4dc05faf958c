"""Maximum likelihood: the gold word after the gold words before it (teacher forcing)."""

import torch

from ..metrics import cross_entropy


def likelihood(model, batch, carry):
    """The mean nats of each word and end marker of the gold targets (notes, cs447).

        L = - (1/N) sum over all N words of log p(y_t | y_1 ... y_(t-1), x)
    """
    total, count = cross_entropy(model(batch.source, batch.before), batch.y, batch.real)
    return total / count, count, carry


def mean_by_text(model, batch, carry):
    """The mean over texts of each text's mean nats: the loss averaged over the sentence (notes).

    A word of a short text then weighs more than one of a long text; `likelihood` weighs all alike.
    """
    log_probs = model(batch.source, batch.before).log_softmax(2)
    each = -log_probs.gather(2, batch.y[..., None])[..., 0].masked_fill(~batch.real, 0.0)
    return (each.sum(1) / batch.real.sum(1)).mean(), len(each), carry


@torch.no_grad()
def nats(model, batches) -> tuple[float, int]:
    """Total nats of the targets and number of their words, end markers counted."""
    total, count = 0.0, 0
    for batch in batches:
        mean, n, _ = likelihood(model, batch, None)
        total, count = total + mean.item() * n, count + n
    return total, count
