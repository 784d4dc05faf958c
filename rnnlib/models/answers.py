"""What a model writes for its sources, with where it looked: greedy decoding and beam search.

Decoding itself is rnnlib.decode's; it knows the model's `step` and nothing else.  The attention
weights are read off afterwards, when the model reads what it has written: the same numbers, for
reading and writing are the same computation.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .. import decode


@dataclass(frozen=True)
class Answer:
    """A text that a model wrote.

    Args:
        ids: its words, without the markers.
        score: its log-probability, end marker included.
        finished: whether the end marker came before the limit.
        weights: (T, S) where it looked for each word and for the end marker, or None.
    """

    ids: list
    score: float
    finished: bool
    weights: Tensor | None


class StartingAt:
    """A model that starts from a given state, whatever its source: to look into it.

    With a context that was changed by hand, or a memory in which a word is covered (`cover`).
    """

    def __init__(self, model, state):
        self.model, self.state = model, state

    def start(self, *source):
        """The given state."""
        return self.state

    def __getattr__(self, name):
        return getattr(self.model, name)


@torch.no_grad()
def greedy_answers(model, source: tuple, vocab, length: int) -> list[Answer]:
    """The answer to each source that takes the most probable word at each step.

    Args:
        model: with `start`, `read`, `output`, `watch` and `step`, in evaluation.
        source: what `model.start(*source)` takes.
        vocab: of the target, with begin and end marker.
        length: the most words to write, the end marker included.
    """
    state = model.start(*source)
    first = begin(source, vocab)
    texts = decode.generate(model.step, first, state, decode.greedy, length, vocab.eos)
    return read_again(model, source, vocab, texts.lists(), texts.finished.tolist())


@torch.no_grad()
def beam_answers(model, source: tuple, vocab, width: int, length: int) -> list[Answer]:
    """The best answer to each source that a beam of `width` hypotheses finds (cs447)."""
    state, first = model.start(*source), begin(source, vocab)
    found = decode.beam(model.step, first, state, width, vocab.eos, length)
    best = [hypotheses[0] for hypotheses in found]
    ids = [list(one.ids[:-1] if one.finished else one.ids) for one in best]
    return read_again(model, source, vocab, ids, [one.finished for one in best])


@torch.no_grad()
def read_again(model, source: tuple, vocab, texts, finished) -> list[Answer]:
    """Texts (lists of ids) as answers: their log-probabilities, and where the model looks.

    finished says of each text whether its end marker belongs to it.
    """
    lengths = [len(ids) + done for ids, done in zip(texts, finished, strict=True)]
    T = max(1, *lengths)
    y = torch.full((len(texts), T), vocab.eos)
    for row, ids in zip(y, texts, strict=True):
        row[: len(ids)] = torch.tensor(ids, dtype=torch.long)
    y = y.to(source[0].device)
    before = torch.cat([begin(source, vocab)[:, None], y[:, :-1]], 1)
    s, _, weights = model.watch(before, model.start(*source))
    each = model.output(s).log_softmax(2).gather(2, y[..., None])[..., 0]
    return [Answer(list(ids), each[b, :n].sum().item(), bool(done),
                   None if weights is None else weights[b, :n])
            for b, (ids, n, done) in enumerate(zip(texts, lengths, finished, strict=True))]


def begin(source: tuple, vocab) -> Tensor:
    """The begin marker (B,), one for each source."""
    return torch.full((len(source[0]),), vocab.bos, device=source[0].device)
