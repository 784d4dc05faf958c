"""How far apart words are that depend on each other, counted in real text (C07).

    python -m rnnlib.experiments.distances

Agreement: from a subject to its verb, in the gold trees of UD English EWT.  Brackets and quotes:
from the opening to the closing sign, in the documentation that comes with Python.  Either and or,
too: from either to the next or.  A distance of 1 means neighbours; signs count as words.
"""

import time

from ..datasets import load
from ..datasets.locating import read
from ..datasets.parsing import COLUMNS, sentences
from ..datasets.registry import entry
from ..text import words
from .record import append, measured

LIMITS = range(1, 41)
CLOSING = {"(": ")", "[": "]", "{": "}"}


def agreements(texts, kinds=("NOUN", "PROPN", "PRON")):
    """Distances from a subject to its verb, over all parsed sentences of some CoNLL-U texts.

    kinds: parts of speech that a subject may have; a subject after its verb is left out.
    """
    found = []
    for text in texts:
        for sentence in sentences(text, COLUMNS[:8]):
            rows = {row["id"]: row for row in sentence if row["id"].isdigit()}
            subjects = [row for row in rows.values()
                        if row["deprel"].startswith("nsubj") and row["upos"] in kinds]
            for row in subjects:
                head = rows.get(row["head"])
                if head and head["upos"] == "VERB":
                    found.append(int(head["id"]) - int(row["id"]))
    return [d for d in found if d > 0]


def brackets(tokens):
    """Distances from each opening bracket to the one that closes it."""
    waiting, found = [], []
    for place, token in enumerate(tokens):
        if token in CLOSING:
            waiting.append((CLOSING[token], place))
        elif waiting and token == waiting[-1][0]:
            found.append(place - waiting.pop()[1])
    return found


def quotes(tokens):
    """Distances from each opening double quote to the closing one."""
    places = [place for place, token in enumerate(tokens) if token == '"']
    return [b - a for a, b in zip(places[::2], places[1::2], strict=False)]


def choices(tokens):
    """Distances from each "either" to the next "or", if that is less than forty words away."""
    found = []
    for place, token in enumerate(tokens):
        if token.lower() == "either":
            after = [word.lower() for word in tokens[place : place + 40]]
            found += [after.index("or")] if "or" in after else []
    return found


def beyond(distances, limit):
    """Percent of the distances that are longer than a limit."""
    return 100 * sum(d > limit for d in distances) / len(distances)


def in_documentation(text):
    """The distances in a text by kind, each paragraph for itself."""
    kinds = {"brackets": brackets, "quotes": quotes, "either-or": choices}
    found = {name: [] for name in kinds}
    for paragraph in text.split("\n\n"):
        tokens = words(paragraph)
        for name, distances in kinds.items():
            found[name] += distances(tokens)
    return found


def recorded(kind, distances, data, seconds):
    """One kind as records: how many there are and what share is beyond each limit."""
    values = {f"beyond_{limit}": beyond(distances, limit) for limit in LIMITS}
    return measured("distances", {"kind": kind}, 0, values | {"count": len(distances)}, seconds,
                    data)


def main():
    """Count, print and append."""
    began = time.process_time()
    texts, data = read(entry("ewt")), load("ewt")
    kinds = {}
    if texts:
        kinds["any subject-verb"] = agreements(texts.values()), data
        kinds["noun-verb"] = agreements(texts.values(), ("NOUN",)), data
    docs = load("pydoc")
    text = "".join((docs.train, docs.valid, docs.test))
    kinds |= {name: (found, docs) for name, found in in_documentation(text).items()}
    for name, (found, source) in kinds.items():
        append(recorded(name, found, source, time.process_time() - began))
        print(f"{name}: {len(found)}, beyond 5: {beyond(found, 5):.1f} %, "
              f"beyond 10: {beyond(found, 10):.1f} %")


if __name__ == "__main__":
    main()
