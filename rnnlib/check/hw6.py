"""The checks of homework 6: LSTM and GRU cells, and the gradient microscope."""

from .exercise import Exercise
from .hw6_cells import gru_cases, gru_hidden, lstm_cases, lstm_hidden
from .hw6_microscope import microscope_cases, microscope_hidden, share_cases, share_hidden
from .hw6_torch import twin_cases, twin_hidden

CLOSED = ("bptt", "cells", "layers", "lectures", "models", "trace")
"""Modules of rnnlib that would solve the exercises."""

READY_MADE = (("LSTM", "names torch's LSTM: the exercise asks for the equations"),
              ("GRU", "names torch's GRU: the exercise asks for the equations"))

lstm_step = Exercise("lstm_step", points=16, minutes=25, cases=lstm_cases, hidden=lstm_hidden,
                     look_for=READY_MADE)
gru_step = Exercise("gru_step", points=16, minutes=20, cases=gru_cases, hidden=gru_hidden,
                    look_for=READY_MADE)
torch_gru_step = Exercise("torch_gru_step", points=14, minutes=20, cases=twin_cases,
                          hidden=twin_hidden, look_for=READY_MADE)
microscope = Exercise("microscope", points=20, minutes=45, cases=microscope_cases,
                      hidden=microscope_hidden)
shares = Exercise("shares", points=16, minutes=30, cases=share_cases, hidden=share_hidden)
