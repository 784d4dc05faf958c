"""`course.py run` on small notebooks that go well, fail, hide their errors, hang or die."""

import pathlib
import shutil
import time

import nbformat
import psutil
import pytest

from rnnlib import cli, runner, runner_report, runner_save, runner_worker

FIXTURES = pathlib.Path(__file__).parent / "fixtures"
NAMES = ["good", "exception", "hidden", "red", "interact", "endless", "dies", "warns"]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """All fixtures, executed once: dict name -> Outcome."""
    folder = tmp_path_factory.mktemp("notebooks")
    outcomes = runner.run([FIXTURES / f"{name}.ipynb" for name in NAMES], {"SEED": 7},
                          runner.Limits(cell=5, notebook=60), folder)
    return {outcome.path.stem: outcome for outcome in outcomes}


def test_outcomes_come_in_the_order_asked_for(ran):
    assert list(ran) == NAMES


@pytest.mark.parametrize("name", ["good", "interact", "warns"])
def test_a_good_notebook_goes_well(ran, name):
    assert ran[name].errors == []
    assert ran[name].output.exists()


@pytest.mark.parametrize("name, words", [
    ("exception", "ZeroDivisionError"),
    ("hidden", "hidden in a widget: ZeroDivisionError"),
    ("red", "hidden in a widget: ValueError: no such state"),
    ("endless", "timed out"),
    ("dies", "Kernel died"),
])
def test_every_kind_of_failure_is_named(ran, name, words):
    assert len(ran[name].errors) == 1
    assert words in ran[name].errors[0]


def test_the_table_names_the_cell_that_failed(ran):
    table = runner_report.table(list(ran.values()))
    assert "exception: ZeroDivisionError: division by zero (last cell: '1 / 0')" in table
    assert table.count("FAILED") == 5


def test_parameters_reach_the_notebook(ran):
    cells = nbformat.read(ran["good"].output, as_version=4).cells
    shown, = [cell.outputs[0] for cell in cells if cell.source == "SEED, FAST"]
    assert shown.data["text/plain"] == "(7, True)"


def test_a_cell_that_writes_to_stderr_is_counted_not_failed(ran):
    assert [ran[name].warned for name in ("good", "warns")] == [0, 1]


def test_memory_is_that_of_a_python_process(ran):
    assert 20e6 < ran["good"].peak < 2e9


def test_the_watchdog_ends_a_notebook_whose_worker_does_not(tmp_path):
    start = time.monotonic()
    outcome, = runner.run([FIXTURES / "endless.ipynb"], {},
                          runner.Limits(cell=600, notebook=6), tmp_path)
    assert outcome.errors == ["the notebook took more than 6 s"]
    assert time.monotonic() - start < 30
    assert not [p for p in psutil.Process().children(recursive=True) if "ipykernel" in str(p)]


