"""What is in a context vector: what would be written after every symbol, between two sources, and
what a linear readout finds in it.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .. import decode
from ..models import StartingAt, greedy_answers
from ..text import EOS
from ..trace_probes import linear_probe, with_one
from .fixed_context import LIMIT, Writer


class Watched(NamedTuple):
    """A text being read and its answer being written, for the decoder that starts at the context.

    Args:
        states: (S + T, H), after each symbol of the source, then of the answer.
        symbols: S + T of them.
        said: S + T texts: what would be written if the source ended here; what is still to come.
        S: symbols of the source; the context is state number S.
    """

    states: Tensor
    symbols: list
    said: list
    S: int


@torch.no_grad()
def watch(writer: Writer, text: str) -> Watched:
    """Read a text symbol by symbol, write greedily, and keep every state."""
    x, model, targets = writer.corpus.source([text])[0], writer.model, writer.corpus.targets
    S = x.shape[1]
    beginnings = x.expand(S, S), torch.arange(1, S + 1)
    answers = greedy_answers(model, beginnings, targets, LIMIT)
    read, ids = model.encoder(x).h[0], answers[-1].ids
    words = targets.decode(ids)
    written, _ = model.decoder.layer(model.decoder.E(torch.tensor([[targets.bos, *ids]])),
                                     model.start(x))
    rest = [writer.corpus.task.glue.join([*words[n:], EOS]) for n in range(len(ids) + 1)]
    said = [writer.text(answer.ids) for answer in answers] + rest
    return Watched(torch.cat([read, written[0]]), [*writer.corpus.task.cut(text), "<s>", *words],
                   said, S)


@torch.no_grad()
def contexts(writer: Writer, texts) -> Tensor:
    """The context (N, H) of each text."""
    return writer.model.encoder(*writer.corpus.source(texts)).c


def answers_from(writer: Writer, c: Tensor) -> list:
    """What is written greedily from some contexts (N, H), wherever they come from: answers."""
    made = StartingAt(writer.model, c)
    return greedy_answers(made, (torch.zeros(len(c), 1),), writer.corpus.targets, LIMIT)


def mixtures(first: Tensor, second: Tensor, shares) -> Tensor:
    """(1 - share) first + share second for each share: (N, H)."""
    shares = torch.as_tensor(shares, dtype=first.dtype)[:, None]
    return (1 - shares) * first + shares * second


@torch.no_grad()
def likeliest(writer: Writer, c: Tensor, width: int = 5) -> tuple[list, list]:
    """The most probable texts that a beam finds from one context (H,), with probabilities."""
    targets, model = writer.corpus.targets, writer.model
    first = torch.tensor([targets.bos])
    found = decode.beam(model.step, first, c[None], width, targets.eos, LIMIT)[0]
    texts = [writer.text([n for n in one.ids if n != targets.eos]) for one in found]
    return texts, [torch.tensor(one.score).exp().item() for one in found]


# --- a linear readout ---------------------------------------------------------------------------


def readout(h: Tensor, labels: Tensor) -> Tensor:
    """Weights (H + 1, K) that turn states h (N, H) into scores of labels (N,), by least squares."""
    return linear_probe(h, labels, int(labels.max()) + 1)


def read_right(h: Tensor, labels: Tensor, weights: Tensor) -> float:
    """The percentage of labels that a readout finds."""
    return 100 * ((with_one(h).double() @ weights).argmax(1) == labels).float().mean().item()


ITEMS = {"year": (2, 4), "month": (5, 7), "day": (8, 10)}
"""Where the parts of 2045-12-25 stand; of the year its last two digits."""


@torch.no_grad()
def states_of_dates(writer: Writer, examples) -> tuple[Tensor, dict]:
    """The decoder's states (11, N, H) before and after each symbol of the right date, and the
    numbers of year, month and day, (N,) each."""
    targets, model = writer.corpus.targets, writer.model
    ids = torch.stack([targets.encode(y) for _, y in examples])
    bos = torch.full((len(ids), 1), targets.bos)
    c = contexts(writer, [x for x, _ in examples])
    h, _ = model.decoder.layer(model.decoder.E(torch.cat([bos, ids], 1)), c)
    labels = {name: torch.tensor([int(y[a:b]) for _, y in examples])
              for name, (a, b) in ITEMS.items()}
    return torch.cat([c[None], h.transpose(0, 1)]), labels


def known_after(writer: Writer, learned, tested) -> dict[str, list[float]]:
    """How often year, month and day can be read off the state, after each step of the writing.

    Step 0 is the context; step 1 has read the begin marker, step n + 1 has read n symbols.
    """
    (old, old_labels), (new, new_labels) = (states_of_dates(writer, part)
                                            for part in (learned, tested))
    return {name: [read_right(h, new_labels[name], readout(g, old_labels[name]))
                   for g, h in zip(old, new, strict=True)] for name in ITEMS}
