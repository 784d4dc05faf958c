"""Take pictures of a notebook as JupyterLab shows it, after running all its cells.

    python tests/browser/shoot.py 02            # notebooks/02_*.ipynb -> build/screens/02_*.png
    python tests/browser/shoot.py 02 03         # two notebooks
    python tests/browser/shoot.py 02 --slide 3  # first press the first slider's right arrow 3 times
    python tests/browser/shoot.py 02 --slide 3 --slider 1   # the same on the second slider
    python tests/browser/shoot.py some/file.ipynb           # any notebook
    python tests/browser/shoot.py 02 --no-run   # as committed, nothing executed

Pictures start at a cell's top edge, so that together they show every cell. Errors in the notebook,
in a widget or in the browser are printed, and the exit code is then 1. A copy is run, not the file.
Needs Chromium (Debian and Ubuntu: `apt-get install chromium`).
"""

import argparse
import pathlib
import sys

import lab


def find(word):
    """The notebooks a word names: a path, or the beginning of a name in notebooks/."""
    path = pathlib.Path(word)
    if path.suffix == ".ipynb" and path.is_file():
        return path.resolve()
    found = sorted((lab.ROOT / "notebooks").glob(f"{word}*.ipynb"))
    if not found:
        sys.exit(f"no notebook begins with {word!r} in notebooks/")
    return found[0]


def shoot(path, options, page, address_token):
    """Open, run and photograph one notebook; return its errors."""
    notebook = lab.Notebook(page, *address_token, path.name)
    if not options.no_run:
        print(f"{path.name}: ran in {notebook.run_all(options.seconds):.1f} s")
    if options.slide:
        handle = page.locator(".jp-OutputArea-output .noUi-handle").nth(options.slider)
        handle.focus()
        for _ in range(options.slide):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(400)
    for picture in notebook.shoot(path.stem):
        print(" ", picture.relative_to(lab.ROOT))
    return notebook.complaints if options.no_run else notebook.errors()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="+", help="number, beginning of a name, or a path")
    parser.add_argument("--width", type=int, default=1200, help="of the window, pixels")
    parser.add_argument("--height", type=int, default=1500, help="of the window, pixels")
    parser.add_argument("--seconds", type=int, default=300, help="time limit of a notebook")
    parser.add_argument("--slide", type=int, default=0, help="key presses on a slider first")
    parser.add_argument("--slider", type=int, default=0, help="which slider, counted from 0")
    parser.add_argument("--no-run", action="store_true", help="show it as committed")
    options = parser.parse_args()
    if not lab.chromium():
        sys.exit("Chromium is not installed; on Debian and Ubuntu: apt-get install chromium")
    failed = False
    for path in map(find, options.notebooks):
        with lab.server(path.parent) as running, lab.pages(options.width, options.height) as new:
            for error in shoot(path, options, new(), running):
                failed = True
                print("  ERROR", error)
    sys.exit(failed)


if __name__ == "__main__":
    main()
