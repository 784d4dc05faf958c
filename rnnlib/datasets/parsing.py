"""From the files of a real data set to examples: one function per data set.

Each takes the texts of the files by name and returns {"train", "valid", "test"}.
"""

import io
import json
import re

import conllu

from .splits import by_hash, by_position, by_two_hashes, order, remainder

COLUMNS = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")
SPACES = re.compile(r"\s+")
LETTERS = re.compile("[a-z]+")
STRESS = re.compile(r"\d")
VARIANT = re.compile(r"\(\d+\)$")


def tinyshakespeare(texts):
    """The text, cut by position."""
    return by_position(texts["input.txt"])


def ewt(texts):
    """Sentences as (words, universal part-of-speech tags)."""
    return {split: [tagged(sentence) for sentence in sentences(texts[f"en_ewt-ud-{part}.conllu"])]
            for split, part in [("train", "train"), ("valid", "dev"), ("test", "test")]}


def sentences(text, fields=COLUMNS[:4]):
    """The sentences of a CoNLL-U text, their fields as plain text; four of ten are read sooner."""
    plain = dict.fromkeys(fields, lambda line, i: line[i])
    return conllu.parse_incr(io.StringIO(text), fields=fields, field_parsers=plain)


def tagged(sentence):
    """(words, tags) of one parsed sentence, without ranges like 3-4 and empty nodes like 3.1."""
    tokens = [token for token in sentence if token["id"].isdigit()]
    return [token["form"] for token in tokens], [token["upos"] for token in tokens]


def snips(texts):
    """Utterances as (words, slot tags, intent)."""
    return {split: [(x.split(), y.split(), label.strip()) for x, y, label in zip(
        *(_lines(texts[f"{split}.{part}"]) for part in ("seq.in", "seq.out", "label")),
        strict=True)] for split in ("train", "valid", "test")}


def clinc150(texts):
    """Questions as (text, intent), those out of scope (label oos) last."""
    table = json.loads(texts["data_full.json"])
    return {split: [tuple(pair) for pair in table[part] + table[f"oos_{part}"]]
            for split, part in [("train", "train"), ("valid", "val"), ("test", "test")]}


def sms_spam(texts):
    """Messages as (text, ham or spam), each text once."""
    seen = {}
    for line in _lines(texts["SMSSpamCollection"]):
        label, text = line.split("\t", 1)
        seen.setdefault(text, label)
    return by_two_hashes(list(seen.items()), key=lambda example: example[0])


def wnut17(texts):
    """Sentences as (words, BIO tags)."""
    return {"train": _columns(texts["wnut17train.conll"]),
            "valid": _columns(texts["emerging.dev.conll"]),
            "test": _columns(texts["emerging.test.annotated"])}


def cmudict(texts):
    """Words as (word, pronunciations), each pronunciation a list of phones without stress."""
    found = {}
    for line in _lines(texts["cmudict.dict"]):
        entry, _, sounds = line.partition("#")[0].partition(" ")
        word, phones = VARIANT.sub("", entry), STRESS.sub("", sounds).split()
        if LETTERS.fullmatch(word) and phones not in found.setdefault(word, []):
            found[word].append(phones)
    return by_hash(list(found.items()), key=lambda example: example[0])


def tatoeba(texts):
    """Short pairs as (English, French), one per English sentence, spaces made plain."""
    pairs = {}
    for line in _lines(texts["fra-eng.zip"]):
        english, french = (SPACES.sub(" ", side).strip() for side in line.split("\t")[:2])
        if 2 <= len(english.split()) <= 7 and len(french.split()) <= 10:
            pairs.setdefault(_bare(english), (english, french))
    chosen = sorted(pairs.values(), key=lambda pair: order(pair[0]))[:24000]
    return {"train": chosen[:22000], "valid": chosen[22000:23000], "test": chosen[23000:]}


def names(texts):
    """Names as (name, language), those of one language only."""
    languages = {}
    for file, text in texts.items():
        for name in filter(None, map(str.strip, _lines(text))):
            languages.setdefault(name, set()).add(file.removesuffix(".txt"))
    clear = [(name, *found) for name, found in languages.items() if len(found) == 1]
    return by_hash(clear, key=lambda example: example[0])


def linzen(texts):
    """Prefixes as (words, singular or plural, attractors); the number is known in the test only."""
    test, lines = [], set()
    for k in range(1, 6):
        here = _lines(texts[f"numpred.test.{k}"])
        lines.update(here)
        test += [_prefix(line, k) for line in here]
    rest = [_prefix(line, None) for line in _lines(texts["numpred.val"]) if line not in lines]
    held = [remainder(" ".join(words), 10) == 0 for words, _, _ in rest]
    return {"train": [example for example, out in zip(rest, held, strict=True) if not out],
            "valid": [example for example, out in zip(rest, held, strict=True) if out],
            "test": test}


READERS = {reader.__name__: reader for reader in (
    tinyshakespeare, ewt, snips, clinc150, sms_spam, wnut17, cmudict, tatoeba, names, linzen)}


def _lines(text):
    return [line for line in text.split("\n") if line.strip()]


def _columns(text):
    blocks = re.split(r"\n[ \t]*\n", text)
    rows = [[line.split("\t") for line in _lines(block)] for block in blocks if block.strip()]
    return [([row[0] for row in block], [row[1].strip() for row in block]) for block in rows]


def _bare(sentence):
    return " ".join(re.findall(r"\w+", sentence.lower()))


def _prefix(line, attractors):
    tag, prefix = line.split("\t")
    return prefix.split(), {"VBZ": "singular", "VBP": "plural"}[tag], attractors
