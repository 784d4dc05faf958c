"""Notebook 11: type a sentence with a made-up word; see which letters decided its tag."""

import ipywidgets

from ..plots import decided
from ..text import words
from .explore import explore

LONGEST, MOST = 16, 12
"""Letters of the word that is looked at, and words of the sentence, at most."""
SHOWN = 3
ALT = (
    "A sentence with two rows of tags, by a tagger that reads words only and by one that reads "
    "letters too; below, one word letter by letter, coloured by how much its tag depends on each "
    "letter, and the likeliest tags of both taggers."
)
CAPTION = (
    "Brown letters speak for the tag: without them it becomes less probable. Blue ones speak "
    "against it. The tagger that reads only words gives every unknown word in this place the same "
    "answer."
)


def made_up_word(taggers, samples):
    """Type a sentence, choose a word, and leave out its letters one by one.

    taggers  `experiments.letter_taggers.Taggers` with "words" and "words + letters"
    samples  dict label -> (sentence, place of a word): one button each, the first one opens
    """

    def draw(fig, text, place):
        typed = words(text)[:MOST]
        if not typed:
            return "Type at least one word."
        typed = [word[:LONGEST] for word in typed]
        place = min(place, len(typed)) - 1
        tag, p, says, instead = taggers.decided("words + letters", typed, place)
        found = {name: taggers.probabilities(name, typed) for name in taggers.found}
        tags = {name: [taggers.kinds[k] for k in rows.argmax(1).tolist()]
                for name, rows in found.items()}
        bars = {name: best(rows[place], taggers.kinds) for name, rows in found.items()}
        other = [new if new != tag else "" for new in instead]
        decided(fig, typed, tags, place, (list(typed[place]), says.tolist(), other), bars)
        return said(taggers, typed, place, (tag, p, says))

    presets = {label: {"text": text, "place": place} for label, (text, place) in samples.items()}
    first = next(iter(presets.values()))
    controls = {
        "text": ipywidgets.Text(value=first["text"], description="your sentence",
                                placeholder="type here", layout={"width": "560px"}),
        "place": ipywidgets.IntSlider(value=first["place"], min=1, max=MOST,
                                      description="look at word"),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.6, 4.6))


def best(p, kinds):
    """The likeliest labels and their probabilities."""
    top = p.topk(min(SHOWN, len(kinds)))
    return [kinds[k] for k in top.indices.tolist()], top.values.tolist()


def said(taggers, typed, place, found):
    """The line below the picture: the tag, and the letter it depends on most."""
    tag, p, says = found
    word, most = typed[place], says.argmax().item()
    known = "has a row of its own" if word in taggers else "has no row in the table of words"
    told = f"{word!r} {known}. With letters it is {tag}, probability {p:.2f}"
    if says[most] < 0.15:
        return told + "; no single letter is needed for that."
    return told + f"; most of it hangs on letter {most + 1}, {word[most]!r}."
