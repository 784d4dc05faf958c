"""The course's one command: makes the environment .venv when it is needed, then hands over to it.

    python3 course.py lab      open the course in JupyterLab
    python3 course.py test     run all tests
    python3 course.py --help   all verbs (they are listed in rnnlib/cli.py)

Standard library only. The first use installs requirements.txt with pip, as pip is set up on this
machine; COURSE_PIP_ARGS="..." adds arguments to pip's own. Interrupted set-ups are repaired, two at
once wait for each other, and deleting the folder .venv starts from nothing.
"""

import contextlib
import hashlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "course.stamp"  # what is installed; becomes this from MAKING as the last step
MAKING = VENV / "course.making"  # here while a set-up is at work, or after it was interrupted
LOG = ROOT / "build" / "setup.log"
OLDEST = (3, 11)
PYTHON = ".".join(map(str, sys.version_info[:2]))
ROOM = 3 * 10**9  # bytes a set-up needs on disk
USUAL = "usually 1 to 4 minutes, once"
SIGNS = [  # what pip says, and what we say
    (("No space left on device", "Errno 28", "WinError 112"),
     "the disk is full; make room and run this again"),
    (("NewConnectionError", "Failed to establish a new connection", "name resolution",
      "getaddrinfo failed", "ConnectTimeout", "Network is unreachable", "ProxyError"),
     "pip reached no package index; connect to the internet for the first use, or point pip at"
     " a mirror (pip config, or COURSE_PIP_ARGS)"),
    (("No matching distribution found",),
     "a package of requirements.txt does not exist for Python {python} on this machine;"
     " try Python 3.11 to 3.13"),
    (("Permission denied", "Access is denied", "Errno 13", "WinError 5"),
     "a file in .venv cannot be replaced; close JupyterLab and other programs that use it"),
]


class Stop(Exception):
    """Ends the set-up with one sentence for the student."""


def python():
    """The Python inside .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted():
    """The two lines that the stamp must hold: which Python and folder, and which packages."""
    packages = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        packages.update((ROOT / name).read_bytes().replace(b"\r\n", b"\n"))
    return [f"Python {PYTHON} in {ROOT}", packages.hexdigest()]


def stamped():
    """The lines of the stamp; none when .venv is missing, half made, or lost its Python."""
    try:
        return STAMP.read_text(encoding="utf-8").splitlines() if python().exists() else []
    except OSError:
        return []


def check_machine():
    """Raise Stop when a set-up on this machine cannot work."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Stop("this Python cannot make environments; on Debian and Ubuntu run:"
                   " sudo apt install python3-venv") from None
    if sys.platform == "darwin" and os.uname().machine == "x86_64":
        raise Stop("PyTorch is no longer made for Macs with an Intel processor;"
                   " please use another machine or an online notebook service")
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            LOG.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise Stop(f"cannot write in {ROOT} ({error.strerror}); copy the course to a folder of"
                   " your own") from None
    free = shutil.disk_usage(ROOT).free
    if free < ROOM:
        raise Stop(f"the set-up needs about {ROOM / 1e9:.0f} GB of disk, {free / 1e9:.1f} GB are"
                   " free; make room and run this again")


@contextlib.contextmanager
def lock():
    """Hold the set-up's lock; yield its descriptor, which the installer inherits.

    The system drops it when the last process that holds it ends, so a killed set-up leaves nothing.
    """
    with open(ROOT / ".venv.lock", "a+b") as file:
        told = False
        while not locked(file):
            if not told:
                say("another set-up is at work in this folder; waiting for it")
            told = True
            time.sleep(0.5)
        yield file.fileno()


def locked(file):
    """Try to lock the file; False when somebody else holds it."""
    try:
        if os.name == "nt":
            import msvcrt
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks
        return True
    return True


def say(text):
    """One line to the student."""
    print("course:", text, file=sys.stderr, flush=True)


def show(what, start, last):
    """Show how far the set-up is: one moving line in a terminal, else a line every 20 seconds."""
    line = f"course: {what}, {time.monotonic() - start:.0f} s ({USUAL})"
    if sys.stderr.isatty():
        print("\r" + line[:79].ljust(79), end="", file=sys.stderr, flush=True)
    elif time.monotonic() - last[0] > 20:
        last[0] = time.monotonic()
        print(line, file=sys.stderr, flush=True)


