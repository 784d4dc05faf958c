"""What the captioners were found to do: the recorded results as figures and tables need them."""

import math

from ..datasets.shape_scenes import UNSEEN
from ..metrics import interval
from .captions import CONV, EVERY, FLAT, INPUT, STATE, Recipe
from .said_in_captions import KINDS, WAYS, instead

STYLES = {"first input": INPUT, "first state": STATE, "every step": EVERY}
"""The three places of the vector, as texts and figures call them."""
CONTROLS = {"every step": Recipe(), "every step, 100 updates": Recipe(steps=100),
            "every step, feed-forward": Recipe(FLAT), "first input": Recipe(style=INPUT),
            "first input, 1,800 updates": Recipe(style=INPUT, steps=1800)}
"""Captioners that differ in the style, in the updates or in the encoder alone."""
NAMES = {"right": "right", "shape": "shape wrong", "colour": "colour wrong", "both": "both wrong",
         "form": "another form"}
"""What became of a pair, in words."""


def found(records, metric, recipe=Recipe()):  # noqa: B008
    """(mean, half-width) of a metric over the seeds of one captioner."""
    wanted = recipe.setting()
    return interval([r.value for r in records if r.metric == metric and r.setting == wanted])


def panels(records):
    """dict encoder -> dict style -> (seen, unseen): captions right, as plots.seen_and_unseen
    draws them."""
    return {encoder: {name: tuple(found(records, f"exact_{split}", Recipe(encoder, style))
                                  for split in ("seen", "unseen"))
                      for name, style in STYLES.items()} for encoder in (CONV, FLAT)}


def fates(records, encoder=CONV):
    """dict style -> mean per cent of each of WAYS: what became of the unseen pairs."""
    return {name: [found(records, f"pair_{way}_unseen", Recipe(encoder, style))[0] for way in WAYS]
            for name, style in STYLES.items()}


def wrong_by_kind(records) -> str:
    """Per cent of the words of each kind that are wrong, of the best captioner, as lines."""
    rows = [(split, [f"{kind} {text(found(records, f'{kind}_wrong_{split}'))}" for kind in KINDS])
            for split in ("seen", "unseen")]
    return "\n".join(f"{split:7} words wrong, %: {', '.join(row)}" for split, row in rows)


def called(examples, said) -> str:
    """What the unseen pairs are called, the most frequent first, as lines."""
    rows = {pair: instead(examples, said, pair).most_common(4) for pair in sorted(UNSEEN)}
    return "\n".join(f"{' '.join(pair):13} is called: " + ", ".join(
        f"{' '.join(other) if other else 'another form'} {n}" for other, n in row)
        for pair, row in rows.items())


def trained_instead(records) -> str:
    """How many of the unseen pairs got the name of a pair of the training, by style, as lines."""
    return "\n".join(
        f"{name:12} a pair of the training is said instead: "
        f"{text(found(records, 'pair_trained_unseen', Recipe(style=style))):>11} %"
        for name, style in STYLES.items())


def shape_after(records) -> str:
    """Whether the shape is right after the right colour and after yellow, by style, as lines."""
    rows = [(name, split, [text(found(records, f"shape_after_{told}_{split}", Recipe(style=style)))
                           for told in ("own", "yellow")])
            for name, style in STYLES.items() for split in ("seen", "unseen")]
    return "\n".join(f"{name:12} {split:7} after the right colour {own:>11} %, "
                     f"after yellow {yellow:>11} %" for name, split, (own, yellow) in rows)


def read_off(records) -> str:
    """What linear readers find in the vectors, by style, as lines."""
    metrics = {"seen": "read_{}_seen", "unseen": "read_{}_unseen", "unseen, told": "told_{}_unseen"}
    rows = [(name, what, [
        f"{whose} {text(found(records, metric.format(what), Recipe(style=style))):>11} %"
        for whose, metric in metrics.items()])
        for what in ("colour", "shape") for name, style in STYLES.items()]
    return "\n".join(f"{what:6} {name:12} {', '.join(row)}" for name, what, row in rows)


def controls(records) -> str:
    """Of each of CONTROLS: captions right, the shape after yellow, what can be read, as a table."""
    heads = {"captions, seen": "exact_seen", "yellow, seen": "shape_after_yellow_seen",
             "yellow, unseen": "shape_after_yellow_unseen", "colour, seen": "read_colour_seen",
             "shape, unseen": "told_shape_unseen"}
    lines = [" " * 26 + "".join(f"{head:>16}" for head in heads)]
    lines += [f"{name:26}" + "".join(f"{text(found(records, metric, recipe)):>16}"
                                     for metric in heads.values())
              for name, recipe in CONTROLS.items()]
    return "\n".join(lines)


def how_sure(records) -> str:
    """The mean probability of what the best captioner says, by what it sees, as lines."""
    seen = {"seen pairs": "sure_seen", "unseen pairs": "sure_unseen", "noise": "sure_noise",
            "empty paper": "sure_empty"}
    return "\n".join(f"{name:13} mean probability of what it says: "
                     f"{text(found(records, metric), 2)}" for name, metric in seen.items())


def text(value, digits=1):
    """(mean, half-width) as text; of one run, which has no width, it says so."""
    mean, half = value
    return f"{mean:.{digits}f} " + ("one run" if math.isnan(half) else f"± {half:.{digits}f}")
