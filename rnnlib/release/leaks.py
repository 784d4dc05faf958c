"""Searches a release for lines of solutions, hidden tests and mark schemes, byte by byte."""

import json
import zipfile

from .assignment import flags
from .regions import EVERY, cut, has

SHORTEST = 12  # characters of a line that says something
TELLING = 6  # of them letters or digits


def secrets_of(source):
    """The lines that a student must not see: those of every region and of every whole solution,
    without those that also stand in the open."""
    hidden, shown = set(), []
    for cell in source.cells:
        open_text = cell.source
        if flags(cell).get("solution") and not any(has(cell.source, kind) for kind in EVERY):
            hidden.update(cell.source.split("\n"))
            continue
        for markers in EVERY:
            open_text, lines = cut(open_text, markers)
            hidden.update(lines)
        shown.append(open_text)
    in_the_open = "\n".join(shown)
    return sorted(line for line in {line.strip() for line in hidden}
                  if telling(line) and line not in in_the_open)


def telling(line):
    """Whether a line is long enough to give something away."""
    return len(line) >= SHORTEST and sum(letter.isalnum() for letter in line) >= TELLING


def leaks(paths, secrets):
    """(name of a file, line) for each secret line in the files; zip files are opened."""
    found = []
    for name, data in contents(paths):
        text = data.decode("utf-8", errors="replace")
        for line in secrets:
            escaped = (json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1])
            if any(form in text for form in (line, *escaped)):
                found.append((name, line))
    return found


def contents(paths):
    """(name, bytes) of files, and of the files inside zip files."""
    for path in paths:
        yield path.name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.name}/{name}", archive.read(name)
