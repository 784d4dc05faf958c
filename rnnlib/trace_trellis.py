"""Every number of the Viterbi algorithm for one sentence: what a trellis shows."""

from dataclasses import dataclass

from torch import Tensor

from .crf import messages, take_best, viterbi


@dataclass(frozen=True)
class Trellis:
    """The way forward and the way back over T words and K labels.

    best (T, K) is the score of the best beginning that ends with a label; before (T - 1, K) the
    label before it in that beginning; path (T,) the best labels of all.
    """

    best: Tensor
    before: Tensor
    path: Tensor

    @property
    def running(self) -> Tensor:
        """The best label at each word by what was read up to it (T,): some are revised later."""
        return self.best.argmax(1)


def trellis(emissions: Tensor, chain) -> Trellis:
    """All numbers of Viterbi for emissions (T, K) and a chain, as `crf` takes them.

    Raises:
        ValueError: sizes that do not fit, or every sequence forbidden.
    """
    best = messages(emissions[None], chain, None, take_best)[0]
    path, _ = viterbi(emissions[None], chain)
    ways = best[:-1, :, None] + chain[0]  # (T - 1, K, K): from i to j
    return Trellis(best, ways.argmax(1), path[0])


def shown(found: Trellis, weights: Tensor, most: int) -> list[int]:
    """The labels worth a row: those on the path first, then by their highest weight (T, K)."""
    ranked = weights.amax(0).argsort(descending=True).tolist()
    on_path = list(dict.fromkeys(found.path.tolist()))
    return sorted([*on_path, *(label for label in ranked if label not in on_path)][:most])
