"""Training: equal runs are equal bit for bit, whatever happens in between, kill -9 included."""

import math
import multiprocessing
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from rnnlib import checkpoints, train
from rnnlib.train import Settings, fit

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # so that another process finds this file


class Tiny(nn.Module):
    """Predicts the next of 8 symbols with dropout: everything a checkpoint must bring back."""

    def __init__(self, seed=0, H=12):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.E, self.layer = nn.Embedding(8, 6), nn.GRU(6, H, batch_first=True)
            self.drop, self.V = nn.Dropout(0.3), nn.Linear(H, 8)

    def forward(self, x, state):
        h, state = self.layer(self.drop(self.E(x)), state)
        return self.V(self.drop(h)), state


class Text:
    """Batch k of a text with a rule (each symbol follows the one before), made from k alone."""

    def __getitem__(self, step):
        x = torch.randint(8, (3, 1), generator=torch.Generator().manual_seed(step))
        return (x + torch.arange(7) * 3) % 8


def loss(model, batch, carry):
    x, y = batch[:, :-1], batch[:, 1:]
    logits, carry = model(x, carry)
    return nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten()), y.numel(), carry


def held_out(model):
    x = Text()[10**6]
    logits, _ = model(x[:, :-1], None)
    return nn.functional.cross_entropy(logits.flatten(0, 1), x[:, 1:].flatten()).item()


SHORT = Settings(steps=40, lr=1e-2, every=10, warmup=5, decay=train.cosine)
LONG = Settings(steps=160, lr=1e-2, every=4, warmup=20, decay=train.cosine, seed=7)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Two threads would wait for each other at every one of these tiny steps."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def train_long(path):
    torch.set_num_threads(1)
    list(fit(Tiny(), Text(), loss, LONG, evaluate=held_out, path=path))


def same(one, other):
    mine, theirs = checkpoints.named(one), checkpoints.named(other)
    return all(torch.equal(mine[name], theirs[name]) for name in mine)


def numbers(records):
    return [(r.step, r.loss, r.lr, r.norm, r.held_out) for r in records]


def finished(settings=SHORT, path=None, evaluate=None):
    model = Tiny()
    return model, list(fit(model, Text(), loss, settings, evaluate, path))


# --- killed and resumed ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uninterrupted():
    return finished(LONG, evaluate=held_out)


@pytest.fixture(scope="module")
def processes():
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["test_train", "torch._dynamo"])
    return context


def wait_for_checkpoints(child, path, many):
    """Sleep until the file at path was replaced so many times (each time it is another inode)."""
    seen = set()
    while child.is_alive() and len(seen) < many:
        time.sleep(0.001)
        if path.exists():
            seen.add((path.stat().st_ino, path.stat().st_mtime_ns))


@pytest.mark.parametrize("seed", range(10))
def test_killed_at_a_random_moment_it_resumes_to_the_same_weights(
    seed, tmp_path, uninterrupted, processes
):
    path, chance = tmp_path / "run.safetensors", random.Random(seed)
    child = processes.Process(target=train_long, args=(path,))
    child.start()
    wait_for_checkpoints(child, path, chance.randint(1, 25))
    time.sleep(chance.uniform(0, 0.02))
    child.kill()
    child.join()
    assert child.exitcode != 0 and path.exists()
    again = Tiny(seed=99)  # other weights to begin with: all must come from the file
    resumed = list(fit(again, Text(), loss, LONG, held_out, path))
    model, records = uninterrupted
    assert same(model, again)
    assert numbers(records) == numbers(resumed)


def test_killed_before_the_first_checkpoint_it_begins_anew(tmp_path, uninterrupted):
    path = tmp_path / "run.safetensors"
    (tmp_path / ".run.safetensors.part").write_bytes(b"half a checkpoint")
    again, records = finished(LONG, path, held_out)
    assert same(uninterrupted[0], again) and [p.name for p in tmp_path.iterdir()] == [path.name]


def test_stopping_between_any_two_records_changes_nothing(tmp_path):
    model, records = finished(SHORT)
    path = tmp_path / "run.safetensors"
    for stop in range(1, 5):
        again = Tiny(seed=stop)
        seen = []
        if stop == 1:
            again = Tiny()
        for record in fit(again, Text(), loss, SHORT, path=path):
            seen.append(record)
            if len(seen) == stop:
                break
    assert same(model, again)
    assert numbers(seen) == numbers(records)


def test_a_finished_run_gives_its_records_again_and_trains_no_further(tmp_path):
    path = tmp_path / "run.safetensors"
    model, records = finished(SHORT, path)
    written = path.read_bytes()
    again, same_records = finished(SHORT, path)
    assert records == same_records and same(model, again) and path.read_bytes() == written


