"""Drive a real JupyterLab with headless Chromium: open, run, move, take pictures.

Used by test_lab.py (the browser test) and shoot.py (pictures for authors). Everything happens in a
copy of the notebooks, so the files of the project are never touched.
"""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]
SETTINGS = {
    "@jupyterlab/apputils-extension:notification":
        {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
NOISE = ("favicon", "net::ERR_", "Failed to load resource", "sourcemap", "deprecat")


def chromium():
    """The path of Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def free_port():
    """A TCP port that nobody listens on right now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def write_settings(home):
    """Write the user settings of JupyterLab under home: no news, no autosave, every cell drawn."""
    for plugin, values in SETTINGS.items():
        extension, name = plugin.split(":")
        path = home / "settings" / extension / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def environment(home):
    """The variables of the server: its own home, one thread, nothing of the caller's Jupyter."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "XDG_"))}
    fonts = ROOT / "build" / "matplotlib"
    fonts.mkdir(parents=True, exist_ok=True)
    return keep | {"HOME": str(home), "USERPROFILE": str(home), "OMP_NUM_THREADS": "1",
                   "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "MPLCONFIGDIR": str(fonts)}


@contextlib.contextmanager
def server(source=ROOT / "notebooks"):
    """Start JupyterLab over a copy of the folder source; yield (address, token)."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = pathlib.Path(folder) / "home"
        shutil.copytree(source, home / "course" / "notebooks")
        write_settings(home)
        port, token = free_port(), os.urandom(12).hex()
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1",
                   f"--port={port}", "--port-retries=0", f"--IdentityProvider.token={token}",
                   f"--ServerApp.root_dir={home / 'course'}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--allow-root")
        with open(home / "server.log", "w") as log:
            process = subprocess.Popen(command, env=environment(home), cwd=home,
                                       stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_up(f"http://127.0.0.1:{port}/api/status?token={token}", process, home)
            yield f"http://127.0.0.1:{port}", token
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_up(address, process, home, seconds=90):
    """Return when the server answers; RuntimeError with the end of its log when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start:\n" + (home / "server.log").read_text()[-2000:])


@contextlib.contextmanager
def pages(width=1200, height=1500):
    """Start Chromium; yield a function that makes a new page of that size."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield lambda: browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


class Notebook:
    """One notebook open in JupyterLab; `path` is relative to the folder of the notebooks."""

    def __init__(self, page, address, token, path):
        self.page, self.complaints = page, []
        self.address, self.header = address, {"Authorization": f"token {token}"}
        page.on("pageerror", lambda error: self.complain(f"page error: {error}"))
        page.on("console", lambda m: m.type == "error" and self.complain(f"console: {m.text}"))
        page.goto(f"{address}/lab/tree/notebooks/{path}?token={token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        self.wait_idle(60)

    def complain(self, text):
        """Remember a complaint of the browser, unless it is known noise."""
        if not any(word in text for word in NOISE):
            self.complaints.append(text)

    def wait(self, script, seconds):
        """Ask the page until the script says true for a second; True, or False after the time."""
        end, streak = time.monotonic() + seconds, 0
        while streak < 5 and time.monotonic() < end:
            streak = streak + 1 if self.page.evaluate(script) else 0
            self.page.wait_for_timeout(200)
        return streak >= 5

    def wait_idle(self, seconds):
        """Wait until the kernel is idle and no cell is queued; TimeoutError after that."""
        if not self.wait(IDLE, seconds):
            raise TimeoutError(f"the notebook is not idle after {seconds} s")

    def run_all(self, seconds=180):
        """Run all cells and wait for the end; return the seconds it took.

        The first request may get lost while JupyterLab still connects to the kernel.
        """
        for _ in range(3):
            start = time.monotonic()
            self.page.get_by_role("menuitem", name="Run", exact=True).click()
            self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            if self.wait(STARTED, 10):
                break
        self.wait_idle(seconds)
        return time.monotonic() - start

    def errors(self):
        """Every sign of an error: error outputs, red errors of a widget, cells that did not run."""
        return self.complaints + self.page.evaluate("""() => {
            const text = (selector, what) => [...document.querySelectorAll(selector)].map(
                e => what + ': ' + e.textContent.trim().slice(-400));
            const idle = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].filter(
                c => c.querySelector('.cm-content').textContent.trim() &&
                     !/\\[\\d+\\]/.test(c.querySelector('.jp-InputPrompt').textContent));
            return [
                ...text("[data-mime-type='application/vnd.jupyter.stderr']", 'error or stderr'),
                ...text('.rnnlib-error', 'widget error'),
                ...text('.jupyter-widgets-error-widget', 'broken widget'),
                ...idle.map(c => 'did not run: ' +
                    c.querySelector('.cm-content').textContent.trim().slice(0, 80))];
        }""")

    def pixels(self, control):
        """The bytes of the pictures beside a control, read by the page itself."""
        return control.evaluate(
            """async e => { const area = e.closest('.jp-OutputArea-output'), all = [];
                 for (const i of area.querySelectorAll('img')) {
                   const bytes = new Uint8Array(await (await fetch(i.src)).arrayBuffer());
                   all.push(bytes.reduce((s, b) => (s * 31 + b) % 4294967291, 7)); }
                 return all.join(','); }""")

    def move_slider(self, number=0):
        """Move a slider by keyboard until its picture changes; True, or None without a slider."""
        sliders = self.page.locator(".jp-OutputArea-output .noUi-handle")
        if sliders.count() <= number:
            return None
        handle = sliders.nth(number)
        handle.scroll_into_view_if_needed()
        before = self.pixels(handle)
        for key in ("ArrowRight", "End", "Home"):
            handle.focus()
            self.page.keyboard.press(key)
            for _ in range(40):
                self.page.wait_for_timeout(100)
                if self.pixels(handle) != before:
                    return True
        return False

    def close(self):
        """Shut the kernels down, so that their memory is free for the next notebook."""
        sessions = self.page.request.get(f"{self.address}/api/sessions", headers=self.header)
        for session in sessions.json():
            self.page.request.delete(f"{self.address}/api/sessions/{session['id']}",
                                     headers=self.header)

    def shoot(self, stem, folder=ROOT / "build" / "screens"):
        """Save pictures that together show every cell as folder/stem_01.png, ...; return paths."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{stem}_[0-9]*.png"):
            old.unlink()
        if self.page.locator(".jp-SideBar.jp-mod-left .lm-mod-current").count():
            self.page.keyboard.press("Control+b")
            self.page.wait_for_timeout(300)
        panel = self.page.locator(".jp-NotebookPanel-notebook .jp-WindowedPanel-outer").first
        paths, top = [], 0
        while top is not None:
            panel.evaluate("(e, top) => { e.scrollTop = top }", top)
            self.page.wait_for_timeout(200)
            paths.append(folder / f"{stem}_{len(paths) + 1:02d}.png")
            panel.screenshot(path=paths[-1])
            top = panel.evaluate(NEXT_TOP)
        return paths


IDLE = """() => document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]') &&
    ![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"""
STARTED = """() => [...document.querySelectorAll('.jp-InputPrompt')].some(
    p => /\\[(\\d+|\\*)\\]/.test(p.textContent))"""
# Where the next picture begins: at the first cell that is not wholly visible, or one page further.
NEXT_TOP = """e => {
    const bottom = e.scrollTop + e.clientHeight;
    if (bottom >= e.scrollHeight - 2) return null;
    const zero = e.getBoundingClientRect().top - e.scrollTop;
    for (const cell of e.querySelectorAll('.jp-Cell')) {
        const box = cell.getBoundingClientRect(), top = box.top - zero;
        if (box.bottom - zero > bottom)
            return top > e.scrollTop + 50 ? top : e.scrollTop + e.clientHeight - 40;
    }
    return null;
}"""
