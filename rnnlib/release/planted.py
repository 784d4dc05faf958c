"""Planted answers: wrong ones, each with the words that the check should say, and right ones.

`tests/planted/hwN/EXERCISE.py` lists RIGHT, functions, and WRONG, pairs (function, words).
"""

import importlib.util
from dataclasses import dataclass

from .. import ROOT

PLANTED = ROOT / "tests" / "planted"
SEEDS = (1, 20)
LEAST_WRONG, LEAST_RIGHT = 5, 2


@dataclass(frozen=True)
class Row:
    """One planted answer: whether it is a right one, the words it should hear, the verdicts of the
    cases (`.` holds, `x` does not, `-` not tried), its points, what is amiss with its grading."""

    exercise: str
    right: bool
    words: str
    verdicts: str
    points: float
    amiss: str


def planted(exercise, folder):
    """(RIGHT, WRONG) of an exercise; two empty lists when nothing is planted."""
    path = folder / f"{exercise.name}.py"
    if not path.exists():
        return [], []
    plan = importlib.util.spec_from_file_location(f"planted_{exercise.name}", path)
    module = importlib.util.module_from_spec(plan)
    plan.loader.exec_module(module)
    return module.RIGHT, module.WRONG


def planted_for(assignment):
    """The folder of an assignment's planted answers; those of your own lie beside its notebook."""
    beside = assignment.path.parent / "planted" / assignment.name
    return beside if beside.exists() else PLANTED / assignment.name


def rows(assignment, folder):
    """A Row for every planted answer of an assignment."""
    found = []
    for exercise in assignment.exercises:
        right, wrong = planted(exercise, folder)
        found += [row(exercise, function, None) for function in right]
        found += [row(exercise, function, words) for function, words in wrong]
    return found


def row(exercise, function, words):
    """The Row of one planted answer; words None for a right one."""
    driven = exercise.driven(function)
    graded = [exercise.grade_quickly(driven, seed) for seed in SEEDS]
    report = exercise(function)
    points = max(points for points, _ in graded) if words else min(points for points, _ in graded)
    if words is None:
        fine = points == exercise.points and report.passed
        amiss = "" if fine else "is right, but does not get all points: " + failing(report, graded)
    else:
        amiss = heard(report, words) if points < exercise.points else "gets all points"
    return Row(exercise.name, words is None, words or getattr(function, "__name__", "right"),
               verdicts(graded[0][1], exercise), points, amiss)


def heard(report, words):
    """What is amiss with what a check says to a wrong answer, or nothing."""
    if report.passed:
        return "passes the check"
    text = repr(report)
    said = [line for line in text.split("\n") if "known mistake: " in line]
    return "" if words in (said[0] if said else text) else f"hears: {(said or [text])[0].strip()}"


def failing(report, graded):
    """The first line that does not hold."""
    lines = [line for one in (report, *(report for _, report in graded)) for line in one.lines]
    return next((line for line in lines if not line.startswith("holds")), "")


def verdicts(report, exercise):
    """One sign for each case."""
    signs = "".join("." if line.startswith("holds") else "x" for line in report.lines)
    return signs.ljust(len(exercise.cases(0)) + len(exercise.hidden(0)), "-")


def too_few(assignment, folder):
    """Sentences on exercises with fewer planted answers than each should have."""
    said = []
    for exercise in assignment.exercises:
        right, wrong = planted(exercise, folder)
        if len(wrong) < LEAST_WRONG or len(right) < LEAST_RIGHT:
            said.append(f"{exercise.name}: {len(wrong)} wrong and {len(right)} right answers are"
                        f" planted, at least {LEAST_WRONG} and {LEAST_RIGHT} should be")
    return said


def matrix(found):
    """The rows as a table in text, an exercise after the other."""
    lines, last = [], None
    for one in found:
        if one.exercise != last:
            lines += ["", one.exercise]
        last = one.exercise
        kind = "right" if one.right else "wrong"
        lines.append(f"  {kind}  {one.verdicts:<12} {one.points:>5g}  {one.words[:58]:<58}  "
                     + ("ok" if not one.amiss else f"AMISS: {one.amiss}"))
    caught = sum(not one.amiss for one in found if not one.right)
    taken = sum(not one.amiss for one in found if one.right)
    wrong, right = sum(not one.right for one in found), sum(one.right for one in found)
    lines += ["", f"{caught} of {wrong} wrong answers caught with the message meant for them,"
                  f" {taken} of {right} right ones accepted with all points"]
    return "\n".join(lines).strip()
