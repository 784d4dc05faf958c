"""The treebank written for the course: data/treebank.conllu.

CoNLL-U with universal part-of-speech tags; the last column carries `Entity=B-PER` and so on, and a
comment `# split = train` (valid or dev, test) says where a sentence belongs.
"""

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
    for sentence in sentences(_text(), COLUMNS):
        split = sentence.metadata.get("split", "train")
        parts["valid" if split == "dev" else split].append(view(sentence))
    return parts


def _text():
    if not FILE.is_file():
        raise ValueError("data/treebank.conllu, the treebank of the course, is missing: "
                         "get the course's files again")
    return FILE.read_text(encoding="utf-8")


def _entities(sentence):
    words, _ = tagged(sentence)
    tokens = [token for token in sentence if token["id"].isdigit()]
    features = (dict(part.partition("=")[::2] for part in token["misc"].split("|"))
                for token in tokens)
    return words, [found.get("Entity", "O") for found in features]
