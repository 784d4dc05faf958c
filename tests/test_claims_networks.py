"""The figures of notebook 08 draw what is recorded, and say in words what they show."""
import pytest

from rnnlib import claims, claims_networks
from rnnlib.metrics import interval

FIGURES = ["by_direction", "by_place", "by_depth", "by_layer", "by_rate", "bargain", "by_steps"]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_drawn_and_has_its_alt_text(name):
    fig = getattr(claims_networks, name)()
    assert fig.png() and fig.alt and all(ax.get_xlabel() or ax.patches for ax in fig.axes)


def test_a_bar_is_the_mean_of_the_recorded_runs():
    fig = claims_networks.by_direction()
    setting = {"what": "labels", "task": "slots", "kind": "from the left"}
    mean, _ = interval([r.value for r in claims.results("K09", "f1", setting)])
    assert fig.axes[0].patches[0].get_height() == pytest.approx(mean)


def test_a_bargain_has_its_seconds_across_and_its_score_upwards():
    (seconds, _), (score, _) = claims_networks.bargains()["800 updates"]["wider"]
    chosen = {"what": "longer", "kind": "side by side", "layers": 1}
    for metric, value in (("seconds", seconds), ("f1", score)):
        found = [r.value for r in claims.results("K10", metric, chosen)]
        assert value == pytest.approx(sum(found) / len(found))
