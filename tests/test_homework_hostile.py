"""A class with hostile submissions: none gains a point, none harms another, all are graded."""
import json
import os
import socket
import time

import homework_toys as toys
import nbformat
import pytest

from rnnlib import ROOT
from rnnlib.grading import isolation
from rnnlib.grading.classroom import Job, grade_class
from rnnlib.grading.sandbox import Limits, Nursery, Refused
from rnnlib.grading.submissions import find
from rnnlib.release.assignment import load

GOOD = "    total, found = 0.0, []\n    for one in x:\n        total = total + one\n" \
       "        found.append(total)\n    return torch.stack(found)\n"
WRONG = "    return x\n"
RIGHT_SCALED = "    return k * x\n"

READ = """
    import os
    for path in PATHS:
        for way in (open, os.listdir, os.stat):
            try:
                way(path)
                print("FOUND", path)
            except OSError:
                pass
    return x
"""
HUNT = """
    import gc, sys
    import rnnlib.check
    for one in gc.get_objects():
        if type(one).__name__ in ("Exercise", "Case", "Assignment", "Job"):
            print("FOUND", type(one))
    for name in ("rnnlib.check.core", "rnnlib.check.exercise", "rnnlib.release.assignment",
                 "rnnlib.grading.scoring", "rnnlib.check.nb03"):
        try:
            __import__(name)
            print("FOUND", name)
        except ImportError:
            pass
    from rnnlib import bptt
    try:
        bptt.run(x)
        print("FOUND bptt")
    except PermissionError:
        pass
    return x
"""
PATCH_TORCH = """
    torch.allclose = lambda *a, **k: True
    torch.equal = torch.isclose = torch.testing.assert_close = torch.allclose
    torch.Tensor.__eq__ = lambda self, other: torch.tensor(True)
    torch.Tensor.abs = lambda self: self * 0
    return x
"""
PATCH_CHECKER = """
    import rnnlib.check, rnnlib.grading.inside, rnnlib.grading.wire, sys
    rnnlib.check.examine = lambda *a: True
    for module in list(sys.modules.values()):
        for name in ("difference", "grade", "examine", "score", "earned", "wrong", "misfit"):
            try:
                setattr(module, name, lambda *a, **k: None)
            except Exception:
                pass
    return x
"""
EQUAL_TO_ALL = """
    class Yes(torch.Tensor):
        def __eq__(self, other):
            return True
        def __sub__(self, other):
            return torch.zeros(())
        shape = property(lambda self: x.shape)
    return Yes(x)
"""
BOMB = """
    import os, time
    children = 0
    try:
        while True:
            if os.fork() == 0:
                while True:
                    pass
            children += 1
            if children > 500:
                print("FOUND no limit")
                return x
    except OSError:
        return x
"""
KILL = """
    import os, signal
    for target in (os.getppid(), 1, -1):
        try:
            os.kill(target, 9)
        except OSError:
            pass
    return x
"""
GARBAGE = """
    import os, socket, struct
    for number in range(3, 64):
        try:
            os.write(number, struct.pack(">I", 5) + b"[[[[[")
        except OSError:
            pass
    return x
"""
FORGED = """
    import json, os, struct
    text = json.dumps({"value": {"made": ["os", "system", {"command": "true"}]}, "printed": ""})
    for number in range(3, 64):
        try:
            os.write(number, struct.pack(">I", len(text)) + text.encode())
        except OSError:
            pass
    return x
"""
DISC = """
    import os
    for n in range(5000):
        try:
            with open(f"{os.environ['HOME']}/{n}", "wb") as file:
                file.write(bytes(10**7))
        except OSError:
            break
    else:
        print("FOUND no limit")
    return x
"""
HOSTILE = {
    "endless": "    while True:\n        pass\n",
    "endless_and_deaf": "    while True:\n        try:\n            while True:\n"
                        "                pass\n        except BaseException:\n            pass\n",
    "asleep": "    import time\n    time.sleep(1000)\n",
    "fork_bomb": BOMB,
    "memory": "    return torch.ones(10**9, dtype=torch.float64)\n",
    "memory_list": "    found = []\n    while True:\n        found.append(bytearray(10**7))\n",
    "disc": DISC,
    "patched_torch": PATCH_TORCH,
    "patched_checker": PATCH_CHECKER,
    "hunting": HUNT,
    "equal_to_all": EQUAL_TO_ALL,
    "prints": "    while True:\n        print('x' * 10**6)\n",
    "much": "    return 'x' * 10**7\n",
    "many": "    return [0] * 10**7\n",
    "exit": "    import os\n    os._exit(0)\n",
    "sys_exit": "    import sys\n    sys.exit(0)\n",
    "crash": "    import ctypes\n    ctypes.string_at(0)\n",
    "kill": KILL,
    "garbage": GARBAGE,
    "forged": FORGED,
    "deep": "    found = []\n    for _ in range(10**6):\n        found = [found]\n"
            "    return found\n",
    "thread": "    import threading\n    for _ in range(1000):\n"
              "        threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()\n",
}


