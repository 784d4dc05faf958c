"""Several character models at once: their probabilities are averaged, not their logarithms."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from rnnlib import claims
from rnnlib.cells import LSTMCell
from rnnlib.experiments import char_figures, char_together
from rnnlib.experiments.char_figures import Corpus, Recipe
from rnnlib.experiments.char_model import nats
from rnnlib.experiments.char_together import Plan, Together
from rnnlib.models import LanguageModel

TINY = Plan(Recipe(D=8, H=16, B=4, T=16, warmup=5, every=5, lr=2e-2, dropout=0.0, half=False),
            models=2, minutes=0.06, at_once=1)


def models(n):
    torch.manual_seed(0)
    return [LanguageModel(9, 4, LSTMCell(4, 5)).eval() for _ in range(n)]


def test_the_probability_is_the_mean_of_the_probabilities():
    pair, ids = models(2), torch.randint(9, (3, 8))
    mine, _ = Together(pair).score(ids[:, :-1], ids[:, 1:])
    alone = [model.score(ids[:, :-1], ids[:, 1:])[0].exp() for model in pair]
    assert torch.allclose(mine.exp(), (alone[0] + alone[1]) / 2)


def test_one_model_together_is_itself_and_the_state_is_carried():
    (model,), ids = models(1), torch.randint(9, (600,))
    assert nats(Together([model]), ids) == pytest.approx(nats(model, ids), abs=1e-6)
    whole, _ = Together([model]).score(ids[None, :-1], ids[None, 1:])
    first, state = Together([model]).score(ids[None, :300], ids[None, 1:301])
    second, _ = Together([model]).score(ids[None, 300:-1], ids[None, 301:], state)
    assert torch.allclose(whole, torch.cat([first, second], 1), atol=1e-5)


def test_together_is_never_worse_than_the_mean_of_the_models():
    group, ids = models(3), torch.randint(9, (1001,))
    assert nats(Together(group), ids) < sum(nats(model, ids) for model in group) / 3


def test_no_model_is_refused():
    with pytest.raises(ValueError, match="expected at least one model, got none"):
        Together([])


def test_the_minutes_are_shared_by_the_rounds_and_every_model_has_its_own_seed():
    plan = replace(TINY, models=5, minutes=10.0, at_once=2)
    each = [plan.each(k) for k in range(5)]
    assert sum(recipe.minutes for recipe in each[::2]) < 10 and len({r.seed for r in each}) == 5


def test_a_run_trains_all_and_says_what_each_reached_alone(monkeypatch):
    monkeypatch.setattr(char_together, "START", 0)
    text = "the cat sat on the mat\n" * 120
    data = SimpleNamespace(name="toy", sha256="0" * 64, train=text, valid=text, test=text)
    found = char_together.run(TINY, data)
    values = {record.metric: record.value for record in found}
    assert values["nats"] <= values["nats_alone"] < 2.5
    assert values["tokens"] == values["updates"] * 4 * 16
    single = TINY.recipe.model(len(Corpus.of(data).vocab))
    assert values["parameters"] == 2 * sum(w.numel() for w in single.parameters())
    assert found[0].setting["models"] == 2 and found[0].setting["minutes"] == 0.06


def test_of_runs_with_the_same_minutes_and_models_the_best_is_shown():
    record = SimpleNamespace
    found = [record(setting={"minutes": 3, "H": H}, seed=0, metric="nats", value=value)
             for H, value in ((8, 1.7), (16, 1.5), (32, 1.6))]
    found.append(record(setting={"minutes": 3, "models": 2}, seed=0, metric="nats", value=1.4))
    best = char_together.best_runs(found)
    assert [(key, values["nats"]) for key, (_, values) in best.items()] == [((3, 1), 1.5),
                                                                            ((3, 2), 1.4)]
    assert best[3, 1][0]["H"] == 16


def test_the_recorded_runs_reach_the_goals_and_kept_to_their_time():
    best = char_together.best_runs(claims.results("char_figures"))
    for minutes, models in ((3, 2), (10, 4)):
        assert best[minutes, models][1]["nats"] <= char_figures.GOALS[minutes]
    assert best[3, 2][1]["nats"] < best[3, 1][1]["nats"]  # so says notebook 05
    for (minutes, _), (_, values) in best.items():
        assert values["training_seconds"] <= 60 * minutes
        assert values["nats"] < values["nats_blocks"]
