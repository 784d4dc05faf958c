"""A search as a tree to draw: every hypothesis of every step, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from .reading import NOTHING
from .searching import Layer


@dataclass(frozen=True)
class Branch:
    """One continuation that a search looked at.

    Args:
        token: the id it adds.
        parent: position of the branch that it continues in the level before, -1 for the root.
        score: log-probability up to here.
        fate: "kept", "pruned", or "ended" with the end marker.
    """

    token: int
    parent: int
    score: float
    fate: str


def tree(layers: Iterable[Layer], sentence: int = 0, pruned: int = 1000) -> list[list[Branch]]:
    """The levels of a search for one sentence, `tree(search(...))`; each level the best first.

    Continuations of probability zero are left out, and of the pruned ones all but the best
    `pruned` of each level.
    """
    levels, places = [], [-1]
    for layer in layers:
        scores, ended = layer.scores[sentence].tolist(), layer.ended[sentence].tolist()
        kept = list(zip(layer.parents[sentence].tolist(), layer.tokens[sentence].tolist(),
                        strict=True))
        fate = {kept[m]: "ended" if ended[m] else "kept"
                for m, score in enumerate(scores) if score > NOTHING}
        every = _candidates(layer.total[sentence], places, fate, pruned)
        place = {key: n for n, (key, _) in enumerate(every)}
        levels.append([Branch(key[1], places[key[0]], score, fate.get(key, "pruned"))
                       for key, score in every])
        places = [place.get(key, -1) if key in fate else -1 for key in kept]
    return levels


def _candidates(total, places, fate, pruned) -> list:
    """((parent slot, token), score) of the continuations to draw, the best first."""
    values = total.flatten()
    V, order = total.shape[1], values.argsort(descending=True, stable=True).tolist()
    values, shown, cut = values.tolist(), [], 0
    for n in order:
        key = divmod(n, V)
        if values[n] == NOTHING:
            break
        cut += key not in fate
        if key in fate or cut <= pruned:
            shown.append((key, values[n]))
    return shown
