"""Teacher forcing against free running in training (K07).

    python -m rnnlib.experiments.free_running

A character model reads segments of T characters from a zero state and must always guess the gold
next character.  What it reads differs after the first, gold, character of each segment:

teacher   the gold characters
sampled   its own: each drawn from the distribution it has just given
greedy    its own: each time the most probable one

In the last two the segment is written without gradients first; then the loss of the gold characters
after these inputs is sent back as usual.  Held-out text is always read as it is.
"""

import sys
import time
from dataclasses import asdict, dataclass
from statistics import fmean

import torch
from torch import Tensor

from .. import cells, models, train
from ..batches import Segments
from ..datasets import load
from ..metrics import cross_entropy
from ..text import Vocab
from .record import append, measured

SEEDS = (0, 1, 2)
AT = (25, 50, 100, 200, 400)
"""After so many updates the held-out loss is recorded."""


@dataclass(frozen=True)
class Recipe:
    """The model and its training; `reads` is "teacher", "sampled" or "greedy"."""

    reads: str = "teacher"
    D: int = 32
    H: int = 128
    B: int = 32
    T: int = 32
    lr: float = 4e-3
    seed: int = 0

    def model(self, size: int) -> models.LanguageModel:
        """A model with fresh weights, the same for the same seed."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            return models.LanguageModel(size, self.D, cells.LSTMCell(self.D, self.H))


def drawn(log_probs: Tensor) -> Tensor:
    """One id (B,) for each row, drawn from its distribution."""
    return torch.multinomial(log_probs.exp(), 1)[:, 0]


def likeliest(log_probs: Tensor) -> Tensor:
    """The most probable id (B,) of each row."""
    return log_probs.argmax(-1)


CHOOSE = {"sampled": drawn, "greedy": likeliest}


@torch.no_grad()
def own_inputs(model, x: Tensor, choose) -> Tensor:
    """What the model reads when it eats its own output: (B, T), the first column that of x."""
    state, read = model.start(len(x)), [x[:, 0]]
    for _ in range(x.shape[1] - 1):
        log_probs, state = model.step(read[-1], state)
        read.append(choose(log_probs))
    return torch.stack(read, 1)


def loss_of(reads: str):
    """A loss for `train.fit`: the gold next characters after gold or own inputs."""

    def loss(model, batch, carry):
        x, y, _ = batch
        read = x if reads == "teacher" else own_inputs(model, x, CHOOSE[reads])
        total, count = cross_entropy(model(read)[0], y)
        return total / count, count, None

    return loss


@dataclass(frozen=True)
class Characters:
    """A text as ids: where it comes from, its vocabulary, training and held-out part."""

    name: str
    sha256: str
    vocab: Vocab
    train: Tensor
    held_out: Tensor


def characters(name: str = "tinyshakespeare", held: int = 20_000) -> Characters:
    """Load a text over characters; of its test split the first `held` are held out."""
    data = load(name)
    vocab = Vocab.of([data.train, data.valid, data.test], specials=())
    texts = vocab.encode(data.train), vocab.encode(data.test[: held + 1])
    return Characters(data.name, data.sha256, vocab, *texts)


def curve(recipe: Recipe, text: Characters, steps: int = AT[-1]):
    """(trained model, its records): held-out nats per character every 25 updates."""
    model = recipe.model(len(text.vocab))
    held = Segments(text.held_out, B=20, T=100)
    settings = train.Settings(steps, recipe.lr, warmup=20, every=AT[0], seed=recipe.seed)

    def evaluate(model):
        nats, count = models.held_out(model, held)
        return nats / count

    batches = Segments(text.train, recipe.B, recipe.T)
    return model, list(train.fit(model, batches, loss_of(recipe.reads), settings, evaluate))


def eating(model, text: Characters, B: int = 100, T: int = 32) -> dict:
    """Nats per character of gold text after gold inputs and after own, drawn ones, from zeros.

    The second is no measure of the text's probability: the model guesses it without reading it.
    """
    x, y, _ = Segments(text.held_out, B, T)[0]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        read = {"gold": x, "drawn": own_inputs(model, x, drawn)}
    nats = {name: cross_entropy(model(inputs)[0], y) for name, inputs in read.items()}
    return {name: (total / count).item() for name, (total, count) in nats.items()}


def run(recipe: Recipe, text: Characters):
    """One model trained, as records: nats_25, nats_50, ... on held-out text."""
    began = time.process_time()
    model, records = curve(recipe, text)
    values = {f"nats_{r.step}": r.held_out for r in records if r.step in AT}
    values |= {"characters_per_second": fmean(r.tokens_per_second for r in records)}
    values |= {f"own_{name}": nats for name, nats in eating(model, text).items()}
    setting = {name: value for name, value in asdict(recipe).items() if name != "seed"}
    return measured("K07", setting, recipe.seed, values, time.process_time() - began, text)


def main(seeds=SEEDS):
    """Run, print and append."""
    torch.set_num_threads(1)
    text = characters()
    for seed in seeds:
        for reads in ("teacher", *CHOOSE):
            records = run(Recipe(reads, seed=seed), text)
            append(records)
            said = " ".join(f"{record.metric} {record.value:.3f}" for record in records)
            print(f"{reads} {seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or SEEDS)
