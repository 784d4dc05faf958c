"""The student's side: runs the cells of a submission, then calls its functions as it is asked to.

Everything here runs in the locked process next to the student's code, and could be changed by it.
That gains nothing: this side knows no expected values and counts no points.
"""

import ast
import contextlib
import importlib
import inspect
import io
import linecache
import os
import random
import re
import signal
import sys
import traceback
import types

import numpy
import torch

from . import frames
from .wire import pack, unpack

MOST = 2000  # characters of what is printed that are kept
MAGIC = re.compile(r"^(\s*)[%!].*$|^(\s*)\S.*\?$", re.MULTILINE)
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


class TimeIsUp(BaseException):
    """Raised in a student's code that runs too long."""


class Kept(io.StringIO):
    """A text file that keeps its first characters and forgets the rest."""

    def write(self, text):
        super().write(text[: max(MOST - self.tell(), 0)])
        return len(text)


def serve(channel):
    """Answer the grader's requests until it hangs up."""
    notebook = types.ModuleType("__main__")
    sys.modules["__main__"] = notebook
    actions = {"cell": run_cell, "look": look, "call": call}
    while True:
        request = frames.receive(channel)
        reply, printed = {}, Kept()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                with alarm(request["seconds"]):
                    reply = actions[request["do"]](notebook, request)
        except TimeIsUp:
            reply = {"late": True}
        except BaseException as error:
            reply = {"error": told(error)}
        frames.send(channel, reply | {"printed": printed.getvalue(), "number": request["number"]})


@contextlib.contextmanager
def alarm(seconds):
    """Raise TimeIsUp after so many seconds, and again and again while it is ignored."""
    def ring(*signal_and_frame):
        raise TimeIsUp

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run_cell(notebook, request):
    """Run a cell whole, or only its definitions, or only its imports; those leave out what fails.

    Lines of the notebook's own language, such as `%timeit` and `!ls`, are left out.
    """
    source = MAGIC.sub(lambda match: (match[1] or match[2] or "") + "pass", request["source"])
    name = f"<cell {request['name']}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    tree = ast.parse(source, name)
    if request["kind"] == "whole":
        exec(compile(tree, name, "exec"), vars(notebook))
        return {}
    wanted = IMPORTS if request["kind"] == "imports" else DEFINITIONS
    for node in tree.body:
        if isinstance(node, wanted) or request["kind"] == "definitions" and constant(node):
            with contextlib.suppress(Exception):
                exec(compile(ast.Module([node], []), name, "exec"), vars(notebook))
    return {}


def constant(node):
    """Whether a statement gives a name a value that is written out, such as `SIZE = 20`."""
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def look(notebook, request):
    """What a name of the notebook is: missing, or its parameters where they can be told."""
    if not callable(vars(notebook).get(request["name"])):
        return {"missing": True}
    try:
        found = inspect.signature(vars(notebook)[request["name"]]).parameters.values()
    except (TypeError, ValueError):
        return {"parameters": None}
    return {"parameters": [[str(one.name), int(one.kind), one.default is not one.empty]
                           for one in found]}


def call(notebook, request):
    """Call a function of the notebook, through a driver if one is named; what came of it."""
    function = vars(notebook)[request["name"]]
    arguments = [unpack(packed, make=True) for packed in request["arguments"]]
    before = pack(arguments)
    if request.get("through"):
        module, name = request["through"]
        driver = getattr(importlib.import_module(module), name)
        arguments.insert(0, function)
        function = driver
    torch.default_generator.manual_seed(0)
    numpy.random.seed(0)
    random.seed(0)
    value = pack(function(*arguments))
    after = pack(arguments[1:] if request.get("through") else arguments)
    return {"value": value} | ({"changed": after} if after != before else {})


def told(error):
    """An error as its type, the first line of its message, and the student's line it came from."""
    frames_of = [f for f in traceback.extract_tb(error.__traceback__)
                 if f.filename.startswith("<cell ")]
    where = ""
    if frames_of:
        line = linecache.getline(frames_of[-1].filename, frames_of[-1].lineno).strip()
        where = f"line {frames_of[-1].lineno}: {line}"[:200]
    elif isinstance(error, SyntaxError):
        where = f"line {error.lineno}: {(error.text or '').strip()}"[:200]
    try:
        message = str(error).strip().split("\n")[0][:300]
    except Exception:
        message = ""
    return [type(error).__name__, message, where]


def close_all(keep):
    """Close every open file but one, and send what is printed below Python to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    for number in range(3, 256):
        if number != keep:
            with contextlib.suppress(OSError):
                os.close(number)
