"""Window models against a loop over positions, and exact zeros outside the window."""

import itertools
import math

import pytest
import torch

from rnnlib.models import WindowLM, WindowTagger

SIZE = 5


def language_model(width=3, H=6, D=4, **options):
    torch.manual_seed(0)
    return WindowLM(SIZE, D, H, width, **options).double()


def tagger(width=3):
    torch.manual_seed(0)
    return WindowTagger(SIZE, 4, 6, 2, width).double()


def by_loop(model, ids, t, left, right):
    """Scores at position t of one text, from the words at t - left ... t + right."""
    inside = range(len(ids))
    window = [ids[s] if s in inside else SIZE for s in range(t - left, t + right + 1)]
    e = torch.cat([model.E.weight[i] for i in window])
    h = torch.tanh(model.W.weight @ e + model.W.bias)
    return model.V.weight[: model.V.bias.numel()] @ h + model.V.bias


@pytest.mark.parametrize("width", [1, 2, 5])
def test_the_language_model_is_a_loop_over_windows_of_the_last_words(width):
    model, ids = language_model(width), [3, 0, 4, 1]
    scores, _ = model(torch.tensor([ids]))
    for t in range(4):
        assert torch.allclose(scores[0, t], by_loop(model, ids, t, width - 1, 0), atol=1e-12)


@pytest.mark.parametrize("width", [1, 3, 5])
def test_the_tagger_is_a_loop_over_windows_around_each_word(width):
    model, ids, side = tagger(width), [3, 0, 4, 1], (width - 1) // 2
    scores = model(torch.tensor([ids]))
    for t in range(4):
        assert torch.allclose(scores[0, t], by_loop(model, ids, t, side, side), atol=1e-12)


def test_tied_scores_come_from_the_embedding_without_the_row_of_the_edge():
    model = language_model(H=4, D=4, tied=True)
    scores, _ = model(torch.tensor([[3, 0]]))
    assert scores.shape == (1, 2, SIZE)
    assert torch.allclose(scores[0, 1], by_loop(model, [3, 0], 1, 2, 0), atol=1e-12)
    assert model.V.weight is model.E.weight


@pytest.mark.parametrize("width", [1, 2, 4])
def test_step_by_step_is_the_whole_text(width):
    model, x = language_model(width), torch.randint(SIZE, (2, 6))
    scores, last = model(x)
    state, rows = model.start(2), []
    for t in range(6):
        log_probs, state = model.step(x[:, t], state)
        rows.append(log_probs)
    assert torch.allclose(torch.stack(rows, 1), scores.log_softmax(-1), atol=1e-12)
    assert torch.equal(state, last)


def test_a_text_in_two_halves_with_the_state_carried_is_the_text_in_one():
    model, x = language_model(4), torch.randint(SIZE, (2, 8))
    first, state = model(x[:, :2])
    second, _ = model(x[:, 2:], state)
    assert torch.allclose(torch.cat([first, second], 1), model(x)[0], atol=1e-12)


def test_a_word_outside_the_window_changes_nothing_and_one_inside_does():
    model, x = language_model(3), torch.tensor([[0, 1, 2, 3]])
    far, near = x.clone(), x.clone()
    far[0, 0], near[0, 1] = 4, 4
    assert torch.equal(model(far)[0][:, 3], model(x)[0][:, 3])
    assert not torch.equal(model(near)[0][:, 3], model(x)[0][:, 3])


def test_the_gradient_of_a_tag_is_zero_outside_its_window_and_nowhere_inside():
    model, ids = tagger(3), torch.tensor([[0, 1, 2, 3, 4, 0]])
    e = model.E(torch.nn.functional.pad(ids, (1, 1), value=model.edge)).detach().requires_grad_()
    model.scores(e)[0, 2].sum().backward()
    reached = e.grad[0].abs().sum(-1) > 0
    assert reached.tolist() == [False, False, True, True, True, False, False, False]


def test_more_padding_and_other_batch_mates_change_no_tag():
    model = tagger(5)
    alone = model(torch.tensor([[3, 0, 1]]))
    padded = model(torch.tensor([[3, 0, 1, 2, 2], [4, 4, 4, 4, 4]]), torch.tensor([3, 5]))
    assert torch.allclose(padded[0, :3], alone[0], atol=1e-12)


def test_the_probabilities_of_all_strings_of_one_length_sum_to_one():
    model, total = language_model(3), 0.0
    for string in itertools.product(range(SIZE), repeat=3):
        x, y = torch.tensor([[2, *string[:-1]]]), torch.tensor([string])
        total += model.score(x, y)[0].sum().exp().item()
    assert math.isclose(total, 1, abs_tol=1e-9)


def test_a_window_without_words_is_refused():
    with pytest.raises(ValueError, match="a window of at least 1 symbol, got width=0"):
        WindowLM(5, 4, 4, 0)


def test_a_window_without_a_middle_is_refused():
    with pytest.raises(ValueError, match="an odd number of words, got width=4"):
        WindowTagger(5, 4, 4, 2, 4)


def test_a_missing_batch_axis_is_refused():
    with pytest.raises(ValueError, match=r"expected ids \(B, T\), got \(4,\): add a batch axis"):
        language_model()(torch.zeros(4).long())
