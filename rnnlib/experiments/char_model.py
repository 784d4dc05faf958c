"""The small character model of notebook 00: an LSTM that goes on with a text as Shakespeare might.

    python -m rnnlib.experiments.char_model      trains it again and writes data/weights/

Trained on the first nine tenths of Tiny Shakespeare, measured on the last tenth.
"""

import copy
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import torch

from .. import DATA, ROOT, cells, checkpoints, decode, models, train
from ..batches import Segments
from ..datasets import load as load_data
from ..stepping import Stepper
from ..text import Vocab
from .record import append, measured, versions

WEIGHTS = DATA / "weights" / "char_shakespeare.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.char_model"
CHECKPOINT = ROOT / "build" / "char_model.safetensors"
"""Where an interrupted training goes on from."""


@dataclass(frozen=True)
class Recipe:
    """Sizes of the model and how it is trained: B rows of text at once, T characters a segment."""

    D: int = 64
    H: int = 256
    dropout: float = 0.1
    B: int = 32
    T: int = 64
    steps: int = 7000
    lr: float = 4e-3
    warmup: int = 100
    every: int = 250
    seed: int = 0

    def model(self, symbols: int) -> models.LanguageModel:
        """A model with fresh weights, the same for the same seed."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            cell = cells.LSTMCell(self.D, self.H)
            return models.LanguageModel(symbols, self.D, cell, dropout=self.dropout)

    def settings(self) -> train.Settings:
        """How `fit` trains it."""
        how = {name: getattr(self, name) for name in ("steps", "lr", "warmup", "every", "seed")}
        return train.Settings(**how, decay=train.cosine)


@dataclass(frozen=True)
class Corpus:
    """A text as ids: `train` and the held-out part, with the vocabulary."""

    vocab: Vocab
    train: torch.Tensor
    held_out: torch.Tensor

    @classmethod
    def of(cls, data) -> "Corpus":
        """The course's splits of a text, train and valid together to learn from."""
        vocab = Vocab.of([data.train, data.valid, data.test], specials=())
        return cls(vocab, vocab.encode(data.train + data.valid), vocab.encode(data.test))


def fit(model, corpus: Corpus, recipe: Recipe, path=None) -> Iterator[train.Record]:
    """Train a model on a corpus; held_out in the records is nats for each character."""

    def evaluate(model) -> float:
        """Nats for each held-out character."""
        total, count = models.held_out(model, Segments(corpus.held_out, B=30, T=recipe.T))
        return total / count

    segments = Segments(corpus.train, recipe.B, recipe.T)
    return train.fit(model, segments, models.next_symbol, recipe.settings(), evaluate, path)


def nats(model, ids: torch.Tensor) -> float:
    """Nats for each character of a text read from beginning to end, the state always carried."""
    total, count = models.held_out(model, Segments(ids, B=1, T=500))
    return total / count


def in_half(model) -> models.LanguageModel:
    """A copy of the model whose weights went through two bytes each."""
    return copy.deepcopy(model).half().float()


class Writer:
    """A trained character model that goes on with a text."""

    def __init__(self, model: models.LanguageModel, vocab: Vocab, facts: dict):
        self.model, self.vocab, self.facts = model.eval(), vocab, facts
        self.stepper = Stepper(model)

    def write(self, prompt: str, length: int = 200, temperature: float = 0.7, seed: int = 0) -> str:
        """The next `length` characters after the prompt (after an empty one, a new line).

        Raises:
            ValueError: a character in the prompt that the model has never seen.
        """
        unknown = sorted({symbol for symbol in prompt if symbol not in self.vocab})
        if unknown:
            known = "".join(sorted(self.vocab.symbols)).strip()
            raise ValueError(
                f"the model has never seen {', '.join(map(repr, unknown))}, "
                f"only line ends, spaces and {known}: leave it out of the prompt"
            )
        ids = self.vocab.encode(prompt or "\n")[None]
        last, state = decode.prime(self.stepper.step, ids, self.stepper.start(1))
        out = self.stepper.write(last, state, length, temperature, seed)
        return "".join(self.vocab.decode(out[0]))


def load(path=WEIGHTS) -> Writer:
    """The model that comes with the course, ready to write."""
    _, facts = checkpoints.read(path)
    vocab = Vocab(facts["symbols"])
    model = Recipe(**facts["recipe"]).model(len(vocab))
    return Writer(model, vocab, train.load_weights(path, model))


def run(recipe: Recipe, data, path=None) -> tuple[Writer, list]:
    """Train, measure, and return the writer (its weights in two bytes each) and its records."""
    corpus = Corpus.of(data)
    model = recipe.model(len(corpus.vocab))
    *_, last = train.progress(fit(model, corpus, recipe, path), recipe.steps)
    half = in_half(model)
    values = {"nats_float32": nats(model, corpus.held_out), "nats": nats(half, corpus.held_out)}
    values["parameters"] = sum(weight.numel() for weight in model.parameters())
    setting = {name: value for name, value in asdict(recipe).items() if name != "seed"}
    records = measured("char_model", setting, recipe.seed, values, last.seconds, data)
    facts = {"command": COMMAND, "recipe": asdict(recipe), "symbols": corpus.vocab.symbols}
    facts |= {"data": data.name, "data_sha256": data.sha256, "versions": versions()}
    facts |= {"held_out": values, "steps": last.step, "seconds": round(last.seconds)}
    return Writer(half, corpus.vocab, facts), records


def main() -> None:
    """Train on Tiny Shakespeare on one thread, write the weights, append the results."""
    torch.set_num_threads(1)
    data = load_data("tinyshakespeare")
    if not data.real:
        raise SystemExit(
            "the shipped weights are trained on the real text: "
            "fetch it first with python3 course.py data fetch tinyshakespeare"
        )
    writer, records = run(Recipe(), data, CHECKPOINT)
    train.save_weights(WEIGHTS, writer.model.half(), writer.facts)
    append(records)
    CHECKPOINT.unlink(missing_ok=True)
    for record in records:
        print(f"{record.metric:15}{record.value:,.4f}")
    print(load().write("ROMEO:\n", 300))


if __name__ == "__main__":
    main()