# --- determinism ----------------------------------------------------------------------------------


def test_what_happens_between_records_changes_nothing():
    model, records = finished()
    again = Tiny()
    for number, _ in enumerate(fit(again, Text(), loss, SHORT)):
        torch.manual_seed(number)
        again(torch.randint(8, (2, 5)), None)
        again.eval()
    assert same(model, again)


def test_evaluation_changes_nothing():
    def noisy(model):
        return torch.rand(()).item()

    assert same(finished()[0], finished(evaluate=noisy)[0])


def test_training_leaves_the_random_numbers_of_the_reader_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    finished(evaluate=held_out)
    assert torch.equal(torch.rand(3), expected)


def test_another_seed_gives_other_dropout_and_other_weights():
    assert not same(finished()[0], finished(replace(SHORT, seed=1))[0])


def test_dropout_is_off_in_evaluation_and_after_each_record():
    model = Tiny()
    for _ in fit(model, Text(), loss, SHORT, evaluate=lambda m: float(m.training)):
        assert not model.training
    _, records = finished(evaluate=lambda m: float(m.training))
    assert [r.held_out for r in records] == [0.0] * 4


# --- what is computed -----------------------------------------------------------------------------


def test_one_step_is_one_step_of_torchs_adam_by_hand():
    settings = Settings(steps=3, lr=0.05, clip=0.1, warmup=2, every=1)
    model, by_hand = nn.Linear(4, 2), nn.Linear(4, 2)
    by_hand.load_state_dict(model.state_dict())
    x = torch.randn(3, 5, 4)
    records = list(fit(model, x, lambda m, b, _: (m(b).pow(2).mean(), 5, None), settings))
    adam = torch.optim.Adam(by_hand.parameters())
    for step in range(3):
        adam.zero_grad()
        mean = by_hand(x[step]).pow(2).mean()
        mean.backward()
        norm = torch.stack([p.grad.norm() for p in by_hand.parameters()]).norm()
        for p in by_hand.parameters():
            p.grad *= min(1, 0.1 / norm.item())
        adam.param_groups[0]["lr"] = 0.05 * [1 / 2, 1, 1][step]
        adam.step()
        assert records[step].loss == pytest.approx(mean.item(), rel=1e-5)
        assert records[step].norm == pytest.approx(norm.item(), rel=1e-5)
    assert torch.allclose(model.weight, by_hand.weight, atol=1e-6)


def test_it_learns_the_rule_of_the_text():
    model, records = finished(Settings(steps=200, lr=2e-2, every=50), evaluate=held_out)
    assert records[-1].held_out < 0.3 < records[0].loss


def test_a_record_is_the_mean_over_tokens_since_the_last_one():
    model, tokens = nn.Linear(1, 1), [1, 9, 5, 5]

    def told(model, batch, carry):
        return model.weight.sum() * 0 + batch[0], batch[1], None

    batches = list(zip([10.0, 20.0, 1.0, 2.0], tokens, strict=True))
    records = list(fit(model, batches, told, Settings(steps=4, every=2)))
    assert [r.loss for r in records] == pytest.approx([(10 + 9 * 20) / 10, 1.5])
    assert [r.step for r in records] == [2, 4]


def test_the_last_record_comes_even_if_the_steps_do_not_divide():
    _, records = finished(Settings(steps=7, every=3))
    assert [r.step for r in records] == [3, 6, 7]


def test_the_carried_state_arrives_at_the_next_batch_without_its_history():
    model, seen = nn.Linear(1, 1), []

    def carrying(model, batch, carry):
        seen.append(carry)
        value = model.weight.sum()
        return value**2, 1, (value, [value, {"deep": value, "plain": 3}])

    list(fit(model, [None] * 3, carrying, Settings(steps=3)))
    assert seen[0] is None
    assert not seen[1][1][1]["deep"].requires_grad and seen[1][1][1]["plain"] == 3
    assert seen[1][0] != seen[2][0]


def test_seconds_and_speed_are_counted():
    begin = time.perf_counter()
    _, records = finished()
    assert 0 < records[0].seconds < records[-1].seconds < time.perf_counter() - begin
    assert all(r.tokens_per_second > 0 for r in records)


# --- schedules ------------------------------------------------------------------------------------


def test_the_rate_rises_in_a_line_and_falls_as_a_cosine_to_nothing():
    settings = Settings(steps=110, lr=2.0, warmup=10, decay=train.cosine)
    rates = [train.rate(settings, step) for step in range(111)]
    assert rates[:10] == pytest.approx([0.2 * (k + 1) for k in range(10)])
    assert rates[10] == 2 and rates[60] == pytest.approx(1) and rates[110] == pytest.approx(0)
    assert all(a > b for a, b in zip(rates[10:-1], rates[11:], strict=True))


