"""The race of steps: all racers write one text, and the recorded ratio reaches its figure."""

import pytest
import torch

from rnnlib import claims
from rnnlib.experiments import step_speed
from rnnlib.experiments.step_speed import Settings

SMALL = Settings(size=20, D=8, H=16, threads=(1,), length=20, rounds=1, least=1e-4)


def test_all_racers_write_the_same_text_with_the_same_probabilities():
    writes, steps = step_speed.writers(SMALL)
    step_speed.agreed(writes)
    rows = [step(torch.tensor([3]), state)[0] for step, state in steps.values()]
    assert all(torch.allclose(row, rows[0], atol=1e-6) for row in rows)


def test_another_text_is_noticed():
    writes, _ = step_speed.writers(SMALL)
    with pytest.raises(AssertionError, match="other writes another text"):
        step_speed.agreed(writes | {"other": lambda: torch.zeros(1, 20, dtype=torch.long)})


def test_a_race_says_what_ran_against_what():
    found = step_speed.race(1, SMALL)
    kinds = {(r.setting["what"], r.setting["against"], r.metric) for r in found}
    assert len(kinds) == len(found) == 2 * 3 * 2
    ours = [r.value for r in found if r.setting["against"] == "ours" and r.metric == "ratio"]
    assert ours == [1.0, 1.0]


@pytest.mark.parametrize("threads", [1, 2])
def test_the_recorded_ratio_reaches_the_figure(threads):
    setting = {"what": "character", "against": "nn.LSTM", "threads": threads}
    (ratio,) = claims.results("step_speed", "ratio", setting)
    assert ratio.value >= step_speed.GOAL
