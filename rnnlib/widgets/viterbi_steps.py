"""Notebook 06: the Viterbi algorithm on the trellis of a sentence, forward and then back."""

import ipywidgets

from ..plots import trellis as draw_trellis
from ..trace_trellis import shown, trellis
from .explore import explore

ROWS, LONGEST = 6, 9
"""Labels and words in the picture, at most."""

ALT = (
    "A trellis: the words of a sentence as columns, labels as rows; each cell holds the score of "
    "the best beginning that ends there, with a line to the label before; a red line is the way "
    "back from the last word."
)
CAPTION = (
    "Forward, each label keeps only its best beginning: one number and one line. The label that "
    "leads at a word (dark) can lose when later words are read; the way back (red) knows better."
)


def viterbi_steps(hmm, samples):
    """Step through the messages of a hidden Markov model on a sentence, forward and back.

    hmm      a trained models.HMM
    samples  dict label -> sentence: one button each, the first one opens, at the end of the way
    """
    last = {}

    def draw(fig, text, step):
        words = text.split()[:LONGEST]
        if not words:
            return "Type at least one word."
        if last.get("words") != words:
            last.update(words=words, seen=rows_of(hmm, words))
        return steps_drawn(fig.add_subplot(), words, last["seen"], step)

    most = 2 * LONGEST
    presets = {label: {"text": text, "step": most} for label, text in samples.items()}
    first = next(iter(samples.values()))
    presets["forward only"] = {"text": first, "step": len(first.split())}
    presets["half way"] = {"text": first, "step": len(first.split()) // 2}
    return explore(
        draw,
        {"text": ipywidgets.Text(value=first, description="sentence", layout={"width": "430px"}),
         "step": ipywidgets.IntSlider(value=most, min=0, max=most, description="step")},
        ALT, CAPTION, presets, size=(9.4, 4.2))


def rows_of(hmm, words):
    """(names of the rows, scores (T, rows), where each came from, path, running best) by row."""
    found = trellis(hmm.emissions(words), hmm.chain)
    kept = shown(found, (found.best - found.best.amax(1, keepdim=True)).exp(), ROWS)
    row = {label: n for n, label in enumerate(kept)}
    before = [[row.get(i, -1) for i in line] for line in found.before[:, kept].tolist()]
    path, running = ([row.get(label, -1) for label in labels]
                     for labels in (found.path.tolist(), found.running.tolist()))
    return [hmm.labels[label] for label in kept], found.best[:, kept], before, path, running


def steps_drawn(ax, words, seen, step):
    """Draw the first `step` steps, T forward and T back; the line below the picture."""
    labels, best, before, path, running = seen
    T = len(words)
    done, back = min(step, T), min(max(step - T, 0), T)
    reached = best.clone()
    reached[done:] = float("nan")
    draw_trellis(ax, words, labels, reached, before, path[::-1][:back])
    if not done:
        return "Nothing is read yet. Move the step on."
    if not back:
        return (f"Forward, {done} of {T}: the best beginning of {' '.join(words[:done])!r} ends "
                f"with {name(labels, running[done - 1])}.")
    revised = [f"{words[t]} ({name(labels, running[t])}, on the way back {labels[path[t]]})"
               for t in range(T - back, T) if running[t] != path[t]]
    said = f"The way back, {back} of {T}. "
    return said + ("Revised: " + ", ".join(revised) + "." if revised else
                   "Here every label that led on the way forward is kept.")


def name(labels, row):
    """The name of a row; a label without a row is named as such."""
    return labels[row] if row >= 0 else "another label"
