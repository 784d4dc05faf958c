"""Notebook 12: walk from the context of one source to that of another."""

from math import exp

import ipywidgets

from ..experiments.context_inside import answers_from, contexts, mixtures
from ..plots import on_the_way
from .explore import explore
from .fill_context import unread

SHARES = [n / 40 for n in range(41)]
LONGEST = 24
ALT = (
    "Two context vectors as rows of coloured cells with a mixture between them; a band with one "
    "colour for each text that is written on the way from one to the other, and these texts."
)
CAPTION = (
    "A mixture of two contexts is a context, too. On the way from one to the other the decoder "
    "may write texts that belong to neither of the two sources."
)


def between_two(writers, samples):
    """Mix two contexts.

    writers  dict name -> `experiments.fixed_context.Writer` whose decoder starts at the context
    samples  dict label -> (name of a writer, first source, second source, share): one button each,
             the first one opens
    """
    last = {}

    def draw(fig, task, first, second, share):
        writer = writers[task]
        pair = [writer.corpus.task.cut(text)[:LONGEST] for text in (first, second)]
        if not all(pair):
            return "Type two sources: an empty one has nothing to say."
        key = (task, *map(tuple, pair))
        if last.get("key") != key:
            c = contexts(writer, [writer.corpus.task.glue.join(one) for one in pair])
            last.update(key=key, c=c, found=answers_from(writer, mixtures(*c, SHARES)))
        mixed, found = mixtures(*last["c"], [share])[0], last["found"]
        texts = [writer.text(answer.ids) for answer in found]
        vectors = [vector.numpy() for vector in (last["c"][0], mixed, last["c"][1])]
        on_the_way(fig, vectors, (SHARES, texts), share)
        return said(texts, share, found) + unread(writer, pair[0] + pair[1])

    presets = {label: dict(zip(("task", "first", "second", "share"), sample, strict=True))
               for label, sample in samples.items()}
    start = next(iter(presets.values()))
    wide = {"width": "420px"}
    controls = {
        "task": ipywidgets.Dropdown(options=list(writers), value=start["task"],
                                    description="task", layout={"width": "210px"}),
        "first": ipywidgets.Text(value=start["first"], description="first", layout=wide),
        "second": ipywidgets.Text(value=start["second"], description="second", layout=wide),
        "share": ipywidgets.FloatSlider(value=start["share"], min=0, max=1, step=0.025,
                                        description="share", layout=wide),
    }
    return explore(draw, controls, ALT, CAPTION, presets, size=(9.6, 4.4))


def said(texts, share, found):
    """The line below the picture: what is written here, how sure, and how many texts lie between.
    """
    here = min(range(len(SHARES)), key=lambda n: abs(SHARES[n] - share))
    others = len(set(texts) - {texts[0], texts[-1]})
    between = f"{others} other text" if others == 1 else f"{others or 'no'} other texts"
    return (f"At {share:.2f} it writes {texts[here]!r}, probability {exp(found[here].score):.2f}. "
            f"Between the two ends it writes {between}.")
