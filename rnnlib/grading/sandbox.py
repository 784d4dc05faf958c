"""The grader's side of the locks: starts the nursery, asks it for a process per submission, talks
to that process within limits, and ends it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from .. import ROOT
from . import frames
from .isolation import PRIVATE_FOLDER
from .library import make_library

MINE = [ROOT / name for name in ("notebooks", "rnnlib", "tests", "build", "data")]
START = 120  # seconds for loading torch on a slow machine
COMMAND = ("import sys; sys.path.insert(0, sys.argv.pop(1));"
           " from rnnlib.grading import nursery; nursery.main()")
ENVIRONMENT = {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
               "OPENBLAS_NUM_THREADS": "1", "HOME": "/tmp"}


class Refused(Exception):
    """This system cannot lock up a process; the text says why."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds for a cell and for all of it, bytes of memory beyond
    those of torch, processes, bytes of one answer."""

    cell: float = 10.0
    submission: float = 120.0
    memory: int = 2**30
    processes: int = 32
    answer: int = 2**23


class Nursery:
    """A locked process with torch in it; `child()` is a copy of it for one submission.

    locked   modules of rnnlib that the students' code finds locked
    secret   folders that the students' code must not see
    unsafe   go on without isolation
    probe    end again before torch is loaded: only to learn whether locks are possible
    Raises Refused where there is no isolation and `unsafe` is not set.
    """

    def __init__(self, locked=(), secret=(), unsafe=False, limits=Limits(), probe=False):
        if not hasattr(os, "fork"):
            raise Refused("grading needs Linux, or macOS with --unsafe")
        self.limits, self.unsafe = limits, unsafe
        self.folder = Path(tempfile.mkdtemp(prefix="nursery-"))
        self.folder.chmod(0o755)
        (self.folder / "root").mkdir()
        library = make_library(self.folder / "library", locked)
        python = sys.prefix, sys.base_prefix
        self.config = {
            "root": str(self.folder / "root"), "locked": not unsafe, "probe": probe,
            "visible": [*python, *map(os.path.realpath, python), str(library)],
            "hidden": [str(Path(path).resolve()) for path in (*MINE, *secret)],
            "user": user_for(unsafe)}
        self.command = [sys.executable, "-I", "-B", "-c", COMMAND, str(library)]
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        """Start the process and wait until it is ready."""
        self.control, theirs = frames.pair()
        config = json.dumps(self.config | {"control": theirs.fileno()})
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.command, config], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env=ENVIRONMENT, pass_fds=[theirs.fileno()])
        theirs.close()
        self.control.settimeout(START)
        answer = json.loads(self.control.recv(4096) or b'{"failed": ""}')
        if "failed" in answer:
            said = answer["failed"] or (self.folder / "log").read_text()[-500:]
            raise Refused(f"no isolation on this system ({said})")

    def child(self, until):
        """A new process for one submission, which must end by the clock's `until`."""
        for _ in range(2):
            with contextlib.suppress(OSError, ValueError):
                return Child(self, until)
            self.end()
            self.start()
        raise Refused("the locked process ends again and again: " + str(self.folder / "log"))

    def end(self):
        """End the process and all of its children."""
        if hasattr(self, "process"):
            self.control.close()
            self.process.kill()
            self.process.wait()

    def close(self):
        """End everything and delete the copy of the library."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)


class Child:
    """The process of one submission: `ask` and `kill`."""

    def __init__(self, nursery, until):
        self.limits, self.unsafe, self.until = nursery.limits, nursery.unsafe, until
        self.folder, self.number = own_folder(nursery) if self.unsafe else None, 0
        request = {"folder": self.folder or PRIVATE_FOLDER, "limits": {
            "memory": self.limits.memory, "processes": self.limits.processes,
            "seconds": int(self.limits.submission)}}
        self.channel, theirs = frames.pair()
        try:
            socket.send_fds(nursery.control, [json.dumps(request).encode()], [theirs.fileno()])
            self.pid = json.loads(nursery.control.recv(4096))["pid"]
            self.process = psutil.Process(self.pid)
            self.start = self.process.memory_info().rss
        except (psutil.Error, KeyError) as error:
            raise OSError("no child") from error
        finally:
            theirs.close()

    def ask(self, request, seconds):
        """The answer to a request, a dict; raises what `frames.receive` raises, and ValueError."""
        self.number += 1
        more = {"seconds": 0.9 * seconds, "number": self.number}
        frames.send(self.channel, request | more, seconds)
        left = min(0.97 * seconds, self.until - time.monotonic())
        try:
            reply = frames.receive(self.channel, self.limits.answer, left, self.weigh)
        except RecursionError as error:
            raise ValueError("too deep") from error
        if not isinstance(reply, dict) or reply.get("number") != self.number:
            raise ValueError("not an answer")
        return reply

    def weigh(self):
        """Raise TooMuch when the process and those it started hold too much memory together."""
        with contextlib.suppress(psutil.Error):
            family = [self.process, *self.process.children(recursive=True)]
            held = sum(max(0, one.memory_info().rss - self.start) for one in family)
            if held > self.limits.memory:
                raise frames.TooMuch

    def kill(self):
        """End the process and everything it started; calling it twice does no harm."""
        self.channel.close()
        with contextlib.suppress(psutil.Error, OSError):
            if self.process.is_running():
                (os.killpg if self.unsafe else os.kill)(self.pid, signal.SIGKILL)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def own_folder(nursery):
    """A new folder for a process that runs without isolation."""
    folder = tempfile.mkdtemp(dir=nursery.folder)
    if nursery.config["user"]:
        os.chown(folder, nursery.config["user"], nursery.config["user"])
    return folder


def user_for(unsafe):
    """The number of a user without rights to turn into; 0 where we must stay who we are.

    Without locks such a user must be able to read Python where it lies.
    """
    if os.geteuid():
        return 0
    folders = [Path(sys.base_prefix), *Path(sys.base_prefix).parents]
    if unsafe and not all(folder.stat().st_mode & 0o001 for folder in folders):
        return 0
    return 61_000 + os.getpid() % 4000