@pytest.fixture(scope="module")
def listener():
    """A server on this machine that counts who calls."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    yield server
    server.close()


@pytest.fixture(scope="module")
def graded(tmp_path_factory, listener):
    """(results by student, folder of results, seconds) of the whole class."""
    toys.need_locks()
    top = tmp_path_factory.mktemp("class")
    homework, folder, output = toys.write_homework(top / "source"), top / "in", top / "out"
    secret = [homework / "hw90.py", homework / "hw90_toy.ipynb", output / "seed", folder / "alice",
              folder / "alice" / "hw90_toy.ipynb", ROOT / "notebooks", ROOT / "rnnlib" / "check",
              ROOT / "README.md", "/etc/passwd", "/proc/1", os.path.expanduser("~/.profile")]
    call = f"    import socket\n    socket.create_connection({listener.getsockname()!r}, 1)\n"
    students = dict.fromkeys(HOSTILE, "") | HOSTILE | {
        "alice": GOOD, "zoe": GOOD, "network": call,
        "reading": READ.replace("PATHS", repr([str(path) for path in secret]))}
    for name, body in students.items():
        write(folder / name, toys.handed_in(body, RIGHT_SCALED))
    others(folder)
    job = Job("hw90", output, (folder,), limits=Limits(cell=2, submission=20), sources=homework)
    start = time.monotonic()
    results = grade_class(job, find(folder, load("hw90", homework)), workers=2)
    return results, output, time.monotonic() - start


def write(place, notebook):
    """Hand a notebook in."""
    place.mkdir(parents=True)
    nbformat.write(notebook, place / "hw90_toy.ipynb")


def others(folder):
    """Submissions that need more than a function: test cells, cells that hang, odd files."""
    edited = toys.handed_in(WRONG, RIGHT_SCALED, test_running="assert True  # 40 points")
    edited.cells[3].metadata.nbgrader.update(points=1000)
    write(folder / "edited_tests", edited)
    deleted = toys.handed_in(GOOD, RIGHT_SCALED)
    deleted.cells = [c for c in deleted.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    write(folder / "deleted_tests", deleted)
    for name, more in (("hanging_cell", "while True:\n    pass\n"),
                       ("dead_cell", "import os\nos._exit(1)\n")):
        write(folder / name, toys.handed_in(GOOD, RIGHT_SCALED + more))
    write(folder / "stub", toys.handed_in())
    for name, text in {"not_json": "no notebook", "empty": "", "deep_json": "[" * 10**6}.items():
        (folder / name).mkdir()
        (folder / name / "hw90_toy.ipynb").write_text(text)
    (folder / "nothing").mkdir()
    (folder / "link").mkdir()
    (folder / "link" / "hw90_toy.ipynb").symlink_to(folder / "alice" / "hw90_toy.ipynb")
    (folder / "linked").symlink_to(folder / "alice")


def points(results, student):
    """{exercise: points} of a student."""
    return {one["name"]: one["points"] for one in results[student]["exercises"]}


def test_right_answers_get_all_points_whoever_sits_beside(graded):
    for student in ("alice", "zoe", "deleted_tests"):
        assert points(graded[0], student) == {"running": 40, "scaled": 10}, student


@pytest.mark.parametrize("student", [*HOSTILE, "network", "reading"])
def test_hostile_code_gains_nothing_for_its_exercise(graded, student):
    assert points(graded[0], student)["running"] == 0, graded[0][student]


@pytest.mark.parametrize("student", [*HOSTILE, "network", "reading"])
def test_hostile_code_costs_its_author_no_other_exercise(graded, student):
    if student in ("patched_torch", "patched_checker"):
        pytest.skip("who patches torch lives with it: the other exercise runs in the same process")
    assert points(graded[0], student)["scaled"] == 10, graded[0][student]


def test_nothing_that_is_secret_was_found(graded):
    said = [line for result in graded[0].values() for one in result["exercises"]
            for line in one["lines"]]
    assert not [line for line in said if "it printed: FOUND" in line]


def test_nobody_came_through_the_network(graded, listener):
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize("student, words", [
    ("endless", "never ends"), ("endless_and_deaf", "never ends"), ("asleep", "never ends"),
    ("prints", "never ends"), ("exit", "the process ended"), ("crash", "the process ended"),
    ("much", "more memory, or returned more"), ("patched_torch", "expected"),
    ("sys_exit", "SystemExit"), ("deep", "does not hold")])
def test_the_feedback_says_what_happened(graded, student, words):
    assert words in "\n".join(graded[0][student]["exercises"][0]["lines"])


def test_edited_tests_change_nothing(graded):
    assert points(graded[0], "edited_tests") == {"running": 0, "scaled": 10}


def test_a_cell_that_hangs_or_kills_costs_only_itself(graded):
    for student, words in (("hanging_cell", "longer than 2 seconds"), ("dead_cell", "ended")):
        assert points(graded[0], student)["running"] == 40, graded[0][student]
        assert words in graded[0][student]["notes"]["scaled"]


def test_a_stub_gets_nothing_and_reads_not_yet(graded):
    assert points(graded[0], "stub") == {"running": 0, "scaled": 0}
    assert graded[0]["stub"]["exercises"][0]["lines"][0].startswith("not yet")


@pytest.mark.parametrize("student, said", [
    ("not_json", "not a notebook"), ("empty", "not a notebook"), ("deep_json", "not a notebook"),
    ("nothing", "there is no notebook"), ("link", "there is no notebook"), ("linked", "a link")])
def test_what_cannot_be_graded_is_said(graded, student, said):
    assert said in graded[0][student]["problem"]
    assert sum(points(graded[0], student).values()) == 0


def test_the_seed_is_for_the_grader_alone(graded):
    assert (graded[1] / "seed").stat().st_mode & 0o777 == 0o600


def test_nothing_of_the_class_is_left_running(graded):
    import psutil

    mine = psutil.Process().children(recursive=True)
    assert not [one for one in mine if "nursery" in " ".join(one.cmdline())]


def test_no_locks_means_refusal(monkeypatch):
    monkeypatch.setattr("rnnlib.grading.sandbox.COMMAND", "import sys; sys.argv.pop(1)\n"
                        "from rnnlib.grading import isolation, nursery\n"
                        "def no(*given): raise OSError('namespaces are switched off')\n"
                        "isolation.enter = no\nnursery.main()")
    with pytest.raises(Refused, match="namespaces are switched off"):
        Nursery(probe=True)


def locked_as_user(root, write):
    """Lock this process up as a user without rights; write what is reachable then."""
    def reach(path):
        try:
            return bool(os.listdir(path))
        except OSError:
            return False

    os.setgid(65534)
    os.setuid(65534)
    isolation.prctl(4, 1)  # as a process that a user started, which may be looked into
    isolation.enter(str(root), [], [])
    isolation.without_proc()
    isolation.alone()
    if os.fork():
        os.wait()
        return
    isolation.give_up_rights(0)
    try:
        isolation.libc("chroot", b"/student")
        rights = "rights"
    except OSError:
        rights = "no rights"
    found = [os.getpid(), rights, reach(str(ROOT)), reach("/proc"), reach("/usr")]
    os.write(write, json.dumps(found).encode())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becomes a user")
def test_a_user_without_rights_can_lock_up_too(tmp_path):
    """Through a user namespace, where the system allows it to anybody."""
    root, (read, write) = tmp_path / "root", os.pipe()
    root.mkdir()
    for folder in (root, *tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)
    pid = os.fork()
    if pid == 0:
        try:
            locked_as_user(root, write)
        except OSError as error:
            os.write(write, json.dumps(str(error)).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    said = json.loads(os.read(read, 1000))
    if isinstance(said, str):
        pytest.skip(f"this system lets no user make namespaces: {said}")
    assert said == [1, "no rights", False, False, True]
