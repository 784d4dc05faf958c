"""Results are written whole, read back as they were, and quoted only where they say one thing."""

import json
import math
import multiprocessing
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from rnnlib import claims, metrics
from rnnlib.experiments import record
from rnnlib.experiments.record import Record, measured

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # so that another process finds this file

DATA = SimpleNamespace(name="toy", sha256="ab" * 32)


def one(value=1.0, seed=0, claim="K05", setting=None, metric="perplexity"):
    (made,) = measured(claim, setting or {"model": "RNN", "H": 8}, seed, {metric: value}, 2.5, DATA)
    return made


def three(folder, values=(1.50, 1.52, 1.54)):
    claims.append([one(value, seed) for seed, value in enumerate(values)], folder)


def append_many(folder, seeds):
    for seed in seeds:
        claims.append([one(seed=seed)], folder)


def test_records_come_back_as_they_were(tmp_path):
    made = [one(0.1 + 0.2, 1), one(math.pi, 2, setting={"model": "é", "sizes": [1, 2]})]
    claims.append(made, tmp_path)
    assert claims.results("K05", folder=tmp_path) == made


def test_a_record_says_how_it_came_about():
    made = one()
    assert (made.data, made.data_sha256, made.seconds) == ("toy", DATA.sha256, 2.5)
    assert made.versions["torch"] == torch.__version__
    assert made.versions["python"].startswith("3.") and made.versions["rnnlib"]


def test_each_claim_has_its_file_with_one_line_of_json_for_each_record(tmp_path):
    claims.append([one(claim="K05"), one(claim="K06"), one(seed=1)], tmp_path)
    lines = (tmp_path / "K05.jsonl").read_text().splitlines()
    assert [json.loads(line)["seed"] for line in lines] == [0, 1]
    assert len((tmp_path / "K06.jsonl").read_text().splitlines()) == 1


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    three(tmp_path)
    before = (tmp_path / "K05.jsonl").read_bytes()

    def no_disk(descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", no_disk)
    with pytest.raises(OSError):
        claims.append([one()], tmp_path)
    assert (tmp_path / "K05.jsonl").read_bytes() == before


def test_two_programs_may_append_at_the_same_time(tmp_path):
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    parts = [range(0, 20), range(20, 40)]
    workers = [context.Process(target=append_many, args=(tmp_path, part)) for part in parts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {r.seed for r in claims.results("K05", folder=tmp_path)} == set(range(40))


def test_metric_setting_and_data_choose(tmp_path):
    other = replace(one(seed=5), data="other")
    claims.append(
        [one(), one(metric="accuracy"), one(setting={"model": "GRU", "H": 8}), other], tmp_path
    )
    found = claims.results("K05", "perplexity", {"model": "RNN"}, "toy", tmp_path)
    assert found == [one()]
    assert len(claims.results("K05", setting={"H": 8}, folder=tmp_path)) == 4


def test_a_repeated_run_counts_once_with_its_last_value(tmp_path):
    three(tmp_path)
    claims.append([one(9.0, seed=1)], tmp_path)
    assert sorted(r.value for r in claims.results("K05", folder=tmp_path)) == [1.50, 1.54, 9.0]


def test_a_quote_is_the_mean_with_its_interval(tmp_path):
    three(tmp_path)
    half = metrics.interval([1.50, 1.52, 1.54])[1]
    assert claims.quote("K05", "perplexity", folder=tmp_path) == f"1.52 ± {half:.2f} (3 seeds)"
    text = claims.quote("K05", "perplexity", digits=4, folder=tmp_path)
    assert text == f"1.5200 ± {half:.4f} (3 seeds)"


def test_one_seed_is_quoted_without_an_interval(tmp_path):
    claims.append([one(12345.678)], tmp_path)
    assert claims.quote("K05", "perplexity", folder=tmp_path) == "12,345.68 (1 seed)"


def test_different_settings_or_data_are_not_averaged(tmp_path):
    claims.append([one(), one(setting={"model": "GRU", "H": 8})], tmp_path)
    with pytest.raises(ValueError, match='more than one setting, .* choose by setting= .*"GRU"'):
        claims.quote("K05", "perplexity", folder=tmp_path)
    claims.append([replace(one(), data="other")], tmp_path)
    with pytest.raises(ValueError, match='more than one data, expected one: .* "other"; "toy"'):
        claims.quote("K05", "perplexity", {"model": "RNN"}, folder=tmp_path)


def test_a_missing_result_names_the_command_that_makes_it(tmp_path):
    said = "no result is recorded for char_model nats: make it with python -m "
    with pytest.raises(ValueError, match=said + "rnnlib.experiments.char_model$"):
        claims.quote("char_model", "nats", folder=tmp_path)


def test_the_command_comes_from_the_syllabus_even_where_it_names_a_function(tmp_path):
    path = tmp_path / "syllabus.toml"
    path.write_text(
        '[claims.K90]\nexperiment = "rnnlib.experiments.char_model.run"\n'
        '[claims.K91]\nexperiment = ""\n'
    )
    assert claims.command("K90", path) == "make it with python -m rnnlib.experiments.char_model"
    assert claims.command("K91", path).startswith("no experiment makes it yet")
    assert claims.command("nonsense", path).startswith("no experiment makes it yet")


def test_a_missing_setting_lists_what_there_is(tmp_path):
    three(tmp_path)
    with pytest.raises(ValueError, match="but there is perplexity .*RNN.* on toy"):
        claims.results("K05", setting={"model": "LSTM"}, folder=tmp_path)


def test_a_damaged_line_is_named(tmp_path):
    three(tmp_path)
    path = tmp_path / "K05.jsonl"
    path.write_text(path.read_text() + '{"claim": "K05"')
    with pytest.raises(ValueError, match="line 4 of .*K05.jsonl is no record"):
        claims.results("K05", folder=tmp_path)


def test_a_claim_that_is_no_name_is_refused(tmp_path):
    with pytest.raises(
        ValueError, match="expected a claim such as K05 or char_model, got '../K05'"
    ):
        claims.append([one(claim="../K05")], tmp_path)


def test_every_committed_result_can_be_read():
    for path in record.RESULTS.glob("*.jsonl"):
        found = claims.results(path.stem)
        assert found and all(isinstance(r, Record) and r.claim == path.stem for r in found)
