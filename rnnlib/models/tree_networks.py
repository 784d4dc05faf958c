"""Recurrent networks along a tree instead of a chain: a node's state is made of its children's.

Every tree network is used the same way: `network(forest) -> h (nodes, H)`, children before their
parents, and `network.cell(x, state, parents, N)` is one level.  With a single child at every node
a tree is a chain, and the child-sum Tree-LSTM is the LSTM.  Taught in notebooks/16_trees.ipynb.
"""

import torch
from torch import Tensor, nn, sigmoid, tanh

from ..cells import LSTMCell
from ..crf import check_labels
from ..metrics import cross_entropy
from .forests import Forest
from .outputs import embedding


def summed(values: Tensor, parents: Tensor, N: int) -> Tensor:
    """The sum of the children's values (M, H) for each of N nodes: (N, H), zeros for leaves."""
    return values.new_zeros(N, values.shape[1]).index_add(0, parents, values)


class GatedTreeCell(nn.Module):
    """A weighted sum of the children, each weight a gate (cs505).

        f_k = sigmoid(W_f x + U_f h_k + b_f)       for each child k
        s   = sum over k of f_k * h_k
        h   = tanh(W x + U s + b)
    """

    states = ("h",)

    def __init__(self, D, H):
        super().__init__()
        self.D, self.H = D, H
        self.W, self.U = nn.Linear(D, H), nn.Linear(H, H, bias=False)
        self.W_f, self.U_f = nn.Linear(D, H), nn.Linear(H, H, bias=False)

    def forward(self, x: Tensor, children: tuple, parents: Tensor) -> tuple:
        """The states (h,) of N nodes from x (N, D) and the children's states (h_k (M, H),)."""
        (h_k,) = children
        f_k = sigmoid(self.W_f(x)[parents] + self.U_f(h_k))
        s = summed(f_k * h_k, parents, len(x))
        h = tanh(self.W(x) + self.U(s))
        return (h,)


class TreeLSTMCell(nn.Module):
    """The child-sum Tree-LSTM: a forget gate for each child (Tai, Socher and Manning 2015).

        s   = sum over k of h_k
        i   = sigmoid(W_i x + U_i s + b_i)         o, g alike (g with tanh)
        f_k = sigmoid(W_f x + U_f h_k + b_f)       for each child k
        c   = i * g + sum over k of f_k * c_k
        h   = o * tanh(c)
    """

    states = ("h", "c")

    def __init__(self, D, H):
        super().__init__()
        self.D, self.H = D, H
        self.W, self.U = nn.Linear(D, 3 * H), nn.Linear(H, 3 * H, bias=False)  # rows o i g
        self.W_f, self.U_f = nn.Linear(D, H), nn.Linear(H, H, bias=False)
        with torch.no_grad():
            self.W_f.bias.fill_(1.0)  # remember at first

    def forward(self, x: Tensor, children: tuple, parents: Tensor) -> tuple:
        """The states (h, c) of N nodes from x (N, D) and the children's (h_k, c_k), (M, H) each."""
        h_k, c_k = children
        s = summed(h_k, parents, len(x))
        o, i, g = (self.W(x) + self.U(s)).chunk(3, 1)
        f_k = sigmoid(self.W_f(x)[parents] + self.U_f(h_k))
        c = sigmoid(i) * tanh(g) + summed(f_k * c_k, parents, len(x))
        h = sigmoid(o) * tanh(c)
        return h, c

    @torch.no_grad()
    def as_chain(self) -> LSTMCell:
        """The LSTMCell with the same weights: what is left where every node has one child."""
        lstm = LSTMCell(self.D, self.H).to(self.W.weight)
        for part, three, one in (("W", self.W.weight, self.W_f.weight),
                                 ("U", self.U.weight, self.U_f.weight),
                                 ("b", self.W.bias, self.W_f.bias)):
            o, i, g = three.chunk(3)
            getattr(lstm, part).copy_(torch.cat([o, i, one, g]))
        return lstm


class TreeNetwork(nn.Module):
    """The states of all nodes of a forest.

    Args:
        size: number of labels, `len(vocab)`.
        D: size of the labels' embedding; the cell's D.
        cell: a GatedTreeCell or a TreeLSTMCell.
    """

    def __init__(self, size, D, cell):
        super().__init__()
        if cell.D != D:
            raise ValueError(
                f"expected a cell with D={D}, as the embedding, got D={cell.D}: make both equal"
            )
        self.E, self.cell, self.size = embedding(size, D), cell, cell.H

    def forward(self, forest: Forest) -> Tensor:
        """h (nodes, H), numbered as in the forest."""
        cell, weight = self.cell, self.E.weight
        states = tuple(weight.new_zeros(0, cell.H) for _ in cell.states)
        for level in forest.levels:
            children = tuple(s[level.children] for s in states)
            new = cell(self.E(level.labels), children, level.parents)
            states = tuple(torch.cat(both) for both in zip(states, new, strict=True))
        return states[0]


class TreeClassifier(nn.Module):
    """One of K labels for a whole tree, from the state of its root: V h + b.

    Used like the classifiers of texts: `loss(forest, labels)` is (total nats, trees),
    `best(forest)` the labels (B,).
    """

    def __init__(self, network, K, dropout=0.0):
        super().__init__()
        self.network, self.V = network, nn.Linear(network.size, K)
        self.dropout = nn.Dropout(dropout)

    def every_node(self, forest: Forest) -> Tensor:
        """Scores before the softmax for every node (nodes, K): the value of each subtree."""
        return self.V(self.dropout(self.network(forest)))

    def forward(self, forest: Forest) -> Tensor:
        """Scores before the softmax for the roots (B, K)."""
        return self.V(self.dropout(self.network(forest)[forest.roots]))

    def loss(self, forest: Forest, labels: Tensor) -> tuple[Tensor, int]:
        """Total nats of the labels (B,), and the number of trees."""
        scores = self(forest)
        everything = torch.ones_like(labels, dtype=torch.bool)
        return cross_entropy(scores, check_labels(labels, scores.shape[1], everything))

    @torch.no_grad()
    def best(self, forest: Forest) -> Tensor:
        """The most probable label of each tree (B,)."""
        return self(forest).argmax(1)
