"""Notebook 07: edit a question, and see which words the verdict of each reader hangs on."""

import ipywidgets

from ..experiments.intent_readers import typed
from ..plots import verdicts
from .explore import explore

MOST = 14
"""Words that are read and shown: the first ones."""
LETTERS = 16
"""Letters of a word that are shown."""
ALT = ("A question as a row of words, once for each of two readers; the darker a word, the larger "
       "its share of the gradient of the verdict; under each word the probability of the verdict "
       "without it. At the right bars with the three likeliest intents.")
CAPTION = ("The loss came once, at the end, and yet a gradient reaches the words: the darker, the "
           "larger its share. Is the darkest word the one that the verdict misses most? Not always:"
           " a gradient is about small changes.")


def verdict(readers, samples):
    """Type a question; two readers label it.

    readers  dict name -> IntentReader
    samples  dict label -> question: one button each, the first one opens
    """
    def draw(fig, first, second, text):
        every = typed(text)
        words, rows = every[:MOST], {}
        for name in dict.fromkeys((first, second)):
            one = readers[name]
            rows[title(name)] = one.shares(words), one.without(words), one.likeliest(words)
        seen = [shown(word) for word in words]
        verdicts(fig, seen, rows)
        rest = f" Only the first {MOST} words are read." if len(every) > MOST else ""
        return said(seen, rows) + rest

    names = list(readers)
    controls = {
        "first": ipywidgets.Dropdown(options=names, value=names[0], description="above"),
        "second": ipywidgets.Dropdown(options=names, value=names[-1], description="below"),
        "text": ipywidgets.Text(value=next(iter(samples.values())), description="your question",
                                placeholder="type here", layout={"width": "520px"}),
    }
    presets = {label: {"text": text} for label, text in samples.items()}
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.8, 3.4))


def shown(word):
    """A word as it is drawn and named: a very long one is cut."""
    return word if len(word) <= LETTERS else word[: LETTERS - 1] + "…"


def title(name):
    """What a reader keeps, in words."""
    return {"last": "keeps the last state", "mean": "keeps the mean of the states",
            "max": "keeps the largest values", "ends": "two directions, keeps both ends"
            }.get(name, name)


def said(words, rows):
    """Whether the darkest word is the one that is missed most, for each reader."""
    if len(words) < 2:
        return "One word: there is nothing to leave out."
    told = []
    for name, (shares, without, _) in rows.items():
        dark = max(range(len(words)), key=shares.__getitem__)
        missed = min(range(len(words)), key=without.__getitem__)
        same = "which is also" if dark == missed else f"but '{words[missed]}' is"
        told.append(f"{name}: darkest is '{words[dark]}', {same} the one missed most")
    return "; ".join(told) + "."
