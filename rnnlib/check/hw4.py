"""The checks of homework 4: sampling, beams of both kinds, and texts of unequal length."""

from .exercise import Exercise
from .hw4_beams import beam_cases, beam_hidden
from .hw4_draws import filter_cases, filter_hidden, sample_cases, sample_hidden
from .hw4_ranking import ranked_cases, ranked_hidden
from .hw4_variable import variable_cases, variable_hidden

CLOSED = ("decode",)
"""Modules of rnnlib that would solve the exercises."""

filtered = Exercise("filtered", points=14, minutes=25, cases=filter_cases, hidden=filter_hidden)
sample = Exercise("sample", points=14, minutes=25, cases=sample_cases, hidden=sample_hidden)
beam = Exercise("beam", points=26, minutes=50, cases=beam_cases, hidden=beam_hidden)
variable_beam = Exercise("variable_beam", points=16, minutes=20, cases=variable_cases,
                         hidden=variable_hidden)
ranked = Exercise("ranked", points=10, minutes=15, cases=ranked_cases, hidden=ranked_hidden)
