"""n-gram, window and recurrent language models on the same sentences (K05), tied and untied (K06).

    python -m rnnlib.experiments.three_models            all runs of K05 and K06, over the seeds
    python -m rnnlib.experiments.three_models lstm 0     also: window rnn untied ngram

Same sentences, same vocabulary, same symbols counted (words and end markers, never begin markers).
The networks read the text `passes` times; the weights of the pass with the lowest perplexity on the
valid split are kept.  Numbers in texts are those of the test split.
"""

import sys
import time
from dataclasses import asdict, dataclass, replace

import torch

from .. import cells, metrics, models, train
from ..models import NGram, Sentences
from .record import append, measured, recorded, run_key
from .word_text import WordText, word_text

CELLS = {"rnn": cells.RNNCell, "lstm": cells.LSTMCell}
SYMBOLS = (500, 2000, 5000)
ORDERS = (1, 2, 3, 4, 5)
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Recipe:
    """One network and its training: `width` is what a window reads, `symbols` the vocabulary."""

    model: str = "lstm"
    D: int = 96
    H: int = 96
    width: int = 4
    tied: bool = True
    dropout: float = 0.25
    tokens: int = 300
    lr: float = 1e-2
    passes: int = 4
    symbols: int = 2000
    seed: int = 0

    def network(self, size: int):
        """The model with fresh weights, the same for the same seed."""
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            if self.model == "window":
                return models.WindowLM(size, self.D, self.H, self.width, self.tied, self.dropout)
            cell = CELLS[self.model](self.D, self.H)
            return models.LanguageModel(size, self.D, cell, self.tied, self.dropout)

    def setting(self) -> dict:
        """What a record says about it."""
        kept = asdict(self)
        for name in ("seed", "tokens") + (("width",) if self.model != "window" else ()):
            del kept[name]
        return kept


def learn(recipe: Recipe, text: WordText):
    """(trained model, records of the training): the weights with the lowest valid perplexity."""
    model = recipe.network(len(text.vocab))
    batches = Sentences(text.train, text.vocab, recipe.tokens, recipe.seed)
    valid = Sentences(text.valid, text.vocab, 2000)
    settings = train.Settings(
        steps=recipe.passes * batches.per_pass, lr=recipe.lr, warmup=min(100, batches.per_pass),
        decay=train.cosine, every=batches.per_pass, patience=2, seed=recipe.seed,
    )

    def evaluate(model):
        return metrics.perplexity(*models.total(model, valid))

    return model, list(train.fit(model, batches, models.next_word, settings, evaluate))


def values_of(model, text: WordText) -> dict:
    """Perplexity on valid and test, and the number of weights."""
    found = {name: metrics.perplexity(*models.total(model, Sentences(split, text.vocab, 2000)))
             for name, split in (("valid_perplexity", text.valid), ("perplexity", text.test))}
    if isinstance(model, NGram):
        return found | {"grams": sum(model.distinct), "bytes": model.bytes}
    return found | {"parameters": sum(p.numel() for p in model.parameters())}


def run(recipe: Recipe, text: WordText):
    """(trained model, its records)."""
    began, text = time.process_time(), text.cut(recipe.symbols)
    model, curve = learn(recipe, text)
    values = values_of(model, text) | {"updates": curve[-1].step}
    spent = time.process_time() - began
    return model, measured("K05", recipe.setting(), recipe.seed, values, spent, text)


def counted(text: WordText, n: int, symbols: int):
    """The records of the n-gram model: it has no seed, for nothing in it is random."""
    began, text = time.process_time(), text.cut(symbols)
    values = values_of(NGram(text.marked(), len(text.vocab), n), text)
    setting = {"model": "ngram", "n": n, "symbols": symbols}
    return measured("K05", setting, 0, values, time.process_time() - began, text)


def twice(records):
    """The same records under both claims: the tied LSTM is one side of K06."""
    return [*records, *(replace(record, claim="K06") for record in records)]


def keep(records, recipe: Recipe):
    """Append the records of a run to the claims that it belongs to."""
    if recipe.model == "lstm":
        records = twice(records) if recipe.tied else [replace(r, claim="K06") for r in records]
    append(records)
    said = " ".join(f"{record.metric} {record.value:.1f}" for record in records[:4])
    print(f"{recipe}: {said} in {records[0].seconds:.0f} s", flush=True)


def recipes(seeds=SEEDS) -> list[Recipe]:
    """Every network of K05 and K06."""
    found = [Recipe(model, seed=seed) for seed in seeds for model in ("lstm", "window", "rnn")]
    return found + [Recipe("lstm", tied=False, seed=seed) for seed in seeds]


def label(recipe: Recipe) -> str:
    """What a run is called on the command line."""
    return recipe.model if recipe.tied else "untied"


def main(names=(), seeds=SEEDS):
    """Run what is not recorded yet, print and append."""
    torch.set_num_threads(1)
    text = word_text()
    there = recorded("K05") | recorded("K06")
    for n in ORDERS if "ngram" in names or not names else ():
        append([record for symbols in SYMBOLS for record in counted(text, n, symbols)])
    for recipe in recipes(seeds):
        key = run_key(recipe.setting(), recipe.seed, text)
        if key not in there and (not names or label(recipe) in names):
            keep(run(recipe, text)[1], recipe)


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if not a.isdigit()],
         [int(a) for a in sys.argv[1:] if a.isdigit()] or SEEDS)
