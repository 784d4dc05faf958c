"""The engine of all checks: runs a student's function on small cases and says what holds, what does
not, and why.

A check never raises, never hangs longer than its limit (see `guard`), and never shows the solution:
it shows one input, what was expected there, what came back, and the name of the mistake when it is
a known one.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch

from .compare import difference, kind, show
from .guard import call, call_ours


@dataclass(frozen=True)
class Case:
    """One property of a function: its name, the inputs to try, the function that knows, and known
    wrong functions.

    inputs    list of tuples of arguments; tried from the smallest on
    oracle    called with the same arguments, returns what is expected
    mistakes  list of (what the student did, function that does it), such as ("you transposed U",
              wrong)
    returns   names of the values when the function returns several, such as ("h", "z")
    weight    share of an exercise's points, among the weights of all its cases
    accepts   where several answers are right, in place of the oracle: called with the value and the
              arguments, returns None for a right answer, else a sentence
    """

    name: str
    inputs: list
    oracle: Callable | None
    mistakes: list = field(default_factory=list)
    tolerance: float = 1e-5
    returns: tuple = ()
    weight: float = 1
    accepts: Callable | None = None


@dataclass(frozen=True, repr=False)
class Report:
    """What a check found, one property after the other; true when all hold. Its text is the same in
    every run."""

    lines: tuple
    passed: bool

    def __bool__(self):
        return self.passed

    def __repr__(self):
        return "\n".join(self.lines)


def examine(function, cases, seconds=5.0):
    """Report on a function tried on every Case, `seconds` each; stops at a case that is not written
    yet or never ends."""
    if not callable(function):
        return Report((f"does not hold: expected a function, got {kind(function)}",), False)
    lines, passed = [], True
    for case in cases:
        verdict, more = judge(function, case, seconds, cases)
        lines.append("\n    ".join([f"{verdict}: {case.name}", *more]))
        passed = passed and verdict == "holds"
        if verdict == "not yet" or any("seconds" in line for line in more):
            break
    return Report(tuple(lines), passed)


def judge(function, case, seconds, cases=()):
    """The verdict on one case and the lines that explain it: holds, does not hold, not yet.

    cases  all of the exercise: a mistake is named only if it explains each of them
    """
    for arguments in sorted(case.inputs, key=size):
        given = copy.deepcopy(arguments)
        misfit = signature_misfit(function, given)
        if misfit:
            return "does not hold", [misfit]
        outcome = call(function, given, seconds)
        if not_written(outcome):
            return "not yet", printed(outcome)
        others = values(function, cases or [case], seconds)
        said = failure(outcome, seconds) or wrong(case, arguments, outcome.value, given, others)
        if said:
            return "does not hold", [*inputs_shown(function, arguments), *said, *printed(outcome)]
    return "holds", []


def not_written(outcome):
    """True when a function is still a stub: it raises NotImplementedError or returns nothing."""
    if outcome.late:
        return False
    return (
        isinstance(outcome.error, NotImplementedError)
        or outcome.error is None
        and outcome.value is None
    )


def failure(outcome, seconds):
    """Lines on a call that ended in an error or not at all, or nothing."""
    if outcome.late:
        return [f"it ran longer than {seconds:g} seconds: is there a loop that never ends?"]
    if outcome.error is None:
        return []
    first = str(outcome.error).strip().split("\n")[0]
    said = f"it raised {type(outcome.error).__name__}" + (f": {first}" if first else "")
    return [said, *([f"in {outcome.line}"] if outcome.line else [])]


def wrong(case, arguments, got, given, others):
    """Lines on a value that is not the expected one, with the known mistake it comes from, or
    nothing."""
    said = misfit(case, arguments, got)
    if said:
        for n, name in enumerate(case.returns):
            place = f"value {n + 1} of {len(case.returns)}:"
            said = f"{name}:" + said.removeprefix(place) if said.startswith(place) else said
        return [*said.split("\n"), *known(case, arguments, got, others)]
    if difference(tensors_in(arguments), tensors_in(given), 0.0):
        return [
            "the value is right, but your function changes its input in place: "
            "write h = h + ... in place of h += ..."
        ]
    return []


def misfit(case, arguments, got):
    """How a value misses what a case expects, as text, or None; values of any type."""
    given = copy.deepcopy(arguments)
    expected = None if case.accepts else case.oracle(*given)
    try:
        if case.accepts:
            return case.accepts(got, *given)
        return difference(expected, got, case.tolerance)
    except Exception:
        return f"got {kind(got)} that cannot be read as an answer"


def known(case, arguments, got, others):
    """The line that names the first mistake whose function gives the same wrong value here and the
    same values on all other inputs that it belongs to, or nothing."""
    fits = [pair for pair in case.mistakes if gives(pair[1], arguments, got, case.tolerance)]
    for other, given, value in others if fits else ():
        fits = [
            pair
            for pair in fits
            if pair not in other.mistakes or gives(pair[1], given, value, other.tolerance)
        ]
    return [f"known mistake: {fits[0][0]}"] if fits else []


def gives(mistake, arguments, got, tolerance):
    """Whether the function of a known mistake gives this value."""
    outcome = call_ours(mistake, copy.deepcopy(arguments))
    try:
        return outcome.error is None and difference(outcome.value, got, tolerance) is None
    except Exception:  # a value of an odd type, which cannot be compared
        return False


def values(function, cases, seconds):
    """(case, arguments, value) for each input on which a function returns one, until it is late;
    runs only as far as it is read."""
    for case in cases:
        for arguments in case.inputs:
            outcome = call(function, copy.deepcopy(arguments), seconds)
            if outcome.late:
                return
            if outcome.error is None:
                yield case, arguments, outcome.value


def printed(outcome):
    """Lines with what a function printed, the first ten at most."""
    lines = outcome.printed.rstrip().split("\n") if outcome.printed.strip() else []
    return [f"it printed: {line}" for line in lines[:10]]


def signature_misfit(function, arguments):
    """A sentence when a function cannot take so many arguments, else nothing."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(*arguments)
    except TypeError:
        return f"expected a function of {len(arguments)} arguments, yours takes {signature}"
    return ""


