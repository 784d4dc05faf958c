"""Noun phrases in English and Spanish at once, from data/grammars/english_spanish.toml.

A form is a number: 0 masculine singular, 1 feminine singular, 2 masculine plural, 3 feminine
plural; what agrees is a list of four words with the form as index.
"""

import functools
import tomllib
from dataclasses import dataclass

from .. import DATA

FILE = DATA / "grammars" / "english_spanish.toml"
ALIVE = ("person", "animal")
VISIBLE = ("person", "animal", "thing", "openable")


@dataclass(frozen=True)
class Phrase:
    """The same noun phrase in both languages, with its form, its noun and the noun's kind."""

    english: str
    spanish: str
    form: int
    noun: str
    kind: str

    @property
    def plural(self):
        return self.form >= 2


@functools.cache
def lexicon():
    """The words: every value split into its forms."""
    def split(value):
        if isinstance(value, dict):
            return {key: split(inner) for key, inner in value.items()}
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    return split(tomllib.loads(FILE.read_text(encoding="utf-8")))


def noun_phrase(rng, kinds, determiners=()):
    """A random noun phrase: determiner, up to two adjectives, noun, perhaps a noun before it.

    Args:
        kinds: kinds of nouns to choose from.
        determiners: English determiners to choose from; without any, from all.
    """
    kind = rng.choice(kinds)
    feminine = rng.randrange(2)
    noun = rng.choice(list(lexicon()["nouns"][kind]["mf"[feminine]]))
    determiner, form = _determiner(rng, feminine, determiners)
    before, after = _adjectives(rng, kind, determiner)
    modifier = _compound(rng, noun)
    plural, *spanish = lexicon()["nouns"][kind]["mf"[feminine]][noun]
    english = [determiner, *before, *after, modifier, plural if form >= 2 else noun]
    agreeing = lexicon()["adjectives"]
    words = [lexicon()["determiners"][determiner][form],
             *(agreeing["before"][word][form] for word in before), spanish[form >= 2],
             *(adjective(word, kind)[form] for word in reversed(after)),
             _of(modifier)]
    return Phrase(_article(_join(english)), _join(words), form, noun, kind)


def adjective(english, kind):
    """The four Spanish forms of an adjective, and ser or estar, beside a noun of this kind."""
    groups = lexicon()["adjectives"]
    return next(groups[group][english] for group in (kind, "any", "colour")
                if english in groups[group])


def adjectives(kind):
    """The English adjectives that go with a kind of noun: (size, age, state; colour)."""
    groups = lexicon()["adjectives"]
    colours = [] if kind == "person" else list(groups["colour"])
    return [*groups["any"], *groups[kind]], colours


def contract(spanish):
    """Write a + el as al and de + el as del."""
    words = f" {spanish} ".replace(" a el ", " al ").replace(" de el ", " del ")
    return words.strip()


def _determiner(rng, feminine, wanted):
    """A determiner and the form of a phrase it can begin."""
    table = lexicon()["determiners"]
    form = feminine + 2 * (rng.random() < 0.4)
    fitting = [word for word in wanted or table if table[word][form]]
    weights = [6 if word == "the" else 3 if word in ("a", "some") else 1 for word in fitting]
    return rng.choices(fitting, weights)[0], form


def _adjectives(rng, kind, determiner):
    """English adjectives: those that stay before the Spanish noun, those that follow it."""
    others, colours = adjectives(kind)
    before = []
    if determiner == "the" and rng.random() < 0.1:
        before = [rng.choice(list(lexicon()["adjectives"]["before"]))]
    after = [rng.choice(others)] if rng.random() < 0.35 else []
    if colours and rng.random() < 0.25:
        after.append(rng.choice(colours))
    return before, after


def _compound(rng, noun):
    places = lexicon()["compounds"].get(noun, [])
    return rng.choice(places) if places and rng.random() < 0.4 else ""


def _of(place):
    """de la cocina, for kitchen."""
    if not place:
        return ""
    nouns = lexicon()["nouns"]["place"]
    feminine = place in nouns["f"]
    return f"de {'la' if feminine else 'el'} {nouns['mf'[feminine]][place][1]}"


def _article(english):
    """Write a as an before a vowel."""
    starts = english.startswith("a ") and english[2] in "aeiou"
    return f"an {english[2:]}" if starts else english


def _join(words):
    return " ".join(word for word in words if word)
