"""Right and wrong answers to the exercises of notebook 15, for the tests alone."""
import math

import torch
from torch.nn import functional as F

# --- a picture into a vector --------------------------------------------------------------------


def encode_by_library(pixels, W1, b1, W2, b2):
    return F.linear(F.relu(F.linear(pixels.reshape(len(pixels), -1), W1, b1)), W2, b2)


def encode_by_loop(pixels, W1, b1, W2, b2, act=lambda a: a.clamp(min=0)):
    rows = []
    for picture in pixels:
        x = torch.cat([line for colour in picture for line in colour])
        rows.append(W2 @ act(W1 @ x + b1) + b2)
    return torch.stack(rows)


ENCODE_RIGHT = [encode_by_library, encode_by_loop]
ENCODE_WRONG = [
    (lambda p, W1, b1, W2, b2: F.relu(p[:1].flatten() @ W1.T + b1) @ W2.T + b2,
     "the batch is flattened too"),
    (lambda p, W1, b1, W2, b2: encode_by_library(p.flatten(1).T.reshape(p.shape), W1, b1, W2, b2),
     "cut from the batch the wrong way"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p.permute(0, 2, 3, 1), W1, b1, W2, b2),
     "the colours come last"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p.transpose(2, 3), W1, b1, W2, b2),
     "rows and columns are swapped"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p.flip(2), W1, b1, W2, b2), "upside down"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p, W1, b1, W2, b2, lambda a: a), "relu is missing"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p, W1, b1, W2, b2, torch.tanh), "tanh in place"),
    (lambda *a: encode_by_loop(*a).clamp(min=0), "after the second matrix too"),
    (lambda *a: encode_by_loop(*a).softmax(1), "a softmax at the end"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p, W1, 0 * b1, W2, b2), "the first bias"),
    (lambda p, W1, b1, W2, b2: encode_by_loop(p, W1, b1, W2, 0 * b2), "the second bias"),
    (lambda *a: encode_by_loop(*a).mean(0), "the mean over the batch"),
]


# --- the vector as the first input --------------------------------------------------------------


def first_by_cat(c, E, words, bos):
    begin = E[bos].expand(len(words), 1, -1)
    return torch.cat([c[:, None], begin, E[words]], 1)


def first_by_loop(c, E, words, bos):
    return torch.stack([torch.stack([vector, E[bos], *E[ids]])
                        for vector, ids in zip(c, words, strict=True)])


def begun(E, words, bos):
    return torch.cat([E[bos].expand(len(words), 1, -1), E[words]], 1)


FIRST_INPUT_RIGHT = [first_by_cat, first_by_loop]
FIRST_INPUT_WRONG = [
    (lambda c, E, w, bos: torch.cat([c[:, None], E[w]], 1), "the begin marker is forgotten"),
    (lambda c, E, w, bos: begun(E, w, bos) + c[:, None], "added to every input"),
    (lambda c, E, w, bos: torch.cat(
        [begun(E, w, bos), c[:, None].expand(-1, w.shape[1] + 1, -1)], 2), "beside every input"),
    (lambda c, E, w, bos: torch.cat(
        [part for e in begun(E, w, bos).unbind(1) for part in (c[:, None], e[:, None])], 1),
     "repeated before every word"),
    (lambda c, E, w, bos: first_by_cat(c, E, w, bos)[:, [1, 0, *range(2, w.shape[1] + 2)]],
     "after the begin marker"),
    (lambda c, E, w, bos: first_by_cat(c, E, w, bos).roll(-1, 1), "comes last"),
    (lambda c, E, w, bos: begun(E, w, bos), "this is a language model"),
    (lambda c, E, w, bos: first_by_cat(c, E, w, bos)[:, :-1], "the last word is left out"),
    (lambda c, E, w, bos: first_by_cat(c, E, w, bos).transpose(0, 1), "are swapped"),
    (lambda c, E, w, bos: first_by_cat(c[[0] * len(c)], E, w, bos), "of the first picture"),
]


# --- the loss -----------------------------------------------------------------------------------


def loss_by_library(log_probs, y, real):
    return F.nll_loss(log_probs[real], y[real])


def loss_by_loop(log_probs, y, real):
    total = count = 0
    for b in range(len(y)):
        for t in range(y.shape[1]):
            if real[b, t]:
                total, count = total - log_probs[b, t, y[b, t]], count + 1
    return total / count


def nll(log_probs, y):
    return F.nll_loss(log_probs.mT, y, reduction="none")


CAPTION_LOSS_RIGHT = [loss_by_library, loss_by_loop]
CAPTION_LOSS_WRONG = [
    (lambda p, y, real: F.nll_loss(p.flatten(0, 1), y.flatten()), "padding is counted"),
    (lambda p, y, real: nll(p, y).masked_fill(~real, 0).mean(), "zero but still counted"),
    (lambda p, y, real: loss_by_library(p, y, ~real), "only the padding"),
    (lambda p, y, real: nll(p, y)[real].sum(), "the sum is returned"),
    (lambda p, y, real: torch.stack([loss_by_library(*one) for one in zip(p, y, real,
                                                                         strict=True)]).mean(),
     "each caption is averaged first"),
    (lambda p, y, real: nll(p, y)[real].sum() / len(p), "the number of captions"),
    (lambda p, y, real: -loss_by_library(p, y, real), "the sign is wrong"),
    (lambda p, y, real: torch.exp(-nll(p, y)[real]).mean(), "probabilities, not nats"),
    (lambda p, y, real: -p[real].amax(1).mean(), "the best word"),
    (lambda p, y, real: loss_by_library(p, y, real) / math.log(2), "bits, not nats"),
]


# --- pairs that are not there -------------------------------------------------------------------


def invented_by_removing(there, said):
    left, found = list(there), []
    for pair in said:
        if pair in left:
            left.remove(pair)
        else:
            found.append(pair)
    return sorted(found)


def invented_by_counting(there, said):
    return [pair for pair in sorted(set(said))
            for _ in range(max(said.count(pair) - there.count(pair), 0))]


def looking_at(place):
    def function(there, said):
        left, found = [pair[place] for pair in there], []
        for pair in said:
            if pair[place] in left:
                left.remove(pair[place])
            else:
                found.append(pair)
        return sorted(found)
    return function


INVENTED_RIGHT = [invented_by_removing, invented_by_counting]
INVENTED_WRONG = [
    (lambda there, said: invented_by_removing(said, there), "what is there and not said"),
    (lambda there, said: sorted({pair for pair in said if pair not in there}), "forget how often"),
    (lambda there, said: sorted(set(invented_by_removing(there, said))), "counted once"),
    (lambda there, said: sorted(said[n] for n in range(min(len(there), len(said)))
                                if said[n] != there[n]), "place by place"),
    (lambda there, said: sorted(pair for k, pair in enumerate(said)
                                if said[: k + 1].count(pair) <= there.count(pair)), "common"),
    (looking_at(0), "only the colours"),
    (looking_at(1), "only the shapes"),
    (lambda there, said: sorted(invented_by_removing(there, said)
                                + invented_by_removing(said, there)), "both sides"),
    (lambda there, said: sorted(pair for pair in said if not (
        any(pair[0] == one[0] for one in there) and any(pair[1] == one[1] for one in there))),
     "somewhere in the picture"),
]
