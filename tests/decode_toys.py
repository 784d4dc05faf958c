"""Small models for the tests of decoding: any distribution over short texts, thousands at once."""

import itertools

import torch


class Trees:
    """N models at once, each with its own random distribution after every beginning of a text.

    Token V - 1 is the end marker. The state is nested on purpose: (model, (node, depth)).
    """

    def __init__(self, N, V, T, seed=0, sharp=2.0):
        generator = torch.Generator().manual_seed(seed)
        nodes = sum(V**t for t in range(T))
        scores = sharp * torch.randn(N, nodes, V, generator=generator, dtype=torch.float64)
        self.N, self.V, self.T, self.end = N, V, T, V - 1
        self.tables = torch.log_softmax(scores, -1)
        self.calls = 0

    def begin(self, models=None):
        """The first tokens and the state before them, of all models or some."""
        models = torch.arange(self.N) if models is None else torch.as_tensor(models)
        zeros = torch.zeros_like(models)
        return zeros, (models, (zeros, zeros))

    def step(self, token, state):
        self.calls += 1
        model, (node, depth) = state
        child = torch.where(depth == 0, 0, node * self.V + token + 1)
        child = child.clamp(max=self.tables.shape[1] - 1)
        return self.tables[model, child], (model, (child, depth + 1))

    def score(self, model, ids):
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

    def best(self, model):
        """(score, ids) of the best text, ended texts before unfinished ones."""
        return max((ids[-1] == self.end, self.score(model, ids), ids) for ids in self.texts())[1:]


def slow_beam(trees, model, width):
    """Beam search of one model as a loop over hypotheses: [(ids, score)] finished ones first."""
    live, done = [((), 0.0)], []
    for _ in range(trees.T):
        every = [((*ids, token), trees.score(model, (*ids, token)))
                 for ids, _ in live for token in range(trees.V)]
        every.sort(key=lambda pair: -pair[1])
        best = every[:width - len(done)]
        done += [pair for pair in best if pair[0][-1] == trees.end]
        live = [pair for pair in best if pair[0][-1] != trees.end]
        if not live:
            break
    done.sort(key=lambda pair: -pair[1])
    return done + sorted(live, key=lambda pair: -pair[1])


def slow_variable(trees, model, factor):
    """The variable beam of one model as a loop over hypotheses: [(ids, score)]."""
    live, done = [((), 0.0)], []
    bar = torch.tensor(factor, dtype=torch.float64).log().item()
    for _ in range(trees.T):
        every = [((*ids, token), trees.score(model, (*ids, token)))
                 for ids, _ in live for token in range(trees.V)]
        top = max(score for _, score in every + done)
        near = [pair for pair in every if pair[1] >= top + bar]
        done += [pair for pair in near if pair[0][-1] == trees.end]
        live = [pair for pair in near if pair[0][-1] != trees.end]
        if not live:
            break
    done.sort(key=lambda pair: -pair[1])
    return done + sorted(live, key=lambda pair: -pair[1])
