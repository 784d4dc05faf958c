"""The look of the whole course: colours, fonts, figures.

One colour per gate and per model, the same in every notebook, told apart by readers with protanopia
and deuteranopia too. Two colour maps with fixed limits: `STATES` for values in [-1, 1], `PROBS` for
values in [0, 1].
"""

import base64
import contextlib
import io

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from PIL import Image

INK, MUTED, FAINT, PAPER = "#222222", "#6b6b6b", "#dcdcdc", "#ffffff"

GATES = {
    "i": "#238380",
    "f": "#d6360c",
    "o": "#1b3ac1",
    "g": "#f29504",
    "r": "#acaaac",
    "z": "#2896f2",
    "c": "#5c3769",
    "h": "#222222",
}
MODELS = {
    "rnn": "#ad6a06",
    "lstm": "#0043d0",
    "gru": "#029095",
    "simple_gru": "#85acf2",
    "window": "#d8a21f",
    "ngram": "#5f4d4c",
}
NAMES = {
    "rnn": "simple RNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "simple_gru": "simple GRU",
    "window": "window",
    "ngram": "n-gram",
    "naive_bayes": "naive Bayes",
}
KIN = {"naive_bayes": "ngram"}  # has the colour of its kin: both count words
WEIGHTS = {"W": "#0a9086", "U": "#8c1c3c", "V": "#3f3fa8"}
# for what has no colour of its own
SPARE = ["#238380", "#d6360c", "#1b3ac1", "#f29504", "#5c3769", "#acaaac"]
ERRORS = {"own": "#f29504", "future": "#5c3769", "sum": "#222222"}

STATES = LinearSegmentedColormap.from_list(
    "states", ["#1d4e89", "#6f9fd0", "#f7f7f7", "#f0a35e", "#a8480a"]
)
PROBS = LinearSegmentedColormap.from_list("probs", ["#ffffff", "#b5dcd6", "#4d9f98", "#0d4f4b"])

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "mathtext.fontset": "dejavuserif",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.titlesize": 12,
    "axes.titleweight": "normal",
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "lines.linewidth": 2,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "axes.prop_cycle": cycler(color=SPARE),
}
SCREEN = 100  # pixels of the page per inch of a figure
DPI = 120  # pixels of the file per inch: a little finer than the page


class Style(contextlib.ContextDecorator):
    """Within it (`with styled:`, `@styled`) everything is drawn in the style of the course;
    matplotlib's settings return after."""

    def __init__(self):
        self.depth, self.kept = 0, None

    def __enter__(self):
        if self.depth == 0:
            self.kept = matplotlib.rc_context(STYLE)
            self.kept.__enter__()
        self.depth += 1

    def __exit__(self, *error):
        self.depth -= 1
        if self.depth == 0:
            self.kept.__exit__(*error)


styled = Style()


class Picture(Figure):
    """A matplotlib Figure that carries the style and its alt text, and shows itself in a notebook
    without pyplot."""

    alt = ""
    add_subplot = styled(Figure.add_subplot)
    add_axes = styled(Figure.add_axes)
    legend = styled(Figure.legend)
    draw = styled(Figure.draw)

    def empty(self):
        """Take everything off again; what is known about the sizes of texts stays, so that the next
        picture is drawn faster than on a new figure."""
        for ax in list(self.axes):
            ax.remove()
        self.clear()
        self.set_layout_engine("constrained", w_pad=0.08, h_pad=0.08)

    def png(self):
        """The picture as PNG bytes, `DPI` pixels per inch; equal drawings give equal bytes."""
        self.canvas.draw()
        file, size = io.BytesIO(), self.canvas.get_width_height()
        pixels = Image.frombuffer("RGBA", size, self.canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        pixels.convert("RGB").save(file, format="png", compress_level=1)
        return file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        """One display bundle: the PNG with its width and alt text; the alt text as plain text."""
        facts = {"width": int(self.get_figwidth() * SCREEN), "alt": self.alt}
        data = {
            "image/png": base64.b64encode(stored(self.png())).decode(),
            "text/plain": self.alt or "a figure",
        }
        return data, {"image/png": facts}


def stored(png):
    """A PNG in 256 colours, for a notebook to keep: the same to the eye, a third of the bytes."""
    file = io.BytesIO()
    few = Image.open(io.BytesIO(png)).quantize(256, dither=Image.Dither.NONE)
    few.save(file, format="png", optimize=True)
    return file.getvalue()


def figure(width=8, height=3.2, alt=""):
    """An empty Picture of so many inches (100 pixels of the page each), on the Agg backend, unknown
    to pyplot."""
    with styled:
        made = Picture(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(made)
    made.empty()
    made.alt = alt
    return made


def bare(ax, title="", pad=6):
    """Take away ticks and frame of an Axes; its title stands so many points above it."""
    ax.set(xticks=[], yticks=[])
    ax.axis("off")
    if title:
        ax.set_title(title, y=1.0, pad=pad)


def points_per_unit(ax):
    """Points on paper per unit of the x axis and of the y axis (negative where it points down)."""
    box, (left, right), (low, high) = ax.get_window_extent(), ax.get_xlim(), ax.get_ylim()
    points = 72 / ax.figure.dpi
    return box.width * points / (right - left), box.height * points / (high - low)


def luminance(colour):
    """Relative luminance of a colour, 0 for black to 1 for white (WCAG 2)."""
    c = np.array(to_rgb(colour))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return linear.tolist()[0] * 0.2126 + linear.tolist()[1] * 0.7152 + linear.tolist()[2] * 0.0722


def ink_on(colour):
    """Black or white, whichever reads better on a colour (contrast at least 4.5 on every colour
    there is)."""
    return "#000000" if luminance(colour) > 0.179 else "#ffffff"
