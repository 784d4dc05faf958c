"""Pictures that move: each widget computes with `trace`, draws with `plots`, connects here."""
from .error_flow import error_flow, flow_back
from .explore import Explorer, explore
from .step_through import step_through
from .window import window
from .writer import writer
