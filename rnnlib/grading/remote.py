"""A student's functions as the grader sees them: calls that go to the locked process and come back
as values, errors, or a time that is up."""

import inspect
import json
import time

import torch

from ..check.core import tensors_in
from ..check.guard import TimeIsUp
from . import frames
from .wire import Broken, pack, unpack

PATIENCE = 3  # how often a notebook is loaded again without the cell that broke it
ENDED = "the process ended in the middle: a crash, an exit, or too much processor time"
TOO_MUCH = "it used more memory, or returned more, than is allowed"


class ProcessEnded(Exception):
    """What a call raises when there is no answer and will be none."""

    where = ""  # no line of the grader's own


class Student:
    """The process of one submission with its cells loaded; started again when it has died.

    cells  list of dicts with name, kind (whole, definitions, imports) and source, in order
    notes  {name of a cell: what went wrong in it}
    """

    def __init__(self, nursery, cells):
        self.nursery, self.cells = nursery, cells
        self.child, self.notes, self.left_out, self.known = None, {}, set(), {}
        self.born = []
        self.until = time.monotonic() + nursery.limits.submission
        self.load()

    def load(self):
        """Run the cells in a new process; leave out a cell that ended it or never ends."""
        for _ in range(PATIENCE):
            if time.monotonic() > self.until:
                return
            self.child = self.nursery.child(self.until)
            self.born.append(self.child)
            if all(self.run(cell) for cell in self.cells if cell["name"] not in self.left_out):
                return
            self.stop()

    def run(self, cell):
        """Run one cell; whether the process is still there."""
        reply = self.answer({"do": "cell", **cell}, self.nursery.limits.cell)
        if "ended" in reply:
            self.left_out.add(cell["name"])
        said = reply.get("ended") or said_of(reply, self.nursery.limits.cell)
        if said:
            self.notes[cell["name"]] = said
        return "ended" not in reply

    def answer(self, request, seconds):
        """The answer to a request; {"ended": why} when there will be none: the process stops.

        It is not started again here, where time may be up at any moment: the next exercise does.
        """
        late = False
        if self.child is None:
            return {"ended": ENDED}
        try:
            return checked(self.child.ask(request, seconds))
        except frames.Gone:
            why = ENDED
        except frames.TooMuch:
            why = TOO_MUCH
        except frames.TooLate:
            late, why = True, f"it ran longer than {seconds:g} seconds and could not be stopped"
        except ValueError:
            why = "what came back is not a value"
        except BaseException:
            self.stop()
            raise
        self.stop()
        return {"ended": why, "late": late}

    def function(self, exercise):
        """The function of an exercise, which runs in the student's process; None without one."""
        if self.child is None:
            self.load()
        found = self.answer({"do": "look", "name": exercise.name}, exercise.seconds)
        if "parameters" not in found:
            return None
        through = exercise.through and (exercise.through.__module__, exercise.through.__name__)

        def call(*arguments):
            return self.call(exercise, through, arguments)

        if not through and found["parameters"] is not None:
            call.__signature__ = signature(found["parameters"])
        return call

    def call(self, exercise, through, arguments):
        """What the function gives for these arguments; raises what it raises there."""
        request = {"do": "call", "name": exercise.name, "through": through,
                   "arguments": [pack(argument) for argument in arguments]}
        key = json.dumps(request)
        if key not in self.known:
            self.known[key] = self.answer(request, exercise.seconds)
        reply = self.known[key]
        print(reply.get("printed", ""), end="")
        if reply.get("late"):
            raise TimeIsUp
        if "ended" in reply:
            raise ProcessEnded(reply["ended"])
        if "error" in reply:
            raise rebuilt(reply["error"])
        try:
            give_back(arguments, unpack(reply.get("changed")))
            return unpack(reply.get("value"))
        except (Broken, RecursionError):
            raise ProcessEnded("what came back is not a value") from None

    def stop(self):
        """End the process. Time may be up while this runs: `close` ends it for certain."""
        child, self.child = self.child, None
        if child is not None:
            child.kill()

    def close(self):
        """End every process that there ever was."""
        for child in self.born:
            child.kill()


def checked(reply):
    """The reply with entries of the right kinds; raises ValueError."""
    error, parameters = reply.get("error"), reply.get("parameters")
    fine = (isinstance(reply.get("printed", ""), str) and "ended" not in reply
            and (error is None or is_text(error, 3))
            and (parameters is None or isinstance(parameters, list)))
    if not fine:
        raise ValueError("not an answer")
    return reply


def is_text(value, count):
    """Whether a value is a list of so many strings."""
    return (isinstance(value, list) and len(value) == count
            and all(isinstance(word, str) for word in value))


def said_of(reply, seconds):
    """A sentence on how a cell went wrong, or nothing."""
    if reply.get("late"):
        return f"it ran longer than {seconds:g} seconds"
    if "error" not in reply:
        return ""
    name, message, where = (word[:300] for word in reply["error"])
    return f"{name}: {message}" + (f" in {where}" if where else "")


def rebuilt(error):
    """An exception of the name, with the message and the line that were told."""
    name, message, where = (word[:300] for word in error)
    if name == "NotImplementedError":
        found = NotImplementedError(message)
    else:
        found = type(name if name.isidentifier() else "Error", (Exception,), {})(message)
    found.where = where
    return found


def signature(parameters):
    """The signature that was told, as far as it can be one; any number of arguments otherwise."""
    try:
        return inspect.Signature([
            inspect.Parameter(name, inspect._ParameterKind(kind),
                              default=None if optional else inspect.Parameter.empty)
            for name, kind, optional in parameters])
    except (ValueError, TypeError):
        return inspect.Signature([inspect.Parameter("given", inspect.Parameter.VAR_POSITIONAL)])


def give_back(arguments, changed):
    """Write what the function did to its arguments into the arguments here."""
    for mine, theirs in zip(tensors_in(list(arguments)), tensors_in(changed), strict=False):
        if isinstance(theirs, torch.Tensor) and theirs.shape == mine.shape:
            with torch.no_grad():
                mine.copy_(theirs)
