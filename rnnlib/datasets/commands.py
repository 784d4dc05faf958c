"""The verb `data` of course.py: list, fetch NAME, verify [NAME]."""

from .fetching import fetch
from .loading import megabytes
from .locating import find, verify
from .registry import Real, entries, real

USAGE = "usage: python3 course.py data [list | fetch NAME ... | fetch all | verify [NAME ...]]"


def main(arguments):
    """Do what the arguments after `course.py data` say; the exit code is 0, 1 or 2 (misuse)."""
    verb, *rest = arguments or ["list"]
    verbs = {"list": _list, "fetch": _fetch, "verify": _verify}
    if verb not in verbs or (verb == "list" and rest) or (verb == "fetch" and not rest):
        print(USAGE)
        return 0 if verb in ("-h", "--help") else 2
    try:
        return verbs[verb](rest)
    except ValueError as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; the same command continues where it stopped")
        return 130


def listing():
    """All data sets as text: name, size, whether it is there, title, licence, what replaces it."""
    lines = ["Real data (fetched only when asked; without it a course default of the same task is "
             "used):", ""]
    for row in _real_rows():
        where = "on this machine" if find(row) else "not here"
        lines += [f"  {row.name:16} {megabytes(row.bytes):>8}  {where:16} {row.title}: {row.task}",
                  f"  {'':16} licence: {row.licence}; default: {row.offline}"]
    lines += ["", "Always there:", ""]
    for row in entries().values():
        if not isinstance(row, Real):
            lines += [f"  {row.name:16} {row.title}: {row.task}",
                      f"  {'':16} licence: {row.licence}"]
    return "\n".join([*lines, "", USAGE])


def _list(_):
    print(listing())
    return 0


def _fetch(wanted):
    wanted = [row.name for row in _real_rows()] if wanted == ["all"] else wanted
    for row in [real(name) for name in wanted]:
        folder = fetch(row.name)
        print(f"{row.name}: {megabytes(row.bytes)} in {folder}, every SHA-256 right\n"
              f"  licence: {row.licence}\n  please cite: {row.citation}")
    return 0


def _verify(wanted):
    rows = [real(name) for name in wanted] or list(_real_rows())
    bad = 0
    for row in rows:
        for file, verdict in verify(row.name):
            print(f"{row.name:16} {file:28} {verdict}")
            bad += verdict != "ok" and (verdict != "not on this machine" or bool(wanted))
    return 1 if bad else 0


def _real_rows():
    return [row for row in entries().values() if isinstance(row, Real)]
