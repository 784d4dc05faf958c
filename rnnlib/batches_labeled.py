"""Texts with labels as batches: word ids, letter ids, labels, lengths, in buckets of like length.

    reader = Reader.of(texts)
    examples = Examples(reader, texts, labels, kinds)
    x, y, lengths = examples[0]         x = (words (B, T), letters (B, T, L))

Taught in notebooks/06_sequence_labeling.ipynb and notebooks/11_characters_and_subwords.ipynb.
"""

import torch

from .batches import Buckets, pad
from .crf import NONE
from .text import PAD, UNK, Vocab

LETTERS = 24
"""Of a longer word only the first and the last twelve letters are read."""


def spelled(word: str) -> str:
    """The letters of a word that are read: all, or the first and last half of LETTERS."""
    half = LETTERS // 2
    return word if len(word) <= LETTERS else word[:half] + word[-half:]


class Reader:
    """Numbers for words and letters: `reader(texts)` is ((words, letters), lengths).

    Words that it does not know share one id (UNK), and so do letters; 0 is the padding of both.

    Args:
        words, letters: a Vocab each, with PAD first.
        form: what of a word is looked up among the words; the letters always see all of it.
    """

    def __init__(self, words: Vocab, letters: Vocab, form=str):
        self.words, self.letters, self.form = words, letters, form

    @classmethod
    def of(cls, texts, least=1, form=str):
        """Number what occurs in some texts, lists of words; words rarer than `least` are left out.

        `form=str.lower` looks words up without their case.
        """
        words = Vocab.of([[form(word) for word in text] for text in texts], least,
                         specials=(PAD, UNK))
        return cls(words, Vocab.of([word for text in texts for word in text],
                                   specials=(PAD, UNK)), form)

    def __call__(self, texts):
        """Lists of words to ((words (B, T), letters (B, T, L)), lengths (B,)).

        Raises:
            ValueError: no text, one without a word, or a text that was not split into words.
        """
        return Forms(self, texts).batch(range(len(texts)))

    def ids(self, forms):
        """Word ids (F,) and letter ids (F, L) of different words."""
        spellings = [self.letters.encode(spelled(form)) for form in forms]
        return (self.words.encode([self.form(form) for form in forms]),
                pad(spellings, self.letters.pad)[0])


class Forms:
    """Texts stored as numbers of their different words, so that letters are looked up once."""

    def __init__(self, reader, texts):
        must_be_texts(texts)
        forms = Vocab.of(texts, specials=(PAD,))
        self.rows = [forms.encode(text) for text in texts]
        words, letters = reader.ids(forms.symbols[1:])
        self.words = torch.cat([words.new_zeros(1), words])  # (F + 1,)
        self.letters = torch.cat([letters.new_zeros(1, letters.shape[1]), letters])  # (F + 1, L)

    def batch(self, numbers):
        """The texts with these numbers: ((words (B, T), letters (B, T, L)), lengths (B,))."""
        forms, lengths = pad([self.rows[i] for i in numbers], 0)
        letters = self.letters[forms]
        longest = int((letters != 0).any(0).any(0).sum())
        return (self.words[forms], letters[..., :longest]), lengths


class Examples:
    """Labelled texts as batches for `train.fit`: `examples[step]` is (x, labels, lengths).

    The labels are (B, T) with crf.NONE in padding if each word has one, (B,) if each text has one.
    A batch depends on the seed and the step alone.

    Args:
        reader: a Reader.
        texts: lists of words.
        labels: for each text its label, or a list of labels as long as the text.
        kinds: the K labels; the number of a label is its place.
        tokens: padded words in a batch.
        seed: of the order of the batches.
    """

    def __init__(self, reader, texts, labels, kinds, tokens=1000, seed=0):
        self.forms, self.kinds = Forms(reader, texts), list(kinds)
        self.labels = numbered(texts, labels, self.kinds)
        self.buckets = Buckets([len(text) for text in texts], tokens, seed)
        self.seed = seed

    @property
    def per_pass(self):
        """How many batches show every text once."""
        return self.buckets.per_pass

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, step):
        return self.batch(self.buckets[step])

    def batch(self, numbers):
        """The texts with these numbers as (x, labels, lengths)."""
        x, lengths = self.forms.batch(numbers)
        found = [self.labels[i] for i in numbers]
        labels = pad(found, NONE)[0] if found[0].ndim else torch.stack(found)
        return x, labels, lengths


class Forgetful:
    """Examples in which rare words are now and then unknown: a word seen n times with a / (a + n).

    So the vector of the unknown word learns what rare words do (Kiperwasser and Goldberg 2016).

    Args:
        examples: an Examples.
        counts: (words,) how often each word id occurred, as `word_counts` counts it.
        unknown: the id of the unknown word.
        a: the larger, the more is forgotten.
    """

    def __init__(self, examples, counts, unknown, a=0.25):
        self.examples, self.unknown = examples, unknown
        self.share = a / (a + counts.clamp(min=1))
        self.share[0] = 0  # padding stays what it is

    def __getitem__(self, step):
        (words, *rest), labels, lengths = self.examples[step]
        draw = torch.Generator().manual_seed(1_000_003 * self.examples.seed + step)
        forgotten = torch.rand(words.shape, generator=draw) < self.share[words]
        return (words.masked_fill(forgotten, self.unknown), *rest), labels, lengths


def word_counts(reader, texts):
    """How often each word id occurs in some texts (words,)."""
    ids = torch.cat([reader.words.encode([reader.form(word) for word in text]) for text in texts])
    return ids.bincount(minlength=len(reader.words))


def numbered(texts, labels, kinds):
    """Labels as tensors: one number for a text, () each, or one for each of its words (T,).

    Raises:
        ValueError: a label that is not among the kinds, or not as many labels as words.
    """
    if len(texts) != len(labels):
        raise ValueError(f"expected one label, or list of labels, for each of {len(texts)} texts, "
                         f"got {len(labels)}: do they belong together?")
    number = {kind: i for i, kind in enumerate(kinds)}
    found = []
    for text, label in zip(texts, labels, strict=True):
        flat = [label] if isinstance(label, str) else label
        odd = next((each for each in flat if each not in number), None)
        if odd is not None:
            raise ValueError(f"expected labels out of {len(kinds)}, such as {kinds[0]}, got "
                             f"{odd!r}: name every label of the training texts in `kinds`")
        if not isinstance(label, str) and len(label) != len(text):
            raise ValueError(f"expected a label for each of {len(text)} words, got {len(label)} "
                             f"for the text that begins with {text[0]!r}")
        ids = torch.tensor([number[each] for each in flat])
        found.append(ids[0] if isinstance(label, str) else ids)
    return found


def must_be_texts(texts):
    """Stop with one sentence at a text that is no list of words, or has none."""
    if isinstance(texts, str) or any(isinstance(text, str) for text in texts):
        raise ValueError("expected lists of words, got a str: split the text into words first, "
                         "text.words(sentence)")
    if not len(texts) or not all(len(text) for text in texts):
        raise ValueError("expected texts of at least one word each, got an empty one: leave it "
                         "out")
    if any(not word for text in texts for word in text):
        raise ValueError("expected words of at least one letter, got '': leave it out")
