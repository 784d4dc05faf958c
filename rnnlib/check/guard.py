"""Calls a function one does not trust: a time limit, captured prints, every error caught, global
settings put back.

The limit works in Jupyter on every system: the call runs in a thread of its own that is sent an
exception when time is up, so endless Python loops end (a bare `except:` included). One long call
inside compiled code (a huge product, `time.sleep`) cannot be stopped: it is reported in time, and
its thread runs on by itself. `os._exit` is not survived.
"""

import builtins
import contextlib
import ctypes
import io
import linecache
import os
import random
import sys
import threading
import time
import traceback
import warnings
from dataclasses import dataclass

import numpy
import torch

MOST = 2000  # characters of what a function prints that are kept


class TimeIsUp(BaseException):
    """Sent into a function that runs too long; not an Exception, so that `except Exception` lets it
    through."""


@dataclass(frozen=True)
class Outcome:
    """What came of a call: its value, or the error and the line it came from; whether it ran too
    long; what it printed."""

    value: object = None
    error: BaseException | None = None
    line: str = ""
    late: bool = False
    printed: str = ""


class Kept(io.StringIO):
    """A text file that keeps its first `MOST` characters and forgets the rest."""

    def write(self, text):
        room = MOST - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)


def call(function, arguments, seconds=5.0):
    """Outcome of `function(*arguments)` within so many seconds; never raises, except when the user
    interrupts.

    A function that hands the call on to another process says what it learns there by raising:
    `TimeIsUp` for a call that ran too long, any other error with its line in `error.where`.
    """
    box, printed = {}, Kept()

    def work():
        try:
            box["value"] = function(*arguments)
        except BaseException as error:
            box["error"] = error

    with settings_put_back(), quiet(printed):
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            thread.join(seconds)
        finally:
            late = thread.is_alive()
            stop(thread)
    late = late or isinstance(box.get("error"), TimeIsUp)
    error = None if late else box.get("error")
    line = getattr(error, "where", None)
    line = origin(error, function) if line is None else line
    return Outcome(None if late else box.get("value"), error, line, late, printed.getvalue())


def call_ours(function, arguments):
    """Outcome of a function that can be trusted: as `call`, without a limit, twice as fast."""
    with settings_put_back(), quiet(Kept()):
        try:
            return Outcome(function(*arguments))
        except Exception as error:
            return Outcome(error=error)


def stop(thread, patience=1.0):
    """Send `TimeIsUp` into a thread until it ends or patience does."""
    send = ctypes.pythonapi.PyThreadState_SetAsyncExc
    until = time.monotonic() + patience
    while thread.is_alive() and time.monotonic() < until:
        send(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeIsUp))
        thread.join(0.01)


def origin(error, function):
    """The last line of the function's own file that an error went through, such as `line 3: h = x @
    W`, or nothing."""
    code = getattr(function, "__code__", None)
    if error is None or code is None:
        return ""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename == code.co_filename
    ]
    if not frames:
        return ""
    number = frames[-1].lineno
    return f"line {number}: {linecache.getline(code.co_filename, number).strip()}"


@contextlib.contextmanager
def quiet(printed):
    """What is printed goes into a text file, warnings nowhere."""
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield


@contextlib.contextmanager
def settings_put_back():
    """Seed all random numbers with 0 inside; afterwards the global settings are as they were
    before."""
    kept = [(write, read()) for read, write in SETTINGS]
    torch.default_generator.manual_seed(0)  # ten times as fast as torch.manual_seed
    numpy.random.seed(0)
    random.seed(0)
    builtins.input = no_input
    try:
        yield
    finally:
        for write, value in kept:
            write(value)


def deterministic(value):
    """Put the switch back if it was moved; torch takes seconds over the call, even when nothing
    changes."""
    if torch.are_deterministic_algorithms_enabled() != value:
        torch.use_deterministic_algorithms(value)


def no_input(*asked):
    """What `input` does inside: a check has nobody to ask."""
    raise RuntimeError("a function that is checked must not call input()")


SETTINGS = [
    (lambda: builtins.input, lambda value: setattr(builtins, "input", value)),
    (torch.get_rng_state, torch.set_rng_state),
    (numpy.random.get_state, numpy.random.set_state),
    (random.getstate, random.setstate),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    (torch.are_deterministic_algorithms_enabled, deterministic),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (os.getcwd, os.chdir),
]
