"""The checks of homework 5: the score of a label sequence, Viterbi, log Z, the loss of a CRF and
its gradient, the rules of BIO, span F1, and a batch with padding."""

from .exercise import Exercise
from .hw5_inside import in_bool, trained
from .hw5_padded import padded_cases, padded_hidden
from .hw5_paths import score_cases, score_hidden, viterbi_cases, viterbi_hidden
from .hw5_spans import allowed_cases, allowed_hidden, span_cases, span_hidden
from .hw5_sums import (
    gradient_cases,
    gradient_hidden,
    log_z_cases,
    log_z_hidden,
    loss_cases,
    loss_hidden,
)

CLOSED = ("crf", "metrics_spans", "metrics_labels")
"""Modules of rnnlib that would solve the exercises."""

BY_HAND = (
    ("backward", "uses autograd: the exercise asks for expected and observed counts"),
    ("autograd", "uses autograd: the exercise asks for expected and observed counts"),
    ("requires_grad", "uses autograd: the exercise asks for expected and observed counts"),
)

path_score = Exercise("path_score", points=8, minutes=15, cases=score_cases, hidden=score_hidden)
viterbi = Exercise("viterbi", points=18, minutes=40, cases=viterbi_cases, hidden=viterbi_hidden)
padded_viterbi = Exercise("padded_viterbi", points=10, minutes=30, cases=padded_cases,
                          hidden=padded_hidden)
log_z = Exercise("log_z", points=12, minutes=25, cases=log_z_cases, hidden=log_z_hidden)
crf_loss = Exercise("crf_loss", points=12, minutes=30, cases=loss_cases, hidden=loss_hidden,
                    through=trained)
pair_gradient = Exercise("pair_gradient", points=12, minutes=40, cases=gradient_cases,
                         hidden=gradient_hidden, look_for=BY_HAND)
allowed = Exercise("allowed", points=6, minutes=15, cases=allowed_cases, hidden=allowed_hidden,
                   through=in_bool)
span_f1 = Exercise("span_f1", points=8, minutes=20, cases=span_cases, hidden=span_hidden)
