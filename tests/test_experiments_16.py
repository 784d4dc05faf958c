"""The experiments of notebook 16: labels, splits, chains and trees; real sentences as trees."""
import dataclasses
import random

import pytest
import torch

from rnnlib.datasets import dependency_trees
from rnnlib.datasets.bracket_expressions import draw_tree, expressions
from rnnlib.datasets.dependency_trees import Sentence, dependencies, tree_of
from rnnlib.experiments import expression_tasks, tree_or_chain, tree_readers
from rnnlib.experiments.expression_tasks import elsewhere, in_line, of_value, sorted_tree, split
from rnnlib.experiments.record import Record
from rnnlib.experiments.tree_or_chain import LABELS, NETWORKS, Recipe, Rows, batches, built
from rnnlib.layers_built import weights
from rnnlib.models import forest
from rnnlib.models.forests import listed
from rnnlib.text_trees import Tree, height, parse, pieces, written


@pytest.fixture(scope="module")
def parts():
    made = dataclasses.make_dataclass("D", ["train", "valid", "test", "name", "sha256"])
    return split(made(**expressions(count=400), name="small", sha256=""))


@pytest.mark.parametrize("text, whole, flat", [
    ("(max 3 (min 4 9))", 4, 3), ("(min 4 (max 3 9))", 4, 9), ("(add 7 8)", 5, 5),
    ("(max (add 6 5) 3)", 3, 4), ("(add 1 (max 2 9))", 0, 9),
])
def test_the_two_labels_by_hand(text, whole, flat):
    """In line (min 4 (max 3 9)): add nothing; min of 0 and 4 is 0; max with 3, with 9."""
    assert of_value(text) == whole and in_line(text) == flat


def test_brackets_change_the_value_and_not_what_stands_in_line():
    one, other = "(max 2 (add 9 3))", "(max 2 (add 9) 3)"
    assert in_line(one) == in_line(other) and of_value(one) == 2 and of_value(other) == 9


def test_sorted_trees_are_equal_exactly_for_other_orders_of_arguments():
    same = ["(max 1 (min 2 3))", "(max (min 3 2) 1)", "(max (min 2 3) 1)"]
    assert len({sorted_tree(parse(text)) for text in same}) == 1
    assert sorted_tree(parse("(max 2 (min 1 3))")) != sorted_tree(parse(same[0]))


def test_no_test_expression_is_one_of_training_with_other_orders(parts):
    forms = {sorted_tree(parse(text)) for text in parts.train}
    assert not any(sorted_tree(parse(t)) in forms for texts in parts.tests.values() for t in texts)
    assert not any(sorted_tree(parse(text)) in forms for text in parts.dev)


def test_what_is_learned_is_shallow_and_each_test_has_its_depth(parts):
    assert max(height(parse(text)) for text in parts.train) == 3
    assert list(parts.tests) == list(range(1, 9)) and all(parts.tests.values())
    for depth, texts in parts.tests.items():
        assert {height(parse(text)) for text in texts} == {depth}


def test_a_wrong_tree_has_the_same_root_and_nodes_hung_elsewhere():
    rng, other = random.Random(3), 0
    for _ in range(50):
        tree = draw_tree(rng, 3)
        wrong = elsewhere(tree)
        assert wrong.label == tree.label and wrong == elsewhere(tree)
        assert sorted(n.label for n in listed(wrong)) == sorted(n.label for n in listed(tree))
        assert not any(n.children for n in listed(wrong) if n.label.isdecimal())
        other += sorted_tree(wrong) != sorted_tree(tree)
    assert other > 40


def test_every_network_has_as_many_weights_within_two_percent():
    counts = {name: weights(built(Recipe("value", name, 1e-2))) for name in NETWORKS}
    assert max(counts.values()) == counts["lstm"] and min(counts.values()) > 0.98 * counts["lstm"]


def test_every_network_reads_the_same_expressions_in_the_same_batches(parts):
    groups = batches(parts.train, seed=1)
    assert sorted(text for group in groups for text in group) == sorted(parts.train)
    for make, read in NETWORKS.values():
        rows = Rows(groups[:2], read, of_value)
        for step in range(2):
            x, y = rows[step]
            assert y.tolist() == [of_value(text) for text in groups[step]]
            assert make(3)(*x).shape == (len(y), 10)
    ids, lengths = NETWORKS["lstm"][1](groups[0])
    assert lengths.tolist() == [len(pieces(text)) for text in groups[0]]


def test_a_short_run_learns_and_records_every_depth(parts):
    recipe = Recipe("value", "Tree-LSTM", 1e-2, 60)
    found = {r.metric: r.value for r in tree_or_chain.run(recipe, parts)}
    assert {f"depth_{depth}" for depth in range(1, 9)} < found.keys()
    assert {"dev", "weights", "only_max", "only_min", "only_add"} < found.keys()
    fresh = Rows(batches(parts.dev), NETWORKS["Tree-LSTM"][1], of_value).scored(built(recipe))[0]
    assert found["dev"] < fresh - 0.2


def test_the_same_recipe_gives_the_same_numbers(parts):
    recipe = Recipe("in line", "lstm", 1e-2, 20)
    one, other = (tree_or_chain.run(recipe, parts) for _ in range(2))
    assert [r.value for r in one] == [r.value for r in other]


