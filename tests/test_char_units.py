"""Single units that follow a property: scores with known answers, units chosen and tested apart."""

import pytest
import torch

from rnnlib import cells, datasets
from rnnlib.experiments import char_units
from rnnlib.experiments.char_units import best, columns, contexts, in_names, scores
from rnnlib.models import LanguageModel


def test_columns_count_the_characters_of_a_line():
    assert columns("ab\n\nc") == [1, 2, 0, 0, 1]


def test_names_of_speakers_stand_alone_on_their_line():
    found = in_names("KING:\nno: not\n\nA Lord:\nx")
    assert len(found) == 24 and [k for k, f in enumerate(found) if f] == [*range(6), *range(15, 23)]


def test_a_score_is_the_share_of_pairs_in_the_right_order():
    torch.manual_seed(0)
    values, wanted = torch.randn(40, 3), torch.rand(40) < 0.4
    for unit, score in enumerate(scores(values, wanted)):
        inside, outside = values[wanted, unit], values[~wanted, unit]
        share = (inside[:, None] > outside).double().mean()
        assert score == pytest.approx(2 * share.item() - 1)


def test_scores_of_numbers_are_correlations():
    values, wanted = torch.randn(30, 2), torch.randint(50, (30,))
    for unit, score in enumerate(scores(values, wanted)):
        pair = torch.stack([values[:, unit].double(), wanted.double()])
        assert score == pytest.approx(torch.corrcoef(pair)[0, 1].item())


def test_a_constant_unit_follows_no_number():
    assert scores(torch.ones(10, 1), torch.arange(10)).item() == 0


def test_the_best_unit_is_chosen_on_the_first_half_and_scored_on_the_second():
    wanted = torch.arange(40) % 3 == 0
    values = 0.1 * torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    values[:, 1] -= wanted.float()  # right in both halves, upside down
    values[20:, 2] += 5 * wanted[20:].float()  # right in the second half only
    found = best(values, wanted)
    assert (found.unit, found.sign) == (1, -1) and found.first > 0.9 and found.second > 0.9


def test_a_lucky_unit_is_found_out_by_the_second_half():
    wanted = torch.rand(200, generator=torch.Generator().manual_seed(1)) < 0.5
    noise = torch.randn(200, 500, generator=torch.Generator().manual_seed(2))
    found = best(noise, wanted)
    assert found.first > 0.3 > abs(found.second)


def test_contexts_are_those_of_the_loop():
    torch.manual_seed(0)
    model = LanguageModel(9, 4, cells.LSTMCell(4, 5))
    ids, state = torch.randint(9, (12,)), model.start(1)
    with torch.no_grad():
        for t, c in enumerate(contexts(model, ids)):
            _, state = model.step(ids[t : t + 1], state)
            assert torch.allclose(c, state[1][0], atol=1e-6)


def test_shades_use_the_whole_scale_for_every_unit():
    values = torch.linspace(0, 1, 201)[:, None] * torch.tensor([1.0, -50.0]) + 3
    found = char_units.shades(values)
    assert found[0].tolist() == [-1, 1]
    assert found.min(0).values.tolist() == [-1, -1] and found.max(0).values.tolist() == [1, 1]
    assert found[100].tolist() == [0, 0]


def test_rows_side_by_side_each_begin_from_a_zero_state():
    torch.manual_seed(0)
    model = LanguageModel(9, 4, cells.LSTMCell(4, 5))
    ids = torch.randint(9, (12,))
    together = contexts(model, ids, rows=2)
    apart = torch.cat([contexts(model, ids[:6]), contexts(model, ids[6:])])
    assert torch.allclose(together, apart, atol=1e-6)


def test_all_units_together_find_what_is_spread_over_them():
    torch.manual_seed(0)
    values = torch.randn(2000, 20)
    wanted = values.sum(1) > 0
    assert char_units.all_units(values, wanted) > 0.99 > 0.5 > best(values, wanted).second


@pytest.fixture(scope="module")
def shipped():
    return char_units.load()


def test_the_shipped_model_has_a_unit_that_follows_quotes(shipped):
    text = char_units.readable(datasets.load("pydoc").test[:30_000], shipped.vocab)
    found = char_units.followers(shipped.model, shipped.vocab, text, "pydoc")
    assert found["quote"].second > 0.5
    fresh = char_units.Recipe().model(len(shipped.vocab))
    untrained = char_units.followers(fresh, shipped.vocab, text, "pydoc")
    assert untrained["quote"].second < found["quote"].second - 0.2


def test_the_shipped_file_is_small_and_says_how_it_was_made(shipped):
    assert shipped.facts["command"] == "python -m rnnlib.experiments.char_growth pydoc 2"
    assert shipped.facts["data"] == "pydoc" and shipped.facts["held_out"]["nats"] < 1.5
    assert char_units.WEIGHTS.stat().st_size < 1e6
