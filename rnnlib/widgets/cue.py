"""Notebook 01: a cue moves away from the last word, and out of the window."""

import ipywidgets
import torch

from ..experiments.out_of_window import WORDS, N, T, gradient
from ..plots import cue_reach
from ..plots.reordering import TITLES
from .explore import explore

ALT = ("Twenty words with a cue among them and the window around the last five. Below, for a "
       "window model and a recurrent net, how much the answer depends on each word: zero outside "
       "the window, above zero everywhere for the recurrent net.")
CAPTION = ("Outside the window the derivative is not small, it is 0. The recurrent net depends on "
           "every word, however far back.")


def cue(models, seed=0):
    """Move the cue k words away from the end; see what each model can depend on.

    models  dict name -> model of `out_of_window.trained`, the window first
    """
    fill = torch.randint(2, len(WORDS), (T,), generator=torch.Generator().manual_seed(seed))

    def draw(fig, k, which):
        ids = fill.clone()
        ids[T - 1 - k] = WORDS.index(which)
        sizes = {name: gradient(model, ids[None])[0].numpy() for name, model in models.items()}
        cue_reach(fig, [WORDS[i] for i in ids], T - 1 - k, N, sizes)
        with torch.no_grad():
            sure = {name: model(ids[None]).softmax(-1)[0, WORDS.index(which)].item()
                    for name, model in models.items()}
        told = ", ".join(f"{TITLES.get(name, name)} {p:.2f}" for name, p in sure.items())
        return f"The cue is {which!r}, {k} words before the last. Its probability: {told}."

    return explore(
        draw, {"k": ipywidgets.IntSlider(5, 0, T - 1, description="k words away"),
               "which": ipywidgets.ToggleButtons(options=list(WORDS[:2]), description="cue")},
        ALT, CAPTION, {"just outside": {"k": 5}, "last place inside": {"k": 4}, "far": {"k": 19}},
        size=(9.4, 4.4))
