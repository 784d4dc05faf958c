"""Notebook 05: what a character model writes after more and more updates, and how good it is."""

import ipywidgets

from ..experiments import char_growth
from ..plots import sample_and_measures
from .explore import explore

TITLES = {"tinyshakespeare": "Shakespeare", "pydoc": "Python's documentation"}


PRESETS = {"before training": 0, "spaces": 6, "short words": 10, "longer words": -1}
"""Label of a button -> which of the numbers of updates."""


def growth_of_text(texts=None, updates=100):
    """Move through the training of a character model: its samples, and their measures as bars.

    texts  dict name -> samples as `char_growth.load` returns them; those that come with the course
    """
    texts = texts or {name: char_growth.load(name) for name in TITLES}
    found = {TITLES.get(name, name): by_updates(one) for name, one in texts.items()}
    first = next(iter(found.values()))

    def draw(fig, text, updates):
        sample, nats, measures = found[text][updates]
        sample_and_measures(fig, sample, measures, f"written after {updates:,} updates")
        return told(updates, nats, measures)

    return explore(
        draw,
        {"updates": ipywidgets.SelectionSlider(options=list(first), value=updates,
                                               description="updates"),
         "text": ipywidgets.ToggleButtons(options=list(found), description="learns from",
                                          style={"button_width": "auto"})},
        alt="At the left a text written by a character model after so many updates, at the right "
        "bars: how far white space, words of each length and structure are on their way from the "
        "untrained model to the text it learns from.",
        caption="White space comes first, then words, the short ones before the long ones. A full "
        "bar is as in the text that the model learns from, an empty one as before training.",
        presets={label: {"updates": list(first)[k]} for label, k in PRESETS.items()},
        size=(10, 4.2),
    )


def by_updates(samples):
    """dict updates -> (sample, held-out nats, dict measure -> (progress, value, goal))."""
    steps, goal = samples["steps"], samples["text"]
    done = {name: char_growth.progress([one["measures"][name] for one in steps], goal[name])
            for name in goal}
    return {one["updates"]: (one["sample"], one["nats"],
                             {name: (done[name][k], one["measures"][name], goal[name])
                              for name in goal})
            for k, one in enumerate(steps)}


def told(updates, nats, measures):
    """The line below the picture."""
    passed = [name for name, (done, _, _) in measures.items() if done >= 0.5]
    return (f"After {updates:,} updates: {nats:.2f} nats for each held-out character; more than "
            f"half-way: {', '.join(passed) or 'nothing yet'}.")
