"""Answers to exercise 1 of homework 2: two right ones, and wrong ones with their message."""

import torch
from torch.nn import functional as F


def by_log_softmax(z, targets):
    real = targets != -100
    log_y = z.log_softmax(-1)
    wanted = F.one_hot(targets.clamp(min=0), z.shape[-1]).to(z)
    return -(log_y * wanted * real[..., None]).sum(), (log_y.exp() - wanted) * real[..., None]


def one_by_one(z, targets):
    loss, d_z = 0.0, torch.zeros_like(z)
    for b in range(z.shape[0]):
        for t in range(z.shape[1]):
            k = targets[b, t].item()
            if k >= 0:
                shifted = z[b, t] - z[b, t].max()
                total = shifted.exp().sum()
                loss += (total.log() - shifted[k]).item()
                d_z[b, t] = shifted.exp() / total
                d_z[b, t, k] -= 1
    return loss, d_z


def by_torch(z, targets):
    y = z.softmax(-1)
    d_z = y - F.one_hot(targets.clamp(min=0), z.shape[-1])
    d_z[targets < 0] = 0
    return F.cross_entropy(z.transpose(1, 2), targets, reduction="sum"), d_z


def padded_everywhere(z, targets):
    targets = targets.clamp(min=0)
    loss = F.cross_entropy(z.flatten(0, 1), targets.flatten(), reduction="sum")
    return loss, z.softmax(-1) - F.one_hot(targets, z.shape[-1])


def padded_error(z, targets):
    return by_torch(z, targets)[0], z.softmax(-1) - F.one_hot(targets.clamp(min=0), z.shape[-1])


def left_over(z, targets):
    d_z = z.softmax(-1)
    for b, t in (targets >= 0).nonzero().tolist():
        d_z[b, t, targets[b, t]] -= 1
    return by_torch(z, targets)[0], d_z


def padded_loss(z, targets):
    return padded_everywhere(z, targets)[0], by_torch(z, targets)[1]


def mean(z, targets):
    count = (targets >= 0).sum()
    loss, d_z = by_log_softmax(z, targets)
    return loss / count, d_z / count


def mean_of_all(z, targets):
    loss, d_z = by_log_softmax(z, targets)
    return loss / targets.numel(), d_z / targets.numel()


def batch_mean(z, targets):
    loss, d_z = by_torch(z, targets)
    return loss / z.shape[0], d_z / z.shape[0]


def error_of_a_mean(z, targets):
    loss, d_z = by_torch(z, targets)
    return loss, d_z / (targets >= 0).sum()


def turned(z, targets):
    loss, d_z = by_torch(z, targets)
    return loss, -d_z


def no_softmax(z, targets):
    real = (targets >= 0).unsqueeze(-1)
    return by_torch(z, targets)[0], (z - F.one_hot(targets.clamp(min=0), z.shape[-1])) * real


def no_one_hot(z, targets):
    return by_torch(z, targets)[0], z.softmax(-1) * (targets >= 0)[..., None]


def slope_too_many(z, targets):
    loss, d_z = by_torch(z, targets)
    y = torch.softmax(z, -1)
    return loss, d_z * y * (1 - y)


def right_class_only(z, targets):
    loss, d_z = by_torch(z, targets)
    return loss, d_z.where(F.one_hot(targets.clamp(min=0), z.shape[-1]).bool(), 0.0)


def over_steps(z, targets):
    real = (targets >= 0)[..., None]
    wanted = F.one_hot(targets.clamp(min=0), z.shape[-1])
    y = torch.softmax(z, 1)
    return -(torch.log_softmax(z, 1) * wanted * real).sum(), (y - wanted) * real


def no_minus(z, targets):
    loss, d_z = by_torch(z, targets)
    return -loss, d_z


def bits(z, targets):
    loss, d_z = by_torch(z, targets)
    return loss / 0.6931471805599453, d_z


def naive(z, targets):
    y = torch.exp(z) / torch.exp(z).sum(-1, keepdim=True)
    loss = 0.0
    d_z = y.clone()
    for b, t in [(b, t) for b in range(len(z)) for t in range(z.shape[1])]:
        k = targets[b, t]
        if k < 0:
            d_z[b, t] = 0
        else:
            loss = loss - torch.log(y[b, t, k])
            d_z[b, t, k] -= 1
    return loss, d_z


def log_of_softmax(z, targets):
    real = targets >= 0
    y = z.softmax(-1)
    chosen = y.gather(-1, targets.clamp(min=0)[..., None])[..., 0]
    return -chosen[real].log().sum(), by_torch(z, targets)[1]


def swapped(z, targets):
    loss, d_z = by_torch(z, targets)
    return d_z, loss


RIGHT = [by_log_softmax, one_by_one, by_torch]
WRONG = [
    (padded_everywhere, "padding is in the loss and in the error"),
    (padded_error, "padding is in the error: where there is no target the error is 0"),
    (left_over, "without a target y itself is left over"),
    (padded_loss, "padding is in the loss: sum only"),
    (mean, "a mean over the targets"),
    (mean_of_all, "a mean over all places"),
    (batch_mean, "a mean over the sequences"),
    (error_of_a_mean, "the error is that of a mean, the loss is a sum"),
    (turned, "the sign of the error is turned round"),
    (no_softmax, "the softmax is missing"),
    (no_one_hot, "the one-hot vector is missing"),
    (slope_too_many, "a slope too many"),
    (right_class_only, "only the right class gets an error"),
    (over_steps, "softmax runs over the steps"),
    (no_minus, "the minus of the loss is missing"),
    (bits, "these are bits"),
    (naive, "exp(z) is infinite for large z"),
    (log_of_softmax, "rounded to 0 is infinite"),
    (swapped, "the two values are swapped"),
]
