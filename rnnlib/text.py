"""From text to numbers and back: tokenisers and the vocabulary."""

import json
import re
from collections import Counter

import torch

PAD, UNK, BOS, EOS = "<pad>", "<unk>", "<s>", "</s>"
"""Fills a batch; stands for an unknown symbol; begins a sequence; ends a sequence."""

WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


def words(text):
    """Split a text into words and punctuation marks, case kept: "It's late." -> It's, late, '.'."""
    return WORD.findall(_text(text))


def chars(text):
    """Split a text into its characters, spaces and line ends included."""
    return list(_text(text))


class Vocab:
    """A numbering of symbols: `vocab[symbol]` is the id, `vocab.symbols[id]` the symbol.

    Args:
        symbols: different strings; the position is the id.

    Raises:
        ValueError: no symbols, a repeated one, or one that is not a string.

    >>> vocab = Vocab.of([["the", "cat"], ["the", "dog"]])
    >>> vocab.decode(vocab.encode(["the", "bird"]))
    ['the', '<unk>']
    """

    def __init__(self, symbols):
        self.symbols = list(symbols)
        _check_symbols(self.symbols)
        self._ids = {symbol: i for i, symbol in enumerate(self.symbols)}

    @classmethod
    def of(cls, sequences, least=1, most=None, specials=(PAD, UNK, BOS, EOS)):
        """Number the symbols of some sequences: specials first, then the most frequent first.

        Args:
            sequences: lists of words, or strings (a sequence of characters each).
            least: leave out what occurs fewer times than this.
            most: keep at most this many symbols besides the specials.
            specials: markers that get the first ids.
        """
        counts = Counter()
        for sequence in sequences:
            counts.update(sequence)
        if not counts:
            raise ValueError("a vocabulary needs at least one symbol, but the sequences are empty: "
                             "is the text or the file empty?")
        for special in specials:
            counts.pop(special, None)
        ranked = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
        kept = [symbol for symbol in ranked if counts[symbol] >= least]
        return cls([*specials, *kept[:most]])

    def __len__(self):
        return len(self.symbols)

    def __contains__(self, symbol):
        return symbol in self._ids

    def __repr__(self):
        return f"Vocab({len(self)} symbols: {' '.join(map(repr, self.symbols[:8]))} ...)"

    def __getitem__(self, symbol):
        found = self._ids.get(symbol, self._ids.get(UNK))
        if found is None:
            raise ValueError(f"unknown symbol {symbol!r}: it is not one of the {len(self)} symbols "
                             f"of this vocabulary, which has no {UNK} to stand for it")
        return found

    def encode(self, tokens):
        """Turn tokens (a list of words, or a string of characters) into their ids (T,)."""
        return torch.tensor([self[token] for token in tokens], dtype=torch.long)

    def decode(self, ids):
        """Turn ids (T,), a tensor or a list, back into symbols."""
        ids = ids.tolist() if isinstance(ids, torch.Tensor) else list(ids)
        for i in ids:
            if not isinstance(i, int) or not 0 <= i < len(self):
                raise ValueError(f"ids must be (T,) whole numbers from 0 to {len(self) - 1}, "
                                 f"got {i!r}: was the batch axis left on?")
        return [self.symbols[i] for i in ids]

    pad = property(lambda self: self._special(PAD), doc="The id of the padding symbol.")
    unk = property(lambda self: self._special(UNK), doc="The id of the unknown symbol.")
    bos = property(lambda self: self._special(BOS), doc="The id of the begin marker.")
    eos = property(lambda self: self._special(EOS), doc="The id of the end marker.")

    def _special(self, symbol):
        if symbol not in self._ids:
            raise ValueError(f"this vocabulary has no {symbol}: name it among the specials "
                             "of Vocab.of")
        return self._ids[symbol]

    def to_json(self):
        """The vocabulary as JSON text, for a file or the header of a checkpoint."""
        return json.dumps({"symbols": self.symbols}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text):
        """The vocabulary that `to_json` wrote."""
        try:
            return cls(json.loads(text)["symbols"])
        except (TypeError, KeyError, json.JSONDecodeError) as error:
            raise ValueError(f"expected the JSON text of a vocabulary, as Vocab.to_json writes it, "
                             f"got {str(text)[:40]!r}: is the file damaged?") from error


def _text(text):
    if not isinstance(text, str):
        raise ValueError(f"expected text, a str, got {type(text).__name__}: read the file with "
                         "an encoding, or join the tokens first")
    return text


def _check_symbols(symbols):
    if not symbols:
        raise ValueError("a vocabulary needs at least one symbol, got none: is the text empty?")
    odd = next((symbol for symbol in symbols if not isinstance(symbol, str)), None)
    if odd is not None:
        raise ValueError(f"symbols must be strings, got {odd!r}: pass the symbols, not their ids")
    if len(set(symbols)) < len(symbols):
        twice = Counter(symbols).most_common(1)[0][0]
        raise ValueError(f"symbols must be different, got {twice!r} more than once: "
                         "Vocab.of counts repeated tokens")
