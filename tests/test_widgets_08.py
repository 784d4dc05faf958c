"""The panel of notebook 08: driven over all controls; it shows what the network is."""
import pytest
import torch

from rnnlib import plots
from rnnlib.experiments import block_speed
from rnnlib.experiments.block_speed import network
from rnnlib.experiments.record import measured
from rnnlib.layers_built import weights
from rnnlib.widgets import build_network
from rnnlib.widgets.build_network import K, described
from rnnlib.widgets.explore import ends


def made_up():
    """A time for every setting, longer for more layers."""
    return [r for setting in block_speed.grid() for r in measured(
        "block_speed", setting, 0, {"milliseconds": setting["layers"]}, 0.0, block_speed.Noise())]


@pytest.fixture
def panel():
    records = made_up()
    return build_network(block_speed.table(records))


def test_every_control_can_be_driven_to_both_ends(panel):
    before, first = panel.values, panel.image.value
    assert panel.sweep() >= 2 * len(panel.controls) + len(panel.presets)
    assert panel.values == before and panel.image.value == first


def test_every_control_and_every_preset_changes_the_picture(panel):
    for control, value in panel.values.items():
        pictures = set()
        for end in [*ends(panel.controls[control]), value]:
            panel.set({control: end})
            pictures.add(panel.image.value)
        assert len(pictures) > 1, f"{control} changes nothing"
    pictures = set()
    for values in panel.presets.values():
        panel.set(values)
        pictures.add(panel.image.value)
    assert len(pictures) == len(panel.presets)


def test_it_opens_on_a_preset_and_says_something(panel):
    assert any(values.items() <= panel.values.items() for values in panel.presets.values())
    assert panel.alt and "weights above the word vectors" in panel.text.value


@pytest.mark.parametrize("directions", block_speed.DIRECTIONS)
def test_the_blocks_have_the_sizes_and_the_weights_of_the_network(directions):
    stack = network("GRU", directions, 3, 16)
    rows = described(stack, directions, "GRU", 16, 3)
    assert len(rows) == 5
    total = weights(stack) + weights(torch.nn.Linear(stack.size, K))
    assert sum(row[2] or 0 for row in rows) == total
    h, _ = stack(torch.zeros(2, 4, block_speed.D))
    if directions != "two stacks":
        assert str(h.shape[2]) in rows[-2][1]


def test_kinds_that_do_the_same_work_share_a_time():
    table = block_speed.table(made_up())
    assert len(table) == 3 * 6 * 4 * 4
    assert table["GRU", "multiplied", 2, 16] == table["GRU", "added", 2, 16]
    assert table["LSTM", "from the right", 1, 64] == table["LSTM", "from the left", 1, 64]


def test_a_time_is_positive_and_grows_with_the_work():
    small = block_speed.run({"unit": "GRU", "kind": "from the left", "layers": 1, "H": 16}, 2)
    large = block_speed.run({"unit": "GRU", "kind": "side by side", "layers": 4, "H": 128}, 2)
    assert 0 < small[0].value < large[0].value


def test_a_bargain_has_a_point_for_each_network():
    fig = plots.figure(6, 3)
    groups = {"a": {"x": ((1, 0.1), (90, 1)), "y": ((2, 0.1), (91, 1))},
              "b": {"z": ((3, 0.2), (92, 1))}}
    plots.bargain(fig.add_subplot(), groups, ("seconds", "percent"))
    assert [text.get_text() for text in fig.axes[0].texts] == ["x", "y", "z"]
    assert fig.axes[0].get_xlim()[0] == 0 and fig.png()
