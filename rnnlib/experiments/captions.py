"""Captions of pictures: three places for the vector, on pairs of colour and shape seen or not.

    python -m rnnlib.experiments.captions 0            all captioners with this seed
    python -m rnnlib.experiments.captions few 0        the best one, told some new pairs
    python -m rnnlib.experiments.captions early 0      the best one, stopped after 100 updates
    python -m rnnlib.experiments.captions longer 0     the slowest style, three times the updates

Pictures of one or two coloured shapes.  `seen` are held-out pictures of pairs that were in the
training, `unseen` those with at least one pair that was not (datasets.shape_scenes).
"""

import sys
import time
from dataclasses import asdict, dataclass, replace

import torch
from torch import nn

from .. import train
from ..cells import GRUCell
from ..datasets import load as load_data
from ..datasets.shape_scenes import SIZE, UNSEEN, render
from ..layers import OverTime
from ..models import (
    ContextDecoder,
    Decoder,
    EncoderDecoder,
    FlatEncoder,
    InputDecoder,
    Pictures,
    SmallConvEncoder,
    greedy_answers,
)
from ..objectives import likelihood, nats
from ..text import BOS, EOS, Vocab
from .record import append, measured, recorded, run_key
from .said_in_captions import counted, in_vector

CLAIM = "captions"
SHAPE = (3, SIZE, SIZE)
LIMIT = 16
"""Words that are written at most; the longest caption has ten and an end marker."""
INPUT, STATE, EVERY = "first input", "state", "every step"
FLAT, CONV, BLIND = "feed-forward", "convolution", "no picture"
HELD = 300
"""So many unseen scenes at most are shown in training by `few`; it is tested on the others."""


@dataclass(frozen=True)
class Recipe:
    """Sizes of a captioner, where its vector goes, and how it is trained.

    Args:
        encoder: FLAT, CONV, or BLIND: as CONV, but every picture is empty.
        style: INPUT, STATE or EVERY.
        keep: the bias of the decoder's gate z, which keeps the state, before training.
        shown: scenes with unseen pairs that are put into the training all the same.
    """

    encoder: str = CONV
    style: str = EVERY
    D: int = 16
    C: int = 48
    keep: float = 1.0
    steps: int = 600
    B: int = 64
    lr: float = 4e-3
    shown: int = 0
    seed: int = 0

    def model(self, words: int) -> EncoderDecoder:
        """A captioner with fresh weights, the same for the same seed."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            encoder = (FlatEncoder(SHAPE, 64, self.C) if self.encoder == FLAT
                       else SmallConvEncoder(SHAPE, 16, self.C))
            return EncoderDecoder(encoder, decoder(self, words, encoder))

    def settings(self) -> train.Settings:
        """How `fit` trains it."""
        return train.Settings(steps=self.steps, lr=self.lr, warmup=min(50, self.steps),
                              every=self.steps, decay=train.cosine, seed=self.seed)

    def setting(self) -> dict:
        """The recipe without its seed, for records."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}


UNITS = {INPUT: 86, STATE: 80, EVERY: 62}
"""H of the decoder of each style: about as many weights in all."""


def decoder(recipe: Recipe, words: int, encoder) -> Decoder:
    """A GRU that is told the vector as its first input, as its first state, or at every step."""
    D, H = recipe.D, UNITS[recipe.style]
    cell = GRUCell(D + recipe.C * (recipe.style == EVERY), H)
    nn.init.constant_(cell.b_z, recipe.keep)
    kind = {INPUT: InputDecoder, STATE: Decoder, EVERY: ContextDecoder}[recipe.style]
    return kind(words, D, OverTime(cell), encoder)


class Album:
    """Scenes with their pictures and captions: `album.part(examples)` is what a model reads.

    Args:
        data: the scenes, as `datasets.load("scenes")` gives them.
    """

    def __init__(self, data):
        self.data = data
        self.seen, self.unseen = data.valid, data.test
        self.vocab = Vocab.of((text.split() for _, text in data.train), specials=(BOS, EOS))

    def training(self, shown=0):
        """The scenes to learn from, with the first so many of the unseen ones."""
        return [*self.data.train, *self.unseen[: shown]]

    def pixels(self, examples) -> torch.Tensor:
        """What is drawn on the paper, 0 where nothing is: (N, 3, 32, 32)."""
        return 1 - render([scene for scene, _ in examples])

    def batches(self, examples, B, seed=0, blind=False) -> Pictures:
        """Batches of B pictures with their captions; the pictures empty for a blind model."""
        pixels = self.pixels(examples) * (0.0 if blind else 1.0)
        return Pictures(pixels, [self.vocab.encode(text.split()) for _, text in examples],
                        self.vocab, B, seed)


def trained(recipe: Recipe, album: Album):
    """A captioner after its training, and the processor's seconds that took."""
    began, model = time.process_time(), recipe.model(len(album.vocab))
    batches = album.batches(album.training(recipe.shown), recipe.B, recipe.seed,
                            recipe.encoder == BLIND)
    for _ in train.fit(model, batches, likelihood, recipe.settings()):
        pass
    return model, time.process_time() - began


