"""The baseline of every tagger: each word gets the label that it had most often."""

from collections import Counter, defaultdict


class MostFrequent:
    """Each word's most frequent label, whatever stands around it.

    Args:
        sentences: pairs (words, labels), two lists of strings of one length.
        unknown: the label of a word that the sentences do not have.

    Taught in notebooks/06_sequence_labeling.ipynb.
    """

    def __init__(self, sentences, unknown):
        if not len(sentences):
            raise ValueError("a most frequent label is counted, got no sentences: "
                             "is the split empty?")
        self.counts, self.unknown = defaultdict(Counter), unknown
        for words, labels in sentences:
            for word, label in zip(words, labels, strict=True):
                self.counts[word][label] += 1
        self.best = {word: found.most_common(1)[0][0] for word, found in self.counts.items()}

    def __contains__(self, word):
        return word in self.best

    def __repr__(self):
        return f"MostFrequent({len(self.best)} words, {self.unknown!r} for the others)"

    def tag(self, words) -> list[str]:
        """The labels of one sentence, a list of words."""
        return [self.best.get(word, self.unknown) for word in words]

    def tag_all(self, sentences) -> list[list[str]]:
        """The labels of many sentences."""
        return [self.tag(words) for words in sentences]
