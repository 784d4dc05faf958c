"""From probabilities to text: decoding knows a function `step`, never a model.

`step(token (B,), state) -> (log_probs (B, V), state)` reads one token and says how probable each
next one is.  A state is a tensor (B, ...), or a tuple or list of states; it goes in and comes out.
Everything ends at the end marker `end`, an id, or at a limit of `length` tokens, whichever comes
first; end=None is a model without an end marker, and what the limit cuts off is flagged unfinished.
Taught in notebooks/05_generation.ipynb.
"""
from .beam_tree import Branch, tree
from .beams import Hypothesis, beam, normalised, ranked, variable_beam
from .enumeration import exhaustive
from .filters import temperature, top_k, top_p
from .sampling import Texts, generate, greedy, inverse, prime, sample, sampler
from .searching import Layer, fixed, search, within
from .state_rows import rows, where

__all__ = ["Branch", "Hypothesis", "Layer", "Texts", "beam", "exhaustive", "fixed", "generate"]
__all__ += ["greedy", "inverse", "normalised", "prime", "ranked", "rows", "sample", "sampler"]
__all__ += ["search", "temperature", "top_k", "top_p", "tree", "variable_beam", "where", "within"]
