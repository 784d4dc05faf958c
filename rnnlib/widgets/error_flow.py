"""Notebook 03: the error of a recurrent network flows back, step by step."""
import ipywidgets
import numpy as np

from .. import trace
from ..plots import error_step
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
    return flow_back(errors, tokens, presets)


def flow_back(errors, tokens, presets=None):
    """Watch errors that are already known flow back, from the last step to the first.

    errors  dict of own, future, sum (T, H): the error at each state and where it comes from; and of
            U (T, H, H): what each step adds to the gradient of U
    tokens  the T tokens, to be read under the steps
    """
    errors = {name: np.asarray(values, dtype=float) for name, values in errors.items()}
    T = len(tokens)

    def draw(fig, back):
        t = T + 1 - back
        error_step(fig, errors, tokens, t)
        if back == 1:
            return f"Step {T} is the last one: its error comes from its own output only."
        future, own = (float((errors[name][t - 1] ** 2).sum() ** 0.5) for name in ("future", "own"))
        later = f"step {T}" if back == 2 else f"steps {t + 1} to {T}"
        return (f"At step {t} the error from its own output has size {own:.2f}, the error that "
                f"comes back through U from {later} has size {future:.2f}.")

    slide = ipywidgets.IntSlider(value=1, min=1, max=T, description="steps back")
    return explore(
        draw, {"back": slide},
        alt=f"The unrolled network over {' '.join(tokens)!r}, with the error going back from the "
            "last step: at each step the part from its own output, the part from the future, and "
            "their sum.",
        caption="The error at $h_t$ has two sources: $y_t$, which it helped to make, and "
                "$h_{t+1}$, to which it was passed on. The gradient of $U$ gathers what each step "
                "adds.",
        presets=presets or {"the last step": {"back": 1}, "one step back": {"back": min(2, T)},
                            "all the way": {"back": T}},
        size=(9, 5.6))
