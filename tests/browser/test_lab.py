"""Every notebook in a real JupyterLab: no error anywhere, and its slider moves its picture."""

import pathlib
import shutil

import lab
import pytest

NOTEBOOKS = sorted((lab.ROOT / "notebooks").glob("*.ipynb"))
FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not lab.chromium(), reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def new_page():
    """A function that opens a page of a headless browser."""
    with lab.pages() as new:
        yield new


@pytest.fixture(scope="module")
def running():
    """(address, token) of a JupyterLab over a copy of the notebooks."""
    with lab.server() as address_token:
        yield address_token


@pytest.fixture
def page(new_page):
    """A page that is closed after the test."""
    page = new_page()
    yield page
    page.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_works_in_jupyterlab(page, running, path):
    notebook = lab.Notebook(page, *running, path.name)
    notebook.run_all(300)
    notebook.shoot(path.stem)
    assert notebook.errors() == []
    moved = notebook.move_slider()
    assert moved or (moved is None and "explore(" not in path.read_text(encoding="utf-8"))
    assert notebook.errors() == []
    notebook.close()


def test_the_checks_above_see_errors_and_pictures_that_do_not_move(page, tmp_path):
    for name in ("exception", "red", "still"):
        shutil.copy(FIXTURES / f"{name}.ipynb", tmp_path)
    with lab.server(tmp_path) as address_token:
        broken = lab.Notebook(page, *address_token, "exception.ipynb")
        broken.run_all(60)
        errors = " ".join(broken.errors())
        assert "ZeroDivisionError" in errors and "did not run: print" in errors
        red = lab.Notebook(page, *address_token, "red.ipynb")
        red.run_all(60)
        assert "widget error: ValueError: no such state" in red.errors()
        still = lab.Notebook(page, *address_token, "still.ipynb")
        still.run_all(60)
        assert still.errors() == []
        assert still.move_slider(0) is True
        assert still.move_slider(1) is False
