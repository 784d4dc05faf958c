"""Every picture of the course: numbers in, drawing on an Axes or a Figure that is given, nothing out."""
from .curves import activations, bars, by_distance, colour_of, curves, flow
from .diagrams import recurrent_view, unrolled_view
from .grids import matrix, states, tokens
from .style import DPI, ERRORS, FAINT, GATES, INK, MODELS, MUTED, NAMES, PAPER, PROBS, SCREEN
from .style import STATES, STYLE, WEIGHTS, Picture, figure, ink_on, luminance, styled
