"""Right and wrong answers to the exercises of notebook 16, for the tests alone."""
import torch

from rnnlib.text_trees import Tree

# --- fold a tree --------------------------------------------------------------------------------


def fold_by_recursion(tree, combine):
    return combine(tree.label, [fold_by_recursion(child, combine) for child in tree.children])


def fold_by_stack(tree, combine):
    """Another way: no recursion, results kept by the node's place."""
    order, waiting = [], [tree]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(order[-1].children)
    found = {}
    for one in reversed(order):
        found[id(one)] = combine(one.label, tuple(found[id(child)] for child in one.children))
    return found[id(tree)]


def folding(change, leaf=None):
    def fold(tree, combine):
        if leaf and not tree.children:
            return leaf(tree)
        return combine(tree.label, change([fold(child, combine) for child in tree.children]))
    return fold


FOLD_RIGHT = [fold_by_recursion, fold_by_stack]
FOLD_WRONG = [
    (folding(lambda r: list(reversed(r))), "turned round"),
    (folding(lambda r: sorted(r)), "order of the children is lost"),
    (lambda tree, combine: combine(tree.label, [c.label for c in tree.children]),
     "visited before its children"),
    (lambda tree, combine: combine(tree.label, tree.children), "unfolded"),
    (folding(lambda r: r, leaf=lambda tree: tree.label), "leaves are not combined"),
    (folding(lambda r: r[:1]), "only the first child"),
    (folding(lambda r: r[-1:]), "only the last child"),
    (folding(lambda r: [x for n, x in enumerate(r) if x not in r[:n]]), "counted once"),
]


# --- levels -------------------------------------------------------------------------------------


def levels_by_recursion(children):
    def height(n):
        return max((1 + height(k) for k in children[n]), default=0)

    heights = [height(n) for n in range(len(children))]
    return [[n for n, h in enumerate(heights) if h == level] for level in range(max(heights) + 1)]


def levels_by_rounds(children):
    """Another way: in each round the nodes whose children are all done."""
    done, found = set(), []
    while len(done) < len(children):
        ready = [n for n in range(len(children))
                 if n not in done and all(k in done for k in children[n])]
        found.append(ready)
        done.update(ready)
    return found


def from_above(children):
    below = {k for row in children for k in row}
    level, found = [n for n in range(len(children)) if n not in below], []
    while level:
        found.append(sorted(level))
        level = [k for n in level for k in children[n]]
    return found


def nearest(children):
    def way(n):
        return min((1 + way(k) for k in children[n]), default=0)

    ways = [way(n) for n in range(len(children))]
    return [[n for n, w in enumerate(ways) if w == level] for level in sorted(set(ways))]


def by_number(children):
    counts = sorted({len(row) for row in children})
    return [[n for n, row in enumerate(children) if len(row) == count] for count in counts]


LEVELS_RIGHT = [levels_by_recursion, levels_by_rounds]
LEVELS_WRONG = [
    (from_above, "the root comes first"),
    (lambda children: levels_by_rounds(children)[::-1], "the leaves come first"),
    (lambda children: from_above(children)[::-1], "counted from the root upwards"),
    (nearest, "nearest leaf"),
    (by_number, "number of children"),
    (lambda children: [row for row in levels_by_rounds(children)
                       if all(children[n] for n in row)], "the leaves are missing"),
    (lambda children: [[n] for row in levels_by_rounds(children) for n in row],
     "one level for each node"),
]


# --- a chain as a tree --------------------------------------------------------------------------


def chain_by_loop(words):
    tree = None
    for word in words:
        tree = Tree(word, () if tree is None else (tree,))
    return tree


def chain_by_recursion(words):
    return Tree(words[-1], (chain_by_recursion(words[:-1]),) if words[1:] else ())


CHAIN_RIGHT = [chain_by_loop, chain_by_recursion]
CHAIN_WRONG = [
    (lambda words: chain_by_loop(list(reversed(words))), "the first word is the root"),
    (lambda words: Tree(words[-1], tuple(Tree(word) for word in words[:-1])), "one node"),
    (lambda words: chain_by_loop(words[1:]), "the first word is missing"),
    (lambda words: chain_by_loop(words[:-1]), "the last word is missing"),
]


# --- a gated sum --------------------------------------------------------------------------------


def gated_by_loop(x, h, W, U, b):
    s = torch.zeros(U["h"].shape[0])
    for h_k in h:
        f_k = torch.sigmoid(W["f"] @ x + U["f"] @ h_k + b["f"])
        s = s + f_k * h_k
    return torch.tanh(W["h"] @ x + U["h"] @ s + b["h"])


def gated_by_matrix(x, h, W, U, b):
    f = torch.sigmoid(W["f"] @ x + b["f"] + torch.einsum("ij,mj->mi", U["f"], h))
    return torch.tanh(W["h"] @ x + b["h"] + U["h"] @ (f * h).sum(0))


