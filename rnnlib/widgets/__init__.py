"""Pictures that move: each widget computes with `trace`, draws with `plots`, connects here."""
from .error_flow import error_flow, window_bias
from .explore import Explorer, explore
from .step_through import step_through
from .writer import writer
