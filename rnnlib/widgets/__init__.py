"""Pictures that move: each widget computes with `trace`, draws with `plots`, connects here."""
from .astray import astray
from .between_two import between_two
from .build_network import build_network
from .chatter import chatter
from .choosing import choosing
from .cover_word import cover_word
from .cue import cue
from .draw_scene import draw_scene
from .edit_words import edit_words
from .error_flow import error_flow, flow_back
from .explore import Explorer, explore
from .fill_context import fill_context
from .fold_tree import fold_tree
from .gate_microscope import gate_microscope
from .grow_beam import grow_beam
from .grow_pieces import grow_pieces
from .growth_of_text import growth_of_text
from .keep_open import keep_open
from .made_up_word import made_up_word
from .next_word import next_word
from .one_unit import one_unit
from .reorder import reorder
from .soft_choice import soft_choice
from .step_through import step_through
from .units_in_text import units_in_text
from .variants import variants
from .verdict import verdict
from .viterbi_steps import viterbi_steps
from .who_gains import who_gains
from .window import window
from .writer import writer
