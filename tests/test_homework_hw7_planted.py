"""Planted answers of homework 7; in a file of its own, so that it can run beside the others."""
from homework_planted import assert_all_graded_as_they_should_be


def test_every_planted_mistake_is_told_and_every_right_answer_gets_all_points():
    assert_all_graded_as_they_should_be("hw7")
