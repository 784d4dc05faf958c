"""`fetch(name)`: download a real data set into the user's cache, checked and all or nothing.

The environment variable RNNLIB_MIRROR, the address of a folder laid out like the cache
(mirror/FOLDER/FILE), replaces the pinned addresses: for a class without a fast line, and for tests.
"""

import errno
import logging
import os
import shutil
from dataclasses import replace
from urllib.parse import quote

import filelock
import pooch

from .downloading import Resuming, explain, full
from .locating import cache, complete, intact
from .registry import real


def fetch(name, progress=True):
    """Bring a real data set onto this machine and return its folder.

    Files that are already there and intact are not fetched again. A file gets its final name only
    when its SHA-256 is right; a broken download is continued by the next call.

    Raises:
        ValueError: an unknown name, no connection, a damaged file, no space, no right to write:
            one sentence each.
    """
    row = real(name)
    for there in complete(row):
        if all(intact(there / file.name, file) for file in row.files):
            return there
    folder = cache() / row.folder
    for file in row.files:
        if not intact(folder / file.name, file):
            _fetch_one(row, file, folder, progress)
    return folder


def source(row, file):
    """The address of a file, and its row as it is at that address: a mirror has it unzipped."""
    mirror = os.environ.get("RNNLIB_MIRROR")
    if not mirror:
        return file.url, file
    return f"{mirror.rstrip('/')}/{row.folder}/{quote(file.name)}", replace(file, inside="")


def _fetch_one(row, file, folder, progress):
    part = folder / f"{file.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / ".lock", timeout=0):
            _check_space(row, file, part)
            _retrieve(row, file, part, progress)
    except filelock.Timeout as error:
        raise ValueError(f"{row.name} is being fetched by another process: wait for it") from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            part.unlink(missing_ok=True)
        raise ValueError(explain(error, row.name, file, folder)) from error


def _retrieve(row, file, part, progress):
    pooch.get_logger().setLevel(logging.ERROR)
    url, there = source(row, file)
    pooch.retrieve(url, f"sha256:{file.sha256}", fname=file.name, path=part.parent,
                   downloader=Resuming(there, part, progress))


def _check_space(row, file, part):
    have = part.stat().st_size if part.exists() else 0
    if shutil.disk_usage(part.parent).free < file.bytes - have:
        raise ValueError(full(row.name, file, part.parent))
