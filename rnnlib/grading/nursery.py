"""A locked process that has torch loaded and gives birth to one process per submission.

Started by `sandbox` with a library that holds no checks and no oracles; it never sees a
submission, an expected value or a seed itself. Its children are copies of it that give up what is
left of its rights before they run a student's first line.
"""

import contextlib
import json
import os
import signal
import socket
import sys

from . import isolation


def main():
    """Lock this process up, load torch, then fork a child for each request until told to end."""
    config = json.loads(sys.argv.pop())
    control = socket.socket(fileno=config["control"])
    try:
        if config["locked"]:
            isolation.enter(config["root"], config["visible"], config["hidden"])
    except OSError as error:
        control.send(json.dumps({"failed": str(error)}).encode())
        return
    if config["probe"]:
        control.send(json.dumps({"ready": True}).encode())
        return
    import torch

    from . import inside  # noqa: F401
    torch.set_num_threads(1)
    used = isolation.bytes_in_use()
    if config["locked"]:
        isolation.without_proc()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(json.dumps({"ready": True}).encode())
    while True:
        request, handles, *_ = socket.recv_fds(control, 4096, 1)
        if not request:
            return
        with contextlib.suppress(OSError):
            pid = birth(config, json.loads(request) | {"used": used}, handles[0])
            control.send(json.dumps({"pid": pid}).encode())
        os.close(handles[0])


def birth(config, request, channel):
    """Fork a process for one submission; its number."""
    read, write = os.pipe()
    outer = os.fork()
    if outer == 0:
        try:
            if config["locked"]:
                isolation.alone()
                between(write, config, request, channel)
            os.write(write, b"%d" % os.getpid())
            student(config, request, channel)
        finally:
            os._exit(1)
    os.close(write)
    pid = os.read(read, 20)
    os.close(read)
    return int(pid or 0)


def between(write, config, request, channel):
    """Fork once more, into the new list of processes, and wait for the end of that child."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    isolation.prctl(isolation.DEATH_SIGNAL, signal.SIGKILL)
    inner = os.fork()
    if inner == 0:
        try:
            student(config, request, channel)
        finally:
            os._exit(1)
    os.write(write, b"%d" % inner)
    os.close(write)
    os.close(channel)
    os.waitpid(inner, 0)
    os._exit(0)


def student(config, request, channel):
    """Give up rights and files, set the limits, and serve; never returns."""
    from . import inside
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    inside.close_all(channel)
    os.environ.clear()
    os.environ.update(HOME=request["folder"], TMPDIR=request["folder"], OMP_NUM_THREADS="1")
    os.chdir(request["folder"])
    os.umask(0o077)
    isolation.limit(request["limits"], request["used"])
    os.nice(5)
    if config["locked"]:
        isolation.give_up_rights(config["user"])
    elif config["user"]:
        isolation.become(config["user"])
    inside.serve(socket.socket(fileno=channel))