def test_a_constant_rate_without_warm_up_is_the_same_at_every_step():
    assert {train.rate(Settings(steps=5, lr=0.3), step) for step in range(5)} == {0.3}


def test_any_function_of_the_share_done_is_a_decay():
    settings = Settings(steps=10, lr=1.0, decay=lambda done: 1 - done)
    assert train.rate(settings, 4) == pytest.approx(0.6)


# --- early stopping -------------------------------------------------------------------------------


def script(*values):
    told = iter(values)
    return lambda model: next(told)


def test_it_stops_after_patience_and_keeps_the_best_weights():
    settings = Settings(steps=100, every=5, patience=2)
    model, records = finished(settings, evaluate=script(3.0, 1.0, 2.0, math.nan, 0.0))
    assert [r.held_out for r in records[:3]] == [3.0, 1.0, 2.0] and len(records) == 4
    best, _ = finished(Settings(steps=100, every=5, patience=1), evaluate=script(3.0, 1.0, 2.0))
    assert same(model, best)
    shorter = Tiny()
    run = fit(shorter, Text(), loss, settings, script(3.0, 1.0))
    next(run), next(run)
    assert same(model, shorter)


def test_the_best_weights_survive_a_new_start(tmp_path):
    settings, path = Settings(steps=100, every=5, patience=2), tmp_path / "run.safetensors"
    model, _ = finished(settings, evaluate=script(3.0, 1.0, 2.0, 2.0))
    again = Tiny()
    run = fit(again, Text(), loss, settings, script(3.0, 1.0, 2.0), path)
    next(run), next(run), next(run)
    list(fit(again, Text(), loss, settings, script(2.0), path))
    assert same(model, again)


def test_patience_without_evaluation_is_refused():
    with pytest.raises(ValueError, match="expected evaluate with patience=3, got None"):
        fit(Tiny(), Text(), loss, Settings(steps=5, patience=3))


# --- numbers that are not finite ------------------------------------------------------------------


def breaks_at(step, number):
    calls = iter(range(10**6))

    def breaking(model, batch, carry):
        mean, tokens, carry = loss(model, batch, carry)
        return (mean * number if next(calls) == step else mean), tokens, carry

    return breaking


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_stops_and_keeps_the_last_good_step(tmp_path, number):
    path, model = tmp_path / "run.safetensors", Tiny()
    said = r"the loss became (nan|inf) at step 25 \(the last good loss was \d.*\): "
    said += "try an lr below 0.01 or a clip below 1; .*keeps step 20"
    with pytest.raises(FloatingPointError, match=said):
        list(fit(model, Text(), breaks_at(25, number), SHORT, path=path))
    assert all(weight.isfinite().all() for weight in model.parameters())
    again = Tiny()
    list(fit(again, Text(), loss, SHORT, path=path))
    assert same(again, finished()[0])


def test_a_gradient_that_is_not_finite_stops_before_it_touches_the_weights():
    model = nn.Linear(1, 1, bias=False)
    before = model.weight.clone()

    def steep(model, batch, carry):
        return (model.weight - before).sum().abs().sqrt(), 1, None  # 0 with an infinite slope

    with pytest.raises(FloatingPointError, match="norm of the gradient became (nan|inf) at step 0"):
        list(fit(model, [None], steep, Settings(steps=1)))
    assert torch.equal(model.weight, before)


# --- files that do not fit ------------------------------------------------------------------------


def a_checkpoint(tmp_path):
    path = tmp_path / "run.safetensors"
    finished(SHORT, path)
    return path, path.read_bytes()


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "flipped"])
def test_a_damaged_checkpoint_is_one_sentence_and_stays_as_it_is(tmp_path, damage):
    path, good = a_checkpoint(tmp_path)
    flipped = good[:-5] + bytes([good[-5] ^ 1]) + good[-4:]
    bad = {"cut": good[:-9], "empty": b"", "text": b"hello " * 9, "flipped": flipped}[damage]
    path.write_bytes(bad)
    with pytest.raises(ValueError, match="is damaged.*left as it is"):
        finished(SHORT, path)
    assert path.read_bytes() == bad


def test_a_file_of_another_program_is_refused_and_stays_as_it_is(tmp_path):
    path = tmp_path / "run.safetensors"
    save_file({"weight": torch.zeros(2)}, path)
    bad = path.read_bytes()
    with pytest.raises(ValueError, match="was not written by rnnlib; the file was left as it is"):
        finished(SHORT, path)
    assert path.read_bytes() == bad


def test_other_settings_are_named_and_refused(tmp_path):
    path, good = a_checkpoint(tmp_path)
    with pytest.raises(ValueError, match=r"other settings \(lr=0.01 there and 0.5 here\)"):
        finished(replace(SHORT, lr=0.5), path)
    with pytest.raises(ValueError, match="decay=cosine there and constant here"):
        finished(replace(SHORT, decay=train.constant), path)
    assert path.read_bytes() == good


