"""Single units of a character model that follow quotes, brackets, or the place in the line.

    python -m rnnlib.experiments.char_units pydoc 0 1 2    scores the models that char_growth left
    python -m rnnlib.experiments.char_units shipped        scores the course's model of Shakespeare
    python -m rnnlib.experiments.char_units ship 2         writes char_pydoc in data/weights

Nobody told these models what a bracket is: they only learned to guess the next character.  A unit
is chosen on the first half of the held-out text and scored on the second half, so that the best
of many is not best by luck; beside it stand the best unit of an untrained network and, as a bound,
a weighted sum of all units.
"""

import sys
import time
from dataclasses import asdict, dataclass

import torch

from .. import DATA, train
from ..bptt_lstm import lstm
from ..datasets import load as load_data
from . import char_model
from .char_growth import COMMAND as MADE_BY
from .char_growth import GROWN, Recipe
from .char_model import Corpus, Writer
from .gate_readers import in_brackets, in_quotes
from .record import append, measured, versions

CLAIM = "char_units"
WEIGHTS = DATA / "weights" / "char_pydoc.safetensors"
"""A character model of Python's documentation, of three that whose units are the clearest."""
ROWS = 16
"""Rows in which held-out text is read."""


def columns(text):
    """For each character how many characters of its line have been read, itself included."""
    found, column = [], 0
    for c in text:
        column = 0 if c == "\n" else column + 1
        found.append(column)
    return found


def in_names(text):
    """For each character whether it belongs to a line that is the name of a speaker."""
    found = []
    for line in text.split("\n"):
        found += [line.endswith(":") and line[0].isupper()] * (len(line) + 1)
    return found[: len(text)]


PROPERTIES = {
    "pydoc": {"quote": in_quotes, "bracket": in_brackets, "place in the line": columns},
    "tinyshakespeare": {"place in the line": columns, "name of a speaker": in_names},
}
"""Text -> what a unit may follow: name -> function from a text to a number for each character."""


@torch.no_grad()
def contexts(model, ids, rows=1):
    """The context c of every unit after each character: (T, H) for ids (T,).

    For speed a text can be read in rows side by side, each from a zero state; T must be a multiple.
    """
    cell = model.layer.cell
    _, c = lstm(cell, model.E(ids.view(rows, -1)), cell.start(rows))
    return c.flatten(0, 1)


