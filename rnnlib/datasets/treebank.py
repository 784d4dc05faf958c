"""The treebank written for the course: data/treebank.conllu.

CoNLL-U with universal part-of-speech tags; the last column carries `Entity=B-PER` and so on, and a
comment `# split = train` (valid or dev, test) says where a sentence belongs.
"""

import conllu

from .. import DATA
from .parsing import COLUMNS, sentences, tagged

FILE = DATA / "treebank.conllu"


def treebank():
    """Sentences as (words, universal part-of-speech tags)."""
    return _split(tagged)


def entities():
    """Sentences as (words, BIO tags of persons, places, organisations, ...)."""
    return _split(_entities)


def _split(view):
    parts = {"train": [], "valid": [], "test": []}
    for sentence in _sentences():
        split = sentence.metadata.get("split", "none")
        if (place := "valid" if split == "dev" else split) not in parts:
            raise ValueError(f"data/treebank.conllu: expected a comment # split = train, dev or "
                             f"test before each sentence, got {split!r} before "
                             f"{' '.join(tagged(sentence)[0][:6])!r}")
        parts[place].append(view(sentence))
    return parts


def _sentences():
    if not FILE.is_file():
        raise ValueError("data/treebank.conllu, the treebank of the course, is missing: "
                         "get the course's files again")
    try:
        return list(sentences(FILE.read_text(encoding="utf-8"), COLUMNS))
    except conllu.exceptions.ParseException as error:
        raise ValueError(f"data/treebank.conllu is not CoNLL-U, ten columns between tabs "
                         f"({error}): was it edited?") from error


def _entities(sentence):
    words, _ = tagged(sentence)
    tokens = [token for token in sentence if token["id"].isdigit()]
    features = (dict(part.partition("=")[::2] for part in (token["misc"] or "").split("|"))
                for token in tokens)
    return words, [found.get("Entity", "O") for found in features]
