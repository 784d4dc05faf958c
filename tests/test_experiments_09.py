"""Notebook 09's tasks, units, microscopes and experiments: oracles, identities, small runs."""

import json
import math
from dataclasses import replace
from functools import partial

import pytest
import torch

from rnnlib import bptt, cells, claims, claims_series, plots, trace, trace_distance
from rnnlib.batches import pad
from rnnlib.datasets import synthetic
from rnnlib.datasets.loading import Data
from rnnlib.experiments import agreement, gradients, long_memory, recency, record, two_jobs, units
from rnnlib.trace_probes import commonest, linear_probe
from rnnlib.trace_probes import recency as probes


@pytest.fixture(autouse=True)
def fixed():
    """The same random numbers for every test."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


# --- tasks --------------------------------------------------------------------------------------


def test_the_sum_is_that_of_the_two_marked_numbers():
    x, y = synthetic.Stream("adding", 50, 9, seed=3)[4]
    for (value, mark), total in zip(x.unbind(0)[0].T.unsqueeze(0), y, strict=False):
        assert mark.sum() == 2 and torch.isclose(value[mark == 1].sum(), total[0])
    assert (x[:, :4, 1].sum(1) == 1).all() and (x[:, 4:, 1].sum(1) == 1).all()


def test_always_one_costs_a_sixth():
    _, y = synthetic.Stream("adding", 200_000, 2, seed=0)[0]
    assert abs(((y - 1) ** 2).mean().item() - 1 / 6) < 2e-3


def test_copied_symbols_come_back_after_the_go_sign():
    x, y = synthetic.Stream("copying", 5, 7, seed=0)[0]
    ids = x.argmax(-1)
    assert x.shape == (5, 7 + 10, 10) and (x.sum(-1) == 1).all()
    assert (ids[:, :5] == y).all()
    assert (ids[:, 12] == 9).all() and ((ids == 9).sum(1) == 1).all()


def test_a_batch_depends_on_seed_and_step_alone():
    stream = synthetic.Stream("adding", 3, 5, seed=1)
    torch.manual_seed(99)
    assert torch.equal(stream[7][0], synthetic.Stream("adding", 3, 5, seed=1)[7][0])
    assert not torch.equal(stream[7][0], stream[8][0])
    assert not torch.equal(stream[7][0], synthetic.Stream("adding", 3, 5, seed=2)[7][0])


def test_the_hash_follows_the_content():
    assert synthetic.Stream("adding", 3, 5).sha256 == synthetic.Stream("adding", 9, 5, 4).sha256
    assert synthetic.Stream("adding", 3, 5).sha256 != synthetic.Stream("adding", 3, 6).sha256


def test_tasks_say_what_they_expect():
    with pytest.raises(ValueError, match="T must be at least 2, got 1"):
        synthetic.Stream("adding", 3, 1)[0]
    with pytest.raises(ValueError, match="task must be one of adding, copying, got 'sum'"):
        synthetic.Stream("sum", 3, 5)


# --- units --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", units.UNITS)
def test_every_unit_runs_and_its_seed_fixes_it(name):
    first, second = (units.unit(name, 3, 4, seed=5) for _ in range(2))
    weights = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in weights)
    h, _ = bptt.run(first, torch.randn(2, 6, 3))
    assert h.shape == (2, 6, 4) and h.isfinite().all()


@pytest.mark.parametrize("name, gate", [("lstm", "f"), ("gru", "z"), ("simple_gru", "z")])
def test_the_gate_that_keeps_starts_at_its_bias(name, gate):
    cell = units.unit(name, 3, 4, keep=2.5)
    assert (cell.rows(gate)[2] == 2.5).all()


def test_starts_are_what_they_are_called():
    U = units.unit("orthogonal", 2, 6).U
    assert torch.allclose(U @ U.T, torch.eye(6), atol=1e-5)
    assert torch.equal(units.unit("irnn", 2, 6).U.detach(), torch.eye(6))
    with pytest.raises(ValueError, match="unit must be one of rnn, .*, got 'mlp'"):
        units.unit("mlp", 2, 3)


# --- gradients by distance ----------------------------------------------------------------------


@pytest.mark.parametrize("g", [torch.tanh, torch.relu])
def test_the_product_of_step_jacobians_is_autograds_jacobian(g):
    cell, x = cells.RNNCell(3, 5, g).double(), torch.randn(2, 7, 3).double()
    P = trace_distance.products(trace_distance.step_jacobians(cell, x))
    whole = trace.derivatives(cell, x)
    assert ((P - whole).abs() <= 1e-10 * whole.abs().amax((2, 3), keepdim=True)).all()
    h = trace.parts(cell, x)["h"]
    for t in range(7):
        def last(state, t=t):
            return cells.loop(cell, x[:1, t + 1 :], state)[1] if t < 6 else state
        exact = torch.autograd.functional.jacobian(last, h[:1, t])[0, :, 0]
        assert (P[0, t] - exact).abs().max() <= 1e-10 * exact.abs().max()


@pytest.mark.parametrize("name", ["rnn", "irnn", "simple_gru", "gru", "lstm"])
def test_the_largest_singular_value_is_the_norm(name):
    cell, x = units.unit(name, 3, 4).double(), torch.randn(2, 5, 3).double()
    values = trace_distance.spectrum(cell, x)
    assert torch.allclose(values[..., 0], trace.jacobian(cell, x), atol=1e-12)
    assert (values[:, -1] - 1).abs().max() < 1e-12


@pytest.mark.parametrize("name", ["rnn", "gru", "lstm"])
def test_blame_is_the_gradient_of_the_loss_by_the_state(name):
    cell, x = units.unit(name, 3, 4).double(), torch.randn(2, 5, 3).double()
    v = torch.randn(4).double()
    found = trace_distance.blame(cell, x, lambda h: ((h @ v) ** 2).sum())
    states, state = [], cell.start(2)
    for x_t in x.unbind(1):
        state = cell(x_t, state)
        each = [s.clone() for s in (state if isinstance(state, tuple) else (state,))]
        [s.retain_grad() for s in each]  # copies: what moves c leaves h where it is
        state = tuple(each) if len(each) > 1 else each[0]
        states.append(each)
    ((cell.output(state) @ v) ** 2).sum().backward()
    zero = torch.zeros(2, 4).double()
    grads = [torch.cat([zero if s.grad is None else s.grad for s in each], 1) for each in states]
    assert torch.allclose(found, torch.stack(grads, 1).norm(dim=-1), atol=1e-10)


def test_a_relu_networks_gradient_does_not_feel_the_size_of_its_inputs():
    start = gradients.Start("relu", 1.3, H=16, T=20)
    cell, x = gradients.scaled_cell(start), torch.randn(2, 20, 8).double()
    assert torch.allclose(trace.jacobian(cell, x), trace.jacobian(cell, 5 * x))


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_a_scaled_cell_has_the_radius_asked_for(scale):
    cell = gradients.scaled_cell(gradients.Start("tanh", scale, H=16))
    assert math.isclose(gradients.radius(cell.U), scale, rel_tol=1e-9)


def test_a_linear_network_of_one_unit_decays_by_its_weight():
    cell = cells.RNNCell(1, 1, g=lambda a: 1.0 * a).double()
    with torch.no_grad():
        cell.U.fill_(0.1)
    found = gradients.decades(cell, torch.randn(3, 12, 1).double())
    assert math.isclose(found["distance_10"], -10, abs_tol=1e-9) and "distance_20" not in found


# --- probes -------------------------------------------------------------------------------------


def test_a_probe_reads_what_a_shift_register_holds_and_nothing_older():
    ids = torch.randint(0, 4, (8, 200))
    one_hot = torch.nn.functional.one_hot(ids, 4).float()
    before = torch.cat([torch.zeros(8, 1, 4), one_hot[:, :-1]], 1)
    found = probes(torch.cat([one_hot, before], -1), ids, 4, back=4)
    assert found[0] == found[1] == 1.0
    assert all(value < 0.4 for value in found[2:])


def test_a_probe_is_least_squares():
    X, y = torch.randn(50, 3), torch.randint(0, 2, (50,))
    P = linear_probe(X, y, 2, ridge=0.0)
    with_one = torch.cat([X, torch.ones(50, 1)], 1).double()
    exact = torch.linalg.lstsq(with_one, torch.nn.functional.one_hot(y, 2).double()).solution
    assert torch.allclose(P, exact, atol=1e-8)


def test_a_probe_does_not_look_beyond_its_rows():
    with pytest.raises(ValueError, match="back must be below T=5, got 5"):
        probes(torch.randn(4, 5, 2), torch.zeros(4, 5, dtype=torch.long), 2, back=5)


def test_the_commonest_symbol_is_counted_on_the_rows_that_test():
    ids = torch.tensor([[0, 0, 1], [0, 0, 0], [0, 0, 1], [0, 1, 1]])
    assert math.isclose(commonest(ids), 1 / 3)


# --- agreement ----------------------------------------------------------------------------------

TOY = [("the key".split(), "singular", None), ("the keys".split(), "plural", None),
       ("a key".split(), "singular", None)]


def data_of(train, test):
    """A small Data of agreement."""
    return Data("toy", False, "toy", "0" * 64, "", "", train, train, test)


def test_naive_bayes_gives_the_numbers_worked_by_hand():
    """Singular: the key a key, 4 words; plural: the keys, 2; vocabulary 4; priors 2/3 and 1/3.
    "keys": 2/3 * 1/8 = 0.083 against 1/3 * 2/6 = 0.111."""
    guess = agreement.bag(TOY)
    assert guess(["keys"]) == "plural"
    assert guess(["key"]) == "singular"
    assert guess(["Zebra"]) == "singular", "nothing is known: the prior decides"
    assert guess(["KEYS"]) == "plural", "case does not matter"


def test_groups_count_the_held_out_split_and_each_number_of_attractors():
    test = [(["x"], "plural", 2), (["y"], "plural", 1), (["z"], "singular", 2)]
    found = agreement.shares(data_of(TOY, test),
                             {"valid": [True, False, True], "test": [True, False, False]})
    assert found == {"held_out": pytest.approx(200 / 3), "attractors_1": 0.0, "attractors_2": 50.0}


def test_padding_changes_no_number():
    recipe = agreement.Recipe("gru", D=5, H=6)
    model = agreement.NumberReader(9, recipe).eval()
    short, long = torch.tensor([3, 4]), torch.tensor([5, 6, 7, 8, 3])
    ids, lengths = pad([short, long], 0)
    with torch.no_grad():
        both = model(ids, lengths)
        assert torch.allclose(both[0], model(short[None], torch.tensor([2]))[0], atol=1e-6)


def test_a_reader_learns_a_small_agreement_by_heart():
    data = data_of(TOY * 30, [(["the", "keys"], "plural", 1)])
    recipe = agreement.Recipe("rnn", D=8, H=8, passes=30, dropout=0.0, lr=1e-2, tokens=60)
    values = {r.metric: r.value for r in agreement.run(recipe, data)}
    assert values == {"held_out": 100.0, "attractors_1": 100.0}


@pytest.mark.real_data
def test_naive_bayes_on_linzens_sentences_gives_the_published_row(capsys):
    """Computed independently of this library, to one decimal."""
    found = agreement.baselines(agreement.load("linzen"))["naive_bayes"]
    assert [round(v, 1) for v in found.values()] == [87.3, 55.8, 37.5, 29.1, 29.9, 22.0]


# --- experiments in small -----------------------------------------------------------------------


def test_a_gated_unit_learns_a_short_sum_and_stops_there():
    recipe = long_memory.Recipe("adding", "gru", 10, steps=600)
    values = {r.metric: r.value for r in long_memory.run(recipe)}
    assert values["mse"] < 0.01 and values["updates"] < 600 and values["failed"] == 0


def test_lengths_that_are_recorded_are_not_run_again(monkeypatch, tmp_path):
    monkeypatch.setattr(long_memory, "LENGTHS", {"adding": (3, 4)})
    monkeypatch.setattr(long_memory, "Recipe", partial(long_memory.Recipe, steps=2, H=3))
    long_memory.main(["adding"], ["gru"], seeds=[0], folder=tmp_path)
    once = record.results_file("K13", tmp_path).read_text().splitlines()
    long_memory.main(["adding"], ["gru"], seeds=[0, 1], folder=tmp_path)
    twice = record.results_file("K13", tmp_path).read_text().splitlines()
    assert len(once) == 6 and twice[:6] == once and len(twice) == 12


def test_a_length_is_learned_when_every_seed_learns_it_at_one_rate():
    def one(unit, T, lr, seed, value):
        setting = {"task": "adding", "unit": unit, "T": T, "lr": lr}
        return record.Record("K13", setting, seed, "mse", value, 0.0, "adding", "", {})

    runs = [one("rnn", 10, 0.1, 0, 0.001), one("rnn", 10, 0.1, 1, 0.002),
            one("rnn", 20, 0.1, 0, 0.001), one("rnn", 20, 0.1, 1, 0.2),
            one("rnn", 20, 0.2, 0, 0.2), one("rnn", 20, 0.2, 1, 0.001),
            one("rnn", 40, 0.1, 0, 0.001),
            one("gru", 10, 0.1, 0, 0.5), one("gru", 10, 0.2, 0, 0.001), one("never", 10, 0.1, 0, 1)]
    found = long_memory.reach(runs)
    assert found == {"rnn": (10, 20), "gru": (10, None), "never": (None, 10)}


def test_copying_is_judged_by_the_share_of_symbols():
    recipe = long_memory.Recipe("copying", "rnn", 2, steps=20)
    values = {r.metric: r.value for r in long_memory.run(recipe)}
    assert 0.0 <= values["accuracy"] <= 1.0


def test_a_run_that_explodes_is_recorded_as_failed(monkeypatch):
    def explode(model, batch, carry):
        return model(batch[0]).sum() * math.inf, 1, None

    monkeypatch.setattr(long_memory, "loss", explode)
    values = {r.metric: r.value for r in long_memory.run(long_memory.Recipe("adding", "rnn", 4))}
    assert values["failed"] == 1


def test_the_same_seed_gives_the_same_record():
    recipe = two_jobs.Recipe("rnn", 3, steps=30)
    first, second = ([(r.metric, r.value) for r in two_jobs.run(recipe)] for _ in range(2))
    assert first == second and [name for name, _ in first] == ["now", "later"]


@pytest.mark.parametrize("job", ["now", "later"])
def test_one_job_alone_is_judged_alone(job):
    records = two_jobs.run(two_jobs.Recipe("rnn", 3, job, steps=5))
    assert [r.metric for r in records] == [job]


def test_the_sums_are_of_neighbours():
    x, sums, first = two_jobs.Symbols(6, 5, 0)[0]
    s = x[:, :-1].argmax(-1)
    assert (first == s[:, 0]).all() and (x[:, -1, -1] == 1).all()
    assert (sums[:, 2] == (s[:, 3] + s[:, 2]) % two_jobs.S).all()


def test_recency_reads_a_text_that_is_not_english():
    text = "abcd" * 3000
    data = Data("toy", False, "", "0" * 64, "", "", text, text[:100], text * 2)
    recipe = recency.Recipe("rnn", D=4, H=8, B=4, T=16, steps=50, back=6)
    values = {r.metric: r.value for r in recency.run(recipe, data)}
    assert values["back_0"] == values["back_6"] == 1.0, "in a cycle of four the present tells all"


def test_gradients_are_followed_through_training():
    task = long_memory.Recipe("adding", "rnn", 12, steps=4, H=8)
    found = gradients.followed(task, scale=0.5)
    assert {r.setting["updates"] for r in found} == {0, 4}
    assert all(math.isfinite(r.value) for r in found)


# --- recorded results as curves, pictures -------------------------------------------------------


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Two lengths, two learning rates, two seeds of a made-up claim."""
    data = synthetic.Stream("adding", 2, 4)
    rows = [record.measured("K99", {"T": T, "lr": lr}, seed, {"mse": T * lr + seed, "back_0": 1.0,
                            "back_10": 0.5}, 0.0, data)
            for T in (10, 2) for lr in (1.0, 3.0) for seed in (0, 1)]
    record.append([r for row in rows for r in row], tmp_path)
    everything = [record.Record(**json.loads(line)) for line in
                  (tmp_path / "K99.jsonl").read_text().splitlines()]

    def results(claim, metric=None, setting=None, data=None):
        wanted = (setting or {}).items()
        return [r for r in everything
                if metric in (None, r.metric) and wanted <= r.setting.items()]

    monkeypatch.setattr(claims, "results", results)


