"""The two taggers of notebook 06: one reads from the left to the right, the other one both ways.

    python -m rnnlib.experiments.pos_taggers      trains both again and writes data/weights/
"""

from dataclasses import asdict, dataclass

import torch

from .. import DATA, checkpoints
from ..batches_labeled import Reader
from ..text import Vocab
from . import labelers, neighbours
from .labelers import Recipe
from .record import versions

WEIGHTS = DATA / "weights" / "pos_taggers.safetensors"
"""The trained weights that come with the course."""
COMMAND = "python -m rnnlib.experiments.pos_taggers"
RECIPE = Recipe(D=48, D_letter=20, H_letter=40, H=64, dropout=0.3, lr=8e-3, updates=900,
                tokens=400)
LEAST = 3
"""How often a word must occur to have a vector."""
REACH = ("left to right", "both ways")


@dataclass
class WordTagger:
    """A tagger with what it reads: `probabilities(words)` of a sentence, `word in tagger`."""

    model: torch.nn.Module
    reader: Reader
    labels: list

    def __contains__(self, word):
        return word.lower() in self.reader.words

    def probabilities(self, words):
        """p(label) (T, K) of the words of one sentence."""
        x, lengths = self.reader([list(words)])
        return self.model.probabilities(x, lengths)[0]

    def tag(self, words):
        """The likeliest label of each word."""
        return [self.labels[k] for k in self.probabilities(words).argmax(1).tolist()]


def learn(task, reader, recipe, reach):
    """A trained tagger of a reach."""
    model = neighbours.network(task, reader, recipe, reach, neighbours.SOFTMAX)
    labelers.fit(model, task, reader, recipe)
    return model


def save(found, reader, facts, path=WEIGHTS):
    """Write taggers (dict reach -> model) and what they read into one file, two bytes a weight."""
    tensors = {f"{reach}/{key}": tensor.half() for reach, model in found.items()
               for key, tensor in checkpoints.named(model).items()}
    header = {"command": COMMAND, "versions": versions(), "words": reader.words.symbols,
              "letters": reader.letters.symbols}
    checkpoints.write(path, tensors, header | facts)


def load(path=WEIGHTS):
    """(dict reach -> WordTagger, facts on how they were trained)."""
    tensors, facts = checkpoints.read(path)
    reader = Reader(Vocab(facts.pop("words")), Vocab(facts.pop("letters")), str.lower)
    task, found = labelers.Task(None, facts["labels"], ([], [[]]), ([], []), ([], [])), {}
    for reach in REACH:
        mine = {key.split("/", 1)[1]: tensor.float() for key, tensor in tensors.items()
                if key.startswith(f"{reach}/")}
        model = neighbours.network(task, reader, RECIPE, reach, neighbours.SOFTMAX).eval()
        checkpoints.copy_into(path, model, mine)
        found[reach] = WordTagger(model, reader, facts["labels"])
    return found, facts


def main():
    """Train both on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    task, found, values = neighbours.task("pos"), {}, {}
    reader = Reader.of(task.train[0], LEAST, str.lower)
    for reach in REACH:
        found[reach] = learn(task, reader, RECIPE, reach)
        halved(found[reach])
        values[reach] = labelers.right(found[reach], reader, task, task.test)
        print(reach, values[reach], flush=True)
    recipe = {name: value for name, value in asdict(RECIPE).items() if name != "keep"}
    save(found, reader, {"recipe": recipe, "labels": task.kinds, "data": task.data.name,
                         "data_sha256": task.data.sha256, "values": values})


def halved(model):
    """Round the weights to two bytes, as they are kept, so that scores are those of the file."""
    with torch.no_grad():
        for tensor in checkpoints.named(model).values():
            tensor.copy_(tensor.half().float())


if __name__ == "__main__":
    main()
