"""Labels of words as probabilities: a stacked column for each word, and what is mistaken for what.
"""

import numpy as np

from .guessing import cells
from .lettering import write
from .style import FAINT, INK, MUTED, PROBS, bare, ink_on, styled

LEAST = 0.1
"""A share below this has no name in its column."""
TONES = (0.78, 0.36, 0.16, 0.06)
"""How dark the likeliest label is, the second, the third, the rest."""


@styled
def label_shares(fig, words, rows):
    """Draw the likeliest labels of each word as a column of height 1, a row of columns a model.

    rows  dict name of a model -> for each word a list of (label, probability), the likeliest first
    """
    fig.set_layout_engine("none")
    high = 0.9 / max(len(rows), 1)
    for n, (name, columns) in enumerate(rows.items()):
        ax = fig.add_axes([0.115, 0.9 - high * (n + 1) + 0.02, 0.88, high - 0.04])
        ax.set(xlim=(-0.5, max(len(words), 1) - 0.5), ylim=(0, 1))
        bare(ax)
        for t, shares in enumerate(columns):
            _column(ax, t, shares, min(9.5, 62 / max(len(words), 1) + 2.2))
        ax.text(-0.6, 0.5, name, ha="right", va="center", fontsize=10, color=MUTED)
    top = fig.add_axes([0.115, 0.91, 0.88, 0.08])
    top.set(xlim=(-0.5, max(len(words), 1) - 0.5), ylim=(0, 1))
    bare(top)
    size = min(11, 110 / max(map(len, words), default=1), 150 / max(len(words), 1))
    write(top, words, [(t, 0.4) for t in range(len(words))], size, INK)


def _column(ax, t, shares, size):
    """The shares of one word from the bottom up; what has no name of its own stands on top."""
    low, boxes, colours, texts, places = 0.0, [], [], [], []
    for n, (label, p) in enumerate(shares):
        tone = PROBS(TONES[min(n, len(TONES) - 1)])
        boxes.append((t - 0.46, low + 0.004, 0.92, max(p - 0.008, 0.0)))
        colours.append(tone)
        if p >= LEAST:
            texts.append(f"{label} {p:.2f}".replace("0.", ".").replace("1.00", "1"))
            places.append((t, low + p / 2))
        low += p
    cells(ax, [(t - 0.46, 0, 0.92, 1)], FAINT)
    cells(ax, boxes, colours)
    write(ax, texts, places, size, [ink_on(colours[n]) for n in range(len(texts))])


@styled
def confused(ax, counts, labels, title=""):
    """Draw a confusion matrix: rows are right labels, columns guesses, shares of each row.

    counts  (K, K); what is right stands on the diagonal and is left white, so that errors show
    """
    counts = np.asarray(counts, dtype=float)
    K, total = len(counts), np.maximum(counts.sum(1, keepdims=True), 1)
    shares = np.where(np.eye(K, dtype=bool), 0, counts / total)
    tones = PROBS(np.clip(shares / 0.2, 0, 1))
    ax.set(xlim=(-0.5, K - 0.5), ylim=(K - 0.5, -0.5))
    ax.set_aspect("auto")
    places = [(j, i) for i, j in np.ndindex(K, K)]
    cells(ax, [(j - 0.48, i - 0.48, 0.96, 0.96) for j, i in places], tones.reshape(-1, 4))
    shown = [(j, i) for j, i in places if shares[i, j] >= 0.01]
    write(ax, [f"{100 * shares[i, j]:.0f}" for j, i in shown], shown, 8.5,
          [ink_on(tones[i, j]) for j, i in shown])
    diagonal = [(i, i) for i in range(K)]
    write(ax, [f"{100 * counts[i, i] / total[i, 0]:.0f}" for i in range(K)], diagonal, 8.5, MUTED)
    ax.set_xticks(range(K), labels, rotation=45, ha="right", fontsize=9)
    ax.set_yticks(range(K), labels, fontsize=9)
    ax.tick_params(length=0)
    ax.set(xlabel="guessed", ylabel="right", title=title)
    for side in ax.spines.values():
        side.set_visible(False)