def test_a_series_is_sorted_and_averaged_over_seeds(recorded):
    xs, means, halves = claims_series.series("K99", "mse", "T", {"lr": 1.0})
    assert xs == [2, 10] and means == [2.5, 10.5] and halves[0] == pytest.approx(6.3531, abs=1e-3)


def test_a_series_over_several_settings_wants_a_choice(recorded):
    with pytest.raises(ValueError, match="mse at T=2 has 2 settings, expected one"):
        claims_series.series("K99", "mse", "T")
    assert claims_series.series("K99", "mse", "T", choose=min)[1] == [2.5, 10.5]
    assert claims_series.series("K99", "mse", "T", choose=max)[1] == [6.5, 30.5]


def test_a_profile_is_in_the_order_of_its_numbers(recorded):
    assert claims_series.profile("K99", "back")[:2] == ([0, 10], [1.0, 0.5])
    with pytest.raises(ValueError, match="K99 has no metrics far_0"):
        claims_series.profile("K99", "far")


def test_the_widget_survives_every_control():
    from rnnlib.widgets.spectral import norms, spectral_radius

    widget = spectral_radius(draws=1)
    assert widget.sweep() > 6 and not widget.error.value
    fading = norms("tanh", 0.5, 1.0, 0)
    assert fading[-1] == 1.0 and fading[0] < 1e-10


def test_growth_keeps_its_scale_and_takes_zeros():
    fig = plots.figure(6, 3)
    plots.growth(fig, {"tanh": [[0.0, 0.5, 1.0]], "relu": [[1e30, 1e15, 1.0]]})
    assert [ax.get_ylim() for ax in fig.axes] == [(-20, 20)] * 2
    fig.png()


def test_groups_have_a_bar_for_each_row_and_name():
    fig = plots.figure(6, 3)
    ax = fig.add_subplot()
    plots.groups(ax, ["a", "b", "c"], {"rnn": [1, 2, 3], "lstm": [2, 3, 4]}, {"rnn": [1, 1, 1]})
    assert len(ax.patches) == 6
    fig.png()


def test_recipes_can_be_varied():
    assert replace(long_memory.Recipe("adding", "rnn", 5), lr=0.1).setting()["lr"] == 0.1
