"""The whole course for a class: everything that is committed, with student copies in the place of
the homework's sources and without planted answers."""

import subprocess
import zipfile

import nbformat

from .. import ROOT
from .assignment import HOMEWORK, load, sources
from .leaks import secrets_of
from .packing import RELEASES, SAME_DAY
from .student_copy import student_copy

LEFT_OUT = ("tests/planted/", "tests/test_homework_hw", "notebooks/homework/hw")


def course_copy(folder=RELEASES):
    """Write folder/course.zip; returns (its path, {file: how many lines of solutions stand there}).

    The second is for the instructor to know: the library itself does what some exercises ask for.
    """
    assignments = [load(name) for name in sources()]
    files = {name: (ROOT / name).read_bytes() for name in committed()
             if not name.startswith(LEFT_OUT)}
    for one in assignments:
        copy = nbformat.writes(student_copy(one.notebook)) + "\n"
        files[one.path.relative_to(ROOT).as_posix()] = copy.encode()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "course.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"course/{name}", SAME_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[name])
    return target, alike(files, assignments)


def committed():
    """The names of the files that git knows; raises ValueError in a copy without git."""
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if answer.returncode:
        raise ValueError("the course for a class is made from a git checkout, and this is none")
    names = [name for name in answer.stdout.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def alike(files, assignments):
    """{file: how many lines of solutions stand in it, word for word}."""
    secrets = {line for one in assignments for line in secrets_of(one.notebook)}
    own = HOMEWORK.relative_to(ROOT).as_posix()
    counts = {name: sum(line in secrets for line in map(str.strip, data.decode().splitlines()))
              for name, data in files.items() if name.endswith(".py") and not name.startswith(own)}
    return {name: count for name, count in counts.items() if count}
