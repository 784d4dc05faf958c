"""What a caption says that is not in the picture, word by word and pair by pair.

A caption of our scenes is made of things, `a large red circle`, and at most one relation between
two of them; it is compared word by word with the caption that is right.
"""

from collections import Counter

import torch
import torch.nn.functional as F

from ..datasets.shape_scenes import COLOURS, SHAPES, SIZES, UNSEEN
from ..trace_probes import with_one

KINDS = {"size": set(SIZES), "colour": set(COLOURS), "shape": set(SHAPES),
         "relation": {"left", "above"}}
"""The words of a caption that say something, by kind."""
WAYS = ("right", "shape", "colour", "both", "form")
"""What became of a pair of colour and shape: right, a word wrong, both, or no such form."""


def said_words(text: str) -> list[str]:
    """The words of a caption, with "left of" as one."""
    return text.replace("left of", "left").split()


def pairs(text: str) -> list[tuple[str, str]]:
    """Every colour that is followed by a shape, with that shape."""
    words = text.split()
    return [(a, b) for a, b in zip(words, words[1:], strict=False) if a in COLOURS and b in SHAPES]


def same_form(text: str, said: str) -> bool:
    """Whether two captions name equally many things in equally many words."""
    return len(said_words(text)) == len(said_words(said)) and len(pairs(text)) == len(pairs(said))


def what_became(text: str, said: str) -> list[tuple[tuple, tuple | None, str]]:
    """For each pair of a right caption: (pair, the pair said in its place, its way of WAYS)."""
    there = pairs(text)
    if not same_form(text, said):
        return [(pair, None, "form") for pair in there]
    ways = {(True, True): "right", (True, False): "shape", (False, True): "colour",
            (False, False): "both"}
    return [(one, other, ways[one[0] == other[0], one[1] == other[1]])
            for one, other in zip(there, pairs(said), strict=True)]


def counted(examples, said) -> dict[str, float]:
    """Percent of captions right, of words of each kind wrong, and what became of unseen pairs.

    Args:
        examples: (scene, caption) pairs.
        said: (what a model said, its probability) of each.

    Returns:
        exact, sure (the mean probability of what was said), `<kind>_wrong` for each of KINDS over
        the captions of the right form, `pair_<way>` for each of WAYS and pair_trained (what was
        said instead is a pair of the training) over the pairs of UNSEEN, if there are any.
    """
    rows = [(text, mine) for (_, text), (mine, _) in zip(examples, said, strict=True)]
    found = {"exact": 100 * sum(text == mine for text, mine in rows) / len(rows),
             "sure": sum(p for _, p in said) / len(said)}
    found |= {f"{kind}_wrong": share for kind, share in wrong_words(rows).items()}
    new = [row for text, mine in rows for row in what_became(text, mine) if row[0] in UNSEEN]
    if new:
        ways = Counter(way for _, _, way in new)
        trained = sum(other is not None and other not in UNSEEN for _, other, _ in new)
        found |= {f"pair_{way}": 100 * ways[way] / len(new) for way in WAYS}
        found |= {"pair_trained": 100 * trained / len(new)}
    return found


def wrong_words(rows) -> dict[str, float]:
    """Percent of the words of each kind for which another one was said, in captions of the right
    form; rows are (right caption, what was said)."""
    there, wrong = Counter(), Counter()
    for text, mine in rows:
        if same_form(text, mine):
            for a, b in zip(said_words(text), said_words(mine), strict=True):
                kind = next((kind for kind, words in KINDS.items() if a in words), None)
                there[kind] += 1
                wrong[kind] += a != b
    return {kind: 100 * wrong[kind] / max(there[kind], 1) for kind in KINDS}


def instead(examples, said, pair) -> Counter:
    """Which pairs were said in place of one pair, how often."""
    rows = zip(examples, said, strict=True)
    return Counter(other for (_, text), (mine, _) in rows
                   for one, other, _ in what_became(text, mine) if one == pair)


def in_vector(vectors, scenes) -> dict[str, float]:
    """What a linear reader says of colour and shape of the first thing, from the vector alone.

    Args:
        vectors: of the training, of seen and of unseen pairs: (N, C) each.
        scenes: of each of the three, N scenes.

    Returns:
        Percent right: `read_<what>_seen`, `read_<what>_unseen` by a reader fitted to the training,
        `told_<what>_unseen` by one that was also fitted to half of the unseen; unseen counts only
        scenes whose first thing is an unseen pair.
    """
    found, half = {}, len(scenes[2]) // 2
    new = torch.tensor([(s[0].colour, s[0].shape) in UNSEEN for s in scenes[2]])
    for what, names in {"colour": list(COLOURS), "shape": list(SHAPES)}.items():
        y = [torch.tensor([names.index(getattr(s[0], what)) for s in part]) for part in scenes]
        W = reader(vectors[0], y[0], len(names))
        more = reader(torch.cat([vectors[0], vectors[2][:half]]), torch.cat([y[0], y[2][:half]]),
                      len(names))
        found[f"read_{what}_seen"] = read_right(W, vectors[1], y[1])
        found[f"read_{what}_unseen"] = read_right(W, vectors[2][new], y[2][new])
        rest = new[half:]
        found[f"told_{what}_unseen"] = read_right(more, vectors[2][half:][rest], y[2][half:][rest])
    return found


def reader(vectors, y, K) -> torch.Tensor:
    """Least squares: the matrix (C + 1, K) whose scores are nearest to one for y, zero else."""
    return torch.linalg.lstsq(with_one(vectors), F.one_hot(y, K).float()).solution


def read_right(W, vectors, y) -> float:
    """Percent of vectors whose largest score is that of y."""
    return 100 * (with_one(vectors) @ W).argmax(1).eq(y).float().mean().item()
