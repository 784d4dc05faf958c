"""The checks of homework 8: what an honest comparison of two settings needs."""

from .exercise import Exercise
from .hw8_choosing import fair_cases, fair_hidden, widest_cases, widest_hidden
from .hw8_intervals import interval_cases, interval_hidden, paired_cases, paired_hidden
from .hw8_verdicts import verdict_cases, verdict_hidden

CLOSED = ("metrics", "claims", "claims_series")
"""Modules of rnnlib that would solve the exercises."""

interval = Exercise("interval", points=8, minutes=20, cases=interval_cases,
                    hidden=interval_hidden)
paired = Exercise("paired", points=10, minutes=20, cases=paired_cases, hidden=paired_hidden)
verdict = Exercise("verdict", points=8, minutes=20, cases=verdict_cases, hidden=verdict_hidden)
widest = Exercise("widest", points=6, minutes=15, cases=widest_cases, hidden=widest_hidden)
fair = Exercise("fair", points=12, minutes=25, cases=fair_cases, hidden=fair_hidden)
