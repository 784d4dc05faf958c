"""Notebook 05: grow a beam step by step inside the tree of all texts of a toy."""

import math

import ipywidgets

from .. import decode
from ..plots import search_tree
from .explore import explore

ALT = ("The tree of all texts that a toy model can write, each beginning with its probability; the "
       "search keeps some, prunes others and never looks at the rest; bars at the right show the "
       "probability of each complete text.")
CAPTION = ("A beam sees only the beginnings that it keeps. Greedy ends at a third of the "
           "probability of the best text, whose first word is the least probable one.")
BEAMS = {"width 1": decode.fixed(1), "width 2": decode.fixed(2), "width 3": decode.fixed(3),
         "width 4": decode.fixed(4), "factor 0.8": decode.within(0.8),
         "factor 0.5": decode.within(0.5), "factor 0.3": decode.within(0.3)}


def grow_beam(toy, length=6):
    """Choose a beam of either kind and let it grow, token by token, beside all texts there are.

    toy     has `step`, `begin()`, `vocab` and `end`, and few texts: a `toy_texts.Table`
    length  the most tokens of a text
    """
    texts = all_texts(toy, length)
    grown = {name: growth(toy, rule, length) for name, rule in BEAMS.items()}
    most = max(map(len, grown.values()))

    def draw(fig, beam, step):
        fig.set_layout_engine("none")
        steps = grown[beam][:step]
        fates = {text: fate for one in steps for text, fate in one.items()}
        search_tree(fig.add_axes([0.005, 0.01, 0.99, 0.94]), texts, fates)
        return said(steps, grown[beam], texts, step)

    return explore(
        draw,
        {"beam": ipywidgets.SelectionSlider(options=list(BEAMS), value="width 2"),
         "step": ipywidgets.IntSlider(value=most, min=0, max=most)},
        alt=ALT, caption=CAPTION, size=(9.4, 5),
        presets={"greedy": {"beam": "width 1", "step": most},
                 "width 2": {"beam": "width 2", "step": most},
                 "width 2, two steps": {"beam": "width 2", "step": 2},
                 "width 3": {"beam": "width 3", "step": most},
                 "within half of the best": {"beam": "factor 0.5", "step": most}})


def all_texts(toy, length):
    """Every complete text as words, with its probability."""
    first, state = toy.begin()
    every = decode.exhaustive(toy.step, first, state, toy.end, length)[0]
    return {tuple(toy.vocab.decode(list(one.ids))): math.exp(one.score) for one in every}


def growth(toy, rule, length):
    """What a search does at each step: a list of dicts from a beginning to its fate."""
    first, state = toy.begin()
    levels = decode.tree(decode.search(toy.step, first, state, rule, toy.end, length))
    names, found = [()], []
    for level in levels:
        here = [(*names[branch.parent if found else 0], toy.vocab.symbols[branch.token])
                for branch in level]
        found.append({name: branch.fate for name, branch in zip(here, level, strict=True)})
        names = here
    return found


def said(steps, whole, texts, step):
    """What the last step kept, and the best text found so far beside the best of all."""
    if not steps:
        return "Nothing is read but <s>. Move the step on."
    fates = list(steps[-1].values()) if step <= len(whole) else []
    ended = [text for one in steps for text, fate in one.items() if fate == "ended"]
    line = ""
    if fates:
        many = "s" if len(fates) > 1 else ""
        line = (f"Step {len(steps)}: {len(fates)} continuation{many}, {fates.count('kept')} kept, "
                f"{fates.count('ended')} ended, {fates.count('pruned')} pruned. ")
    best = max(texts, key=texts.get)
    if not ended:
        return line + "No text is complete yet."
    found = max(ended, key=texts.get)
    same = "the best there is" if found == best else (
        f"the best of all texts is {' '.join(best[:-1])!r}, {texts[best]:.3f}")
    return line + f"Best so far: {' '.join(found[:-1])!r}, {texts[found]:.3f}; {same}."
