"""The numbers of a trellis: enumeration, Viterbi, what was revised; the most frequent label."""

import itertools

import pytest
import torch

from rnnlib import crf
from rnnlib.models import MostFrequent
from rnnlib.trace_trellis import shown, trellis


def sentence(T=4, K=3, seed=0):
    """Emissions (T, K) and a chain."""
    draw = torch.Generator().manual_seed(seed)
    sizes = (T, K), (K, K), (K,), (K,)
    emissions, *chain = (torch.randn(size, generator=draw).double() for size in sizes)
    return emissions, tuple(chain)


def score(emissions, chain, y):
    """The score of a beginning, without the end."""
    total = chain[1][y[0]] + sum(emissions[t, j] for t, j in enumerate(y))
    return (total + sum(chain[0][i, j] for i, j in itertools.pairwise(y))).item()


def test_each_number_is_the_best_of_all_beginnings_that_end_there():
    emissions, chain = sentence()
    found = trellis(emissions, chain)
    for t, j in itertools.product(range(4), range(3)):
        every = [(*y, j) for y in itertools.product(range(3), repeat=t)]
        best = max(every, key=lambda y: score(emissions, chain, y))
        assert found.best[t, j].item() == pytest.approx(score(emissions, chain, best))
        if t:
            assert found.before[t - 1, j].item() == best[-2]


def test_the_path_follows_the_labels_before_and_is_that_of_viterbi():
    for seed in range(20):
        emissions, chain = sentence(6, 4, seed)
        found = trellis(emissions, chain)
        labels = [int((found.best[-1] + chain[2]).argmax())]
        for row in found.before.flip(0):
            labels.append(int(row[labels[-1]]))
        assert labels[::-1] == found.path.tolist()
        assert torch.equal(found.path, crf.viterbi(emissions[None], chain)[0][0])


def test_a_running_best_can_be_revised():
    emissions = torch.tensor([[0.2, 0.0], [0.0, 3.0]])
    chain = torch.tensor([[0.0, -4], [-4, 0]]), torch.zeros(2), torch.zeros(2)
    found = trellis(emissions, chain)
    assert found.running.tolist() == [0, 1] and found.path.tolist() == [1, 1]


def test_the_labels_of_the_path_are_shown_first_of_all():
    emissions, chain = sentence(5, 6, 3)
    found = trellis(emissions, chain)
    on_path = set(found.path.tolist())
    weights = torch.zeros(5, 6)
    weights[0, next(k for k in range(6) if k not in on_path)] = 1.0
    assert on_path <= set(shown(found, weights, len(on_path)))
    assert len(shown(found, weights, 6)) == 6


def test_one_word_is_enough():
    emissions, chain = sentence(1, 3)
    assert trellis(emissions, chain).before.shape == (0, 3)


def test_the_most_frequent_label_is_counted_and_unknown_words_get_theirs():
    text = [("a b a".split(), "X Y Z".split()), (["a"], ["X"])]
    model = MostFrequent(text, "U")
    assert model.tag(["a", "b", "c"]) == ["X", "Y", "U"]
    assert model.tag_all([["c"], ["a"]]) == [["U"], ["X"]]
    assert "a" in model and "c" not in model


@pytest.mark.parametrize("word", ["", "🐕", "x" * 10_000, "犬"])
def test_any_word_gets_a_label(word):
    assert MostFrequent([(["a"], ["X"])], "U").tag([word]) == ["U"]


def test_no_sentences_get_one_clear_sentence():
    with pytest.raises(ValueError, match="a most frequent label is counted, got no sentences"):
        MostFrequent([], "X")
