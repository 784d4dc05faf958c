"""One file over HTTP, continued where a broken download stopped."""

import errno
import os
import time
import zipfile
from pathlib import Path

import requests
from tqdm import tqdm

CHUNK = 1 << 16
ATTEMPTS = 3
TIMEOUT = 20


class Resuming:
    """A downloader for pooch that keeps what arrived beside the target and goes on from there.

    The bytes go to NAME.part first. A broken connection is tried again, from where it broke, and
    so is a later run. When everything is there, the file (or, of a zip, the one file that is
    wanted) becomes `output_file`, whose SHA-256 pooch checks before it gives it its final name.

    Args:
        file: the row of the registry.
        part: path of the file in progress.
        progress: whether to show a progress bar.
    """

    def __init__(self, file, part, progress):
        self.file, self.part, self.progress = file, Path(part), progress

    def __call__(self, url, output_file, pooch):
        for attempt in range(ATTEMPTS):
            try:
                self._continue(url)
                break
            except requests.exceptions.HTTPError:
                raise
            except requests.exceptions.RequestException:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(0.2 * 4**attempt)
        self._deliver(Path(output_file))

    def _continue(self, url):
        """Fetch what is missing of the part."""
        have = self.part.stat().st_size if self.part.exists() else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
            if answer.status_code == 416:
                return
            answer.raise_for_status()
            have = have if answer.status_code == 206 else 0
            total = have + int(answer.headers.get("Content-Length", 0))
            self._check_size(total)
            self._write(answer, have, total)

    def _write(self, answer, have, total):
        bar = tqdm(total=total or None, initial=have, unit="B", unit_scale=True, ncols=79,
                   desc=self.file.name, disable=not self.progress)
        with bar, open(self.part, "ab" if have else "wb") as out:
            for chunk in answer.iter_content(CHUNK):
                out.write(chunk)
                bar.update(len(chunk))
                self._check_length(out.tell())

    def _check_size(self, total):
        """Refuse a file of the wrong size before any of it is fetched."""
        if total and not self.file.inside and total != self.file.bytes:
            self.part.unlink(missing_ok=True)
            raise ValueError(f"{self.file.name} has the wrong size at its address: expected "
                             f"{self.file.bytes:,} bytes, got {total:,}; nothing was kept")

    def _check_length(self, length):
        if length > self.file.bytes:
            self.part.unlink(missing_ok=True)
            raise ValueError(f"{self.file.name} is longer than it should be: expected "
                             f"{self.file.bytes:,} bytes, got more; nothing was kept")

    def _deliver(self, target):
        if not self.file.inside:
            os.replace(self.part, target)
            return
        try:
            with zipfile.ZipFile(self.part) as archive:
                target.write_bytes(archive.read(self.file.inside))
        except (zipfile.BadZipFile, KeyError) as error:
            raise ValueError(f"{self.file.name} was expected in a zip file at its address, which "
                             "is damaged or has changed; nothing was kept") from error
        finally:
            self.part.unlink(missing_ok=True)


def explain(error, name, file, folder):
    """One sentence on why a file could not be fetched."""
    again = f"python3 course.py data fetch {name}"
    if isinstance(error, requests.exceptions.HTTPError):
        return (f"{file.name} of {name} is not to be had: its address answers "
                f"{error.response.status_code}; try again later, the course works without it")
    if isinstance(error, requests.exceptions.RequestException):
        return (f"{file.name} of {name} did not arrive, the connection failed or broke; "
                f"{again} continues where it stopped")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return full(name, file, folder)
    if isinstance(error, OSError):
        return (f"{file.name} of {name} cannot be written ({error.strerror or error}): "
                f"check the rights of {folder}")
    if "does not match the known hash" in str(error):
        return (f"{file.name} of {name} arrived damaged, its SHA-256 is wrong, and was thrown "
                f"away; {again} tries again")
    return str(error)


def full(name, file, folder):
    """One sentence on a full disk."""
    return (f"the disk is full: {file.name} of {name} needs {file.bytes / 1e6:.1f} MB in "
            f"{folder}; free some space, then python3 course.py data fetch {name}")
