"""Made-up words and how they sound: a small spelling system with the traps of English in it.

Letters in pairs (sh, igh), letters that depend on the next one (c and g before e and i), doubled
letters, a silent e at the end that changes the vowel before it, and `ow`, which has two readings.
Phones are written as in the CMU dictionary, without stress.
"""

import itertools
import random
import re

from .splits import by_hash

ONSETS = ("b c d f g h k l m n p r s t v w z ch sh th ph qu bl br cl cr dr fl fr gl gr pl pr sc "
          "sl sm sn sp st str sw tr tw").split()
VOWELS = "a a a e e e i i i o o o u u ee ea ew ai oa ow oi igh".split()
CODAS = ["", "", *("b ck d f l ll m n n nd ng nt p r s ss st t t tt th sh mp x".split())]
INNER = ["", "", "", "", *"ck l m n r s x tt".split()]
ENDINGS = ["", "", "", "y", "er", "est", "ing"]
SILENT = "a i o u".split()
RUDE = re.compile("fuck|shit|cunt|dick|cock|prick|twat|slut|tits|rap|ra[iy]p|ass|ars|cum|pis|nig")

# (letters, phones): the first rule that fits at a place is used, then reading goes on after it.
RULES = [(re.compile(letters), phones) for letters, phones in [
    (r"a(?=[^aeiouwyx]e$)", "EY"), (r"i(?=[^aeiouwyx]e$)", "AY"), (r"o(?=[^aeiouwyx]e$)", "OW"),
    (r"u(?=[^aeiouwyx]e$)", "UW"), (r"(?<=[^aeiou])e$", ""), (r"er$", "ER"), (r"y$", "IY"),
    (r"igh", "AY"), (r"ee|ea", "IY"), (r"ew", "UW"), (r"ai", "EY"), (r"oa", "OW"),
    (r"ow", "AW/OW"), (r"oi", "OY"), (r"ch", "CH"), (r"sh", "SH"), (r"th", "TH"), (r"ph", "F"),
    (r"ng", "NG"), (r"qu", "K W"), (r"ck", "K"), (r"x", "K S"), (r"([^aeiou])(?=\1)", ""),
    (r"sc(?=[ei])", "S"), (r"c(?=[ei])", "S"), (r"g(?=[ei])", "JH"), (r"c", "K"), (r"y", "Y"),
    (r"h", "HH"), (r"a", "AE"), (r"e", "EH"), (r"i", "IH"), (r"o", "AA"), (r"u", "AH"),
    *((letter, letter.upper()) for letter in "bdfgklmnprstvwz"),
]]


def spelling(count=8000, seed=0):
    """Words as (word, pronunciations), each pronunciation a list of phones."""
    rng, words = random.Random(seed), {}
    while len(words) < count:
        word = _word(rng)
        if not RUDE.search(word):
            words.setdefault(word)
    return by_hash([(word, pronounce(word)) for word in words], key=lambda example: example[0])


def pronounce(word):
    """The readings of a word by the rules: a list of lists of phones."""
    place, sounds = 0, []
    while place < len(word):
        found, phones = next((match, phones) for letters, phones in RULES
                             if (match := letters.match(word, place)))
        sounds.append(phones.split("/"))
        place = found.end()
    return [" ".join(reading).split() for reading in itertools.product(*sounds)]


def _word(rng):
    stem = "".join(_syllable(rng, INNER) for _ in range(rng.choice((0, 0, 1, 1, 2))))
    if rng.random() < 0.25:
        return stem + rng.choice(ONSETS) + rng.choice(SILENT) + rng.choice("bdlmnprstvz") + "e"
    return stem + _syllable(rng, CODAS) + rng.choice(ENDINGS)


def _syllable(rng, codas):
    return rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(codas)
