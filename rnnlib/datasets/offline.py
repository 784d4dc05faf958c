"""The makers of the data that is always there, by name: each returns {"train", "valid", "test"}."""

from .bracket_expressions import expressions
from .grammar_agreement import agreement
from .grammar_sentences import sentences
from .grammar_slots import slots
from .offline_locales import dates, locale_names, new_dates
from .offline_python import docstrings, packages, pydoc
from .offline_spelling import spelling
from .shape_scenes import scenes
from .treebank import entities, treebank

MAKERS = {maker.__name__: maker for maker in (
    pydoc, docstrings, packages, treebank, entities, slots, spelling, sentences, locale_names,
    dates, new_dates, agreement, scenes, expressions)}
