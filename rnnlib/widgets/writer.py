"""Notebook 00: a small character model continues what is typed, and shows what it expects next."""

import ipywidgets
import torch

from ..decode import sample
from ..plots import bars, continuation
from .explore import explore

SHOWN = 8  # characters with a bar


def writer(step, state, vocab, first="\n", text="", length=120):
    """Type, and a character model writes on; bars show its probabilities for the next character.

    step, state  `step(token (1,), state) -> (log_probs (1, len), state)` and the state to begin
                 with
    vocab        the Vocab of its characters
    first        the symbol that is read before the text
    text         what stands in the box at first; length  characters written after it
    """

    def draw(fig, text, temperature, seed):
        known = [c for c in text if c in vocab]
        left, right = fig.subplots(1, 2, width_ratios=[3, 1])
        probabilities, written = continue_it(
            (step, state), [vocab[first], *vocab.encode(known).tolist()], length, temperature, seed
        )
        best = probabilities.argsort(descending=True)[:SHOWN]
        continuation(left, "".join(known), "".join(vocab.decode(written)))
        bars(right, probabilities[best].numpy(), vocab.decode(best), title="next character")
        return said(text, known, vocab.symbols[best[0]], probabilities[best[0]].item())

    return explore(
        draw,
        {
            "text": ipywidgets.Text(
                value=text,
                description="your text",
                placeholder="type here",
                layout={"width": "420px"},
            ),
            "temperature": ipywidgets.FloatSlider(
                value=0.7, min=0.1, max=2.0, step=0.1, description="temperature"
            ),
            "seed": ipywidgets.IntSlider(value=0, min=0, max=9, description="another try"),
        },
        alt="A text that was typed, its continuation by a character model in another colour, and "
        "bars with the probabilities of the most likely next characters.",
        caption="Black is what you typed, green is what the model makes of it, one character at a "
        "time: the bars are its choice for the first one. Low temperature takes the likeliest, "
        "high temperature dares.",
        presets={
            "careful": {"temperature": 0.2},
            "lively": {"temperature": 0.8},
            "wild": {"temperature": 1.6},
        },
        size=(9, 2.8),
    )


@torch.no_grad()
def continue_it(model, ids, length, temperature, seed):
    """Probabilities of the next symbol at a temperature (len,), and the ids written (length,)."""
    step, state = model
    tokens = torch.tensor(ids)[:, None]
    for token in tokens[:-1]:
        _, state = step(token, state)
    log_probs, _ = step(tokens[-1], state)
    written = sample(step, tokens[-1], state, length, temperature, seed)[0]
    return torch.softmax(log_probs[0] / temperature, -1), written


def said(text, known, best, probability):
    """The line below the picture: the likeliest character, and what could not be read."""
    line = (
        f"After {''.join(known)[-12:]!r} the likeliest character is {best!r}, at {probability:.2f}."
    )
    strange = sorted(set(text) - set(known))
    return line + (
        f" The model has never seen {' '.join(strange)} and skips it." if strange else ""
    )
