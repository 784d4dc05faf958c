"""Locks for a process that runs code one does not trust: Linux namespaces, an own root folder,
no rights, limits. Only the standard library; every function raises OSError where the system says
no.

What a locked process can reach: its own memory, Python and its packages (read only), 16 MB of
files of its own, and one channel to the grader. No network, no other process, no home folders.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
from pathlib import Path

NEWNS, NEWUTS, NEWIPC, NEWUSER = 0x20000, 0x4000000, 0x8000000, 0x10000000
NEWPID, NEWNET = 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND = 1, 2, 4, 8, 32, 4096
REC, PRIVATE, RELATIME, DETACH = 16384, 1 << 18, 1 << 21, 2
DEATH_SIGNAL, NO_NEW_PRIVILEGES, DROP_CAPABILITY = 1, 38, 24
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
PRIVATE_FOLDER = "/student"
DEVICES = ("null", "zero", "full", "random", "urandom")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache")


def libc(name, *arguments):
    """Call a function of the C library; raise OSError when it fails or does not exist."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        raise OSError(f"this system has no {name}")
    if function(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def prctl(what, value):
    """prctl(2) with one number."""
    libc("prctl", what, *(ctypes.c_ulong(number) for number in (value, 0, 0, 0)))


def mount(source, target, kind, flags, data=""):
    """mount(2)."""
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind)]
    libc("mount", *words, ctypes.c_ulong(flags), os.fsencode(data))


def enter(root, visible, hidden):
    """Go for good into a world without network whose files are `visible` alone, read only.

    root     an empty folder, becomes the root
    visible  paths to show; links are shown as links
    hidden   paths to cover where they lie inside a visible one
    """
    flags, user, group = NEWNS | NEWNET | NEWIPC | NEWUTS, os.geteuid(), os.getegid()
    if user:
        libc("unshare", flags | NEWUSER)
        map_user(user, group)
    else:
        libc("unshare", flags)
    mount(None, "/", None, REC | PRIVATE)
    mount("tmpfs", root, "tmpfs", NOSUID | NODEV, "size=1m,mode=755")
    for path in dict.fromkeys([*SYSTEM, *map(str, visible)]):
        show(path, root)
    for path in map(str, hidden):
        if os.path.isdir(root + path):
            mount("tmpfs", root + path, "tmpfs", RDONLY | NOSUID | NODEV, "size=4k,mode=755")
    for name in DEVICES:
        bind(f"/dev/{name}", f"{root}/dev/{name}")
    os.makedirs(root + PRIVATE_FOLDER)
    os.makedirs(f"{root}/proc")
    mount("/proc", f"{root}/proc", None, BIND | REC)
    change_root(root)


def map_user(user, group):
    """Be root inside a new user namespace, and the same user as before outside."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def show(path, root):
    """Show a path of the system below `root`, read only; a link stays a link."""
    target = root + path
    if os.path.lexists(target) or not os.path.exists(path):
        return
    if os.path.islink(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.symlink(os.readlink(path), target)
        return
    bind(path, target)
    held = os.statvfs(path).f_flag
    kept = held & (NOEXEC | 1024 | 2048) | (RELATIME if held & 4096 else 0)
    mount(None, target, None, REMOUNT | BIND | RDONLY | NOSUID | NODEV | kept)


def bind(path, target):
    """Mount a folder or a file at a place that is made for it."""
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    mount(path, target, None, BIND | REC)


def change_root(root):
    """Make `root` the root and let go of the old one."""
    number = PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"cannot change the root on {platform.machine()}")
    os.chdir(root)
    libc("syscall", ctypes.c_long(number), b".", b".")
    libc("umount2", b".", DETACH)
    os.chdir("/")


def without_proc():
    """Let go of the list of processes, which only the start needs; nothing is writable now."""
    libc("umount2", b"/proc", DETACH)
    mount(None, "/", None, REMOUNT | BIND | RDONLY | NOSUID | NODEV)


def alone():
    """Before a fork: the child will see no process but its own, and an empty folder of its own."""
    libc("unshare", NEWPID | NEWNS | NEWIPC)
    mount("tmpfs", PRIVATE_FOLDER, "tmpfs", NOSUID | NODEV, "size=16m,mode=1777,nr_inodes=1000")


def give_up_rights(user):
    """Become the user, without any right of root, for this process and all that it starts."""
    prctl(NO_NEW_PRIVILEGES, 1)
    with contextlib.suppress(OSError):  # until there is no capability of that number
        for capability in range(64):
            prctl(DROP_CAPABILITY, capability)
    if user:
        become(user)
    else:
        libc("capset", (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
    prctl(DEATH_SIGNAL, signal.SIGKILL)


def become(user):
    """Become another user, for good; only root can."""
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def limit(limits, used):
    """Limit memory (beyond the bytes in use), processor time, processes and files of a process."""
    most = {resource.RLIMIT_AS: used + limits["memory"], resource.RLIMIT_CPU: limits["seconds"],
            resource.RLIMIT_NPROC: limits["processes"], resource.RLIMIT_FSIZE: 2**24,
            resource.RLIMIT_NOFILE: 64, resource.RLIMIT_CORE: 0}
    for name, value in most.items():
        with contextlib.suppress(ValueError):
            resource.setrlimit(name, (value, value))


def bytes_in_use():
    """The address space of this process, in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