def test_another_model_is_named_and_refused_unchanged(tmp_path):
    path, _ = a_checkpoint(tmp_path)
    model = Tiny(H=13)
    before = model.V.weight.clone()
    with pytest.raises(ValueError, match=r"another model: \S+ is \(.*\) there and \(.*\) here"):
        fit(model, Text(), loss, SHORT, path=path)
    assert torch.equal(model.V.weight, before)


def test_shipped_weights_are_no_checkpoint_and_a_checkpoint_no_weights(tmp_path):
    path, _ = a_checkpoint(tmp_path)
    with pytest.raises(ValueError, match="is the checkpoint of a training run"):
        train.load_weights(path, Tiny())
    train.save_weights(path, Tiny(), {})
    with pytest.raises(ValueError, match="expected a checkpoint that fit.. wrote .* got weights"):
        finished(SHORT, path)


def test_a_checkpoint_is_written_beside_its_place_and_then_renamed(tmp_path, monkeypatch):
    path, good = a_checkpoint(tmp_path)

    def no_disk(descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", no_disk)
    with pytest.raises(OSError, match="no space left"):
        checkpoints.write(path, {"x": torch.zeros(3)}, {})
    assert path.read_bytes() == good and len(list(tmp_path.iterdir())) == 1


# --- weights to ship ------------------------------------------------------------------------------


def test_weights_and_facts_come_back_as_they_were(tmp_path):
    path, model, again = tmp_path / "weights.safetensors", Tiny(seed=1), Tiny(seed=2)
    facts = {"seed": 3, "symbols": ["é", "\n"], "nats": 1.5}
    train.save_weights(path, model, facts)
    assert train.load_weights(path, again) == facts
    assert same(model, again)


def test_a_weight_that_two_parts_share_is_stored_once_and_stays_shared(tmp_path):
    def tied(seed):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 5))
        model[1].weight = model[0].weight
        return model

    path, model, again = tmp_path / "tied.safetensors", tied(0), tied(1)
    train.save_weights(path, model, {})
    train.load_weights(path, again)
    assert same(model, again) and again[1].weight is again[0].weight
    assert len(checkpoints.read(path)[0]) == 2


def test_half_precision_is_stored_in_half_the_bytes_and_read_back(tmp_path):
    path, model, again = tmp_path / "half.safetensors", Tiny(seed=1), Tiny(seed=2)
    train.save_weights(path, Tiny(seed=1).half(), {})
    train.load_weights(path, again)
    assert again.V.weight.dtype == torch.float32
    assert torch.equal(again.V.weight, model.V.weight.half().float())


def test_missing_weights_are_named(tmp_path):
    path = tmp_path / "weights.safetensors"
    train.save_weights(path, nn.Linear(2, 2), {})
    with pytest.raises(ValueError, match="bias is .2,. there and missing here"):
        train.load_weights(path, nn.Linear(2, 2, bias=False))


# --- settings and progress ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"lr": 0}, {"clip": -1}, {"every": 0}, {"warmup": 11}, {"patience": 0}]
)
def test_settings_that_make_no_sense_are_refused(wrong):
    name, value = next(iter(wrong.items()))
    with pytest.raises(ValueError, match=f"got {name}={value}"):
        Settings(**{"steps": 10} | wrong)


def test_a_model_without_weights_is_refused():
    with pytest.raises(ValueError, match="a model with weights to train, got none"):
        fit(nn.Identity(), [], loss, SHORT)


def test_a_state_that_cannot_be_carried_is_refused():
    with pytest.raises(ValueError, match="a carried state may hold .* got set"):
        list(fit(nn.Linear(1, 1), [0], lambda m, b, c: (m.weight.sum(), 1, {1}), Settings(steps=1)))


def test_progress_passes_every_record_on_and_is_silent_where_no_one_watches(capfd):
    records = list(train.progress(fit(Tiny(), Text(), loss, SHORT), SHORT.steps))
    assert [r.step for r in records] == [10, 20, 30, 40]
    assert capfd.readouterr() == ("", "")


def test_progress_shows_a_bar_with_loss_and_time_left_in_a_terminal(monkeypatch, capfd):
    def slow(model):
        time.sleep(0.12)  # a bar is drawn ten times a second at most
        return 0.5

    monkeypatch.setattr(train, "watched", lambda: True)
    list(train.progress(fit(Tiny(), Text(), loss, SHORT, slow), SHORT.steps))
    shown = capfd.readouterr().err
    assert "40/40" in shown and "loss=" in shown and "held_out=0.5" in shown and "<" in shown