@torch.no_grad()
def captions(model, album: Album, pixels) -> list[tuple[str, float]]:
    """What a model says of each picture, greedily, with the probability it gives to that."""
    found = greedy_answers(model.eval(), (pixels,), album.vocab, LIMIT)
    return [(" ".join(album.vocab.decode(one.ids)), torch.tensor(one.score).exp().item())
            for one in found]


def values_of(model, album: Album, recipe: Recipe) -> dict[str, float]:
    """Everything that is recorded of a captioner."""
    found, unseen = {}, album.unseen[HELD if recipe.shown else 0 :]
    for name, examples in {"seen": album.seen, "unseen": unseen}.items():
        pixels = album.pixels(examples) * (recipe.encoder != BLIND)
        said = captions(model, album, pixels)
        found |= {f"{key}_{name}": value for key, value in counted(examples, said).items()}
    total, count = nats(model, album.batches(album.seen, 500, 0, recipe.encoder == BLIND))
    found |= {"nats_seen": total / count, "parameters": sum(map(torch.numel, model.parameters()))}
    if recipe.encoder != BLIND:
        found |= {f"sure_{name}": sum(p for _, p in captions(model, album, pixels)) / len(pixels)
                  for name, pixels in strange(recipe.seed).items()}
        found |= read_off(model, album)
        found |= {f"shape_after_{whose}_{name}": after(model, album, examples, colour)
                  for whose, colour in {"own": None, "yellow": "yellow"}.items()
                  for name, examples in {"seen": album.seen, "unseen": unseen}.items()}
    return found


@torch.no_grad()
def after(model, album: Album, examples, colour=None) -> float:
    """Percent of first named things whose shape is the likeliest word after "a", their size and
    their colour, or after another colour in its place; of unseen scenes those of unseen pairs."""
    new = examples is not album.seen
    chosen = [(scene, text) for scene, text in examples
              if (tuple(text.split()[2:4]) in UNSEEN) == new]
    words = [text.split()[:4] for _, text in chosen]
    told = [[BOS, a, size, colour or own] for a, size, own, _ in words]
    y = torch.stack([album.vocab.encode(one) for one in told])
    guess = model.eval()((album.pixels(chosen),), y)[:, -1].argmax(1)
    shapes = album.vocab.encode([one[3] for one in words])
    return 100 * (guess == shapes).float().mean().item()


def strange(seed=0, count=100) -> dict[str, torch.Tensor]:
    """Pictures that show nothing: empty paper, and noise."""
    draw = torch.Generator().manual_seed(seed)
    return {"empty": torch.zeros(1, *SHAPE), "noise": torch.rand(count, *SHAPE, generator=draw)}


def read_off(model, album: Album) -> dict[str, float]:
    """What a linear reader finds in the vectors of a captioner (said_in_captions.in_vector)."""
    parts = [album.data.train, album.seen, album.unseen]
    with torch.no_grad():
        vectors = [model.encoder(album.pixels(part)).c for part in parts]
    return in_vector(vectors, [[scene for scene, _ in part] for part in parts])


def run(recipe: Recipe, album: Album) -> list:
    """Train and measure one captioner: the records."""
    model, seconds = trained(recipe, album)
    values = values_of(model, album, recipe)
    return measured(CLAIM, recipe.setting(), recipe.seed, values, seconds, album.data)


def grid(seed: int) -> list[Recipe]:
    """Three styles with two encoders, and a model that sees nothing."""
    found = [Recipe(encoder, style) for encoder in (CONV, FLAT) for style in UNITS]
    return [replace(recipe, seed=seed) for recipe in (*found, Recipe(BLIND, steps=300))]


def few(seed: int) -> list[Recipe]:
    """The best captioner, told more and more scenes with the unseen pairs."""
    return [Recipe(steps=400, shown=shown, seed=seed) for shown in (3, 30, HELD)]


def early(seed: int) -> list[Recipe]:
    """The best captioner with a sixth of the updates."""
    return [Recipe(steps=100, seed=seed)]


def longer(seed: int) -> list[Recipe]:
    """The style that learns slowest, with three times the updates."""
    return [Recipe(style=INPUT, steps=1800, seed=seed)]


PLANS = {"few": few, "early": early, "longer": longer}


def main(arguments=None):
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    words = sys.argv[1:] if arguments is None else arguments
    plan = next((PLANS[word] for word in words if word in PLANS), grid)
    album, there = Album(load_data("scenes")), recorded(CLAIM)
    for seed in [int(word) for word in words if word not in PLANS] or (0, 1, 2):
        for recipe in plan(seed):
            if run_key(recipe.setting(), seed, album.data) not in there:
                records = run(recipe, album)
                append(records)
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
                print(f"{recipe.encoder}, {recipe.style}, {recipe.shown} shown, {seed}: {said} "
                      f"in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
