"""Writes a release: a folder with the student's notebook, the same as a zip, searched for leaks."""

import shutil
import zipfile

import nbformat

from .. import ROOT
from .leaks import leaks, secrets_of
from .student_copy import student_copy

RELEASES = ROOT / "build" / "release"
START = """\
{name}: {title}

1. Put {file} into the folder notebooks/homework of the course.
2. In the folder of the course run: python3 course.py lab
3. Open the notebook, write your answers where it says YOUR CODE HERE or YOUR ANSWER HERE, and run
   the checks as often as you like. They tell you what is wrong.
4. Hand in this one file, under the same name.
"""
SAME_DAY = (2020, 1, 1, 0, 0, 0)  # a release of the same source is the same, byte for byte


def release(assignment, folder=RELEASES):
    """Write folder/hwN and folder/hwN.zip; returns the paths of both.

    Raises ValueError, and leaves nothing, when a line of a solution would be released.
    """
    notebook = student_copy(assignment.notebook)
    place = folder / assignment.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    nbformat.write(notebook, place / assignment.path.name)
    text = START.format(name=assignment.name, title=title(notebook), file=assignment.path.name)
    (place / "START.txt").write_text(text, encoding="utf-8")
    packed = pack(place)
    found = leaks([*place.iterdir(), packed], secrets_of(assignment.notebook))
    if found:
        shutil.rmtree(place)
        packed.unlink()
        raise ValueError(f"{found[0][0]} would give away: {found[0][1]}")
    return place, packed


def pack(folder):
    """The folder as a zip beside it."""
    target = folder.with_name(folder.name + ".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.name}", SAME_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return target


def title(notebook):
    """The first heading of a notebook."""
    lines = "\n".join(cell.source for cell in notebook.cells).splitlines()
    return next((line.lstrip("# ") for line in lines if line.startswith("#")), "")
