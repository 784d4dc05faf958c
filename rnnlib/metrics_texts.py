"""How far a text that was written is from the ones that are right: edits, exact match, overlap.

A source may have several right answers; what was written is compared with the nearest one.
Counts first, ratios last, so that batches add up: phone errors are edits over the phones of the
nearest reference, word errors are texts that equal none.  Taught in notebooks/12_encoder_decoder.
"""

import itertools

import numpy as np


def edit_distances(left, right) -> np.ndarray:
    """How many symbols must be put in, left out or exchanged to make right[n] of left[n]: (N,).

    All pairs at once (Wagner and Fischer 1974, a row of the table for all pairs in one step).  On
    one row, going right costs 1 a step, so its cheapest way is a running minimum of cost - place.

    Args:
        left, right: N sequences each (lists, strings) of anything that can be a key.
    """
    if len(left) != len(right):
        raise ValueError(
            f"expected as many texts on both sides, got {len(left)} and {len(right)}: "
            "compare them pair by pair"
        )
    if not len(left):
        return np.zeros(0, dtype=int)
    a, b = _numbered(left, right)
    places = np.arange(b.shape[1] + 1)
    row = np.tile(places, (len(a), 1))  # (N, J + 1)
    ends = np.array([len(text) for text in left]), np.array([len(text) for text in right])
    found = np.where(ends[0] == 0, ends[1], 0)
    for i in range(a.shape[1]):
        other = np.minimum(row[:, 1:] + 1, row[:, :-1] + (a[:, i, None] != b))
        row = np.concatenate([np.full((len(a), 1), i + 1), other], 1)
        row = np.minimum.accumulate(row - places, 1) + places
        here = ends[0] == i + 1
        found[here] = row[here, ends[1][here]]
    return found


def _numbered(*sides) -> list[np.ndarray]:
    """The texts of each side as whole numbers (N, longest), the same number for the same symbol."""
    number = {}
    for symbol in itertools.chain.from_iterable(text for side in sides for text in side):
        number.setdefault(symbol, len(number))
    tables = []
    for side in sides:
        table = np.full((len(side), max(map(len, side))), -1)
        for row, text in zip(table, side, strict=True):
            row[: len(text)] = [number[symbol] for symbol in text]
        tables.append(table)
    return tables


def nearest(texts, references) -> tuple[np.ndarray, np.ndarray]:
    """For each text the edits to its nearest reference, and how long that is: (N,) and (N,).

    Of equally near references the longest counts.

    Args:
        texts: N sequences.
        references: for each text a list of at least one sequence.
    """
    check_references(texts, references)
    owner = [n for n, several in enumerate(references) for _ in several]
    flat = [one for several in references for one in several]
    edits = edit_distances([texts[n] for n in owner], flat)
    lengths = np.array([len(one) for one in flat])
    best, base = np.zeros(len(texts), dtype=int), np.zeros(len(texts), dtype=int)
    for place in np.lexsort((lengths, -edits)):  # the nearest and longest comes last and stays
        best[owner[place]], base[owner[place]] = edits[place], lengths[place]
    return best, base


def symbol_errors(texts, references) -> tuple[int, int]:
    """Edits to the nearest reference, and the symbols of that one: phone or character errors."""
    edits, base = nearest(texts, references)
    return int(edits.sum()), int(base.sum())


def text_errors(texts, references) -> tuple[int, int]:
    """How many texts equal none of their references, and how many texts: word errors."""
    check_references(texts, references)
    wrong = sum(all(list(text) != list(one) for one in several)
                for text, several in zip(texts, references, strict=True))
    return wrong, len(texts)


def exact_matches(texts, references) -> tuple[int, int]:
    """How many texts equal one of their references, and how many texts."""
    wrong, count = text_errors(texts, references)
    return count - wrong, count


def bleu(texts, references) -> float:
    """BLEU from 0 to 100 of a whole test set, by sacrebleu (Papineni et al. 2002; Post 2018).

    Args:
        texts: N strings; sacrebleu cuts them into words, always the same way, and those that are
            cut already stay as they are.
        references: for each text a list of strings, as many for each.
    """
    from sacrebleu.metrics import BLEU

    return BLEU(force=True).corpus_score(texts, columns(texts, references)).score


def chrf(texts, references) -> float:
    """chrF from 0 to 100 of a whole test set, by sacrebleu (Popovic 2015): it sees characters."""
    from sacrebleu.metrics import CHRF

    return CHRF().corpus_score(texts, columns(texts, references)).score


def sentence_bleu(text: str, references) -> float:
    """BLEU from 0 to 100 of one sentence, smoothed so that a missing pair of words is not all."""
    from sacrebleu.metrics import BLEU

    return BLEU(effective_order=True).sentence_score(text, references).score


def columns(texts, references) -> list[list[str]]:
    """References as sacrebleu wants them: the first of every text, the second of every text, ..."""
    check_references(texts, references)
    odd = next((one for one in [*texts, *itertools.chain(*references)]
                if not isinstance(one, str)), None)
    if odd is not None:
        raise ValueError(f"expected strings, got {odd!r}: join the words with spaces")
    if len({len(several) for several in references}) > 1:
        raise ValueError("expected as many references for each text, got "
                         f"{sorted({len(several) for several in references})}: take the first ones")
    return [list(column) for column in zip(*references, strict=True)]


def check_references(texts, references) -> None:
    """Raise ValueError unless there are texts, each with a list of at least one reference."""
    if not len(texts) or len(texts) != len(references):
        raise ValueError(
            f"expected a list of references for each of at least one text, got {len(references)} "
            f"for {len(texts)} texts: is the split empty?"
        )
    for n, several in enumerate(references):
        if not isinstance(several, (list, tuple)) or not several:
            raise ValueError(
                f"expected a list of at least one reference for text {n}, got {several!r}: "
                "a single reference goes into a list, [reference]"
            )
