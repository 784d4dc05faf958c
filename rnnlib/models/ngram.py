"""The n-gram language model: counts, discounted and interpolated (Kneser and Ney 1995).

With c a count, D the discount, h the last k - 1 symbols and h' the last k - 2 of them:

    P_k(w | h) = max(c(h w) - D, 0) / c(h)  +  D N(h) / c(h) * P_(k-1)(w | h')

c(h) is the sum of c(h w) over all w, and N(h) how many different w came after h: what the discount
takes from the seen is given to the lower order.  Below k = 1 all symbols are equally likely.  The
highest order counts occurrences.  A lower order counts in how many different contexts a gram was
seen: the number of different symbols to the left of it, where the beginning of a sequence counts
each time.  The first symbol of a sequence (a begin marker) is read and never guessed: alone it is
no gram.  A history never seen says nothing: P_k is P_(k-1) there.
"""

import torch
from torch import Tensor


class NGram:
    """Interpolated Kneser-Ney over ids, for any n of at least 1; exact, in float64.

    Taught in notebooks/01_order_matters.ipynb and notebooks/04_language_models.ipynb.

    Args:
        sequences: ids (T,) each; no gram crosses from one into the next.  A running text is one.
        size: number of symbols, `len(vocab)`; all of them have a probability above 0.
        n: symbols in a gram; n - 1 of them are the history.
        discount: D between 0 and 1 for every order; by default n1 / (n1 + 2 n2) for each order,
            with n1 and n2 the number of grams counted once and twice (Ney, Essen and Kneser 1994).
    """

    def __init__(self, sequences, size: int, n: int, discount: float | None = None):
        ids, place = _joined(sequences, size, n)
        if discount is not None and not 0 < discount < 1:
            raise ValueError(
                f"expected a discount between 0 and 1, got {discount}: it is taken from counts "
                "of at least 1"
            )
        self.size, self.n, self.edge = size, n, size
        self.keys: list[Tensor] = []  # of each order: rank of the history times size, plus symbol
        self.counts: list[Tensor] = []  # of each gram, in the order of the keys
        self.sums: list[Tensor] = []  # c(h) and N(h), by the rank of the history
        self.kinds: list[Tensor] = []
        self.discounts: list[float] = []
        for k, counts in enumerate(self._grams(ids, place), 1):
            self._add(counts, discount if discount is not None else _estimate(counts), k)

    def _grams(self, ids: Tensor, place: Tensor) -> list[Tensor]:
        """The counts of each order; fills `keys` on the way."""
        ranks, counts, before = [], [], torch.zeros_like(ids)
        for k in range(self.n):
            here = (place >= k).nonzero()[:, 0]  # a gram of k + 1 symbols may end here
            key = before[here] * self.size + ids[here]
            unique, rank, count = torch.unique(key, return_inverse=True, return_counts=True)
            if k:
                example = torch.empty_like(unique)
                example[rank] = here  # one place where each gram ends
                counts[-1] = _continued(ranks[-1], example, (place == k - 1) & (k > 1))
            self.keys.append(unique)
            first = rank[place[here] == 0]  # alone, a first symbol is read and never guessed
            counts.append(count - torch.bincount(first, minlength=len(unique)))
            ranks.append(torch.full_like(ids, -1))
            ranks[-1][here] = rank
            before = ranks[-1].roll(1)
        return [count.double() for count in counts]

    def _add(self, counts: Tensor, discount: float, k: int) -> None:
        history = self.keys[k - 1] // self.size
        contexts = 1 if k == 1 else max(1, len(self.keys[k - 2]))
        self.counts.append(counts)
        self.sums.append(torch.bincount(history, counts, contexts))
        self.kinds.append(torch.bincount(history, (counts > 0).double(), contexts))
        self.discounts.append(discount)

    @property
    def distinct(self) -> list[int]:
        """How many different grams of 1, 2, ..., n symbols were seen."""
        return [len(keys) for keys in self.keys]

    @property
    def bytes(self) -> int:
        """The memory that the tables take."""
        tables = self.keys + self.counts + self.sums + self.kinds
        return sum(table.numel() * table.element_size() for table in tables)

    def start(self, B: int) -> Tensor:
        """The state before anything was read: the last n - 1 ids (B, n - 1), here all `edge`."""
        return torch.full((B, self.n - 1), self.edge)

    def step(self, token: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Read one token (B,): log-probabilities of the next (B, size), and the new state."""
        seen = torch.cat([state, token[:, None]], 1)
        last = seen[:, len(seen[0]) - self.n + 1 :]
        return self.after(last).log(), last

    def after(self, history: Tensor) -> Tensor:
        """The probabilities (B, size) of every symbol after n - 1 ids, `edge` for no symbol."""
        p = torch.full((len(history), self.size), 1 / self.size, dtype=torch.float64)
        for k, rank in enumerate(self._histories(history[:, None]), 1):
            rank = rank[:, 0]
            row = ((rank >= 0) & (self.sums[k - 1][rank] > 0)).nonzero()[:, 0]
            h = rank[row]
            D, c = self.discounts[k - 1], self.sums[k - 1][h]
            p[row] *= (D * self.kinds[k - 1][h] / c)[:, None]
            begin, end = (torch.searchsorted(self.keys[k - 1], (h + i) * self.size) for i in (0, 1))
            many = end - begin
            each = torch.arange(len(h)).repeat_interleave(many)  # which row a gram belongs to
            gram = torch.arange(len(each)) + (begin - many.cumsum(0) + many)[each]
            share = (self.counts[k - 1][gram] - D).clamp(min=0) / c[each]
            p[row[each], self.keys[k - 1][gram] % self.size] += share
        return p

    def score(self, x: Tensor, y: Tensor, state=None) -> tuple[Tensor, Tensor]:
        """Log-probabilities (B, T) of the symbols y, each after x up to the one before; new state.

        x and y (B, T) are ids, y one symbol later; the state is what was read before.
        """
        if x.shape != y.shape or x.dim() != 2:
            raise ValueError(
                f"expected ids x and y of one shape (B, T), got {tuple(x.shape)} and "
                f"{tuple(y.shape)}: y is x one symbol later"
            )
        seen = torch.cat([self.start(len(x)) if state is None else state, x], 1)
        history = seen.unfold(1, self.n - 1, 1)[:, 1:] if self.n > 1 else x[..., None][..., :0]
        p = torch.full(y.shape, 1 / self.size, dtype=torch.float64)
        for k, rank in enumerate(self._histories(history), 1):
            count = self._looked_up(k, rank * self.size + y, self.counts[k - 1])
            D, c, N = self.discounts[k - 1], self.sums[k - 1][rank], self.kinds[k - 1][rank]
            mixed = ((count - D).clamp(min=0) + D * N * p) / c
            p = torch.where((rank >= 0) & (c > 0), mixed, p)
        return p.log(), seen[:, seen.shape[1] - self.n + 1 :]

    def _histories(self, history: Tensor):
        """For k = 1 ... n the rank of the last k - 1 ids (B, T, n - 1) as a context, -1 if unseen.

        Where a sequence has not that many symbols yet, it is unseen too.
        """
        yield torch.zeros(history.shape[:-1], dtype=torch.long)
        for k in range(1, self.n):
            rank = torch.zeros(history.shape[:-1], dtype=torch.long)
            for j, symbol in enumerate(history[..., self.n - 1 - k :].unbind(-1), 1):
                key = torch.where(symbol == self.edge, -1, rank * self.size + symbol)
                key = torch.where(rank < 0, -1, key)
                rank = self._looked_up(j, key, None)
            yield rank

    def _looked_up(self, k: int, key: Tensor, values: Tensor | None) -> Tensor:
        """The values of k-grams by their keys, 0 where unseen; without values their rank, or -1."""
        keys = self.keys[k - 1]
        if not len(keys):
            return torch.full(key.shape, -1 if values is None else 0)
        place = torch.searchsorted(keys, key).clamp(max=len(keys) - 1)
        if values is None:
            return torch.where(keys[place] == key, place, -1)
        return torch.where(keys[place] == key, values[place], 0.0)


def _joined(sequences, size: int, n: int) -> tuple[Tensor, Tensor]:
    """All ids in a row, and the place of each in its own sequence, from 0."""
    if n < 1:
        raise ValueError(f"expected n of at least 1, got {n}: n = 1 counts single symbols")
    sequences = [torch.as_tensor(sequence) for sequence in sequences]
    if any(sequence.dim() != 1 for sequence in sequences):
        raise ValueError(
            "expected a list of sequences of ids, (T,) each, got single ids: "
            "a running text is a list of one sequence, [ids]"
        )
    ids = torch.cat(sequences) if sequences else torch.empty(0)
    if len(ids) == 0:
        raise ValueError("expected at least one symbol to count, got none: is the text empty?")
    if ids.min() < 0 or ids.max() >= size:
        raise ValueError(
            f"expected ids from 0 to {size - 1}, got {ids.min().item()} to {ids.max().item()}: "
            "size is len(vocab)"
        )
    return ids, torch.cat([torch.arange(len(sequence)) for sequence in sequences])


def _continued(rank: Tensor, example: Tensor, begins: Tensor) -> Tensor:
    """For each gram the number of different symbols before it, plus its times at a beginning.

    rank: of the gram that ends at each place; example: one place for each gram that is one longer.
    """
    size = int(rank.max()) + 1
    return torch.bincount(rank[example], minlength=size) + torch.bincount(
        rank[begins], minlength=size
    )


def _estimate(counts: Tensor) -> float:
    """D = n1 / (n1 + 2 n2), kept off 0 and 1."""
    once, twice = ((counts == c).sum().item() for c in (1, 2))
    return min(max(once / (once + 2 * twice), 0.05), 0.95) if once else 0.5