def readable(text, vocab):
    """What a model can read of a text, cut to a multiple of ROWS characters."""
    text = "".join(c for c in text if c in vocab)
    return text[: len(text) // ROWS * ROWS]


def ranks(values):
    """(T, H) -> the rank of each number in its column, from 0 to T - 1."""
    order = values.argsort(0)
    places = torch.arange(len(values), dtype=torch.double)[:, None].expand_as(order)
    return torch.empty_like(places).scatter_(0, order, places)


def scores(values, wanted):
    """How well each unit follows, from -1 to 1: (H,) for values (T, H) and wanted (T,).

    wanted of True and False: 2 A - 1, where A is the probability that the unit is higher at a
    character where it is True than at one where it is False (the area under the ROC curve).
    wanted of numbers: their correlation with the unit.
    """
    wanted = torch.as_tensor(wanted)
    if wanted.dtype == torch.bool:
        n, total = int(wanted.sum()), len(wanted)
        above = ranks(values)[wanted].sum(0) - n * (n - 1) / 2
        return 2 * above / (n * (total - n)) - 1
    x, y = (v.double() - v.double().mean(0) for v in (values, wanted))
    return (x * y[:, None]).sum(0) / (x.norm(dim=0) * y.norm()).clamp(min=1e-12)


def shades(values):
    """Contexts (T, H) as colours: each unit by rank, from -1, its lowest, to 1, its highest."""
    return 2 * ranks(values) / (len(values) - 1) - 1


@dataclass(frozen=True)
class Found:
    """The unit chosen on the first half: its number, sign, score on either half."""

    unit: int
    sign: int
    first: float
    second: float


def best(values, wanted):
    """The unit that follows best on the first half, and its score on the second: a `Found`."""
    half, wanted = len(values) // 2, torch.as_tensor(wanted)
    first = scores(values[:half], wanted[:half])
    unit = int(first.abs().argmax())
    sign = 1 if first[unit] >= 0 else -1
    second = scores(values[half:, unit : unit + 1], wanted[half:])
    return Found(unit, sign, sign * first[unit].item(), sign * second.item())


def all_units(values, wanted):
    """The score on the second half of a weighted sum of all units, weights by least squares."""
    half, wanted = len(values) // 2, torch.as_tensor(wanted)
    X = torch.cat([values, torch.ones(len(values), 1)], 1).double()
    y = wanted[:half].double()[:, None]
    weights = torch.linalg.lstsq(X[:half], y).solution
    return scores(X[half:] @ weights, wanted[half:]).item()


def own_text(writer, length=640, seed=0):
    """What a model writes itself, ROWS pieces one after the other, each from a zero state."""
    first = torch.full((ROWS,), writer.vocab["\n"])
    ids = writer.stepper.write(first, writer.stepper.start(ROWS), length, 0.8, seed)
    return "".join(writer.vocab.decode(ids.flatten()))


def followers(model, vocab, text, name):
    """dict property -> Found, for a `readable` text."""
    values = contexts(model, vocab.encode(text), ROWS)
    return {what: best(values, of(text)) for what, of in PROPERTIES[name].items()}


def grown(name, seed):
    """A model that `char_growth` trained, as a Writer."""
    path = GROWN / f"{name}_{seed}.safetensors"
    if not path.exists():
        raise SystemExit("the models are trained by python -m rnnlib.experiments.char_growth "
                         f"{name} {seed}: run it first")
    data = load_data(name)
    corpus = Corpus.of(data)
    model = Recipe(seed=seed).model(len(corpus.vocab))
    facts = train.load_weights(path, model)
    if facts["data_sha256"] != data.sha256:
        raise SystemExit(f"{path} was trained on another {name}: train it again")
    return Writer(model, corpus.vocab, facts), data


def compared(trained_by, data):
    """A (Writer, its recipe) and its untrained self as records: scores on the second half."""
    began, (writer, recipe) = time.process_time(), trained_by
    fresh, name = recipe.model(len(writer.vocab)), data.name
    text, found = readable(data.test, writer.vocab), []
    ids = writer.vocab.encode(text)
    trained, untrained = (contexts(model, ids, ROWS) for model in (writer.model, fresh))
    for what, of in PROPERTIES[name].items():
        wanted, one = of(text), best(trained, of(text))
        values = {"best unit": one.second, "untrained": best(untrained, wanted).second,
                  "all units": all_units(trained, wanted), "unit": one.unit}
        setting = {"text": name, "property": what, "H": recipe.H}
        seconds = time.process_time() - began
        found += measured(CLAIM, setting, recipe.seed, values, seconds, data)
    return found


def ship(seed, path=WEIGHTS):
    """Write a model of Python's documentation that char_growth trained, two bytes a weight."""
    writer, data = grown("pydoc", seed)
    grew = Recipe(seed=seed)
    recipe = char_model.Recipe(D=grew.D, H=grew.H, dropout=0.0, B=grew.B, T=grew.T, lr=grew.lr,
                               steps=grew.steps[-1], seed=seed)
    facts = {"command": f"{MADE_BY} pydoc {seed}", "recipe": asdict(recipe),
             "symbols": writer.vocab.symbols, "data": data.name, "data_sha256": data.sha256,
             "versions": versions(), "held_out": {"nats": char_model.nats(
                 char_model.in_half(writer.model), writer.vocab.encode(data.test))}}
    train.save_weights(path, char_model.in_half(writer.model).half(), facts)


def load(path=WEIGHTS):
    """The model of Python's documentation that comes with the course, as a Writer."""
    return char_model.load(path)


def main(arguments=None):
    """Scores of the models of a text and some seeds, appended; or weights for the course."""
    torch.set_num_threads(1)
    name, *seeds = sys.argv[1:] if arguments is None else arguments
    found = []
    if name == "ship":
        ship(int(seeds.pop()))
    elif name == "shipped":
        found = compared((char_model.load(), char_model.Recipe()), load_data("tinyshakespeare"))
    for seed in map(int, seeds):
        writer, data = grown(name, seed)
        found += compared((writer, Recipe(seed=seed)), data)
    append(found)
    for record in found:
        what = record.setting["property"]
        print(f"{name} {record.seed} {what}, {record.metric}: {record.value:.3f}", flush=True)


if __name__ == "__main__":
    main()
