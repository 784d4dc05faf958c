"""Notebook 02: step through time on a real simple RNN that reads the characters of a word."""

import ipywidgets
import torch

from .. import trace
from ..plots import step
from .explore import explore

LONGEST = 12  # characters; more do not fit side by side


def step_through(cell, V, symbols, word, presets=None):
    """Watch a simple RNN read a word, character by character, with every number it computes.

    cell     an RNNCell whose input is one unit per symbol
    V        output weights (K, H), one row per symbol: the scores of the next character
    symbols  the D symbols, in the order of the input units
    word     at most 12 characters, each of them a symbol; can be typed over
    """
    check(cell, V, symbols, word)
    last = {"word": None}
    slider = ipywidgets.IntSlider(value=1, min=1, max=len(word), description="step t")
    typed = ipywidgets.Text(value=word, description="word")
    typed.observe(lambda _: fit(slider, readable(typed.value, symbols)), names="value")

    def draw(fig, t, word):
        known = readable(word, symbols)
        if not known:
            return f"Type a word of these letters: {' '.join(symbols)}"
        if last["word"] != known:
            last.update(word=known, seen=read(cell, V, symbols, known))
        now = min(t, len(known))
        step(fig, weights(cell, V, symbols), last["seen"], known, now)
        return said(known, last["seen"], now) + left_out(word, known)

    return explore(
        draw,
        {"word": typed, "t": slider},
        alt=f"A simple recurrent network reads {word!r}: at each step the column of W that belongs "
        "to the character, the whole of U and the previous state make the next state; the states "
        "so far stand side by side.",
        caption="One column of $W$ is lit at each step, the one of the character that is read; "
        "$U$, $V$ and $b$ are the same at every step. What differs is the state that comes in.",
        presets=presets or moments(word),
        size=(9, 5.4),
    )


def readable(word, symbols):
    """The characters of what was typed that the network can read, as many as there is room for."""
    return [c for c in word if c in symbols][:LONGEST]


def fit(slider, known):
    """The slider ends with the word."""
    slider.max = len(known) or slider.max


def moments(word):
    """Presets worth a look: the first step, the first character that comes twice, the last step."""
    found = {"the first step": {"word": word, "t": 1}}
    twice = [(word.index(c), t) for t, c in enumerate(word) if word.index(c) < t]
    if twice:
        first, second = twice[0]
        found[f"{word[first]} for the first time"] = {"word": word, "t": first + 1}
        found[f"{word[first]} again"] = {"word": word, "t": second + 1}
    found["the last step"] = {"word": word, "t": len(word)}
    return found


def read(cell, V, symbols, word):
    """Inputs, previous and new states and next-character probabilities of a word, as arrays by
    step."""
    ids = torch.tensor([symbols.index(c) for c in word])
    x = torch.eye(len(symbols), dtype=cell.W.dtype)[ids].unsqueeze(0)
    seen = trace.terms(cell, x)
    y = torch.softmax(seen["h"] @ V.detach().T, -1)
    return {
        name: value[0].numpy()
        for name, value in {"x": x, "before": seen["before"], "h": seen["h"], "y": y}.items()
    }


def weights(cell, V, symbols):
    """The weights as arrays, with the names of inputs and outputs."""
    found = {"W": cell.W, "U": cell.U, "b": cell.b, "V": V}
    return {
        **{name: value.detach().numpy() for name, value in found.items()},
        "symbols": list(symbols),
        "g": {torch.tanh: "tanh", torch.relu: "ReLU"}.get(cell.g, "g"),
    }


def said(word, seen, t):
    """What to notice at a step: above all, the same character met before and another state."""
    earlier = [s for s in range(1, t) if word[s - 1] == word[t - 1]]
    text = f"Step {t} reads {word[t - 1]!r}."
    if not earlier:
        return text + (" The state before it is all zeros." if t == 1 else "")
    far = abs(seen["h"][t - 1] - seen["h"][earlier[-1] - 1]).max()
    return (
        f"{text} Step {earlier[-1]} read it too and used the same column of W, but the states "
        f"differ by up to {far:.2f}, because other states came in."
    )


def left_out(word, known):
    """A note on characters that were typed and are not read."""
    return "" if len(known) == len(word) else f" Of {word!r} it reads only {''.join(known)!r}."


def check(cell, V, symbols, word):
    """ValueError when the sizes of the weights do not go with the symbols or the word."""
    if cell.D != len(symbols) or V.shape != (len(symbols), cell.H):
        raise ValueError(
            f"expected one input unit and one row of V per symbol ({len(symbols)}), got "
            f"D = {cell.D} and V {tuple(V.shape)} with H = {cell.H}"
        )
    if not 1 <= len(word) <= LONGEST or set(word) - set(symbols):
        raise ValueError(
            f"expected a word of 1 to {LONGEST} of the symbols {''.join(symbols)!r}, got {word!r}"
        )
