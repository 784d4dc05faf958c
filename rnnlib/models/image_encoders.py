"""Encoders of pictures: feed-forward layers upstream of a text (cs505).

They are called like encoders of texts and hand over the same things, so every decoder goes with
them: `encoder(pixels (B, channels, height, width)) -> Encoded`.
Taught in notebooks/15_images_to_words.ipynb.
"""

import torch
from torch import Tensor, nn

from .encoders import Encoded


class PictureEncoder(nn.Module):
    """What both encoders share: the check of the size, and one vector for the whole picture.

    The vector is normalised: else it grows in training until the gates and squashing functions
    that it goes into are stuck, the same for every picture.

    Args:
        shape: (channels, height, width) of each picture.
        C: numbers in the vector.
    """

    def __init__(self, shape, C):
        super().__init__()
        self.shape, self.C, self.parts = tuple(shape), C, [C]
        self.norm = nn.LayerNorm(C)

    def regions(self, pixels: Tensor) -> Tensor:
        """A vector for each region of the pictures: (B, S, size)."""
        raise NotImplementedError("an encoder of pictures makes its vectors in regions(pixels)")

    def forward(self, pixels: Tensor) -> Encoded:
        if tuple(pixels.shape[1:]) != self.shape or not len(pixels):
            raise ValueError(
                f"expected pictures (B, {', '.join(map(str, self.shape))}), got "
                f"{tuple(pixels.shape)}: a single one needs a batch axis, pixels[None], and "
                "another size has to be scaled first"
            )
        h = self.regions(pixels)
        c = self.norm(self.W(h.flatten(1)))
        return Encoded(h, torch.ones_like(h[..., 0], dtype=torch.bool), c, c)


class FlatEncoder(PictureEncoder):
    """One feed-forward net over all pixels: c = norm(W relu(W' pixels + b') + b), one region."""

    def __init__(self, shape, H, C):
        super().__init__(shape, C)
        numbers = shape[0] * shape[1] * shape[2]
        self.size, self.first, self.W = H, for_relu(nn.Linear(numbers, H)), nn.Linear(H, C)

    def regions(self, pixels):
        return torch.relu(self.first(pixels.flatten(1)))[:, None]


class SmallConvEncoder(PictureEncoder):
    """Convolutions that halve height and width, each with `size` filters; then one matrix.

    What is left, (height / 2^depth) times (width / 2^depth) regions, can be looked at one by one
    by a decoder with attention.
    """

    def __init__(self, shape, size, C, depth=3):
        super().__init__(shape, C)
        _, height, width = shape
        if height % 2**depth or width % 2**depth:
            raise ValueError(
                f"expected a height and a width that can be halved {depth} times, got "
                f"{height} and {width}: take multiples of {2**depth}"
            )
        channels = [shape[0], *[size] * depth]
        self.size, self.convs = size, nn.ModuleList(
            for_relu(nn.Conv2d(a, b, 3, stride=2, padding=1))
            for a, b in zip(channels[:-1], channels[1:], strict=True)
        )
        self.W = nn.Linear(size * (height >> depth) * (width >> depth), C)

    def regions(self, pixels):
        x = pixels
        for conv in self.convs:
            x = torch.relu(conv(x))
        return x.flatten(2).mT


def for_relu(layer):
    """The layer with weights so large that a relu after it neither shrinks nor swells what it reads
    (He et al. 2015)."""
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer
