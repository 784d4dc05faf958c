"""The captioner of notebook 15: the vector at every step, and what it thinks of saying.

    python -m rnnlib.experiments.captioner          trains it again, writes data/weights/
"""

import copy
from dataclasses import asdict
from typing import NamedTuple

import torch

from .. import DATA, checkpoints, train
from ..datasets import load as load_data
from ..datasets.shape_scenes import caption, render
from ..text import EOS, Vocab
from . import captions
from .record import versions

WEIGHTS = DATA / "weights" / "captioner.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.captioner"
SHOWN = 4
"""Words that are shown of each step, the likeliest first."""


class Step(NamedTuple):
    """One step of writing: the word that was taken, and the likeliest ones with probabilities."""

    word: str
    labels: list
    probabilities: list


class Captioner:
    """A trained captioner with the numbering of its words.

    Args:
        model: an EncoderDecoder of pictures, in eval mode.
        vocab: of the captions.
        facts: how it was trained, and how good it is.
    """

    def __init__(self, model, vocab, facts):
        self.model, self.vocab, self.facts = model.eval(), vocab, facts

    @torch.no_grad()
    def steps(self, pixels, limit=captions.LIMIT) -> list[Step]:
        """What it says of one picture (3, 32, 32), ink on nothing, word by word, greedily."""
        state, token, found = self.model.start(pixels[None]), torch.tensor([self.vocab.bos]), []
        while len(found) < limit and token.item() != self.vocab.eos:
            log_probs, state = self.model.step(token, state)
            best = log_probs[0].topk(SHOWN)
            token = best.indices[:1]
            labels = self.vocab.decode(best.indices)
            found.append(Step(labels[0], labels, best.values.exp().tolist()))
        return found

    def of(self, scene) -> tuple[list[Step], str]:
        """(its steps on the picture of a scene, the caption that is right)."""
        return self.steps(1 - render([scene])[0]), caption(scene)

    def say(self, scene) -> str:
        """The caption it writes for a scene."""
        return " ".join(step.word for step in self.of(scene)[0] if step.word != EOS)


def run(recipe, album) -> Captioner:
    """Train a captioner and measure it, its weights rounded to two bytes."""
    model, seconds = captions.trained(recipe, album)
    model = copy.deepcopy(model).half().float()
    values = captions.values_of(model, album, recipe)
    facts = {"recipe": asdict(recipe), "words": album.vocab.symbols, "seconds": round(seconds),
             "data": album.data.name, "data_sha256": album.data.sha256, "versions": versions(),
             "reached": {name: round(values[name], 2) for name in ("exact_seen", "exact_unseen")}}
    return Captioner(model, album.vocab, facts)


def load(path=WEIGHTS) -> Captioner:
    """The captioner that comes with the course."""
    _, facts = checkpoints.read(path)
    vocab = Vocab(facts["words"])
    model = captions.Recipe(**facts["recipe"]).model(len(vocab))
    return Captioner(model, vocab, train.load_weights(path, model))


def main():
    """Train on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    made = run(captions.Recipe(), captions.Album(load_data("scenes")))
    train.save_weights(WEIGHTS, made.model.half(), {"command": COMMAND, **made.facts})
    print(made.facts["reached"])


if __name__ == "__main__":
    main()
