"""Notebook 01: the words of a sentence in another order; a bag, a window and a recurrent net."""

import ipywidgets

from ..experiments.word_order import N, moved, shuffled
from ..plots import reordered
from .explore import explore

ALT = ("The words of a sentence in boxes, the moved word lit, the last five underlined as the "
       "window. Below, for a bag of words, a window and a recurrent net, where the answer was "
       "in the first order and where it is now, between: hopes for no more, and: hopes for more.")
CAPTION = ("The bag never moves. The window reacts to its words only. The recurrent net notices "
           "when 'no' leaves 'more', however far away.")
LONG = "i hope there are no more midterms between now and the end of the semester"
SHORT = "i hope there are no more midterms"
SENTENCES = {"lecture": LONG, "short": SHORT,
             "other": "no we hope there will be more holidays in the summer"}
PRESETS = {
    "no to the front": {"sentence": LONG, "word": 5, "to": 1, "shuffle": 0},
    "as in the lecture": {"sentence": LONG, "word": 5, "to": 5, "shuffle": 0},
    "within the window": {"sentence": SHORT, "word": 5, "to": 1, "shuffle": 0},
    "shuffled": {"sentence": LONG, "word": 1, "to": 1, "shuffle": 3},
}


def reorder(readers):
    """Move a word of a sentence, or shuffle all; see who notices.

    readers  dict name -> reader with `more(words)`, a probability: bag, window, rnn
    """
    def draw(fig, sentence, word, to, shuffle):
        first = sentence.split()
        place, target = min(word, len(first)) - 1, min(to, len(first)) - 1
        words = moved(shuffled(first, shuffle), place, target)
        answers = {name: (reader.more(first), reader.more(words))
                   for name, reader in readers.items()}
        lit = target if target != place else None
        reordered(fig, words, lit, N, answers)
        return said(first, words, answers)

    longest = max(len(text.split()) for text in SENTENCES.values())
    start = PRESETS["no to the front"]
    controls = {
        "sentence": ipywidgets.Dropdown(options=list(SENTENCES.values()), value=LONG,
                                        description="sentence", layout={"width": "620px"}),
        "word": ipywidgets.IntSlider(start["word"], 1, longest, description="take word"),
        "to": ipywidgets.IntSlider(start["to"], 1, longest, description="put it at"),
        "shuffle": ipywidgets.IntSlider(0, 0, 20, description="shuffle"),
    }
    return explore(draw, controls, ALT, CAPTION, PRESETS, size=(9.4, 3.6))


def said(first, words, answers):
    """Who changed the answer by more than a tenth."""
    if words == first:
        return "The first order: hollow and full marks lie on each other."
    who = {"bag": "the bag", "window": "the window", "rnn": "the recurrent net"}
    noticed = [who.get(name, name) for name, (before, now) in answers.items()
               if abs(now - before) > 0.1]
    return f"Changed by more than 0.1: {', '.join(noticed) or 'nobody'}. The same words in all."
