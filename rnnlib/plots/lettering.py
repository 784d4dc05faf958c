"""Many short texts drawn at once: each distinct text is outlined once and kept, so that a picture
redraws fast."""

import functools

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

SANS, MONO, LETTER = (
    ("DejaVu Sans", "normal"),
    ("DejaVu Sans Mono", "normal"),
    ("DejaVu Serif", "italic"),
)


class Lettering(PathCollection):
    """Texts as outlines on an Axes; `boxes()` tells where they stand."""

    def boxes(self):
        """(text, bounding box in pixels) of every text."""
        across = self.get_transform()
        places = self.get_offset_transform().transform(self.get_offsets())
        extents = [path.get_extents(across) for path in self.get_paths()]
        return [
            (text, box.translated(*place))
            for text, box, place in zip(self.texts, extents, places, strict=True)
        ]


def write(ax, texts, places, size, colours, font=SANS):
    """Draw texts centred on places in the units of an Axes; one colour each or one for all."""
    texts = [visible(text) for text in texts]
    if not texts:
        return
    made = Lettering(
        [outline(text, round(float(size), 2), font) for text in texts],
        offsets=places,
        offset_transform=ax.transData,
        facecolors=colours,
        linewidths=0,
        clip_on=False,
        zorder=6,
    )
    made.texts = texts
    made.set_transform(Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans)
    made.set_in_layout(False)
    ax.add_collection(made, autolim=False)


@functools.lru_cache(maxsize=8192)
def outline(text, size, font):
    """The outline of a text in points, centred on (0, 0): across by its ink, upwards by the height
    of a digit."""
    if not text.strip():
        return Path(np.zeros((0, 2)))
    family, style = font
    plain = text.replace("$", r"\$")
    path = TextPath((0, 0), plain, size=size, prop=FontProperties(family=family, style=style))
    left, right = path.get_extents().intervalx
    rise = 0.27 * size if font == LETTER else 0.36 * size
    return path.transformed(Affine2D().translate(-(left + right) / 2, -rise))


def indexed(letter, step):
    """A letter with its index as plain text in the font `LETTER`, such as h₃ or hₜ."""
    return letter + str(step).translate(str.maketrans("0123456789t+-", "₀₁₂₃₄₅₆₇₈₉ₜ₊₋"))


def visible(symbol):
    """A symbol as it is shown: a lone space, line end or tab by its sign, all else as it is."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍"}.get(symbol, str(symbol))
