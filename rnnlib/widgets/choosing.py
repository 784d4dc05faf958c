"""Notebook 05: temperature, top-k and top-p on the distribution of the next character, and what a
model writes with them."""

import ipywidgets
import torch

from .. import decode
from ..plots import continuation, filtered
from .explore import explore

SHOWN = 12  # characters with a bar
ALT = ("Left, the probabilities of the next character before and after temperature, top-k and "
       "top-p; right, a text that goes on from the prompt with characters drawn from the result.")
CAPTION = ("Temperature changes the shape, top-k cuts after k characters, top-p where their "
           "probability reaches p; what is left is scaled up to one, and a character is drawn.")
PRESETS = {"as the model says": {"temperature": 1.0, "k": 65, "p": 1.0},
           "greedy": {"temperature": 0.0, "k": 65, "p": 1.0},
           "careful": {"temperature": 0.5, "k": 65, "p": 1.0},
           "wild": {"temperature": 1.8, "k": 65, "p": 1.0},
           "wild, the best 5": {"temperature": 1.8, "k": 5, "p": 1.0},
           "wild, then p = 0.8": {"temperature": 1.8, "k": 65, "p": 0.8}}


def choosing(step, state, vocab, prompt, length=130, seed=0):
    """Set three filters; see the next character's distribution and a text drawn from it.

    step, state  `step(token (1,), state) -> (log_probs (1, len), state)`, and the state before
    vocab        the Vocab of its characters
    prompt       what is read first, at least one character
    length, seed characters written, and the seed of the draws
    """
    token, state = decode.prime(step, vocab.encode(prompt)[None], state)
    with torch.no_grad():
        log_probs = step(token, state)[0]
    most = len(vocab)

    def draw(fig, temperature, k, p):
        fig.set_layout_engine("none")

        def filters(x):
            x = decode.temperature(x, temperature)
            x = decode.top_k(x, k) if k < most else x
            return decode.top_p(x, p) if p < 1 else x

        chosen = filters(log_probs)[0].exp()
        left, right = fig.add_axes([0.06, 0.09, 0.3, 0.8]), fig.add_axes([0.42, 0.02, 0.57, 0.87])
        best = log_probs[0].topk(min(SHOWN, most)).indices
        filtered(left, log_probs[0, best].exp(), chosen[best], vocab.decode(best),
                 title="the next character")
        texts = decode.generate(step, token, state, decode.sampler(seed, filters), length)
        continuation(right, prompt, "".join(vocab.decode(texts.ids[0])))
        return said(chosen)

    return explore(
        draw,
        {"temperature": ipywidgets.FloatSlider(value=1.0, min=0.0, max=2.0, step=0.1),
         "k": ipywidgets.IntSlider(value=most, min=1, max=most, description="top k"),
         "p": ipywidgets.FloatSlider(value=1.0, min=0.05, max=1.0, step=0.05, description="top p")},
        alt=ALT, caption=CAPTION, size=(9.4, 3.7),
        presets={name: {**values, "k": min(values["k"], most)} for name, values in PRESETS.items()})


def said(chosen):
    """How many characters can still be drawn, and how undecided the choice is."""
    left = int((chosen > 0).sum())
    surprise = -torch.xlogy(chosen, chosen).sum().item() / torch.log(torch.tensor(2.0)).item()
    plural = "character" if left == 1 else "characters"
    return f"{left} {plural} can be drawn; the choice holds {abs(surprise):.2f} bits."
