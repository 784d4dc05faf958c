"""Recorded results, read back: the only place from which texts and tables take their numbers.

claims.quote("K05", "perplexity", {"model": "LSTM"})     ->  '98.41 ± 1.20 (3 seeds)'
"""

import json
import math
import tomllib

from . import DATA, ROOT
from .experiments.record import RESULTS, Record, append, results_file
from .metrics import interval

__all__ = ["append", "results", "quote", "command"]


def results(claim: str, metric=None, setting=None, data=None, folder=RESULTS) -> list[Record]:
    """The recorded results of a claim, in the order they were made.

    A run that was repeated (same setting, seed, metric and data) counts once, with its last value.

    Args:
        claim: K05, or the name of an experiment: char_model.
        metric: only this metric.
        setting: only records whose setting has these values: {"cell": "LSTM"}.
        data: only this data set.
        folder: where the results are.

    Raises:
        ValueError: nothing fits; the sentence says what there is, or which command makes it.
    """
    every = _read(claim, folder)
    wanted = {"metric": metric, "data": data}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    found = {_key(r): r for r in every if _fits(r, wanted, setting or {})}
    if found:
        return list(found.values())
    asked = " ".join([claim, *wanted.values(), *([str(setting)] if setting else [])])
    if not every:
        raise ValueError(f"no result is recorded for {asked}: {command(claim)}")
    kinds = sorted({f"{r.metric} {r.setting} on {r.data}" for r in every})
    raise ValueError(f"no result is recorded for {asked}, but there is {'; '.join(kinds[:5])}")


def quote(claim: str, metric: str, setting=None, data=None, digits=2, folder=RESULTS) -> str:
    """A result as text with its 95 % interval over seeds: '1.52 ± 0.01 (3 seeds)'.

    Raises:
        ValueError: nothing fits, or the records are of several settings or data sets.
    """
    found = results(claim, metric, setting, data, folder)
    for what in ("data", "setting"):
        kinds = {json.dumps(getattr(r, what), sort_keys=True) for r in found}
        if len(kinds) > 1:
            raise ValueError(
                f"{claim} {metric} was measured with more than one {what}, expected one: "
                f"choose by {what}= from {'; '.join(sorted(kinds)[:5])}"
            )
    mean, half = interval([r.value for r in found])
    spread = "" if math.isnan(half) else f" ± {half:,.{digits}f}"
    return f"{mean:,.{digits}f}{spread} ({len(found)} seed{'s' if len(found) > 1 else ''})"


def command(claim: str, syllabus=DATA / "syllabus.toml") -> str:
    """Which command makes the results of a claim, as half a sentence."""
    rows = tomllib.loads(syllabus.read_text(encoding="utf-8"))["claims"]
    made_by = rows[claim]["experiment"] if claim in rows else f"rnnlib.experiments.{claim}"
    parts = made_by.split(".")
    while parts and not ROOT.joinpath(*parts).with_suffix(".py").exists():
        parts.pop()  # the cell may name a function inside the module
    if not parts:
        return "no experiment makes it yet (see data/syllabus.toml)"
    return f"make it with python -m {'.'.join(parts)}"


def _read(claim: str, folder) -> list[Record]:
    path = results_file(claim, folder)
    records = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            records.append(Record(**json.loads(line)))
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {number} of {path} is no record ({error}): mend it") from None
    return records


def _fits(record: Record, wanted: dict, setting: dict) -> bool:
    named = all(getattr(record, name) == value for name, value in wanted.items())
    return named and setting.items() <= record.setting.items()


def _key(record: Record) -> tuple:
    setting = json.dumps(record.setting, sort_keys=True)
    return setting, record.seed, record.metric, record.data, record.data_sha256
