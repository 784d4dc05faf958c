"""Which English word stands behind a Spanish one, by the lexicon of the course's grammar.

    links("the green witch arrived", "llegó la bruja verde")    ->  {0: 3, 2: 2, 3: 1}

The gold that attention weights are held against: nouns, adjectives and verbs, where exactly one
English word can be meant.  Small words have no link: their partner is a matter of opinion.
"""

from collections import defaultdict
from functools import cache

from ..datasets.grammar_phrases import lexicon


@cache
def partners() -> dict[str, set]:
    """For each Spanish noun, adjective and verb form the English words it may stand for."""
    found = defaultdict(set)
    for genders in lexicon()["nouns"].values():
        for nouns in genders.values():
            for one, (many, *spanish) in nouns.items():
                note(found, spanish, [one, many])
    for group in lexicon()["adjectives"].values():
        for word, forms in group.items():
            note(found, forms[:4], [word])
    for group in lexicon()["verbs"].values():
        for base, (third, past, *spanish) in group.items():
            note(found, spanish, [base, third, past])
    return dict(found)


def note(found, spanish, english) -> None:
    """Every one of the English words, or its first part (look for), may stand behind each form."""
    for form in spanish:
        found[form] |= {word.split()[0] for word in english}


def links(english: str, spanish: str) -> dict[int, int]:
    """Place of a Spanish word -> place of its English word, where only one can be meant."""
    source, found = english.split(), {}
    for t, word in enumerate(spanish.split()):
        places = [j for j, other in enumerate(source) if other in partners().get(word, ())]
        if len(places) == 1:
            found[t] = places[0]
    return found


def crossings(found: dict[int, int]) -> list[tuple[int, int]]:
    """The pairs (t, later t) of target words whose links cross: the later looks further left."""
    order = sorted(found)
    return [(t, u) for n, t in enumerate(order) for u in order[n + 1 :] if found[u] < found[t]]
