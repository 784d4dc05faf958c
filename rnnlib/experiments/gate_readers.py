"""Two small trained LSTMs to look into: one reads words up to a verb, one reads characters.

    python -m rnnlib.experiments.gate_readers      trains both again and writes data/weights/

The word reader says after each word whether the verb will be plural; it learned that from the last
word of Linzen's prefixes, those with attractors among them.  The character reader says after each
character whether a bracket and whether a quote is open; it learned that on Python's documentation.
Nobody told either of them which unit should remember what: `closing` looks for it afterwards.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .. import DATA, bptt, checkpoints, trace, train
from ..batches import Segments
from ..cells import LSTMCell
from ..datasets import load as load_data
from ..text import PAD, UNK, Vocab
from .record import versions
from .small_tasks import Examples, LastState, of_class
from .units import unit

WEIGHTS = DATA / "weights" / "gate_readers.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.gate_readers"
NUMBERS = ("singular", "plural")
OUTPUTS = {"words": ("plural",), "characters": ("bracket", "quote")}
SIZES = {"words": (32, 16), "characters": (16, 12)}
"""D and H of each reader."""
LONGEST = {"words": 16, "characters": 72}
"""So many tokens fit into a picture."""

SENTENCE = "the number of people in the cities"
TEXT = 'Call open(file, mode="r"), then read (or write) it: see "io".'
SAMPLES = {
    "number of the subject": ("words", SENTENCE, 10),
    "number of the last noun": ("words", SENTENCE, 7),
    "brackets": ("characters", TEXT, 5),
    "quotes": ("characters", TEXT, 6),
    "brackets in brackets": ("characters", "f(a, (b, c), d) and (e (f) g) h", 5),
}
"""What is worth a look with the weights that come with the course: (reader, text, unit)."""


@dataclass(frozen=True)
class Reader:
    """A trained LSTM with its embedding E, its outputs V, and the names of symbols and outputs."""

    E: nn.Embedding
    cell: LSTMCell
    V: nn.Linear
    vocab: Vocab
    outputs: tuple
    longest: int

    def tokens(self, text):
        """What the reader reads of a text: words, or the characters that it knows."""
        if UNK in self.vocab:
            return text.lower().split()[: self.longest]
        return [c for c in text if c in self.vocab][: self.longest]

    @torch.no_grad()
    def read(self, tokens):
        """(parts: dict of i, f, o, g, c, h, each (T, H); y (T, K): probabilities)."""
        x = self.E(self.vocab.encode(tokens))[None]
        parts = trace.parts(self.cell, x)
        y = torch.sigmoid(self.V(parts["h"]))[0]
        return {name: values[0] for name, values in parts.items()}, y


def closing(reader, tokens, signs):
    """For each unit how much further its forget gate is shut at the signs than elsewhere: (H,).

    1: shut at each of them and open at every other token.
    """
    f = reader.read(tokens)[0]["f"]
    here = torch.tensor([token in signs for token in tokens])
    return f[~here].mean(0) - f[here].mean(0)


def in_brackets(text):
    """For each character whether an opened round bracket is still open after it."""
    depth, found = 0, []
    for c in text:
        depth = max(0, depth + (c == "(") - (c == ")"))
        found.append(depth > 0)
    return found


def in_quotes(text):
    """For each character whether a double quote is still open after it; a line end closes it."""
    inside, found = False, []
    for c in text:
        inside = inside != (c == '"') and c != "\n"
        found.append(inside)
    return found


def word_reader(data, steps=5000, seed=0):
    """The reader of words, trained, and how often it is right on prefixes kept aside."""
    D, H = SIZES["words"]
    order = torch.randperm(len(data.test), generator=torch.Generator().manual_seed(1)).tolist()
    hard = [data.test[i][:2] for i in order]
    cut = min(2000, len(hard) // 5)
    pairs, held = [row[:2] for row in data.train] + hard[cut : 15 * cut], hard[:cut]
    vocab = Vocab.of([[w.lower() for w in words] for words, _ in pairs], least=8,
                     specials=(PAD, UNK))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = LastState(len(vocab), unit("lstm", D, H, 1.0, seed), 2)
    settings = train.Settings(steps, 1e-2, warmup=20, decay=train.cosine, every=steps, seed=seed)
    examples = Examples(pairs, vocab, NUMBERS, tokens=500, seed=seed)
    list(train.fit(model, examples, of_class, settings))
    right = {"accuracy_attractors": Examples(held, vocab, NUMBERS, 20_000).scored(model)[1]}
    easy = [row[:2] for row in data.valid]
    right["accuracy"] = Examples(easy, vocab, NUMBERS, 20_000).scored(model)[1]
    V = nn.Linear(H, 1)
    with torch.no_grad():  # softmax of two scores is the sigmoid of their difference
        V.weight.copy_(model.V.weight[1:] - model.V.weight[:1])
        V.bias.copy_(model.V.bias[1:] - model.V.bias[:1])
    reader = Reader(model.E, model.cell, V, vocab, OUTPUTS["words"], LONGEST["words"])
    return reader, right | {"steps": steps} | source(data)


class Bracketed(nn.Module):
    """Embedding E, a unit, and at each character two scores: a bracket is open, a quote is open."""

    def __init__(self, size, cell):
        super().__init__()
        self.E, self.cell, self.V = nn.Embedding(size, cell.D), cell, nn.Linear(cell.H, 2)

    def loss(self, segment, state):
        """(mean nats, last state) of a segment (ids (B, T), flags (B, T, 2))."""
        ids, flags = segment
        h, state = bptt.run(self.cell, self.E(ids), state)
        return F.binary_cross_entropy_with_logits(self.V(h), flags), state


class Flagged:
    """A text and its flags in segments: `flagged[step]` is (ids (B, T), flags (B, T, 2), fresh)."""

    def __init__(self, text, vocab, B=32, T=64):
        flags = torch.tensor([in_brackets(text), in_quotes(text)]).T.float()
        self.ids, self.of = vocab.encode(text), Segments(torch.arange(len(text)), B, T)
        self.flags = flags

    def __getitem__(self, step):
        places, _, fresh = self.of[step]
        return self.ids[places], self.flags[places], fresh


def open_or_not(model, batch, carry):
    """Mean cross-entropy of both flags, the state carried, for `train.fit`."""
    ids, flags, fresh = batch
    mean, state = model.loss((ids, flags), None if fresh else carry)
    return mean, ids.numel(), state


def character_reader(data, steps=3000, seed=0):
    """The reader of characters, trained, and its percent right on the test split."""
    D, H = SIZES["characters"]
    vocab = Vocab.of([data.train, data.valid, data.test], specials=())
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Bracketed(len(vocab), unit("lstm", D, H, 1.0, seed))
    settings = train.Settings(steps, 1e-2, warmup=50, decay=train.cosine, every=steps, seed=seed)
    list(train.fit(model, Flagged(data.train, vocab), open_or_not, settings))
    reader = Reader(model.E, model.cell, model.V, vocab, OUTPUTS["characters"],
                    LONGEST["characters"])
    tokens = list(data.test[:20_000])
    y, flags = reader.read(tokens)[1] > 0.5, torch.tensor([in_brackets(tokens), in_quotes(tokens)])
    right = (y == flags.T).double().mean(0).tolist()
    shares = {f"accuracy_{name}": 100 * value for name, value in zip(OUTPUTS["characters"], right,
                                                                     strict=True)}
    return reader, shares | {"steps": steps} | source(data)


def source(data):
    """Which data a reader was trained on."""
    return {"data": data.name, "sha256": data.sha256}


def modules(reader):
    """The parts with weights, by name."""
    return {"E": reader.E, "cell": reader.cell, "V": reader.V}


def save(readers, facts, path=WEIGHTS):
    """Write both readers into one file, two bytes a weight."""
    tensors = {f"{name}/{part}/{key}": tensor.half() for name, reader in readers.items()
               for part, module in modules(reader).items()
               for key, tensor in module.state_dict().items()}
    symbols = {name: reader.vocab.symbols for name, reader in readers.items()}
    checkpoints.write(path, tensors, {"command": COMMAND, "versions": versions(),
                                      "symbols": symbols, "facts": facts})


def load(path=WEIGHTS):
    """(dict "words", "characters" -> Reader, facts on how they were trained)."""
    tensors, facts = checkpoints.read(path)
    found = {}
    for name, (D, H) in SIZES.items():
        vocab = Vocab(facts["symbols"][name])
        reader = Reader(nn.Embedding(len(vocab), D), LSTMCell(D, H),
                        nn.Linear(H, len(OUTPUTS[name])), vocab, OUTPUTS[name], LONGEST[name])
        for part, module in modules(reader).items():
            prefix = f"{name}/{part}/"
            module.load_state_dict({key.removeprefix(prefix): tensor.float()
                                    for key, tensor in tensors.items() if key.startswith(prefix)})
        found[name] = reader
    return found, facts["facts"]


def main():
    """Train both on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    words, about_words = word_reader(load_data("linzen"))
    characters, about_characters = character_reader(load_data("pydoc"))
    facts = {"words": about_words, "characters": about_characters}
    save({"words": words, "characters": characters}, facts)
    print(facts)


if __name__ == "__main__":
    main()
