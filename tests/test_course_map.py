"""The picture of the course: boxes apart, arrows that only lead onwards, labels that fit."""

import itertools

import pytest

from rnnlib import plots, syllabus
from rnnlib.plots.course_map import HIGH, WIDE


@pytest.fixture(scope="module")
def boxes():
    return syllabus.boxes(syllabus.load())


def test_no_two_notebooks_share_a_place(boxes):
    for (*_, a, _, _), (*_, b, _, _) in itertools.combinations(boxes, 2):
        assert abs(a[0] - b[0]) > WIDE or abs(a[1] - b[1]) > HIGH


def test_a_notebook_needs_only_earlier_ones(boxes):
    for number, _, _, _, needs, _ in boxes:
        assert all(before < number for before in needs)


def test_every_label_fits_its_box(boxes):
    figure = plots.figure(9.6, 4.4)
    ax = figure.add_subplot()
    plots.course_map(ax, boxes)
    figure.canvas.draw()
    unit = ax.transData.transform((1, 1)) - ax.transData.transform((0, 0))
    for text in ax.texts:
        extent = text.get_window_extent()
        assert extent.width < WIDE * abs(unit[0]) and extent.height < HIGH * abs(unit[1])
