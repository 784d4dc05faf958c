"""From pictures to words: encoders of pictures, three ways to condition a text, batches, errors."""

import pytest
import torch

from rnnlib.attention import Bilinear
from rnnlib.cells import GRUCell, LSTMCell
from rnnlib.datasets.shape_scenes import Thing, render
from rnnlib.layers import OverTime
from rnnlib.models import (
    AttentionDecoder,
    ContextDecoder,
    Decoder,
    EncoderDecoder,
    FlatEncoder,
    InputDecoder,
    Pictures,
    SmallConvEncoder,
    greedy_answers,
    weights_of,
)
from rnnlib.objectives import likelihood
from rnnlib.text import BOS, EOS, Vocab

SHAPE, C = (3, 32, 32), 24
VOCAB = Vocab([BOS, EOS, "a", "small", "large", "red", "blue", "circle", "square"])
SCENES = [(Thing(shape, colour, size, 16, 16),) for shape in ("circle", "square")
          for colour in ("red", "blue") for size in ("small", "large")]
PIXELS = 1 - render(SCENES)  # ink on nothing: a picture of nothing is all zeros
TEXTS = [VOCAB.encode(str(scene[0]).split()) for scene in SCENES]
EXACT = {"rtol": 0, "atol": 1e-5}

ENCODERS = {"feed-forward": lambda: FlatEncoder(SHAPE, 40, C),
            "convolution": lambda: SmallConvEncoder(SHAPE, 16, C)}
DECODERS = {
    "state": lambda e: Decoder(len(VOCAB), 6, OverTime(LSTMCell(6, 40)), e),
    "input": lambda e: InputDecoder(len(VOCAB), 6, OverTime(LSTMCell(6, 40)), e),
    "every step": lambda e: ContextDecoder(len(VOCAB), 6, OverTime(GRUCell(6 + C, 40)), e),
    "attention": lambda e: AttentionDecoder(
        len(VOCAB), 6, OverTime(GRUCell(6 + e.size, 40)), e, Bilinear(40, e.size)),
}


def captioner(encoder="feed-forward", decoder="state"):
    torch.manual_seed(0)
    made = ENCODERS[encoder]()
    return EncoderDecoder(made, DECODERS[decoder](made))


def test_a_feed_forward_encoder_is_two_matrices():
    encoder = ENCODERS["feed-forward"]()
    hidden = torch.relu(encoder.first(PIXELS.flatten(1)))
    wanted = hidden @ encoder.W.weight.T + encoder.W.bias
    spread = (wanted.var(1, keepdim=True, correction=0) + 1e-5).sqrt()
    wanted = (wanted - wanted.mean(1, keepdim=True)) / spread
    torch.testing.assert_close(encoder(PIXELS).c, wanted, rtol=0, atol=1e-4)


def test_regions_of_a_convolution_lie_where_the_picture_does():
    encoder = ENCODERS["convolution"]()
    other = PIXELS.clone()
    other[:, :, :4, :4] = 1.0  # the upper left corner
    moved = (encoder(PIXELS).h - encoder(other).h).abs().sum((0, 2)) > 0
    assert moved[0] and not moved[[2, 3, 6, 7, *range(8, 16)]].any()
    assert encoder(PIXELS).h.shape == (8, 16, 16)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("decoder", DECODERS)
def test_other_pictures_in_the_batch_change_nothing(encoder, decoder):
    model, y = captioner(encoder, decoder), torch.zeros(8, 3, dtype=torch.long)
    whole = model((PIXELS,), y)
    torch.testing.assert_close(whole[5:6], model((PIXELS[5:6],), y[:1]), **EXACT)
    assert (whole[0] - whole[5]).abs().max() > 1e-6


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("decoder", DECODERS)
def test_a_captioner_learns_some_pictures_by_heart(encoder, decoder):
    model, batch = captioner(encoder, decoder), Pictures(PIXELS, TEXTS, VOCAB, 8)[0]
    adam = torch.optim.Adam(model.parameters(), lr=0.004)
    for _ in range(200):
        adam.zero_grad()
        loss, count, _ = likelihood(model, batch, None)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
    found = greedy_answers(model.eval(), batch.source, VOCAB, 10)
    assert [answer.ids for answer in found] == [TEXTS[n].tolist() for n in batch.numbers]
    assert count == 8 * 5


def test_attention_looks_at_regions():
    weights = weights_of(captioner("convolution", "attention"), (PIXELS,),
                         torch.zeros(8, 2, dtype=torch.long))
    assert weights.shape == (8, 2, 16)
    torch.testing.assert_close(weights.sum(2), torch.ones(8, 2), **EXACT)


def test_a_pass_shows_every_picture_once_with_its_text():
    data = Pictures(PIXELS, TEXTS, VOCAB, 3, seed=1)
    seen = [number for batch in data for number in batch.numbers]
    assert sorted(seen) == list(range(8)) and data.per_pass == 3
    for batch in data:
        assert torch.equal(batch.source[0], PIXELS[batch.numbers])
        assert batch.y[:, :4].tolist() == [TEXTS[n].tolist() for n in batch.numbers]
    assert data[2].numbers == Pictures(PIXELS, TEXTS, VOCAB, 3, seed=1)[2].numbers
    assert seen != [number for k in range(3, 6) for number in data[k].numbers]


@pytest.mark.parametrize("call, text", [
    (lambda: captioner().encoder(PIXELS[0]), "pictures (B, 3, 32, 32), got (3, 32, 32): a single"),
    (lambda: captioner().encoder(PIXELS[:, :, :16]), "got (8, 3, 16, 32)"),
    (lambda: captioner("convolution").encoder(PIXELS[:0]), "got (0, 3, 32, 32)"),
    (lambda: SmallConvEncoder((3, 20, 32), 8, C), "halved 3 times, got 20 and 32: take multiples"),
    (lambda: Pictures(PIXELS, TEXTS[1:], VOCAB, 3), "got 8 pictures, 7 texts and B=3"),
    (lambda: Pictures(PIXELS, TEXTS, VOCAB, 0), "texts and B=0"),
])
def test_bad_input_gets_one_clear_sentence(call, text):
    with pytest.raises(ValueError) as error:
        call()
    assert text in str(error.value) and "\n" not in str(error.value)
