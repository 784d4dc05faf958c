"""The checks of homework 1: windows and the forward pass."""

from .exercise import Exercise
from .hw1_forward import forward_cases, forward_hidden
from .hw1_measures import accuracy_cases, accuracy_hidden, reach_cases, reach_hidden
from .hw1_windows import net_cases, net_hidden, window_cases, window_hidden

CLOSED = ("bptt", "cells", "layers", "models", "metrics")
"""Modules of rnnlib that would solve the exercises."""

READY_MADE = (("nn.RNN", "uses torch's own recurrent network: the exercise asks for the loop"),
              ("rnn_tanh", "uses torch's own recurrent network: the exercise asks for the loop"))

windows = Exercise("windows", points=14, minutes=25, cases=window_cases, hidden=window_hidden)
window_scores = Exercise("window_scores", points=16, minutes=25, cases=net_cases,
                         hidden=net_hidden)
forward = Exercise("forward", points=24, minutes=45, cases=forward_cases, hidden=forward_hidden,
                   look_for=READY_MADE)
reach = Exercise("reach", points=16, minutes=30, cases=reach_cases, hidden=reach_hidden)
accuracy = Exercise("accuracy", points=14, minutes=20, cases=accuracy_cases,
                    hidden=accuracy_hidden)
