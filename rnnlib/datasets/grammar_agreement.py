"""Beginnings of English sentences up to the verb, with k nouns of the other number in between.

"the key to the cabinets" -> singular, 1 attractor. As in Linzen et al. (2016), the nouns between
subject and verb are all of the other number (attractors) or all of the same number (none).
"""

import random

LIVING = [noun.split("/") for noun in """
bird/birds cat/cats dog/dogs horse/horses mouse/mice wolf/wolves farmer/farmers teacher/teachers
student/students doctor/doctors painter/painters child/children man/men woman/women king/kings
queen/queens wizard/wizards witch/witches sailor/sailors neighbour/neighbours
""".split()]
THINGS = [noun.split("/") for noun in """
key/keys label/labels picture/pictures door/doors letter/letters road/roads bridge/bridges
book/books story/stories song/songs box/boxes bottle/bottles house/houses garden/gardens
tree/trees ship/ships train/trains engine/engines village/villages city/cities river/rivers
mountain/mountains island/islands table/tables chair/chairs window/windows wall/walls
tower/towers castle/castles cloud/clouds star/stars planet/planets clock/clocks lamp/lamps
mirror/mirrors leaf/leaves knife/knives
""".split()]
NOUNS = LIVING + THINGS
ADJECTIVES = "old new small large red green heavy famous broken quiet strange bright".split()
LINKS = ["near", "behind", "beside", "above", "from", "with", "in front of", "next to",
         "across from", "on the left of", "close to", "far from"]
VERBS = [verb.split("/") for verb in
         "sees/see likes/like knows/know wants/want draws/draw finds/find".split()]
OPENINGS = ["", "", "", "yesterday", "so", "in the morning", "they say that", "we know that"]
NUMBERS = ("singular", "plural")


def agreement(count=8000, seed=0):
    """Prefixes as (words, singular or plural, attractors).

    train and valid have mostly no attractor, and at most 3; test has 0 to 5, as often each.
    """
    rng, seen = random.Random(seed), set()
    drawn = [_new(rng, rng.choices((0, 1, 2, 3), (70, 20, 8, 2))[0], seen) for _ in range(count)]
    valid = count // 10
    test = [_new(rng, k, seen) for k in range(6) for _ in range(valid // 2)]
    return {"train": drawn[valid:], "valid": drawn[:valid], "test": test}


def _new(rng, attractors, seen):
    """A prefix that was not drawn before."""
    while True:
        words, label = _prefix(rng, attractors)
        if words not in seen:
            seen.add(words)
            return words.split(), label, attractors


def _prefix(rng, attractors):
    number = rng.randrange(2)
    nouns = attractors or rng.choice((0, 0, 1, 2))
    inner = 1 - number if attractors else number
    parts = [rng.choice(OPENINGS), _phrase(rng, NOUNS, number)]
    parts += [_modifier(rng, inner, k == nouns - 1) for k in range(nouns)]
    return " ".join(filter(None, parts)), NUMBERS[number]


def _modifier(rng, number, last):
    """A preposition with its noun, or, in the last place, a relative clause with its own verb."""
    if last and rng.random() < 0.25:
        return f"that {_phrase(rng, LIVING, number)} {rng.choice(VERBS)[number]}"
    return f"{rng.choice(LINKS)} {_phrase(rng, NOUNS, number)}"


def _phrase(rng, nouns, number):
    adjective = rng.choice(ADJECTIVES) if rng.random() < 0.3 else ""
    return " ".join(filter(None, ["the", adjective, rng.choice(nouns)[number]]))
