"""Notebook 12: the context fills while the source is read, and is used up while a text is written.
"""

import ipywidgets

from ..experiments.context_inside import watch
from ..plots import context_rows
from .explore import explore

LONGEST = 24
"""Symbols of a source that are read at most."""
ALT = (
    "Rows of coloured cells, the state after each symbol of a source and, below a thick line, "
    "after each symbol written; at the right of each row what would be written from there on."
)
CAPTION = (
    "What is written depends on the one row above the thick line and on nothing else. While the "
    "source is read, each symbol may change what would be written if the source ended there."
)


def fill_context(writers, samples):
    """Step through reading and writing.

    writers  dict name -> `experiments.fixed_context.Writer` whose decoder starts at the context
    samples  dict label -> (name of a writer, source, rows or None for all): one button each, the
             first one opens
    """
    last = {}

    def draw(fig, task, text, t):
        writer = writers[task]
        symbols = writer.corpus.task.cut(text)[:LONGEST]
        if not symbols:
            return "Type something to read: an empty source has nothing to say."
        key = (task, tuple(symbols))
        if last.get("key") != key:
            whole = writer.corpus.task.glue.join(symbols)
            last.update(key=key, seen=watch(writer, whole))
        seen = last["seen"]
        upto = min(t, len(seen.symbols))
        context_rows(fig, seen.states, seen.symbols, seen.said, upto, seen.S)
        return said(seen, upto) + unread(writer, symbols)

    presets = {label: {"task": name, "text": text, "t": t} for label, (name, text, t)
               in samples.items()}
    first = next(iter(presets.values()))
    controls = {
        "task": ipywidgets.Dropdown(options=list(writers), value=first["task"],
                                    description="task", layout={"width": "210px"}),
        "text": ipywidgets.Text(value=first["text"], description="source",
                                layout={"width": "420px"}),
        "t": ipywidgets.IntSlider(value=first["t"], min=1, max=60, description="rows",
                                  layout={"width": "380px"}),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.6, 5.8))


def said(seen, upto):
    """The line below the picture: what was read or written last, and what would follow."""
    symbol, S = seen.symbols[upto - 1], seen.S
    if upto <= S:
        told = f"After {upto} of {S} symbols, {symbol!r} being the last, it would write "
        return told + f"{seen.said[upto - 1]!r}."
    if upto == len(seen.symbols):
        return f"All of {seen.said[S - 1]!r} is written; the next symbol is the end marker."
    return f"The decoder has read {symbol!r}; what follows is {seen.said[upto - 1]!r}."


def unread(writer, symbols):
    """A note on symbols that were never seen in training."""
    strange = sorted({symbol for symbol in symbols if symbol not in writer.corpus.sources})
    return f" Never seen in training, read as <unk>: {' '.join(strange)}." if strange else ""
