"""The two small taggers of notebook 11, with and without letters, and what a letter decides.

    python -m rnnlib.experiments.letter_taggers          trains both again, writes data/weights/

Words that the training text has once only are no words of their own here: the file stays small, and
the vector of the unknown word learns from them.
"""

import torch

from .. import DATA, checkpoints
from ..batches_labeled import Reader
from ..datasets import load as load_data
from ..text import Vocab
from . import labelers, unknown_words
from .record import versions

WEIGHTS = DATA / "weights" / "letter_taggers.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.letter_taggers"
INPUTS = ("words", "words + letters")
LEAST = 2


class Taggers:
    """Trained taggers that share a reader: `taggers.tags(name, words)` and what decided a tag.

    Args:
        found: dict name -> tagger.
        reader: their Reader.
        kinds: the labels.
        facts: how they were trained, and how good they are.
    """

    def __init__(self, found, reader, kinds, facts):
        self.found, self.reader, self.kinds, self.facts = found, reader, list(kinds), facts

    def __contains__(self, word):
        return self.reader.form(word) in self.reader.words

    def probabilities(self, name, words):
        """p(label) of each word of a sentence, a list of T words: (T, K)."""
        return self.found[name].probabilities(*self.reader([words]))[0]

    def tags(self, name, words):
        """The most probable label of each word of a sentence."""
        return [self.kinds[k] for k in self.probabilities(name, words).argmax(1).tolist()]

    def decided(self, name, words, place):
        """What each letter of the word at a place does for its tag: (tag, p, says (L,), instead).

        p is the probability of the tag the word gets; `says` is by how much it falls when a letter
        is left out, `instead` which tag the word gets then.
        """
        word = words[place]
        shorter = [word[:i] + word[i + 1 :] or "?" for i in range(len(word))]
        texts = [words[:place] + [form] + words[place + 1 :] for form in [word, *shorter]]
        x, lengths = self.reader(texts)
        p = self.found[name].probabilities(x, lengths)[:, place]
        k = p[0].argmax()
        instead = [self.kinds[best] for best in p[1:].argmax(1).tolist()]
        return self.kinds[k], p[0, k].item(), p[0, k] - p[1:, k], instead

    def windows(self, name, word):
        """What the windows say at each letter of a word: tanh(W [e ... e] + b), (H, L)."""
        conv = self.found[name].embed.inner.parts[1]
        _, letters = self.reader.ids([word])
        with torch.no_grad():
            return torch.tanh(conv.W(conv.E(letters).mT))[0]


def followers(taggers, name, groups):
    """For each group of words the window that answers to it most: dict group -> (unit, gap).

    The gap is the mean of the unit's maximum over the words of the group, less that over the words
    of all other groups.

    Args:
        groups: dict name of a group -> words.
    """
    means = {group: torch.stack([taggers.windows(name, word).amax(1) for word in words]).mean(0)
             for group, words in groups.items()}
    found = {}
    for group, mean in means.items():
        others = torch.stack([other for label, other in means.items() if label != group]).mean(0)
        gap, unit = (mean - others).max(0)
        found[group] = unit.item(), gap.item()
    return found


def recipe(inputs):
    """The recipe of a tagger that comes with the course."""
    return unknown_words.Recipe(inputs=inputs, D=48, updates=800)


def save(taggers, path=WEIGHTS):
    """Write the taggers, two bytes a weight, their symbols and the facts."""
    tensors = {f"{name}/{key}": tensor.half() for name, tagger in taggers.found.items()
               for key, tensor in checkpoints.named(tagger).items()}
    reader = taggers.reader
    symbols = {"words": reader.words.symbols, "letters": reader.letters.symbols,
               "kinds": taggers.kinds}
    checkpoints.write(path, tensors, {"command": COMMAND, "versions": versions(),
                                      "symbols": symbols, "facts": taggers.facts})


def load(path=WEIGHTS):
    """The `Taggers` that come with the course."""
    tensors, header = checkpoints.read(path)
    symbols = header["symbols"]
    reader = Reader(Vocab(symbols["words"]), Vocab(symbols["letters"]), str.lower)
    task, found = labelers.Task(None, symbols["kinds"], (), (), ()), {}
    for name in INPUTS:
        found[name] = unknown_words.model(task, reader, recipe(name)).eval()
        mine = {key.removeprefix(f"{name}/"): tensor.float() for key, tensor in tensors.items()
                if key.startswith(f"{name}/")}
        checkpoints.copy_into(path, found[name], mine)
    return Taggers(found, reader, symbols["kinds"], header["facts"])


def learn(task, inputs=INPUTS):
    """Train a tagger for each of the inputs on a task."""
    found, facts = {}, {"data": task.data.name, "sha256": task.data.sha256, "seed": 0}
    for name in inputs:
        found[name], reader, seconds = unknown_words.trained(task, recipe(name), LEAST)
        right = labelers.right(found[name], reader, task, task.test)
        facts[name] = right | recipe(name).setting() | {"seconds": round(seconds)}
    return Taggers(found, reader, task.kinds, facts)


def main():
    """Train both on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    taggers = learn(labelers.Task.of(load_data("ewt")))
    save(taggers)
    print(taggers.facts)


if __name__ == "__main__":
    main()
