"""Notebook 04: type a sentence; three language models say how surprised they are, and what comes
next."""

import math

import ipywidgets
import torch

from ..plots import NAMES, next_words
from ..text import BOS, EOS, words
from .explore import explore

SHOWN = 7  # words with a bar
MOST = 12  # words of a sentence in the picture: the last ones
LONGEST = 10  # characters of a word beside its bar

ALT = (
    "A sentence with a row of cells for each of three language models, dark where it did not "
    "expect the word; below, bars with the probabilities of the likeliest next words."
)
CAPTION = (
    "Light words were expected, dark ones were not: the number is $-\\log_2$ of the probability. "
    "All models read the same words; the n-gram model looks back two words at most, the window "
    "four, the recurrent network to the beginning of the sentence."
)


def next_word(models, vocab, samples):
    """Type a sentence and compare language models on it.

    models   dict name -> language model with start(B), step(token, state), score(x, y, state)
    vocab    their Vocab, with begin and end markers
    samples  dict label -> sentence: one button each, the first one opens
    """

    def draw(fig, text):
        typed = words(text.lower())
        ids = vocab.encode(typed)
        read = {name: follow(model, [vocab.bos, *ids.tolist()]) for name, model in models.items()}
        rows = {name: bits[-MOST:] for name, (bits, _) in read.items()}
        guesses = {name: likeliest(after, vocab) for name, (_, after) in read.items()}
        next_words(fig, typed[-MOST:], rows, guesses)
        return said(typed, {name: bits for name, (bits, _) in read.items()}, vocab)

    presets = {label: {"text": text} for label, text in samples.items()}
    box = ipywidgets.Text(value=next(iter(samples.values())), description="your sentence",
                          placeholder="type here", layout={"width": "620px"})
    return explore(draw, {"text": box}, ALT, CAPTION, presets, size=(9.6, 4.4))


@torch.no_grad()
def follow(model, ids):
    """(bits of each id after the first, log-probabilities of what comes after the last)."""
    x, state, bits = torch.tensor([ids]), model.start(1), []
    if len(ids) > 1:
        log_probs, state = model.score(x[:, :-1], x[:, 1:], state)
        bits = (-log_probs[0] / math.log(2)).tolist()
    log_probs, _ = model.step(x[:, -1], state)
    return bits, log_probs[0]


def likeliest(log_probs, vocab):
    """Probabilities and names of the likeliest next symbols."""
    best = log_probs.topk(SHOWN)
    names = ["the end" if name == EOS else name for name in vocab.decode(best.indices)]
    short = [name if len(name) <= LONGEST else name[: LONGEST - 1] + "…" for name in names]
    return best.values.exp().tolist(), short


def said(typed, bits, vocab):
    """The line below the picture: the mean surprise of each model, and what none of them knows."""
    if not typed:
        return f"Nothing typed: the bars are what each expects after the begin marker {BOS}."
    means = ", ".join(
        f"{NAMES.get(name, name)} {sum(b) / len(b):.1f}" for name, b in bits.items())
    strange = sorted({word for word in typed if word not in vocab})
    note = f" Read as <unk>: {' '.join(strange)}." if strange else ""
    return f"Mean surprise in bits for each word: {means}.{note}"
