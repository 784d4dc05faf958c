"""Sums over all label sequences: score, messages, normaliser, likelihood and marginals.

A message alpha[t, j] gathers all ways to begin a sentence that end with label j at token t: added
up they lead to Z; the best of them leads to Viterbi.
"""

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from .chain_sizes import check_labels, check_total, sizes
from .gathering import add_up, expected_pairs


def score(emissions: Tensor, chain, labels: Tensor, mask: Tensor | None = None) -> Tensor:
    """The score (B,) of the label sequences (B, T); what stands in padding does not matter.

    Raises:
        ValueError: sizes that do not fit, or a label that is not one of 0 to K - 1.
    """
    mask = sizes(emissions, chain, mask)
    labels = check_labels(labels, emissions.shape[2], mask)
    transitions, start, end = chain
    at_tokens = emissions.gather(2, labels[..., None])[..., 0]  # (B, T)
    between = transitions[labels[:, :-1], labels[:, 1:]]  # (B, T - 1)
    last = labels.gather(1, mask.sum(1, keepdim=True) - 1)[:, 0]
    inside = at_tokens.where(mask, 0.0).sum(1) + between.where(mask[:, 1:], 0.0).sum(1)
    return start[labels[:, 0]] + inside + end[last]


def messages(emissions: Tensor, chain, mask: Tensor | None = None, gather=add_up) -> Tensor:
    """alpha (B, T, K): all beginnings of a sentence up to token t with label j there, gathered.

    gather is add_up (the log of the sum) or take_best.  In padding the last message is carried
    on, so that alpha[:, -1] belongs to each sentence's last token.
    """
    mask = sizes(emissions, chain, mask)
    transitions, start, _ = chain
    alpha = [start + emissions[:, 0]]
    for t in range(1, emissions.shape[1]):
        here = gather(alpha[-1], transitions) + emissions[:, t]
        alpha.append(here.where(mask[:, t, None], alpha[-1]))
    return torch.stack(alpha, 1)


def backward_messages(emissions: Tensor, chain, mask: Tensor | None = None) -> Tensor:
    """beta (B, T, K): log of the sum over all ways to go on after label i at token t, to the end.

    For every t, the log of Z is logsumexp(alpha[t] + beta[t]).
    """
    mask = sizes(emissions, chain, mask)
    transitions, _, end = chain
    beta = [end.expand_as(emissions[:, 0])]
    for t in range(emissions.shape[1] - 1, 0, -1):
        before = add_up(emissions[:, t] + beta[-1], transitions.T)
        beta.append(before.where(mask[:, t, None], beta[-1]))
    return torch.stack(beta[::-1], 1)


class LogNormaliser(Function):
    """log Z (B,), whose gradient is written by hand: it is the marginals.

    The derivative of log Z by emissions[t, j] is p(y_t = j), by transitions[i, j] the expected
    number of times that j follows i (Sutton and McCallum 2012, section 5.1).  So one pass back
    over the sentence gives the gradient.  With many labels it is several times as fast as autograd
    through a loop of logsumexp, with 20 labels about as fast.
    """

    @staticmethod
    def forward(ctx, emissions, transitions, start, end, mask):
        chain = transitions, start, end
        alpha = messages(emissions, chain, mask)
        log_z = (alpha[:, -1] + end).logsumexp(1)
        check_total(log_z, emissions, chain)
        ctx.save_for_backward(emissions, *chain, mask, alpha, log_z)
        return log_z

    @staticmethod
    @once_differentiable
    def backward(ctx, d):
        emissions, transitions, start, end, mask, alpha, log_z = ctx.saved_tensors
        beta = backward_messages(emissions, (transitions, start, end), mask)
        at_tokens = shares(alpha, beta, mask) * d[:, None, None]
        after = emissions + beta - log_z[:, None, None]
        neighbours = mask[:, 1:]  # the pairs of a label and the next one, as N rows
        rows = alpha[:, :-1][neighbours], transitions, after[:, 1:][neighbours]
        pairs = expected_pairs(*rows, d[:, None].expand_as(neighbours)[neighbours][:, None])
        at_end = (alpha[:, -1] + end).softmax(1) * d[:, None]
        return at_tokens, pairs, at_tokens[:, 0].sum(0), at_end.sum(0), None


def shares(alpha: Tensor, beta: Tensor, mask: Tensor) -> Tensor:
    """p(y_t = j) (B, T, K) from the messages of both ways; 0 in padding."""
    return (alpha + beta).softmax(2).where(mask[..., None], 0.0)


def log_normaliser(emissions: Tensor, chain, mask: Tensor | None = None) -> Tensor:
    """log Z (B,): the log of the sum of exp(score) over all label sequences of each sentence.

    Raises:
        ValueError: sizes that do not fit, NaN, or constraints that forbid every sequence.
    """
    mask = sizes(emissions, chain, mask)
    return LogNormaliser.apply(emissions, *chain, mask)


def log_likelihood(emissions: Tensor, chain, labels: Tensor, mask: Tensor | None = None) -> Tensor:
    """log p(labels) (B,) = score - log Z; its mean over sentences, negative, is the loss.

    Raises:
        ValueError: as `score` and `log_normaliser`, or labels that the constraints forbid.
    """
    gold = score(emissions, chain, labels, mask)
    impossible = (gold == -torch.inf).nonzero()
    if len(impossible):
        raise ValueError(
            f"the labels of sentence {impossible[0].item()} of the batch are forbidden by the "
            "constraints, so they have probability 0: correct the labels, or train without them"
        )
    return gold - log_normaliser(emissions, chain, mask)


@torch.no_grad()
def marginals(emissions: Tensor, chain, mask: Tensor | None = None) -> Tensor:
    """p(y_t = j) (B, T, K), summed over all label sequences; 0 in padding, no gradient."""
    mask = sizes(emissions, chain, mask)
    alpha = messages(emissions, chain, mask)
    check_total((alpha[:, -1] + chain[2]).logsumexp(1), emissions, chain)
    return shares(alpha, backward_messages(emissions, chain, mask), mask)
