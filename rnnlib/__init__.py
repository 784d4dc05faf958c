"""Sequence processing with recurrent networks: the library of the course, a module per concept."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the course: README, notebooks, data."""

DATA = ROOT / "data"
"""Small course data, the registry of real data sets, trained weights, recorded results."""
