"""Requests with slots and intents, filled in from the templates of data/grammars/slots.toml.

About a third of the values of a slot occur only in valid and test (there each new one twice as
often as an old one), so that a tagger must learn from the words around a name; some values fit
several slots.
"""

import random
import re
import tomllib

from .. import DATA

FILE = DATA / "grammars" / "slots.toml"
SLOT = re.compile(r"\{(\w+)\}")
OPENINGS, CLOSINGS = ("", "", "hey", "hello", "ok"), ("", "", "please", "thank you")


def slots(count=6000, seed=0):
    """Utterances as (words, BIO slot tags, intent), no utterance twice."""
    grammar = tomllib.loads(FILE.read_text(encoding="utf-8"))
    seen, unseen = _values(grammar["values"])
    rng, drawn = random.Random(seed), set()
    sizes = {"train": count * 8 // 10, "valid": count // 10, "test": count // 10}
    return {split: [_new(rng, grammar["intents"], seen if split == "train" else unseen, drawn)
                    for _ in range(size)] for split, size in sizes.items()}


def _values(table):
    """The values by slot: for train, and for valid and test."""
    sides = {slot: [[value.strip() for value in side.split(",")] for side in text.split("|")]
             for slot, text in table.items()}
    return ({slot: side[0] for slot, side in sides.items()},
            {slot: side[0] + 2 * side[1] for slot, side in sides.items()})


def _new(rng, intents, values, drawn):
    """An utterance that was not drawn before."""
    while True:
        intent = rng.choice(sorted(intents))
        pieces = rng.choice(OPENINGS), rng.choice(intents[intent]), rng.choice(CLOSINGS)
        words, tags = _fill(rng, " ".join(pieces), values)
        if tuple(words) not in drawn:
            drawn.add(tuple(words))
            return words, tags, intent


def _fill(rng, template, values):
    words, tags = [], []
    for place, piece in enumerate(SLOT.split(template)):
        chosen = (rng.choice(values[piece]) if place % 2 else piece).split()
        words += chosen
        tags += [f"{'I' if k else 'B'}-{piece}" if place % 2 else "O" for k in range(len(chosen))]
    return words, tags
