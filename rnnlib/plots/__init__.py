"""Every picture of the course: numbers in, drawing on an Axes or a Figure given, nothing out."""
from .backwards import error_step
from .bargain import bargain
from .blocks import blocks
from .by_size import by_size, differences, forms
from .by_width import by_width
from .coloured_text import characters
from .context_rows import context_rows, on_the_way
from .course_map import course_map
from .curves import activations, bars, by_distance, colour_of, curves, flow
from .diagrams import recurrent_view, unrolled_view
from .drifting import by_place, gone_astray, text_rows
from .estimates import candidates, clouds, gains
from .filtered import filtered
from .gate_strips import memory, microscope
from .gated_units import four_units, gru_inside, lstm_inside
from .grids import matrix, states
from .growing import by_scale, groups, growth
from .guessing import contexts, items, next_words, surprises
from .input_reach import cue_reach, influence
from .label_shares import confused, label_shares
from .letter_cells import decided, letter_rows, letter_windows
from .other_sequences import own_weights, signals
from .piece_rows import growing_pieces, piece_rows, vocabularies
from .pictured import gallery, seen_and_unseen, shares_of_pairs, three_places, worded
from .prose import continuation, tokens
from .reordering import reordered
from .ribbons import ribbons
from .search_tree import search_tree
from .segments import reach
from .stepwise import step
from .style import DPI, ERRORS, FAINT, GATES, INK, MODELS, MUTED, NAMES, PAPER, PROBS, SCREEN
from .style import SPARE, STATES, STYLE, WEIGHTS, Picture, figure, ink_on, luminance, styled
from .text_growth import half_ways, progress, sample_and_measures
from .three_states import three_states
from .verdicts import in_chatter, reliability, verdicts
from .two_networks import two_networks
from .tree_folding import by_depth, tree_folding, tree_levels, trees
from .two_ways import joined_layers, separate_stacks
from .trellis import trellis
