"""Notebook 03: the error flows back step by step; a shorter window makes the gradient biased."""
import ipywidgets

from .. import trace
from ..plots import curves, error_step, unrolled_view
from .explore import explore


def error_flow(cell, V, x, targets, tokens, presets=None):
    """Watch the error of a simple RNN flow back, from the last step to the first.

    cell, V   a simple RNN and its output weights (K, H)
    x         one input sequence (T, D)
    targets   the class that is right at each step (T,)
    tokens    the T tokens, to be read under the steps
    """
    found = trace.errors(cell, V.detach(), x.unsqueeze(0), targets.unsqueeze(0))
    errors = {name: value[0].numpy() for name, value in found._asdict().items()}
    T = len(tokens)

    def draw(fig, back):
        t = T + 1 - back
        error_step(fig, errors, tokens, t)
        if back == 1:
            return f"Step {T} is the last one: its error comes from its own output only."
        future, own = (float((errors[name][t - 1] ** 2).sum() ** 0.5) for name in ("future", "own"))
        later = f"step {T}" if back == 2 else f"steps {t + 1} to {T}"
        return (f"At step {t} the error from its own output has size {own:.2f}, the error that comes "
                f"back through U from {later} has size {future:.2f}.")

    return explore(
        draw, {"back": ipywidgets.IntSlider(value=min(2, T), min=1, max=T, description="steps back")},
        alt=f"The unrolled network over {' '.join(tokens)!r}, with the error going back from the last "
            "step: at each step the part from its own output, the part from the future, and their sum.",
        caption="The error at $h_t$ has two sources: $y_t$, which it helped to make, and $h_{t+1}$, to "
                "which it was passed on. The gradient of $U$ gathers what each step adds.",
        presets=presets or {"the last step": {"back": 1}, "one step back": {"back": min(2, T)},
                            "all the way": {"back": T}},
        size=(9, 5.6))


def window_bias(windows, bias, tokens, halves=None, name="bias of the gradient of U"):
    """Set the window of truncated backpropagation and read off what it costs.

    windows  the lengths k that were measured; bias, halves  their bias and its 95 % half-width
    tokens   as many tokens as the longest window shown in the picture has steps
    """
    T, values = len(tokens), dict(zip(windows, bias))

    def draw(fig, k):
        top, low = fig.subplots(2, 1, height_ratios=[1, 1.25])
        unrolled_view(top, tokens, back=max(1, T + 1 - k))
        curves(low, list(windows), {name: bias}, {name: halves} if halves else None,
               ("window k in steps", name))
        low.plot([k], [values[k]], "o", markersize=11, markerfacecolor="none", color="#222222", markeredgewidth=2)
        low.set_ylim(bottom=0)
        return f"With a window of {k} step{'s' * (k > 1)} the {name} is {values[k]:.3g}."

    return explore(
        draw, {"k": ipywidgets.SelectionSlider(options=list(windows), value=windows[0],
                                               description="window k")},
        alt=f"Above, how far back a window of k steps lets the error go; below, the {name} against k.",
        caption="A window of $k$ steps cuts the way back: what lies further in the past gets no blame, so "
                "the gradient is biased. A longer window costs more and is less biased.",
        presets={"shortest": {"k": windows[0]}, "longest": {"k": windows[-1]}}, size=(9, 4.8))
