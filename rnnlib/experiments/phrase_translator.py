"""Three small translators with attention, English to Spanish: the weights of notebook 13.

    python -m rnnlib.experiments.phrase_translator           trains them, writes data/weights/

They differ in their seed only.  Decoders as in the notes, with bilinear attention, trained on the
sentences of the course's grammar, joined by "and" to texts of up to 16 words.
"""

import time

import torch

from .. import DATA, checkpoints
from ..datasets import load as load_data
from ..metrics_texts import exact_matches, symbol_errors
from ..models import StartingAt, cover, greedy_answers
from ..text import Vocab
from . import translators
from .joined_sentences import data_of, statements, written
from .record import versions
from .translators import Corpus, Recipe

WEIGHTS = DATA / "weights" / "phrase_translators.safetensors"
"""The trained weights that come with the course."""

COMMAND = "python -m rnnlib.experiments.phrase_translator"
SEEDS = (0, 1, 2)


def recipe(seed: int) -> Recipe:
    """The recipe of a translator that comes with the course."""
    return Recipe("attention", D=32, H=48, G=64, dropout=0.1, tokens=1000, passes=12, lr=6e-3,
                  seed=seed)


class Translator:
    """A trained translator: what it writes, where it looks, what it writes with words covered.

    Args:
        model: an encoder-decoder with attention, in evaluation.
        corpus: with the vocabularies of both sides.
    """

    def __init__(self, model, corpus: Corpus):
        self.model, self.corpus = model.eval(), corpus

    def source(self, text: str) -> tuple:
        """An English text as `model.start(*source)` takes it.

        Raises:
            ValueError: an empty text, words that the grammar does not have.
        """
        words = text.split()
        odd = sorted({word for word in words if word not in self.corpus.sources})
        if odd or not words:
            raise ValueError(f"expected English words of the grammar, got "
                             f"{', '.join(map(repr, odd[:3])) or 'nothing'}: "
                             "write in small letters, for example the green witch arrived")
        return self.corpus.source([words])

    def answer(self, text: str, places=()):
        """The `Answer` to a text whose words at some places are covered: no attention gets there.

        What the other states have read of a covered word stays in them.
        """
        source = self.source(text)
        state = self.model.start(*source)
        if places:
            hidden = torch.zeros_like(source[0], dtype=torch.bool)
            hidden[:, list(places)] = True
            state = cover(state, hidden)
        limit = 2 * source[0].shape[1] + 5
        return greedy_answers(StartingAt(self.model, state), source, self.corpus.targets, limit)[0]

    def words(self, answer) -> list[str]:
        """The Spanish words of an answer."""
        return self.corpus.targets.decode(answer.ids)

    def next_words(self, text: str, before: list, places=()) -> torch.Tensor:
        """log p(next word) after each of the ids `before`, the begin marker first: (T, words).

        Args:
            places: of the English words that are covered.
        """
        with torch.no_grad():
            source = self.source(text)
            state = self.model.start(*source)
            if places:
                hidden = torch.zeros_like(source[0], dtype=torch.bool)
                hidden[:, list(places)] = True
                state = cover(state, hidden)
            s, _ = self.model.read(torch.tensor([before]), state)
            return self.model.output(s)[0].log_softmax(1)


def right(translator: Translator, pairs) -> dict[str, float]:
    """Wrong words for each 100, and texts that are all right, in percent."""
    texts = [tuple(side.split() for side in pair) for pair in pairs]
    sources, gold = [one for one, _ in texts], [[one] for _, one in texts]
    found = written(translator.model, translator.corpus, sources)
    edits, words = symbol_errors(found, gold)
    exact, of = exact_matches(found, gold)
    return {"wrong": 100 * edits / words, "exact": 100 * exact / of}


def learn(data, seed: int, count: int = 12000) -> tuple:
    """Train one translator: (Translator, facts)."""
    begin, corpus = time.process_time(), Corpus.of(data_of(data, count), least=1)
    model = recipe(seed).model(len(corpus.sources), len(corpus.targets))
    *_, last = translators.fit(model, corpus, recipe(seed))
    model.half().float()
    facts = {"nats": last.held_out, "seconds": round(time.process_time() - begin)}
    made = Translator(model, corpus)
    return made, facts | right(made, statements(data.test))


def save(made: dict, facts: dict, path=WEIGHTS) -> None:
    """Write translators (seed -> Translator), two bytes a weight, with their words and facts."""
    tensors = {f"{seed}/{name}": tensor.half() for seed, one in made.items()
               for name, tensor in checkpoints.named(one.model).items()}
    corpus = next(iter(made.values())).corpus
    words = {"sources": corpus.sources.symbols, "targets": corpus.targets.symbols}
    checkpoints.write(path, tensors, {"command": COMMAND, "versions": versions(), **words,
                                      "facts": facts})


def load(path=WEIGHTS) -> list[Translator]:
    """The translators that come with the course, by seed."""
    tensors, header = checkpoints.read(path)
    corpus = Corpus(Vocab(header["sources"]), Vocab(header["targets"]), [], [], [])
    found = []
    for seed in SEEDS:
        model = recipe(seed).model(len(corpus.sources), len(corpus.targets))
        mine = {name.removeprefix(f"{seed}/"): tensor.float() for name, tensor in tensors.items()
                if name.startswith(f"{seed}/")}
        checkpoints.copy_into(path, model, mine)
        found.append(Translator(model, corpus))
    return found


def main() -> None:
    """Train all on one thread, write the weights, say what was reached."""
    torch.set_num_threads(1)
    data, made = load_data("sentences"), {}
    facts = {"data": data.name, "data_sha256": data.sha256, "recipe": recipe(0).setting()}
    for seed in SEEDS:
        made[seed], facts[str(seed)] = learn(data, seed)
        print(seed, facts[str(seed)], flush=True)
    save(made, facts)


if __name__ == "__main__":
    main()