def with_sum(mix, end=torch.tanh):
    return lambda x, h, W, U, b: end(W["h"] @ x + U["h"] @ mix(x, h, W, U, b) + b["h"])


def f_of(x, h, W, U, b):
    return torch.sigmoid(W["f"] @ x + h @ U["f"].T + b["f"])


def softmax_gates(x, h, W, U, b):
    return (torch.softmax(W["f"] @ x + h @ U["f"].T + b["f"], 0) * h).sum(0)


GATED_RIGHT = [gated_by_loop, gated_by_matrix]
GATED_WRONG = [
    (with_sum(lambda x, h, W, U, b: f_of(x, h.sum(0), W, U, b) * h.sum(0)),
     "one gate for all children"),
    (with_sum(lambda x, h, W, U, b: h.sum(0)), "without gates"),
    (with_sum(lambda x, h, W, U, b: (f_of(x, h, W, U, b) * h).sum(0) / max(1, h.shape[0])),
     "the mean of the children"),
    (with_sum(softmax_gates), "add up to one"),
    (with_sum(lambda x, h, W, U, b: torch.sigmoid(W["f"] @ x + b["f"]) * h.sum(0)),
     "the label only"),
    (with_sum(lambda x, h, W, U, b: f_of(x, h, W, U, b).sum(0)), "the gates alone"),
    (with_sum(lambda x, h, W, U, b: (f_of(x, h, W, U, b) * h).sum(0), lambda a: a),
     "the tanh is missing"),
    (with_sum(lambda x, h, W, U, b: (f_of(x, h, W, U, b) * h)[-1:].sum(0)), "only the last child"),
    (lambda x, h, W, U, b: (f_of(x, h, W, U, b) * h).sum(0), "the gated sum s"),
]


# --- a node of a Tree-LSTM ----------------------------------------------------------------------


def tree_lstm_by_loop(x, h, c, W, U, b):
    H = b["i"].shape[0]
    s = sum(h, torch.zeros(H))
    i, o = (torch.sigmoid(W[k] @ x + U[k] @ s + b[k]) for k in "io")
    new = i * torch.tanh(W["g"] @ x + U["g"] @ s + b["g"])
    for h_k, c_k in zip(h, c, strict=True):
        new = new + torch.sigmoid(W["f"] @ x + U["f"] @ h_k + b["f"]) * c_k
    return o * torch.tanh(new), new


def tree_lstm_by_lines(x, h, c, W, U, b):
    return tree_lstm_with()(x, h, c, W, U, b)


def tree_lstm_with(kept=lambda x, h, c, W, U, b: (f_of(x, h, W, U, b) * c).sum(0),
                   s=lambda h: h.sum(0), put=torch.mul, out=lambda o, c: o * torch.tanh(c)):
    def node(x, h, c, W, U, b):
        a = {k: W[k] @ x + U[k] @ s(h) + b[k] for k in "iog"}
        new = put(torch.sigmoid(a["i"]), torch.tanh(a["g"])) + kept(x, h, c, W, U, b)
        return out(torch.sigmoid(a["o"]), new), new
    return node


def swapped(x, h, c, W, U, b):
    W, U, b = ({**part, "i": part["f"], "f": part["i"]} for part in (W, U, b))
    return tree_lstm_by_loop(x, h, c, W, U, b)


TREE_LSTM_RIGHT = [tree_lstm_by_loop, tree_lstm_by_lines]
TREE_LSTM_WRONG = [
    (tree_lstm_with(lambda x, h, c, W, U, b: f_of(x, h.sum(0), W, U, b) * c.sum(0)),
     "one forget gate for all children"),
    (tree_lstm_with(lambda x, h, c, W, U, b: c.sum(0)), "added without gates"),
    (tree_lstm_with(lambda x, h, c, W, U, b: (f_of(x, c, W, U, b) * c).sum(0)),
     "read the children's cells"),
    (tree_lstm_with(lambda x, h, c, W, U, b: (f_of(x, h, W, U, b) * h).sum(0)),
     "put on the children's h"),
    (tree_lstm_with(s=lambda h: h.sum(0) / max(len(h), 1)), "mean of the children"),
    (tree_lstm_with(s=lambda h: h[-1:].sum(0)), "only the last child"),
    (tree_lstm_with(put=lambda i, g: g), "input gate is missing"),
    (tree_lstm_with(out=lambda o, c: o * c), "tanh around c"),
    (tree_lstm_with(out=lambda o, c: torch.tanh(c)), "output gate is missing"),
    (swapped, "input and forget gate are exchanged"),
    (lambda x, h, c, W, U, b: tree_lstm_by_loop(x, h, c, W, U, b)[::-1], "h and c are exchanged"),
]