def inputs_shown(function, arguments):
    """Lines that show the input: every argument with its name in the student's function."""
    if not arguments:
        return ["called without arguments"]
    names = argument_names(function)
    names += [f"argument {n + 1}" for n in range(len(names), len(arguments))]
    pairs = [f"{n} = {show(a)}" for n, a in zip(names, arguments, strict=False)]
    line = "on the smallest input: " + ", ".join(pairs)
    return [line] if len(line) <= 80 else ["on the smallest input:", *(f"  {p}" for p in pairs)]


def argument_names(function):
    """The names of a function's arguments, or of what its driver is given; none of a class."""
    if not (inspect.isroutine(function) or isinstance(function, partial)):
        return []
    try:
        every = inspect.signature(function).parameters.values()
    except ValueError:  # max, min and others of Python's own do not tell
        return []
    return [one.name for one in every if one.kind != one.VAR_POSITIONAL]


def tensors_in(value):
    """All tensors inside nested lists, tuples and dicts, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for v in value for t in tensors_in(v)] if isinstance(value, (list, tuple)) else []


def size(arguments):
    """How many numbers the arguments hold, to try the smallest input first."""
    return sum(t.numel() for t in tensors_in(arguments))


def check_shape(tensor, shape):
    """Report on a tensor's shape; None in `shape` stands for any size."""
    if not isinstance(tensor, torch.Tensor):
        return Report(
            (f"does not hold: expected a tensor of shape {shape}, got {kind(tensor)}",), False
        )
    got = tuple(tensor.shape)
    fits = len(got) == len(shape) and all(s in (None, g) for s, g in zip(shape, got, strict=True))
    if fits:
        return Report((f"holds: the shape is {got}",), True)
    swapped = ": are two axes swapped?" if sorted(got) == sorted(s or 0 for s in shape) else ""
    return Report((f"does not hold: expected shape {tuple(shape)}, got {got}{swapped}",), False)


def same_as(mine, reference, tolerance=1e-5):
    """Report whether a value equals a reference: tensors, numbers, and lists, tuples and dicts of
    them."""
    said = difference(reference, mine, tolerance)
    if said is None:
        return Report((f"holds: the same to {tolerance:g}",), True)
    return Report(
        ("\n    ".join([f"does not hold: the same to {tolerance:g}", *said.split("\n")]),), False
    )
