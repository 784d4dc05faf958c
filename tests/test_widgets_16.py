"""The widget of notebook 16, what it computes and what it draws."""
import pytest
import torch

from rnnlib import claims_trees, plots
from rnnlib.cells import loop
from rnnlib.datasets.bracket_expressions import value
from rnnlib.experiments import tree_or_chain, tree_readers
from rnnlib.experiments.tree_or_chain import LABELS
from rnnlib.models import GatedTreeCell, TreeClassifier, TreeLSTMCell, TreeNetwork, forest
from rnnlib.plots.tree_folding import places
from rnnlib.text_trees import parse
from rnnlib.trace_tree import folding, in_order, side_by_side
from rnnlib.widgets import fold_tree
from rnnlib.widgets.explore import ends

DEEP = "(max (add 4 9) (min 8 (max 0 3) (add 1 (min 7 5))))"
SAMPLES = {"whole": ("Tree-LSTM", DEEP, None), "half": ("Tree-LSTM", DEEP, 8),
           "the other one": ("gated tree", DEEP, None)}


@pytest.fixture(scope="module")
def readers():
    return tree_readers.load()[0]


def test_every_control_can_be_driven_to_both_ends(readers):
    ui = fold_tree(readers, SAMPLES)
    before, first = ui.values, ui.image.value
    assert ui.sweep() >= 2 * len(ui.controls) + len(ui.presets) and ui.values == before
    assert ui.image.value == first, "something of another picture was left on the figure"


def test_every_control_and_every_preset_changes_the_picture(readers):
    ui = fold_tree(readers, SAMPLES)
    for control, value_now in ui.values.items():
        pictures = set()
        for end in [*ends(ui.controls[control]), value_now]:
            ui.set({control: end})
            pictures.add(ui.image.value)
        assert len(pictures) > 1, f"{control} changes nothing"
    pictures = set()
    for values in ui.presets.values():
        ui.set(values)
        pictures.add(ui.image.value)
    assert len(pictures) == len(ui.presets)


@pytest.mark.parametrize("text, said", [
    ("(max 3", "got 1 open bracket in"), ("", "got none in"), ("(max 3 4))", "after the end"),
    ("(mean 3 4)", "expected a digit or one of max, min, add"), ("(max 3 12)", "got &#x27;12"),
    ("(max" + " 1" * 60 + ")", "This tree has 61 nodes; 40 fit"),
])
def test_what_is_no_expression_gets_one_sentence(readers, text, said):
    ui = fold_tree(readers, SAMPLES)
    ui.set({"text": text})
    assert said in ui.text.value and not ui.error.value


def test_the_text_tells_the_last_node_its_guess_and_how_many_are_wrong(readers):
    ui = fold_tree(readers, SAMPLES)
    ui.set({"text": "(max 2 (min 9 4))", "node": 5})
    seen = readers["Tree-LSTM"].fold("(max 2 (min 9 4))")
    says = seen.p.argmax(1).tolist()
    wrong = sum(said != value(node) for said, node in zip(says, seen.nodes, strict=True))
    assert f"Its state says {says[-1]} " in ui.text.value and "the value is 4" in ui.text.value
    assert f"So far {wrong} of 5 are wrong" in ui.text.value
    assert f"says {readers['lstm'].digit('(max 2 (min 9 4))')}." in ui.text.value
    ui.set({"text": "7", "node": 1})
    assert f"reads this one piece says {readers['lstm'].digit('7')}." in ui.text.value


def wrong_nodes(reader, text):
    """The nodes whose digit is not their value, written out."""
    seen = reader.fold(text)
    says = seen.p.argmax(1).tolist()
    return [str(n) for said, n in zip(says, seen.nodes, strict=True) if said != value(n)]


def test_the_expressions_of_the_notebook_show_what_its_text_says(readers):
    net, gated, chain = (readers[name] for name in ("Tree-LSTM", "gated tree", "lstm"))
    deep = "(add 7 (max 8 (min 7 (max (max 0 9 5) (min 2 0 9)))))"
    assert not wrong_nodes(net, deep) and chain.digit(deep) != value(parse(deep))
    passed = "(add 9 (add 0 (add (add 8 (min 3 9)) 8 (min (max 4 6 7) 9))))"
    first, *sums = wrong_nodes(net, passed)
    assert first == "(min (max 4 6 7) 9)" and net.digit(first) == value(parse(first)) - 1
    assert len(sums) == 3 and sums[-1] == passed and all(s.startswith("(add") for s in sums)
    assert chain.digit(passed) == value(parse(passed))
    hidden = "(min (max (min 5 (min 9 6)) 6) (add 9 (max 3 9 5)) 9)"
    assert wrong_nodes(net, hidden) == ["(add 9 (max 3 9 5))"]
    assert wrong_nodes(gated, "(add 2 (add 4 9) (max 3 8))") == [
        "2", "9", "(add 4 9)", "(add 2 (add 4 9) (max 3 8))"]


