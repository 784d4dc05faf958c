"""The fast step of a model that writes: the numbers of model.step, whatever came before."""

import pytest
import torch

from rnnlib import cells, decode
from rnnlib.models import LanguageModel
from rnnlib.stepping import Stepper


@pytest.fixture(params=[False, True], ids=["own", "tied"])
def model(request):
    torch.manual_seed(0)
    made = LanguageModel(30, 8, cells.LSTMCell(8, 16), tied=request.param, dropout=0.5)
    return made.double().eval()


def test_a_hundred_steps_are_those_of_the_model(model):
    fast, slow = model.start(3), model.start(3)
    stepper = Stepper(model)
    for token in torch.randint(30, (100, 3)):
        mine, fast = stepper.step(token, fast)
        theirs, slow = model.step(token, slow)
        assert torch.allclose(mine, theirs, rtol=0, atol=1e-12)
    assert all(torch.allclose(a, b, rtol=0, atol=1e-12) for a, b in zip(fast, slow, strict=True))


def test_in_single_precision_they_differ_by_less_than_a_millionth(model):
    model.float()
    stepper, token = Stepper(model), torch.randint(30, (40, 1))
    fast = slow = model.start(1)
    for t in token:
        mine, fast = stepper.step(t, fast)
        theirs, slow = model.step(t, slow)
        assert (mine - theirs).abs().max() < 1e-6


def test_it_takes_the_model_in_evaluation_even_while_it_is_trained(model):
    expected = model.step(torch.tensor([4]), model.start(1))[0]
    stepper = Stepper(model.train())
    assert torch.allclose(stepper.step(torch.tensor([4]), stepper.start(1))[0], expected)


def test_two_texts_may_go_on_from_one_state(model):
    stepper = Stepper(model)
    _, state = stepper.step(torch.tensor([3]), stepper.start(1))
    kept = [s.clone() for s in state]
    once = stepper.step(torch.tensor([7]), state)[0]
    stepper.step(torch.tensor([9]), state)
    assert all(torch.equal(s, k) for s, k in zip(state, kept, strict=True))
    assert torch.equal(stepper.step(torch.tensor([7]), state)[0], once)


def test_rows_do_not_know_of_each_other_and_batches_may_change_size(model):
    stepper, tokens = Stepper(model), torch.tensor([1, 5, 9])
    together = stepper.step(tokens, stepper.start(3))[0]
    for b in range(3):
        alone = stepper.step(tokens[b : b + 1], stepper.start(1))[0]
        assert torch.allclose(alone[0], together[b], rtol=0, atol=1e-12)


@pytest.mark.parametrize("temperature", [0, 0.7, 1.5])
def test_it_writes_what_decode_sample_draws(model, temperature):
    stepper, first = Stepper(model), torch.tensor([2, 20])
    mine = stepper.write(first, stepper.start(2), 50, temperature, seed=3)
    theirs = decode.sample(model.step, first, model.start(2), 50, temperature, seed=3)
    assert torch.equal(mine, theirs)


def test_training_on_leaves_it_as_it_was(model):
    stepper = Stepper(model)
    before = stepper.step(torch.tensor([2]), stepper.start(1))[0]
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(2)
    assert torch.equal(stepper.step(torch.tensor([2]), stepper.start(1))[0], before)


def test_a_model_with_another_cell_is_refused():
    model = LanguageModel(30, 8, cells.GRUCell(8, 16))
    with pytest.raises(ValueError, match="needs a model with one LSTMCell, got GRUCell: use "):
        Stepper(model)


@pytest.mark.parametrize("token", [[30], [-1], [[1]], [1.0]])
def test_tokens_that_are_no_ids_are_named(model, token):
    stepper = Stepper(model)
    with pytest.raises(ValueError, match=r"ids \(B,\) from 0 to 29, got tensor.*encode the text"):
        stepper.step(torch.tensor(token), stepper.start(1))


def test_a_state_for_another_number_of_rows_is_named(model):
    stepper = Stepper(model)
    with pytest.raises(ValueError, match=r"state h must be \(B=2, H=16\), got \(1, 16\)"):
        stepper.step(torch.tensor([1, 2]), stepper.start(1))


def test_a_negative_temperature_or_length_is_named(model):
    stepper = Stepper(model)
    for length, temperature in [(-1, 1.0), (5, -0.5)]:
        with pytest.raises(ValueError, match="a temperature and a length of at least 0, got"):
            stepper.write(torch.tensor([1]), stepper.start(1), length, temperature)
