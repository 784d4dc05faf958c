"""From a source to a text: an encoder and a decoder, or one network that reads both (C121, C122).

    model.start(*source)              the state before the first word of the target
    model.read(y (B, T), state)       (what the output layer reads, new state)
    model.step(token (B,), state)     (log-probabilities of the next word, new state)
    model(source, y)                  scores (B, T, size) of the word after each of y, all at once

A source is a tuple, for texts (x (B, S), lengths (B,)), for images (pixels,).  The target begins
with a marker that is read and never guessed.  Taught in notebooks/12_encoder_decoder.ipynb.
"""

import torch.nn.functional as F
from torch import Tensor, nn

from ..shapes import check_lengths
from .decoders import Decoder
from .encoders import source_lengths, symbols
from .recurrent_lm import LanguageModel


class EncoderDecoder(nn.Module):
    """Two networks with their own vocabularies, embeddings and weights (cs447, notes, cs505).

    Args:
        encoder: a module of `models.encoders` or `models.image_encoders`.
        decoder: a module of `models.decoders` or `models.attentive`, made for this encoder.
    """

    def __init__(self, encoder, decoder: Decoder):
        super().__init__()
        self.encoder, self.decoder, self.size = encoder, decoder, decoder.size

    def start(self, *source):
        """The state before the first word of the target, for B sources."""
        return self.decoder.start(self.encoder(*source))

    def read(self, y: Tensor, state) -> tuple:
        """What the output layer reads after each word of y (B, T), and the new state."""
        return self.decoder.read(y, state)

    def output(self, s: Tensor) -> Tensor:
        """Scores before the softmax (..., size)."""
        return self.decoder.output(s)

    def watch(self, y: Tensor, state) -> tuple:
        """As `read`, with the attention weights (B, T, S) or None as a third."""
        return self.decoder.watch(y, state)

    def step(self, token: Tensor, state) -> tuple:
        """Read one word (B,): log-probabilities of the next one (B, size), and the new state."""
        return self.decoder.step(token, state)

    def forward(self, source: tuple, y: Tensor) -> Tensor:
        """Scores before the softmax (B, T, size) of the word after each word of y (B, T)."""
        if len(y) != len(source[0]):
            raise ValueError(
                f"expected a target for each of {len(source[0])} sources, got {len(y)}: "
                "are both from the same batch?"
            )
        s, _ = self.read(y, self.start(*source))
        return self.output(s)


class OneNetwork(nn.Module):
    """One language model that reads source, separator and target in a row (notes).

    Source and target share vocabulary, embedding and weights; the target's begin marker is the
    separator.  It is used like an `EncoderDecoder`, and a beginning of its text is a source.

    Args:
        model: a LanguageModel over the symbols of both sides.
    """

    def __init__(self, model: LanguageModel):
        super().__init__()
        self.model, self.size = model, model.size

    def start(self, x: Tensor, lengths=None):
        """The state after the sources x (B, S), before the separator."""
        lengths = check_lengths(source_lengths(x, lengths), x)
        return self._run(x, None, lengths)[1]

    def read(self, y: Tensor, state) -> tuple:
        """What the output layer reads after each word of y (B, T), and the new state."""
        return self._run(y, state, None)

    def output(self, s: Tensor) -> Tensor:
        """Scores before the softmax (..., size)."""
        return self.model.V(s)

    def watch(self, y: Tensor, state) -> tuple:
        """As `read`, with None as a third: there is no attention."""
        return *self.read(y, state), None

    def step(self, token: Tensor, state) -> tuple:
        """Read one word (B,): log-probabilities of the next one (B, size), and the new state."""
        s, state = self.read(token[:, None], state)
        return F.log_softmax(self.output(s[:, 0]), -1), state

    def forward(self, source: tuple, y: Tensor) -> Tensor:
        """Scores before the softmax (B, T, size) of the word after each word of y (B, T)."""
        s, _ = self.read(y, self.start(*source))
        return self.output(s)

    def _run(self, x, state, lengths):
        model = self.model
        h, state = model.layer(model.dropout(symbols(model.E, x)), state, lengths)
        return model.dropout(h), state
