"""Splits that are the same on every machine: by the hash of a key, never by chance."""

import hashlib


def remainder(key, modulus):
    """The SHA-1 of a key as a number, modulo something."""
    return _number(key) % modulus


def order(key):
    """A sort key that shuffles, the same way everywhere."""
    return hashlib.sha1(key.encode("utf-8")).hexdigest()


def by_hash(examples, key):
    """Split examples by `sha1(key(example)) % 10`: 0 test, 1 valid, the rest train."""
    parts = {"train": [], "valid": [], "test": []}
    for example in examples:
        place = {0: "test", 1: "valid"}.get(remainder(key(example), 10), "train")
        parts[place].append(example)
    return parts


def by_two_hashes(examples, key):
    """Split examples by fifths, 0 test; of the rest a tenth, by the quotient, is valid."""
    parts = {"train": [], "valid": [], "test": []}
    for example in examples:
        quotient, fifth = divmod(_number(key(example)), 5)
        place = "test" if fifth == 0 else "valid" if quotient % 10 == 0 else "train"
        parts[place].append(example)
    return parts


def by_position(text):
    """Split a text: the first 85 % train, the next 5 % valid, the last 10 % test."""
    first, second = int(0.85 * len(text)), int(0.9 * len(text))
    return {"train": text[:first], "valid": text[first:second], "test": text[second:]}


def _number(key):
    return int(hashlib.sha1(key.encode("utf-8")).hexdigest(), 16)
