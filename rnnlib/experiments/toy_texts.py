"""Toys to decode: models so small that every text they can write may be listed.

`Table` is written by hand, a distribution after each beginning; `Trees` are random, thousands at
once.  Both have `step` and `begin`, all that decoding needs.
"""

import itertools

import torch

from ..text import BOS, EOS, Vocab


class Table:
    """A language model written by hand: the probabilities of the next word after each beginning.

    Args:
        table: {"": {"a": 0.6, "witches": 0.4}, "a": {...}, "a green": {...}}; a beginning that is
            not named, or that is missing probability, goes on with the end marker.

    The state (B,) says which beginning was read; `vocab` has <s>, </s> and the words.
    """

    def __init__(self, table: dict):
        words = [list(after) for after in table.values()] + [key.split() for key in table]
        self.vocab = Vocab.of([one for one in words if one], specials=(BOS, EOS))
        beginnings = {" ".join([*key.split(), word]).strip() for key in table for word in
                      ("", *table[key])}
        self.beginnings = sorted(beginnings, key=lambda text: (len(text.split()), text))
        number = {text: n for n, text in enumerate(self.beginnings)}
        shape = len(number) + 1, len(self.vocab)  # the last row is every other beginning
        self.probs = torch.zeros(shape, dtype=torch.float64)
        self.child = torch.full(shape, len(number))
        for text, after in table.items():
            for word, p in after.items():
                self.probs[number[text], self.vocab[word]] = p
                self.child[number[text], self.vocab[word]] = number[f"{text} {word}".strip()]
        self.probs[:, self.vocab.eos] += (1 - self.probs.sum(1)).clamp(min=0)
        self.child[-1, self.vocab.bos] = 0
        self.end = self.vocab.eos

    def begin(self, B: int = 1) -> tuple:
        """(<s> (B,), state (B,)) for B texts."""
        return torch.full((B,), self.vocab.bos), torch.full((B,), len(self.beginnings))

    def step(self, token, state):
        """Read one token (B,): log-probabilities of the next (B, len(vocab)) and the new state."""
        state = self.child[state, token]
        return self.probs[state].log(), state


class Trees:
    """N random models at once, each with its own distribution after every beginning of a text.

    Scores are normal with standard deviation `sharp`, then a softmax.  Token V - 1 is the end
    marker, texts have at most T tokens.  The state is nested: (model, (beginning, depth)).
    """

    def __init__(self, N: int, V: int, T: int, seed: int = 0, sharp: float = 2.0):
        generator = torch.Generator().manual_seed(seed)
        nodes = sum(V**t for t in range(T))
        scores = sharp * torch.randn(N, nodes, V, generator=generator, dtype=torch.float64)
        self.N, self.V, self.T, self.end = N, V, T, V - 1
        self.tables = torch.log_softmax(scores, -1)
        self.calls = 0

    def begin(self, models=None) -> tuple:
        """The first tokens and the state before them, of all models or some."""
        models = torch.arange(self.N) if models is None else torch.as_tensor(models)
        zeros = torch.zeros_like(models)
        return zeros, (models, (zeros, zeros))

    def step(self, token, state):
        """Read one token (B,): log-probabilities of the next (B, V) and the new state."""
        self.calls += 1
        model, (node, depth) = state
        child = torch.where(depth == 0, 0, node * self.V + token + 1)
        child = child.clamp(max=self.tables.shape[1] - 1)
        return self.tables[model, child], (model, (child, depth + 1))

    def score(self, model: int, ids) -> float:
        """The log-probability of a text, token by token."""
        node, total = 0, 0.0
        for token in ids:
            total += self.tables[model, node, token].item()
            node = node * self.V + token + 1
        return total

    def texts(self):
        """Every text of at most T tokens, as tuples: ended, or T tokens long."""
        inner = range(self.V - 1)
        for t in range(1, self.T + 1):
            for ids in itertools.product(inner, repeat=t - 1):
                yield (*ids, self.end)
        yield from itertools.product(inner, repeat=self.T)

    def best(self, model: int) -> tuple:
        """(score, ids) of the best text, ended texts before unfinished ones."""
        return max((ids[-1] == self.end, self.score(model, ids), ids) for ids in self.texts())[1:]