def test_an_unknown_parameter_is_an_error_that_names_the_nearest(tmp_path):
    with pytest.raises(ValueError, match="good has no parameter 'SEEDS'; did you mean 'SEED'"):
        runner.run([FIXTURES / "good.ipynb"], {"SEEDS": 1}, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def folder(tmp_path):
    """A folder with three numbered notebooks (empty files: only names matter)."""
    for name in ("00_start_here", "02_simple_rnn", "10_gates_lstm_gru"):
        (tmp_path / f"{name}.ipynb").touch()
    return tmp_path


@pytest.mark.parametrize("word", ["02", "02_simple_rnn", "simple_rnn", "02_simple_rnn.ipynb",
                                  "notebooks/02_simple_rnn.ipynb"])
def test_a_notebook_goes_by_its_number_or_its_name(folder, word, monkeypatch):
    monkeypatch.chdir(folder)
    assert runner.find(word, folder) == folder / "02_simple_rnn.ipynb"


@pytest.mark.parametrize("word, hint", [("simple_rn", "did you mean 02_simple_rnn"),
                                        ("99", "there are: 00_start_here")])
def test_an_unknown_notebook_is_an_error_with_a_hint(folder, word, hint):
    with pytest.raises(ValueError, match=f"there is no notebook '{word}'; {hint}"):
        runner.find(word, folder)


@pytest.mark.parametrize("text, value", [("3", 3), ("0.5", 0.5), ("False", False), ("true", True),
                                         ("None", None), ("a text", "a text"), ("[1, 2]", [1, 2])])
def test_parameters_are_read_as_python_or_text(text, value):
    assert runner.value(text) == value


def test_errors_of_the_command_are_one_sentence(capsys):
    assert cli.main(["run", "no such notebook"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_verb_is_one_sentence_with_the_nearest(capsys):
    assert cli.main(["tets"]) == 2
    assert capsys.readouterr().err == "course: there is no verb 'tets'; did you mean 'test'?\n"


def test_help_lists_every_verb(capsys):
    assert cli.main([]) == 0
    text = capsys.readouterr().out
    assert all(f"  {verb} " in text for verb in cli.VERBS)


def test_saving_puts_back_outputs_and_nothing_else(ran, tmp_path):
    source = tmp_path / "good.ipynb"
    shutil.copy(FIXTURES / "good.ipynb", source)
    runner_save.save(source, ran["good"].output)
    before = nbformat.read(FIXTURES / "good.ipynb", as_version=4)
    after = nbformat.read(source, as_version=4)
    assert [c.id for c in after.cells] == [c.id for c in before.cells]
    assert [c.source for c in after.cells] == [c.source for c in before.cells]
    assert [c.metadata for c in after.cells] == [c.metadata for c in before.cells]
    assert set(after.metadata) == {"kernelspec", "language_info"}
    code = [c for c in after.cells if c.cell_type == "code"]
    assert [c.execution_count for c in code] == [1, 2, 3, 4, None, 5]
    assert code[2].outputs[0].execution_count == 3
    assert code[2].outputs[0].data["text/plain"] == "(7, True)"
    assert code[5].outputs[0].text == "the end\n"
    assert "widget-view" not in source.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["good.ipynb"]


def test_saving_twice_changes_nothing(ran, tmp_path):
    source = tmp_path / "good.ipynb"
    shutil.copy(FIXTURES / "good.ipynb", source)
    runner_save.save(source, ran["good"].output)
    once = source.read_bytes()
    runner_save.save(source, ran["good"].output)
    assert source.read_bytes() == once


def test_the_command_saves_what_went_well_and_only_that(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "OUTPUT", tmp_path / "build")
    paths = [tmp_path / "good.ipynb", tmp_path / "exception.ipynb"]
    for path in paths:
        shutil.copy(FIXTURES / path.name, path)
    before = [path.read_bytes() for path in paths]
    assert cli.main(["run", *map(str, paths), "--save", "--full"]) == 1
    assert "(0, False)" in paths[0].read_text()
    assert paths[0].read_bytes() != before[0] and paths[1].read_bytes() == before[1]
    assert "1 / 0" in capsys.readouterr().out


def test_time_left_comes_from_the_earlier_run():
    outcome = runner.Outcome(FIXTURES / "good.ipynb", FIXTURES, seconds=4.0, cells={1: 4.0})
    cells = runner_report.code_cells(outcome.path)
    assert list(cells) == [1, 2, 3, 5, 7]
    assert runner_report.left(outcome, {}) == 16
    earlier = {str(place): 2.5 for place in cells}
    assert runner_report.left(outcome, {"good": earlier}) == 10
    outcome.cell = 3
    assert runner_report.status(outcome, {}) == "good cell 3 of 5, 4 s, about 16 s left"


def test_no_error_is_seen_in_healthy_widgets():
    state = {"a": {"model_name": "OutputModel", "state": {"outputs": [
                {"output_type": "stream", "name": "stdout", "text": "error"}]}},
             "b": {"model_name": "HTMLModel", "state": {"value": "<b>all well</b>"}},
             "c": {"model_name": "IntSliderModel", "state": {"value": 3}}}
    kind = "application/vnd.jupyter.widget-state+json"
    assert runner_worker.hidden_errors({kind: {"state": state}}) == []


@pytest.mark.parametrize("arguments, split", [
    ([], True), (["-q", "-k", "padding"], True), (["tests/test_cells.py"], False),
    (["tests/test_cells.py::test_x"], False), (["-n", "4"], False), (["--pdb"], False)])
def test_everything_is_tested_on_two_processes_a_part_on_one(monkeypatch, arguments, split):
    asked = []
    monkeypatch.setattr(cli, "become", lambda command, variables: asked.append(command) or 5)
    monkeypatch.setattr(cli.os, "cpu_count", lambda: 2)
    assert cli.main(["test", *arguments]) == 5
    command, = asked
    assert command[2] == "pytest" and command[-len(arguments):] == arguments or not arguments
    assert (command[3:5] == ["-n", "2"]) == split
