"""From sequences to batches: padding, masks, buckets of similar length, segments of a long text."""

import random

import torch


def pad(sequences, value):
    """Put sequences of different lengths into one batch, filled at the right with `value`.

    Args:
        sequences: tensors or lists, each (T_b,) or (T_b, D), none empty.
        value: what stands after the end of a sequence, for ids `vocab.pad`.

    Returns:
        x (B, T) or (B, T, D), with T the longest length, and lengths (B,).
    """
    rows = [torch.as_tensor(sequence) for sequence in sequences]
    if not rows:
        raise ValueError("a batch needs at least one sequence, got none: is the split empty?")
    lengths = torch.tensor([len(row) for row in rows])
    if lengths.min() < 1:
        raise ValueError(f"every sequence needs at least one token, got length 0 at position "
                         f"{lengths.argmin().item()}: leave empty ones out before padding")
    x = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)
    return x, lengths.to(x.device)


def mask(lengths, T):
    """Mark the real tokens of a padded batch: bool (B, T), True where t < length."""
    lengths = torch.as_tensor(lengths)
    if lengths.ndim != 1 or len(lengths) == 0:
        raise ValueError(f"lengths must be (B,) with B at least 1, got {tuple(lengths.shape)}: "
                         "give one length per sequence")
    low, high = lengths.min().item(), lengths.max().item()
    if low < 1 or high > T:
        raise ValueError(f"lengths must be from 1 to T={T}, got {low} to {high}: "
                         "take them from pad, together with the batch")
    return torch.arange(T, device=lengths.device) < lengths[:, None]


class Buckets:
    """Batches of similar lengths: `buckets[step]` is the list of indices of batch number `step`.

    Sequences of about equal length (within a tenth) share a batch of at most `tokens` padded
    tokens (a single longer sequence is a batch alone). Each pass draws new neighbours and a new
    order. A batch depends only on `seed` and `step`, so training resumes with the same batches.

    Args:
        lengths: the length of each sequence.
        tokens: padded tokens in a batch, number of sequences times the longest.
        seed: a whole number.
    """

    def __init__(self, lengths, tokens, seed):
        lengths = [int(length) for length in lengths]
        if not lengths or min(lengths) < 1 or tokens < 1:
            raise ValueError("buckets need lengths of at least 1 and room for at least 1 token, "
                             f"got {len(lengths)} lengths from {min(lengths, default=0)} and "
                             f"tokens={tokens}: leave empty sequences out")
        steps = _steps(max(lengths))
        self.widths = [steps[length] for length in lengths]
        self.seed = seed
        self._cuts = _cuts(sorted(self.widths, reverse=True), tokens)
        self._pass, self._batches = None, None

    @property
    def per_pass(self):
        """How many batches show every sequence once."""
        return len(self._cuts)

    def __getitem__(self, step):
        number, k = divmod(_step(step), self.per_pass)
        if number != self._pass:
            self._pass, self._batches = number, self._shuffled(number)
        return list(self._batches[k])

    def __iter__(self):
        """The batches of the first pass."""
        return (self[step] for step in range(self.per_pass))

    def _shuffled(self, number):
        rng = random.Random(f"{self.seed}/{number}")
        order = list(range(len(self.widths)))
        rng.shuffle(order)
        order.sort(key=lambda i: -self.widths[i])
        batches = [order[start:end] for start, end in self._cuts]
        rng.shuffle(batches)
        return batches


class Segments:
    """A long text as B parallel rows, cut into segments of T tokens for truncated BPTT.

    `segments[step]` is `(x (B, T), y (B, T), fresh)`; y is x one token later. Row b of the next
    segment continues row b of this one, so a state may be carried. `fresh` is True where the rows
    start again and the state must be reset. The last tokens of a row that do not fill a segment
    are left out.

    Args:
        ids: (N,) the whole text as ids; at least B * T + 1.
    """

    def __init__(self, ids, B, T):
        ids = torch.as_tensor(ids)
        if B < 1 or T < 1 or ids.ndim != 1 or len(ids) < B * T + 1:
            raise ValueError(f"segments of B={B} rows and T={T} tokens need ids (N,) with N at "
                             f"least B * T + 1 = {B * T + 1}, got {tuple(ids.shape)}: "
                             "use fewer rows, shorter segments or more text")
        length = (len(ids) - 1) // B
        self.x = ids[: B * length].view(B, length)
        self.y = ids[1 : B * length + 1].view(B, length)
        self.T, self.per_pass = T, length // T

    def __getitem__(self, step):
        k = _step(step) % self.per_pass
        here = slice(k * self.T, (k + 1) * self.T)
        return self.x[:, here], self.y[:, here], k == 0

    def __iter__(self):
        """The segments of one pass."""
        return (self[step] for step in range(self.per_pass))


def _step(step):
    if step < 0:
        raise ValueError(f"batches are numbered from 0, got {step}: the number only goes up")
    return step


def _steps(longest):
    """Round each length up to one of a series growing by a tenth: 1 2 ... 10 11 12 ... 20 22."""
    table, step = [0], 1
    while len(table) <= longest:
        table += [step] * (step + 1 - len(table))
        step = max(step + 1, step * 11 // 10)
    return table


def _cuts(widths, tokens):
    """Where to cut a falling list of widths so that count times width stays within `tokens`."""
    cuts, start = [], 0
    while start < len(widths):
        end = min(len(widths), start + max(1, tokens // widths[start]))
        cuts.append((start, end))
        start = end
    return cuts
