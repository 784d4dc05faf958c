"""The real download path against a local server: good, broken, damaged, refused, no room."""

import errno
import hashlib
import http.server
import io
import os
import re
import threading
import zipfile

import filelock
import pytest

from rnnlib.datasets import downloading, fetch, fetching, locating, registry, verify
from rnnlib.datasets.registry import File, Real

BODY = bytes(range(256)) * 4000
PACKED = io.BytesIO()
with zipfile.ZipFile(PACKED, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("folder/a.bin", BODY)
FILES = {"/toy/a.bin": BODY, "/zip/a.zip": PACKED.getvalue(), "/toy/not.zip": b"not a zip"}


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves FILES with ranges; `server.faults` is a list of what goes wrong, one a request."""

    def do_GET(self):
        self.server.ranges.append(self.headers.get("Range"))
        fault = self.server.faults.pop(0) if self.server.faults else "none"
        body = FILES.get(self.path)
        if body is None or fault == "missing":
            return self.send_error(404)
        if fault == "damaged":
            body = body[:-1] + b"!"
        if fault == "longer":
            body += b"!"
        start = self._start()
        if start >= len(body):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if fault != "unknown length":
            self.send_header("Content-Length", len(body) - start)
        self.end_headers()
        rest = body[start:]
        self.wfile.write(rest[: len(rest) // 2] if fault == "broken" else rest)

    def _start(self):
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        return int(found[1]) if found and self.server.has_ranges else 0

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as it:
        it.handle_error = lambda *_: None
        it.faults, it.ranges, it.has_ranges = [], [], True
        it.address = f"http://127.0.0.1:{it.server_address[1]}"
        threading.Thread(target=it.serve_forever, args=(0.01,), daemon=True).start()
        yield it
        it.shutdown()


@pytest.fixture
def toy(server, tmp_path, monkeypatch):
    """A made data set `toy` of one file on the server, and an empty cache; returns its folder."""
    monkeypatch.delenv("RNNLIB_DATA", raising=False)
    monkeypatch.delenv("RNNLIB_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(downloading.time, "sleep", lambda _: None)
    for module in (locating, fetching):
        monkeypatch.setattr(module, "cache", lambda: tmp_path / "cache")
    file = File("a.bin", f"{server.address}/toy/a.bin", len(BODY), _sha256(BODY))
    _register(monkeypatch, file)
    return tmp_path / "cache" / "toy"


def _register(monkeypatch, file):
    row = Real("toy", "toy", "Toy", "a task", "pydoc", "free", "nobody", "none", "bytes",
               {}, (file,))
    monkeypatch.setattr(registry, "entries", lambda: {"toy": row})


def _sha256(body):
    return hashlib.sha256(body).hexdigest()


def _left(folder):
    """What lies in a folder, except the lock."""
    return sorted(p.name for p in folder.iterdir() if p.name != ".lock") if folder.exists() else []


def test_a_good_file_arrives_whole_and_alone(toy):
    assert fetch("toy", progress=False) == toy
    assert (toy / "a.bin").read_bytes() == BODY and _left(toy) == ["a.bin"]
    assert verify("toy") == [("a.bin", "ok")]


def test_progress_is_shown(toy, capsys):
    fetch("toy")
    shown = capsys.readouterr()
    assert "a.bin" in shown.err and "100%" in shown.err and shown.out == ""


def test_what_is_there_is_not_fetched_again(toy, server):
    fetch("toy", progress=False)
    fetch("toy", progress=False)
    assert len(server.ranges) == 1


def test_a_copy_in_rnnlib_data_is_enough(toy, server, tmp_path, monkeypatch):
    given = tmp_path / "given" / "toy"
    given.mkdir(parents=True)
    (given / "a.bin").write_bytes(BODY)
    monkeypatch.setenv("RNNLIB_DATA", str(given.parent))
    assert fetch("toy", progress=False) == given and not server.ranges


def test_a_broken_connection_is_continued_in_the_same_call(toy, server):
    server.faults = ["broken", "broken"]
    fetch("toy", progress=False)
    starts = [int(asked[6:-1]) for asked in server.ranges[1:]]
    assert server.ranges[0] is None and 0 < starts[0] < starts[1] < len(BODY)
    assert (toy / "a.bin").read_bytes() == BODY


def test_a_broken_connection_is_continued_by_the_next_call(toy, server):
    server.faults = ["broken"] * 3
    with pytest.raises(ValueError, match="fetch toy continues where it stopped"):
        fetch("toy", progress=False)
    assert _left(toy) == ["a.bin.part"]
    assert BODY.startswith((toy / "a.bin.part").read_bytes())
    fetch("toy", progress=False)
    assert int(server.ranges[-1][6:-1]) > len(BODY) // 2
    assert _left(toy) == ["a.bin"] and (toy / "a.bin").read_bytes() == BODY


def test_a_server_without_ranges_starts_again(toy, server):
    server.has_ranges, server.faults = False, ["broken"]
    fetch("toy", progress=False)
    assert (toy / "a.bin").read_bytes() == BODY


def test_a_part_that_is_already_whole_is_taken(toy, server):
    toy.mkdir(parents=True)
    (toy / "a.bin.part").write_bytes(BODY)
    fetch("toy", progress=False)
    assert _left(toy) == ["a.bin"] and server.ranges == [f"bytes={len(BODY)}-"]


def test_a_foreign_part_is_noticed_and_thrown_away(toy):
    toy.mkdir(parents=True)
    (toy / "a.bin.part").write_bytes(b"x" * 1000)
    with pytest.raises(ValueError, match="arrived damaged, its SHA-256 is wrong"):
        fetch("toy", progress=False)
    assert _left(toy) == []
    fetch("toy", progress=False)
    assert (toy / "a.bin").read_bytes() == BODY


def test_a_damaged_file_in_the_cache_is_replaced(toy):
    toy.mkdir(parents=True)
    (toy / "a.bin").write_bytes(BODY[:-1] + b"!")
    assert "is damaged: expected SHA-256" in verify("toy")[0][1]
    fetch("toy", progress=False)
    assert (toy / "a.bin").read_bytes() == BODY


@pytest.mark.parametrize("fault, message", [
    ("damaged", "a.bin of toy arrived damaged, its SHA-256 is wrong, and was thrown away"),
    ("longer", "wrong size at its address: expected 1,024,000 bytes, got 1,024,001"),
    ("missing", "its address answers 404"),
])
def test_a_bad_answer_leaves_nothing(toy, server, fault, message):
    server.faults = [fault]
    with pytest.raises(ValueError, match=message) as caught:
        fetch("toy", progress=False)
    assert "\n" not in str(caught.value) and _left(toy) == []


def test_a_stream_that_does_not_end_is_cut(toy, server, monkeypatch):
    _register(monkeypatch, File("a.bin", f"{server.address}/toy/a.bin", 70000, "0" * 64))
    server.faults = ["unknown length"]
    with pytest.raises(ValueError, match="longer than it should be: expected 70,000 bytes"):
        fetch("toy", progress=False)
    assert _left(toy) == []


def test_no_server_is_one_sentence(toy, server, monkeypatch):
    monkeypatch.setenv("RNNLIB_MIRROR", "http://127.0.0.1:9")
    with pytest.raises(ValueError, match="the connection failed or broke"):
        fetch("toy", progress=False)


def test_a_full_disk_is_noticed_before(toy, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ValueError, match="the disk is full: a.bin of toy needs 1.0 MB"):
        fetch("toy", progress=False)
    assert _left(toy) == []


def test_a_disk_that_fills_up_leaves_nothing(toy, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(downloading, "open", lambda path, mode: path.touch() or Full(),
                        raising=False)
    with pytest.raises(ValueError, match="the disk is full: a.bin of toy needs 1.0 MB"):
        fetch("toy", progress=False)
    assert _left(toy) == []


def test_a_folder_without_the_right_to_write(toy, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(downloading, "open", refuse, raising=False)
    with pytest.raises(ValueError, match="cannot be written \\(Permission denied\\): check the r"):
        fetch("toy", progress=False)
    assert _left(toy) == []


def test_a_file_in_the_place_of_the_cache(toy):
    toy.parent.write_text("in the way")
    with pytest.raises(ValueError, match="a.bin of toy cannot be written"):
        fetch("toy", progress=False)


def test_two_at_once_do_not_mix(toy):
    toy.mkdir(parents=True)
    with filelock.FileLock(toy / ".lock"), pytest.raises(ValueError, match="by another process"):
        fetch("toy", progress=False)


def test_of_a_zip_only_the_file_inside_is_kept(toy, server, monkeypatch):
    file = File("a.bin", f"{server.address}/zip/a.zip", len(BODY), _sha256(BODY), "folder/a.bin")
    _register(monkeypatch, file)
    server.faults = ["broken"]
    fetch("toy", progress=False)
    assert _left(toy) == ["a.bin"] and (toy / "a.bin").read_bytes() == BODY


@pytest.mark.parametrize("path, inside", [("toy/not.zip", "a.bin"), ("zip/a.zip", "other")])
def test_a_zip_that_is_none_leaves_nothing(toy, server, monkeypatch, path, inside):
    file = File("a.bin", f"{server.address}/{path}", len(BODY), _sha256(BODY), inside)
    _register(monkeypatch, file)
    with pytest.raises(ValueError, match="expected in a zip file at its address, which is damaged"):
        fetch("toy", progress=False)
    assert _left(toy) == []


def test_a_mirror_replaces_the_address(toy, server, monkeypatch):
    file = File("a.bin", "http://127.0.0.1:9/x.zip", len(BODY), _sha256(BODY), "folder/a.bin")
    _register(monkeypatch, file)
    monkeypatch.setenv("RNNLIB_MIRROR", server.address + "/")
    fetch("toy", progress=False)
    assert (toy / "a.bin").read_bytes() == BODY


def test_an_unknown_name_is_not_fetched(toy, server):
    with pytest.raises(ValueError, match="no data set named 'tot': did you mean toy"):
        fetch("tot")
    assert not server.ranges


@pytest.mark.real_data
def test_every_real_set_comes_through_a_mirror(tmp_path, monkeypatch):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    def handler(*arguments, given=os.environ.get("RNNLIB_DATA")):
        return Quiet(*arguments, directory=given)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as it:
        threading.Thread(target=it.serve_forever, args=(0.01,), daemon=True).start()
        for module in (locating, fetching):
            monkeypatch.setattr(module, "cache", lambda: tmp_path)
        rows = [row for row in registry.entries().values() if isinstance(row, Real)]
        monkeypatch.setenv("RNNLIB_MIRROR", f"http://127.0.0.1:{it.server_address[1]}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.delenv("RNNLIB_DATA")
        for row in rows:
            assert fetch(row.name, progress=False) == tmp_path / row.folder
            assert {verdict for _, verdict in verify(row.name)} == {"ok"}
            assert set(_left(tmp_path / row.folder)) == {file.name for file in row.files}
        it.shutdown()
