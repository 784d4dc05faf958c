"""Models built from layers and from counts.

Every language model here is used in the same three ways, so that they compare:

    model.start(B)                     the state before anything was read
    model.step(token (B,), state)      (log-probabilities of the next symbol (B, size), new state)
    model.score(x, y, state=None)      (log-probabilities of the symbols y (B, T), new state)

`score` reads x and asks at each step for the one after it, y; totals over a text are `held_out`
(a running text in segments) and `total` (sentences with their markers).

Every tagger and classifier, with x as its `embed` reads it (models.inputs):

    model.loss(x, labels, lengths)     (total nats of the labels, how many were counted)
    model.best(x, lengths)             the labels it chooses
"""

from .classifiers import Classifier, both_ends, last_state, max_state, mean_state
from .hmm import HMM
from .inputs import LetterConv, LetterRNN, SideBySide, Words
from .ngram import NGram
from .recurrent_lm import LanguageModel, held_out, next_symbol
from .sentences import Sentences, next_word, of_sentence, total
from .taggers import CRFTagger, HistoryTagger, Tagger, both_ways
from .window_models import WindowLM, WindowTagger

__all__ = ["CRFTagger", "Classifier", "HMM", "HistoryTagger", "LanguageModel", "LetterConv"]
__all__ += ["LetterRNN", "NGram", "Sentences", "SideBySide", "Tagger", "WindowLM", "WindowTagger"]
__all__ += ["Words", "both_ends", "both_ways", "held_out", "last_state", "max_state", "mean_state"]
__all__ += ["next_symbol", "next_word", "of_sentence", "total"]
