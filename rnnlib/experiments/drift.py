"""How far a model goes astray when it reads its own words in place of the gold ones (K23).

Measured on words with one pronunciation, all of it greedily:

by position   how often the phone written at a place is not the gold phone of that place, after the
              gold phones before it and after the model's own
a slip        at one place the most probable wrong phone is put in the gold one's place, then the
              model goes on alone; what it does wrong then, and would not have done otherwise
new triples   how often three neighbouring phones stand together that no training word has

Recorded by rnnlib.experiments.after_likelihood for every model that is trained there.
"""

import copy
import difflib
import itertools
from typing import NamedTuple

import torch
from torch import Tensor

from .. import decode, train
from ..metrics_texts import edit_distances
from ..objectives import Discriminator, ProfessorForcing, WithDiscriminator
from ..objectives.professor_forcing import verdict
from ..objectives.sampled_texts import after, draw
from .letters_to_phones import LIMIT, LONGEST, Corpus

PLACES = range(10)
"""Places for which errors by position are recorded."""
SLIPS = range(6)
"""Places at which a slip is made."""
MISSING = ("·", "missing")
"""Stands where a text lacks a phone."""


class Slip(NamedTuple):
    """N texts in which one place was changed, and the same ones in which it was not.

    Args:
        gold: the gold texts, lists of ids.
        slipped: gold words, the wrong one, and what the model writes after it.
        right: gold words up to the same place, and what the model writes after them.
        after: log-probabilities (N, size) right after the slip.
        untouched: the same after the gold word.
    """

    gold: list
    slipped: list
    right: list
    after: Tensor
    untouched: Tensor

    def further(self) -> list[int]:
        """How many errors each slip brought besides itself: edits, less those without it."""
        with_slip = edit_distances(self.slipped, self.gold)
        return (with_slip - 1 - edit_distances(self.right, self.gold)).tolist()


def single(examples) -> list:
    """The examples with one pronunciation, of lengths that are trained on."""
    return [(word, several) for word, several in examples
            if len(several) == 1 and len(word) <= LONGEST and len(several[0]) <= LONGEST]


@torch.no_grad()
def guesses(model, batch, end: int) -> tuple[Tensor, Tensor]:
    """The most probable word of each place (B, T): after gold words, and after its own."""
    T = batch.y.shape[1]
    gold = model(batch.source, batch.before).argmax(2)
    state = model.start(*batch.source)
    own = decode.generate(model.step, batch.before[:, 0], state, decode.greedy, T, end).ids
    return gold, torch.cat([own, own.new_full((len(own), T - own.shape[1]), end)], 1)


def by_position(model, batches, end: int, places=PLACES) -> dict[str, list[float]]:
    """Percent of words that are wrong at each place, after a gold prefix and after its own.

    The end marker counts as a word; texts that have ended before a place do not count there.
    """
    wrong, count = {"gold": torch.zeros(LIMIT), "own": torch.zeros(LIMIT)}, torch.zeros(LIMIT)
    for batch in batches:
        T = batch.y.shape[1]
        count[:T] += batch.real.sum(0)
        for name, found in zip(wrong, guesses(model, batch, end), strict=True):
            wrong[name][:T] += ((found != batch.y) & batch.real).sum(0)
    return {name: [(100 * w[t] / count[t]).item() for t in places] for name, w in wrong.items()}


@torch.no_grad()
def slip_at(model, batch, t: int, vocab) -> Slip:
    """Put the most probable wrong word at place t of every text that has one there, and go on."""
    rows = (batch.y[:, t] != vocab.eos).nonzero()[:, 0]
    y = batch.y[rows]
    s, state = model.read(batch.before[:, : t + 1], model.start(*batch.source))
    state = decode.rows(state, rows)
    scores = model.output(s[rows, -1]).scatter(1, y[:, t : t + 1], -torch.inf)
    scores[:, [vocab.bos, vocab.eos]] = -torch.inf
    texts, probabilities = [], []
    for word in (scores.argmax(1), y[:, t]):
        log_probs, _ = model.step(word, state)
        rest = decode.generate(model.step, word, state, decode.greedy, LIMIT, vocab.eos).lists()
        before = torch.cat([y[:, :t], word[:, None]], 1).tolist()
        texts.append([a + b for a, b in zip(before, rest, strict=True)])
        probabilities.append(log_probs)
    gold = [[i for i in row if i != vocab.eos] for row in y.tolist()]
    return Slip(gold, *texts, *probabilities)


def slips(model, batches, vocab, t: int) -> dict[str, float]:
    """What a slip at place t does, on average over the texts that have a word there.

    further    errors that it brings besides itself
    clean      percent of the texts in which it brings none
    next_gold  percent of right next words after the gold word
    next_slip  the same after the slip
    """
    further, right = [], {"gold": 0, "slip": 0}
    for batch in batches:
        if t < batch.y.shape[1] and (batch.y[:, t] != vocab.eos).any():
            found = slip_at(model, batch, t, vocab)
            wanted = torch.tensor([(*gold, vocab.eos)[t + 1] for gold in found.gold])
            further += found.further()
            right["gold"] += (found.untouched.argmax(1) == wanted).sum().item()
            right["slip"] += (found.after.argmax(1) == wanted).sum().item()
    if not further:
        raise ValueError(f"expected a text with a word at place {t}, got none: are all shorter?")
    N = len(further)
    return {"further": sum(further) / N, "clean": 100 * sum(f <= 0 for f in further) / N,
            "next_gold": 100 * right["gold"] / N, "next_slip": 100 * right["slip"] / N}


