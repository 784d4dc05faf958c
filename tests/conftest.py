"""Which tests are collected, and which are skipped where something they need is missing."""

import os

import pytest

collect_ignore = ["fixtures", "solutions"]  # notebooks that fail on purpose; answers to exercises


def pytest_collection_modifyitems(items):
    """Skip what needs the real data sets, unless RNNLIB_DATA names their folder."""
    if os.environ.get("RNNLIB_DATA"):
        return
    skip = pytest.mark.skip(reason="RNNLIB_DATA does not name a folder with the real data sets")
    for item in items:
        if item.get_closest_marker("real_data"):
            item.add_marker(skip)
