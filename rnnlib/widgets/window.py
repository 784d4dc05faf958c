"""Notebook 03: segments of k steps cut the error's way back, and the gradient turns away."""
import ipywidgets
import numpy as np

from ..plots import INK, curves, reach
from ..plots.segments import key_of_reach, same_segment
from ..plots.style import MUTED, SPARE
from .explore import explore

ALT = ("Left, a triangle: each row is the loss at one character, each column the state at one "
       "character, the colour how much the one blames the other; segments of k steps cut off all "
       "but small triangles at the diagonal. Right, the cosine of the truncated with the full "
       "gradient of U against k, for a state that is carried and one that is not.")
CAPTION = ("Segments cut the error off at each boundary. In a trained model the rest keeps its "
           "direction from about $k = 4$ on if the state is carried, and only from about $k = 32$ "
           "on if not.")
COLOURS = [SPARE[2], SPARE[3], MUTED]  # none of those that the triangle uses


def window(sizes, tokens, measured):
    """Set the length of the segments of a text; see what is cut off and how the gradient turns.

    sizes    dict name of a model -> (T, T): how much the loss at a step (row) blames a state
    tokens   the T tokens of the text that was read
    measured dict name of a model -> (windows, lines, halves): the lengths k, and dicts name of a
             curve -> cosines with the full gradient and half-widths of their intervals
    """
    models = list(sizes)
    shown = [k for k in measured[models[0]][0] if k <= len(tokens)]

    def draw(fig, k, model):
        fig.set_layout_engine("none")  # places that are known cost no time to find
        left, right = fig.add_axes([0.01, 0.02, 0.46, 0.9]), fig.add_axes([0.56, 0.13, 0.43, 0.8])
        reach(left, sizes[model], tokens, k)
        key_of_reach(left)
        cosine_curves(right, measured[model], k)
        return said(np.asarray(sizes[model]), k)

    slide = ipywidgets.SelectionSlider(options=shown, value=4, description="segment length k")
    choose = ipywidgets.ToggleButtons(options=models, value=models[-1])
    return explore(
        draw, {"k": slide, "model": choose}, alt=ALT, caption=CAPTION,
        presets={"every step for itself": {"k": shown[0]}, "k = 4": {"k": 4},
                 "one segment": {"k": shown[-1]}}, size=(9, 4.7))


def cosine_curves(ax, measured, k):
    """The cosines against k on a scale of doublings, the chosen k marked."""
    windows, lines, halves = measured
    curves(ax, np.log2(windows), lines, halves,
           ("segment length k", "cosine with the full gradient of U"))
    for line, band, colour in zip(ax.lines, ax.collections, COLOURS, strict=False):
        line.set_color(colour)
        band.set_color(colour)
    ax.axvline(np.log2(k), color=INK, linewidth=1)
    if len(lines) > 1:
        ax.legend(loc="lower right", handlelength=1.6)  # where no line passes
    ax.set(ylim=(-0.25, 1.05), xticks=np.log2(windows), xticklabels=[str(w) for w in windows])


def said(sizes, k):
    """How much of all the blame survives the cut, and how far a loss sees on average."""
    kept = sizes[same_segment(len(sizes), k)].sum() / sizes.sum()
    return (f"With segments of {k} a loss reaches back {(k - 1) / 2:g} states on average; "
            f"{100 * kept:.0f} % of the error sizes in the triangle arrive.")