@pytest.mark.parametrize("cell", [GatedTreeCell, TreeLSTMCell])
def test_a_folding_has_the_states_of_every_tree_below_it(cell):
    """Each node's state is that of the network on the node's own tree."""
    torch.manual_seed(0)
    model = TreeClassifier(TreeNetwork(len(LABELS), 4, cell(4, 6)), 10).eval()
    seen = folding(model, parse(DEEP), LABELS)
    for n, node in enumerate(seen.nodes):
        alone = forest([node], LABELS)
        torch.testing.assert_close(seen.h[n], model.network(alone)[alone.roots][0])
    assert seen.nodes[-1] == parse(DEEP) and torch.allclose(seen.p.sum(1), torch.ones(len(seen.p)))


def test_nodes_come_by_height_and_children_keep_their_order():
    nodes, children, heights = in_order(parse(DEEP))
    assert heights == sorted(heights)
    assert [node.label for node in nodes[:8]] == list("49803175")
    for node, below in zip(nodes, children, strict=True):
        assert tuple(nodes[k] for k in below) == node.children


def test_leaves_stand_in_a_row_and_parents_above_the_middle():
    _, children, heights = in_order(parse("(max 3 (min 4 9) 5)"))
    x, y = places(children, [len(children) - 1])
    assert y == heights and x[:4] == [0, 1, 2, 3] and x[4] == 1.5 and x[5] == 1.5


def test_two_trees_do_not_share_a_column():
    x, _ = places([[], [0], [], [2]], [1, 3])
    assert x[0] == x[1] and x[2] == x[3] and x[2] - x[0] > 1


def test_levels_say_how_many_nodes_go_together():
    fig = plots.figure(8, 3)
    plots.tree_levels(fig.add_subplot(), list("12a3b"), [[], [], [0, 1], [], [2, 3]], [4])
    said = [text.get_text() for text in fig.axes[0].texts]
    assert said == ["step 1: 3 nodes", "step 2: 1 node", "step 3: 1 node"]


def test_several_trees_are_numbered_one_after_the_other():
    labels, children, roots = side_by_side([parse("(max 3 (min 4 9))"), parse("7")])
    assert labels == ["3", "4", "9", "min", "max", "7"] and roots == [4, 5]
    assert children == [[], [], [], [1, 2], [0, 3], []]


def test_a_tree_lstm_turns_into_the_lstm_of_a_chain():
    torch.manual_seed(0)
    network, x = TreeNetwork(len(LABELS), 4, TreeLSTMCell(4, 6)), LABELS.encode(["3", "max", "9"])
    batch = forest([parse("(9 (max 3))")], LABELS)
    along, _ = loop(network.cell.as_chain(), network.E(x)[None])
    torch.testing.assert_close(along[0, -1], network(batch)[batch.roots][0])


def test_a_baseline_has_no_whiskers_and_training_has_a_grey_ground():
    fig = plots.figure(8, 3)
    ax = fig.add_subplot()
    lines = {"Tree-LSTM": [90, 80], "operation alone": [20, 20]}
    plots.by_depth(ax, [1, 2], lines, {"Tree-LSTM": [1, 2]}, trained=1)
    assert len(ax.containers) == 1 and ax.get_ylim() == (0, 100)
    assert {t.get_text() for t in ax.get_legend().get_texts()} == set(lines)


# ---- the recorded results ----


def test_recorded_lines_have_every_depth_and_the_baseline():
    depths, means, halves = claims_trees.by_depth("value")
    assert depths == list(range(1, 9)) and set(means) == {*claims_trees.SHOWN, "operation alone"}
    assert set(halves) == set(claims_trees.SHOWN)


def test_what_the_notebook_says_of_the_recorded_results():
    _, value_of, _ = claims_trees.by_depth("value")
    _, in_line, _ = claims_trees.by_depth("in line", ["Tree-LSTM", "lstm"])
    tree, gated, chain = (value_of[name] for name in ("Tree-LSTM", "gated tree", "lstm"))
    wrong, alone = value_of["Tree-LSTM, wrong trees"], value_of["operation alone"]
    assert all(a > b + 10 for a, b in zip(tree, chain, strict=True))
    assert all(abs(a - b) < 6 for a, b in zip(gated[:3], chain[:3], strict=True))
    assert 18 < gated[7] - chain[7] < 24 and all(27 < a < 34 for a in chain[5:])
    assert all(55 < a < 59 for a in tree[4:]) and all(45 < a < 51 for a in gated[4:])
    assert all(57 < a < 66 for a in in_line["lstm"][3:])
    assert all(b < a for a, b in zip(chain[1:], wrong[1:], strict=True))
    assert all(abs(a - b) < 6 for a, b in zip(wrong[5:], alone[5:], strict=True))
    assert all(a > b + 15 for a, b in zip(in_line["lstm"][2:], in_line["Tree-LSTM"][2:],
                                          strict=True))
    assert all(a < b for a, b in zip(in_line["Tree-LSTM"][6:], in_line["operation alone"][6:],
                                     strict=True))


def test_more_updates_are_compared_at_one_learning_rate_and_do_not_help():
    (short, long), (before, after) = (claims_trees.for_longer(m) for m in ("dev", "depth_6"))
    assert all("(3 seeds)" in one for one in (short, long, before, after))
    assert float(long.split()[0]) > float(short.split()[0])
    assert float(after.split()[0]) < float(before.split()[0]) + 5


def test_the_cost_counts_each_run_once():
    runs, seconds = claims_trees.cost()
    assert runs == sum(len(tree_or_chain.grid(seed)) for seed in range(3))
    assert 2 * runs < seconds < 60 * runs