def triples(texts) -> list[tuple]:
    """All three neighbouring symbols of texts, each as often as it occurs."""
    return [one for text in texts for one in zip(text, text[1:], text[2:], strict=False)]


def new_triples(texts, seen: set) -> float:
    """Percent of the triples of texts that are not in `seen`."""
    found = triples(texts)
    return 100 * sum(one not in seen for one in found) / max(1, len(found))


def measures(model, corpus: Corpus, examples) -> dict[str, float]:
    """All of it as metrics of a record: gold_0, own_0, further_0, new_own, ..."""
    examples, end = single(examples), corpus.phones.eos
    batches = list(corpus.pairs(examples, 8000, 0))
    values = {f"{name}_{t}": value for name, line in by_position(model, batches, end).items()
              for t, value in enumerate(line)}
    for t in SLIPS:
        values |= {f"{name}_{t}": value
                   for name, value in slips(model, batches, corpus.phones, t).items()}
    seen = set(triples(corpus.phones.encode(one).tolist()
                       for _, several in corpus.train for one in several))
    own = itertools.chain.from_iterable(written(model, batch, end) for batch in batches)
    gold = [corpus.phones.encode(several[0]).tolist() for _, several in examples]
    return values | {"new_gold": new_triples(gold, seen), "new_own": new_triples(own, seen)}


@torch.no_grad()
def written(model, batch, end: int) -> list[list[int]]:
    """The ids that a model writes greedily for a batch."""
    state, first = model.start(*batch.source), batch.before[:, 0]
    return decode.generate(model.step, first, state, decode.greedy, LIMIT, end).lists()


def told_apart(model, corpus: Corpus, examples, updates: int, seed: int = 0) -> float:
    """Percent of right verdicts of a discriminator: states over gold words, or over drawn ones?

    The model stays as it is; the discriminator learns from the training words and is asked about
    `examples`.  50 % is a coin.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        both = WithDiscriminator(copy.deepcopy(model), Discriminator(model.decoder.F, 16))
        both.model.requires_grad_(False)
        judge = ProfessorForcing(corpus.phones, weight=0.0, length=LIMIT, perfect=1.1)
        settings = train.Settings(updates, 1e-2, every=updates, seed=seed)
        for _ in train.fit(both, corpus.pairs(corpus.train, 1000, seed), judge, settings):
            pass
        found = [(right(both, batch, corpus.phones.eos), len(batch.y))
                 for batch in corpus.pairs(examples, 8000, seed)]
    return 100 * sum(share * n for share, n in found) / sum(n for _, n in found)


@torch.no_grad()
def right(both, batch, end: int) -> float:
    """The share of right verdicts on the texts of a batch, gold ones and as many drawn ones."""
    model, state, first = both.model, both.model.start(*batch.source), batch.before[:, 0]
    gold, _ = model.read(batch.before, state)
    drawn = draw(model, state, first, end, LIMIT)
    own, _ = model.read(after(first, drawn.ids), state)
    return verdict(both.discriminator, (gold, batch.real), (own, drawn.real))[1]


def story(model, corpus: Corpus, word: str, phones, t: int) -> tuple[dict, int]:
    """One word with a slip at place t: rows of (phone, kind) by name, and its further errors.

    Kinds are "right", "wrong", "missing" and "slip", after an alignment with the gold phones.
    """
    (batch,) = corpus.pairs([(word, [list(phones)])], 8000, 0)
    found = slip_at(model, batch, t, corpus.phones)
    texts = {"gold": found.gold[0], "alone": written(model, batch, corpus.phones.eos)[0]}
    rows = {name: aligned(corpus.phones.decode(ids), list(phones)) for name, ids in texts.items()}
    *before, slip = corpus.phones.decode(found.slipped[0][: t + 1])
    rest = aligned(corpus.phones.decode(found.slipped[0][t + 1 :]), list(phones)[t:])
    rest = rest[1:] if rest[:1] == [MISSING] else rest  # the slip stands in its place
    rows["after a slip"] = [*((phone, "right") for phone in before), (slip, "slip"), *rest]
    return rows, found.further()[0]


def aligned(text: list, gold: list) -> list[tuple]:
    """Each symbol of a text as (symbol, kind), MISSING where the gold text has one more.

    Symbols are "right" where a best match with the gold text keeps them, else "wrong".
    """
    found = []
    matcher = difflib.SequenceMatcher(None, text, gold, autojunk=False)
    for what, start, end, gold_start, gold_end in matcher.get_opcodes():
        kind = "right" if what == "equal" else "wrong"
        found += [(symbol, kind) for symbol in text[start:end]]
        found += [MISSING] * (gold_end - gold_start - (end - start))
    return found
