"""Trees: brackets, levels, networks against a recursion and against the chain, errors."""

import random

import pytest
import torch

from rnnlib.cells import LSTMCell
from rnnlib.datasets.bracket_expressions import draw_tree, value
from rnnlib.models import GatedTreeCell, TreeClassifier, TreeLSTMCell, TreeNetwork, forest
from rnnlib.text import Vocab
from rnnlib.text_trees import Tree, height, parse, pieces, written

D, H = 4, 5
VOCAB = Vocab([*"0123456789", "max", "min", "add"])
TREES = [parse(text) for text in ("(max 3 (min 4 9 (add 1 2)))", "7", "(add (max 1 2) (min 3 4))")]
EXACT = {"rtol": 0, "atol": 1e-10}


def network(cell):
    torch.manual_seed(0)
    return TreeNetwork(len(VOCAB), D, cell(D, H)).double()


CELLS = [GatedTreeCell, TreeLSTMCell]


def fold(net, tree):
    """The state of a tree by recursion, from the equations on vectors."""
    cell, x = net.cell, net.E.weight[VOCAB[tree.label]]
    below, zero = [fold(net, child) for child in tree.children], torch.zeros(H).double()
    f = [torch.sigmoid(cell.W_f.weight @ x + cell.W_f.bias + cell.U_f.weight @ one[0])
         for one in below]
    if isinstance(cell, GatedTreeCell):
        s = sum((f_k * one[0] for f_k, one in zip(f, below, strict=True)), zero)
        return (torch.tanh(cell.W.weight @ x + cell.W.bias + cell.U.weight @ s),)
    s = sum((one[0] for one in below), zero)
    o, i, g = (cell.W.weight @ x + cell.W.bias + cell.U.weight @ s).chunk(3)
    c = torch.sigmoid(i) * torch.tanh(g)
    c = c + sum((f_k * one[1] for f_k, one in zip(f, below, strict=True)), zero)
    return torch.sigmoid(o) * torch.tanh(c), c


def test_brackets_are_read_and_written():
    tree = TREES[0]
    assert tree.label == "max" and [child.label for child in tree.children] == ["3", "min"]
    assert written(tree) == "(max 3 (min 4 9 (add 1 2)))" == repr(tree) and height(tree) == 3
    assert parse("  x ") == Tree("x") and height(Tree("x")) == 0
    assert parse("(a\n(b c))") == Tree("a", (Tree("b", (Tree("c"),)),))
    assert pieces("(max 3(min 4 9))") == ["(", "max", "3", "(", "min", "4", "9", ")", ")"]


def test_every_tree_survives_writing_and_reading():
    rng = random.Random(0)
    for _ in range(200):
        tree = draw_tree(rng, rng.randrange(6))
        assert parse(written(tree)) == tree


@pytest.mark.parametrize("cell", CELLS)
def test_a_forest_level_by_level_is_the_recursion(cell):
    net = network(cell)
    rng = random.Random(1)
    trees = TREES + [draw_tree(rng, depth) for depth in (1, 5, 3)]
    batch = forest(trees, VOCAB)
    h = net(batch)[batch.roots]
    for n, tree in enumerate(trees):
        torch.testing.assert_close(h[n], fold(net, tree)[0], **EXACT)
    assert len(batch.levels) == 6


@pytest.mark.parametrize("cell", CELLS)
def test_batch_mates_and_order_change_nothing(cell):
    net = network(cell)
    found = []
    for trees in (TREES, TREES[:1], TREES[::-1], TREES * 2):
        batch = forest(trees, VOCAB)
        found.append(net(batch)[batch.roots[trees.index(TREES[0])]])
    for other in found[1:]:
        torch.testing.assert_close(found[0], other, **EXACT)


@pytest.mark.parametrize("cell", CELLS)
def test_the_order_of_children_does_not_matter_and_the_structure_does(cell):
    net = network(cell)
    texts = ["(max 1 (min 2 3))", "(max (min 3 2) 1)", "(max 1 2 (min 3))", "(min 1 (max 2 3))"]
    batch = forest([parse(text) for text in texts], VOCAB)
    h = net(batch)[batch.roots]
    torch.testing.assert_close(h[0], h[1], **EXACT)
    assert (h[0] - h[2]).abs().max() > 1e-3 and (h[0] - h[3]).abs().max() > 1e-3