def test_the_baseline_knows_the_last_operation_only(parts):
    found = expression_tasks.baseline("value", parts)
    assert set(found) == {f"depth_{depth}" for depth in range(1, 9)}
    assert all(0 <= value < 50 for value in found.values())


def test_the_rate_is_chosen_on_dev_for_each_network():
    def row(network, lr, dev, right):
        setting = Recipe("value", network, lr).setting()
        return [Record("K29", setting, 0, metric, value, 1.0, "d", "", {})
                for metric, value in {"dev": dev, "depth_1": right}.items()]

    records = row("lstm", 4e-3, 1.0, 10) + row("lstm", 1e-2, 2.0, 90) + \
        row("Tree-LSTM", 4e-3, 2.0, 10) + row("Tree-LSTM", 1e-2, 1.0, 90)
    assert tree_or_chain.chosen("value", "lstm", records)["lr"] == 4e-3
    assert tree_or_chain.chosen("value", "Tree-LSTM", records)["lr"] == 1e-2


# ---- the readers that come with the course ----


def test_the_readers_say_what_their_facts_say():
    readers, facts = tree_readers.load()
    texts = ["(max 3 (min 4 9))", "(max 0 (max 5 1))", "(min 6 3)"]
    for name in ("Tree-LSTM", "gated tree", "lstm"):
        assert [readers[name].digit(text) for text in texts] == [of_value(text) for text in texts]
        assert readers[name].percent(texts) == 100
    assert facts["command"] == tree_readers.COMMAND and set(facts["reached"]) == set(readers)


def test_readers_are_saved_and_loaded_with_the_same_words(tmp_path):
    fresh = {name: tree_readers.ExpressionReader(name, built(recipe).eval())
             for name, recipe in tree_readers.RECIPES.items()}
    tree_readers.save(fresh, {"reached": {}}, tmp_path / "w.safetensors")
    again, _ = tree_readers.load(tmp_path / "w.safetensors")
    seen, there = (r["gated tree"].fold("(max 3 (min 4 9))") for r in (fresh, again))
    assert torch.allclose(seen.h, there.h, atol=1e-2)


def test_nodes_are_counted_by_what_they_are():
    class Knows:
        def fold(self, text):
            nodes = listed(parse(text))[::-1]
            p = torch.zeros(len(nodes), 10)
            for n, node in enumerate(nodes):
                p[n, of_value(written(node))] = 1.0
            p[0] = p[0].roll(1)  # one leaf is wrong
            return dataclasses.make_dataclass("F", ["nodes", "p"])(nodes, p)

    assert tree_readers.nodes_right(Knows(), ["(max 3 (min 4 9))"]) == {
        "digits": pytest.approx(200 / 3), "inner": 100.0, "roots": 100.0}


# ---- real sentences ----


def test_a_sentence_becomes_the_tree_of_its_heads():
    words, heads = "The dog we fed sleeps .".split(), [2, 5, 4, 2, 0, 5]
    assert written(tree_of(words, heads)) == "(sleeps (dog The (fed we)) .)"
    assert Sentence(["Go"], [0]).tree == Tree("Go")


@pytest.mark.parametrize("words, heads", [
    ("a b", [0, 0]), ("a b", [2, 1]), ("a b c", [0, 3, 2]), ("a b", [0]), ("a b", [0, 7]),
])
def test_heads_that_make_no_tree_are_one_sentence(words, heads):
    with pytest.raises(ValueError) as error:
        tree_of(words.split(), heads)
    assert "expected a head for each of" in str(error.value) and "\n" not in str(error.value)


def test_without_real_data_sentences_of_the_course_stand_in(monkeypatch, capsys):
    monkeypatch.setattr(dependency_trees, "read", lambda row: None)
    found = dependencies()
    assert "is not on this machine" in capsys.readouterr().out and len(found) == 12
    assert all(height(one.tree) >= 1 for one in found)
    assert all(one.words[one.heads.index(0)] == one.tree.label for one in found)


def test_real_sentences_come_without_ranges_and_empty_nodes(monkeypatch):
    line = "{}\t{}\t_\tX\t_\t_\t{}\tdep\t_\t_\n"
    rows = [("1-2", "can't", "_"), ("1", "ca", "0"), ("2", "n't", "1"), ("2.1", "go", "_")]
    text = "".join(line.format(*row) for row in rows) + "\n"
    monkeypatch.setattr(dependency_trees, "read", lambda row: {"en_ewt-ud-dev.conllu": text})
    assert dependencies() == [Sentence(["ca", "n't"], [0, 1])]


def test_a_network_folds_real_sentences_in_one_batch():
    found = [dependency_trees.of_pairs(line) for line in dependency_trees.OWN.strip().split("\n")]
    trees = [one.tree for one in found]
    vocab = type(LABELS)(sorted({word for one in found for word in one.words}))
    batch = forest(trees, vocab)
    assert len(batch.levels) == 1 + max(map(height, trees))
    assert sum(len(level.labels) for level in batch.levels) == sum(len(one.words) for one in found)
