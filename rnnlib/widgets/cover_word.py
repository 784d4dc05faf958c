"""Notebook 13: see where a translator looks, cover a source word, read what it writes now."""

import ipywidgets

from ..plots import ribbons
from .explore import explore

MOST = 16
"""Words of a source at most."""

ALT = ("English words in a row above, Spanish words below, ribbons between them as wide as the "
       "attention weights. A covered word is grey and struck through and has no ribbons. At the "
       "bottom what was written before; words that are new are lit.")
CAPTION = ("A ribbon is a weight: each Spanish word spreads a total of 1 over the English words. "
           "What is written to a covered word's place shows what attention brought from there.")


def cover_word(translator, samples):
    """Type an English text of the grammar and cover one of its words.

    Args:
        translator: an `experiments.phrase_translator.Translator`.
        samples: dict label -> (text, number of the covered word, 0 for none); the first one opens.
    """

    def draw(fig, text, cover):
        words = text.lower().split()[:MOST]
        try:
            answer = translator.answer(" ".join(words))
        except ValueError as error:
            return str(error)
        before = translator.words(answer)
        if not 0 < cover <= len(words) or len(words) == 1:
            ribbons(fig, words, [*before, "■"], answer.weights[: len(before) + 1])
            return "Nothing is covered. The last box is the end marker."
        now = translator.answer(" ".join(words), [cover - 1])
        texts = translator.words(now)
        ends = ["■"] if now.finished else []
        ribbons(fig, words, [*texts, *ends], now.weights, cover - 1, [*before, "■"])
        return said(words[cover - 1], before, texts)

    presets = {label: {"text": text, "cover": place} for label, (text, place) in samples.items()}
    first = next(iter(presets.values()))
    controls = {
        "text": ipywidgets.Text(value=first["text"], description="English",
                                placeholder="the green witch arrived", layout={"width": "560px"}),
        "cover": ipywidgets.IntSlider(first["cover"], 0, MOST, description="cover word"),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.6, 4))


def said(word, before, now):
    """One line: what became of the text when a word was covered."""
    if before == now:
        return f"{word!r} is covered, and the same is written: {' '.join(now)}."
    return f"{word!r} is covered. Before: {' '.join(before)}. Now: {' '.join(now)}."
