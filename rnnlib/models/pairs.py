"""Batches for models from a source to a text: pairs of texts, and pictures with their texts.

A target of n words is n + 1 training items: the begin marker is read and never guessed, the end
marker is guessed like a word (notes, cs447).
"""

import random
from typing import NamedTuple

import torch
from torch import Tensor

from ..batches import mask, pad


class Batch(NamedTuple):
    """B sources with their targets.

    Args:
        source: what `model.start(*source)` takes: (x (B, S), lengths (B,)) or (pixels,).
        before: (B, T), the begin marker and the words of the target.
        y: (B, T), the words and the end marker.
        real: (B, T) bool, where a word or an end marker is to be guessed.
        numbers: which examples these are, B whole numbers.
    """

    source: tuple
    before: Tensor
    y: Tensor
    real: Tensor
    numbers: list


class Targets:
    """Texts to write, with their markers: `targets.of(numbers)` is (before, y, real).

    Args:
        ids: the words of each target, (n,) each, without markers; empty ones are allowed.
        vocab: with begin and end marker.

    Raises:
        ValueError: a vocabulary without one of the markers.
    """

    def __init__(self, ids, vocab):
        self.ids, self.bos, self.eos = list(ids), vocab.bos, vocab.eos
        if not self.ids:
            raise ValueError("expected at least one target, got none: is the split empty?")
        begin, end = torch.tensor([self.bos]), torch.tensor([self.eos])
        self.rows = [torch.cat([begin, words.long(), end]) for words in self.ids]

    def of(self, numbers) -> tuple[Tensor, Tensor, Tensor]:
        """The targets with these numbers as a batch; after the end come only end markers."""
        ids, lengths = pad([self.rows[n] for n in numbers], self.eos)
        return ids[:, :-1], ids[:, 1:], mask(lengths - 1, ids.shape[1] - 1)


class Pairs:
    """Batches of pairs of texts of similar lengths: `pairs[step]` is a `Batch`.

    Pairs of one source length and one target length stand together, new neighbours in each pass;
    a batch depends on the seed and its number only.

    Args:
        sources: the words of each source, (n,) each, none empty.
        targets: the words of each target, without markers.
        vocab: of the targets, with begin and end marker.
        tokens: padded words in a batch, both sides counted, at most (one longer pair is alone).
        seed: of the order.
    """

    def __init__(self, sources, targets, vocab, tokens, seed=0):
        self.sources, self.targets = list(sources), Targets(targets, vocab)
        if len(self.sources) != len(self.targets.ids):
            raise ValueError(
                f"expected as many targets as sources, got {len(self.targets.ids)} and "
                f"{len(self.sources)}: one target for each source"
            )
        if not all(map(len, self.sources)):
            place = list(map(len, self.sources)).index(0)
            raise ValueError(f"expected sources of at least one word, got none at place {place}: "
                             "leave empty sources out")
        sizes = zip(self.sources, self.targets.rows, strict=True)
        self.sizes = [(len(x), len(y) - 1) for x, y in sizes]
        self.cuts, self.seed = cuts(sorted(self.sizes, reverse=True), tokens), seed
        self.per_pass, self._pass, self._batches = len(self.cuts), None, None

    def batch(self, numbers) -> Batch:
        """The pairs with these numbers, in this order."""
        source = pad([self.sources[n] for n in numbers], 0)
        return Batch(source, *self.targets.of(numbers), list(numbers))

    def __getitem__(self, step) -> Batch:
        number, k = divmod(step, self.per_pass)
        if number != self._pass:
            self._pass, self._batches = number, self._shuffled(number)
        return self.batch(self._batches[k])

    def __iter__(self):
        """The batches of the first pass."""
        return (self[step] for step in range(self.per_pass))

    def _shuffled(self, number):
        rng, order = random.Random(f"{self.seed}/{number}"), list(range(len(self.sizes)))
        rng.shuffle(order)
        order.sort(key=lambda n: self.sizes[n], reverse=True)
        batches = [order[start:end] for start, end in self.cuts]
        rng.shuffle(batches)
        return batches


class Pictures:
    """Batches of pictures and texts: `pictures[step]` is a `Batch` whose source is (pixels,).

    Args:
        pixels: (N, ...), the pictures.
        targets: the words of each text, without markers.
        vocab: of the texts, with begin and end marker.
        B: pictures in a batch.
        seed: of the order; a batch depends on the seed and its number only.
    """

    def __init__(self, pixels, targets, vocab, B, seed=0):
        self.pixels, self.targets, self.B, self.seed = pixels, Targets(targets, vocab), B, seed
        if len(pixels) != len(self.targets.ids) or B < 1:
            raise ValueError(
                f"expected one text for each picture and B of at least 1, got {len(pixels)} "
                f"pictures, {len(self.targets.ids)} texts and B={B}: leave none out"
            )
        self.per_pass = -(-len(pixels) // B)

    def batch(self, numbers) -> Batch:
        """The pictures with these numbers, in this order."""
        return Batch((self.pixels[numbers],), *self.targets.of(numbers), list(numbers))

    def __getitem__(self, step) -> Batch:
        number, k = divmod(step, self.per_pass)
        order = list(range(len(self.pixels)))
        random.Random(f"{self.seed}/{number}").shuffle(order)
        return self.batch(order[k * self.B : (k + 1) * self.B])

    def __iter__(self):
        """The batches of the first pass."""
        return (self[step] for step in range(self.per_pass))


def cuts(sizes, tokens: int) -> list[tuple[int, int]]:
    """Where to cut falling pairs (S, T) so that count * (longest S + longest T) <= tokens."""
    found, start, widest = [], 0, 0
    for end, (_, T) in enumerate(sizes):
        widest = max(widest, T)
        if end > start and (end - start + 1) * (sizes[start][0] + widest) > tokens:
            found.append((start, end))
            start, widest = end, T
    return [*found, (start, len(sizes))]
