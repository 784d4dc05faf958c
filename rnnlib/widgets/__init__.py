"""Pictures that move: each widget computes with `trace`, draws with `plots`, and connects both to controls here."""
from .explore import Explorer, explore
