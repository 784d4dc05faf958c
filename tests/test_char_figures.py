"""The figures of the character model: the fast way through time is the same network."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from rnnlib import bptt, claims, train
from rnnlib.cells import LSTMCell
from rnnlib.experiments import char_figures, char_model
from rnnlib.experiments.char_figures import Corpus, Fused, Recipe
from rnnlib.models import LanguageModel

TINY = Recipe(D=8, H=16, B=4, T=16, warmup=5, every=5, lr=2e-2, dropout=0.0, half=False,
              minutes=0.04)


def toy():
    text = "the cat sat on the mat\n" * 120
    return SimpleNamespace(name="toy", sha256="0" * 64, train=text, valid=text, test=text)


def random_cell():
    torch.manual_seed(0)
    cell, x = LSTMCell(3, 5), torch.randn(2, 7, 3, requires_grad=True)
    return cell, x, (torch.randn(2, 5), torch.randn(2, 5))


def test_the_fused_way_gives_the_states_and_gradients_of_the_librarys():
    cell, x, state = random_cell()
    found = []
    for run in (bptt.run, Fused(0.0, half=False)):
        h, (_, c) = run(cell, x, state)
        loss = (h * torch.arange(5.0)).sum() + c.sum()
        found.append([h, c, *torch.autograd.grad(loss, [x, *cell.parameters()])])
    for mine, theirs in zip(*found, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-5)


def test_in_bfloat16_the_states_agree_to_two_digits():
    cell, x, state = random_cell()
    fast, (_, c) = Fused(0.0, half=True)(cell, x, state)
    assert fast.dtype == c.dtype == torch.float32
    assert torch.allclose(fast, bptt.run(cell, x, state)[0], atol=2e-2)


def test_dropout_of_weights_acts_in_training_only():
    cell, x, _ = random_cell()
    run = Fused(0.5, half=False)
    assert not torch.equal(run(cell, x)[0], run(cell, x)[0])
    cell.eval()
    assert torch.allclose(run(cell, x)[0], bptt.run(cell, x)[0], atol=1e-6)


def test_a_dropped_weight_is_dropped_for_the_whole_segment():
    """With all of U gone the state has no memory but c: same inputs, same gates at every step."""
    cell, _, _ = random_cell()
    x = torch.ones(1, 6, 3)
    h, (_, c) = Fused(1.0, half=False)(cell, x)
    parts = cell.parts(x[:, 0], (torch.zeros(1, 5), torch.zeros(1, 5)))
    kept = sum(parts["f"] ** k for k in range(6)) * parts["i"] * parts["g"]
    assert torch.allclose(c, kept, atol=1e-6)


def test_blocks_start_from_a_zero_state():
    torch.manual_seed(0)
    model = LanguageModel(9, 4, LSTMCell(4, 5)).eval()
    ids = torch.randint(9, (41,))
    total = sum(-model.score(ids[None, k : k + 10], ids[None, k + 1 : k + 11])[0].sum().item()
                for k in range(0, 40, 10))
    assert char_figures.in_blocks(model, ids, 10) == pytest.approx(total / 40, abs=1e-6)


def test_training_ends_with_its_minutes_and_a_rate_near_zero():
    corpus = Corpus.of(toy())
    recipe = replace(TINY, minutes=0.05)
    last = char_figures.fit(recipe.model(len(corpus.vocab)), corpus, recipe)
    assert 1 < last.seconds < 60 * recipe.minutes + 2 and last.lr < 0.3 * recipe.lr


def test_a_clock_starts_with_its_first_call(monkeypatch):
    now = iter([50.0, 55.0, 60.0, 99.0])
    monkeypatch.setattr(char_figures.time, "perf_counter", lambda: next(now))
    clock = char_figures.Clock(10)
    assert [clock(0.0) for _ in range(4)] == pytest.approx([1, 0.5, 0, 0])


def test_a_run_says_what_it_reached_and_its_weights_are_read_by_the_plain_loader(tmp_path):
    data = toy()
    model, found = char_figures.run(TINY, data)
    values = {record.metric: record.value for record in found}
    assert values["nats"] < 1.5 and values["nats"] < values["nats_blocks"] < 3
    assert values["tokens"] == values["updates"] * 4 * 16
    assert found[0].setting["dropout_U"] == 0 and "steps" not in found[0].setting
    about = char_figures.facts(TINY, data, found)
    train.save_weights(tmp_path / "toy.safetensors", model.half(), about)
    again = char_model.load(tmp_path / "toy.safetensors")
    assert torch.equal(again.model.V.weight, model.float().V.weight)
    assert again.facts["training"]["dropout_U"] == 0
    assert again.facts["steps"] == values["updates"]


def test_memory_is_kept_or_left_alone():
    char_figures.keep_memory()


def test_the_recorded_runs_kept_to_their_minutes():
    found = claims.results("char_figures", "training_seconds")
    assert found and all(record.value <= 60 * record.setting["minutes"] for record in found)
