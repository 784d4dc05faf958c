"""Real sentences as trees: every word hangs at its head, the main word of the sentence is the root.

    sentences = dependencies()
    sentences[0].words, sentences[0].heads, sentences[0].tree

Of UD English EWT the dev part; without it a dozen sentences written for the course.
"""

from typing import NamedTuple

from ..text_trees import Tree
from .locating import read
from .parsing import COLUMNS
from .parsing import sentences as parsed
from .registry import real

OWN = """
Birds:2 sing:0 .:2
We:2 read:0 the:4 book:2 .:2
The:2 letter:6 she:4 wrote:2 never:6 arrived:0 .:6
The:2 dog:6 that:5 we:5 fed:2 sleeps:0 .:6
I:2 think:0 that:5 they:5 left:2 early:5 .:2
Old:2 books:3 smell:0 of:5 dust:3 and:7 rain:5 .:3
The:2 number:8 of:4 people:2 in:7 the:7 cities:4 grows:0 .:8
He:2 closed:0 the:4 door:2 and:6 opened:2 the:8 window:6 .:2
The:2 keys:9 to:5 the:5 cabinet:2 are:9 on:9 the:9 table:0 .:9
My:2 brother:3 wants:0 to:5 learn:3 to:7 play:5 the:9 piano:7 .:3
She:2 gave:0 him:2 a:7 very:6 good:7 reason:2 to:9 stay:7 .:2
When:3 it:3 rains:11 ,:3 the:6 roof:11 of:10 the:10 old:10 house:6 leaks:0 .:11
"""
"""Word and number of its head, 0 for the root; licence CC BY 4.0, as the treebank of the course."""


class Sentence(NamedTuple):
    """Words, and for each the number of its head, counted from 1; 0 for the root."""

    words: list
    heads: list

    @property
    def tree(self) -> Tree:
        """The sentence as a Tree; the children of a word stand in the order of the sentence."""
        return tree_of(self.words, self.heads)


def dependencies() -> list[Sentence]:
    """Sentences with heads; prints in one line which ones they are."""
    row = real("ewt")
    texts = read(row)
    if texts is not None:
        found = [of_tokens(one) for one in parsed(texts["en_ewt-ud-dev.conllu"], COLUMNS[:7])]
        print(f"real data, {row.title}, {len(found):,} sentences of the dev part with heads; "
              f"licence: {row.licence}")
        return found
    found = [of_pairs(line) for line in OWN.strip().splitlines()]
    print(f"UD English EWT is not on this machine; in its place {len(found)} sentences written for "
          "this course; for the real ones: python3 course.py data fetch ewt")
    return found


def of_tokens(sentence) -> Sentence:
    """A parsed sentence without ranges like 3-4 and empty nodes like 3.1."""
    tokens = [token for token in sentence if token["id"].isdigit()]
    return Sentence([token["form"] for token in tokens], [int(token["head"]) for token in tokens])


def of_pairs(line: str) -> Sentence:
    """A sentence written as word:head word:head ..."""
    pairs = [pair.rpartition(":") for pair in line.split()]
    return Sentence([word for word, _, _ in pairs], [int(head) for _, _, head in pairs])


def tree_of(words, heads) -> Tree:
    """The tree of a sentence.

    Raises:
        ValueError: not one head for each word, not one root, or words that hang in a circle.
    """
    below = {n: [] for n in range(len(words) + 1)}
    for n, head in enumerate(heads, 1):
        below.setdefault(head, []).append(n)
    order, waiting = [], list(below[0])
    while waiting:
        order.append(waiting.pop())
        waiting.extend(below[order[-1]])
    if len(words) != len(heads) or len(below[0]) != 1 or len(order) != len(words):
        raise ValueError(f"expected a head for each of {len(words)} words, one of them 0 and none "
                         f"in a circle, got {list(heads)}: heads are counted from 1")
    built = {}
    for n in reversed(order):
        built[n] = Tree(words[n - 1], tuple(built[k] for k in below[n]))
    return built[order[0]]
