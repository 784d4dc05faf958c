"""Padding, masks, buckets and segments: invariances, and what is said about bad input."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.batches import Buckets, Segments, mask, pad

LENGTHS = st.lists(st.integers(1, 200), min_size=1, max_size=80)


@given(LENGTHS)
def test_mask_of_the_lengths_picks_out_the_sequences(lengths):
    rows = [torch.arange(1, n + 1) for n in lengths]
    x, got = pad(rows, 0)
    assert got.tolist() == lengths and x.shape == (len(lengths), max(lengths))
    real = mask(got, x.shape[1])
    assert real.dtype == torch.bool and torch.equal(x[real], torch.cat(rows))
    assert (x[~real] == 0).all()


def test_pad_takes_lists_and_vectors():
    assert pad([[1, 2], [3]], 9)[0].tolist() == [[1, 2], [3, 9]]
    x, _ = pad([torch.ones(2, 3), torch.ones(1, 3)], -1.0)
    assert x.shape == (2, 2, 3) and x[1, 1].tolist() == [-1, -1, -1]


@given(LENGTHS, st.integers(1, 500), st.integers(0, 3))
def test_a_pass_shows_every_sequence_once(lengths, tokens, seed):
    buckets = Buckets(lengths, tokens, seed)
    for start in (0, buckets.per_pass):
        seen = [i for k in range(buckets.per_pass) for i in buckets[start + k]]
        assert sorted(seen) == list(range(len(lengths)))


@given(LENGTHS, st.integers(1, 500))
def test_buckets_keep_within_the_tokens(lengths, tokens):
    for batch in Buckets(lengths, tokens, 0):
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= tokens


def test_a_bucket_depends_only_on_seed_and_number():
    lengths = list(range(1, 120))
    one, other = Buckets(lengths, 300, 5), Buckets(lengths, 300, 5)
    forwards = [one[k] for k in range(60)]
    assert [other[k] for k in reversed(range(60))] == forwards[::-1]
    assert forwards != [Buckets(lengths, 300, 6)[k] for k in range(60)]
    assert forwards[: one.per_pass] != forwards[one.per_pass : 2 * one.per_pass]


def test_buckets_pad_little():
    lengths = [1 + (i * 37) % 90 for i in range(1000)]
    buckets = Buckets(lengths, 2000, 0)
    padded = sum(len(b) * max(lengths[i] for i in b) for b in buckets)
    assert padded < 1.15 * sum(lengths)
    assert buckets.per_pass < 1.2 * padded / 2000


def test_segments_continue_the_same_rows():
    ids = torch.arange(100)
    segments = Segments(ids, B=3, T=8)
    assert segments.per_pass == 4
    before = None
    for x, y, fresh in segments:
        assert torch.equal(y, x + 1) and x.shape == (3, 8)
        assert fresh == (before is None)
        if before is not None:
            assert torch.equal(x[:, 0], before[:, -1])
        before = y


def test_segments_start_again_after_a_pass():
    segments = Segments(list(range(20)), B=2, T=4)
    x, _, fresh = segments[segments.per_pass]
    assert fresh and torch.equal(x, segments[0][0])


def test_the_shortest_text_fills_one_segment():
    x, y, _ = Segments(torch.arange(7), B=2, T=3)[0]
    assert x.tolist() == [[0, 1, 2], [3, 4, 5]] and y.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("make, message", [
    (lambda: pad([], 0), "at least one sequence, got none"),
    (lambda: pad([[1], []], 0), "length 0 at position 1"),
    (lambda: mask(torch.tensor([3, 0]), 3), "from 1 to T=3, got 0 to 3"),
    (lambda: mask(torch.tensor([4]), 3), "from 1 to T=3, got 4 to 4"),
    (lambda: mask(torch.tensor([]), 3), "B at least 1"),
    (lambda: mask(torch.tensor([[1]]), 3), "must be \\(B,\\)"),
    (lambda: Buckets([], 10, 0), "got 0 lengths"),
    (lambda: Buckets([2, 0], 10, 0), "from 0"),
    (lambda: Buckets([2], 0, 0), "tokens=0"),
    (lambda: Buckets([2], 10, 0)[-1], "numbered from 0, got -1"),
    (lambda: Segments(torch.arange(6), 2, 3), "at least B \\* T \\+ 1 = 7, got \\(6,\\)"),
    (lambda: Segments(torch.zeros(2, 9), 2, 3), "got \\(2, 9\\)"),
    (lambda: Segments(torch.arange(6), 0, 3), "B=0"),
])
def test_bad_input_is_one_sentence(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
