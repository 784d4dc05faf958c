"""What the captioners were found to do: the recorded results as figures and tables need them."""

from ..datasets.shape_scenes import UNSEEN
from ..metrics import interval
from .captions import CONV, EVERY, FLAT, UNITS
from .said_in_captions import KINDS, WAYS, instead

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
        f"{style:12} a pair of the training is said instead: "
        f"{text(found(records, 'pair_trained_unseen', style=style)):>11} %" for style in UNITS)


def shape_after(records) -> str:
    """Whether the shape is right after the right colour and after yellow, by style, as lines."""
    rows = [(style, split, [text(found(records, f"shape_after_{told}_{split}", style=style))
                            for told in ("own", "yellow")])
            for style in UNITS for split in ("seen", "unseen")]
    return "\n".join(f"{style:12} {split:7} after the right colour {own:>11} %, "
                     f"after yellow {yellow:>11} %" for style, split, (own, yellow) in rows)


def read_off(records) -> str:
    """What linear readers find in the vectors, by style, as lines."""
    metrics = {"seen": "read_{}_seen", "unseen": "read_{}_unseen", "unseen, told": "told_{}_unseen"}
    rows = [(style, what, [f"{name} {text(found(records, metric.format(what), style=style))} %"
                           for name, metric in metrics.items()])
            for what in ("colour", "shape") for style in UNITS]
    return "\n".join(f"{what:6} {style:12} {',  '.join(row)}" for style, what, row in rows)


def how_sure(records) -> str:
    """The mean probability of what the best captioner says, by what it sees, as lines."""
    seen = {"seen pairs": "sure_seen", "unseen pairs": "sure_unseen", "noise": "sure_noise",
            "empty paper": "sure_empty"}
    return "\n".join(f"{name:13} mean probability of what it says: "
                     f"{text(found(records, metric), 2)}" for name, metric in seen.items())


def text(value, digits=1):
    """(mean, half-width) as text."""
    mean, half = value
    return f"{mean:.{digits}f} ± {half:.{digits}f}"
