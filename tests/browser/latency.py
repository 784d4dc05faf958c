"""Measure how long a widget takes from a key press to the changed picture, in a real JupyterLab.

    python tests/browser/latency.py 10              # every slider of notebooks/10_*.ipynb
    python tests/browser/latency.py 09 10 --keys 20

The clock is the page's: it starts when the key goes down and stops when the new picture has been
decoded, so the kernel, the network and the browser are all in it.  Run it on an idle machine.
Needs Chromium (Debian and Ubuntu: `apt-get install chromium`).
"""

import argparse
import statistics
import sys

import lab
from shoot import find

# Watches the picture beside a control: resolves to milliseconds, or null after three seconds.
WATCH = """e => {
    const image = e.closest('.jp-OutputArea-output').querySelector('img');
    window.elapsed = new Promise(done => {
        let start = null;
        e.addEventListener('keydown', () => { start = performance.now(); },
                           {once: true, capture: true});
        const seen = new MutationObserver(async () => {
            seen.disconnect();
            await image.decode();
            done(performance.now() - start);
        });
        seen.observe(image, {attributes: true, attributeFilter: ['src']});
        setTimeout(() => done(null), 3000);
    });
}"""


def times(page, handle, keys):
    """Milliseconds of so many key presses on a slider, there and back; no answer is left out."""
    found = []
    handle.scroll_into_view_if_needed()
    handle.focus()
    for n in range(keys):
        handle.evaluate(WATCH)
        page.keyboard.press("ArrowLeft" if n % 4 < 2 else "ArrowRight")
        found.append(page.evaluate("window.elapsed"))
        page.wait_for_timeout(200)
    return [value for value in found if value is not None]


def measure(path, keys, page, running):
    """Run a notebook and print a line for each of its sliders."""
    notebook = lab.Notebook(page, *running, path.name)
    notebook.run_all(300)
    sliders = page.locator(".jp-OutputArea-output .noUi-handle")
    for number in range(sliders.count()):
        handle = sliders.nth(number)
        name = handle.evaluate(
            "e => e.closest('.widget-slider')?.querySelector('.widget-label')?.textContent")
        found = times(page, handle, keys)
        if not found:
            print(f"{path.stem}, {name}: no picture changed", flush=True)
            continue
        print(f"{path.stem}, {name}: median {statistics.median(found):.0f} ms, shortest "
              f"{min(found):.0f} ms, longest "
              f"{max(found):.0f} ms, {len(found)} of {keys} keys", flush=True)
    notebook.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="+", help="number, beginning of a name, or a path")
    parser.add_argument("--keys", type=int, default=12, help="key presses for each slider")
    options = parser.parse_args()
    if not lab.chromium():
        sys.exit("Chromium is not installed; on Debian and Ubuntu: apt-get install chromium")
    for path in map(find, options.notebooks):
        with lab.server(path.parent) as running, lab.pages() as new:
            measure(path, options.keys, new(), running)


if __name__ == "__main__":
    main()
