"""Homework 2, exercise 1: the loss of a padded batch and its error at the scores."""

import torch
from torch.nn import functional as F

from .core import Case
from .drawing import Draw

NONE = -100  # stands where a sequence has no target


def right_loss(z, targets):
    """What is expected: torch's cross-entropy, summed, and its gradient by autograd."""
    with torch.enable_grad():
        z = z.clone().requires_grad_()
        flat = z.flatten(0, 1), targets.flatten()
        loss = F.cross_entropy(*flat, reduction="sum", ignore_index=NONE)
        return loss.detach(), torch.autograd.grad(loss, z)[0]


def pieces(z, targets, axis=-1):
    """(log y, the wanted one-hot vectors, 1 where there is a target), each (B, T, K) or wider."""
    wanted = F.one_hot(targets.clamp(min=0), z.shape[-1]).to(z)
    return z.log_softmax(axis), wanted, (targets != NONE)[..., None].to(z)


def with_loss(loss):
    """The right error beside another loss, a function of log y, the wanted vectors and the mask."""
    return lambda z, targets: (loss(*pieces(z, targets)), right_loss(z, targets)[1])


def with_error(error):
    """The right loss beside another error, a function of y, the wanted vectors and the mask."""
    def function(z, targets):
        log_y, wanted, real = pieces(z, targets)
        return right_loss(z, targets)[0], error(log_y.exp(), wanted, real)
    return function


def with_both(loss, error):
    """Another loss and another error."""
    return lambda *given: (with_loss(loss)(*given)[0], with_error(error)(*given)[1])


def divided(size, loss=True):
    """The error, and with it the loss or not, divided by a number that the targets give."""
    def function(z, targets):
        total, error = right_loss(z, targets)
        return total / size(targets) if loss else total, error / size(targets)
    return function


def along(axis):
    """Softmax over another axis."""
    def function(z, targets):
        log_y, wanted, real = pieces(z, targets, axis)
        return -(log_y * wanted * real).sum(), (log_y.exp() - wanted) * real
    return function


def picked(y, wanted):
    """The probability of the right class, taken out."""
    return y.gather(-1, wanted.argmax(-1, keepdim=True))[..., 0]


def summed(y, wanted):
    """The probability of the right class, by a sum of products."""
    return (y * wanted).sum(-1)


def from_shares(share, choose=picked):
    """Probabilities computed by `share`, their logarithm taken afterwards."""
    def function(z, targets):
        _, wanted, real = pieces(z, targets)
        y = share(z)
        chosen = choose(y, wanted).log()
        return -torch.where(real[..., 0] > 0, chosen, 0.0).sum(), (y - wanted) * real
    return function


def targets_of(targets):
    """How many targets there are."""
    return (targets != NONE).sum()


PADDED_LOSS = with_loss(lambda log_y, wanted, real: -(log_y * wanted).sum())
PADDED_ERROR = with_error(lambda y, wanted, real: y - wanted)

LOSS_MISTAKES = [
    ("padding is in the loss and in the error: at -100 there is no target, so nothing to miss",
     lambda *given: (PADDED_LOSS(*given)[0], PADDED_ERROR(*given)[1])),
    ("padding is in the error: where there is no target the error is 0", PADDED_ERROR),
    ("padding is in the error: without a target y itself is left over, and it has to be 0",
     with_error(lambda y, wanted, real: y - wanted * real)),
    ("padding is in the loss: sum only where there is a target", PADDED_LOSS),
    ("a mean over the targets: this loss is a sum", divided(targets_of)),
    ("a mean over all places, padding included: this loss is a sum",
     divided(lambda targets: targets.numel())),
    ("a mean over the sequences: this loss is a sum", divided(len)),
    ("the error is that of a mean, the loss is a sum: they have to belong together",
     divided(targets_of, loss=False)),
    ("the error is that of a mean over all places, the loss is a sum",
     divided(lambda targets: targets.numel(), loss=False)),
    ("the sign of the error is turned round: it is output minus wanted",
     with_error(lambda y, wanted, real: (wanted - y) * real)),
    ("the one-hot vector is missing: the error is y minus wanted",
     with_error(lambda y, wanted, real: y * real)),
    ("the softmax is missing: the error is y minus wanted, not z minus wanted",
     lambda z, targets: (right_loss(z, targets)[0],
                         (z - pieces(z, targets)[1]) * pieces(z, targets)[2])),
    ("a slope too many: y (1 - y) has already cancelled against the logarithm",
     with_error(lambda y, wanted, real: (y - wanted) * y * (1 - y) * real)),
    ("only the right class gets an error: the scores of the others are to be pushed down",
     with_error(lambda y, wanted, real: (y - wanted) * wanted * real)),
    ("softmax runs over the steps: the classes of one step share a total of 1, dim=-1", along(1)),
    ("softmax runs over the sequences: the classes of one step share a total of 1, dim=-1",
     along(0)),
    ("the minus of the loss is missing: log y is below 0",
     with_loss(lambda log_y, wanted, real: (log_y * wanted * real).sum())),
    ("the logarithm of the loss is missing",
     with_loss(lambda log_y, wanted, real: -(log_y.exp() * wanted * real).sum())),
    ("these are bits: the loss has the natural logarithm",
     with_loss(lambda log_y, wanted, real: -(log_y * wanted * real).sum() / torch.log(
         torch.tensor(2.0)))),
    *(("exp(z) is infinite for large z: subtract the largest score first, or use log_softmax",
       from_shares(lambda z: z.exp() / z.exp().sum(-1, keepdim=True), choose))
      for choose in (picked, summed)),
    ("the logarithm of a probability that was rounded to 0 is infinite: use log_softmax(z)",
     from_shares(lambda z: z.softmax(-1))),
    ("the two values are swapped: return the loss, then the error",
     lambda *given: right_loss(*given)[::-1]),
]


def scored(draw, lengths, K):
    """(z, targets) of sequences of these lengths."""
    B, T = len(lengths), max(lengths)
    z, targets = draw.normal(B, T, K), draw.ids(K, B, T)
    ended = torch.arange(T) >= torch.tensor(lengths)[:, None]
    return z, targets.masked_fill(ended, NONE)


def one_case(name, arguments, weight=1):
    """A case of this exercise."""
    return Case(name, [arguments], right_loss, LOSS_MISTAKES, returns=("loss", "d_z"),
                weight=weight)


def loss_cases(seed):
    """What the student sees; from other seeds what the grader asks."""
    draw = Draw(seed)
    z = torch.tensor([[[1000.0, 0.0, -1000.0]]]) + draw.ids(9, 1, 1, 1)
    return [
        one_case("one step, three classes", scored(draw, [1], 3)),
        one_case("three steps: the loss is a sum", scored(draw, [3], 2)),
        one_case("a short sequence beside a long one", scored(draw, [1, 3], 2), weight=2),
        one_case("scores of a thousand", (z, torch.tensor([[1]]))),
    ]


def loss_hidden(seed):
    """A larger batch, and one without padding."""
    draw = Draw(seed + 1)
    return [one_case("a large batch", scored(draw, [5, 2, 7, 1], 6)),
            one_case("all sequences of one length", scored(draw, [4, 4, 4], 5))]
