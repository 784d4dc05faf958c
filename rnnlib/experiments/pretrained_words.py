"""Word vectors from the course's own language model as a start for a tagger (K28).

    python -m rnnlib.experiments.pretrained_words 0 1 2

The language model of notebook 04 has read the training sentences of EWT without a tag.  Its vectors
of 5,000 words start a tagger that sees the tags of n sentences; beside it stands the same tagger
with vectors drawn at random, for the words of its n sentences.  Both read words only: letters would
know much of the same.
"""

import sys
import time
from dataclasses import replace

import torch

from ..batches_labeled import Reader
from ..metrics import interval
from ..text import PAD, UNK, Vocab
from . import labelers, neighbours, word_models
from .labelers import Recipe
from .record import append, measured, recorded, run_key

CLAIM = "K28"
SIZES, UPDATES = (30, 100, 300, 1000, 4000), (60, 100, 150, 250, 500)
RANDOM, TRAINED = "random", "from the language model"
RECIPE = Recipe(inputs="words", D=96, H=64, dropout=0.3, lr=8e-3, tokens=400)


def vectors():
    """(Vocab with PAD and UNK first, vectors (size, 96)) of the shipped language model."""
    found, vocab, _ = word_models.load()
    E = found["lstm"].E.weight.detach()
    words = [n for n, symbol in enumerate(vocab.symbols) if symbol not in vocab.symbols[:4]]
    kept = [vocab.pad, vocab.unk, *words]
    return Vocab([PAD, UNK, *(vocab.symbols[n] for n in words)]), E[kept].clone()


def reader_of(task, start):
    """The numbers of words: those of the language model, or those of the labelled sentences."""
    plain = labelers.reader(task)
    if start == RANDOM:
        return plain
    return Reader(vectors()[0], plain.letters, str.lower)


def tagger_of(task, reader, recipe, start):
    """A fresh tagger; one that starts from the language model has its vectors."""
    model = labelers.model(task, reader, recipe)
    if start == TRAINED:
        with torch.no_grad():
            model.embed.E.weight.copy_(scaled(vectors()[1], model.embed.E.weight))
    return model


def scaled(E, like):
    """Vectors with the mean length of others, so that both starts are equally loud."""
    return E * (like.norm(dim=1).mean() / E.norm(dim=1).mean())


def setting(n, start, recipe=RECIPE):
    """What a record says about a run."""
    return {"sentences": n, "start": start, "D": recipe.D, "H": recipe.H}


def run(n, updates, start, seed):
    """One run as records: percent right on test for all, known and unknown words."""
    began, whole = time.process_time(), neighbours.task("pos")
    part = whole.only(n, seed)
    recipe = replace(RECIPE, updates=updates, seed=seed)
    reader = reader_of(part, start)
    tagger = tagger_of(part, reader, recipe, start)
    labelers.fit(tagger, part, reader, recipe)
    values = labelers.right(tagger, reader, part, part.test)
    seconds = time.process_time() - began
    return measured(CLAIM, setting(n, start), seed, values, seconds, whole.data)


def panels(records, sides):
    """Records as `plots.by_size` takes them: a panel for each of `sides`, dict title -> metric."""
    found = {}
    for title, metric in sides.items():
        here = [r for r in records if r.metric == metric]
        sizes = sorted({r.setting["sentences"] for r in here})
        rows = {start: [interval([r.value for r in here if r.setting["sentences"] == n
                                  and r.setting["start"] == start]) for n in sizes]
                for start in (RANDOM, TRAINED)}
        found[title] = (sizes, {name: [mean for mean, _ in row] for name, row in rows.items()},
                        {name: [half for _, half in row] for name, row in rows.items()})
    return found


def gains(records, metric):
    """Rows (sentences, mean, half-width): what the trained vectors bring, seed by seed."""
    values = {(r.setting["sentences"], r.setting["start"], r.seed): r.value for r in records
              if r.metric == metric}
    for n in sorted({n for n, _, _ in values}):
        gaps = [values[n, TRAINED, seed] - value for (m, start, seed), value in values.items()
                if m == n and start == RANDOM]
        yield n, *interval(gaps)


def nearest(word, many=6):
    """The words whose vectors in the language model point most nearly the same way."""
    vocab, E = vectors()
    E = E / E.norm(dim=1, keepdim=True)
    near = (E @ E[vocab[word]]).topk(many + 1).indices.tolist()
    return [name for name in vocab.decode(near) if name != word][:many]


def main(arguments=None):
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    there, whole = recorded(CLAIM), neighbours.task("pos")
    for seed in map(int, (sys.argv[1:] if arguments is None else arguments) or (0, 1, 2)):
        for n, updates in zip(SIZES, UPDATES, strict=True):
            for start in (RANDOM, TRAINED):
                if run_key(setting(n, start), seed, whole.data) in there:
                    continue
                records = run(n, updates, start, seed)
                append(records)
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
                print(f"{n} {start} {seed}: {said} in {records[0].seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
