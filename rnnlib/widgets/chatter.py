"""Notebook 07: put other words behind or in front of a question; the last state against pooling."""

import random

import ipywidgets

from ..plots import in_chatter
from .explore import explore

ALT = ("At the left, for several readers, the share of the gradient at each word of a text; "
       "the question is tinted. At the right, the probability of the right intent against the "
       "number of other words around the question.")
CAPTION = ("All four learned from questions with up to 40 other words around them. They differ in "
           "the cell and in what is kept of the states: who still finds the question?")
SHOWN = 40
"""Other words at most."""
TITLES = {"rnn, last": "simple RNN, last", "lstm, last": "LSTM, last", "mean": "simple RNN, mean",
          "max": "simple RNN, max"}


def chatter(readers, questions, other, seed=0):
    """Move a slider to put other words around a question.

    readers    dict name -> IntentReader
    questions  dict of a question as text -> its intent
    other      a long list of words
    """
    start = random.Random(seed).randrange(len(other) - SHOWN)
    readers = {TITLES.get(name, name): one for name, one in readers.items()}
    filler, known = other[start : start + SHOWN], {}

    def text_of(question, k, where):
        return around_fixed(question.split(), filler[:k], where)

    def curves(question, where):
        """p(right) with 0 ... SHOWN other words, for each reader; computed once."""
        if (question, where) not in known:
            texts = [text_of(question, k, where)[0] for k in range(SHOWN + 1)]
            known[question, where] = {name: one.probabilities(texts, questions[question])
                                      for name, one in readers.items()}
        return known[question, where]

    def draw(fig, question, k, where):
        words, own = text_of(question, k, where)
        shares = {name: one.shares(words) for name, one in readers.items()}
        found = curves(question, where)
        in_chatter(fig, words, own, shares, found, k)
        told = ", ".join(f"{name} {p[k]:.2f}" for name, p in found.items())
        return f"Probability of '{questions[question].replace('_', ' ')}': {told}."

    controls = {
        "question": ipywidgets.Dropdown(options=list(questions), description="question",
                                        layout={"width": "420px"}),
        "k": ipywidgets.IntSlider(15, 0, SHOWN, description="other words"),
        "where": ipywidgets.ToggleButtons(options=["behind", "in front"], description="stand",
                                          style={"button_width": "auto"}),
    }
    presets = {"the bare question": {"k": 0}, "15 words behind it": {"k": 15, "where": "behind"},
               "40 behind it": {"k": 40, "where": "behind"},
               "40 in front of it": {"k": 40, "where": "in front"}}
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.8, 4.2))


def around_fixed(words, filler, where):
    """(the text, (first place, one past the last) of the question in it)."""
    if where == "behind":
        return [*words, *filler], (0, len(words))
    return [*filler, *words], (len(filler), len(filler) + len(words))
