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

Every model from a source to a text, with `pairs.Batch` as a batch (models.encoder_decoder):

    model.start(*source)               the state before the first word of the target
    model.read(y (B, T), state)        (what the output layer reads, new state)
    model.step(token (B,), state)      (log-probabilities of the next word, new state)
    model(source, y)                   scores (B, T, size) of the word after each of y
"""

from .answers import Answer, StartingAt, beam_answers, greedy_answers, read_again
from .attentive import AttentionDecoder, DeepAttentionDecoder, cover, weights_of
from .averaged import Averaged
from .classifiers import Classifier, both_ends, last_state, max_state, mean_state
from .decoders import ContextDecoder, Decoder, InputDecoder
from .encoder_decoder import EncoderDecoder, OneNetwork
from .encoders import ConvEncoder, Encoded, RecurrentEncoder
from .forests import Forest, forest
from .hmm import HMM
from .image_encoders import FlatEncoder, SmallConvEncoder
from .inputs import LetterConv, LetterRNN, SideBySide, Words
from .most_frequent import MostFrequent
from .ngram import NGram
from .pairs import Batch, Pairs, Pictures
from .recurrent_lm import LanguageModel, held_out, next_symbol
from .sentences import Sentences, next_word, of_sentence, total
from .taggers import CRFTagger, HistoryTagger, Tagger, both_ways
from .tree_networks import GatedTreeCell, TreeClassifier, TreeLSTMCell, TreeNetwork
from .window_models import WindowLM, WindowTagger

__all__ = ["CRFTagger", "Classifier", "HMM", "HistoryTagger", "LanguageModel", "LetterConv"]
__all__ += ["LetterRNN", "MostFrequent", "NGram", "Sentences", "SideBySide", "Tagger"]
__all__ += ["WindowLM", "WindowTagger", "Words"]
__all__ += ["both_ends", "both_ways", "held_out", "last_state", "max_state", "mean_state"]
__all__ += ["next_symbol", "next_word", "of_sentence", "total"]
__all__ += ["Answer", "AttentionDecoder", "Batch", "ContextDecoder", "ConvEncoder", "Decoder"]
__all__ += ["DeepAttentionDecoder", "Encoded", "EncoderDecoder", "FlatEncoder", "Forest"]
__all__ += ["GatedTreeCell", "InputDecoder", "OneNetwork", "Pairs", "Pictures"]
__all__ += ["RecurrentEncoder", "SmallConvEncoder", "TreeClassifier", "TreeLSTMCell"]
__all__ += ["StartingAt", "TreeNetwork", "beam_answers", "cover", "forest", "greedy_answers"]
__all__ += ["Averaged", "read_again", "weights_of"]
