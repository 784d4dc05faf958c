"""Language models on sentences: each begins with a marker that is read and never guessed, and ends
with one that is guessed like a word (cs447, notes).

A sentence of n words is therefore n + 1 training items and n + 1 counted symbols.
"""

import torch
from torch import Tensor

from ..batches import Buckets, mask, pad
from ..metrics import cross_entropy


class Sentences:
    """Batches of sentences: `sentences[step]` is (x (B, T), y (B, T), real (B, T)).

    x is the begin marker and the words, y the words and the end marker, real is False in padding.

    Args:
        ids: the words of each sentence, (n,) each, without markers.
        vocab: with begin, end and padding symbols.
        tokens: padded symbols in a batch, at most.
        seed: of the order; a batch depends on the seed and its number only.
    """

    def __init__(self, ids, vocab, tokens, seed=0):
        bos, eos = torch.tensor([vocab.bos]), torch.tensor([vocab.eos])
        self.x = [torch.cat([bos, sentence]) for sentence in ids]
        self.y = [torch.cat([sentence, eos]) for sentence in ids]
        self.buckets = Buckets([len(x) for x in self.x], tokens, seed)
        self.pad, self.per_pass = vocab.pad, self.buckets.per_pass

    def __getitem__(self, step):
        chosen = self.buckets[step]
        x, lengths = pad([self.x[i] for i in chosen], self.pad)
        y, _ = pad([self.y[i] for i in chosen], self.pad)
        return x, y, mask(lengths, x.shape[1])

    def __iter__(self):
        """The batches of one pass."""
        return (self[step] for step in range(self.per_pass))


def next_word(model, batch, carry):
    """The loss of a language model on a batch of `Sentences`, for `train.fit`: (mean nats, symbols,
    None)."""
    x, y, real = batch
    total, count = cross_entropy(model(x)[0], y, real)
    return total / count, count, None


@torch.no_grad()
def total(model, sentences) -> tuple[float, int]:
    """Total nats and number of symbols over one pass of sentences, end markers counted."""
    nats, count = 0.0, 0
    for x, y, real in sentences:
        log_probs, _ = model.score(x, y)
        nats, count = nats - log_probs[real].sum().item(), count + int(real.sum())
    return nats, count


@torch.no_grad()
def of_sentence(model, words: Tensor, vocab) -> Tensor:
    """The log-probabilities of the words (n,) of a sentence and of its end: (n + 1,)."""
    bos, eos = torch.tensor([vocab.bos]), torch.tensor([vocab.eos])
    log_probs, _ = model.score(torch.cat([bos, words])[None], torch.cat([words, eos])[None])
    return log_probs[0]
