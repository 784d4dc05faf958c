"""What the captioners were found to do: the recorded results as figures and tables need them."""

from ..metrics import interval
from .captions import CONV, EVERY, FLAT, UNITS
from .said_in_captions import KINDS, WAYS

NAMES = {"right": "right", "shape": "shape wrong", "colour": "colour wrong", "both": "both wrong",
         "form": "another form"}
"""What became of a pair, in words."""


def found(records, metric, encoder=CONV, style=EVERY, shown=0):
    """(mean, half-width) of a metric over the seeds of one captioner."""
    wanted = {"encoder": encoder, "style": style, "shown": shown}
    values = [r.value for r in records
              if r.metric == metric and wanted.items() <= r.setting.items()]
    return interval(values)


def panels(records):
    """dict encoder -> dict style -> (seen, unseen): captions right, as plots.seen_and_unseen
    draws them."""
    return {encoder: {style: tuple(found(records, f"exact_{split}", encoder, style)
                                   for split in ("seen", "unseen")) for style in UNITS}
            for encoder in (CONV, FLAT)}


def fates(records, encoder=CONV):
    """dict style -> mean per cent of each of WAYS: what became of the unseen pairs."""
    return {style: [found(records, f"pair_{way}_unseen", encoder, style)[0] for way in WAYS]
            for style in UNITS}


def by_kind(records, split, encoder=CONV, style=EVERY):
    """dict kind of word -> (mean, half-width) of the per cent that are wrong."""
    return {kind: found(records, f"{kind}_wrong_{split}", encoder, style) for kind in KINDS}


def by_examples(records):
    """(how many scenes with unseen pairs were shown, means, half-widths of captions right on other
    scenes with unseen pairs)."""
    counts = sorted({r.setting["shown"] for r in records if r.setting["shown"]})
    values = [found(records, "exact_unseen", shown=n) for n in counts]
    return counts, [mean for mean, _ in values], [half for _, half in values]


def text(value, digits=1):
    """(mean, half-width) as text."""
    mean, half = value
    return f"{mean:.{digits}f} ± {half:.{digits}f}"
