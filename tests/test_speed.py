"""The benchmark's machinery on a tiny shape: it runs, it compares equals, it counts right."""

import json

import pytest
import torch

from rnnlib.cells import LSTMCell
from rnnlib.experiments import racers, speed
from rnnlib.experiments.speed import Line, Settings

TINY = Settings(
    shapes=((3, 2, 4, 5), (4, 2, 3, 5)),
    ragged=(8,),
    sizes=(3, 4, 5),
    threads=(1,),
    rounds=2,
    least=0.0,
)


@pytest.mark.parametrize("cell", speed.CELLS.values())
def test_all_racers_compute_the_same(cell):
    whole, ragged = racers.whole(cell(4, 5), 6, 3), racers.ragged(cell(4, 5), 12, 3)
    racers.agree(whole)
    racers.agree(ragged)
    assert ("native" in whole) == (cell is LSTMCell)
    assert len(whole["ours"]()) == len(ragged["PackedSequence"]()) == 5


@pytest.mark.parametrize("wrong, what", list(enumerate(("h", "d_x", "d_W", "d_U", "d_b"))))
def test_a_racer_that_computes_something_else_is_caught(wrong, what):
    field = racers.whole(LSTMCell(4, 5), 6, 3)
    honest = field["torch.nn"]

    def off():
        return [t + 0.01 if k == wrong else t for k, t in enumerate(honest())]

    with pytest.raises(ArithmeticError, match=f"ours and torch.nn must agree in {what}, off by"):
        racers.agree({"ours": field["ours"], "torch.nn": off})


def test_a_racer_that_computes_nan_is_caught():
    field = racers.whole(LSTMCell(4, 5), 6, 3)
    with pytest.raises(ArithmeticError, match="off by nan"):
        racers.agree({"ours": field["ours"], "x": lambda: [t * torch.nan for t in field["ours"]()]})


def test_the_ragged_lengths_fill_about_five_eighths_of_the_batch():
    h, *_ = racers.ragged(LSTMCell(4, 5), 100, 32)["ours"]()
    assert 0.61 < (h != 0).any(2).double().mean().item() < 0.64


def test_the_ratio_is_the_median_of_the_rounds_and_more_than_1_is_faster():
    times = {"ours": [1.0, 2.0, 10.0], "theirs": [2.0, 6.0, 10.0]}
    assert speed.ratios(times) == {"theirs": 2.0}


def test_racers_take_turns_and_none_runs_more_often_than_asked():
    order = []
    field = {name: (lambda name=name: order.append(name)) for name in ("ours", "theirs")}
    times = speed.turns(field, TINY)
    assert order[4:] == ["ours", "theirs"] * 2  # after two warm-up calls each
    assert all(len(t) == 2 and min(t) > 0 for t in times.values())


def line(what, threads, **ratios):
    return Line(what, "LSTM", (3, 2, 4, 5), threads, 1.0, ratios, 0.1)


def test_the_table_has_geometric_means_by_threads_beside_the_figures_to_reach():
    found = [line("LSTM", 1, native=1.0), line("LSTM", 1, native=4.0), line("LSTM", 2, native=1.0)]
    assert speed.means(found) == pytest.approx({("LSTM", 1, "native"): 2, ("LSTM", 2, "native"): 1})
    rows = speed.table(found).splitlines()[2:]
    assert rows[0].split() == ["LSTM", "native", "1", "2.00", "1.1", "reached"]
    assert rows[1].split() == ["LSTM", "native", "2", "1.00", "1.1", "missed"]


def test_threads_are_put_back_even_after_an_error():
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), speed.threads(before + 1):
        assert torch.get_num_threads() == before + 1
        1 / 0  # noqa: B018
    assert torch.get_num_threads() == before


def test_main_prints_every_line_and_the_means(capsys):
    speed.main([], TINY, speed.here)
    said = capsys.readouterr().out
    assert said.count("T,B,D,H=") == 3 * 2 + 2
    for word in ("torch.nn", "native", "the loop", "products", "PackedSequence", "times as fast"):
        assert word in said


def test_main_records_only_when_asked(monkeypatch):
    kept = []
    monkeypatch.setattr(speed, "append", lambda records: kept.extend(records))
    speed.main(["--rounds", "1"], TINY, speed.here)
    assert not kept
    speed.main(["--rounds", "1", "--record"], TINY, speed.here)
    assert {r.setting["against"] for r in kept} >= {"torch.nn", "native", "PackedSequence"}
    assert all(r.claim == "speed" and r.value > 0 and json.dumps(r.setting) for r in kept)


def test_every_goal_belongs_to_something_that_is_measured():
    found = [job() for job in speed.jobs(TINY)]
    measured = {(what, rival) for what, _, rival in speed.means(found)}
    full = {(f"ragged T={T}", "PackedSequence") for T in Settings().ragged}
    assert set(speed.GOALS) <= measured | full


def test_a_line_can_be_measured_in_a_process_of_its_own():
    job = next(speed.jobs(TINY))
    line = speed.apart(job)
    assert (line.what, line.shape, line.threads) == ("RNN", (3, 2, 4, 5), 1)
    assert set(line.ratios) == {"torch.nn", "the loop", "products"}
