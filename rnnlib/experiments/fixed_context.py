"""Small models in which one vector of fixed size says all about the source.

Three tasks, made for the course: strings of letters to be written again; dates as people write them
into one format, letter by letter; English sentences into Spanish, word by word.  The runs are in
context_writers and context_figures.  Taught in notebooks/12_encoder_decoder.ipynb.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace

import torch

from .. import train
from ..attention import Bilinear
from ..batches import pad
from ..cells import GRUCell
from ..layers import OverTime
from ..layers_built import weights
from ..metrics_texts import exact_matches
from ..models import (
    ContextDecoder,
    ConvEncoder,
    Decoder,
    DeepAttentionDecoder,
    EncoderDecoder,
    LanguageModel,
    OneNetwork,
    Pairs,
    RecurrentEncoder,
    beam_answers,
    both_ways,
    greedy_answers,
)
from ..objectives import likelihood, nats
from ..text import BOS, EOS, UNK, Vocab

LIMIT = 40
"""Symbols that are written at most."""


@dataclass(frozen=True)
class Recipe:
    """Sizes of a model and how it is trained.

    kind is one of `KINDS`.  H is the size of the context and of each state, forget the share of the
    source's symbols that become <unk> in training, so that an unknown sign is nothing new.
    """

    kind: str = "start"
    D: int = 32
    H: int = 128
    forget: float = 0.02
    tokens: int = 1000
    steps: int = 1000
    lr: float = 8e-3
    seed: int = 0

    def model(self, sources: int, targets: int):
        """A model with fresh weights, the same for the same seed."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            return KINDS[self.kind](self, sources, targets)

    def settings(self) -> train.Settings:
        """How `fit` trains it."""
        return train.Settings(self.steps, self.lr, warmup=max(1, self.steps // 20),
                              decay=train.cosine, every=max(1, self.steps // 4), seed=self.seed)

    def setting(self) -> dict:
        """The recipe without its seed, for records."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}


def start(recipe: Recipe, sources: int, targets: int) -> EncoderDecoder:
    """The encoder's last state is the decoder's first one: nothing else is handed over."""
    D, H = recipe.D, recipe.H
    encoder = RecurrentEncoder(sources, D, OverTime(GRUCell(D, H)))
    return EncoderDecoder(encoder, Decoder(targets, D, OverTime(GRUCell(D, H)), encoder))


def every_step(recipe: Recipe, sources: int, targets: int) -> EncoderDecoder:
    """The context in each update of the decoder's state and in each output, too."""
    D, H = recipe.D, recipe.H
    encoder = RecurrentEncoder(sources, D, OverTime(GRUCell(D, H)))
    decoder = ContextDecoder(targets, D, OverTime(GRUCell(D + H, H)), encoder)
    return EncoderDecoder(encoder, decoder)


def convolution(recipe: Recipe, sources: int, targets: int) -> EncoderDecoder:
    """Three layers of convolutions read the source; their mean starts the decoder."""
    D, H = recipe.D, recipe.H
    encoder = ConvEncoder(sources, H)
    return EncoderDecoder(encoder, Decoder(targets, D, OverTime(GRUCell(D, H)), encoder))


def one_network(recipe: Recipe, sources: int, targets: int) -> OneNetwork:
    """A language model over source, separator and target; one vocabulary for both sides."""
    return OneNetwork(LanguageModel(sources, recipe.D, GRUCell(recipe.D, recipe.H)))


def attention(recipe: Recipe, sources: int, targets: int) -> EncoderDecoder:
    """For comparison, no fixed context: a decoder that looks at all states (notebook 13)."""
    D, H = recipe.D, recipe.H
    encoder = RecurrentEncoder(sources, D, both_ways(GRUCell, D, H // 2))
    layers = OverTime(GRUCell(D, H)), OverTime(GRUCell(H + encoder.size, H))
    looks = Bilinear(H, encoder.size)
    return EncoderDecoder(encoder, DeepAttentionDecoder(targets, D, layers, encoder, looks))


KINDS = {"start": start, "every step": every_step, "reversed": start, "convolution": convolution,
         "one network": one_network, "attention": attention}
"""How models are built; of kind "reversed" is one that reads its source from the end."""


@dataclass(frozen=True)
class Task:
    """Pairs of texts: the name of a data set, how a text is cut and put together again."""

    data: str
    cut: Callable
    glue: str


TASKS = {"strings": Task("strings", list, ""), "dates": Task("dates", list, ""),
         "sentences": Task("sentences", str.split, " ")}


@dataclass(frozen=True)
class Corpus:
    """The pairs of a task, cut, with the numbering of both sides, for one kind of model."""

    task: Task
    kind: str
    sources: Vocab
    targets: Vocab
    train: list
    valid: list
    test: list

    @classmethod
    def of(cls, task: Task, kind: str, data) -> "Corpus":
        """The splits of a data set such as dates or sentences."""
        parts = [[(task.cut(x), task.cut(y)) for x, y in part]
                 for part in (data.train, data.valid, data.test)]
        sides = [[pair[n] for pair in parts[0]] for n in (0, 1)]
        if kind == "one network":
            both = Vocab.of(sides[0] + sides[1], specials=(UNK, BOS, EOS))
            return cls(task, kind, both, both, *parts)
        vocabs = Vocab.of(sides[0], specials=(UNK,)), Vocab.of(sides[1], specials=(BOS, EOS))
        return cls(task, kind, *vocabs, *parts)

    def ids(self, source):
        """The numbers of a source's symbols, in the order in which they are read."""
        found = self.sources.encode(source)
        return found.flip(0) if self.kind == "reversed" else found

    def pairs(self, examples, tokens: int, seed: int) -> Pairs:
        """Batches of pairs."""
        targets = [self.targets.encode(y) for _, y in examples]
        return Pairs([self.ids(x) for x, _ in examples], targets, self.targets, tokens, seed)

    def source(self, texts) -> tuple:
        """Texts as `model.start(*source)` takes them; what was never seen becomes <unk>."""
        cut = [self.task.cut(text) for text in texts]
        if not cut or not all(cut):
            raise ValueError("expected texts of at least one symbol, got an empty one: an empty "
                             "source has nothing to say")
        return pad([self.ids(source) for source in cut], 0)


class Forgetful:
    """Batches in which each symbol of a source becomes <unk> with probability `share`."""

    def __init__(self, pairs: Pairs, unk: int, share: float, seed: int):
        self.pairs, self.unk, self.share, self.seed = pairs, unk, share, seed

    def __getitem__(self, step):
        batch = self.pairs[step]
        x, lengths = batch.source
        draw = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        gone = torch.rand(x.shape, generator=draw) < self.share
        return batch._replace(source=(x.masked_fill(gone, self.unk), lengths))


def fit(model, corpus: Corpus, recipe: Recipe) -> Iterator[train.Record]:
    """Train a model; held_out in the records is nats for each symbol of the valid part."""
    held_out = corpus.pairs(corpus.valid, 8000, 0)

    def evaluate(model) -> float:
        """Nats for each symbol and end marker."""
        total, count = nats(model, held_out)
        return total / count

    pairs = corpus.pairs(corpus.train, recipe.tokens, recipe.seed)
    batches = Forgetful(pairs, corpus.sources[UNK], recipe.forget, recipe.seed)
    return train.fit(model, batches, likelihood, recipe.settings(), evaluate)


def widest(recipe: Recipe, corpus: Corpus, most: int) -> Recipe:
    """The recipe with the largest H for which its model has at most so many weights."""
    sizes, H = (len(corpus.sources), len(corpus.targets)), recipe.H
    while H > 1 and weights(replace(recipe, H=H).model(*sizes)) > most:
        H -= 1
    while weights(replace(recipe, H=H + 1).model(*sizes)) <= most:
        H += 1
    return replace(recipe, H=H)


class Writer:
    """A trained model that writes texts for texts."""

    def __init__(self, model, corpus: Corpus, facts: dict):
        self.model, self.corpus, self.facts = model.eval(), corpus, facts

    def answers(self, texts, width: int = 1) -> list:
        """An `Answer` for each text; width 1 is greedy."""
        source, targets = self.corpus.source(texts), self.corpus.targets
        if width == 1:
            return greedy_answers(self.model, source, targets, LIMIT)
        return beam_answers(self.model, source, targets, width, LIMIT)

    def text(self, ids) -> str:
        """The text that some numbers of target symbols stand for."""
        return self.corpus.task.glue.join(self.corpus.targets.decode(ids))

    def write(self, texts, width: int = 1) -> list[str]:
        """What is written for each text."""
        return [self.text(answer.ids) for answer in self.answers(texts, width)]

    def right(self, examples, width: int = 1) -> float:
        """The percentage of (source, target) pairs of texts that are written without a mistake."""
        texts = []
        for begin in range(0, len(examples), 500):
            texts += self.write([x for x, _ in examples[begin : begin + 500]], width)
        count, of = exact_matches(texts, [[y] for _, y in examples])
        return 100 * count / of
