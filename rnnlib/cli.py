"""The verbs of `course.py`: what each is called, what it does, what it calls. New verb: a new line.

Imports only the standard library: `course.py` reads the table before the environment exists.
"""

import contextlib
import difflib
import importlib
import json
import os
import subprocess
import sys

from . import ROOT

VERBS = {
    # verb: (module of rnnlib : function, called with the arguments after the verb; what it does)
    "lab": ("cli:lab", "open the course in JupyterLab; arguments go to JupyterLab"),
    "test": ("cli:test", "run all tests; arguments go to pytest"),
    "run": ("runner:main", "run notebooks without a browser (run --help)"),
    "data": ("datasets.commands:main", "real data sets: list, fetch NAME, verify"),
    "homework": ("homework:main", "release, check, grade homework (homework --help)"),
    "bench": ("experiments.speed:main", "measure how fast this machine trains"),
}
QUIET = {"@jupyterlab/apputils-extension:notification":
         {"fetchNews": "false", "checkForUpdates": False}}


def usage():
    """The help text: one line per verb."""
    rows = "\n".join(f"  {verb:10}{what}" for verb, (_, what) in VERBS.items())
    return f"usage: python3 course.py VERB [arguments]\n\n{rows}"


def mistake(verb):
    """One sentence about a verb that does not exist, naming the nearest; None for a good verb."""
    if verb in VERBS:
        return None
    near = difflib.get_close_matches(verb, VERBS, 1, 0.4)
    hint = f"did you mean {near[0]!r}?" if near else "there are: " + ", ".join(VERBS)
    return f"there is no verb {verb!r}; {hint}"


def main(arguments=None):
    """Call the function of a verb with the arguments after it; return the exit code."""
    verb, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if verb in ("-h", "--help", "help"):
        print(usage())
        return 0
    if mistake(verb):
        print("course:", mistake(verb), file=sys.stderr)
        return 2
    module, function = VERBS[verb][0].split(":")
    return getattr(importlib.import_module(f".{module}", __package__), function)(rest) or 0


def lab(arguments):
    """Open JupyterLab at the first notebook, without its pop-up about news."""
    settings = os.path.join(sys.prefix, "share", "jupyter", "lab", "settings")
    os.makedirs(settings, exist_ok=True)
    with open(os.path.join(settings, "overrides.json"), "w") as file:
        json.dump(QUIET, file)
    first = ROOT / "notebooks" / "00_start_here.ipynb"
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return become([*command, *arguments, *([str(first)] if first.exists() else [])], {})


def test(arguments):
    """Run pytest in the folder of the course: everything on two processes, or what is named."""
    alone = {"-n", "-s", "--pdb", "--collect-only", "--co"} & set(arguments)
    named = any((ROOT / word.split("::")[0]).exists() for word in arguments)
    split = [] if alone or named or (os.cpu_count() or 1) < 2 else ["-n", "2"]
    threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"} if split else {}
    return become([sys.executable, "-m", "pytest", *split, *arguments],
                  {"PYTHONHASHSEED": "0"} | threads)


def become(command, variables):
    """Go on as another command in the folder of the course, with these environment variables.

    This process turns into it, or where that is impossible waits for it and returns its exit code.
    """
    os.environ.update(variables)
    os.chdir(ROOT)
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    while True:  # Ctrl-C is for the command
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


if __name__ == "__main__":
    sys.exit(main())
