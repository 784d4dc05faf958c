"""The bootstrap: a good environment is kept, anything else is repaired, trouble is one sentence."""

import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILES = ["course.py", "requirements.txt", "pyproject.toml", "rnnlib/__init__.py", "rnnlib/cli.py"]


@pytest.fixture
def course(tmp_path):
    """The module course.py of a copy of the project that has no environment yet."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    spec = importlib.util.spec_from_file_location("course", tmp_path / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def installer(course, monkeypatch):
    """The course with a pretended installer: `course.steps` lists what it was asked to do."""
    course.steps = []

    def call(command, what, held):
        course.steps.append(what)
        assert not course.STAMP.exists(), "the stamp must come last"
        assert course.MAKING.exists(), "its mark must come first"
        if what == "making .venv":
            course.python().parent.mkdir(parents=True)
            course.python().touch()

    monkeypatch.setattr(course, "call", call)
    return course


ALL = ["making .venv", "installing", "installing the course"]


def test_the_first_use_makes_the_environment_and_the_second_does_nothing(installer):
    installer.ready()
    assert installer.steps == ALL
    installer.ready()
    assert installer.steps == ALL


def test_an_interrupted_set_up_starts_again_from_nothing(installer):
    (installer.VENV / "lib").mkdir(parents=True)
    (installer.VENV / "lib" / "half").touch()
    installer.MAKING.touch()
    installer.ready()
    assert installer.steps == ALL
    assert not (installer.VENV / "lib").exists()
    assert not list(installer.ROOT.glob(".venv.old-*"))


def test_a_failing_installer_leaves_no_stamp(installer, monkeypatch):
    def fail(command, what, held):
        raise installer.Stop("no")

    monkeypatch.setattr(installer, "call", fail)
    with pytest.raises(installer.Stop):
        installer.ready()
    assert installer.stamped() == []


def test_changed_packages_update_the_environment_in_place(installer):
    installer.ready()
    (installer.VENV / "kept").touch()
    with open(installer.ROOT / "requirements.txt", "a") as file:
        file.write("one-more==1.0\n")
    installer.ready()
    assert installer.steps == ALL + ALL[1:]
    assert (installer.VENV / "kept").exists()


@pytest.mark.parametrize("name, other", [("PYTHON", "9.9"), ("ROOT", None)])
def test_another_python_or_a_moved_folder_make_it_anew(installer, monkeypatch, name, other):
    installer.ready()
    if name == "ROOT":
        other = installer.ROOT / ".." / installer.ROOT.name
    monkeypatch.setattr(installer, name, other)
    installer.ready()
    assert installer.steps == ALL + ALL


posix = pytest.mark.skipif(os.name == "nt", reason="uses a shell script or inherited locks")


@posix
def test_an_environment_made_by_somebody_else_is_used_and_kept(installer):
    installer.python().parent.mkdir(parents=True)
    installer.python().write_text(f"#!/bin/sh\necho {installer.PYTHON}\n")
    installer.python().chmod(0o755)
    installer.ready()
    assert installer.steps == ALL[1:]
    assert installer.python().read_text().startswith("#!")


@posix
@pytest.mark.parametrize("answer", ["echo 3.9", "exit 1"])
def test_an_environment_that_cannot_be_used_is_kept_and_named(installer, answer):
    installer.python().parent.mkdir(parents=True)
    installer.python().write_text(f"#!/bin/sh\n{answer}\n")
    installer.python().chmod(0o755)
    with pytest.raises(installer.Stop, match="made by something else .* rename or delete it"):
        installer.ready()
    assert installer.steps == [] and installer.python().exists()


def test_an_environment_that_lost_its_python_is_made_anew(installer):
    installer.ready()
    installer.python().unlink()
    installer.ready()
    assert installer.steps == ALL + ALL


def test_line_ends_do_not_change_the_stamp(course):
    before = course.wanted()
    path = course.ROOT / "requirements.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert course.wanted() == before


def test_an_old_python_is_one_sentence(course, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(course.Stop, match="needs Python 3.11 or newer"):
        course.main(["test"])


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_one_sentence(course, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(course.Stop, match="sudo apt install python3-venv"):
        course.ready()
    assert not course.VENV.exists()


def test_a_full_disk_is_one_sentence(course, monkeypatch):
    usage = shutil.disk_usage(course.ROOT)._replace(free=2 * 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(course.Stop, match="needs about 3 GB of disk, 2.0 GB are free"):
        course.ready()


def test_a_folder_that_cannot_be_written_is_one_sentence(course, monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(course.Stop, match="copy the course to a folder of your own"):
        course.ready()


@pytest.mark.parametrize("output, words", [
    ("Retrying after connection broken by 'NewConnectionError'\nNo matching distribution found",
     "connect to the internet"),
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
     "the disk is full"),
    ("ERROR: No matching distribution found for torch==2.13.0", "does not exist for Python 3"),
    ("ERROR: something new", "a step of the set-up failed"),
])
def test_what_pip_says_becomes_one_sentence(course, output, words):
    assert words in course.explain(output)
    assert "build" in course.explain(output) and "\n" not in course.explain(output)


def command(folder, *arguments):
    """Run course.py of a copy from another folder; return what came of it."""
    return subprocess.run([sys.executable, str(folder / "course.py"), *arguments],
                          cwd=tempfile.gettempdir(), capture_output=True, text=True, timeout=60)


def test_help_and_a_wrong_verb_need_no_environment(course):
    assert "  lab " in command(course.ROOT, "--help").stdout
    wrong = command(course.ROOT, "tets")
    assert wrong.returncode == 1
    assert wrong.stderr == "course: there is no verb 'tets'; did you mean 'test'?\n"
    assert not course.VENV.exists()


def test_the_verb_runs_in_the_environment_with_its_exit_code(course):
    """A stamped environment is used as it is: the answer comes from its own Python."""
    course.python().parent.mkdir(parents=True)
    course.python().symlink_to(sys.executable)
    course.STAMP.write_text("\n".join(course.wanted()))
    cli = course.ROOT / "rnnlib" / "cli.py"
    cli.write_text(cli.read_text().replace(
        "sys.exit(main())", "print(sys.argv[1:])\n    sys.exit(7)"))
    answer = command(course.ROOT, "test", "-k", "a b")
    assert (answer.stdout, answer.returncode) == ("['test', '-k', 'a b']\n", 7)


HOLD = """
import sys, time, subprocess
sys.path.insert(0, sys.argv[1])
import course
with course.lock() as held:
    print("held", flush=True)
    if len(sys.argv) > 2:
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(2)"], pass_fds=(held,))
        print("child", flush=True)
    time.sleep(60)
