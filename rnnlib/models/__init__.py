"""Models built from layers and from counts.

Every language model here is used in the same three ways, so that they compare:

    model.start(B)                     the state before anything was read
    model.step(token (B,), state)      (log-probabilities of the next symbol (B, size), new state)
    model.score(x, y, state=None)      (log-probabilities of the symbols y (B, T), new state)

`score` reads x and asks at each step for the one after it, y; totals over a text are `held_out`
(a running text in segments) and `total` (sentences with their markers).
"""

from .hmm import HMM
from .ngram import NGram
from .recurrent_lm import LanguageModel, held_out, next_symbol
from .sentences import Sentences, next_word, of_sentence, total
from .window_models import WindowLM, WindowTagger

__all__ = ["HMM", "LanguageModel", "NGram", "Sentences", "WindowLM", "WindowTagger"]
__all__ += ["held_out", "next_symbol", "next_word", "of_sentence", "total"]