def test_a_tree_with_one_child_everywhere_is_a_chain_and_its_network_the_lstm():
    net, lstm = network(TreeLSTMCell), LSTMCell(D, H).double()
    cell = net.cell
    with torch.no_grad():
        for part, three, one in (("W", cell.W.weight, cell.W_f.weight),
                                 ("U", cell.U.weight, cell.U_f.weight),
                                 ("b", cell.W.bias, cell.W_f.bias)):
            o, i, g = three.chunk(3)
            getattr(lstm, part).copy_(torch.cat([o, i, one, g]))
    words = ["3", "max", "9", "add", "1"]
    tree = Tree(words[0])
    for word in words[1:]:
        tree = Tree(word, (tree,))
    batch, state = forest([tree], VOCAB), lstm.start(1)
    for word in words:
        state = lstm(net.E.weight[VOCAB[word]][None], state)
    torch.testing.assert_close(net(batch)[batch.roots], state[0], **EXACT)


@pytest.mark.parametrize("cell", CELLS)
def test_a_leaf_far_below_reaches_the_root(cell):
    net, batch = network(cell), forest(TREES[:1], VOCAB)
    (slope,) = torch.autograd.grad(net(batch)[batch.roots].sum(), net.E.weight)
    seen = {VOCAB.symbols[i] for i in slope.abs().sum(1).nonzero()[:, 0]}
    assert seen == {"max", "min", "add", "1", "2", "3", "4", "9"}


@pytest.mark.parametrize("cell", CELLS)
def test_a_classifier_of_trees_learns_values_by_heart(cell):
    rng = random.Random(2)
    trees = [draw_tree(rng, depth) for depth in (1, 2, 3) for _ in range(4)]
    labels, batch = torch.tensor([value(tree) for tree in trees]), forest(trees, VOCAB)
    torch.manual_seed(0)
    model = TreeClassifier(TreeNetwork(len(VOCAB), 8, cell(8, 16)), 10)
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(150):
        adam.zero_grad()
        total, count = model.loss(batch, labels)
        (total / count).backward()
        adam.step()
    assert torch.equal(model.best(batch), labels) and count == 12
    assert torch.equal(model.every_node(batch)[batch.roots], model(batch))


def test_a_very_deep_tree_is_read():
    text = "(max " * 3000 + "1" + ")" * 3000
    batch = forest([parse(text)], VOCAB)
    assert len(batch.levels) == 3001
    assert network(TreeLSTMCell)(batch)[batch.roots].isfinite().all()


@pytest.mark.parametrize("text, said", [
    ("", "got none in ''"), ("   ", "got none"), ("(max 3", "got 1 open bracket in '(max 3'"),
    ("((", "a bracket in the place of a label"), ("(max 3))", "')' after the end"),
    (")", "a closing bracket too many"), ("()", "a bracket without a label"),
    ("(max 3) 4", "'4' after the end"), ("((a) b)", "a bracket in the place of a label"),
    ("(a (b (c", "3 open brackets"), ("3 4", "'4' after the end"),
])
def test_malformed_brackets_are_one_sentence(text, said):
    with pytest.raises(ValueError) as error:
        parse(text)
    assert said in str(error.value) and "\n" not in str(error.value)
    assert "expected a tree such as (max 3 (min 4 9))" in str(error.value)


@pytest.mark.parametrize("call, text", [
    (lambda: forest([], VOCAB), "at least one tree, got none"),
    (lambda: forest(["(max 3)"], VOCAB), "got a str in '(max 3)'"),
    (lambda: forest([Tree("x")], VOCAB), "unknown symbol 'x'"),
    (lambda: TreeNetwork(5, D + 1, TreeLSTMCell(D, H)), "a cell with D=5, as the embedding, got D"),
    (lambda: value(parse("(mean 3 4)")), "a digit or one of max, min, add with arguments, got"),
    (lambda: value(parse("12")), "got '12'"),
    (lambda: value(parse("(max)")), "got 'max'"),
    (lambda: TreeClassifier(network(GatedTreeCell), 10).double().loss(
        forest(TREES, VOCAB), torch.tensor([1, 2, 10])), "labels from 0 to 9, got 10"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
