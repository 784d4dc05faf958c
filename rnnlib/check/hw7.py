"""The checks of homework 7: markers, the states of both directions, attention, a step of a decoder
that looks, its loss, writing without a teacher, and the distance of two texts."""

from .exercise import Exercise
from .hw7_inside import in_bool, with_a_way_back
from .hw7_looking import attend_cases, attend_hidden, step_cases, step_hidden
from .hw7_states import both_cases, both_hidden, marker_cases, marker_hidden
from .hw7_writing import (
    edit_cases,
    edit_hidden,
    loss_cases,
    loss_hidden,
    write_cases,
    write_hidden,
)

CLOSED = ("attention", "models", "decode", "metrics_texts")
"""Modules of rnnlib that would solve the exercises."""

with_markers = Exercise("with_markers", points=10, minutes=20, cases=marker_cases,
                        hidden=marker_hidden, through=in_bool)
both_ways = Exercise("both_ways", points=16, minutes=35, cases=both_cases, hidden=both_hidden)
attend = Exercise("attend", points=16, minutes=30, cases=attend_cases, hidden=attend_hidden)
decoder_step = Exercise("decoder_step", points=12, minutes=30, cases=step_cases,
                        hidden=step_hidden)
token_loss = Exercise("token_loss", points=8, minutes=15, cases=loss_cases, hidden=loss_hidden,
                      through=with_a_way_back)
write = Exercise("write", points=12, minutes=30, cases=write_cases, hidden=write_hidden)
edits = Exercise("edits", points=10, minutes=25, cases=edit_cases, hidden=edit_hidden)
