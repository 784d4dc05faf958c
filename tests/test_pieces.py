"""The bag of pieces: what a piece is, its weight by hand, order inside of pieces only."""
from math import log

import pytest
import torch

from rnnlib import train
from rnnlib.models.pieces import BagOfPieces, PieceBatches, Pieces, joined, pieces_of

TEXTS = [text.split() for text in ("the cat sat", "the dog sat", "the cat ran", "a dog ran")]


def test_pieces_are_words_pairs_and_letters_in_a_row():
    assert pieces_of(["Ask", "me"], letters=(4,)) == ["ask", "me", "ask me", "^ask", "ask$", "^me$"]
    assert pieces_of(["I"], letters=(3, 4)) == ["i", "^i$"]


def test_a_piece_weighs_by_how_few_texts_have_it_and_a_text_has_length_one():
    pieces = Pieces(TEXTS)
    ids, weights = pieces("the cat".split())
    names = [pieces.vocab.symbols[i] for i in ids]
    assert {"the", "cat", "the cat", "^the", "cat$"} <= set(names) and "a" not in pieces.vocab
    assert weights.norm().item() == pytest.approx(1)
    by = dict(zip(names, weights.tolist(), strict=True))
    assert by["the"] / by["cat"] == pytest.approx(log(5 / 3) / log(5 / 2), rel=1e-5)


def test_shuffled_words_lose_their_pairs_and_nothing_else():
    pieces = Pieces(TEXTS)
    a, b = (set(pieces(text.split())[0].tolist()) for text in ("the cat sat", "sat the cat"))
    assert {pieces.vocab.symbols[i] for i in a ^ b} <= {"cat sat", "sat the"}


def test_a_batch_is_its_texts_one_by_one():
    pieces, draw = Pieces(TEXTS), torch.Generator().manual_seed(0)
    model = BagOfPieces(len(pieces.vocab), 3).eval()
    torch.nn.init.normal_(model.E.weight, generator=draw)
    rows = [pieces(text) for text in [*TEXTS, ["never", "seen"]]]
    whole = model(joined(rows))
    for row, (ids, weights) in zip(whole, rows, strict=True):
        assert torch.allclose(row, weights @ model.E.weight[ids] + model.b, atol=1e-6)


def test_every_text_comes_once_in_a_pass_and_a_batch_depends_on_its_number_alone():
    rows = [(torch.tensor([i]), torch.ones(1)) for i in range(10)]
    batches = PieceBatches(rows, torch.arange(10), B=4)
    assert batches.per_pass == 3
    seen = torch.cat([batches[step][1] for step in range(3)])
    assert sorted(seen.tolist()) == list(range(10)) and not torch.equal(seen, torch.arange(10))
    again = PieceBatches(rows, torch.arange(10), B=4)
    assert torch.equal(again[4][0][0], batches[4][0][0])


def test_it_learns_its_texts_by_heart():
    pieces = Pieces(TEXTS, least=1)
    batches = PieceBatches([pieces(t) for t in TEXTS], torch.tensor([0, 1, 2, 3]), B=2)
    model = BagOfPieces(len(pieces.vocab), 4)

    def loss(model, batch, carry):
        x, y = batch
        return torch.nn.functional.cross_entropy(model(x), y), len(y), None

    list(train.fit(model, batches, loss, train.Settings(60, lr=0.1, every=60)))
    assert model(joined([pieces(t) for t in TEXTS])).argmax(1).tolist() == [0, 1, 2, 3]
