"""Notebook 15: draw a scene, and read its caption as it is produced."""

import ipywidgets

from ..datasets.shape_scenes import COLOURS, SHAPES, SIZES, UNSEEN, Thing, render
from ..plots import worded
from ..text import EOS
from .explore import explore

THINGS = [f"{size} {colour} {shape}" for size in reversed(SIZES) for colour in COLOURS
          for shape in SHAPES]
PLACES = {"left of": ((8, 16), (24, 16)), "above": ((16, 8), (16, 24)),
          "alone": ((16, 16),), "nothing at all": ()}
ALT = (
    "A picture of coloured shapes; beside it a caption that grows downwards, a row for each word, "
    "with the likeliest words of that step as bars. Wrong words are orange."
)
CAPTION = (
    "The network sees the picture alone, and at each step takes the likeliest word. It has seen "
    "all colours and all shapes, but never a red triangle, a green circle or a blue square."
)
PRESETS = {
    "two pairs it never saw": ("large green circle", "large blue square", "left of"),
    "a red triangle": ("large red triangle", "large yellow circle", "left of"),
    "all seen": ("large red circle", "small blue triangle", "left of"),
    "the same, above": ("large red circle", "small blue triangle", "above"),
    "empty paper": ("large red circle", "small blue triangle", "nothing at all"),
}


def draw_scene(captioner, presets=PRESETS):
    """Choose two things and their places, and see which words a captioner finds likely.

    captioner  with `of(scene) -> (steps, right caption)`; a step has word, labels, probabilities
    presets    dict label -> (first thing, second thing, place); the first one opens
    """
    def draw(fig, first, second, place):
        scene = scene_of(first, second, place)
        steps, right = read(captioner, scene)
        said = [step.word for step in steps if step.word != EOS]
        wanted = [*right.split(), "the end"]
        shown = [(named(step.labels), step.probabilities) for step in steps]
        wrong = [t for t, (labels, _) in enumerate(shown) if labels[0] != (
            wanted[t] if t < len(wanted) else "")] if scene else range(len(shown))
        worded(fig, render([scene])[0].permute(1, 2, 0), shown, wrong)
        return told(scene, " ".join(said), right)

    values = {label: dict(zip(("first", "second", "place"), one, strict=True))
              for label, one in presets.items()}
    opening = next(iter(values.values()))
    controls = {name: ipywidgets.Dropdown(options=THINGS, value=opening[name])
                for name in ("first", "second")}
    controls["place"] = ipywidgets.Dropdown(options=list(PLACES), value=opening["place"],
                                            description="the first is")
    return explore(draw, controls, ALT, CAPTION, values, size=(9.6, 4.2))


def scene_of(first, second, place):
    """The things of a scene, named by size, colour and shape, at their places."""
    names = [name.split() for name in (first, second)]
    return tuple(Thing(shape, colour, size, x, y) for (size, colour, shape), (x, y)
                 in zip(names, PLACES[place], strict=False))


def read(captioner, scene):
    """(steps, right caption) of a scene; nothing is right for an empty one."""
    if scene:
        return captioner.of(scene)
    return captioner.steps(1 - render([scene])[0]), ""


def named(labels):
    """The likeliest words of a step, the end marker in words."""
    return ["the end" if label == EOS else label for label in labels]


def told(scene, said, right):
    """The line below the picture: what is said, and whether it is there."""
    if not scene:
        return f"Nothing is there. It says: {said}."
    new = [f"{thing.colour} {thing.shape}" for thing in scene
           if (thing.colour, thing.shape) in UNSEEN]
    note = f" Never seen in training: {', '.join(new)}." if new else " All pairs were in training."
    verdict = "Right." if said == right else f"Right would be: {right}."
    return f"It says: {said}. {verdict}{note}"