def call(command, what, held):
    """Run a step of the set-up: its output goes to the log, a moving line to the screen."""
    keep = {} if os.name == "nt" else {"pass_fds": (held,)}
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                               encoding="utf-8", errors="replace", stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, **keep)
    lines, start, last = [], time.monotonic(), [time.monotonic()]
    reader = threading.Thread(target=lambda: [lines.append(line) for line in process.stdout])
    reader.start()
    try:
        while process.poll() is None:
            show(stage(lines, what), start, last)
            time.sleep(0.2)
    finally:
        process.poll() is None and process.terminate()
        reader.join()
        print(end="\r" + " " * 79 + "\r" if sys.stderr.isatty() else "", file=sys.stderr)
        with open(LOG, "a", encoding="utf-8") as log:
            log.write("".join(["$ ", " ".join(map(str, command)), "\n", *lines]))
    if process.returncode:
        raise Stop(explain("".join(lines)))


def stage(lines, what):
    """What pip is doing, in a few words, from its lines so far."""
    if any(line.startswith("Installing collected") for line in lines):
        return f"{what}: unpacking"
    count = sum(line.startswith("Collecting") for line in lines)
    return f"{what}: {count} packages fetched" if count else what


def explain(output):
    """The sentence for a failed step, from what it printed."""
    fitting = [sentence for signs, sentence in SIGNS if any(sign in output for sign in signs)]
    sentence = (fitting or ["a step of the set-up failed"])[0].format(python=PYTHON)
    return f"{sentence} (details: {LOG.relative_to(ROOT)})"


def remove(folder):
    """Move a folder aside, then delete it: a kill in between leaves no half folder in place."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        aside = folder.with_name(f"{folder.name}.old-{os.getpid()}")
        folder.rename(aside)
    for old in folder.parent.glob(folder.name + ".old-*"):
        shutil.rmtree(old, ignore_errors=True)


def usable():
    """True for a .venv to go on with: ours for this Python and folder, or somebody else's.

    Somebody else's (an editor makes them) is never deleted: Stop when it cannot be used.
    """
    if MAKING.exists() or not VENV.exists() or not any(VENV.iterdir()):
        return False
    if STAMP.exists():
        return stamped()[:1] == wanted()[:1]
    ask = [str(python()), "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"]
    with contextlib.suppress(OSError):
        if subprocess.run(ask, capture_output=True, text=True).stdout.strip() == PYTHON:
            return True
    raise Stop(f"the folder .venv was made by something else and is not a Python {PYTHON} with pip;"
               " rename or delete it, then run this again")


def set_up(held):
    """Make or update .venv; MAKING comes first and turns into the stamp at the very end."""
    check_machine()
    pip = [str(python()), "-m", "pip", "--disable-pip-version-check", "--no-input", "install",
           "--no-user", "--use-pep517", "--progress-bar", "off",
           *shlex.split(os.environ.get("COURSE_PIP_ARGS", ""))]
    fresh = not usable()
    LOG.write_text("", encoding="utf-8")
    if fresh:
        say(f"making the environment .venv for the course ({USUAL})")
        remove(VENV)
        VENV.mkdir()
    else:
        say(f"bringing .venv up to date ({USUAL})")
        STAMP.unlink(missing_ok=True)
    MAKING.write_text("\n".join(wanted()) + "\n", encoding="utf-8")
    if fresh:
        call([sys.executable, "-m", "venv", str(VENV)], "making .venv", held)
    call([*pip, "-r", "requirements.txt"], "installing", held)
    call([*pip, "--no-deps", "--no-build-isolation", "-e", "."], "installing the course", held)
    MAKING.replace(STAMP)


def ready():
    """Make sure that .venv holds what this version of the course needs."""
    if stamped() == wanted():
        return
    start = time.monotonic()
    try:
        with lock() as held:
            if stamped() != wanted():
                set_up(held)
                say(f"the environment is ready after {time.monotonic() - start:.0f} s")
    except PermissionError as error:
        raise Stop(f"cannot write {error.filename}; copy the course to a folder of your own, and"
                   " close programs that use .venv") from None
    except OSError as error:
        raise Stop(f"the set-up failed: {error}") from None


def main(arguments):
    """Check the verb, make the environment, go on in it as the same verb; return the exit code."""
    if sys.version_info < OLDEST:
        raise Stop(f"the course needs Python 3.11 or newer, and this is Python {PYTHON}; get a"
                   " newer one from python.org")
    sys.path.insert(0, str(ROOT))
    from rnnlib import cli
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(cli.usage())
        return 0
    if cli.mistake(arguments[0]):
        raise Stop(cli.mistake(arguments[0]))
    ready()
    return cli.become([str(python()), "-m", "rnnlib.cli", *arguments], {})


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(f"course: {stop}")
    except KeyboardInterrupt:
        sys.exit("course: stopped; run the same command again to go on")
