"""`course.py homework`: release student copies, check an assignment, grade a class."""

import argparse
import statistics
import sys
from pathlib import Path

from . import ROOT
from .grading.classroom import Job, grade_class
from .grading.feedback import write_feedback
from .grading.gradebook import write_gradebook
from .grading.sandbox import Nursery, Refused
from .grading.submissions import find, which
from .grading.tables import (
    BY_HAND,
    SCORES,
    read_by_hand,
    total,
    write_by_hand,
    write_scores,
)
from .release.assignment import HOMEWORK, load, sources
from .release.packing import RELEASES, release
from .release.planted import matrix, planted_for, rows, too_few
from .release.proving import prove
from .release.whole_course import course_copy

GRADED = ROOT / "build" / "graded"
UNSAFE = """\
This system cannot lock up students' code: {reason}.
Their code would run with your rights: it could read this course's solutions and your files and use
the network. Grade on a Linux system that allows namespaces (or as root), or add --unsafe if you
trust every file."""


def main(arguments=None):
    """Run one of the three commands; returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except (ValueError, OSError) as error:
        print(f"course: {error}", file=sys.stderr)
        return 2
    except Refused as error:
        print(UNSAFE.format(reason=error), file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\ncourse: stopped; the same command goes on where it was", file=sys.stderr)
        return 130


def parser():
    """The command line."""
    top = argparse.ArgumentParser(prog="course.py homework", description=__doc__)
    folder = {"type": Path, "metavar": "DIR"}
    top.add_argument("--source", default=HOMEWORK, **folder,
                     help="folder of the assignments (notebooks/homework)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("release", help="write student copies, a folder and a zip each")
    one.add_argument("names", nargs="*", metavar="hwN", help="which; all without a name")
    one.add_argument("--output", default=RELEASES, **folder, help="where to (build/release)")
    one.add_argument("--course", action="store_true", help="the whole course as course.zip, too")
    one.set_defaults(run=run_release)
    one = commands.add_parser("check", help="are the assignments in order?")
    one.add_argument("names", nargs="*", metavar="hwN", help="which; all without a name")
    one.add_argument("--mutants", action="store_true", help="print how planted answers fare")
    one.set_defaults(run=run_check)
    add_grade(commands.add_parser("grade", help="grade a class, each file locked up on its own"))
    return top


def add_grade(one):
    """The arguments of `grade`."""
    one.add_argument("folder", type=Path, help="STUDENT/name.ipynb, or nbgrader's `submitted`")
    one.add_argument("--homework", metavar="hwN", help="which; found by the files' names")
    one.add_argument("--output", type=Path, metavar="DIR", help="results (build/graded/hwN)")
    one.add_argument("--workers", type=int, metavar="N", help="how many at a time (all cores)")
    one.add_argument("--again", action="store_true", help="grade also what is graded already")
    one.add_argument("--gradebook", type=Path, metavar="DB", help="enter points at nbgrader's, too")
    one.add_argument("--unsafe", action="store_true", help="go on where nothing can be locked up")
    one.set_defaults(run=run_grade)


def chosen(options):
    """The assignments that are named, or all; raises ValueError for an unknown name."""
    return [load(name, options.source) for name in options.names or sources(options.source)]


def run_release(options):
    """`release`: write each student copy, say where it is."""
    for assignment in chosen(options):
        place, packed = release(assignment, options.output)
        print(f"{assignment.name}: {place} and {packed.name}, {assignment.points:g} points,"
              f" {packed.stat().st_size / 1000:.0f} kB, no line of a solution in it")
    if options.course:
        path, counts = course_copy(options.output)
        print(f"{path}: the course with student copies, without planted answers")
        most = ", ".join(sorted(counts, key=counts.get)[:-4:-1])
        print(f"  {sum(counts.values())} lines of solutions also stand in {len(counts)} other files"
              f" of it, most of them in {most}" if counts else "  no line of a solution in it")
    return 0


def run_check(options):
    """`check`: say for each assignment what is not in order; with the matrix if asked for."""
    bad = 0
    for assignment in chosen(options):
        folder = planted_for(assignment)
        found = rows(assignment, folder)
        said = prove(assignment) + too_few(assignment, folder)
        said += [f"{one.exercise}: {one.words!r} {one.amiss}" for one in found if one.amiss]
        bad += bool(said)
        print(f"{assignment.name}: {len(assignment.exercises)} exercises, {assignment.points:g}"
              f" points, {len(found)} planted answers: {'not in order' if said else 'in order'}")
        print("".join(f"  {words}\n" for words in said), end="")
        if options.mutants:
            print(matrix(found))
    return int(bad > 0)


def run_grade(options):
    """`grade`: grade what is new, write scores, feedback and the table for a person."""
    if not options.folder.is_dir():
        raise ValueError(f"{options.folder} is not a folder")
    folder = options.folder.resolve()
    name = options.homework or which(folder, list(sources(options.source)))
    assignment = load(name, options.source)
    output = (options.output or GRADED / name).resolve()
    entered = read_by_hand(output)
    probe(assignment, options.unsafe)
    submissions = find(folder, assignment)
    if not submissions:
        raise ValueError(f"{folder} holds no submissions")
    output.mkdir(parents=True, exist_ok=True)
    output.chmod(0o700)
    job = Job(name, output, (folder,), options.unsafe, sources=options.source)
    results = grade_class(job, submissions, options.workers, options.again)
    write_scores(output, assignment, results, entered)
    write_by_hand(output, assignment, results, entered)
    write_feedback(output, assignment, results, entered)
    if options.gradebook:
        write_gradebook(options.gradebook, assignment, results, entered)
    report(assignment, results, output)
    return 0


def probe(assignment, unsafe):
    """Say how students' code is locked up; raises Refused when it cannot be."""
    Nursery(assignment.closed, unsafe=unsafe, probe=True).close()
    how = ("NOT locked up (--unsafe): own processes with limits, nothing else" if unsafe else
           "locked up: no network, own list of processes, own read-only files, no rights, limits on"
           " time, memory, processes and output")
    print(f"students' code runs {how}", file=sys.stderr)


def report(assignment, results, output):
    """Say what came out and where it is."""
    marks = sorted(total(result, [])[0] for result in results.values())
    most = sum(one.points for one in assignment.exercises)
    problems = [name for name, result in results.items() if result["problem"]]
    print(f"{len(marks)} submissions: median {statistics.median(marks):g} of {most:g} points that a"
          f" program gives, from {marks[0]:g} to {marks[-1]:g}")
    if problems:
        print("not gradable: " + ", ".join(problems))
    print(f"{output / SCORES}\n{output / 'feedback'}")
    if assignment.questions:
        print(f"{output / BY_HAND}: enter points and comments, then run the same command again")