"""


def waited(course):
    """Seconds until the lock was ours."""
    start = time.monotonic()
    with course.lock():
        return time.monotonic() - start


def holder(course, *more):
    """A process that holds the lock of the set-up."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(course.ROOT), *more],
                               stdout=subprocess.PIPE, text=True)
    for _ in range(1 + len(more)):
        process.stdout.readline()
    return process


def test_two_set_ups_wait_for_each_other_and_a_killed_one_holds_nobody(course, capsys):
    process = holder(course)
    with open(course.ROOT / ".venv.lock", "a+b") as file:
        assert not course.locked(file)
    process.kill()
    process.wait()
    assert waited(course) < 1


@posix
def test_an_installer_that_outlives_its_parent_keeps_the_lock(course, capsys):
    process = holder(course, "with child")
    process.kill()
    process.wait()
    assert waited(course) > 1
    assert "another set-up is at work" in capsys.readouterr().err


def test_a_real_set_up_killed_half_way_is_repaired(course, monkeypatch):
    """With an empty list of packages: the real venv and the real pip, killed with all its kin."""
    folder = course.ROOT.with_name("a folder with spaces")
    course.ROOT.rename(folder)
    (folder / "requirements.txt").write_text("")
    (folder / "README.md").touch()
    monkeypatch.setenv("PYTHONPATH", sysconfig.get_paths()["purelib"])  # setuptools, pytest
    process = subprocess.Popen([sys.executable, str(folder / "course.py"), "test"],
                               stderr=subprocess.PIPE, start_new_session=True)
    while not (folder / ".venv" / "pyvenv.cfg").exists():
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (folder / ".venv" / "course.stamp").exists()
    repaired = command(folder, "test", "--version")
    assert "the environment is ready" in repaired.stderr, repaired.stderr
    again = command(folder, "test", "--version")
    assert "environment" not in again.stderr and again.stdout.startswith("pytest")
