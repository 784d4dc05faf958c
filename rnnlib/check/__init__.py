"""Checks that explain: `examine` a function on cases, and one module of checks per notebook (`from
rnnlib.check import nb02`)."""

from .core import Case, Report, check_shape, examine, same_as

__all__ = ["Case", "Report", "check_shape", "examine", "same_as"]
