"""The two small word models of notebook 04, with their vocabulary: an LSTM and a window.

    python -m rnnlib.experiments.word_models      trains both again and writes data/weights/

They read 5,000 different symbols, more than the models of K05, whose runs must be short.
"""

import torch

from .. import DATA, checkpoints
from ..text import Vocab
from .record import versions
from .three_models import Recipe, run
from .word_text import word_text

WEIGHTS = DATA / "weights" / "word_models.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.word_models"
RECIPES = {name: Recipe(name, symbols=5000) for name in ("lstm", "window")}


def save(found: dict, vocab: Vocab, facts: dict, path=WEIGHTS) -> None:
    """Write models (dict name -> model) and their vocabulary into one file, two bytes a weight."""
    tensors = {f"{name}/{key}": tensor.half() for name, model in found.items()
               for key, tensor in checkpoints.named(model).items()}
    header = {"command": COMMAND, "versions": versions(), "symbols": vocab.symbols}
    checkpoints.write(path, tensors, header | facts)


def load(path=WEIGHTS):
    """(dict name -> model in eval mode, vocabulary, facts on how they were trained)."""
    tensors, facts = checkpoints.read(path)
    vocab, found = Vocab(facts.pop("symbols")), {}
    for name in facts["recipes"]:
        mine = {key.split("/", 1)[1]: tensor.float() for key, tensor in tensors.items()
                if key.startswith(f"{name}/")}
        found[name] = RECIPES[name].network(len(vocab)).eval()
        checkpoints.copy_into(path, found[name], mine)
    return found, vocab, facts


def main():
    """Train both on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    text, found, facts = word_text(), {}, {}
    for name, recipe in RECIPES.items():
        found[name], records = run(recipe, text)
        facts[name] = {record.metric: record.value for record in records}
    recipes = {name: recipe.setting() for name, recipe in RECIPES.items()}
    save(found, text.vocab, {"recipes": recipes, "seed": 0, "data": text.name,
                             "sha256": text.sha256, "values": facts})
    print(facts)


if __name__ == "__main__":
    main()
