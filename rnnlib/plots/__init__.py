"""Every picture of the course: numbers in, drawing on an Axes or a Figure that is given, nothing out."""
from .style import DPI, ERRORS, FAINT, GATES, INK, MODELS, MUTED, PAPER, PROBS, SCREEN
from .style import STATES, STYLE, WEIGHTS, Picture, figure, ink_on, luminance, styled
