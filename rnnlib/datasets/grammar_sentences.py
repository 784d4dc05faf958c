"""English sentences with their Spanish translations, from a grammar of both at once.

What differs between the two: determiners and adjectives agree with the noun; most adjectives
follow it (the green witch, la bruja verde); verbs of appearing stand before their subject (the
witch arrived, llegó la bruja); a person as object takes `a`; object pronouns stand before the verb
(he sees her, la ve); the auxiliary do has no counterpart; is becomes es or está.
"""

import random

from .grammar_phrases import (
    ALIVE,
    VISIBLE,
    Phrase,
    adjective,
    adjectives,
    contract,
    lexicon,
    noun_phrase,
)
from .splits import by_hash

BE = {"ser": (("es", "son"), ("era", "eran")),
      "estar": (("está", "están"), ("estaba", "estaban"))}
IS = (("is", "are"), ("was", "were"))
OBJECTS = {"see": VISIBLE, "draw": VISIBLE, "have": ("thing",), "meet": ("person",),
           "open": ("openable",)}
SOME = ("a", "some", "two", "three", "many")


def sentences(count=12000, seed=0):
    """Pairs (English, Spanish) in lower case, words separated by spaces, no English twice."""
    rng, pairs = random.Random(seed), {"the green witch arrived": "llegó la bruja verde"}
    shapes = [arrival, arrival, action, action, thing_done, thing_done, thing_done, pronoun,
              description, description, location, existence, question]
    while len(pairs) < count:
        english, spanish = rng.choice(shapes)(rng)
        pairs.setdefault(english, contract(spanish))
    return by_hash(list(pairs.items()), key=lambda pair: pair[0])


def arrival(rng):
    """the green witch arrived / llegó la bruja verde"""
    group = rng.choice(("arrive", "come"))
    subject = noun_phrase(rng, VISIBLE if group == "arrive" else ALIVE)
    past = rng.randrange(2)
    english, spanish = _verb(rng, group, subject, past)
    time = _time(rng, past)
    return (_line(time[0], subject.english, english), _line(time[1], spanish, subject.spanish))


def action(rng):
    """the boys that dance never sing in the garden / los niños que bailan nunca cantan ..."""
    group = rng.choice(("live", "act"))
    subject = noun_phrase(rng, ALIVE) if group == "live" else _who(rng, ("person",))
    past = rng.randrange(2)
    english, spanish = _verb(rng, group, subject, past)
    place, time = _place(rng), _time(rng, past)
    return (_line(subject.english, english, place[0], time[0]),
            _line(subject.spanish, spanish, place[1], time[1]))


def thing_done(rng):
    """the queen saw a wizard / la reina vio a un mago"""
    group = rng.choice(list(OBJECTS))
    subject = _who(rng, ALIVE if group == "see" else ("person",))
    goal = noun_phrase(rng, OBJECTS[group])
    past = rng.randrange(2)
    english, spanish = _verb(rng, group, subject, past)
    marker = "a" if goal.kind == "person" else ""
    time = _time(rng, past)
    return (_line(time[0], subject.english, english, goal.english),
            _line(time[1], subject.spanish, spanish, marker, goal.spanish))


def pronoun(rng):
    """the man does not see her / el hombre no la ve"""
    subject = noun_phrase(rng, ("person",))
    english, spanish = rng.choice((("him", "lo"), ("her", "la")))
    verb = _verb(rng, rng.choice(("see", "meet")), subject, rng.randrange(2), spanish)
    return _line(subject.english, verb[0], english), _line(subject.spanish, verb[1])


def description(rng):
    """these houses are not white / estas casas no son blancas"""
    subject = noun_phrase(rng, VISIBLE)
    while len(subject.english.split()) > 2:             # no green houses that are white
        subject = noun_phrase(rng, VISIBLE)
    word = rng.choice(sum(adjectives(subject.kind), []))
    *forms, be = adjective(word, subject.kind)
    past = rng.randrange(2)
    english, spanish = IS[past][subject.plural], BE[be][past][subject.plural]
    chance = rng.random()
    if chance < 0.2:
        return (_line(english, subject.english, word, "?"),
                _line("¿", spanish, forms[subject.form], subject.spanish, "?"))
    no = ("not", "no") if chance < 0.4 else ("", "")
    return (_line(subject.english, english, no[0], word),
            _line(subject.spanish, no[1], spanish, forms[subject.form]))


def location(rng):
    """the cat is on the beach / el gato está en la playa"""
    subject, past = noun_phrase(rng, VISIBLE), rng.randrange(2)
    place = _somewhere(rng)
    return (_line(subject.english, IS[past][subject.plural], place[0]),
            _line(subject.spanish, BE["estar"][past][subject.plural], place[1]))


def existence(rng):
    """there are two cats in the kitchen / hay dos gatos en la cocina"""
    there, past = noun_phrase(rng, VISIBLE, SOME), rng.randrange(2)
    place = _somewhere(rng)
    return (_line("there", IS[past][there.plural], there.english, place[0]),
            _line(("hay", "había")[past], there.spanish, place[1]))


def question(rng):
    """did the old queen sing ? / ¿ cantó la reina vieja ?"""
    group = rng.choice(("arrive", "come", "live", "act"))
    subject = noun_phrase(rng, ("person",) if group == "act" else ALIVE)
    word = rng.choice(list(lexicon()["verbs"][group]))
    past = rng.randrange(2)
    do = "did" if past else "do" if subject.plural else "does"
    spanish = lexicon()["verbs"][group][word][2 + 2 * past + subject.plural]
    return _line(do, subject.english, word, "?"), _line("¿", spanish, subject.spanish, "?")


def _who(rng, kinds):
    """A noun phrase, sometimes with a relative clause: the witch that sings."""
    phrase = noun_phrase(rng, kinds)
    if rng.random() > 0.15:
        return phrase
    group = lexicon()["verbs"]["live"]
    word = rng.choice(list(group))
    english = word if phrase.plural else group[word][0]
    return Phrase(f"{phrase.english} that {english}",
                  f"{phrase.spanish} que {group[word][2 + phrase.plural]}",
                  phrase.form, phrase.noun, phrase.kind)


def _verb(rng, group, subject, past, clitic=""):
    """A verb that agrees with its subject: plain, with not, or with never and always."""
    word = rng.choice(list(lexicon()["verbs"][group]))
    third, was, *spanish = lexicon()["verbs"][group][word]
    english = was if past else word if subject.plural else third
    finite = _line(clitic, spanish[2 * past + subject.plural])
    chance = rng.random()
    if chance < 0.15:
        do = "did" if past else "do" if subject.plural else "does"
        return f"{do} not {word}", f"no {finite}"
    if chance < 0.25 and group not in ("arrive", "come"):
        often = rng.choice((("never", "nunca"), ("always", "siempre")))
        return f"{often[0]} {english}", f"{often[1]} {finite}"
    return english, finite


def _time(rng, past):
    times = lexicon()["times"]["past" if past else "present"]
    if rng.random() > 0.25:
        return "", ""
    word = rng.choice(list(times))
    return word, times[word][0]


def _place(rng):
    return _somewhere(rng) if rng.random() < 0.3 else ("", "")


def _somewhere(rng):
    """in the garden / en el jardín"""
    place = noun_phrase(rng, ("place",), ("the",))
    english = lexicon()["prepositions"].get(place.noun, ["in"])[0]
    return f"{english} {place.english}", f"en {place.spanish}"


def _line(*parts):
    return " ".join(part for part in parts if part)
