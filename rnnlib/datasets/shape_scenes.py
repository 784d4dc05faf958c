"""Pictures of one or two coloured shapes, and what a caption says about them.

A scene is a tuple of things with their places; its picture and its caption both follow from it, so
anyone can draw a new scene and knows what would be right to say.  Three pairs of colour and shape
never occur in train and valid, and every scene of the test has at least one of them.
"""

import random
from typing import NamedTuple

import torch

from .splits import remainder

SIZE = 32
"""Height and width of a picture, in pixels."""

COLOURS = {"red": (0.85, 0.15, 0.15), "green": (0.15, 0.6, 0.2), "blue": (0.15, 0.3, 0.85),
           "yellow": (0.95, 0.8, 0.1)}
SHAPES = ("circle", "square", "triangle")
SIZES = {"small": 3.0, "large": 6.0}
UNSEEN = {("red", "triangle"), ("green", "circle"), ("blue", "square")}
"""Pairs of colour and shape that only the test shows."""


class Thing(NamedTuple):
    """A shape in a picture, with the middle at (x, y) pixels from the upper left corner."""

    shape: str
    colour: str
    size: str
    x: int
    y: int

    def __str__(self):
        return f"a {self.size} {self.colour} {self.shape}"


def scenes(count=7500, seed=0):
    """Scenes as (things, caption): four of five have two things."""
    rng, found = random.Random(seed), {}
    while len(found) < count:
        scene = draw_scene(rng)
        found.setdefault(scene, caption(scene))
    parts = {"train": [], "valid": [], "test": []}
    for scene, words in found.items():
        new = any((thing.colour, thing.shape) in UNSEEN for thing in scene)
        split = "valid" if remainder(words + repr(scene), 10) == 1 else "train"
        parts["test" if new else split].append((scene, words))
    parts["test"] = parts["test"][:len(parts["train"]) // 4]
    return parts


def draw_scene(rng) -> tuple:
    """One thing near the middle, or two side by side or one above the other."""
    middle = SIZE // 2
    if rng.random() < 0.2:
        return (_thing(rng, middle, middle, 4),)
    near, far = SIZE // 4, SIZE - SIZE // 4
    first, second = rng.choice((((near, middle), (far, middle)), ((middle, near), (middle, far))))
    return _thing(rng, *first, 1), _thing(rng, *second, 1)


def _thing(rng, x, y, shift):
    return Thing(rng.choice(SHAPES), rng.choice(list(COLOURS)), rng.choice(list(SIZES)),
                 x + rng.randint(-shift, shift), y + rng.randint(-shift, shift))


def caption(scene) -> str:
    """What is to be said about a scene: a small red circle above a large blue square."""
    if len(scene) == 1:
        return str(scene[0])
    if len(scene) != 2:
        raise ValueError(f"expected a scene of one or two things, got {len(scene)}: "
                         "a caption names at most two")
    one, two = scene
    across, down = two.x - one.x, two.y - one.y
    relation = "left of" if abs(across) >= abs(down) else "above"
    if (across if relation == "left of" else down) < 0:
        one, two = two, one
    return f"{one} {relation} {two}"


def render(scenes) -> torch.Tensor:
    """The pictures of some scenes: (N, 3, 32, 32), red green blue from 0 to 1, on white.

    What stands later in a scene is painted over what stands earlier.  A network learns faster from
    1 - render(scenes), where the empty paper is 0.
    """
    pictures = torch.ones(len(scenes), 3, SIZE, SIZE)
    for k in range(max(map(len, scenes), default=0)):
        chosen = [n for n, scene in enumerate(scenes) if len(scene) > k]
        things = [scenes[n][k] for n in chosen]
        cover = covered(things)[:, None]  # (N, 1, 32, 32)
        paint = torch.tensor([COLOURS[thing.colour] for thing in things])[:, :, None, None]
        pictures[chosen] = pictures[chosen] * (1 - cover) + paint * cover
    return pictures


def covered(things) -> torch.Tensor:
    """How much of each pixel a thing covers, from 0 to 1: (N, 32, 32)."""
    place = torch.arange(SIZE) + 0.5
    x = place[None, None, :] - torch.tensor([[[float(thing.x)]] for thing in things])
    y = place[None, :, None] - torch.tensor([[[float(thing.y)]] for thing in things])
    r = torch.tensor([[[SIZES[thing.size]]] for thing in things])
    slope = 3**0.5 / 2
    outside = {  # how far a pixel lies outside, in pixels
        "circle": (x**2 + y**2).sqrt() - r,
        "square": torch.maximum(x.abs(), y.abs()) - 0.9 * r,
        "triangle": torch.maximum(y - r / 2, slope * x.abs() - y / 2 - r / 2),
    }
    which = torch.tensor([SHAPES.index(thing.shape) for thing in things])[:, None, None]
    far = torch.stack([outside[name].expand(-1, SIZE, SIZE) for name in SHAPES])
    return (0.5 - far.gather(0, which.expand(-1, SIZE, SIZE)[None])[0]).clamp(0, 1)
