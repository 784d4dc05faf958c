"""The reasons why the hand-written pass is fast: both ways must do the same work."""

import pytest
import torch

from rnnlib.experiments import why_fast
from rnnlib.experiments.speed import Line, records
from rnnlib.experiments.why_fast import Sizes

SMALL = Sizes(T=5, B=3, H=4, repeat=1)
NAMES = ["one large product", "dU in one product", "nothing new", "slopes at once", "all together"]


@pytest.mark.parametrize("name", NAMES)
def test_the_slow_and_the_fast_way_give_the_same_numbers(name):
    slow, fast = why_fast.pairs(*why_fast.material(SMALL))[name]
    assert torch.allclose(slow(), fast(), atol=1e-5)


def test_every_reason_is_measured():
    found = why_fast.ratios(SMALL)
    assert list(found) == NAMES and all(ratio > 0 for ratio in found.values())


def test_recorded_ratios_are_averaged_over_shapes_not_over_cells():
    lines = [Line("RNN", "RNN", (T, 2, 3, 4), 1, 1.0, {"torch.nn": ratio}, 1.0)
             for T, ratio in ((5, 2.0), (6, 8.0))]
    lines += [Line("GRU", "GRU", (5, 2, 3, 4), 1, 1.0, {"torch.nn": 3.0}, 1.0)]
    found = why_fast.over_shapes([r for line in lines for r in records(line, 0)])
    assert found == {("RNN", 1): pytest.approx(4), ("GRU", 1): pytest.approx(3)}
