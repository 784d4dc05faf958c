"""What a text costs, given which example it answers: costs to be expected, or rewards with a minus.

A cost is a function `cost(texts, numbers) -> (N,)`: texts are lists of ids without markers, numbers
say which example each text is for.
"""

import torch
from torch import Tensor

from ..metrics_texts import check_references, edit_distances


class EditCost:
    """Edits to the nearest reference over its length: the phone error of one word, 0 at best.

    Args:
        references: for each example a list of texts (lists of ids).
    """

    def __init__(self, references):
        references = list(references)
        check_references(references, references)
        self.references = references

    def __call__(self, texts, numbers) -> Tensor:
        owner = [n for n, number in enumerate(numbers) for _ in self.references[number]]
        flat = [one for number in numbers for one in self.references[number]]
        edits = torch.from_numpy(edit_distances([texts[n] for n in owner], flat))
        share = edits / torch.tensor([max(1, len(one)) for one in flat])
        best = torch.full((len(texts),), torch.inf)
        return best.scatter_reduce(0, torch.tensor(owner), share.float(), "amin")


class ExactCost:
    """1 for a text that equals no reference, 0 for one that does: the word error."""

    def __init__(self, references):
        references = list(references)
        check_references(references, references)
        self.references = [{tuple(one) for one in several} for several in references]

    def __call__(self, texts, numbers) -> Tensor:
        return torch.tensor([float(tuple(text) not in self.references[number])
                             for text, number in zip(texts, numbers, strict=True)])
