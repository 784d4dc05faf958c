"""The reasons why the hand-written pass is fast: both ways must do the same work."""

import pytest
import torch

from rnnlib.experiments import why_fast
from rnnlib.experiments.why_fast import Sizes

SMALL = Sizes(T=5, B=3, H=4, repeat=1)
NAMES = ["one large product", "dU in one product", "nothing new", "no graph", "all together"]


@pytest.mark.parametrize("name", NAMES)
def test_the_slow_and_the_fast_way_give_the_same_numbers(name):
    slow, fast = why_fast.pairs(*why_fast.material(SMALL))[name]
    assert torch.allclose(slow(), fast(), atol=1e-5)


def test_every_reason_is_measured():
    found = why_fast.ratios(SMALL)
    assert list(found) == NAMES and all(ratio > 0 for ratio in found.values())
